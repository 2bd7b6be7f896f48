"""Menus and friendly links as an office types or pastes them: a line each, name and address."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any, Final

from django.core.exceptions import ValidationError

from mingzheng.law.errors import Refusal
from mingzheng.portal.sites.blocks import ADDRESS
from mingzheng.publish.catalogue.models import Column

MOST_ENTRIES: Final = 12
MOST_LINKS: Final = 120
MOST_GROUPS: Final = 8
LONGEST: Final = 20  # characters of a name in the menu
LONGEST_LINK: Final = 40
LONGEST_ADDRESS: Final = 200
_BETWEEN: Final = re.compile(r"\s*[|｜,，\t]\s*|\s+")
_GROUP: Final = re.compile(r"[【\[](.{1,20})[】\]]")
_CODE: Final = re.compile(r"[A-Z]{2}\w{0,16}", re.ASCII)
Entry = dict[str, Any]


def read_menu(text: str) -> list[Entry]:
    """The entries of a menu; where a line leads is an address or the code of a column. Raises Refusal for a bad line."""
    entries = [_entry(number, line) for number, line in _lines(text)]
    if len(entries) > MOST_ENTRIES:
        raise Refusal(f"导航菜单有{len(entries)}项，超过{MOST_ENTRIES}项的上限。")
    names = [entry["title"] for entry in entries]
    if twice := next((name for name in names if names.count(name) > 1), ""):
        raise Refusal(f"导航菜单中“{twice}”出现了不止一次。")
    return entries


def write_menu(menu: Iterable[Entry]) -> str:
    """The same as text."""
    return "\n".join(f"{each['title']} {each['url'] or each['column']}" for each in menu)


def _entry(number: int, line: str) -> Entry:
    name, where = _halves("导航菜单", number, line, LONGEST)
    if _CODE.fullmatch(where.upper()):
        code = where.upper()
        if not Column.objects.filter(code=code).exists():
            raise Refusal(f"导航菜单第{number}行的栏目代码“{code}”不存在。")
        return {"title": name, "url": "", "column": code}
    return {"title": name, "url": _address("导航菜单", number, where), "column": ""}


def read_links(text: str) -> list[Entry]:
    """Groups of friendly links: a line in 【】 begins a group. Raises Refusal for a bad line."""
    groups: list[Entry] = []
    for number, line in _lines(text):
        if match := _GROUP.fullmatch(line):
            groups.append({"name": match[1].strip(), "links": []})
            continue
        if not groups:
            groups.append({"name": "", "links": []})
        name, where = _halves("友情链接", number, line, LONGEST_LINK)
        groups[-1]["links"].append({"title": name, "url": _address("友情链接", number, where)})
    groups = [group for group in groups if group["links"]]
    total = sum(len(group["links"]) for group in groups)
    if total > MOST_LINKS or len(groups) > MOST_GROUPS:
        raise Refusal(f"友情链接最多{MOST_GROUPS}组、{MOST_LINKS}个，现有{len(groups)}组、{total}个。")
    return groups


def write_links(groups: Iterable[Entry]) -> str:
    """The same as text."""
    lines = []
    for group in groups:
        if group["name"]:
            lines.append(f"【{group['name']}】")
        lines += [f"{each['title']} {each['url']}" for each in group["links"]]
    return "\n".join(lines)


def _lines(text: str) -> Iterable[tuple[int, str]]:
    for number, line in enumerate(text.splitlines(), start=1):
        if line.strip():
            yield number, line.strip()


def _halves(what: str, number: int, line: str, longest: int) -> tuple[str, str]:
    parts = _BETWEEN.split(line)
    if len(parts) < 2:
        raise Refusal(f"{what}第{number}行“{line[:30]}”应写成“名称 地址”，中间用空格隔开。")
    name, where = " ".join(parts[:-1]), parts[-1]
    if not name or len(name) > longest:
        raise Refusal(f"{what}第{number}行的名称应为1至{longest}个字符。")
    return name, where


def _address(what: str, number: int, where: str) -> str:
    try:
        ADDRESS(where)
    except ValidationError:
        raise Refusal(
            f"{what}第{number}行的地址“{where[:40]}”有误，应以“/”开头，或者是完整的 http(s) 网址。"
        ) from None
    if len(where) > LONGEST_ADDRESS or not re.fullmatch(ADDRESS.regex, where):
        raise Refusal(f"{what}第{number}行的地址有误，或者超过{LONGEST_ADDRESS}个字符。")
    return where
