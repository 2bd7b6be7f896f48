"""Which audit entries are asked for. Entries are numbered in the order of time, so a date becomes a number."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import Any

from django import forms
from django.db.models import Q, QuerySet
from django.utils import timezone

from mingzheng.city.models import AuditEntry, Person
from mingzheng.office.audit.words import words


class FilterForm(forms.Form):
    """By person, verb, subject and days."""

    person = forms.CharField(label="人员", required=False, max_length=80, help_text="姓名或账号")
    verb = forms.ChoiceField(label="动作", required=False)
    kind = forms.ChoiceField(label="对象", required=False)
    number = forms.IntegerField(
        label="对象编号", required=False, min_value=1, max_value=2**62, widget=forms.TextInput
    )
    since = forms.DateField(label="从", required=False, widget=forms.DateInput(attrs={"type": "date"}))
    until = forms.DateField(label="到", required=False, widget=forms.DateInput(attrs={"type": "date"}))

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        for name, listed in (("verb", "verbs"), ("kind", "subjects")):
            field = self.fields[name]
            assert isinstance(field, forms.ChoiceField)
            field.choices = [("", "全部"), *words()[listed].items()]

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        if given.get("number") and not given.get("kind"):
            raise forms.ValidationError("填写对象编号时，请同时选择对象。")
        if given.get("since") and given.get("until") and given["since"] > given["until"]:
            raise forms.ValidationError("结束的日期早于开始的日期。")
        return given

    def entries(self) -> QuerySet[AuditEntry]:
        """The entries asked for, the newest first."""
        given = self.cleaned_data
        found = AuditEntry.objects.order_by("-pk")
        if person := given["person"].strip():
            named = Person.objects.filter(username=person) or Person.objects.filter(name=person)
            found = found.filter(actor__in=list(named.values_list("pk", flat=True)))
        if given["verb"]:
            found = found.filter(verb=given["verb"])
        if given["kind"] and given["number"]:
            found = found.filter(subject=f"{given['kind']}:{given['number']}")
        elif given["kind"]:
            found = found.filter(Q(subject=given["kind"]) | Q(subject__startswith=f"{given['kind']}:"))
        if given["since"]:
            found = found.filter(pk__gte=_first_of(given["since"]))
        if given["until"]:
            found = found.filter(pk__lt=_first_of(given["until"] + timedelta(days=1)))
        return found

    def said(self) -> str:
        """The filters in words, for the record of an export."""
        named = [
            f"{self[name].label}：{self._shown(name)}" for name in self.fields if self.cleaned_data.get(name)
        ]
        return "；".join(named) or "全部"

    def _shown(self, name: str) -> str:
        value = str(self.cleaned_data[name])
        listed = {"verb": "verbs", "kind": "subjects"}.get(name)
        return str(words()[listed][value]) if listed else value


def _first_of(day: date) -> int:
    """The number of the first entry of that day or later, by halving; one beyond the last if there is none."""
    start = timezone.make_aware(datetime.combine(day, time.min))
    newest = AuditEntry.objects.order_by("-pk").values_list("pk", flat=True).first() or 0
    low, high = 1, newest + 1
    while low < high:
        middle = (low + high) // 2
        found = AuditEntry.objects.filter(pk__gte=middle).order_by("pk").values_list("pk", "at").first()
        if found is None or found[1] >= start:
            high = middle
        else:
            low = found[0] + 1
    return low
