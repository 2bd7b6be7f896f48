"""A full build of a city's pages, from the database to files and manifest, against Hugo building the same pages.

``python -m bench.full_build [--items N] [--home FOLDER] [--rounds N]``: a synthetic city of N items, or the
installation in FOLDER (its own public folder is left alone). Both programs start cold and write every file.
"""

from __future__ import annotations

import argparse
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

from bench.city import build_units, drafts, fresh_home
from bench.hugo_site import write_site

GOAL = 3.0


@dataclass(frozen=True)
class Run:
    """One build: HTML files, CPU seconds of all its processes, wall seconds, peak memory of all together in MB."""

    pages: int
    cpu: float
    wall: float
    memory: float

    @property
    def speed(self) -> float:
        return self.pages / self.cpu


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--items", type=int, default=40_000)
    parser.add_argument("--home", type=Path)
    parser.add_argument("--rounds", type=int, default=3)
    arguments = parser.parse_args()
    with ExitStack() as stack:
        home = stack.enter_context(fresh_home())
        if arguments.home:
            source = arguments.home.resolve()
            shutil.copy(source / "mingzheng.sqlite3", home / "mingzheng.sqlite3")
        else:
            _fill(arguments.items)
        work = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="mingzheng-hugo-")))
        write_site(work)
        from django.db import connections

        connections.close_all()
        ours, hugo = [], []
        for _ in range(arguments.rounds):
            ours.append(_publish(home))
            hugo.append(_hugo(work))
    _report(ours, hugo)


def _fill(items: int) -> None:
    from mingzheng.publish.items.services import import_items

    office, codes = build_units()
    report = import_items(office, drafts(codes, items), source="bench")
    assert (report.written, report.refused) == (items, [])


def _publish(home: Path) -> Run:
    _set_aside(home / "public")
    for path in home.glob("manifest.sqlite3*"):
        path.unlink()
    return _measured([sys.executable, "-m", "mingzheng.cli", "publish", "--full"], home / "public")


def _hugo(work: Path) -> Run:
    _set_aside(work / "public")
    command = [Path(sys.executable).with_name("hugo"), "--source", work, "--quiet", "--noBuildLock"]
    return _measured(list(map(str, command)), work / "public")


def _set_aside(public: Path) -> None:
    """Make room for a new build without deleting: ext4 is slow to reuse what was deleted seconds ago."""
    if public.exists():
        public.rename(public.with_name(f"public-{time.time_ns()}"))


def _measured(command: list[str], public: Path) -> Run:
    wall = time.perf_counter()
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL)
    watch = _Memory(process.pid)
    watch.start()
    _, status, usage = os.wait4(process.pid, 0)
    wall = time.perf_counter() - wall
    process.returncode = os.waitstatus_to_exitcode(status)
    assert process.returncode == 0, command
    watch.join()
    pages = sum(1 for _ in public.rglob("*.html"))
    return Run(pages, usage.ru_utime + usage.ru_stime, wall, watch.peak / 1024)


class _Memory(threading.Thread):
    """Watches the memory of a process and its children: each page of memory counted once among them."""

    def __init__(self, pid: int) -> None:
        super().__init__(daemon=True)
        self.pid = pid
        self.peak = 0

    def run(self) -> None:
        while (now := self._now()) > 0:
            self.peak = max(self.peak, now)
            time.sleep(0.1)

    def _now(self) -> int:
        """Kilobytes in use; 0 when the process has ended."""
        total, waiting = 0, [self.pid]
        while waiting:
            pid = waiting.pop()
            try:
                waiting += map(int, Path(f"/proc/{pid}/task/{pid}/children").read_text().split())
                rollup = Path(f"/proc/{pid}/smaps_rollup").read_text()
            except (OSError, ProcessLookupError):
                continue
            total += next(int(line.split()[1]) for line in rollup.splitlines() if line.startswith("Pss:"))
        return total


def _report(ours: list[Run], hugo: list[Run]) -> None:
    print(f"{'':12}{'pages':>9}{'CPU s':>9}{'wall s':>9}{'pages/CPU-s':>13}{'peak MB':>9}")
    for name, runs in (("mingzheng", ours), ("Hugo", hugo)):
        middle = sorted(runs, key=lambda run: run.speed)[len(runs) // 2]
        print(
            f"{name:12}{middle.pages:>9,}{middle.cpu:>9.1f}{middle.wall:>9.1f}{middle.speed:>13,.0f}{middle.memory:>9,.0f}"
        )
    ratio = statistics.median(mine.speed / theirs.speed for mine, theirs in zip(ours, hugo, strict=True))
    print(f"full build: {ratio:.1f}x Hugo's pages per CPU second (goal: at least {GOAL:.0f}x)")


if __name__ == "__main__":
    main()
