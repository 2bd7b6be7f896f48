"""公开属性认定: what is not published at once in the person's units, who decided it, on which clause and why."""

from __future__ import annotations

from io import BytesIO
from typing import Any, Final

from django import forms
from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.http import FileResponse, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST
from openpyxl import Workbook

from mingzheng.city import audit
from mingzheng.city.models import Unit
from mingzheng.city.permissions import Access
from mingzheng.law.errors import Refusal
from mingzheng.office.documents.forms import Day
from mingzheng.office.guard import access_of
from mingzheng.office.manuscripts.screens import minute, shown_at
from mingzheng.office.manuscripts.views import person_of
from mingzheng.publish.documents.services import clause_choices, clauses, decide_item, decided, decisions_on
from mingzheng.publish.items.models import Item, Openness, Status
from mingzheng.publish.manuscripts.models import CLOSED, Manuscript

PAGE: Final = 30
MOST: Final = 10_000
HEADINGS: Final = ("索引号", "标题", "文号", "单位", "公开属性", "法定依据", "理由", "认定人", "认定时间")
SHEET: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
Row = dict[str, Any]


class AttributeFilter(forms.Form):
    """Items that are out or manuscripts on their way, by unit, attribute, decision and day."""

    stage = forms.ChoiceField(
        label="阶段", required=False, choices=[("item", "已发布"), ("manuscript", "办理中的稿件")]
    )
    unit = forms.ModelChoiceField(Unit.objects.none(), label="单位", required=False, empty_label="全部")
    openness = forms.ChoiceField(
        label="公开属性", required=False, choices=[("", "全部"), *Openness.choices[1:]]
    )
    state = forms.ChoiceField(
        label="认定情况", required=False, choices=[("", "全部"), ("done", "已认定"), ("open", "待认定")]
    )
    since = forms.DateField(label="日期从", required=False, widget=Day())
    until = forms.DateField(label="到", required=False, widget=Day())

    def __init__(self, access: Access, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self.access = access
        self.fields["unit"].queryset = access.units("item.read")  # type: ignore[attr-defined]

    @property
    def of_manuscripts(self) -> bool:
        return self.cleaned_data["stage"] == "manuscript"

    def found(self) -> QuerySet[Any]:
        """The rows asked for, the newest first."""
        given = self.cleaned_data
        found, day = self._manuscripts() if self.of_manuscripts else self._items()
        if given["unit"]:
            found = found.filter(unit=given["unit"])
        if given["openness"]:
            found = found.filter(openness=given["openness"])
        if given["since"]:
            found = found.filter(**{f"{day}__date__gte": given["since"]})
        if given["until"]:
            found = found.filter(**{f"{day}__date__lte": given["until"]})
        return found.select_related("unit").defer("body").order_by(f"-{day}", "-pk")

    def _items(self) -> tuple[QuerySet[Any], str]:
        found = Item.objects.filter(self.access.where("item.read"), status=Status.PUBLISHED)
        found = found.exclude(openness=Openness.PROACTIVE)
        written = Exists(Manuscript.objects.filter(decided("manuscript"), item=OuterRef("pk")))
        return self._narrow(found, decided("item") | Q(written)), "first_published_at"

    def _manuscripts(self) -> tuple[QuerySet[Any], str]:
        found = Manuscript.objects.visible_to(self.access).exclude(state__in=CLOSED)
        return self._narrow(found.exclude(openness=Openness.PROACTIVE), decided("manuscript")), "updated_at"

    def _narrow(self, found: QuerySet[Any], is_decided: Q) -> QuerySet[Any]:
        state = self.cleaned_data["state"]
        if state == "done":
            return found.filter(is_decided)
        return found.filter(~is_decided) if state == "open" else found


@require_GET
def attributes(request: HttpRequest) -> HttpResponse:
    """One page of the list."""
    access = access_of(request)
    form = AttributeFilter(access, request.GET)
    found = form.found() if form.is_valid() else Item.objects.none()
    page = Paginator(found, PAGE).get_page(request.GET.get("p"))
    asked = request.GET.copy()
    asked.pop("p", None)
    context = {"form": form, "page": page, "asked": asked.urlencode(), "rows": _rows(access, list(page))}
    return render(request, "office/documents/attributes.html", context)


@require_POST
def attributes_export(request: HttpRequest) -> HttpResponseBase:
    """The list asked for as an Excel table. That it was taken is recorded."""
    form = AttributeFilter(access_of(request), request.POST)
    if not form.is_valid():
        raise Refusal("筛选条件有误，请改正后再导出。")
    found = form.found()
    if found.count() > MOST:
        raise Refusal(f"筛选结果超过{MOST}条，请缩小范围后再导出。")
    said = {name: str(value) for name, value in form.cleaned_data.items() if value}
    audit.append(person_of(request), "attributes.exported", "items", {"filters": said})
    name = f"公开属性认定{timezone.localdate():%Y%m%d}.xlsx"
    rows = _rows(access_of(request), list(found))
    return FileResponse(_workbook(rows), as_attachment=True, filename=name, content_type=SHEET)


@require_http_methods(["GET", "POST"])
def attribute(request: HttpRequest, pk: int) -> HttpResponse:
    """Decide on an item that came without a manuscript."""
    item = get_object_or_404(Item.objects.select_related("unit"), pk=pk)
    form = DecisionForm(request.POST or None, initial={"reason": item.non_disclosure_reason})
    if request.method == "POST" and form.is_valid():
        try:
            decide_item(person_of(request), pk, **form.cleaned_data)
            messages.success(request, "已记录公开属性的认定。")
            return redirect("office_attributes")
        except Refusal as refusal:
            form.add_error(None, refusal.sentence)
    [row] = _rows(access_of(request), [item])
    return render(request, "office/documents/attribute.html", {"item": item, "form": form, "row": row})


class DecisionForm(forms.Form):
    """On which clause, and why."""

    clause = forms.ChoiceField(label="法定依据（《政府信息公开条例》）")
    reason = forms.CharField(label="理由", max_length=200)

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        choices = [("", "请选择"), *clause_choices(timezone.localdate())]
        self.fields["clause"].choices = choices  # type: ignore[attr-defined]


def _rows(access: Access, found: list[Any]) -> list[Row]:
    """Items or manuscripts with the decision that holds for each."""
    subjects = {each.pk: _subjects(each) for each in found if isinstance(each, Manuscript)}
    items = [each.pk for each in found if isinstance(each, Item)]
    subjects |= {pk: [f"item:{pk}"] for pk in items}
    for pk, item_id in Manuscript.objects.filter(item__in=items).order_by("pk").values_list("pk", "item_id"):
        subjects[item_id or 0].insert(0, f"manuscript:{pk}")
    decisions = decisions_on([subject for each in subjects.values() for subject in each])
    return [
        _row(access, each, [decisions[key] for key in subjects[each.pk] if key in decisions])
        for each in found
    ]


def _subjects(manuscript: Manuscript) -> list[str]:
    return [manuscript.subject]


def _row(access: Access, each: Any, decisions: list[Any]) -> Row:
    last = max(decisions, key=lambda decision: decision.pk, default=None)
    is_item = isinstance(each, Item)
    clause = clauses().get(last.clause) if last else None
    may = is_item and access.may("item.amend", each.unit)
    return {
        "it": each,
        "index_no": each.index_no if is_item else "",
        "url": reverse("office_item", args=[each.pk]) if is_item else shown_at(each),
        "openness": each.get_openness_display(),
        "reason": (last.reason if last else "") or each.non_disclosure_reason,
        "clause": clause.label if clause else "",
        "by": str(last.actor) if last else "",
        "at": minute(last.at) if last else "",
        "decide_at": reverse("office_attribute", args=[each.pk]) if may else "",
    }


def _workbook(rows: list[Row]) -> BytesIO:
    book = Workbook(write_only=True)
    sheet = book.create_sheet("公开属性认定")
    sheet.freeze_panes = "A2"
    for letter, width in zip("ABCDEFGHI", (24, 60, 22, 26, 12, 50, 50, 14, 18), strict=True):
        sheet.column_dimensions[letter].width = width
    sheet.append(HEADINGS)
    for row in rows:
        it = row["it"]
        cells = (
            row["index_no"], it.title, it.doc_no, it.unit.name, row["openness"], row["clause"], row["reason"],
            row["by"], row["at"],
        )  # fmt: skip
        sheet.append([f"'{cell}" if cell.startswith(("=", "+", "-", "@")) else cell for cell in cells])
    file = BytesIO()
    book.save(file)
    file.seek(0)
    return file
