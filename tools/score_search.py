"""Scores searching on a folder of laws: ``python tools/score_search.py FOLDER [--misses]``.

FOLDER holds one Markdown file a law, ``title(YYYY-MM-DD).md``. All are imported as documents, earlier versions of the
same title as repealed by the next. The judged questions are ``bench/search_judged.yaml``. The same texts answer in
SQLite's FTS5 (trigram) and, under ``tools/with_postgres``, in PostgreSQL's ``to_tsvector('simple')``; in both a word
of the title counts three times, as in ours. Fails when ours is not ahead of both.
"""

from __future__ import annotations

import argparse
import re
import sqlite3
import sys
from collections import defaultdict
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime
from html import escape
from pathlib import Path
from typing import Any, Final

import yaml

sys.path[:0] = [str(Path(__file__).parents[1])]
from bench.city import build_units, fresh_home  # noqa: E402

JUDGED: Final = Path(__file__).parents[1] / "bench" / "search_judged.yaml"
STATE: Final = "中华人民共和国"
DEPTH: Final = 20
_NAME = re.compile(r"(.+)\((\d{4})-(\d{2})-(\d{2})\)")
_NUMBER = re.compile(r"(?:国务院|部|总局)令第\d+号")
Ask = Callable[[str], list[str]]


def main() -> int:
    parser = argparse.ArgumentParser(description="检索质量评分")
    parser.add_argument("folder", type=Path)
    parser.add_argument("--misses", action="store_true", help="列出没有排在首位的问题")
    asked = parser.parse_args()
    if not asked.folder.is_dir():
        sys.stderr.write("用法：python tools/score_search.py 存放法规的文件夹\n")
        return 2
    judged = yaml.safe_load(JUDGED.read_text("utf-8"))
    with fresh_home():
        from mingzheng.portal.searching.services import rebuild
        from mingzheng.publish.items.services import import_items

        office, codes = build_units()
        report = import_items(office, drafts(asked.folder, codes[1]), source="score")
        if report.refused:
            sys.stderr.write(f"{report.refused[0]}\n")
            return 2
        rebuild()
        askers: dict[str, Ask] = {"ours": ours(), "FTS5 trigram": fts5()}
        if (theirs := postgres()) is not None:
            askers["PostgreSQL simple"] = theirs
        ranks = {name: rank(ask, judged) for name, ask in askers.items()}
    return told(ranks, judged, misses=asked.misses)


def drafts(folder: Path, unit: str) -> Iterator[Any]:
    """Each law as a document; the day of its version is its day of publication."""
    from mingzheng.publish.items.services import ItemDraft

    versions: dict[str, list[tuple[date, Path]]] = defaultdict(list)
    for path in sorted(folder.rglob("*.md")):
        if named := _NAME.fullmatch(path.stem):
            versions[named[1]].append((date(*map(int, named.groups()[1:])), path))
    numbers = set[str]()
    for several in versions.values():
        several.sort()
        for (on, path), following in zip(several, [*several[1:], None], strict=True):
            head, _, body = path.read_text("utf-8").partition("\n")
            found = _NUMBER.search(body[:600])
            number = found[0] if found and found[0] not in numbers else ""
            numbers.add(number)
            lines = [line.lstrip("# ") for line in body.splitlines() if line.strip() and "<!--" not in line]
            yield ItemDraft(
                unit, "TZ01", head.lstrip("# ").strip(), "".join(f"<p>{escape(line)}</p>" for line in lines),
                published_at=datetime(on.year, on.month, on.day, 1, tzinfo=UTC), doc_no=number, issuer="国务院",
                written_on=on, effective_on=on, repealed_on=following and following[0], source_key=path.stem,
            )  # fmt: skip


def ours() -> Ask:
    """What the page of results shows."""
    from mingzheng.portal.searching.services import Question, find, opened
    from mingzheng.publish.items.models import Item

    titles = dict(Item.objects.values_list("pk", "title"))
    index = opened()
    assert index is not None

    def ask(question: str) -> list[str]:
        answer = find(index, Question(question), 0, DEPTH, facets=False, offers=False)
        return [titles[pk] for pk in answer.found.ids]

    return ask


def texts() -> Iterator[tuple[int, str, str]]:
    from mingzheng.publish.items.models import Item

    for pk, title, number, body in Item.objects.values_list("pk", "title", "doc_no", "body"):
        yield pk, title, f"{number}\n{re.sub('<[^>]*>', ' ', body)}"


def fts5() -> Ask:
    base = sqlite3.connect(":memory:")
    base.execute("CREATE VIRTUAL TABLE t USING fts5(title, body, tokenize='trigram')")
    base.executemany("INSERT INTO t(rowid, title, body) VALUES (?, ?, ?)", texts())
    best = "SELECT title FROM t WHERE t MATCH ? ORDER BY bm25(t, 3.0, 1.0) LIMIT ?"

    def ask(question: str) -> list[str]:
        match = " AND ".join(f'"{word}"' for word in re.sub(r'[“”"]', " ", question).split())
        return [title for (title,) in base.execute(best, (match, DEPTH))]

    return ask


def postgres() -> Ask | None:
    from django.db import connection

    if connection.vendor != "postgresql":
        return None
    cursor = connection.cursor()
    cursor.execute("CREATE TEMPORARY TABLE t (title text, words tsvector)")
    vector = "setweight(to_tsvector('simple', %s), 'A') || setweight(to_tsvector('simple', %s), 'C')"
    for _, title, body in texts():
        cursor.execute(f"INSERT INTO t VALUES (%s, {vector})", (title, title, body))
    best = (
        "SELECT title FROM t, plainto_tsquery('simple', %s) q WHERE words @@ q"
        " ORDER BY ts_rank('{0.1, 0.33, 0.33, 1.0}', words, q) DESC LIMIT %s"
    )

    def ask(question: str) -> list[str]:
        cursor.execute(best, (question, DEPTH))
        return [title for (title,) in cursor.fetchall()]

    return ask


def rank(ask: Ask, judged: dict[str, Any]) -> dict[str, int]:
    """The place of the first right title for each question, 0 where there is none among the first twenty."""
    places = {}
    for questions in judged.values():
        for question, right in questions.items():
            wanted = {title.removeprefix(STATE) for title in right}
            found = [title.removeprefix(STATE) in wanted for title in ask(question)]
            places[question] = found.index(True) + 1 if any(found) else 0
    return places


def told(ranks: dict[str, dict[str, int]], judged: dict[str, Any], *, misses: bool) -> int:
    """Print a line for each engine and kind of question; 1 when ours is not ahead."""
    kinds = {kind: list(questions) for kind, questions in judged.items()}
    kinds["all"] = [question for questions in judged.values() for question in questions]
    sys.stdout.write(f"{'':20}{'kind':10}{'number':>7}{'hit@1':>8}{'hit@5':>8}{'MRR':>8}\n")
    scores = {}
    for name, places in ranks.items():
        for kind, questions in kinds.items():
            got = [places[question] for question in questions]
            first, five = (sum(0 < place <= most for place in got) / len(got) for most in (1, 5))
            mean = sum(1 / place for place in got if place) / len(got)
            scores[name] = (first, five, mean)
            sys.stdout.write(f"{name:20}{kind:10}{len(got):>7}{first:>8.1%}{five:>8.1%}{mean:>8.3f}\n")
    if misses:
        for question, place in ranks["ours"].items():
            if place != 1:
                sys.stdout.write(f"{question}: {place or '没有找到'}\n")
    others = [score for name, score in scores.items() if name != "ours"]
    return int(
        any(mine <= theirs for other in others for mine, theirs in zip(scores["ours"], other, strict=True))
    )


if __name__ == "__main__":
    sys.exit(main())
