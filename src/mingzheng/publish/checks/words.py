"""Typos and phrases that do not belong into an official text: lists that an office extends.

A list is a YAML file: ``wrong: right`` for typos, and for phrases their severity, reason and suggestion.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from functools import lru_cache
from importlib import resources
from pathlib import Path

import yaml

from mingzheng.law.errors import Refusal
from mingzheng.publish.checks.findings import Finding, finding, rules


@dataclass(frozen=True, slots=True)
class Phrase:
    """What is wrong with a phrase, by which rule, and what to write instead."""

    rule: str
    message: str
    replacement: str | None


@lru_cache(maxsize=4)
def _lists(extra: Path | None) -> tuple[re.Pattern[str], dict[str, Phrase]]:
    folder = resources.files("mingzheng.publish.checks") / "data"
    phrases: dict[str, Phrase] = {}
    sources = [(name, (folder / name).read_text("utf-8")) for name in ("typos.yaml", "phrases.yaml")]
    if extra is not None:
        try:
            sources.append((extra.name, extra.read_text("utf-8")))
        except (OSError, UnicodeDecodeError) as error:
            raise Refusal(f"词表文件“{extra}”不存在或者不是UTF-8文本。") from error
    for name, text in sources:
        phrases |= _read(name, text)
    longest_first = sorted(phrases, key=len, reverse=True)
    return re.compile("|".join(map(re.escape, longest_first))), phrases


def _read(name: str, text: str) -> dict[str, Phrase]:
    try:
        entries = yaml.safe_load(text) or {}
    except yaml.YAMLError as error:
        line = getattr(getattr(error, "problem_mark", None), "line", 0)
        raise Refusal(f"词表文件“{name}”第{line + 1}行不是合法的YAML。") from None
    if not isinstance(entries, dict):
        raise Refusal(f"词表文件“{name}”有误：应为“错误写法: 正确写法”的对照表。")
    found = {}
    for wrong, told in entries.items():
        if not isinstance(wrong, str) or len(wrong) < 2:
            raise Refusal(f"词表文件“{name}”中“{wrong}”有误：词条至少两个字。")
        if isinstance(told, str):
            if told == wrong:
                raise Refusal(f"词表文件“{name}”中“{wrong}”的正确写法与错误写法相同。")
            found[wrong] = Phrase("typo", f"“{wrong}”疑为“{told}”之误", told)
        elif isinstance(told, dict) and told.get("rule") in rules() and told.get("reason"):
            found[wrong] = Phrase(told["rule"], f"“{wrong}”{told['reason']}", told.get("use"))
        else:
            raise Refusal(f"词表文件“{name}”中“{wrong}”有误：须写明规则（rule）和理由（reason）。")
    return found


def find_words(
    text: str, place: str, allowed: Collection[str] = (), extra: Path | None = None
) -> Iterator[Finding]:
    """Every listed phrase in the text, unless it is allowed; the longest at each place."""
    pattern, phrases = _lists(extra)
    for match in pattern.finditer(text):
        if match[0] in allowed:
            continue
        told = phrases[match[0]]
        around = text[max(0, match.start() - 8) : match.end() + 8].replace("\n", " ")
        yield finding(
            told.rule, place, told.message, value=match[0], start=match.start(), end=match.end(), excerpt=around,
            suggestion=f"建议改为“{told.replacement}”" if told.replacement else "", replacement=told.replacement,
        )  # fmt: skip
