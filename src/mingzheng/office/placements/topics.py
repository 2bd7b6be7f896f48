"""专题 on the desk: begin a topic, put items into it by their index numbers, order them, archive it."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.db.models import Count
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from mingzheng.city.models import Unit
from mingzheng.city.permissions import Access
from mingzheng.law.errors import Refusal
from mingzheng.office.guard import access_of
from mingzheng.office.manuscripts.views import person_of
from mingzheng.portal.services import topic_path
from mingzheng.publish.placements import services
from mingzheng.publish.placements.models import Topic

_LINES: Any = forms.Textarea(attrs={"rows": 4})


class DescribeForm(forms.Form):
    """What a topic is called, says, and how it is divided."""

    title = forms.CharField(label="名称", max_length=80)
    intro = forms.CharField(
        label="导语", required=False, max_length=500, widget=forms.Textarea(attrs={"rows": 3})
    )
    sections = forms.CharField(label="分栏", help_text="每行一个，按公开页面上的次序。", widget=_LINES)

    def clean_sections(self) -> list[str]:
        return [each for each in str(self.cleaned_data["sections"]).splitlines() if each.strip()]


class StartForm(DescribeForm):
    """The same with what never changes: its unit and its address."""

    unit = forms.ModelChoiceField(Unit.objects.none(), label="主办单位", empty_label=None)
    slug = forms.CharField(
        label="网址名", max_length=40, help_text="小写字母、数字和短横，如一个词的拼音；以后不能改。"
    )
    field_order = ("unit", "title", "slug", "intro", "sections")

    def __init__(self, access: Access, *given: Any, **named: Any) -> None:
        super().__init__(*given, **named)
        units = access.units("item.publish") | access.units("catalogue.manage")
        shown = units.filter(active_to=None).order_by("sort", "id")
        self.fields["unit"].queryset = shown  # type: ignore[attr-defined]


class EntryForm(forms.Form):
    """One more item."""

    index_no = forms.CharField(label="索引号", max_length=40, help_text="从“已发布信息”中复制。")
    section = forms.ChoiceField(label="分栏")

    def __init__(self, topic: Topic, *given: Any, **named: Any) -> None:
        super().__init__(*given, **named)
        self.fields["section"] = forms.ChoiceField(
            label="分栏", choices=[(each, each) for each in topic.sections]
        )


@require_http_methods(["GET", "POST"])
def topics(request: HttpRequest) -> HttpResponse:
    """The topics of the person's units, and a form for another."""
    access = access_of(request)
    form = StartForm(access, request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            topic = services.start_topic(person_of(request), **form.cleaned_data)
            messages.success(request, f"专题“{topic}”已建立，请收入信息。")
            return redirect("office_topic", pk=topic.pk)
        except Refusal as refusal:
            form.add_error(None, refusal.sentence)
    reach = access.where("item.publish") | access.where("catalogue.manage")
    rows = Topic.objects.filter(reach).select_related("unit").annotate(size=Count("entries")).order_by("-pk")
    context = {"form": form, "rows": [(each, topic_path(each.slug)) for each in rows]}
    return render(request, "office/placements/topics.html", context)


@require_http_methods(["GET", "POST"])
def topic(request: HttpRequest, pk: int) -> HttpResponse:
    """One topic: its description and its contents in order; or one more item."""
    found = get_object_or_404(Topic.objects.select_related("unit"), pk=pk)
    if not services.may_manage(access_of(request), found.unit):
        raise Refusal(f"您不能编辑“{found.unit}”的专题。")
    initial = {"title": found.title, "intro": found.intro, "sections": "\n".join(found.sections)}
    adds = "add" in request.POST
    form = DescribeForm(request.POST if request.POST and not adds else None, initial=initial)
    entry = EntryForm(found, request.POST if adds else None)
    bound: forms.Form = entry if adds else form
    if request.method == "POST" and bound.is_valid():
        try:
            if adds:
                services.add_entry(person_of(request), pk, **bound.cleaned_data)
            else:
                services.set_contents(
                    person_of(request), pk, contents=_contents(found, request), **bound.cleaned_data
                )
            messages.success(request, "已保存，公开页面即将更新。")
            return redirect("office_topic", pk=pk)
        except Refusal as refusal:
            bound.add_error(None, refusal.sentence)
    context = {
        "topic": found, "form": form, "entry": entry, "address": topic_path(found.slug),
        "open": found.state == Topic.State.OPEN,
        "entries": found.entries.select_related("item__unit").defer("item__body"),
    }  # fmt: skip
    return render(request, "office/placements/topic.html", context)


def _contents(topic: Topic, request: HttpRequest) -> list[tuple[int, str]]:
    """The entries that stay, by the numbers in the form."""
    kept = []
    for place, entry in enumerate(topic.entries.all()):
        if request.POST.get(f"remove-{entry.item_id}"):
            continue
        order = request.POST.get(f"order-{entry.item_id}", "")
        number = int(order) if order.isdecimal() and len(order) < 6 else entry.sort * 10
        section = request.POST.get(f"section-{entry.item_id}", entry.section)
        kept.append((number, place, entry.item_id, section))
    return [(item_id, section) for _, _, item_id, section in sorted(kept)]


@require_POST
def topic_archive(request: HttpRequest, pk: int) -> HttpResponse:
    """Close a topic for good."""
    closed = services.archive(person_of(request), pk)
    messages.success(request, f"专题“{closed}”已归档，公开页面即将更新。")
    return redirect("office_topic", pk=pk)
