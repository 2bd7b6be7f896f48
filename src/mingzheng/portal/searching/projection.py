"""The index as a picture of the database: made beside the old one and swapped, kept up with events, repaired by a sweep.

Nothing in it is a fact: it can be thrown away at any time. In the installation's folder, ``search/current`` names the
folder of the index that is asked.
"""

from __future__ import annotations

import logging
import os
import shutil
import threading
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from typing import Final, NamedTuple

from django.conf import settings

from mingzheng.city.models import OutboxEvent
from mingzheng.portal.searching.engine import Busy, Engine, Text
from mingzheng.portal.searching.names import FILE as NAMES
from mingzheng.portal.searching.names import Name, Names, make
from mingzheng.portal.searching.texts import Texts
from mingzheng.portal.searching.words import Words, city_names, city_words
from mingzheng.publish.items.models import Interpretation, Item

WORDS: Final = "words.json"
FEW: Final = 500  # items of which the database is asked by their numbers
VERSION: Final = 2
"""Another one when the engine keeps items otherwise."""
log = logging.getLogger(__name__)
Progress = Callable[[int], object]


class Swept(NamedTuple):
    """What a sweep repaired."""

    written: int
    removed: int


class Opened(NamedTuple):
    """An index and the words with which it was cut: questions are cut with the same."""

    name: str
    written: int
    """When, as the file system counts."""
    engine: Engine
    words: Words
    names: Names


_opened: dict[Path, Opened] = {}
"""What this process asked last, by the folder of the indexes; one entry."""
_opening = threading.Lock()


def opened() -> Opened | None:
    """The index that is asked now, as it was last written; None while there is none."""
    home = _home()
    name = _current(home)
    if name is None:
        return None
    written = (home / name / "meta.json").stat().st_mtime_ns
    with _opening:
        known = _opened.get(home)
        if known is None or known.name != name:
            _opened.clear()
            folder = home / name
            known = Opened(name, written, Engine(folder), Words.read(folder / WORDS), Names(folder / NAMES))
        elif known.written != written:
            known.engine.reload()
            known = known._replace(written=written)
        _opened[home] = known
    return known


def rebuild(progress: Progress = lambda count: None) -> int:
    """Make the index anew and ask it from then on; a killed one leaves the old index as it is. Returns its size."""
    home = _home()
    old = _current(home)
    number = int(old.rpartition("-")[2]) + 1 if old else 1
    for left in home.glob("index-*"):
        if left.name != old:
            shutil.rmtree(left)
    folder = home / f"index-{number}"
    folder.mkdir(parents=True)
    texts = Texts(city_words())
    texts.words.write(folder / WORDS)
    ids = list(Item.objects.public().order_by("pk").values_list("pk", flat=True))
    count = Engine(folder).write(_told(texts.of(ids), progress))
    make(folder / NAMES, texts.words, _said(texts.words), texts.titles())
    (folder / "version").write_text(str(VERSION))
    _point_at(home, folder.name)
    if old:
        shutil.rmtree(home / old, ignore_errors=True)  # who still reads it keeps what is open
    return count


def _said(words: Words) -> Iterator[Name]:
    """What can be suggested beside titles: the city's names, and words that are searched for under another."""
    for kind, names in city_names():
        yield from (Name(name, kind, 2) for name in sorted(names))
    yield from (Name(word, "word", 1) for word in sorted({*words.own} - {*words.official}))


def follow(events: Iterable[OutboxEvent]) -> int:
    """Write the items that these events changed; returns how many there were.

    What cannot be written now, because another process writes or an event names no items, is left to the next sweep.
    """
    index = opened()
    if index is None:
        return 0
    changed, told = set[int](), True
    for event in events:
        payload = event.payload
        told = told and payload.get("ids", ()) is not None
        changed.update(payload.get("ids") or ([payload["item_id"]] if "item_id" in payload else []))
    if not told:
        _behind().touch()
    if changed:
        about = Interpretation.objects.filter(document__in=changed)  # are found with a public document only
        ids = sorted(changed.union(about.values_list("item_id", flat=True)))
        texts = Texts(index.words, ids if len(ids) <= FEW else None)
        try:
            _write(index, texts, ids)
        except Busy:
            log.warning("the index is being written by another process")
            _behind().touch()
    return len(changed)


def is_behind() -> bool:
    """Whether something was left to a sweep."""
    return _behind().exists()


def sweep() -> Swept:
    """Compare the index with the database and repair what differs; where words are cut otherwise now, all of it."""
    _behind().unlink(missing_ok=True)
    index, words = opened(), city_words()
    if index is None or index.words.digest != words.digest or not _is_of_this_version(index.name):
        return Swept(rebuild(), 0)
    texts = Texts(index.words)
    kept, wanted = index.engine.stamps(), texts.stamps()
    gone = sorted(kept.keys() - wanted.keys())
    differing = sorted(pk for pk, stamp in wanted.items() if kept.get(pk) != stamp)
    if gone or differing:
        _write(index, texts, differing, gone)
    return Swept(len(differing), len(gone))


def _write(index: Opened, texts: Texts, ids: list[int], gone: Sequence[int] = ()) -> None:
    """Write items and their titles. The index comes last: what a killed process left undone, a sweep sees there."""
    titles = (name for start in range(0, len(ids), FEW) for name in texts.titles(ids[start : start + FEW]))
    index.names.put(index.words, titles, [*gone, *ids])
    index.engine.write(texts.of(ids), [*gone, *ids])


def _told(texts: Iterator[Text], progress: Progress) -> Iterator[Text]:
    for text in texts:
        yield text
        progress(1)


def _home() -> Path:
    return Path(settings.HOME) / "search"


def _behind() -> Path:
    return _home() / "behind"


def _current(home: Path) -> str | None:
    try:
        name = (home / "current").read_text().strip()
    except FileNotFoundError:
        return None
    return name if (home / name / "meta.json").is_file() else None


def _is_of_this_version(name: str) -> bool:
    path = _home() / name / "version"
    return path.is_file() and path.read_text() == str(VERSION)


def _point_at(home: Path, name: str) -> None:
    beside = home / "current.new"
    with beside.open("w") as file:
        file.write(name)
        file.flush()
        os.fsync(file.fileno())
    beside.replace(home / "current")
