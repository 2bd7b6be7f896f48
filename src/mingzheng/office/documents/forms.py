"""What officers fill in about documents. What may not be is said by the services."""

from __future__ import annotations

from functools import cached_property
from typing import Any

from django import forms
from django.db.models import Q, QuerySet
from django.utils import timezone

from mingzheng.city.permissions import Access
from mingzheng.office.manuscripts.widgets import DocumentPicker
from mingzheng.publish.documents.models import CleanupResult, DocumentRelation
from mingzheng.publish.documents.services import Validity, normative_documents, with_validity
from mingzheng.publish.items.models import Item


class Day(forms.DateInput):
    """A day, with the browser's calendar."""

    input_type = "date"

    def __init__(self) -> None:
        super().__init__(format="%Y-%m-%d")


class RelationForm(forms.Form):
    """What this document does to which other one, from when on."""

    kind = forms.ChoiceField(label="本文件", choices=DocumentRelation.Kind.choices)
    other = forms.ModelChoiceField(
        Item.objects.public(), label="对象文件", widget=DocumentPicker,
        error_messages={"required": "请按标题或文号查找并选定对象文件。"},
    )  # fmt: skip
    on = forms.DateField(
        label="生效日期", required=False, widget=Day(), help_text="留空即为本文件的施行日期或成文日期。"
    )
    note = forms.CharField(
        label="说明", required=False, max_length=200, help_text="如：第三条、第五条；内部记录。"
    )


class FilingForm(forms.Form):
    """When, where and under which number the document was filed."""

    filed_on = forms.DateField(label="备案日期", widget=Day())
    number = forms.CharField(label="备案号", max_length=80)
    authority = forms.CharField(label="备案机关", max_length=120)


class CleanupForm(forms.Form):
    """Which clean-up: its year, when its result was made public, on what basis."""

    year = forms.IntegerField(label="清理年度")
    on = forms.DateField(label="结果公布日期", widget=Day())
    basis = forms.CharField(label="依据", max_length=200, help_text="公布清理结果的决定或通知及其文号。")


class ResultForm(CleanupForm):
    """The same with the result of one document."""

    result = forms.ChoiceField(label="清理结果", choices=CleanupResult.Result.choices)


class PolicyFilter(forms.Form):
    """By words, unit, year and validity."""

    q = forms.CharField(label="标题或文号", required=False, max_length=80)
    unit = forms.CharField(
        label="单位", required=False, max_length=80,
        widget=forms.TextInput(attrs={"list": "units", "autocomplete": "off", "placeholder": "输入名称或代码"}),
    )  # fmt: skip
    year = forms.IntegerField(label="成文年份", required=False, min_value=1949, max_value=2100)
    validity = forms.ChoiceField(label="有效性", required=False, choices=[("", "全部"), *Validity.choices])

    def __init__(self, access: Access, verb: str, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self.access, self.verb = access, verb

    @cached_property
    def units(self) -> list[tuple[int, str, str]]:
        """Id, code and name of the units that the person reaches."""
        found = self.access.units(self.verb).order_by("sort", "id")
        return list(found.values_list("id", "code", "name"))

    def clean_unit(self) -> list[int]:
        text = self.cleaned_data["unit"].strip()
        found = [pk for pk, code, name in self.units if text in (code, name)]
        if text and not found:
            raise forms.ValidationError(f"没有“{text}”这个单位，或者您不能查看。")
        return found

    def documents(self) -> QuerySet[Any]:
        """The normative documents asked for with their validity today, the newest first."""
        given = self.cleaned_data
        found = with_validity(
            normative_documents().filter(self.access.where(self.verb)), timezone.localdate()
        )
        if given["unit"]:
            found = found.filter(unit__in=given["unit"])
        if given["year"]:
            found = found.filter(written_on__year=given["year"])
        if given["validity"]:
            found = found.filter(validity=given["validity"])
        for word in given["q"].split():
            found = found.filter(Q(title__contains=word) | Q(doc_no__contains=word))
        return found.select_related("unit").defer("body").order_by("-first_published_at", "-pk")
