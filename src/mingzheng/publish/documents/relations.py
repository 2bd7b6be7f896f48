"""立改废: one document amends, replaces or repeals another. Registered by whoever may amend the acting document."""

from __future__ import annotations

from datetime import date

from django.db import transaction
from django.utils import timezone

from mingzheng.city import audit
from mingzheng.city.models import Person
from mingzheng.city.services import emit, require
from mingzheng.law.errors import Refusal
from mingzheng.publish.documents.models import DocumentRelation
from mingzheng.publish.documents.validity import ENDING, is_document, normative_columns
from mingzheng.publish.items.models import Item

LONGEST = 200
Kind = DocumentRelation.Kind


def relate(
    actor: Person, item: Item, other: Item, kind: str, on: date | None = None, note: str = ""
) -> DocumentRelation:
    """Register that ``item`` amends, replaces or repeals ``other`` from that day on.

    Without a day it is the day on which ``item`` takes effect, else that on which it was written. Needs the right to
    amend in the acting document's unit. Raises Refusal for the document itself, cycles, dates that cannot be, what is
    no public document, and what is registered already.
    """
    require(actor, "item.amend", item.unit)
    if kind not in Kind.values:
        raise Refusal(f"文件之间没有“{kind[:20]}”这种关系，应为修改、代替或废止。")
    if item.pk == other.pk:
        raise Refusal(f"《{item.title}》不能{Kind(kind).label}它自己。")
    note = note.strip()
    if len(note) > LONGEST:
        raise Refusal(f"说明有{len(note)}个字符，超过{LONGEST}个字符的上限。")
    with transaction.atomic():
        item, other = _locked(item.pk, other.pk)
        on = on or item.effective_on or item.written_on
        if on is None:
            raise Refusal(f"《{item.title}》没有施行日期和成文日期，请填写生效日期。")
        _check_dates(item, other, kind, on)
        _check_standing(item, other, kind, on)
        made = DocumentRelation.objects.create(
            item=item, other=other, kind=kind, on=on, note=note, actor=actor, at=timezone.now()
        )
        audit.append(
            actor, "document.related", f"item:{item.pk}",
            {"relation": kind, "other": other.index_no, "title": other.title, "on": on, "reason": note},
        )  # fmt: skip
        emit("document.changed", ids=[item.pk, other.pk])
    return made


def _locked(*ids: int) -> list[Item]:
    """Both documents, locked in one order whoever comes first; refuses what is none or is not public."""
    found = Item.objects.select_for_update(of=("self",)).filter(pk__in=ids).order_by("pk")
    by_id = {item.pk: item for item in found.select_related("unit").defer("body")}
    normative = normative_columns()
    for item in by_id.values():
        if item.status != "published" or item.openness != "proactive":
            raise Refusal(f"信息{item.index_no}没有公开，不能登记文件关系。")
        if not is_document(item, normative):
            raise Refusal(f"《{item.title}》不是文件（没有文号），不能登记文件关系。")
    if len(by_id) < len(ids):
        raise Refusal("没有所选的文件，请重新查找。")
    return [by_id[pk] for pk in ids]


def _check_dates(item: Item, other: Item, kind: str, on: date) -> None:
    what = Kind(kind).label
    if item.written_on and on < item.written_on:
        raise Refusal(f"生效日期{on}早于《{item.title}》的成文日期{item.written_on}。")
    if other.written_on and on < other.written_on:
        raise Refusal(f"生效日期{on}早于《{other.title}》的成文日期{other.written_on}。")
    if item.written_on and other.written_on and item.written_on < other.written_on:
        raise Refusal(f"《{item.title}》成文在前，不能{what}其后成文的《{other.title}》。")


def _check_standing(item: Item, other: Item, kind: str, on: date) -> None:
    standing = DocumentRelation.objects.standing()
    if standing.filter(item=item, other=other, kind=kind).exists():
        raise Refusal(f"《{item.title}》{Kind(kind).label}《{other.title}》已经登记，不能重复登记。")
    ended = standing.filter(other=other, kind__in=ENDING, on__lte=on).select_related("item").first()
    if ended is not None:
        raise Refusal(
            f"《{other.title}》自{ended.on}起已被《{ended.item.title}》{ended.get_kind_display()}；"
            "登记有误的请先撤销。"
        )
    if item.pk in _reached_from(other.pk):
        raise Refusal(
            f"《{other.title}》已经直接或者间接地修改、代替、废止《{item.title}》，不能反过来登记。"
        )


def _reached_from(start: int) -> set[int]:
    """Every document on which the one with that number acts, through however many others."""
    reached: set[int] = set()
    edge = {start}
    while edge:
        found = DocumentRelation.objects.standing().filter(item__in=edge).order_by()
        edge = set(found.values_list("other_id", flat=True)) - reached
        reached |= edge
    return reached
