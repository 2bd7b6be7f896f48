"""The forms of accounts: search, a new account, a grant. The import checks its rows by the same form."""

from __future__ import annotations

import re
from datetime import timedelta
from functools import cached_property
from typing import Any, Final

from django import forms
from django.core.validators import RegexValidator
from django.db.models import Q, QuerySet
from django.utils import timezone

from mingzheng.city.models import Membership, Person, Role, Unit
from mingzheng.city.permissions import Access

SOON: Final = 30  # days before the end of an operator's term
_USERNAME = RegexValidator(
    r"^[A-Za-z][A-Za-z0-9._-]{2,29}\Z", "账号由3至30个字母、数字、点、短横线或下划线组成，以字母开头。"
)


class Units:
    """The units in which a person may do a verb, found by what people type: code, name, or both."""

    def __init__(self, access: Access, verb: str = "unit.manage") -> None:
        self.access = access
        self.verb = verb

    @cached_property
    def found(self) -> list[Unit]:
        today = timezone.localdate()
        return list(self.access.units(self.verb).active(today).order_by("sort", "id"))

    @cached_property
    def labels(self) -> list[str]:
        """What the browser offers while somebody types."""
        return [f"{unit.name}（{unit.code}）" for unit in self.found]

    @cached_property
    def _by_text(self) -> dict[str, Unit]:
        by_name = {unit.name: unit for unit in self.found}
        return (
            by_name
            | dict(zip(self.labels, self.found, strict=True))
            | {each.code: each for each in self.found}
        )

    def get(self, text: str) -> Unit | None:
        return self._by_text.get(text.strip())


class UnitField(forms.CharField):
    """A unit, typed: the browser completes it from the list that the page brings along."""

    def __init__(self, units: Units, **options: Any) -> None:
        attributes = {"list": "units", "autocomplete": "off", "placeholder": "输入名称或代码"}
        super().__init__(widget=forms.TextInput(attrs=attributes), max_length=120, **options)
        self.units = units

    def clean(self, value: Any) -> Any:
        text = super().clean(value)
        if not text:
            return None
        unit = self.units.get(text)
        if unit is None:
            raise forms.ValidationError(f"没有“{text}”这个单位，或者它不在您的管理范围内。")
        return unit


def _date(label: str, **options: Any) -> forms.DateField:
    widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    return forms.DateField(label=label, widget=widget, **options)


class GrantForm(forms.Form):
    """A role in a unit for a time."""

    unit: forms.Field
    role = forms.ChoiceField(label="角色", choices=[("", "请选择"), *Role.choices])
    starts_on = _date("开始日期")
    ends_on = _date(
        "结束日期", required=False, help_text="长期任职的不填；第三方运维必须填写，且不超过一年。"
    )
    downwards = forms.BooleanField(
        label="含下级单位",
        required=False,
        help_text="公开办、第三方测评、审计员、系统管理员总是含下级单位：全市的，在市政府授权一次即可。",
    )

    def __init__(self, units: Units, *arguments: Any, **options: Any) -> None:
        options.setdefault("initial", {"starts_on": timezone.localdate()})
        super().__init__(*arguments, **options)
        self.fields["unit"] = UnitField(units, label="单位")
        self.order_fields(["name", "username", "unit", "role", "starts_on", "ends_on", "downwards"])


class AccountForm(GrantForm):
    """A new account with its first role."""

    name = forms.CharField(label="姓名", max_length=40)
    username = forms.CharField(
        label="账号", max_length=30, validators=[_USERNAME], help_text="登录时使用，建好后不能更改。"
    )


class SearchForm(forms.Form):
    """What the list is narrowed to."""

    q = forms.CharField(label="姓名、账号、单位或角色", required=False, max_length=80)
    role = forms.ChoiceField(label="角色", required=False, choices=[("", "全部"), *Role.choices])
    state = forms.ChoiceField(
        label="状态",
        required=False,
        choices=[
            ("", "全部"),
            ("active", "在用"),
            ("closed", "已停用"),
            ("ending", f"第三方运维{SOON}日内到期"),
        ],
    )

    def __init__(self, units: Units, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self.fields["unit"] = UnitField(units, label="单位（含下级）", required=False)
        self.order_fields(["q", "unit", "role", "state"])

    def narrow(self, people: QuerySet[Person]) -> QuerySet[Person]:
        """Those of the people that the form asks for; grants that have ended do not count."""
        asked = self.cleaned_data
        today = timezone.localdate()
        held = Membership.objects.filter(Q(ends_on=None) | Q(ends_on__gte=today))
        if words := asked.get("q"):
            roles = [value for value, label in Role.choices if words in label]
            by_grant = held.filter(Q(unit__name__icontains=words) | Q(role__in=roles)).values("person")
            people = people.filter(
                Q(name__icontains=words) | Q(username__icontains=words) | Q(pk__in=by_grant)
            )
        grants = held
        if unit := asked.get("unit"):
            grants = grants.filter(unit__in=Unit.objects.under(unit))
        if role := asked.get("role"):
            grants = grants.filter(role=role)
        if asked.get("state") == "ending":
            grants = grants.filter(role=Role.OPERATOR, ends_on__lte=today + timedelta(days=SOON))
        elif asked.get("state"):
            people = people.filter(is_active=asked["state"] == "active")
        return people if grants is held else people.filter(pk__in=grants.values("person"))


def said(form: forms.Form) -> str:
    """All that is wrong with a form, in one line."""
    found = []
    for name, errors in form.errors.items():
        label = form.fields[name].label if name in form.fields else ""
        found += [f"{label}：{_bare(error)}" if label else _bare(error) for error in errors]
    return "；".join(found) + "。"


def _bare(error: Any) -> str:
    return re.sub(r"[。.]+$", "", str(error))
