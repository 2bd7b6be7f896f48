"""What earlier checks of a site saw: when each page was first there, and the date that it showed.

A page that a complete earlier check did not find came later than that check. Shows it a date more than thirty days
before, or another date than it showed then, it may have been back-dated: a suspicion for a person to judge, because
pages taken over from an older site look the same.
"""

from __future__ import annotations

import json
import os
import tempfile
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

from mingzheng.law.errors import Refusal
from mingzheng.measure.sitecheck.site import Site

LARGEST = 500_000_000  # bytes


@dataclass(slots=True)
class Memory:
    """First sight and shown date of every page, and the days of complete checks, oldest first."""

    address: str
    runs: list[date] = field(default_factory=list)
    pages: dict[str, tuple[date, date | None]] = field(default_factory=dict)


def load(path: Path, address: str) -> Memory:
    """The memory in the file, empty when there is none. Raises Refusal when it is another site's or no memory."""
    if not path.exists():
        return Memory(address)
    try:
        if path.stat().st_size > LARGEST:
            raise Refusal(f"记录文件“{path}”过大。")
        told = json.loads(path.read_text("utf-8"))
        memory = Memory(
            told["site"],
            [date.fromisoformat(each) for each in told["runs"]],
            {
                each: (_day(seen[0]), _day(seen[1]) if seen[1] else None)
                for each, seen in told["pages"].items()
            },
        )
    except (ValueError, KeyError, TypeError, AttributeError, IndexError, RecursionError):
        raise Refusal(f"“{path}”不是网站检查的记录文件。") from None
    if memory.address != address:
        raise Refusal(f"记录文件“{path}”是“{memory.address}”的，不是“{address}”的。")
    return memory


def _day(text: Any) -> date:
    return date.fromisoformat(text)


def compare(site: Site, memory: Memory, days: int) -> None:
    """Note on the site which dates look made up: more than ``days`` before a page can have appeared, or changed."""
    site.remembered = bool(memory.runs)
    earlier = [run for run in memory.runs if run < site.on]
    last = max(earlier, default=None)
    for page in site.pages:
        if page.kind != "article" or page.published is None:
            continue
        known = memory.pages.get(page.path)
        if known is None:
            if last and (last - page.published).days > days:
                site.suspicions.append(
                    (
                        page.path,
                        f"{last}检查时还没有这个页面，显示的发布日期却是{page.published}，早{(last - page.published).days}天",
                    )
                )
        elif known[1] and known[1] != page.published:
            site.suspicions.append((page.path, f"发布日期由{known[1]}改成了{page.published}"))


def save(path: Path, memory: Memory, site: Site) -> None:
    """Write the memory with what was seen now; the file is replaced whole."""
    for page in site.pages:
        if page.kind == "article":
            first = memory.pages[page.path][0] if page.path in memory.pages else site.on
            memory.pages[page.path] = (min(first, site.on), page.published)
    if site.complete and site.on not in memory.runs:
        memory.runs.append(site.on)
    told = {
        "site": memory.address,
        "runs": [each.isoformat() for each in sorted(memory.runs)],
        "pages": {
            each: [first.isoformat(), shown.isoformat() if shown else None]
            for each, (first, shown) in memory.pages.items()
        },
    }
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            json.dump(told, file, ensure_ascii=False)
        Path(name).replace(path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise
