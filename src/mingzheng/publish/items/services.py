"""The only door of items: publish, amend, withdraw, import. One writer per verb."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from itertools import islice
from typing import Any

from django.db import transaction
from django.utils import timezone

from mingzheng.city import audit
from mingzheng.city.models import Person
from mingzheng.city.services import emit, require, root_unit, unit_by_code
from mingzheng.law.errors import Refusal
from mingzheng.publish.items.drafts import InterpretationDraft, ItemDraft
from mingzheng.publish.items.models import Item, Status
from mingzheng.publish.items.validation import ItemRefused, Rules
from mingzheng.publish.items.writer import ItemWriter, Row, names_of

__all__ = [
    "ImportReport", "InterpretationDraft", "ItemDraft", "ItemRefused", "RefusedRow", "amend_item",
    "import_items", "item_by_index_no", "publish_item", "withdraw_item",
]  # fmt: skip

CHUNK = 2000
AMENDABLE = frozenset(
    {"title", "body", "doc_no", "issuer", "theme", "genre", "audience", "keywords", "abstract", "written_on",
     "formed_on", "effective_on", "expires_on", "repealed_on", "content_source"}
)  # fmt: skip


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
    """Publish one item now.

    The time of publication is the server's: a handed-in time is refused, because forged dates are a veto item
    (国办秘函〔2019〕19号). Raises Refusal with the rule that the item breaks.
    """
    if draft.published_at is not None:
        raise ItemRefused("发布时间由系统记录，不能自行填写；旧站信息请用批量导入。")
    require(actor, "item.publish", unit_by_code(draft.unit_code))
    with transaction.atomic():
        writer = ItemWriter(Rules())
        unit, column = writer.rules.place(draft)
        writer.rules.check(draft)
        row = Row(1, draft, unit, column)
        if sentence := writer.clashes([row]).get(1):
            raise ItemRefused(sentence)
        if draft.source_key and writer.stored_keys([draft.source_key]):
            raise ItemRefused(f"来源标识“{draft.source_key}”的信息已经发布过。")
        [pk] = writer.write([row])
        writer.finish()
        item = Item.objects.get(pk=pk)
        audit.append(actor, "item.published", f"item:{pk}", {"index_no": item.index_no, "title": item.title})
        emit("item.published", item_id=pk, unit_id=unit.pk, column_id=column.pk)
    return item


def item_by_index_no(person: Person, index_no: str) -> Item:
    """The item with that index number, if the person may see it."""
    item = Item.objects.visible_to(person).filter(index_no=index_no).first()
    if item is None:
        raise Refusal(f"没有索引号为“{index_no}”的信息。")
    return item


def _locked(actor: Person, verb: str, item_id: int) -> Item:
    item = Item.objects.select_for_update().filter(pk=item_id).first()
    if item is None:
        raise Refusal(f"没有编号为{item_id}的信息。")
    require(actor, verb, item.unit)
    if item.status == Status.WITHDRAWN:
        raise Refusal(f"《{item.title}》已于{timezone.localtime(item.withdrawn_at):%Y-%m-%d}撤回。")
    return item


def amend_item(actor: Person, item_id: int, **changes: Any) -> Item:
    """Change a published item; its index number and first publication stay as they are."""
    unknown = sorted(set(changes) - AMENDABLE)
    if unknown or not changes:
        raise Refusal(f"修改内容有误：{'、'.join(unknown) or '没有写明修改什么'}。")
    with transaction.atomic():
        item = _locked(actor, "item.amend", item_id)
        draft = ItemDraft(
            item.unit.code, item.column.code, published_at=item.first_published_at,
            **{name: getattr(item, name) for name in AMENDABLE} | changes,
        )  # fmt: skip
        Rules().check(draft)
        if draft.doc_no and "doc_no" in changes:
            clash = Item.objects.numbered().filter(unit=item.unit, doc_no=draft.doc_no)
            if clash.exclude(pk=item.pk).exists():
                raise ItemRefused(f"文号“{draft.doc_no}”在“{item.unit}”已经发布过，文号不得重复。")
        for name in changes:
            setattr(item, name, getattr(draft, name))
        item.amended_at = timezone.now()
        item.save(update_fields=[*changes, "amended_at"])
        audit.append(actor, "item.amended", f"item:{item.pk}", {"fields": sorted(changes)})
        emit("item.amended", item_id=item.pk, unit_id=item.unit_id, column_id=item.column_id)
    return item


def withdraw_item(actor: Person, item_id: int, reason: str) -> Item:
    """Take a published item off every page; the row and its history stay."""
    if not reason.strip():
        raise Refusal("撤回信息须写明理由。")
    if len(reason) > 200:
        raise Refusal(f"撤回理由有{len(reason)}个字符，超过200个字符的上限。")
    with transaction.atomic():
        item = _locked(actor, "item.withdraw", item_id)
        item.status, item.withdrawn_at, item.withdrawal_reason = Status.WITHDRAWN, timezone.now(), reason
        item.save(update_fields=["status", "withdrawn_at", "withdrawal_reason"])
        audit.append(actor, "item.withdrawn", f"item:{item.pk}", {"reason": reason})
        emit("item.withdrawn", item_id=item.pk, unit_id=item.unit_id, column_id=item.column_id)
    return item


def import_items(
    actor: Person,
    drafts: Iterable[ItemDraft],
    *,
    source: str,
    progress: Callable[[int], object] = lambda count: None,
) -> ImportReport:
    """Import many items with their own dates, in one transaction: all accepted rows are written, or none.

    Every rule of :func:`publish_item` holds. A row that breaks one is refused with its reason and the others
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
