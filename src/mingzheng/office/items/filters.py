"""Which published items are asked for, and one page of them. Nothing is counted, and no body is read."""

from __future__ import annotations

import re
from datetime import date, datetime, time, timedelta
from functools import cached_property
from typing import Any, Final

from django import forms
from django.db.models import Q, QuerySet
from django.utils import timezone

from mingzheng.city.permissions import Access
from mingzheng.publish.catalogue.models import Column
from mingzheng.publish.items.models import Item, Status

VERB: Final = "item.read"
ORDER: Final = ("-first_published_at", "-id")
FEW: Final = 60
"""Up to so many units are named in a query one by one, which lets it use the index of each unit."""


_DIGIT = re.compile("[0-9]")


class ItemFilter(forms.Form):
    """By words, unit, column, status and days of publication."""

    q = forms.CharField(label="标题、文号或索引号", required=False, max_length=80)
    unit = forms.CharField(
        label="单位", required=False, max_length=80,
        widget=forms.TextInput(attrs={"list": "units", "autocomplete": "off", "placeholder": "输入名称或代码"}),
    )  # fmt: skip
    column = forms.CharField(
        label="栏目", required=False, max_length=80,
        widget=forms.TextInput(attrs={"list": "columns", "autocomplete": "off", "placeholder": "输入名称或代码"}),
    )  # fmt: skip
    status = forms.ChoiceField(label="状态", required=False, choices=[("", "全部"), *Status.choices])
    since = forms.DateField(
        label="发布日期从", required=False, widget=forms.DateInput(attrs={"type": "date"})
    )
    until = forms.DateField(label="到", required=False, widget=forms.DateInput(attrs={"type": "date"}))

    def __init__(self, access: Access, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self.access = access

    @cached_property
    def units(self) -> list[tuple[int, str, str]]:
        """Id, code and name of the units whose items the person may read."""
        found = self.access.units(VERB).order_by("sort", "id")
        return list(found.values_list("id", "code", "name"))

    @cached_property
    def columns(self) -> list[tuple[int, str, str]]:
        """Id, code and name of every column."""
        return list(Column.objects.order_by("code").values_list("id", "code", "name"))

    def clean_unit(self) -> list[int]:
        return named(self.cleaned_data["unit"], self.units, "单位")

    def clean_column(self) -> list[int]:
        return named(self.cleaned_data["column"], self.columns, "栏目")

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        if given.get("since") and given.get("until") and given["since"] > given["until"]:
            raise forms.ValidationError("结束的日期早于开始的日期。")
        return given

    def items(self) -> QuerySet[Item]:
        """The items asked for, the newest first."""
        given = self.cleaned_data
        found = Item.objects.filter(self._reach(given["unit"])).order_by(*ORDER)
        if given["column"]:
            found = found.filter(column__in=given["column"])
        if given["status"]:
            found = found.filter(status=given["status"])
        if given["since"]:
            found = found.filter(first_published_at__gte=_start(given["since"]))
        if given["until"]:
            found = found.filter(first_published_at__lt=_start(given["until"] + timedelta(days=1)))
        for word in given["q"].split():
            asked = Q(title__contains=word) | Q(doc_no__contains=word)
            # An index number is asked for with its digits; words need not be looked for in it.
            found = found.filter(asked | Q(index_no__contains=word) if _DIGIT.search(word) else asked)
        return found

    def _reach(self, chosen: list[int]) -> Q:
        """The units chosen, or all that the person may read; nothing to say for who may read the whole city."""
        if chosen:
            return Q(unit=chosen[0]) if len(chosen) == 1 else Q(unit__in=chosen)
        condition = self.access.where(VERB)
        if condition and len(self.units) <= FEW:
            return Q(unit__in=[pk for pk, _, _ in self.units])
        return condition

    def said(self) -> str:
        """The filters in words, for the record of an export."""
        named = [f"{self[name].label}：{self.data.get(name)}" for name in self.fields if self.data.get(name)]
        return "；".join(named) or "全部"


def page_of(found: QuerySet[Item], before: str, size: int) -> tuple[list[Item], int | None]:
    """The items that follow the one numbered ``before``, and the number from which the next page goes on.

    First the ids alone, which an index holds together with all that is searched; then the rows, without bodies.
    """
    ids = list(after(found, before).values_list("pk", flat=True)[: size + 1])
    rows = Item.objects.filter(pk__in=ids[:size]).select_related("unit", "column").order_by(*ORDER)
    return list(rows.defer("body", "abstract")), ids[size - 1] if len(ids) > size else None


def after(found: QuerySet[Item], before: str) -> QuerySet[Item]:
    """Those that stand after the item of that number; all of them when there is none."""
    if not (before.isascii() and before.isdigit() and len(before) < 19):
        return found
    at = Item.objects.filter(pk=int(before)).values_list("first_published_at", flat=True).first()
    if at is None:
        return found
    return found.filter(Q(first_published_at__lt=at) | Q(pk__lt=int(before)), first_published_at__lte=at)


def named(text: str, known: list[tuple[int, str, str]], kind: str) -> list[int]:
    """The ids of what is called so, by code or by name: units of one name are shown together."""
    text = text.strip()
    if not text:
        return []
    found = [pk for pk, code, name in known if text in (code, name)]
    if not found:
        raise forms.ValidationError(f"没有“{text}”这个{kind}，或者您不能查看。")
    return found


def _start(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time.min))
