"""The forms of the word lists: a search, and a new rule."""

from __future__ import annotations

from typing import Any, Final

from django import forms
from django.db.models import Q, QuerySet
from django.utils import timezone

from mingzheng.city.models import Unit
from mingzheng.city.permissions import Access
from mingzheng.office.accounts.forms import Units
from mingzheng.publish.words.models import Kind, Severity, WordRule
from mingzheng.publish.words.services import LONGEST, RuleDraft, may_keep

CITY: Final = "全市"


class Places:
    """The units whose lists a person keeps, and the whole city if they keep that one."""

    def __init__(self, access: Access) -> None:
        self.units = Units(access, "words.allow")
        self.whole_city = may_keep(access, Kind.PHRASE, None)

    @property
    def labels(self) -> list[str]:
        return [CITY] * self.whole_city + self.units.labels

    @property
    def first(self) -> str:
        """What most people mean: the city for its office, else their own unit."""
        return self.labels[0] if self.labels else ""

    def get(self, text: str) -> Unit | None:
        """The unit that is meant, None for the whole city; raises ValidationError for one out of reach."""
        text = text.strip()
        if text == CITY:
            return None
        unit = self.units.get(text)
        if unit is None:
            raise forms.ValidationError(f"没有“{text}”这个单位，或者它的词表不由您管理。")
        return unit


class PlaceField(forms.CharField):
    """A unit or the whole city, typed and completed by the browser."""

    def __init__(self, places: Places, **options: Any) -> None:
        attributes = {"list": "units", "autocomplete": "off", "placeholder": "全市，或单位名称、代码"}
        super().__init__(widget=forms.TextInput(attrs=attributes), max_length=120, **options)
        self.places = places

    def clean(self, value: Any) -> Any:
        return self.places.get(super().clean(value))


class RuleForm(forms.Form):
    """One rule."""

    kind = forms.ChoiceField(label="类别", choices=Kind.choices)
    wrong = forms.CharField(label="词语", max_length=LONGEST)
    right = forms.CharField(label="改为（白名单不填）", max_length=LONGEST, required=False)
    severity = forms.ChoiceField(
        label="级别（白名单不填）", choices=Severity.choices, initial=Severity.WARN, required=False
    )
    unit: forms.Field
    active_from = forms.DateField(
        label="启用日期", widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    reason = forms.CharField(label="理由", max_length=200)

    def __init__(self, places: Places, *arguments: Any, **options: Any) -> None:
        options.setdefault("initial", {"unit": places.first, "active_from": timezone.localdate()})
        super().__init__(*arguments, **options)
        self.fields["unit"] = PlaceField(places, label="适用单位")
        self.order_fields(["kind", "wrong", "right", "severity", "unit", "active_from", "reason"])
        if not places.whole_city and not places.units.access.anywhere("words.manage"):
            self.fields["kind"].choices = [(Kind.WHITE.value, Kind.WHITE.label)]  # type: ignore[attr-defined]
            del self.fields["right"], self.fields["severity"]

    def draft(self) -> RuleDraft:
        return RuleDraft(**self.cleaned_data)


class SearchForm(forms.Form):
    """What the list is narrowed to."""

    q = forms.CharField(label="词语", required=False, max_length=LONGEST)
    kind = forms.ChoiceField(label="类别", required=False, choices=[("", "全部"), *Kind.choices])
    scope = forms.ChoiceField(
        label="范围", required=False, choices=[("", "全部"), ("city", "全市"), ("unit", "单位")]
    )
    state = forms.ChoiceField(
        label="状态", required=False, choices=[("", "使用中"), ("ended", "已停用"), ("all", "全部")]
    )

    def narrow(self, rules: QuerySet[WordRule]) -> QuerySet[WordRule]:
        asked, today = self.cleaned_data, timezone.localdate()
        if words := asked["q"]:
            rules = rules.filter(Q(wrong__contains=words) | Q(right__contains=words))
        if asked["kind"]:
            rules = rules.filter(kind=asked["kind"])
        if asked["scope"]:
            rules = rules.filter(unit__isnull=asked["scope"] == "city")
        ended = Q(end__ends_on__lte=today)
        if asked["state"] == "ended":
            return rules.filter(ended)
        return rules if asked["state"] == "all" else rules.exclude(ended)
