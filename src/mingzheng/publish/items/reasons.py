"""The coded reasons for taking information off the site, from ``data/withdrawal_reasons.yaml``."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from importlib import resources

import yaml

from mingzheng.law.errors import Refusal

ENDED = "ended"
"""The reason of what goes off the site when its time is over."""
OTHER = "other"
"""The reason of who gives none but words: the command line, and callers older than the codes."""


@dataclass(frozen=True, slots=True)
class WithdrawalReason:
    """One reason: its name for officers, what the public is told, and whether the address may tell it."""

    code: str
    name: str
    public: str
    keeps_page: bool


@lru_cache(maxsize=1)
def withdrawal_reasons() -> dict[str, WithdrawalReason]:
    """All reasons by code, in the order of the file."""
    text = (
        resources.files("mingzheng.publish.items").joinpath("data/withdrawal_reasons.yaml").read_text("utf-8")
    )
    return {
        code: WithdrawalReason(code, told["name"], told["public"], told["address"] == "banner")
        for code, told in yaml.safe_load(text).items()
    }


def withdrawal_reason(code: str) -> WithdrawalReason:
    """The reason of that code. Raises Refusal when there is none."""
    found = withdrawal_reasons().get(code)
    if found is None:
        raise Refusal(f"没有代码为“{code[:20]}”的撤回原因。")
    return found
