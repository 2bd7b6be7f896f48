"""备案 and 清理: that a document was filed, and what a clean-up decided about it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Final

from django.db import transaction
from django.utils import timezone

from mingzheng.city import audit
from mingzheng.city.models import Person
from mingzheng.city.services import emit, require
from mingzheng.law.errors import Refusal
from mingzheng.publish.documents.models import CleanupResult, Filing
from mingzheng.publish.documents.validity import is_document, normative_columns
from mingzheng.publish.items.models import Item

Result = CleanupResult.Result
FIRST_YEAR: Final = 1979
MOST: Final = 500
"""The most documents whose results are taken in one submission."""


def file_document(actor: Person, item_id: int, *, filed_on: date, number: str, authority: str) -> Filing:
    """Register that a document was filed with an authority."""
    number, authority = number.strip(), authority.strip()
    if not number or not authority:
        raise Refusal("登记备案须写明备案号和备案机关。")
    if len(number) > 80 or len(authority) > 120:
        raise Refusal("备案号不得超过80个字符，备案机关不得超过120个字符。")
    with transaction.atomic():
        item = _locked(actor, item_id)
        _check_past(filed_on, "备案日期", item)
        standing = Filing.objects.standing().filter(item=item, number=number, authority=authority)
        if standing.exists():
            raise Refusal(f"《{item.title}》向{authority}的备案（{number}）已经登记，不能重复登记。")
        made = Filing.objects.create(
            item=item, filed_on=filed_on, number=number, authority=authority, actor=actor, at=timezone.now()
        )
        audit.append(
            actor, "document.filed", f"item:{item.pk}",
            {"on": filed_on, "number": number, "authority": authority},
        )  # fmt: skip
        emit("document.changed", ids=[item.pk])
    return made


def clean_up(
    actor: Person, results: Mapping[int, str], *, year: int, on: date, basis: str
) -> list[CleanupResult]:
    """Record what the clean-up of a year decided about these documents (item id -> result), all of them or none.

    ``on`` is the day on which the result was made public; repealed and expired end a document on it.
    """
    basis = basis.strip()
    if not results:
        raise Refusal("没有选定任何文件的清理结果。")
    if len(results) > MOST:
        raise Refusal(f"一次登记{len(results)}件，超过{MOST}件的上限，请分次登记。")
    if not basis or len(basis) > 200:
        raise Refusal("登记清理结果须写明依据，不超过200个字符。")
    if not FIRST_YEAR <= year <= timezone.localdate().year:
        raise Refusal(f"清理年度{year}有误，应在{FIRST_YEAR}年至今年之间。")
    if on.year < year:
        raise Refusal(f"公布日期{on}早于清理年度{year}年。")
    with transaction.atomic():
        made = [_clean(actor, pk, result, year, on, basis) for pk, result in sorted(results.items())]
        emit("document.changed", ids=[each.item_id for each in made])
    return made


def _clean(actor: Person, item_id: int, result: str, year: int, on: date, basis: str) -> CleanupResult:
    if result not in Result.values:
        raise Refusal(f"没有“{result[:20]}”这种清理结果，应为保留、修改、废止或失效。")
    item = _locked(actor, item_id)
    _check_past(on, "公布日期", item)
    if CleanupResult.objects.standing().filter(item=item, year=year).exists():
        raise Refusal(f"《{item.title}》{year}年的清理结果已经登记；有误的请先撤销。")
    made = CleanupResult.objects.create(
        item=item, year=year, result=result, on=on, basis=basis, actor=actor, at=timezone.now()
    )
    audit.append(
        actor, "document.cleaned", f"item:{item.pk}",
        {"year": year, "result": result, "on": on, "reason": basis},
    )  # fmt: skip
    return made


def _locked(actor: Person, item_id: int) -> Item:
    found = Item.objects.select_for_update(of=("self",)).select_related("unit").filter(pk=item_id)
    item = found.defer("body").first()
    if item is None:
        raise Refusal("没有所选的文件，请重新查找。")
    require(actor, "item.amend", item.unit)
    if item.status != "published" or not is_document(item, normative_columns()):
        raise Refusal(f"《{item.title}》不是已发布的文件，不能登记备案和清理结果。")
    return item


def _check_past(day: date, label: str, item: Item) -> None:
    if day > timezone.localdate():
        raise Refusal(f"{label}{day}晚于今天。")
    if item.written_on and day < item.written_on:
        raise Refusal(f"{label}{day}早于《{item.title}》的成文日期{item.written_on}。")
