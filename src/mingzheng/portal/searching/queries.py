"""What is wanted, as the embedded engine is asked: which words must be there, and what puts a text before others."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from tantivy import FieldType, Occur, Query, Schema

TITLE: Final = 3.0  # a word in the title counts as much as three in the text
TOGETHER: Final = 6.0  # all words side by side in the title, on top of that
WHOLE: Final = 40.0  # the question is the title
NUMBER: Final = 60.0
STILL: Final = 1.0  # a document that holds, before one that has ended
NEAR: Final = 2  # words that may stand between those of a title
ID: Final = "id"

Word = Sequence[Sequence[str]]
"""Ways to say one word; each way is words that must all be there."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is asked for: everything of it must hold."""

    words: Sequence[Word] = ()
    order: Sequence[str] = ()
    """The words as they were typed one after the other: where a title says them so, it comes first."""
    whole: str = ""
    """The question as a title would be kept."""
    at_least: int | None = None
    """How many of the words suffice; all of them when not said."""
    phrases: Sequence[Sequence[str]] = ()
    numbers: Sequence[str] = ()
    """Of these, one suffices, whatever the words are."""
    number_only: bool = False
    """One of the numbers must be there, and the words as well."""
    without: Sequence[Sequence[str]] = ()
    """Phrases that must not be there."""
    title_only: bool = False
    unit: int | None = None
    column: int | None = None
    theme: str = ""
    kind: str = ""
    year: int | None = None
    since: date | None = None
    until: date | None = None
    in_force: bool = False
    newest_first: bool = False

    @property
    def says_something(self) -> bool:
        """Whether words are asked for, and not only a list to be limited."""
        return bool(self.words or self.phrases or self.numbers)


class Asking:
    """Makes the engine's queries of what is wanted."""

    def __init__(self, schema: Schema) -> None:
        self._schema = schema

    def query(self, wanted: Wanted) -> Query:
        words = [self._word(word, title_only=wanted.title_only) for word in wanted.words]
        asked: list[tuple[Occur, Query]] = []
        if wanted.at_least is None:
            asked += [(Occur.Must, word) for word in words]
        elif words:
            some = Query.boolean_query(
                [(Occur.Should, word) for word in words], minimum_number_should_match=wanted.at_least
            )
            asked.append((Occur.Must, some))
        place = "name" if wanted.title_only else "words"
        asked += [(Occur.Must, self._phrase(place, phrase)) for phrase in wanted.phrases]
        text = Query.boolean_query(asked) if asked else Query.all_query()
        if wanted.numbers:
            number = [Query.boost_query(self.term("numbers", each), NUMBER) for each in wanted.numbers]
            one = Query.disjunction_max_query(number)
            how = Occur.Must if wanted.number_only else Occur.Should
            text = Query.boolean_query([(how, each) for each in [one, *([text] if asked else [])]])
        must = [(Occur.Must, text), *((Occur.Must, each) for each in self._limits(wanted))]
        must += [(Occur.MustNot, self._phrase(place, each)) for each in wanted.without]
        if (asked or wanted.numbers) and not wanted.newest_first:
            must += [(Occur.Should, each) for each in self._better(wanted)]
        return Query.boolean_query(must)

    def _better(self, wanted: Wanted) -> Iterable[Query]:
        """What puts some of those that are found before others; none of it finds anything by itself."""
        yield Query.const_score_query(self.term("ended", "no"), STILL)
        if wanted.whole:
            yield Query.const_score_query(self.term("whole", wanted.whole), WHOLE)
        if len(wanted.order) > 1:
            together = Query.phrase_query(self._schema, "name", list(wanted.order), slop=NEAR)
            yield Query.const_score_query(together, TOGETHER)

    def _limits(self, wanted: Wanted) -> Iterable[Query]:
        exact: dict[str, int | str | None] = {
            "units": wanted.unit,
            "columns": wanted.column,
            "year": wanted.year,
        }
        exact |= {"theme": wanted.theme or None, "kind": wanted.kind or None}
        for name, value in exact.items():
            if value is not None:
                yield Query.const_score_query(self.term(name, value), 0.0)
        if wanted.in_force:
            yield Query.const_score_query(self.term("ended", "no"), 0.0)
        if wanted.since or wanted.until:
            first = wanted.since.toordinal() if wanted.since else 0
            last = wanted.until.toordinal() if wanted.until else date.max.toordinal()
            days = Query.range_query(self._schema, "day", FieldType.Unsigned, first, last)
            yield Query.const_score_query(days, 0.0)

    def _word(self, word: Word, *, title_only: bool) -> Query:
        ways = []
        for way in word:
            parts = [self.term("title", part) if title_only else self._anywhere(part) for part in way]
            ways.append(
                parts[0] if len(parts) == 1 else Query.boolean_query([(Occur.Must, each) for each in parts])
            )
        return ways[0] if len(ways) == 1 else Query.disjunction_max_query(ways)

    def _anywhere(self, word: str) -> Query:
        title = Query.boost_query(self.term("title", word), TITLE)
        return Query.boolean_query([(Occur.Should, title), (Occur.Should, self.term("parts", word))])

    def _phrase(self, place: str, words: Sequence[str]) -> Query:
        if len(words) == 1:
            return self.term(place, words[0])
        return Query.phrase_query(self._schema, place, list(words))

    def term(self, name: str, value: str | int) -> Query:
        return Query.term_query(self._schema, name, value)
