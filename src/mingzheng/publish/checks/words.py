"""Typos and phrases that do not belong into an official text: lists that an office extends.

A list is a YAML file: ``wrong: right`` for typos, and for phrases their rule, reason and what to use. ``correct.yaml``
names right words in which a listed one stands by chance, as 布署 does in 发布署名文章.
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

_AROUND = 8


@dataclass(frozen=True, slots=True)
class Phrase:
    """What is wrong with a phrase, by which rule, and what to write instead."""

    rule: str
    message: str
    replacement: str | None


class WordList:
    """The phrases of all lists, found in one pass: by their first two characters, then letter by letter."""

    def __init__(self, phrases: dict[str, Phrase]) -> None:
        self.phrases = phrases
        self._by_head: dict[str, list[str]] = {}
        for wrong in sorted(phrases, key=len, reverse=True):
            self._by_head.setdefault(wrong[:2], []).append(wrong)
        first, second = (re.escape("".join({head[place] for head in self._by_head})) for place in (0, 1))
        self._heads = re.compile(f"[{first}](?=[{second}])")

    def places(self, text: str) -> Iterator[tuple[int, str]]:
        """Where each phrase begins, the longest at each place."""
        for match in self._heads.finditer(text):
            start = match.start()
            for wrong in self._by_head.get(text[start : start + 2], ()):
                if text.startswith(wrong, start):
                    yield start, wrong
                    break


def find_words(
    text: str, place: str, allowed: Collection[str] = (), extra: Path | None = None, shown: str = ""
) -> Iterator[Finding]:
    """Every listed phrase in the text, the longest at each place, unless it stands in an allowed or correct one.

    Excerpts are cut from ``shown``: the same text with what must not be shown starred.
    """
    words, free = _words(extra), 0
    for start, wrong in words.places(text):
        if start < free or any(_stands_in(right, text, start, wrong) for right in (*allowed, *_correct())):
            continue
        told, free = words.phrases[wrong], start + len(wrong)
        around = (shown or text)[max(0, start - _AROUND) : free + _AROUND].replace("\n", " ")
        yield finding(
            told.rule, place, told.message, value=wrong, start=start, end=free, excerpt=around,
            suggestion=f"建议改为“{told.replacement}”" if told.replacement else "", replacement=told.replacement,
        )  # fmt: skip


def _stands_in(right: str, text: str, start: int, wrong: str) -> bool:
    """Whether the phrase that begins at ``start`` is a part of this right one there."""
    if wrong not in right:
        return False
    end = start + len(wrong)
    return right in text[max(0, end - len(right)) : start + len(right)]


@lru_cache(maxsize=1)
def _correct() -> tuple[str, ...]:
    return tuple(yaml.safe_load(_own("correct.yaml")))


@lru_cache(maxsize=1)
def _own_words() -> WordList:
    return WordList(_read("typos.yaml", _own("typos.yaml")) | _read("phrases.yaml", _own("phrases.yaml")))


def _own(name: str) -> str:
    return (resources.files("mingzheng.publish.checks") / "data" / name).read_text("utf-8")


def _words(extra: Path | None) -> WordList:
    if extra is None:
        return _own_words()
    try:
        changed = extra.stat().st_mtime_ns
    except OSError:
        raise Refusal(f"没有词表文件“{extra}”。") from None
    return _with_extra(extra, changed)


@lru_cache(maxsize=4)
def _with_extra(extra: Path, changed: int) -> WordList:
    """The lists with an office's own, read again when the file has ``changed``."""
    try:
        text = extra.read_text("utf-8-sig")
    except (OSError, UnicodeDecodeError):
        raise Refusal(f"词表文件“{extra}”不能读取或者不是UTF-8文本。") from None
    return WordList(_own_words().phrases | _read(extra.name, text))


def _read(name: str, text: str) -> dict[str, Phrase]:
    try:
        table = yaml.compose(text, Loader=yaml.SafeLoader)
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        raise Refusal(f"词表文件“{name}”第{line}行不是合法的YAML。") from None
    except yaml.YAMLError:
        raise Refusal(f"词表文件“{name}”含有不能用在YAML中的字符。") from None
    if table is None:
        return {}
    if not isinstance(table, yaml.MappingNode):
        raise Refusal(f"词表文件“{name}”第1行有误：应为“错误写法: 正确写法”的对照表。")
    found: dict[str, Phrase] = {}
    for key, value in table.value:
        where = f"词表文件“{name}”第{key.start_mark.line + 1}行"
        wrong = key.value.strip() if isinstance(key, yaml.ScalarNode) else ""
        if len(wrong) < 2:
            raise Refusal(f"{where}的“{wrong}”有误：词条至少两个字。")
        if wrong in found:
            raise Refusal(f"{where}的“{wrong}”重复：同一词条只能写一次。")
        found[wrong] = _phrase(where, wrong, value)
    return found


def _phrase(where: str, wrong: str, value: yaml.Node) -> Phrase:
    if isinstance(value, yaml.ScalarNode):
        if not value.value.strip():
            raise Refusal(f"{where}的“{wrong}”缺少正确写法。")
        if value.value == wrong:
            raise Refusal(f"{where}的“{wrong}”有误：正确写法与错误写法相同。")
        return Phrase("typo", f"“{wrong}”疑为“{value.value}”之误", value.value)
    told = {}
    if isinstance(value, yaml.MappingNode):
        told = {name.value: each.value for name, each in value.value if isinstance(each, yaml.ScalarNode)}
    if told.get("rule") not in rules() or not told.get("reason"):
        raise Refusal(f"{where}的“{wrong}”有误：须写明规则（rule）和理由（reason），规则须在检查规则表中。")
    return Phrase(told["rule"], f"“{wrong}”{told['reason']}", told.get("use"))
