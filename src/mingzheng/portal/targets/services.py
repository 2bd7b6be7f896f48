"""The only door of delivery: brings every target of ``MINGZHENG_TARGETS`` up to what the manifest says is published.

Only differences are sent, in an order that leads no link nowhere: styles and files, pages of items, lists and all
others, homes; what is no longer published goes last. Targets are served side by side; one that is down is asked
again after a growing time and catches up then.
"""

from __future__ import annotations

import fcntl
import hashlib
import logging
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path
from typing import Final, TypeVar

from django.conf import settings

from mingzheng.portal.addresses import file_of
from mingzheng.portal.precompress import SUFFIXES, is_stale, is_text
from mingzheng.portal.targets.memory import Due, Memory
from mingzheng.portal.targets.specs import digest_of, targets_of
from mingzheng.portal.targets.target import Target, Unreachable

BATCH: Final = 500
"""So many files are sent again at most after a delivery was killed."""
FIRST_WAIT: Final = 5.0  # seconds after the first failure; twice as long after each further one
LONGEST_WAIT: Final = 600.0  # seconds

_FIRST: Final = frozenset({"asset", "file"})
_ITEMS: Final = frozenset({"item", "withdrawn"})
_HOMES: Final = frozenset({"home", "unit_home", "units"})
log = logging.getLogger(__name__)
T = TypeVar("T")
Progress = Callable[[int, int], object]
"""Is told how many files have arrived since, and how many more are due."""


@dataclass(slots=True)
class Delivered:
    """What became of one target. ``problem`` is empty when it holds all that is published."""

    target: str
    sent: int = 0
    removed: int = 0
    problem: str = ""


def deliver(progress: Progress = lambda arrived, due: None, *, at_once: bool = False) -> list[Delivered]:
    """Bring every target up to date. Those that failed a while ago wait for their time, unless it is to be ``at_once``.

    Raises Refusal when the setting cannot be read.
    """
    targets = targets_of(settings.TARGETS)
    if not targets or not manifest_path().exists():
        return []
    with ThreadPoolExecutor(len(targets)) as pool:
        return list(pool.map(lambda target: _deliver(target, progress, at_once), targets))


def manifest_path() -> Path:
    return Path(settings.HOME) / "manifest.sqlite3"


def _deliver(target: Target, progress: Progress, at_once: bool) -> Delivered:
    done = Delivered(shown(target.spec))
    path = Path(settings.HOME).resolve() / "targets" / f"{digest_of(target.spec)}.sqlite3"
    path.parent.mkdir(exist_ok=True)
    with _alone(path.with_suffix(".lock")) as alone:
        if not alone:
            done.problem = "另一个任务正在向这个目标交付"
            return done
        with closing(Memory(path, manifest_path().resolve())) as memory:
            if not at_once and float(memory.get("next_at") or 0) > time.time():
                done.problem = memory.get("problem")
                return done
            state = _manifest_state()
            if not at_once and memory.get("complete") == state:
                return done
            _attempt(target, memory, done, progress)
            memory.set("complete", "" if done.problem else state)
    return done


def _attempt(target: Target, memory: Memory, done: Delivered, progress: Progress) -> None:
    """Deliver once; a failure is remembered with the time of the next attempt."""
    try:
        with closing(target):
            _recognise(target, memory)
            _send(target, memory, done, progress)
    except Unreachable as error:
        done.problem = str(error)
        failures = int(memory.get("failures") or 0) + 1
        wait = min(LONGEST_WAIT, FIRST_WAIT * 2 ** min(failures - 1, 30))
        memory.set("failures", str(failures))
        memory.set("next_at", str(time.time() + wait))
        log.warning("delivery to %s failed %d times: %s", done.target, failures, error)
    else:
        memory.set("failures", "0")
        memory.set("next_at", "0")
    memory.set("problem", done.problem)


def _recognise(target: Target, memory: Memory) -> None:
    """Make sure that the target is the one that we remember: a new disk is empty, whatever we have sent to the old."""
    mark = target.read_mark()
    if mark and mark == memory.get("mark"):
        return
    names = list(target.listing())
    if names and not mark:
        raise Unreachable(f"目标中已有其他内容（例如“{names[0]}”），请清空或者换一个位置")
    target.write_mark(memory.begin_anew(names))


def _send(target: Target, memory: Memory, done: Delivered, progress: Progress) -> None:
    root = Path(settings.PUBLIC_DIR)
    due = sorted(memory.due(), key=lambda page: (_turn(page), page.path))
    stale = memory.stale()
    progress(0, len(due) + len(stale))
    differing = 0
    for _, turn in groupby(due, _turn):
        for pages in _batches(list(turn)):
            whole = [page for page in pages if _is_published(root, page)]
            names = [name for page in whole for name in _files(root, page.path)]
            if names:
                target.put(root, names)
            memory.remember(whole)
            done.sent += len(whole)
            progress(len(pages), 0)
            differing += len(pages) - len(whole)
    for paths in _batches(stale):
        gone = [path for path in paths if not (root / file_of(path)).exists()]
        target.remove(root, [name + end for name in map(file_of, gone) for end in ("", *SUFFIXES.values())])
        memory.forget(gone)
        done.removed += len(gone)
        progress(len(paths), 0)
    if differing:
        # Changed since, and then sent by the next delivery; or by somebody else, and then never sent.
        raise Unreachable(f"有{differing}个文件与发布记录不一致，没有交付")


def _turn(page: Due) -> int:
    """When the page is sent, so that what it links is there already."""
    if page.family in _FIRST:
        return 0
    return 1 if page.family in _ITEMS else 3 if page.family in _HOMES else 2


def _batches(given: Sequence[T]) -> Iterator[Sequence[T]]:
    return (given[start : start + BATCH] for start in range(0, len(given), BATCH))


def _is_published(root: Path, page: Due) -> bool:
    """Whether the file is what the manifest says: what others changed is never spread."""
    try:
        with (root / file_of(page.path)).open("rb") as file:
            return hashlib.file_digest(file, "sha256").digest() == page.sha256
    except OSError:
        return False


def _files(root: Path, path: str) -> Iterator[str]:
    """The file of a page and its compressed copies, the copies first: they are sent in its place."""
    name = file_of(path)
    if is_text(name):
        copies = (name + suffix for suffix in SUFFIXES.values())
        yield from (copy for copy in copies if (root / copy).exists() and not is_stale(root, copy))
    yield name


def shown(spec: str) -> str:
    """A target as it may stand on a screen and in a log."""
    return spec.partition("?")[0]


def _manifest_state() -> str:
    """Changes with every commit of the manifest: asking this costs nothing, comparing all pages a second."""
    found = []
    for name in (manifest_path(), manifest_path().with_name(f"{manifest_path().name}-wal")):
        try:
            stat = name.stat()
            found.append(f"{stat.st_mtime_ns}-{stat.st_size}")
        except FileNotFoundError:
            found.append("")
    return "/".join(found)


@contextmanager
def _alone(path: Path) -> Iterator[bool]:
    """Whether nobody else delivers to the target while this lasts."""
    with path.open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            yield False
        else:
            yield True
