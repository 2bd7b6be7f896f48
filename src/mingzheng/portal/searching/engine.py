"""The embedded engine: tantivy over words that are cut already. What it is asked and answers knows nothing of it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any, Final, NamedTuple

import tantivy
from tantivy import Occur, Query

from mingzheng.portal.searching.queries import ID, Asking, Wanted

HEAP: Final = 128_000_000  # bytes of the writer
FACETS: Final = ("year", "kind", "theme", "unit")
FACET_VALUES: Final = 40
EPOCH: Final = 1_199_145_600  # the beginning of 2008, when the Regulation came
YEAR: Final = 31_556_952  # seconds
FRESH: Final = 0.03  # of its score a text gains for every year since then: exact titles stay before new ones
_WORDS: Final = "whitespace"


class Busy(Exception):
    """Another process is writing the index."""


class Text(NamedTuple):
    """One item as the engine keeps it. Words are joined by blanks; nothing of it can be read back but numbers."""

    id: int
    stamp: int
    """Changes with whatever of the item is indexed."""
    title: str
    """The words of its title and those within them."""
    name: str
    """The words of its title in their order."""
    whole: Sequence[str]
    """Its title without signs, and without what stands before its name."""
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
    of: int = 0
    """The public document that it interprets; 0 for none."""


@dataclass(slots=True)
class Found:
    """How many there are, some of them by id, and how many of each year, kind, theme and unit."""

    total: int
    ids: list[int]
    facets: dict[str, dict[str, int]] = field(default_factory=dict)


def _schema() -> tantivy.Schema:
    made = tantivy.SchemaBuilder()
    for name in (ID, "stamp", "unit", "year", "day", "at", "of"):
        made.add_unsigned_field(name, indexed=True, fast=True)
    made.add_float_field("fresh", fast=True)
    for name in ("units", "columns"):
        made.add_unsigned_field(name, indexed=True)
    made.add_text_field("title", tokenizer_name=_WORDS, index_option="freq")
    made.add_text_field("parts", tokenizer_name=_WORDS, index_option="freq")
    made.add_text_field("name", tokenizer_name=_WORDS, index_option="position")
    made.add_text_field("words", tokenizer_name=_WORDS, index_option="position")
    for name in ("numbers", "whole", "ended", "told"):
        made.add_text_field(name, tokenizer_name="raw", index_option="basic")
    for name in ("theme", "kind"):
        made.add_text_field(name, tokenizer_name="raw", index_option="basic", fast=True)
    return made.build()


class Engine:
    """One index in one folder. One process writes at a time; any number read what was written last."""

    def __init__(self, folder: Path) -> None:
        self._schema = _schema()
        self._asking = Asking(self._schema)
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
                writer.delete_documents_by_query(Query.term_set_query(self._schema, ID, old))
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
        return dict(zip(_numbers(searcher, ID, places), _numbers(searcher, "stamp", places), strict=True))

    def find(self, wanted: Wanted, offset: int, limit: int, *, facets: bool = True) -> Found:
        """Those at the places from ``offset`` on, the best first or the newest first.

        An interpretation is not found beside its document: it is shown with that.
        """
        searcher, query = self._index.searcher(), self._asking.query(wanted)
        beside = self._beside_their_documents(searcher, query) if wanted.says_something else []
        if beside:
            without = Query.term_set_query(self._schema, ID, beside)
            query = Query.boolean_query([(Occur.Must, query), (Occur.MustNot, without)])
        order: dict[str, Any] = (
            {"order_by_field": "at"} if wanted.newest_first else {"weight_by_field": "fresh"}
        )
        result: Any = searcher.search(query, limit=limit, offset=offset, count=True, **order)
        found = Found(result.count, _numbers(searcher, ID, [place for _, place in result.hits]))
        if facets and found.total:
            asked = {name: {"terms": {"field": name, "size": FACET_VALUES}} for name in FACETS}
            told = searcher.aggregate(query, asked)
            for name in FACETS:
                buckets = told[name]["buckets"]
                found.facets[name] = {_key(each["key"]): int(each["doc_count"]) for each in buckets}
            if beside:  # who asks for interpretations alone finds these too
                kinds = found.facets["kind"]
                kinds["interpretation"] = kinds.get("interpretation", 0) + len(beside)
        return found

    def count(self, wanted: Wanted) -> int:
        """How many there are."""
        return self.find(wanted, 0, 1, facets=False).total

    def _beside_their_documents(self, searcher: Any, query: Query) -> list[int]:
        """The interpretations whose documents are found as well."""
        told = Query.boolean_query([(Occur.Must, query), (Occur.Must, self._asking.term("told", "yes"))])
        hits = searcher.search(told, limit=max(searcher.num_docs, 1), count=False).hits
        places = [place for _, place in hits]
        of = dict(zip(_numbers(searcher, ID, places), _numbers(searcher, "of", places), strict=True))
        if not of:
            return []
        among = Query.term_set_query(self._schema, ID, sorted(set(of.values())))
        both = Query.boolean_query([(Occur.Must, query), (Occur.Must, among)])
        hits = searcher.search(both, limit=len(of), count=False).hits
        documents = set(_numbers(searcher, ID, [place for _, place in hits]))
        return sorted(pk for pk, document in of.items() if document in documents)

    def _document(self, text: Text) -> tantivy.Document:
        made = tantivy.Document()
        made.add_unsigned(ID, text.id)
        made.add_unsigned("stamp", text.stamp)
        made.add_unsigned("unit", text.units[0])
        made.add_unsigned("year", text.on.year)
        made.add_unsigned("day", text.on.toordinal())
        made.add_unsigned("at", max(text.at, 0))
        # The engine multiplies a score by log2(2 + this).
        made.add_float("fresh", 2 ** (1 + FRESH * max(text.at - EPOCH, 0) / YEAR) - 2)
        made.add_unsigned("of", text.of)
        made.add_text("told", "yes" if text.of else "no")
        for title in text.whole:
            made.add_text("whole", title)
        made.add_text("name", text.name)
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


def _numbers(searcher: Any, name: str, places: Sequence[Any]) -> list[int]:
    return [int(value) for value in searcher.fast_field_values(name, places)] if places else []


def _key(value: Any) -> str:
    return str(int(value)) if isinstance(value, float) else str(value)
