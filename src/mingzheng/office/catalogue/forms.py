"""The forms of the catalogue: the norm of a column, the head of an edition, what a unit adjusts."""

from __future__ import annotations

from typing import Any, Final

from django import forms
from django.utils import timezone

from mingzheng.city.models import Tier, Unit
from mingzheng.publish.catalogue.models import FiveOpens, UnitColumn
from mingzheng.publish.catalogue.rules import vocabulary
from mingzheng.publish.catalogue.standing import Standing, StandingColumn

LARGEST: Final = 20 * 1024 * 1024  # bytes of a standard table


def day(label: str, **options: Any) -> forms.DateField:
    widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    return forms.DateField(label=label, widget=widget, **options)


def _lines(label: str, hint: str) -> forms.CharField:
    return forms.CharField(
        label=label, required=False, widget=forms.Textarea(attrs={"rows": 4}), help_text=hint, max_length=5000
    )


def _number(label: str, **options: Any) -> forms.IntegerField:
    return forms.IntegerField(label=label, required=False, min_value=1, max_value=9999, **options)


class NormForm(forms.Form):
    """What the norm says of a column."""

    name = forms.CharField(label="名称", max_length=60)
    content_requirements = forms.CharField(
        label="内容要求", widget=forms.Textarea(attrs={"rows": 4}), max_length=5000
    )
    elements = _lines("公开要素", "一行一个；没有下级的栏目必须填写。")
    check_points = _lines("考察点", "一行一个；没有下级的栏目必须填写。")
    tiers = forms.MultipleChoiceField(
        label="适用层级", choices=Tier.choices, widget=forms.CheckboxSelectMultiple
    )
    column_type = forms.ChoiceField(label="栏目类别")
    five_opens = forms.ChoiceField(
        label="五公开", required=False, choices=[("", "不归类"), *FiveOpens.choices]
    )
    statutory_item = forms.ChoiceField(label="条例事项", required=False)
    legal_basis = forms.CharField(label="公开依据", required=False, max_length=200)
    limit_value = _number("公开时限")
    limit_unit = forms.ChoiceField(label="时限单位", required=False)
    limit_from = forms.ChoiceField(label="时限起算点", required=False)
    update_cycle_days = _number("更新周期（天）")
    min_per_period = _number("周期内最少条数")
    update_exempt = forms.BooleanField(label="无需经常更新", required=False)
    allow_statement = forms.BooleanField(label="没有信息时可用情况说明代替", required=False)

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        for name, words, empty in (
            ("column_type", "column_types", ""),
            ("statutory_item", "statutory_items", "不归类"),
            ("limit_unit", "time_units", ""),
            ("limit_from", "time_from", ""),
        ):
            field = self.fields[name]
            assert isinstance(field, forms.ChoiceField)
            field.choices = [*([("", empty)] if empty else []), *vocabulary(words).items()]

    def values(self) -> dict[str, Any]:
        """What was filled in, as the catalogue takes it."""
        given = dict(self.cleaned_data)
        limit = given.pop("limit_value")
        unit, event = given.pop("limit_unit"), given.pop("limit_from")
        given["time_limit"] = {"value": limit, "unit": unit, "from": event} if limit else None
        for name in ("elements", "check_points"):
            given[name] = [line.strip() for line in given[name].splitlines() if line.strip()]
        if given["update_cycle_days"] and not given["min_per_period"]:
            given["min_per_period"] = 1
        return {name: value for name, value in given.items() if name in _NORM_FIELDS}


_NORM_FIELDS: Final = {"time_limit", *NormForm.base_fields} - {"limit_value", "limit_unit", "limit_from"}


def initial_of(values: dict[str, Any]) -> dict[str, Any]:
    """A column's values as the form shows them."""
    limit = values["time_limit"] or {}
    lists = {name: "\n".join(values[name]) for name in ("elements", "check_points")}
    return (
        values | lists
        | {"limit_value": limit.get("value"), "limit_unit": limit.get("unit"), "limit_from": limit.get("from")}
    )  # fmt: skip


class ColumnField(forms.CharField):
    """A column, typed: the browser completes it from the list that the page brings along."""

    def __init__(self, **options: Any) -> None:
        attributes = {"list": "columns", "autocomplete": "off", "placeholder": "输入名称或代码"}
        super().__init__(widget=forms.TextInput(attrs=attributes), max_length=200, **options)
        self.standing: Standing | None = None

    def clean(self, value: Any) -> Any:
        text = super().clean(value)
        if not text:
            return None
        assert self.standing is not None
        columns = self.standing.columns
        found = columns.get(text.strip().split()[0].upper())
        named = [each for each in columns.values() if each.name == text.strip()]
        if found is None and len(named) == 1:
            found = named[0]
        if found is None:
            raise forms.ValidationError(f"没有“{text}”这个栏目，或者有几个同名的栏目；请从列表中选择。")
        return found


def offered(standing: Standing) -> list[str]:
    """What the browser offers while somebody types a column: its code and place."""
    return [f"{column.code} {standing.path(column)}" for column in standing.in_order()]


class PlacedNormForm(NormForm):
    """A new column: where, and with which code."""

    code = forms.CharField(
        label="代码", max_length=8, required=False, help_text="一级栏目填两个大写字母；其余不填，自动编排。"
    )


class OwnColumnForm(NormForm):
    """A unit's own column: where, from when, and why."""

    parent = ColumnField(label="上级栏目", required=False, help_text="不填为一级栏目。")
    on = day("启用日期")
    reason = forms.CharField(label="理由", max_length=200)

    field_order = ("parent",)

    def __init__(self, *arguments: Any, standing: Standing, **options: Any) -> None:
        super().__init__(*arguments, **options)
        parent = self.fields["parent"]
        assert isinstance(parent, ColumnField)
        parent.standing = standing
        del self.fields["tiers"]  # those of the unit


class HeadForm(forms.Form):
    """Name, day and reason of an edition."""

    name = forms.CharField(label="版次名称", max_length=80)
    effective_on = day("施行日期", help_text="今天或以后。", initial=timezone.localdate)
    reason = forms.CharField(label="修订理由", max_length=200)


class NewEditionForm(HeadForm):
    """An edition, of the standard or of one unit's own columns."""

    unit = forms.ModelChoiceField(Unit.objects.none(), label="适用范围", required=False)

    field_order = ("unit",)

    def __init__(self, *arguments: Any, units: Any, standard: bool, **options: Any) -> None:
        super().__init__(*arguments, **options)
        field = self.fields["unit"]
        assert isinstance(field, forms.ModelChoiceField)
        field.queryset, field.required = units, not standard
        field.empty_label = "全市标准" if standard else None
        if not standard:
            field.help_text = "只涉及本单位自设的栏目。"


class FieldImportForm(forms.Form):
    """A standard table of a field, and where the field hangs."""

    file = forms.FileField(label="标准目录（xlsx）", widget=forms.FileInput(attrs={"accept": ".xlsx"}))
    name = forms.CharField(label="领域名称", max_length=60)
    parent = ColumnField(
        label="上级栏目", required=False, help_text="不填为一级栏目；领域之下还有两级，最低放在第二级。"
    )
    code = forms.CharField(
        label="代码", max_length=8, required=False, help_text="一级栏目填两个大写字母；其余不填，自动编排。"
    )

    def __init__(self, *arguments: Any, standing: Standing, **options: Any) -> None:
        super().__init__(*arguments, **options)
        parent = self.fields["parent"]
        assert isinstance(parent, ColumnField)
        parent.standing = standing

    def clean_file(self) -> Any:
        sent = self.cleaned_data["file"]
        if sent.size > LARGEST:
            raise forms.ValidationError(f"“{sent.name}”超过{LARGEST // 2**20} MB的上限。")
        return sent

    @property
    def parent_code(self) -> str:
        chosen: StandingColumn | None = self.cleaned_data["parent"]
        return chosen.code if chosen else ""


class LocalForm(forms.Form):
    """Another name for a column of the standard in this unit, or that it is not shown."""

    column = ColumnField(label="栏目")
    kind = forms.ChoiceField(label="怎样调整", choices=UnitColumn.Kind.choices, widget=forms.RadioSelect)
    name = forms.CharField(label="本级名称", max_length=60, required=False, help_text="更名时填写。")
    on = day("开始日期", initial=timezone.localdate)
    until = day("结束日期", required=False, help_text="自这一天起不再调整；不填为长期。")
    reason = forms.CharField(label="理由", max_length=200)

    def __init__(self, *arguments: Any, standing: Standing, **options: Any) -> None:
        super().__init__(*arguments, **options)
        column = self.fields["column"]
        assert isinstance(column, ColumnField)
        column.standing = standing
