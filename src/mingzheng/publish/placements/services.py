"""The only door of placements and topics."""

from __future__ import annotations

from mingzheng.publish.placements.daily import turn_placements
from mingzheng.publish.placements.placing import (
    decide,
    end,
    may_end,
    pin,
    pin_at_home,
    place,
    set_push,
    takes_pushes,
    waiting_pushes,
)
from mingzheng.publish.placements.presets import (
    drop_preset,
    presets_for,
    push_by_preset,
    save_preset,
)
from mingzheng.publish.placements.topics import (
    add_entry,
    archive,
    may_manage,
    set_contents,
    start_topic,
)

__all__ = [
    "add_entry", "archive", "decide", "drop_preset", "end", "may_end", "may_manage", "pin", "pin_at_home", "place", "presets_for",
    "push_by_preset", "save_preset", "set_contents", "set_push", "start_topic", "takes_pushes", "turn_placements",
    "waiting_pushes",
]  # fmt: skip
