"""The embedded engine: tantivy over words that are cut already. What it is asked and answers knows nothing of it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any, Final, NamedTuple

import tantivy
from tantivy import FieldType, Occur, Query

HEAP: Final = 128_000_000  # bytes of the writer
FACETS: Final = ("year", "kind", "theme", "unit")
FACET_VALUES: Final = 40
TITLE: Final = 3.0  # a word in the title counts as much as three in the text
NUMBER: Final = 60.0
EPOCH: Final = 1_199_145_600  # the beginning of 2008, when the Regulation came
YEAR: Final = 31_556_952  # seconds; a score is multiplied by log2(2 + years since then)
_WORDS: Final = "whitespace"
_ID: Final = "id"


class Busy(Exception):
    """Another process is writing the index."""


class Text(NamedTuple):
    """One item as the engine keeps it. Words are joined by blanks; nothing of it can be read back but numbers."""

    id: int
    stamp: int
    """Changes with whatever of the item is indexed."""
    title: str
    parts: str
    words: str
    numbers: Sequence[str]
    units: Sequence[int]
    """Its unit and those above it, its own first."""
    columns: Sequence[int]
    theme: str
    kind: str
    on: date
    at: int
    """First publication, in seconds."""
    ended: bool


Word = Sequence[Sequence[str]]
"""Ways to say one word; each way is words that must all be there."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is asked for: everything of it must hold."""

    words: Sequence[Word] = ()
    phrases: Sequence[Sequence[str]] = ()
    numbers: Sequence[str] = ()
    """Of these, one suffices, whatever the words are."""
    unit: int | None = None
    column: int | None = None
    theme: str = ""
    kind: str = ""
    year: int | None = None
    since: date | None = None
    until: date | None = None
    in_force: bool = False
    newest_first: bool = False


@dataclass(slots=True)
class Found:
    """How many there are, some of them by id, and how many of each year, kind, theme and unit."""

    total: int
    ids: list[int]
    facets: dict[str, dict[str, int]] = field(default_factory=dict)


def _schema() -> tantivy.Schema:
    made = tantivy.SchemaBuilder()
    for name in (_ID, "stamp", "unit", "year", "day", "at"):
        made.add_unsigned_field(name, indexed=True, fast=True)
    made.add_float_field("fresh", fast=True)
    for name in ("units", "columns"):
        made.add_unsigned_field(name, indexed=True)
    made.add_text_field("title", tokenizer_name=_WORDS, index_option="freq")
    made.add_text_field("parts", tokenizer_name=_WORDS, index_option="freq")
    made.add_text_field("words", tokenizer_name=_WORDS, index_option="position")
    for name in ("numbers", "ended"):
        made.add_text_field(name, tokenizer_name="raw", index_option="basic")
    for name in ("theme", "kind"):
        made.add_text_field(name, tokenizer_name="raw", index_option="basic", fast=True)
    return made.build()


class Engine:
    """One index in one folder. One process writes at a time; any number read what was written last."""

    def __init__(self, folder: Path) -> None:
        self._schema = _schema()
        self._index = tantivy.Index(self._schema, path=str(folder))

    def write(self, texts: Iterable[Text], instead_of: Iterable[int] = ()) -> int:
        """Write these items in the place of what is kept of those ids; all at once for those who read.

        Returns how many were written. Raises :class:`Busy` while another process writes.
        """
        try:
            writer, count = self._index.writer(heap_size=HEAP, num_threads=1), 0
        except ValueError as busy:
            raise Busy from busy
        try:
            old = list(instead_of)
            if old:
                writer.delete_documents_by_query(Query.term_set_query(self._schema, _ID, old))
            for text in texts:
                writer.add_document(self._document(text))
                count += 1
            writer.commit()
        except BaseException:
            writer.rollback()
            raise
        writer.wait_merging_threads()
        self._index.reload()
        return count

    def reload(self) -> None:
        """Read from now on what another process has written."""
        self._index.reload()

    def stamps(self) -> dict[int, int]:
        """The stamp of every item that is kept, by id."""
        searcher = self._index.searcher()
        hits = searcher.search(Query.all_query(), limit=max(searcher.num_docs, 1), count=False).hits
        places = [place for _, place in hits]
        if not places:
            return {}
        return dict(zip(_numbers(searcher, _ID, places), _numbers(searcher, "stamp", places), strict=True))

    def find(self, wanted: Wanted, offset: int, limit: int, *, facets: bool = True) -> Found:
        """Those at the places from ``offset`` on, the best first or the newest first."""
        searcher, query = self._index.searcher(), self._query(wanted)
        order: dict[str, Any] = (
            {"order_by_field": "at"} if wanted.newest_first else {"weight_by_field": "fresh"}
        )
        result: Any = searcher.search(query, limit=limit, offset=offset, count=True, **order)
        found = Found(result.count, _numbers(searcher, _ID, [place for _, place in result.hits]))
        if facets and found.total:
            asked = {name: {"terms": {"field": name, "size": FACET_VALUES}} for name in FACETS}
            told = searcher.aggregate(query, asked)
            for name in FACETS:
                buckets = told[name]["buckets"]
                found.facets[name] = {_key(each["key"]): int(each["doc_count"]) for each in buckets}
        return found

    def _document(self, text: Text) -> tantivy.Document:
        made = tantivy.Document()
        made.add_unsigned(_ID, text.id)
        made.add_unsigned("stamp", text.stamp)
        made.add_unsigned("unit", text.units[0])
        made.add_unsigned("year", text.on.year)
        made.add_unsigned("day", text.on.toordinal())
        made.add_unsigned("at", max(text.at, 0))
        made.add_float("fresh", max(text.at - EPOCH, 0) / YEAR)
        for unit in text.units:
            made.add_unsigned("units", unit)
        for column in text.columns:
            made.add_unsigned("columns", column)
        made.add_text("title", text.title)
        made.add_text("parts", text.parts)
        made.add_text("words", text.words)
        for number in text.numbers:
            made.add_text("numbers", number)
        made.add_text("ended", "yes" if text.ended else "no")
        made.add_text("theme", text.theme)
        made.add_text("kind", text.kind)
        return made

    def _query(self, wanted: Wanted) -> Query:
        asked = [(Occur.Must, self._word(word)) for word in wanted.words]
        asked += [(Occur.Must, self._phrase(phrase)) for phrase in wanted.phrases]
        text = Query.boolean_query(asked) if asked else Query.all_query()
        if wanted.numbers:
            number = [Query.boost_query(self._term("numbers", each), NUMBER) for each in wanted.numbers]
            text = Query.boolean_query(
                [(Occur.Should, each) for each in [*number, *([text] if asked else [])]]
            )
        must = [(Occur.Must, text), *((Occur.Must, each) for each in self._limits(wanted))]
        if asked and not wanted.newest_first:
            # Whatever still holds gets a little more; what has ended is found as well.
            still = Query.const_score_query(self._term("ended", "no"), 1.0)
            must.append((Occur.Should, still))
        return Query.boolean_query(must)

    def _limits(self, wanted: Wanted) -> Iterable[Query]:
        exact: dict[str, int | str | None] = {
            "units": wanted.unit,
            "columns": wanted.column,
            "year": wanted.year,
        }
        exact |= {"theme": wanted.theme or None, "kind": wanted.kind or None}
        for name, value in exact.items():
            if value is not None:
                yield Query.const_score_query(self._term(name, value), 0.0)
        if wanted.in_force:
            yield Query.const_score_query(self._term("ended", "no"), 0.0)
        if wanted.since or wanted.until:
            first = wanted.since.toordinal() if wanted.since else 0
            last = wanted.until.toordinal() if wanted.until else date.max.toordinal()
            days = Query.range_query(self._schema, "day", FieldType.Unsigned, first, last)
            yield Query.const_score_query(days, 0.0)

    def _word(self, word: Word) -> Query:
        ways = []
        for way in word:
            parts = [self._anywhere(part) for part in way]
            ways.append(
                parts[0] if len(parts) == 1 else Query.boolean_query([(Occur.Must, each) for each in parts])
            )
        return ways[0] if len(ways) == 1 else Query.disjunction_max_query(ways)

    def _anywhere(self, word: str) -> Query:
        title = Query.boost_query(self._term("title", word), TITLE)
        return Query.boolean_query([(Occur.Should, title), (Occur.Should, self._term("parts", word))])

    def _phrase(self, words: Sequence[str]) -> Query:
        if len(words) == 1:
            return self._term("words", words[0])
        return Query.phrase_query(self._schema, "words", list(words))

    def _term(self, name: str, value: str | int) -> Query:
        return Query.term_query(self._schema, name, value)


def _numbers(searcher: Any, name: str, places: Sequence[Any]) -> list[int]:
    return [int(value) for value in searcher.fast_field_values(name, places)] if places else []


def _key(value: Any) -> str:
    return str(int(value)) if isinstance(value, float) else str(value)
