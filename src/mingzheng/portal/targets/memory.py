"""What a target holds, as far as we delivered it: a SQLite file for each, ``HOME/targets/<digest>.sqlite3``.

A file is remembered after it has arrived. So a delivery that was killed sends a few files again, and misses none.
"""

from __future__ import annotations

import secrets
import sqlite3
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import NamedTuple

from mingzheng.portal.addresses import file_of
from mingzheng.portal.precompress import original_of

_SCHEMA = """
PRAGMA journal_mode = WAL;
PRAGMA synchronous = NORMAL;
CREATE TABLE IF NOT EXISTS delivered (path TEXT PRIMARY KEY, sha256 BLOB NOT NULL) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS state (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
"""


class Due(NamedTuple):
    """A page that the target does not hold as it is now."""

    path: str
    family: str
    sha256: bytes


class Memory:
    def __init__(self, path: Path, manifest: Path) -> None:
        path.parent.mkdir(exist_ok=True)
        self._db = sqlite3.connect(path.as_uri(), uri=True, timeout=30)
        self._db.executescript(_SCHEMA)
        self._db.execute("ATTACH ? AS manifest", [f"{manifest.as_uri()}?mode=ro"])

    def close(self) -> None:
        self._db.close()

    def due(self) -> list[Due]:
        """Published pages that are missing there or were changed since."""
        rows = self._db.execute(
            "SELECT page.path, page.family, page.sha256 FROM manifest.page LEFT JOIN delivered USING (path)"
            " WHERE delivered.sha256 IS NOT page.sha256"
        )
        return [Due(*row) for row in rows]

    def stale(self) -> list[str]:
        """What is there and no longer published."""
        rows = self._db.execute(
            "SELECT path FROM delivered WHERE path NOT IN (SELECT path FROM manifest.page)"
        )
        return [path for (path,) in rows]

    def remember(self, pages: Iterable[Due]) -> None:
        rows = ((page.path, page.sha256) for page in pages)
        self._db.executemany("INSERT OR REPLACE INTO delivered VALUES (?, ?)", rows)
        self._db.commit()

    def forget(self, paths: Iterable[str]) -> None:
        self._db.executemany("DELETE FROM delivered WHERE path = ?", ([path] for path in paths))
        self._db.commit()

    def begin_anew(self, names: Iterable[str]) -> str:
        """Forget everything; these files are there, with what content is unknown. Returns the new mark."""
        mark = secrets.token_hex(16)
        self._db.execute("DELETE FROM delivered")
        rows = ((path, b"") for path in _paths_of(names))
        self._db.executemany("INSERT OR REPLACE INTO delivered VALUES (?, ?)", rows)
        self.set("mark", mark)
        return mark

    def get(self, name: str) -> str:
        row = self._db.execute("SELECT value FROM state WHERE name = ?", [name]).fetchone()
        return row[0] if row else ""

    def set(self, name: str, value: str) -> None:
        self._db.execute("INSERT OR REPLACE INTO state VALUES (?, ?)", [name, value])
        self._db.commit()


def _paths_of(names: Iterable[str]) -> Iterator[str]:
    """The addresses of these files; compressed copies come and go with their file."""
    for name in names:
        if original_of(name) is None:
            path = f"/{name}"
            folder = path.removesuffix("index.html")
            yield folder if file_of(folder) == name else path
