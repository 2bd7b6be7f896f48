"""The only door of items: publish, amend, withdraw, import. One writer per verb."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from itertools import islice
from typing import Any

from django.db import transaction
from django.utils import timezone

from mingzheng.city import audit
from mingzheng.city.models import Person, Unit
from mingzheng.city.services import can, emit, require, root_unit, unit_by_code
from mingzheng.law.errors import Refusal
from mingzheng.publish.doubles import services as doubles
from mingzheng.publish.items.drafts import InterpretationDraft, ItemDraft, content_hash, draft_of
from mingzheng.publish.items.erasure import erase_item, open_request, request_erasure
from mingzheng.publish.items.models import ErasureRequest, Item
from mingzheng.publish.items.moving import move_item
from mingzheng.publish.items.reasons import WithdrawalReason, withdrawal_reason, withdrawal_reasons
from mingzheng.publish.items.validation import ItemRefused, Rules
from mingzheng.publish.items.withdrawal import (
    anonymise_item,
    end_due,
    hide_item,
    locked_public,
    plan_ending,
    restore_item,
    set_ending,
    tombstone_item,
    withdraw_item,
)
from mingzheng.publish.items.writer import ItemWriter, Row, names_of, replace_attachments
from mingzheng.publish.reviews.services import authorise_urgently, release

__all__ = [
    "ErasureRequest", "ImportReport", "InterpretationDraft", "ItemDraft", "ItemRefused", "RefusedRow",
    "WithdrawalReason", "amend_item", "anonymise_item", "content_hash", "draft_of", "end_due", "erase_item", "hide_item",
    "import_items", "item_by_index_no", "move_item", "open_request", "plan_ending", "publish_item", "publish_urgently", "request_erasure",
    "restore_item", "set_ending", "tombstone_item", "withdraw_item", "withdrawal_reason", "withdrawal_reasons",
]  # fmt: skip

CHUNK = 2000
AMENDABLE = frozenset(
    {"title", "body", "doc_no", "issuer", "theme", "genre", "audience", "keywords", "abstract", "written_on",
     "formed_on", "effective_on", "expires_on", "repealed_on", "content_source"}
)  # fmt: skip
RELATED = frozenset({"attachments", "images", "interpretation"})


@dataclass(frozen=True, slots=True)
class RefusedRow:
    """A row that an import refused: its number in the source, its title and the reason, one sentence."""

    number: int
    title: str
    reason: str

    @property
    def sentence(self) -> str:
        return f"第{self.number}行《{self.title or '无标题'}》：{self.reason}。"


@dataclass(slots=True)
class ImportReport:
    """What an import did: rows written, rows that were there before, rows refused."""

    written: int = 0
    present: int = 0
    refused: list[RefusedRow] = field(default_factory=list)
    ids: list[int] = field(default_factory=list)


def publish_item(actor: Person, draft: ItemDraft) -> Item:
    """Publish one item now, if exactly this version has a complete review record.

    The time of publication is the server's: a handed-in time is refused, because forged dates are a veto item
    (国办秘函〔2019〕19号). Who holds the emergency publisher's clearance may publish as well. Raises Refusal with
    the rule that the item breaks.
    """
    if draft.published_at is not None:
        raise ItemRefused("发布时间由系统记录，不能自行填写；旧站信息请用批量导入。")
    _require_release(actor, unit_by_code(draft.unit_code))
    draft = replace(draft)
    with transaction.atomic():
        writer = ItemWriter(Rules())
        unit, column = writer.rules.place(draft)
        writer.rules.check(draft)
        review = release(actor, unit, content_hash(draft), draft.title)
        row = Row(1, draft, unit, column)
        if sentence := writer.clashes([row]).get(1):
            raise ItemRefused(sentence)
        if draft.source_key and writer.stored_keys([draft.source_key]):
            raise ItemRefused(f"来源标识“{draft.source_key}”的信息已经发布过。")
        [pk] = writer.write([row])
        writer.finish()
        item = Item.objects.get(pk=pk)
        audit.append(
            actor, "item.published", f"item:{pk}",
            {"index_no": item.index_no, "title": item.title, "review": review.pk, "hash": review.content_hash},
        )  # fmt: skip
        emit("item.published", item_id=pk, unit_id=unit.pk, column_id=column.pk)
    return item


def publish_urgently(actor: Person, draft: ItemDraft, *, reason: str) -> Item:
    """Publish one item at once, before its review: the audited act of the emergency publisher alone."""
    draft, rules = replace(draft), Rules()
    unit, _ = rules.place(draft)
    rules.check(draft)
    with transaction.atomic():
        digest = content_hash(draft)
        authorise_urgently(
            actor,
            unit=unit,
            subject=f"urgent:{digest[:24]}",
            title=draft.title,
            content_hash=digest,
            reason=reason,
        )
        return publish_item(actor, replace(draft, published_at=None))


def _require_release(actor: Person, unit: Unit) -> None:
    """That the person may let things out in the unit, in the ordinary way or in an emergency."""
    if not can(actor, "item.publish_urgently", unit):
        require(actor, "item.publish", unit)


def item_by_index_no(person: Person, index_no: str) -> Item:
    """The item with that index number, if the person may see it."""
    item = Item.objects.visible_to(person).filter(index_no=index_no).first()
    if item is None:
        raise Refusal(f"没有索引号为“{index_no}”的信息。")
    return item


def amend_item(actor: Person, item_id: int, **changes: Any) -> Item:
    """Change a published item, if the changed version has a complete review record.

    Its index number and first publication stay as they are. ``attachments`` and ``interpretation`` are given as
    a whole.
    """
    unknown = sorted(set(changes) - AMENDABLE - RELATED)
    if unknown or not changes:
        raise Refusal(f"修改内容有误：{'、'.join(unknown) or '没有写明修改什么'}。")
    with transaction.atomic():
        item = locked_public(actor, "item.amend", item_id)
        draft = replace(draft_of(item), **changes)
        rules = Rules()
        rules.check(draft)
        if draft.doc_no and "doc_no" in changes:
            clash = Item.objects.numbered().filter(unit=item.unit, doc_no=draft.doc_no)
            if clash.exclude(pk=item.pk).exists():
                raise ItemRefused(f"文号“{draft.doc_no}”在“{item.unit}”已经发布过，文号不得重复。")
        review = release(actor, item.unit, content_hash(draft), draft.title)
        kept = {file.url for file in item.attachments.all()}
        if "attachments" in changes or "images" in changes:
            replace_attachments(item, draft)
        if "interpretation" in changes:
            ItemWriter(rules).replace_interpretation(item, draft)
        fields = sorted(set(changes) - RELATED)
        for name in fields:
            setattr(item, name, getattr(draft, name))
        item.amended_at = timezone.now()
        item.save(update_fields=[*fields, "amended_at"])
        if "body" in fields:
            doubles.renew(item.pk, item.body)
        audit.append(
            actor, "item.amended", f"item:{item.pk}",
            {"fields": sorted(changes), "review": review.pk, "hash": review.content_hash},
        )  # fmt: skip
        emit(
            "item.amended", item_id=item.pk, unit_id=item.unit_id, column_id=item.column_id, files=sorted(kept),
            fields=sorted(changes),
        )  # fmt: skip
    return item


def import_items(
    actor: Person,
    drafts: Iterable[ItemDraft],
    *,
    source: str,
    progress: Callable[[int], object] = lambda count: None,
) -> ImportReport:
    """Import many items of an older site with their own dates: all accepted rows are written in one transaction, or none.

    What was public already needs no new review; a row that does not say since when is refused. Every rule of :func:`publish_item` holds. A row that breaks one is refused with its reason and the others
    go on; a row whose ``source_key`` is stored already is left alone. A process killed on the way leaves
    nothing behind and is simply run again. The audit chain gets one entry for the batch, with a digest of
    its rows. ``progress`` is called with the number of rows read since the last call.
    """
    require(actor, "item.import", root_unit())
    report = ImportReport()
    with transaction.atomic():
        writer = ItemWriter(Rules())
        # Imports queue here, so that two of them never lock each other's counters in a ring.
        writer.counters.load(["import"])
        numbered = enumerate(drafts, start=1)
        while chunk := list(islice(numbered, CHUNK)):
            _import_chunk(writer, chunk, report)
            progress(len(chunk))
        writer.finish()
        if report.written:
            audit.append(
                actor, "items.imported", f"source:{source[:70]}",
                {"written": report.written, "present": report.present, "refused": len(report.refused),
                 "first_id": report.ids[0], "last_id": report.ids[-1], "digest": writer.digest.hexdigest()},
            )  # fmt: skip
            few = (
                report.ids if report.written <= CHUNK else None
            )  # a publisher rebuilds everything after a large import
            emit("items.imported", source=source, ids=few)
    return report


def _import_chunk(writer: ItemWriter, chunk: list[tuple[int, ItemDraft]], report: ImportReport) -> None:
    present = writer.stored_keys([draft.source_key for _, draft in chunk])
    seen: set[str] = set()
    rows: list[Row] = []
    for number, draft in chunk:
        if draft.source_key in present or draft.source_key in seen:
            report.present += 1
            continue
        try:
            if draft.published_at is None:
                raise ItemRefused("缺少原发布时间；尚未公开过的信息须经审核后发布")
            unit, column = writer.rules.place(draft)
            writer.rules.check(draft)
        except ItemRefused as refusal:
            report.refused.append(RefusedRow(number, draft.title, refusal.reason))
            continue
        if draft.source_key:
            seen.add(draft.source_key)
        rows.append(Row(number, draft, unit, column))
    clashes = writer.clashes(rows)
    if clashes:
        report.refused += [
            RefusedRow(row.number, row.draft.title, clashes[row.number])
            for row in rows
            if row.number in clashes
        ]
        rows = [row for row in rows if row.number not in clashes]
    batch = dict.fromkeys((name for row in rows for name in names_of(row)), -1)
    rows = [row for row in rows if _document_known(writer, row, batch, report)]
    report.ids += writer.write(rows)
    report.written += len(rows)


def _document_known(writer: ItemWriter, row: Row, batch: dict[str, int], report: ImportReport) -> bool:
    if row.draft.interpretation is None:
        return True
    try:
        writer.document_of(row.draft, batch)
    except ItemRefused as refusal:
        report.refused.append(RefusedRow(row.number, row.draft.title, refusal.reason))
        return False
    return True
