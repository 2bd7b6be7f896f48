"""A finding of the checks, and the table of rules that an office can edit."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from functools import lru_cache
from importlib import resources
from typing import Literal

import yaml

from mingzheng.law.errors import Refusal

Severity = Literal["block", "warn", "note"]
SEVERITIES: tuple[Severity, ...] = ("block", "warn", "note")


@dataclass(frozen=True, slots=True)
class Finding:
    """One finding: which rule, how grave, where (characters of the visible text of ``place``), and what to do.

    ``excerpt`` never shows a personal datum. ``key`` finds the same finding again after edits elsewhere.
    ``word`` is the word of the lists that was found, if it is one.
    """

    rule: str
    severity: Severity
    place: str
    start: int
    end: int
    excerpt: str
    message: str
    suggestion: str = ""
    replacement: str | None = None
    key: str = ""
    word: str = ""


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule: its name on screen, its severity, and whether a finding may be kept with a reason."""

    label: str
    severity: Severity
    may_be_kept: bool


@lru_cache(maxsize=1)
def rules() -> dict[str, Rule]:
    """The rule table (``data/rules.yaml``). Raises Refusal for an entry that is wrong."""
    text = resources.files("mingzheng.publish.checks").joinpath("data/rules.yaml").read_text("utf-8")
    table = {}
    for name, entry in yaml.safe_load(text).items():
        if entry.get("severity") not in SEVERITIES or not entry.get("label"):
            raise Refusal(f"检查规则表中“{name}”有误：须写明名称和级别（block、warn、note）。")
        table[name] = Rule(entry["label"], entry["severity"], bool(entry.get("may_be_kept", False)))
    return table


def may_be_kept(rule: str) -> bool:
    """Whether a finding of this rule may stand, with a recorded reason."""
    return rules()[rule].may_be_kept


def finding(
    rule: str, place: str, message: str, *, value: str = "", start: int = 0, end: int = 0, excerpt: str = "",
    suggestion: str = "", replacement: str | None = None, severity: Severity | None = None, word: str = "",
) -> Finding:  # fmt: skip
    """A finding of ``rule``; ``value`` is what was found and goes into the key only as a hash."""
    key = hashlib.sha256(f"{rule}\n{place}\n{value or message}".encode()).hexdigest()[:32]
    given = severity or rules()[rule].severity
    sentence = message.rstrip("。") + "。"
    return Finding(rule, given, place, start, end, excerpt, sentence, suggestion, replacement, key, word)
