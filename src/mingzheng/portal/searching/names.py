"""What can be suggested while somebody types, and the words that titles use, by spelling and by sound.

A file of SQLite beside the index: made with it, kept up with it, read by any number of processes. Titles in it are
those of public items; who shows one asks the database again.
"""

from __future__ import annotations

import math
import sqlite3
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing
from pathlib import Path
from typing import Final, NamedTuple

from mingzheng.portal.searching.sounds import LONGEST, sound_of
from mingzheng.portal.searching.titles import names_of, plain
from mingzheng.portal.searching.words import Words

FILE: Final = "names.sqlite"
MOST_TITLES: Final = 100_000  # the newest
LOOKED_AT: Final = 2_000  # titles that begin as typed, of which the newest are suggested
NEAR_LENGTHS: Final = range(3, 9)  # characters of a word that is looked for by its neighbours
_SCHEMA: Final = """
CREATE TABLE names (id INTEGER PRIMARY KEY, text TEXT, kind TEXT, weight INTEGER, item INTEGER);
CREATE TABLE keys (key TEXT, title INTEGER, name INTEGER, PRIMARY KEY (title, key, name)) WITHOUT ROWID;
CREATE TABLE words (word TEXT PRIMARY KEY, weight INTEGER, sound TEXT, initials TEXT) WITHOUT ROWID;
CREATE TABLE near (key TEXT, word TEXT, PRIMARY KEY (key, word)) WITHOUT ROWID;
"""
_INDEXES: Final = """
CREATE INDEX names_item ON names (item) WHERE item IS NOT NULL;
CREATE INDEX keys_name ON keys (name);
CREATE INDEX words_sound ON words (sound);
CREATE INDEX words_initials ON words (initials);
"""


class Name(NamedTuple):
    """Something that can be suggested; ``item`` is the public item whose title it is."""

    text: str
    kind: str
    weight: int
    item: int | None = None


class Names:
    """One such file, opened to be asked."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def beginning_with(self, typed: str, most: int) -> list[Name]:
        """Names that begin so, by spelling, pinyin or initials: units, columns, themes and words before titles."""
        key = plain(typed)[:LONGEST]
        if not key:
            return []
        found: list[Name] = []
        with self._open() as base:
            for title in (0, 1):
                rows = base.execute(
                    "SELECT DISTINCT text, kind, weight, item FROM names WHERE id IN"
                    " (SELECT name FROM keys WHERE title = ? AND key >= ? AND key < ? LIMIT ?)"
                    " ORDER BY weight DESC, length(text), text LIMIT ?",
                    (title, key, key + "\U0010ffff", LOOKED_AT, most),
                )
                found += [Name(*row) for row in rows]
        return list({each.text: each for each in reversed(found)}.values())[::-1][:most]

    def spoken(self, sound: str) -> list[str]:
        """The most used words, one after the other, that sound so; nothing when some letters are no word."""
        pieces = {sound[a:b] for a in range(len(sound)) for b in range(a + 2, min(len(sound), a + 30) + 1)}
        known: dict[str, tuple[float, str]] = {}
        with self._open() as base:
            marks = ",".join("?" * len(pieces))
            for word, weight, heard in base.execute(
                f"SELECT word, weight, sound FROM words WHERE sound IN ({marks})", tuple(pieces)
            ):
                known[heard] = max(known.get(heard, (0.0, "")), (math.log(1 + weight), word))
        # The fewest words, and of those the most used.
        best: list[tuple[int, float, list[str]] | None] = [(0, 0.0, [])] + [None] * len(sound)
        for end in range(2, len(sound) + 1):
            for start in range(max(0, end - 30), end - 1):
                before, piece = best[start], known.get(sound[start:end])
                if before is None or piece is None:
                    continue
                told = (before[0] - 1, before[1] + piece[0], [*before[2], piece[1]])
                if (now := best[end]) is None or told[:2] > now[:2]:
                    best[end] = told
        last = best[-1]
        return last[2] if last else []

    def initialled(self, initials: str) -> str:
        """The most used word or beginning of a title with these initials; nothing for fewer than three letters."""
        if len(initials) < 3:
            return ""
        counts: Counter[str] = Counter()
        with self._open() as base:
            for word, weight in base.execute(
                "SELECT word, weight FROM words WHERE initials = ?", (initials,)
            ):
                counts[word] += weight + 1
            for text in self._titles(base, initials):
                for name in map(plain, names_of(text)):
                    start = name[: len(initials)]
                    if sound_of([start]).initials.startswith(initials):
                        counts[start] += 1
        return min(counts, key=lambda word: (-counts[word], word)) if counts else ""

    def neighbours(self, text: str) -> list[str]:
        """Words that differ from the text by one character, the most used first."""
        if len(text) not in NEAR_LENGTHS:
            return []
        keys = tuple(_without_one(text))
        with self._open() as base:
            marks = ",".join("?" * len(keys))
            rows = base.execute(
                f"SELECT DISTINCT word, weight FROM near JOIN words USING (word) WHERE key IN ({marks})", keys
            ).fetchall()
        rows.sort(key=lambda row: (-row[1], row[0]))
        return [word for word, _ in rows if word != text and _is_near(word, text)]

    def knows(self, word: str) -> bool:
        """Whether titles or the city's own words use it."""
        with self._open() as base:
            return base.execute("SELECT 1 FROM words WHERE word = ?", (word,)).fetchone() is not None

    def put(self, words: Words, titles: Iterable[Name], instead_of: Iterable[int]) -> None:
        """Write these titles in the place of those of these items; a killed process leaves it as it was."""
        with closing(sqlite3.connect(self._path, timeout=30)) as base, base:
            for item in instead_of:
                base.execute("DELETE FROM keys WHERE name IN (SELECT id FROM names WHERE item = ?)", (item,))
                base.execute("DELETE FROM names WHERE item = ?", (item,))
            _add(base, words, titles)

    def _titles(self, base: sqlite3.Connection, key: str) -> Iterator[str]:
        rows = base.execute(
            "SELECT text FROM names WHERE id IN (SELECT name FROM keys WHERE title = 1 AND key >= ? AND key < ? LIMIT ?)",
            (key, key + "\U0010ffff", LOOKED_AT),
        )
        yield from (text for (text,) in rows)

    def _open(self) -> closing[sqlite3.Connection]:
        return closing(sqlite3.connect(f"{self._path.as_uri()}?mode=ro", uri=True, timeout=5))


def make(path: Path, words: Words, names: Iterable[Name], titles: Iterable[Name]) -> None:
    """Write the file anew, with the words of the names and titles."""
    with closing(sqlite3.connect(path)) as base, base:
        base.execute("PRAGMA synchronous=OFF")  # thrown away when it is not finished
        base.executescript(_SCHEMA)
        counts = _add(base, words, names)
        counts.update(_add(base, words, titles))
        counts.update(dict.fromkeys([*words.own, *words.official.values()], 1))
        sounds = ((word, weight, sound_of([word])) for word, weight in counts.items())
        base.executemany(
            "INSERT INTO words VALUES (?, ?, ?, ?)",
            ((word, weight, *sound) for word, weight, sound in sounds),
        )
        near = ((key, word) for word in counts if len(word) in NEAR_LENGTHS for key in _without_one(word))
        base.executemany("INSERT OR IGNORE INTO near VALUES (?, ?)", near)
        base.executescript(_INDEXES)


def _add(base: sqlite3.Connection, words: Words, names: Iterable[Name]) -> Counter[str]:
    """Insert names with their keys; returns the words of two characters and more that they use."""
    used: Counter[str] = Counter()
    for name in names:
        told = base.execute(
            "INSERT INTO names (text, kind, weight, item) VALUES (?, ?, ?, ?)", name
        ).lastrowid
        keys = {key for said in names_of(name.text) for key in _keys(words.cut(said))}
        base.executemany(
            "INSERT INTO keys VALUES (?, ?, ?)",
            ((key, int(name.item is not None), told) for key in sorted(keys)),
        )
        used.update({word for word in words.parts(name.text) if len(word) > 1 and not word.isascii()})
    return used


def _keys(cut: Sequence[str]) -> Iterator[str]:
    if cut:
        yield "".join(cut)[:LONGEST]
        for each in sound_of(cut):
            yield each[:LONGEST]


def _without_one(word: str) -> set[str]:
    return {word, *(word[:place] + word[place + 1 :] for place in range(len(word)))}


def _is_near(one: str, other: str) -> bool:
    """Whether one character was typed wrongly, left out, added, or changed places with the next."""
    if len(one) != len(other):
        short, long = sorted((one, other), key=len)
        return len(long) - len(short) == 1 and short in _without_one(long)
    differing = [place for place, (a, b) in enumerate(zip(one, other, strict=True)) if a != b]
    if len(differing) == 2:
        a, b = differing
        return b == a + 1 and one[a] == other[b] and one[b] == other[a]
    return len(differing) == 1
