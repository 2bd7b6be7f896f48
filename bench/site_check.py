"""``check-site`` over a folder of published pages, against merely reading and parsing the same files in one process.

``python -m bench.site_check [--pages N] [--public FOLDER]``: a synthetic site of N pages, or the pages in FOLDER.
"""

from __future__ import annotations

import argparse
import os
import time
from contextlib import ExitStack
from datetime import date
from pathlib import Path

from bench.city import build_units, drafts, fresh_home

GOAL_PAGES, GOAL_SECONDS, CORES = 100_000, 60.0, 2


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--pages", type=int, default=10_000)
    parser.add_argument("--public", type=Path)
    arguments = parser.parse_args()
    with ExitStack() as stack:
        home = stack.enter_context(fresh_home())
        public = arguments.public or _published(arguments.pages, home)
        parsed, anchor = _parsed(public)
        pages, cpu, wall = _checked(public)
    rate = pages / cpu
    print(f"check-site: {pages:,} pages, {cpu:.1f} CPU s, {wall:.1f} s; {rate:,.0f} pages/CPU-s")
    print(
        f"anchor, read and parse with lxml: {parsed:,} pages, {anchor:.1f} CPU s; {parsed / anchor:,.0f} pages/CPU-s"
    )
    print(f"check-site takes {cpu / pages / (anchor / parsed):.1f}x the CPU of reading and parsing alone")
    seconds = GOAL_PAGES / pages * wall
    free = GOAL_PAGES / pages * cpu / CORES
    print(
        f"{GOAL_PAGES:,} pages: {seconds:.0f} s at this pace, {free:.0f} s by CPU time on {CORES} free cores "
        f"(goal: under {GOAL_SECONDS:.0f} s)"
    )


def _published(pages: int, home: Path) -> Path:
    from mingzheng.portal.publisher import publish_full
    from mingzheng.publish.items.services import import_items

    office, codes = build_units()
    import_items(office, drafts(codes, pages * 2 // 3), source="bench")
    publish_full()
    return home / "public"


def _parsed(public: Path) -> tuple[int, float]:
    """Pages, and the CPU seconds of reading and parsing them."""
    from lxml import etree

    parser = etree.HTMLParser(encoding="utf-8", remove_comments=True, remove_pis=True)
    started, pages = time.process_time(), 0
    for path in public.rglob("*.html"):
        etree.fromstring(path.read_bytes(), parser)
        pages += 1
    return pages, time.process_time() - started


def _checked(public: Path) -> tuple[int, float, float]:
    """Pages, CPU seconds of all processes, and wall seconds."""
    from mingzheng.measure.sitecheck import judge, load_scheme, read_folder
    from mingzheng.measure.sitecheck.folder import LIVE_PATHS

    before, started = _cpu(), time.perf_counter()
    scheme = load_scheme("2015")
    sheet = judge(read_folder(public, scheme, date(2018, 12, 31), live=LIVE_PATHS), scheme)
    return sheet.facts["pages"], _cpu() - before, time.perf_counter() - started


def _cpu() -> float:
    times = os.times()
    return times.user + times.system + times.children_user + times.children_system


if __name__ == "__main__":
    main()
