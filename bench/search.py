"""Searching a city: the index's making against cutting words alone, and questions against SQLite's FTS5 on the same words.

``python -m bench.search [--items N | --documents N]``. CPU seconds of one process; questions are of one to three words of the texts,
each with a filter by year and all facets. FTS5 only counts what it finds and takes the first twenty.
"""

from __future__ import annotations

import argparse
import math
import random
import sqlite3
import statistics
import time
from datetime import date
from typing import Any

from bench.city import YEAR_ITEMS, build_units, drafts, fresh_home

QUESTIONS = 100
CHUNK = 2000


def spread(spent: list[float]) -> str:
    """Median and 95th percentile, in milliseconds."""
    spent = sorted(each * 1000 for each in spent)
    return f"{statistics.median(spent):8.2f} / {spent[math.ceil(len(spent) * 0.95) - 1]:8.2f}"


def questions(texts: list[Any]) -> list[tuple[list[str], int]]:
    """One to three words that stand together in some text, and its year."""
    dice = random.Random(7)
    asked = []
    while len(asked) < QUESTIONS:
        text = dice.choice(texts)
        words = sorted({word for word in text.words.split() if len(word) > 1})
        asked.append((dice.sample(words, min(len(words), dice.randint(1, 3))), text.on.year))
    return asked


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--items", type=int, default=YEAR_ITEMS)
    parser.add_argument("--documents", type=int, help="synthetic documents straight into the engine, instead")
    asked = parser.parse_args()
    if asked.documents:
        from bench.search_documents import run

        run(asked.documents)
        return
    items = asked.items
    with fresh_home() as home:
        from django.conf import settings
        from django.test import Client

        from mingzheng.city import services as city
        from mingzheng.city.services import finish_events, waiting_events
        from mingzheng.portal.changes import TOPICS
        from mingzheng.portal.searching.queries import Wanted
        from mingzheng.portal.searching.services import follow, opened, rebuild
        from mingzheng.portal.searching.texts import Texts
        from mingzheng.publish.items.models import Item
        from mingzheng.publish.items.services import ItemDraft, import_items, publish_urgently

        settings.ALLOWED_HOSTS = ["*"]
        office, codes = build_units()
        import_items(office, drafts(codes, items), source="bench")
        started = time.process_time()
        count = rebuild()
        making = time.process_time() - started
        index = opened()
        assert index is not None
        ids = list(Item.objects.public().values_list("pk", flat=True))
        some = list(Texts(index.words).of(random.Random(1).sample(ids, CHUNK)))
        raw = [
            f"{each.title}\n{each.body}" for each in Item.objects.filter(pk__in=[text.id for text in some])
        ]
        started = time.process_time()
        for text in raw:
            index.words.parts(text)
        cutting = CHUNK / (time.process_time() - started)
        size = sum(file.stat().st_size for file in (home / "search").rglob("*") if file.is_file())
        length = sum(len(text.encode()) for text in raw) / CHUNK * count
        print(f"index of {count:,} items: {count / making:,.0f} a CPU second, reading them included")
        print(f"cutting words alone, once: {cutting:,.0f} a CPU second; ratio {count / making / cutting:.2f}")
        print(
            f"its size: {size / count:,.0f} bytes an item, {size / length:.2f}x the text (goal: at most 1.5x)"
        )

        old = sqlite3.connect(":memory:")
        old.execute("CREATE VIRTUAL TABLE t USING fts5(words, year UNINDEXED, tokenize='unicode61')")
        for start in range(0, len(ids), CHUNK):
            rows = (
                (each.id, each.parts, each.on.year)
                for each in Texts(index.words).of(ids[start : start + CHUNK])
            )
            old.executemany("INSERT INTO t(rowid, words, year) VALUES (?, ?, ?)", rows)
        ours, theirs, page = list[float](), list[float](), list[float]()
        client = Client()
        for words, year in questions(some):
            wanted = Wanted(words=[[[word]] for word in words], year=year)
            started = time.perf_counter()
            found = index.engine.find(wanted, 0, 20)
            ours.append(time.perf_counter() - started)
            match = " AND ".join(f'"{word}"' for word in words)
            started = time.perf_counter()
            told = old.execute(
                "SELECT count(*) FROM t WHERE t MATCH ? AND year = ?", (match, year)
            ).fetchone()
            old.execute(
                "SELECT rowid FROM t WHERE t MATCH ? AND year = ? ORDER BY rank LIMIT 20", (match, year)
            ).fetchall()
            theirs.append(time.perf_counter() - started)
            if told[0] != found.total:
                raise SystemExit(f"{words}: FTS5 counts {told[0]}, the index {found.total}")
            started = time.perf_counter()
            client.get("/search/", {"q": " ".join(words), "year": year})
            page.append(time.perf_counter() - started)
        print(
            f"ms, median / p95 of {QUESTIONS}: in the engine {spread(ours)}; FTS5 {spread(theirs)}; as a page {spread(page)}"
        )
        print(
            f"ratio of the medians, FTS5 to the engine: {statistics.median(theirs) / statistics.median(ours):.1f}"
        )

        duty = city.create_person(None, username="duty", name="应急发布员", password=None)
        city.grant(None, duty, "duty", city.root_unit(), starts_on=date(2010, 1, 1), downwards=True)
        finish_events(event.pk for event in waiting_events(TOPICS))
        spent = []
        for number in range(10):
            publish_urgently(
                duty,
                ItemDraft(codes[0], "TZ01", f"第{number}号通知", "<p>正文。</p>"),
                reason="测量发布的快慢",
            )
            started = time.perf_counter()
            if follow(waiting_events(TOPICS)) != number + 1:
                raise SystemExit("a published item was not indexed")
            spent.append(time.perf_counter() - started)
        print(f"found after its publication: {spread(spent)} ms, median / p95 of 10 (goal: within 2 s)")


if __name__ == "__main__":
    main()
