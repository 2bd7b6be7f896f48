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

BATCH: Final = 10_000
"""So many pages are written again at most by the run after one that was killed."""

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


class Manifest:
    """The open manifest; one transaction at a time, committed by :meth:`commit` only."""

    _uncommitted = 0

    def __init__(self, path: Path) -> None:
        self._db = sqlite3.connect(path)
        self._db.executescript(_SCHEMA)

    def close(self) -> None:
        self._db.close()

    def commit(self) -> None:
        self._db.commit()
        self._uncommitted = 0

    def commit_many(self) -> None:
        """Commit once enough has come together: each commit writes every page of the file that it touched."""
        if self._uncommitted >= BATCH:
            self.commit()

    def get(self, path: str) -> Entry | None:
        row = self._db.execute("SELECT * FROM page WHERE path = ?", [path]).fetchone()
        return Entry(*row) if row else None

    def entries(self, part: int) -> dict[str, Entry]:
        """Everything published of one part."""
        rows = self._db.execute("SELECT * FROM page WHERE part = ?", [part])
        return {row[0]: Entry(*row) for row in rows}

    def parts(self) -> set[int]:
        return {part for (part,) in self._db.execute("SELECT DISTINCT part FROM page")}

    def hashes(self) -> Iterator[tuple[str, bytes]]:
        """Every published path with the SHA-256 of its file."""
        yield from self._db.execute("SELECT path, sha256 FROM page")

    def dependants(self, facts: Iterable[str]) -> set[str]:
        """Pages that noted one of these facts while they were rendered."""
        found: set[str] = set()
        for fact in facts:
            found.update(
                path for (path,) in self._db.execute("SELECT path FROM dependency WHERE fact = ?", [fact])
            )
        return found

    def record(self, entries: Iterable[Entry], dependencies: Iterable[tuple[str, str]]) -> None:
        """Take in pages that are in place, with all the facts that they depend on."""
        entries = list(entries)
        self._uncommitted += len(entries)
        self._db.executemany("INSERT OR REPLACE INTO page VALUES (?, ?, ?, ?, ?, ?)", entries)
        self._db.executemany("DELETE FROM dependency WHERE path = ?", ([each.path] for each in entries))
        self._db.executemany("INSERT OR IGNORE INTO dependency VALUES (?, ?)", dependencies)

    def forget(self, paths: Iterable[str]) -> None:
        """Strike pages whose files are gone."""
        for path in paths:
            self._db.execute("DELETE FROM page WHERE path = ?", [path])
            self._db.execute("DELETE FROM dependency WHERE path = ?", [path])

    def state(self, name: str) -> str:
        """A fact of the last complete build, empty before the first."""
        row = self._db.execute("SELECT value FROM state WHERE name = ?", [name]).fetchone()
        return row[0] if row else ""

    def set_state(self, name: str, value: str) -> None:
        self._db.execute("INSERT OR REPLACE INTO state VALUES (?, ?)", [name, value])
