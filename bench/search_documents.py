"""Searching very many synthetic documents: ``python -m bench.search --documents N``.

Texts go from the segmenter straight into the engine, a stream that is never held. Words follow Zipf's law, so that
some stand in a third of all documents; three of a hundred interpret an earlier one. Questions are of one to three
words with a filter by year and all facets; the items of the pages that are asked for are written to the database.
"""

from __future__ import annotations

import random
import time
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from itertools import accumulate
from pathlib import Path
from typing import Any, Final

from tqdm import tqdm

from bench.city import fresh_home
from bench.search import QUESTIONS, spread

BODY_WORDS: Final = 420  # about 1,500 characters
UNITS: Final = 320
YEARS: Final = range(2008, 2027)
HEADS: Final = "市县区镇村局厅处科院校所站队部门民众企业农林水土地房屋道路交通医疗卫生教育文化体育旅游环境安全生产应急消防"
TAILS: Final = (
    "管理服务监督检查保障规划建设发展改革公开登记审批许可处罚补贴救助培训考核评价通报公告方案办法细则规定意见"
)


def vocabulary() -> list[str]:
    """Words of two to four characters, the most used first."""
    heads = [HEADS[place : place + 2] for place in range(len(HEADS) - 1)]
    tails = [TAILS[place : place + 2] for place in range(0, len(TAILS) - 1, 2)]
    words = [*tails, *heads, *(head + tail for tail in tails for head in heads)]
    random.Random(3).shuffle(words)
    return list(dict.fromkeys(words))


def documents(count: int, words: Any) -> Iterator[tuple[Any, int]]:
    """Each text as the engine takes it, and the length of what it was cut from, in bytes."""
    from mingzheng.portal.searching.engine import Text

    known, dice = vocabulary(), random.Random(5)
    weights = list(accumulate(1 / (place + 10) for place in range(len(known))))
    first = datetime(YEARS[0], 1, 1, tzinfo=UTC)
    minutes = (datetime(YEARS[-1], 12, 31, tzinfo=UTC) - first) // timedelta(minutes=1)
    for number in range(1, count + 1):
        title = "关于" + "".join(dice.choices(known, cum_weights=weights, k=4)) + "的通知"
        picked = dice.choices(known, cum_weights=weights, k=BODY_WORDS)
        body = f"{title}第{number}号。" + "，".join(
            "".join(picked[at : at + 6]) for at in range(0, BODY_WORDS, 6)
        )
        at = first + timedelta(minutes=dice.randrange(minutes))
        told = dice.randrange(1, number) if number > 1 and dice.random() < 0.03 else 0
        unit = dice.randrange(2, UNITS + 2)
        name, cut = words.cut(title), words.cut(body)
        yield Text(
            id=number, stamp=number, title=" ".join(words.parts(title)), name=" ".join(name), whole=["".join(name)],
            parts=" ".join(words.with_parts(cut)), words=" ".join(cut), numbers=[f"示〔{at.year}〕{number}号"],
            units=[unit, 1], columns=[unit % 40 + 1], theme=str(dice.randrange(1, 23)),
            kind="interpretation" if told else "document" if number % 3 else "information", on=at.date(),
            at=int(at.timestamp()), ended=number % 11 == 0, of=told,
        ), len(body.encode())  # fmt: skip


def run(count: int) -> None:
    """Build, ask, and print."""
    with fresh_home() as home:
        from mingzheng.portal.searching.engine import Engine
        from mingzheng.portal.searching.queries import Wanted
        from mingzheng.portal.searching.words import Words

        words = Words(vocabulary(), {})
        folder = home / "search" / "index-1"
        folder.mkdir(parents=True)
        engine, length = Engine(folder), 0

        def stream() -> Iterator[Any]:
            nonlocal length
            for text, size in tqdm(documents(count, words), total=count, unit="条"):
                length += size
                yield text

        started = time.process_time()
        engine.write(stream())
        making = time.process_time() - started
        some, started = 2000, time.process_time()
        for _ in documents(some, words):
            pass
        writing = making - (time.process_time() - started) * count / some
        size = sum(file.stat().st_size for file in folder.rglob("*") if file.is_file())
        print(
            f"{count:,} documents of {length / count:,.0f} bytes: {count / making:,.0f} a CPU second, cut and invented;"
        )
        print(f"  the engine alone {count / max(writing, 0.01):,.0f} a CPU second (goal: 800 with cutting)")
        print(f"index: {size / length:.2f}x the text (goal: at most 1.5x)")

        dice, known = random.Random(7), vocabulary()
        asked: dict[str, list[Wanted]] = {"year and facets": [], "no filter, facets": []}
        for _ in range(QUESTIONS):
            ways = [[[word]] for word in dice.sample(known[:400], dice.randint(1, 3))]
            asked["year and facets"].append(Wanted(words=ways, year=dice.choice(YEARS)))
            asked["no filter, facets"].append(Wanted(words=ways))
        for name, questions in asked.items():
            spent, cpu, share = list[float](), list[float](), 0
            shown = set[int]()
            for wanted in questions:
                begun, used = time.perf_counter(), time.process_time()
                found = engine.find(wanted, 0, 20)
                spent.append(time.perf_counter() - begun)
                cpu.append(time.process_time() - used)
                share += found.total
                shown.update(found.ids)
            print(
                f"{name}: {share / len(questions) / count:.1%} found; ms, median / p95: {spread(spent)}; CPU {spread(cpu)}"
            )
            if name == "year and facets":
                _pages(home, words, questions, shown)


def _pages(home: Path, words: Any, questions: list[Any], shown: set[int]) -> None:
    """The same questions as pages."""
    from django.conf import settings
    from django.test import Client

    from bench.city import build_units
    from mingzheng.city.models import Unit
    from mingzheng.portal.searching.names import make
    from mingzheng.publish.catalogue.models import Column
    from mingzheng.publish.items.models import Item

    settings.ALLOWED_HOSTS = ["*"]
    build_units()
    units, column = list(Unit.objects.all()), Column.objects.get(code="TZ01")
    Item.objects.bulk_create(
        Item(
            pk=pk, unit=units[pk % len(units)], column=column, index_no=f"示范/{pk}", title=f"关于第{pk}项工作的通知",
            openness="proactive", content_source="示范市", status="published", body="<p>正文。</p>" * 200,
            first_published_at=datetime.combine(date(2018, 1, 1), datetime.min.time(), UTC),
        )
        for pk in sorted(shown)
    )  # fmt: skip
    folder = home / "search" / "index-1"
    words.write(folder / "words.json")
    make(folder / "names.sqlite", words, [], [])
    (home / "search" / "current").write_text("index-1")
    client, spent = Client(), list[float]()
    client.get("/search/", {"q": "通知"})
    for wanted in questions:
        text = " ".join(word[0][0] for word in wanted.words)
        begun = time.perf_counter()
        client.get("/search/", {"q": text, "year": wanted.year})
        spent.append(time.perf_counter() - begun)
    print(f"as a page, ms, median / p95: {spread(spent)} (goal: p95 below 50 with a million)")
