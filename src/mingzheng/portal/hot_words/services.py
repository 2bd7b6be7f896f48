"""The only door of hot words: note a question, count what was noted, and tell the words that many ask for.

A word is counted only if it can be nobody's secret: every part of it stands in public titles or in the city's own
words, it finds something, and it looks like no personal data (law.personal_data). Each asker counts once a day for
a word: who it was is known to one process until the day ends or it stops, as a hash under a key of that day, and is
written nowhere. A word is shown when it was asked for on several days by enough askers. What an office does not
want to be shown stands in ``search-blocked-words.txt`` of the installation's folder, a word a line.
"""

from __future__ import annotations

import hashlib
import re
import secrets
import threading
from collections import Counter
from datetime import date, timedelta
from pathlib import Path
from typing import Final

from django.conf import settings
from django.db import transaction
from django.db.models import Count, F, Sum
from django.utils import timezone

from mingzheng.law.personal_data import find_personal_data
from mingzheng.portal.hot_words.models import AskedWord
from mingzheng.portal.searching.services import Answer, Opened, knows_all

__all__ = ["count_noted", "hot_words", "note_question"]

BLOCKED: Final = "search-blocked-words.txt"
DAYS: Final = 30  # of which words are shown
FEWEST_DAYS: Final = 3
FEWEST_ASKERS: Final = 5
KEPT: Final = 400  # days
MOST_KNOWN: Final = 100_000  # pairs of asker and word that a process remembers of a day
_WORD: Final = re.compile(r"[一-鿿]{2,12}")


class _Day:
    """Who asked for what today, as hashes under a key that is gone tomorrow."""

    def __init__(self) -> None:
        self._lock, self._on, self._key, self._known = threading.Lock(), date.min, b"", set[bytes]()

    def is_new(self, asker: str, word: str) -> bool:
        today = timezone.localdate()
        with self._lock:
            if today != self._on:
                self._on, self._key, self._known = today, secrets.token_bytes(32), set()
            told = hashlib.blake2b(f"{asker}\0{word}".encode(), key=self._key, digest_size=12).digest()
            if told in self._known or len(self._known) >= MOST_KNOWN:
                return False
            self._known.add(told)
            return True


_day = _Day()


def note_question(index: Opened, text: str, answer: Answer, asker: str) -> None:
    """Note a question that found something, to be counted later: no request waits for the database."""
    if not answer.found.total or answer.heard or answer.partly or not _WORD.fullmatch(text):
        return
    if find_personal_data(text) or not knows_all(index, text) or not _day.is_new(asker, text):
        return
    try:
        # A short line at the end of a file is written whole, whoever else writes there.
        with _noted().open("ab", buffering=0) as file:
            file.write(f"{timezone.localdate().isoformat()} {text}\n".encode())
    except OSError:  # a full disk keeps nobody from finding
        return


def count_noted() -> int:
    """Add what was noted to the counts of its days; returns how many questions there were.

    Killed between the count and the end, the same notes count once more: an ornament, no figure of the city.
    """
    noted, taken = _noted(), _noted().with_suffix(".taken")
    if not taken.exists():
        if not noted.exists():
            return 0
        noted.replace(taken)
    counts: Counter[tuple[date, str]] = Counter()
    for line in taken.read_text("utf-8", errors="ignore").splitlines():
        day, _, word = line.partition(" ")
        if _WORD.fullmatch(word) and re.fullmatch(r"\d{4}-\d\d-\d\d", day):
            counts[date.fromisoformat(day), word] += 1
    with transaction.atomic():
        for (on, word), count in sorted(counts.items()):
            AskedWord.objects.get_or_create(on=on, word=word)
            AskedWord.objects.filter(on=on, word=word).update(askers=F("askers") + count)
        AskedWord.objects.filter(on__lt=timezone.localdate() - timedelta(days=KEPT)).delete()
    taken.unlink()
    return counts.total()


def hot_words(most: int) -> list[str]:
    """The words that most people asked for of late, at most so many."""
    since = timezone.localdate() - timedelta(days=DAYS)
    rows = (
        AskedWord.objects.filter(on__gt=since)
        .values("word")
        .annotate(days=Count("on"), asked=Sum("askers"))
        .filter(days__gte=FEWEST_DAYS, asked__gte=FEWEST_ASKERS)
        .order_by("-asked", "word")
    )
    blocked = _blocked()
    shown = (row["word"] for row in rows[: most + 200] if not any(each in row["word"] for each in blocked))
    return [word for _, word in zip(range(most), shown, strict=False)]


def _blocked() -> set[str]:
    path = Path(settings.HOME) / BLOCKED
    if not path.is_file():
        return set()
    lines = (line.partition("#")[0].strip() for line in path.read_text("utf-8", errors="ignore").splitlines())
    return {line for line in lines if line}


def _noted() -> Path:
    return Path(settings.HOME) / "search" / "asked.txt"
