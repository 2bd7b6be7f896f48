"""Which readings are asked for: a period, units, a column, one item."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from functools import cached_property
from typing import Any, Final, NamedTuple

from django import forms
from django.utils import timezone

from mingzheng.city.permissions import Access
from mingzheng.office.items.filters import named
from mingzheng.portal.reading.services import Part, Period
from mingzheng.publish.catalogue.models import Column
from mingzheng.publish.items.models import Item

VERB: Final = "reading.read"
DAYS: Final = 30  # shown when no period is asked for
LONGEST: Final = 5 * 366  # days
BY: Final = (("unit", "按单位"), ("column", "按栏目"), ("item", "按信息"), ("page", "首页和列表"))


class UnitRow(NamedTuple):
    pk: int
    code: str
    name: str
    path: str
    parent: int | None


class ReadingFilter(forms.Form):
    """What nobody asks for is left out: the last thirty days, all units of the person."""

    since = forms.DateField(label="从", required=False, widget=forms.DateInput(attrs={"type": "date"}))
    until = forms.DateField(label="到", required=False, widget=forms.DateInput(attrs={"type": "date"}))
    unit = forms.CharField(
        label="单位", required=False, max_length=80,
        widget=forms.TextInput(attrs={"list": "units", "autocomplete": "off", "placeholder": "输入名称或代码"}),
    )  # fmt: skip
    column = forms.CharField(
        label="栏目", required=False, max_length=80,
        widget=forms.TextInput(attrs={"list": "columns", "autocomplete": "off", "placeholder": "输入名称或代码"}),
    )  # fmt: skip
    own = forms.BooleanField(label="不含下级单位", required=False)
    item = forms.IntegerField(required=False, min_value=1, max_value=2**63 - 1, widget=forms.HiddenInput)
    by = forms.ChoiceField(required=False, choices=BY, widget=forms.HiddenInput)

    def __init__(self, access: Access, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self.access = access

    @cached_property
    def units(self) -> dict[int, UnitRow]:
        """The units whose readings the person may see."""
        found = self.access.units(VERB).order_by("sort", "id")
        rows = found.values_list("id", "code", "name", "path", "parent_id")
        return {row[0]: UnitRow(*row) for row in rows}

    @cached_property
    def columns(self) -> list[tuple[int, str, str]]:
        """Id, code and name of every column."""
        return list(Column.objects.order_by("code").values_list("id", "code", "name"))

    @cached_property
    def sees_all(self) -> bool:
        """Whether the person may see the whole city, and so the pages that are no unit's."""
        return any(unit.parent is None for unit in self.units.values())

    def clean_unit(self) -> list[int]:
        known = [(unit.pk, unit.code, unit.name) for unit in self.units.values()]
        return named(self.cleaned_data["unit"], known, "单位")

    def clean_column(self) -> int | None:
        found = named(self.cleaned_data["column"], self.columns, "栏目")
        if len(found) > 1:
            raise forms.ValidationError("有多个栏目叫这个名称，请输入栏目代码。")
        return found[0] if found else None

    def clean_item(self) -> Item | None:
        pk = self.cleaned_data["item"]
        if pk is None:
            return None
        found = Item.objects.filter(pk=pk, unit__in=self.units).select_related("unit").defer("body").first()
        if found is None:
            raise forms.ValidationError("没有这条信息，或者您不能查看。")
        return found

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        today = timezone.localdate()
        until = given.get("until") or today
        since = given.get("since") or until - timedelta(days=min(DAYS - 1, (until - date.min).days))
        if since > until:
            raise forms.ValidationError("结束的日期早于开始的日期。")
        if (until - since).days >= LONGEST:
            raise forms.ValidationError("一次最多统计五年，请缩短时间段。")
        given["period"] = Period(since, until)
        # The fields show the period that is counted.
        self.data = {name: self.data[name] for name in self.data} | {"since": f"{since}", "until": f"{until}"}
        given["by"] = given.get("by") or ("unit" if len(self.units) > 1 else "column")
        return given

    @property
    def period(self) -> Period:
        period: Period = self.cleaned_data["period"]
        return period

    @cached_property
    def tops(self) -> list[int]:
        """The units asked for, else the highest that the person may see."""
        chosen: list[int] = self.cleaned_data["unit"]
        return chosen or [pk for pk, unit in self.units.items() if unit.parent not in self.units]

    @cached_property
    def scope(self) -> list[int]:
        """The units that are counted."""
        if self.cleaned_data["own"]:
            return self.tops
        paths = tuple(f"{self.units[pk].path}/" for pk in self.tops)
        return [pk for pk, unit in self.units.items() if f"{unit.path}/".startswith(paths)]

    def part(self) -> Part:
        """What is counted."""
        item: Item | None = self.cleaned_data["item"]
        whole = self.sees_all and len(self.scope) == len(self.units)
        units = None if whole else self.scope
        return Part(self.period, units, self.cleaned_data["column"], item.pk if item else None)

    def below(self, unit: int) -> int:
        """Under which unit's line of the table a unit is summed: one of those asked for, or one right below them."""
        single = self.tops[0] if len(self.tops) == 1 else None
        while unit not in self.tops:
            parent = self.units[unit].parent
            if parent is None or parent == single or parent not in self.units:
                return unit
            unit = parent
        return unit

    def name_of(self, unit: int) -> str:
        """How the unit is asked for: by its name, or by its code when others have the same name."""
        row = self.units[unit]
        return row.name if _is_single(row.name, (each.name for each in self.units.values())) else row.code


def _is_single(name: str, names: Iterable[str]) -> bool:
    return sum(each == name for each in names) == 1
