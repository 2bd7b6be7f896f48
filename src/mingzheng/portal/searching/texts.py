"""Items as the engine keeps them: their words, numbers and filters."""

from __future__ import annotations

import html
import re
import zlib
from collections import defaultdict
from collections.abc import Iterator, Sequence
from functools import cached_property
from typing import Any, Final

from django.utils import timezone

from mingzheng.city.models import Unit
from mingzheng.law.doc_numbers import UNPARSED, parse_doc_numbers
from mingzheng.portal.searching.engine import Text
from mingzheng.portal.searching.names import MOST_TITLES, Name
from mingzheng.portal.searching.titles import names_of, plain
from mingzheng.portal.searching.words import Words, fold
from mingzheng.publish.catalogue.models import Column
from mingzheng.publish.documents.services import Standing, Validity, is_document, normative_columns
from mingzheng.publish.items.models import Attachment, Interpretation, Item
from mingzheng.publish.manuscripts.models import ManuscriptFile

CHUNK: Final = 500
KINDS: Final = {"document": "政策文件", "interpretation": "政策解读", "information": "政府信息"}
LONGEST_FILE: Final = 200_000  # characters of one attachment
_ENDED: Final = (Validity.EXPIRED, Validity.REPEALED)
_TAG: Final = re.compile(r"<[^>]*>")
_FIELDS: Final = (
    "id", "title", "doc_no", "index_no", "issuer", "keywords", "abstract", "theme", "unit_id", "column_id",
    "first_published_at", "amended_at", "written_on", "effective_on", "expires_on", "repealed_on", "is_statement",
)  # fmt: skip


class Texts:
    """Reads items; one for each pass over the index. With ``only``, nothing is known of others than these."""

    def __init__(self, words: Words, only: Sequence[int] | None = None) -> None:
        self.words, self.only, self.on = words, only, timezone.localdate()
        self._normative = normative_columns()
        self._units = {unit.pk: unit for unit in Unit.objects.all()}
        self._columns = {column.pk: column for column in Column.objects.all()}

    @cached_property
    def _standing(self) -> Standing:
        return Standing(self._normative, **({} if self.only is None else {"pk__in": self.only}))

    @cached_property
    def _interpretations(self) -> dict[int, int]:
        """By the items that interpret: the public document that they interpret, 0 for one of elsewhere."""
        found = Interpretation.objects.all()
        found = found if self.only is None else found.filter(item__in=self.only)
        of = dict(found.values_list("item_id", "document_id"))
        some = of.values() if self.only is not None else None
        public = Item.objects.public().filter(interpretations__isnull=False)
        known = set((public if some is None else public.filter(pk__in=[*some])).values_list("pk", flat=True))
        return {item: document if document in known else 0 for item, document in of.items()}

    def stamps(self) -> dict[int, int]:
        """What the stamp of every public item must be now; bodies are not read."""
        rows = Item.objects.public().values_list(*_FIELDS, named=True).iterator(chunk_size=5000)
        return {row.id: self._stamp(row) for row in rows}

    def titles(self, ids: Sequence[int] | None = None) -> Iterator[Name]:
        """The titles that can be suggested: of these items, or the newest ones."""
        rows = Item.objects.public().values_list("title", "first_published_at", "pk")
        rows = rows.filter(pk__in=ids) if ids is not None else rows.order_by("-first_published_at", "-pk")
        for title, at, pk in rows[:MOST_TITLES].iterator(chunk_size=5000):
            yield Name(title, "title", int(at.timestamp()), pk)

    def of(self, ids: Sequence[int]) -> Iterator[Text]:
        """The public ones of these items."""
        for start in range(0, len(ids), CHUNK):
            some = ids[start : start + CHUNK]
            files = self._files(some)
            rows = Item.objects.public().filter(pk__in=some).values_list(*_FIELDS, "body", named=True)
            for row in rows:
                yield self._text(row, files.get(row.id, ""))

    def _text(self, row: Any, files: str) -> Text:
        body = html.unescape(_TAG.sub(" ", row.body))
        whole = "\n".join((row.title, row.doc_no, row.issuer, row.keywords, row.abstract, body, files))
        numbers = {
            each.normal for each in parse_doc_numbers(row.doc_no) if each.normal and each.status != UNPARSED
        } | {
            row.index_no,
            row.doc_no,
        }
        on, cut = timezone.localdate(row.first_published_at), self.words.cut(whole)
        return Text(
            id=row.id, stamp=self._stamp(row), title=" ".join(self.words.parts(row.title)),
            parts=" ".join(self.words.with_parts(cut)), words=" ".join(cut),
            numbers=[fold(each) for each in numbers if each], units=self._unit_chain(row.unit_id),
            columns=self._column_chain(row.column_id), theme=row.theme, kind=self._kind(row), on=on,
            at=int(row.first_published_at.timestamp()), ended=self._has_ended(row),
            of=self._interpretations.get(row.id, 0), name=" ".join(self.words.cut(row.title)),
            whole=list(dict.fromkeys(map(plain, names_of(row.title)))),
        )  # fmt: skip

    def _stamp(self, row: Any) -> int:
        told = [str(getattr(row, name)) for name in _FIELDS]
        told += [
            self._kind(row),
            str(self._interpretations.get(row.id)),
            str(self._has_ended(row)),
            self.words.digest,
        ]
        return zlib.crc32("\0".join(told).encode())

    def _kind(self, row: Any) -> str:
        if row.id in self._interpretations:
            return "interpretation"
        return "document" if is_document(row, self._normative) else "information"

    def _has_ended(self, row: Any) -> bool:
        return is_document(row, self._normative) and self._standing.validity(row, self.on) in _ENDED

    def _unit_chain(self, pk: int) -> list[int]:
        chain, unit = [], self._units[pk]
        while True:
            chain.append(unit.pk)
            if unit.parent_id is None:
                return chain
            unit = self._units[unit.parent_id]

    def _column_chain(self, pk: int) -> list[int]:
        chain, column = [], self._columns[pk]
        while True:
            chain.append(column.pk)
            if column.parent_id is None:
                return chain
            column = self._columns[column.parent_id]

    def _files(self, ids: Sequence[int]) -> dict[int, str]:
        """What the attachments of these items say, and what they are called."""
        found: dict[int, list[str]] = defaultdict(list)
        kept = list(
            Attachment.objects.filter(item__in=ids, is_inline=False).values_list("item_id", "name", "url")
        )
        keys = {url.removeprefix("/files/") for _, _, url in kept if url.startswith("/files/")}
        texts = dict(ManuscriptFile.objects.filter(key__in=keys).values_list("key", "text")) if keys else {}
        for pk, name, url in kept:
            found[pk] += [name, texts.get(url.removeprefix("/files/"), "")[:LONGEST_FILE]]
        return {pk: "\n".join(each) for pk, each in found.items()}
