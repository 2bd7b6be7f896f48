"""Writes checked drafts to the tables: the one place where items come into being, alone or a hundred thousand.

Set-based: a few statements per thousand rows. Works inside the caller's transaction, which holds the number
counters' locks; nothing is visible before it commits.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass

from django.conf import settings
from django.db import DEFAULT_DB_ALIAS, connection, connections, models

from mingzheng.city.models import Unit
from mingzheng.city.numbering import Counters
from mingzheng.law.index_numbers import IndexPattern
from mingzheng.publish.catalogue.models import Column
from mingzheng.publish.doubles import services as doubles
from mingzheng.publish.items.drafts import ItemDraft
from mingzheng.publish.items.models import Attachment, Interpretation, Item, Participant
from mingzheng.publish.items.validation import ItemRefused, Rules

FROM_DRAFT = (
    "title", "doc_no", "issuer", "theme", "genre", "audience", "keywords", "abstract", "openness",
    "non_disclosure_reason", "content_source", "source_url", "source_key", "is_statement",
    "written_on", "formed_on", "effective_on", "expires_on", "repealed_on",
)  # fmt: skip
COLUMNS = (
    "id", "unit_id", "column_id", "index_no", "status", "withdrawal_reason", "first_published_at",
    *FROM_DRAFT, "body",
)  # fmt: skip


@dataclass(slots=True)
class Row:
    """A draft that passed the rules, with its place in the source."""

    number: int
    draft: ItemDraft
    unit: Unit
    column: Column


def names_of(row: Row) -> list[str]:
    """The names by which an interpretation may call this row: none unless it is a numbered document."""
    if not row.draft.doc_no:
        return []
    keys = [row.draft.source_key] if row.draft.source_key else []
    return [*keys, _numbered(row.unit, row.draft.doc_no)]


def _numbered(unit: Unit, doc_no: str) -> str:
    return f"{unit.pk}\n{doc_no}"


class ItemWriter:
    """Checks drafts against what is stored and writes them. One writer serves one transaction."""

    def __init__(self, rules: Rules) -> None:
        self.rules = rules
        self.counters = Counters()
        self.pattern = IndexPattern(settings.INDEX_NUMBER_PATTERN)
        self.digest = hashlib.sha256()
        self._ids = _Ids()
        self._documents: dict[str, int] = {}
        self._insert = _insert_statement(Item, COLUMNS)
        self._adapt = connections[DEFAULT_DB_ALIAS].ops.adapt_datetimefield_value

    def stored_keys(self, keys: Sequence[str]) -> dict[str, int]:
        """Which of these source keys are stored already, with their item ids."""
        wanted = [key for key in keys if key]
        return dict(Item.objects.sourced().filter(source_key__in=wanted).values_list("source_key", "id"))

    def clashes(self, rows: Sequence[Row]) -> dict[int, str]:
        """Rows (by number) whose document number or index number is taken, with the sentence that says so."""
        refused: dict[int, str] = {}
        numbered = [row for row in rows if row.draft.doc_no]
        if numbered:
            taken = set(
                Item.objects.numbered().filter(doc_no__in={row.draft.doc_no for row in numbered})
                .values_list("unit_id", "doc_no")
            )  # fmt: skip
            for row in numbered:
                key = (row.unit.pk, row.draft.doc_no)
                if key in taken:
                    refused[row.number] = f"文号“{row.draft.doc_no}”在“{row.unit}”已经发布过，文号不得重复"
                taken.add(key)
        indexed = [row for row in rows if row.draft.index_no]
        if indexed:
            used = set(
                Item.objects.filter(index_no__in={row.draft.index_no for row in indexed})
                .values_list("index_no", flat=True)
            )  # fmt: skip
            for row in indexed:
                if row.draft.index_no in used:
                    refused[row.number] = f"索引号“{row.draft.index_no}”已被使用，索引号不得重复"
                used.add(row.draft.index_no)
        return refused

    def document_of(self, draft: ItemDraft, batch: dict[str, int]) -> int | None:
        """The id of the document that the draft interprets; refuses an own interpretation of nothing known.

        ``batch`` are the documents of the rows being written, by both their names (``names_of``).
        """
        told = draft.interpretation
        if told is None:
            return None
        if told.document_id is not None:
            return self._public_document(told.document_id)
        if not (told.document_key or told.document_no):
            return None
        unit = self.rules.units[draft.unit_code]
        name = told.document_key or _numbered(unit, told.document_no)
        found = batch.get(name) or self._documents.get(name)
        if found is None and told.document_key:
            found = self.stored_keys([told.document_key]).get(told.document_key)
        elif found is None:
            stored = Item.objects.numbered().filter(unit=unit, doc_no=told.document_no)
            found = stored.values_list("pk", flat=True).first()
        if found is None and told.level == "own":
            raise ItemRefused(
                f"所解读的文件“{told.document_title or told.document_key or told.document_no}”尚未发布"
            )
        return found

    @staticmethod
    def _public_document(pk: int) -> int:
        if not Item.objects.public().filter(pk=pk).exists():
            raise ItemRefused("所解读的文件尚未公开发布")
        return pk

    def write(self, rows: Sequence[Row]) -> list[int]:
        """Number and insert these rows; returns the new ids in order. The caller has cleared all clashes."""
        if not rows:
            return []
        local = [row.draft.published_at.astimezone(self.rules.zone) for row in rows if row.draft.published_at]
        keys = [
            f"{row.unit.org_code}/{self.pattern.period_key(day.date())}"
            for row, day in zip(rows, local, strict=True)
        ]
        self.counters.load(key for key, row in zip(keys, rows, strict=True) if not row.draft.index_no)
        ids = self._ids.take(len(rows))
        values = []
        for row, pk, key, day in zip(rows, ids, keys, local, strict=True):
            draft = row.draft
            index_no = draft.index_no or self.pattern.format(
                day.date(), self.counters.next(key), code=row.unit.org_code
            )
            values.append(
                (pk, row.unit.pk, row.column.pk, index_no, "published", "", self._adapt(draft.published_at),
                 draft.title, draft.doc_no, draft.issuer, draft.theme, draft.genre, draft.audience,
                 draft.keywords, draft.abstract, draft.openness, draft.non_disclosure_reason,
                 draft.content_source or row.unit.name, draft.source_url, draft.source_key,
                 draft.is_statement, draft.written_on, draft.formed_on, draft.effective_on,
                 draft.expires_on, draft.repealed_on, draft.body)
            )  # fmt: skip
            self.digest.update(f"{index_no}\n{draft.title}\n{draft.published_at}\n".encode())
            self._documents |= dict.fromkeys(names_of(row), pk)
        with connection.cursor() as cursor:
            cursor.executemany(self._insert, values)
        self._write_relations(rows, ids)
        return list(ids)

    def finish(self) -> None:
        """Give out the numbers for good."""
        self.counters.save()

    def _write_relations(self, rows: Sequence[Row], ids: Sequence[int]) -> None:
        batch = {name: pk for row, pk in zip(rows, ids, strict=True) for name in names_of(row)}
        attachments, interpretations, participants = [], [], []
        for row, pk in zip(rows, ids, strict=True):
            draft = row.draft
            attachments += _attachments(pk, draft)
            participants += [
                Participant(item_id=pk, name=name, title=title, unit_name=unit)
                for name, title, unit in draft.participants
            ]
            if draft.interpretation:
                interpretations.append(self._interpretation(pk, draft, batch))
        doubles.keep((pk, row.draft.body) for row, pk in zip(rows, ids, strict=True))
        Attachment.objects.bulk_create(attachments, batch_size=1000)
        Interpretation.objects.bulk_create(interpretations, batch_size=1000)
        Participant.objects.bulk_create(participants, batch_size=1000)

    def _interpretation(self, pk: int, draft: ItemDraft, batch: dict[str, int]) -> Interpretation:
        told = draft.interpretation
        assert told is not None
        return Interpretation(
            item_id=pk, level=told.level, form=told.form, interpreter=told.interpreter,
            document_id=self.document_of(draft, batch), document_title=told.document_title,
            document_no=told.document_no,
        )  # fmt: skip

    def replace_interpretation(self, item: Item, draft: ItemDraft) -> None:
        """What the item interprets becomes that of the draft."""
        Interpretation.objects.filter(item=item).delete()
        if draft.interpretation:
            self._interpretation(item.pk, draft, {}).save()


def replace_attachments(item: Item, draft: ItemDraft) -> None:
    """The item's attachments and images become those of the draft."""
    item.attachments.all().delete()
    Attachment.objects.bulk_create(_attachments(item.pk, draft))


def _attachments(item_id: int, draft: ItemDraft) -> list[Attachment]:
    listed = [Attachment(item_id=item_id, name=name[:200], url=url) for name, url in draft.attachments]
    return listed + [Attachment(item_id=item_id, name="", url=url, is_inline=True) for url in draft.images]


class _Ids:
    """Item ids known before the insert, so that related rows need no second look."""

    def take(self, count: int) -> Sequence[int]:
        with connection.cursor() as cursor:
            if connection.vendor == "postgresql":
                cursor.execute(
                    "SELECT nextval(pg_get_serial_sequence('items_item', 'id')) FROM generate_series(1, %s)",
                    [count],
                )
                return [row[0] for row in cursor.fetchall()]
            # SQLite has one writer at a time, and ours holds the write lock since the transaction began.
            cursor.execute("SELECT COALESCE((SELECT seq FROM sqlite_sequence WHERE name = 'items_item'), 0)")
            first = cursor.fetchone()[0] + 1
        return range(first, first + count)


def _insert_statement(model: type[models.Model], columns: Sequence[str]) -> str:
    names = ", ".join(f'"{column}"' for column in columns)
    marks = ", ".join(["%s"] * len(columns))
    return f'INSERT INTO "{model._meta.db_table}" ({names}) VALUES ({marks})'
