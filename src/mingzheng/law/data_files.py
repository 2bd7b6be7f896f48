"""Reading of the room's own data files."""

from __future__ import annotations

from importlib import resources
from typing import Any

import yaml

# The C loader reads a rule file in a few milliseconds; the pure one is the same, only slower.
_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


def load_yaml(name: str) -> Any:
    """Return the content of ``law/data/<name>``."""
    text = (resources.files("mingzheng.law") / "data" / name).read_text("utf-8")
    return yaml.load(text, Loader=_LOADER)
