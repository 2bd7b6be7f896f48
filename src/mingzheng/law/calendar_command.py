"""``mingzheng calendar``: one year's days off, make-up days, working-day total and source notices."""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from mingzheng.law.calendar import DayNote, default_calendar
from mingzheng.law.console import WEEKDAYS, write, write_table
from mingzheng.law.errors import Refusal

if TYPE_CHECKING:
    Commands = argparse._SubParsersAction[argparse.ArgumentParser]


def register(commands: Commands) -> None:
    """Add ``calendar`` to the console script."""
    parser = commands.add_parser(
        "calendar", help="查看一年的放假日、调休上班日和工作日总数", description="查看一年的工作日历"
    )
    parser.add_argument("year", nargs="?", default="", metavar="年份", help="四位年份，如2018")
    parser.add_argument("--json", action="store_true", help="以JSON格式输出")
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Print the year's table; an unknown year leaves as CalendarUnknown."""
    text = arguments.year
    if not (text.isascii() and text.isdigit() and len(text) == 4):
        raise Refusal(f"年份“{text}”有误，应为四位数字，如2018。")
    table = default_calendar().year_table(int(text))
    if arguments.json:
        content = {
            "year": table.year,
            "working_days": table.working_days,
            "off": _as_dicts(table.off),
            "make_up": _as_dicts(table.make_up),
            "notices": list(table.notices),
        }
        write(json.dumps(content, ensure_ascii=False, indent=2))
        return 0
    write(f"{table.year}年共{table.working_days}个工作日。")
    for title, notes in (("放假", table.off), ("调休上班", table.make_up)):
        write("")
        write(f"{title}（{len(notes)}天）")
        if notes:
            write_table([(str(note.day), f"星期{WEEKDAYS[note.day.weekday()]}", note.name) for note in notes])
    write("")
    for notice in table.notices:
        write(f"来源通知：{notice}")
    return 0


def _as_dicts(notes: Iterable[DayNote]) -> list[dict[str, Any]]:
    return [{"date": note.day.isoformat(), "name": note.name} for note in notes]
