"""Typos and phrases that do not belong into an official text: lists that an office extends.

A list is a YAML file: ``wrong: right`` for typos, and for phrases their rule, reason and what to use. ``correct.yaml``
names right words in which a listed one stands by chance, as 布署 does in 发布署名文章.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from importlib import resources
from pathlib import Path

import yaml

from mingzheng.law.errors import Refusal
from mingzheng.law.personal_data import plain_text
from mingzheng.publish.checks.findings import Finding, Severity, finding, rules

_AROUND = 8


@dataclass(frozen=True, slots=True)
class Phrase:
    """What is wrong with a phrase, by which rule, what to write instead, and how grave it is, if not as the rule."""

    rule: str
    message: str
    replacement: str | None
    severity: Severity | None = None


class WordList:
    """Phrases, and right words in which they are not found; made once, used for many texts.

    Phrases are found in one pass: by their first two characters, then letter by letter, the longest at each place.
    """

    def __init__(self, phrases: Mapping[str, Phrase], right: Iterable[str] = ()) -> None:
        self.phrases = dict(phrases)
        self.right = frozenset(right)
        self.free_numbers = frozenset(bare(each) for each in self.right if any(map(str.isdigit, each)))
        self._covering: dict[str, tuple[str, ...]] = {}
        self._by_head: dict[str, list[str]] = {}
        for wrong in sorted(self.phrases, key=len, reverse=True):
            self._by_head.setdefault(wrong[:2], []).append(wrong)
        first, second = (re.escape("".join({head[place] for head in self._by_head})) for place in (0, 1))
        self._heads = re.compile(f"[{first}](?=[{second}])")

    def with_more(self, phrases: Mapping[str, Phrase], right: Iterable[str] = ()) -> WordList:
        """This list with more phrases, which win over its own, and more right words."""
        return WordList(self.phrases | dict(phrases), self.right.union(right))

    def find(self, text: str, place: str, shown: str = "") -> Iterator[Finding]:
        """Every phrase in the text that does not stand in a right word.

        Excerpts are cut from ``shown``: the same text with what must not be shown starred.
        """
        free = 0
        for start, wrong in self._places(text):
            if start < free or any(_stands_in(right, text, start, wrong) for right in self._right_of(wrong)):
                continue
            told, free = self.phrases[wrong], start + len(wrong)
            around = (shown or text)[max(0, start - _AROUND) : free + _AROUND].replace("\n", " ")
            yield finding(
                told.rule, place, told.message, value=wrong, start=start, end=free, excerpt=around,
                suggestion=f"建议改为“{told.replacement}”" if told.replacement else "",
                replacement=told.replacement, severity=told.severity, word=wrong,
            )  # fmt: skip

    def _places(self, text: str) -> Iterator[tuple[int, str]]:
        for match in self._heads.finditer(text):
            start = match.start()
            for wrong in self._by_head.get(text[start : start + 2], ()):
                if text.startswith(wrong, start):
                    yield start, wrong
                    break

    def _right_of(self, wrong: str) -> tuple[str, ...]:
        """The right words in which this phrase stands by chance, or by which it is allowed."""
        found = self._covering.get(wrong)
        if found is None:
            own = self.phrases[wrong].replacement or ""
            found = self._covering[wrong] = tuple(each for each in (*self.right, own) if wrong in each)
        return found


def bare(value: str) -> str:
    """A number without the marks that break it up."""
    return plain_text(value).replace(" ", "").replace("-", "")


def _stands_in(right: str, text: str, start: int, wrong: str) -> bool:
    """Whether the phrase that begins at ``start`` is a part of this right word there."""
    end = start + len(wrong)
    return right in text[max(0, end - len(right)) : start + len(right)]


@lru_cache(maxsize=1)
def own_words() -> WordList:
    """The lists that come with the system."""
    phrases = _read("typos.yaml", _own("typos.yaml")) | _read("phrases.yaml", _own("phrases.yaml"))
    return WordList(phrases, yaml.safe_load(_own("correct.yaml")))


def _own(name: str) -> str:
    return (resources.files("mingzheng.publish.checks") / "data" / name).read_text("utf-8")


def words_with(extra: Path | None) -> WordList:
    """The system's lists with an office's own file, if there is one. Raises Refusal when that is wrong."""
    if extra is None:
        return own_words()
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
    return own_words().with_more(_read(extra.name, text))


def typo(wrong: str, right: str, severity: Severity | None = None) -> Phrase:
    """A word that is written wrongly, and what is meant."""
    return Phrase("typo", f"“{wrong}”疑为“{right}”之误", right, severity)


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
        return typo(wrong, value.value)
    told = {}
    if isinstance(value, yaml.MappingNode):
        told = {name.value: each.value for name, each in value.value if isinstance(each, yaml.ScalarNode)}
    if told.get("rule") not in rules() or not told.get("reason"):
        raise Refusal(f"{where}的“{wrong}”有误：须写明规则（rule）和理由（reason），规则须在检查规则表中。")
    return Phrase(told["rule"], f"“{wrong}”{told['reason']}", told.get("use"))
