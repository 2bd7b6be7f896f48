"""The parameters of a search, as they stand in its address: what each may be, and what is said about those that are not.

The page of results leaves out what cannot be and says so; the open interface refuses it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from functools import lru_cache
from typing import Any, Final
from urllib.parse import urlencode

from mingzheng.city.models import Unit
from mingzheng.portal import addresses
from mingzheng.portal.searching.services import KINDS, LONGEST, Question, tidy
from mingzheng.publish.catalogue.models import Column
from mingzheng.publish.catalogue.services import theme_names

FIRST_YEAR, LAST_YEAR = 1949, 2999
TEXTS: Final = ("q", "exact", "without", "number")
CHOSEN: Final = ("kind", "year", "theme", "unit", "column", "since", "until")
FLAGS: Final = {"in": "title", "force": "1", "sort": "new"}
NAMES: Final = {
    "kind": "类型", "year": "年份", "theme": "主题", "unit": "发布机构", "column": "栏目", "since": "起始日期",
    "until": "截止日期", "in": "查找范围", "force": "有效性", "sort": "排序", "page": "页码",
}  # fmt: skip
MOST_PAGES: Final = 500
LONGEST_VALUE: Final = 40


@lru_cache(maxsize=1)
def themes() -> dict[str, str]:
    """The names of the themes; they come with the system, and reading them takes as long as finding."""
    return theme_names()


@dataclass(frozen=True, slots=True)
class Given:
    """What was asked: parameters that hold, as they stand in an address, and a sentence for each that does not."""

    said: dict[str, str]
    unit: Unit | None = None
    column: Column | None = None
    page: int = 1
    problems: list[str] = field(default_factory=list)

    @property
    def asks(self) -> bool:
        """Whether anything is looked for: words, or a list that is limited."""
        return any(self.said.get(name) for name in (*TEXTS, *CHOSEN, "force"))

    @property
    def question(self) -> Question:
        said = {name: self.said.get(name, "") for name in (*TEXTS, *CHOSEN, *FLAGS)}
        question = Question(
            text=said["q"], exact=said["exact"], without=said["without"], number=said["number"],
            title_only=bool(said["in"]), unit=self.unit.pk if self.unit else None, column=self.column.pk if self.column else None,
            theme=said["theme"], kind=said["kind"], year=int(said["year"]) if said["year"] else None,
            since=_day(said["since"]), until=_day(said["until"]), in_force=bool(said["force"]),
            newest_first=bool(said["sort"]),
        )  # fmt: skip
        return question if question.says_something else replace(question, newest_first=True)

    def link(self, **changed: str | int) -> str:
        """The address of the same question with some of it changed; an empty value leaves a parameter out."""
        asked = {name: value for name, value in (self.said | changed).items() if value not in ("", 1)}
        return f"{addresses.SEARCH}?{urlencode(asked)}"


def read(query: Mapping[str, Any]) -> Given:
    """Take the parameters of an address; nothing that stands in them is a fault."""
    said, problems = {name: tidy(str(query.get(name, ""))) for name in TEXTS}, list[str]()
    if any(len(str(query.get(name, ""))) > LONGEST for name in TEXTS):
        problems.append(f"搜索词超过{LONGEST}个字，只按前{LONGEST}个字查找。")
    unit = column = None
    for name in (*CHOSEN, *FLAGS):
        value = str(query.get(name, "")).replace("\0", "").strip()
        if not value:
            continue
        if name == "unit":
            unit = Unit.objects.filter(code=value[:LONGEST_VALUE]).first()
            known = unit is not None
        elif name == "column":
            column = Column.objects.filter(code=value[:LONGEST_VALUE].upper()).first()
            known = column is not None
        else:
            known = _CHECKS[name](value)
        if known:
            said[name] = value
        else:
            problems.append(f"{NAMES[name]}“{value[:LONGEST_VALUE]}”无法识别，没有按它筛选。")
    first, last = _day(said.get("since", "")), _day(said.get("until", ""))
    if first and last and first > last:
        problems.append("起始日期晚于截止日期，已互换。")
        said["since"], said["until"] = said["until"], said["since"]
    page = str(query.get("page", "")).strip() or "1"
    if not (page.isascii() and page.isdigit() and 1 <= int(page[:9]) <= MOST_PAGES and len(page) < 9):
        problems.append(f"页码“{page[:LONGEST_VALUE]}”无法识别，页码应为1至{MOST_PAGES}的整数，现显示第1页。")
        page = "1"
    return Given({name: value for name, value in said.items() if value}, unit, column, int(page), problems)


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text) if len(text) == 10 else None
    except ValueError:
        return None


def _is_year(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) == 4 and FIRST_YEAR <= int(text) <= LAST_YEAR


_CHECKS: Final[dict[str, Callable[[str], bool]]] = {
    "kind": KINDS.__contains__,
    "year": _is_year,
    "theme": lambda value: value in themes(),
    "since": lambda value: _day(value) is not None,
    "until": lambda value: _day(value) is not None,
    **{name: value.__eq__ for name, value in FLAGS.items()},
}
