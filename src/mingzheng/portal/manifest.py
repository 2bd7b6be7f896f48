"""What is published: each page with the SHA-256 of its file, and what it depends on beyond its own address.

The manifest lets a publisher skip what has not changed, find what a change touches, and tell whether anybody
else has touched the files. It is a SQLite file of its own beside the public folder, whatever the city's database.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Final, NamedTuple

SITE_PART: Final = 0
"""The part of pages that belong to no single unit; every other part is a unit's id."""

_SCHEMA = """
PRAGMA journal_mode = WAL;
PRAGMA synchronous = NORMAL;
CREATE TABLE IF NOT EXISTS page (
    path TEXT PRIMARY KEY, family TEXT NOT NULL, part INTEGER NOT NULL,
    sha256 BLOB NOT NULL, size INTEGER NOT NULL, mtime_ns INTEGER NOT NULL
) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS page_part ON page (part);
CREATE TABLE IF NOT EXISTS dependency (
    path TEXT NOT NULL, fact TEXT NOT NULL, PRIMARY KEY (path, fact)
) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS dependency_fact ON dependency (fact);
CREATE TABLE IF NOT EXISTS staged (
    path TEXT PRIMARY KEY, family TEXT NOT NULL, part INTEGER NOT NULL,
    sha256 BLOB NOT NULL, size INTEGER NOT NULL, mtime_ns INTEGER NOT NULL, name TEXT NOT NULL
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS staged_fact (path TEXT NOT NULL, fact TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS leaving (path TEXT PRIMARY KEY) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS state (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
"""


class Entry(NamedTuple):
    """One published file. Size and time of change tell cheaply that it is still the file we wrote."""

    path: str
    family: str
    part: int
    sha256: bytes
    size: int
    mtime_ns: int


class Staged(NamedTuple):
    """A new file that waits beside for its release."""

    entry: Entry
    name: str


# A link must never lead to a page that is not there yet, or not any more.
_RANK = "CASE family WHEN 'asset' THEN 0 WHEN 'file' THEN 0 WHEN 'item' THEN 1 WHEN 'withdrawn' THEN 1 WHEN 'home' THEN 3 ELSE 2 END"
_RELEASING = "releasing"


class Manifest:
    """The open manifest; one transaction at a time, committed by :meth:`commit` only.

    What a build has made is written into its journal first (``staged`` and ``leaving``). From :meth:`decide` on the
    release is carried out, by the same run or, if that is killed, by the next; before that it can be given up.
    """

    def __init__(self, path: Path) -> None:
        self._db = sqlite3.connect(path)
        self._db.executescript(_SCHEMA)

    def close(self) -> None:
        self._db.close()

    def commit(self) -> None:
        self._db.commit()

    def get(self, path: str) -> Entry | None:
        row = self._db.execute("SELECT * FROM page WHERE path = ?", [path]).fetchone()
        return Entry(*row) if row else None

    def entries(self, part: int) -> dict[str, Entry]:
        """Everything published of one part."""
        rows = self._db.execute("SELECT * FROM page WHERE part = ?", [part])
        return {row[0]: Entry(*row) for row in rows}

    def parts(self) -> set[int]:
        return {part for (part,) in self._db.execute("SELECT DISTINCT part FROM page")}

    def paths(self) -> Iterator[str]:
        """Every published path."""
        for (path,) in self._db.execute("SELECT path FROM page"):
            yield path

    def all(self) -> Iterator[Entry]:
        """Everything that is published."""
        yield from map(Entry._make, self._db.execute("SELECT * FROM page"))

    def dependants(self, facts: Iterable[str]) -> set[str]:
        """Pages that noted one of these facts while they were rendered."""
        found: set[str] = set()
        for fact in facts:
            found.update(
                path for (path,) in self._db.execute("SELECT path FROM dependency WHERE fact = ?", [fact])
            )
        return found

    def stage(self, staged: Iterable[Staged], facts: Iterable[tuple[str, str]]) -> None:
        """Take new files into the journal, with all the facts that their pages depend on."""
        rows = ((*each.entry, each.name) for each in staged)
        self._db.executemany("INSERT OR REPLACE INTO staged VALUES (?, ?, ?, ?, ?, ?, ?)", rows)
        self._db.executemany("INSERT INTO staged_fact VALUES (?, ?)", facts)

    def leave(self, paths: Iterable[str]) -> None:
        """Take pages into the journal that are no longer due."""
        self._db.executemany("INSERT OR IGNORE INTO leaving VALUES (?)", ([path] for path in paths))

    def decide(self) -> None:
        """From now on the release is carried out, whatever happens to this process."""
        self._db.execute("DELETE FROM leaving WHERE path IN (SELECT path FROM staged)")
        self.set_state(_RELEASING, "1")
        self.commit()

    @property
    def is_decided(self) -> bool:
        """Whether a release was begun and not completed."""
        return bool(self.state(_RELEASING))

    def staged(self) -> Iterator[Staged]:
        """The new files in the order of their release: what is linked before what links to it."""
        for *entry, name in self._db.execute(f"SELECT * FROM staged ORDER BY {_RANK}, path"):
            yield Staged(Entry(*entry), name)

    def leaving(self) -> Iterator[str]:
        """Pages to remove in their order: what links before what is linked."""
        query = f"SELECT leaving.path FROM leaving JOIN page USING (path) ORDER BY {_RANK} DESC, leaving.path"
        for (path,) in self._db.execute(query):
            yield path

    def lose(self, paths: Iterable[str]) -> None:
        """Strike files out of the journal that vanished before their release."""
        self._db.executemany("DELETE FROM staged WHERE path = ?", ([path] for path in paths))

    def settle(self) -> None:
        """The release is carried out: what was staged is published now, what was leaving is gone."""
        self._db.execute("DELETE FROM dependency WHERE path IN (SELECT path FROM staged)")
        self._db.execute("INSERT OR IGNORE INTO dependency SELECT path, fact FROM staged_fact")
        self._db.execute(
            "INSERT OR REPLACE INTO page SELECT path, family, part, sha256, size, mtime_ns FROM staged"
        )
        for table in ("page", "dependency"):
            self._db.execute(f"DELETE FROM {table} WHERE path IN (SELECT path FROM leaving)")
        self.give_up()
        self.set_state(_RELEASING, "")
        self.commit()

    def give_up(self) -> None:
        """Empty the journal."""
        for table in ("staged", "staged_fact", "leaving"):
            self._db.execute(f"DELETE FROM {table}")

    def state(self, name: str) -> str:
        """A fact of the last complete build, empty before the first."""
        row = self._db.execute("SELECT value FROM state WHERE name = ?", [name]).fetchone()
        return row[0] if row else ""

    def set_state(self, name: str, value: str) -> None:
        self._db.execute("INSERT OR REPLACE INTO state VALUES (?, ?)", [name, value])
