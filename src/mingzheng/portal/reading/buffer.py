"""Readings of one day on this machine, until they are added up: a small file that all web processes append to.

The file holds the page, the second, and two hashes by which reloads are known. The salt of the hashes is a file of its
own and is thrown away when the day is over; the hashes go when the day is added up to its end. Neither ever reaches the
database or its backups.

What was acknowledged survives the death of any process at once (``kill -9``): it is in the system's hands. A machine
that loses its power may lose the readings since the last checkpoint of the file (a thousand pages of it at most), and
never more: nothing is damaged (SQLite, WAL, ``synchronous=NORMAL``).
"""

from __future__ import annotations

import os
import secrets
import sqlite3
import tempfile
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import date
from pathlib import Path
from typing import Final

from django.conf import settings

from mingzheng.portal.reading.rules import MINUTE, PER_ADDRESS, PER_READER, WINDOW, Reader, Verdict, reader_of

ENDING: Final = ".sqlite3"
_SALT: Final = ".salt"
_WAIT: Final = 2.0  # seconds for which a process waits for another to finish its line
_SCHEMA: Final = """
CREATE TABLE buffer (name TEXT NOT NULL);
CREATE TABLE reading (
    id INTEGER PRIMARY KEY AUTOINCREMENT, page TEXT NOT NULL, at INTEGER NOT NULL,
    source BLOB NOT NULL, reader BLOB NOT NULL, is_first INTEGER NOT NULL
);
CREATE INDEX by_reader ON reading (reader, at);
CREATE INDEX by_source ON reading (source, at);
CREATE INDEX by_page ON reading (page);
"""
_LATELY: Final = """
SELECT count(*) FILTER (WHERE at > ?), coalesce(max(page = ?), 0) FROM reading WHERE reader = ? AND at > ?
"""
_FROM_THERE: Final = "SELECT count(*) FROM (SELECT 1 FROM reading WHERE source = ? AND at > ? LIMIT ?)"
_APPEND: Final = """
INSERT INTO reading (page, at, source, reader, is_first)
VALUES (?, ?, ?, ?, NOT EXISTS (SELECT 1 FROM reading WHERE reader = ?))
"""


def folder() -> Path:
    """Where this machine's buffers are."""
    return Path(settings.HOME) / "reading"


class Buffer:
    """The readings of one day. Any number of processes and threads append to it."""

    def __init__(self, path: Path) -> None:
        """Open a buffer that is there; raises sqlite3.Error."""
        self._lock = threading.Lock()
        self._db = sqlite3.connect(
            f"{path.absolute().as_uri()}?mode=rw", uri=True, timeout=_WAIT, isolation_level=None,
            check_same_thread=False,
        )  # fmt: skip
        self._db.execute("PRAGMA synchronous=NORMAL")
        self.name: str = self._db.execute("SELECT name FROM buffer").fetchone()[0]

    def add(self, page: str, reader: Reader, at: int) -> Verdict:
        """Append a reading at that second of the epoch, unless the reader's earlier ones forbid it (rules 6 and 7)."""
        with self._transaction():
            minute = at - MINUTE
            lately, again = self._db.execute(_LATELY, (minute, page, reader.reader, at - WINDOW)).fetchone()
            if again:
                return Verdict.AGAIN
            [there] = self._db.execute(_FROM_THERE, (reader.source, minute, PER_ADDRESS)).fetchone()
            if lately >= PER_READER or there >= PER_ADDRESS:
                return Verdict.TOO_FAST
            self._db.execute(_APPEND, (page, at, *reader, reader.reader))
            return Verdict.COUNTED

    @contextmanager
    def _transaction(self) -> Iterator[None]:
        with self._lock:
            self._db.execute("BEGIN IMMEDIATE")
            try:
                yield
            except BaseException:
                self._db.execute("ROLLBACK")
                raise
            self._db.execute("COMMIT")

    def since(self, page: str, reached: int) -> int:
        """How many readings of the page came after the line that was added up last."""
        with self._lock:
            asked = "SELECT count(*) FROM reading WHERE page = ? AND id > ?"
            return int(self._db.execute(asked, (page, reached)).fetchone()[0])

    def last(self) -> int:
        """The number of the last line; lines are numbered in the order in which they become visible."""
        with self._lock:
            return int(self._db.execute("SELECT coalesce(max(id), 0) FROM reading").fetchone()[0])

    def sums(self, after: int, to: int) -> tuple[dict[str, int], int]:
        """Readings by page, and new readers of the day, in the lines after one and up to another."""
        with self._lock:
            between = "FROM reading WHERE id > ? AND id <= ?"
            pages = self._db.execute(f"SELECT page, count(*) {between} GROUP BY page", (after, to)).fetchall()
            [readers] = self._db.execute(
                f"SELECT coalesce(sum(is_first), 0) {between}", (after, to)
            ).fetchone()
        return dict(pages), readers

    def close(self) -> None:
        with self._lock:
            self._db.close()


class Today:
    """A process's hold on the buffer of the day and its salt."""

    def __init__(self, home: Path, day: date) -> None:
        """Open the day's buffer, making it when this process comes first; raises OSError, sqlite3.Error."""
        home.mkdir(mode=0o700, parents=True, exist_ok=True)
        for old in home.glob(f"*{_SALT}"):
            if old.name < f"{day}{_SALT}":  # the day is over, for whoever opens the next one
                old.unlink(missing_ok=True)
        path, salt = home / f"{day}{ENDING}", home / f"{day}{_SALT}"
        if not salt.exists():
            _put(salt, lambda place: place.write_bytes(secrets.token_bytes(32)))
        if not path.exists():
            _put(path, _make)
        self._salt = salt.read_bytes()
        self.buffer = Buffer(path)

    def reader(self, address: str, program: str) -> Reader:
        return reader_of(address, program, self._salt)


def _make(place: Path) -> None:
    db = sqlite3.connect(place)
    db.executescript(f"PRAGMA secure_delete=ON; PRAGMA journal_mode=WAL; {_SCHEMA}")
    with db:
        db.execute("INSERT INTO buffer VALUES (?)", (secrets.token_hex(16),))
    db.close()  # the last one to close writes everything into the file itself


def _put(path: Path, make: Callable[[Path], object]) -> None:
    """Make a file whole or not at all; when another process was faster, its file stays."""
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=".")
    os.close(handle)
    try:
        make(Path(name))
        with suppress(FileExistsError):
            os.link(name, path)
    finally:
        Path(name).unlink()


_held: dict[tuple[Path, int], tuple[date, Today]] = {}
_holding = threading.Lock()


def today(day: date) -> Today:
    """This process's hold on the day's buffer; raises OSError, sqlite3.Error."""
    key = (folder(), os.getpid())  # a connection is not carried into a child process
    with _holding:
        held = _held.get(key)
        if held is None or held[0] != day:
            _held[key] = held = (day, Today(key[0], day))  # the last request on yesterday's closes that
    return held[1]


def days() -> list[tuple[date, Path]]:
    """The buffers that are there, the oldest first."""
    found = []
    for path in folder().glob(f"*{ENDING}"):
        with suppress(ValueError):
            found.append((date.fromisoformat(path.name.removesuffix(ENDING)), path))
    return sorted(found)


def throw_away(path: Path) -> None:
    """Remove a buffer that was added up to its end, and its salt. The file goes last: until then it is found again."""
    for name in (
        f"{path.name.removesuffix(ENDING)}{_SALT}",
        f"{path.name}-wal",
        f"{path.name}-shm",
        path.name,
    ):
        (path.parent / name).unlink(missing_ok=True)
