"""批量送审、批量发布: one act on many manuscripts, each decided and recorded by itself; what is refused is told line by line."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_http_methods

from mingzheng.city.models import Person
from mingzheng.city.permissions import Access
from mingzheng.law.errors import Refusal
from mingzheng.office.guard import access_of
from mingzheng.office.manuscripts import screens
from mingzheng.office.manuscripts.views import person_of
from mingzheng.publish.manuscripts import services
from mingzheng.publish.manuscripts.models import Manuscript, State

MOST: Final = 200


@dataclass(frozen=True, slots=True)
class Bulk:
    """An act that may be done on many: the verb it needs, the states it begins from."""

    title: str
    button: str
    verb: str
    states: tuple[str, ...]
    do: Callable[[Person, int], object]
    hint: str


ACTS: Final = {
    "submit": Bulk(
        "批量送审", "送审所选稿件", "manuscript.write", (State.DRAFT, State.RETURNED), services.submit,
        "逐份进行发布前检查，检查未通过的不送审。",
    ),
    "publish": Bulk(
        "批量发布", "发布所选稿件", "item.publish", (State.APPROVED,), services.publish,
        "只列出已签发的稿件；设有定时的，选中后立即发布。",
    ),
}  # fmt: skip


@require_http_methods(["GET", "POST"])
def bulk(request: HttpRequest, verb: str) -> HttpResponse:
    """The manuscripts on which the act can be done; a POST does it on the chosen ones."""
    act, access = ACTS[verb], access_of(request)
    context: dict[str, Any] = {"act": act, "verb": verb}
    if request.method == "POST":
        chosen = _chosen(request)
        if not chosen:
            context["nothing"] = True
        else:
            context["told"] = [
                _told(act, person_of(request), each) for each in _open(act, access).filter(pk__in=chosen)
            ]
            context["undone"] = sum(1 for each in context["told"] if each["problem"])
            context["done"] = len(context["told"]) - context["undone"]
    found = _open(act, access)
    context["rows"] = [_row(each) for each in found[:MOST]]
    context["more"] = max(0, found.count() - MOST)
    return render(request, "office/manuscripts/bulk.html", context)


def _open(act: Bulk, access: Access) -> QuerySet[Manuscript]:
    found = Manuscript.objects.filter(access.where(act.verb), state__in=act.states).select_related(
        "unit", "column"
    )
    return found.defer("body").order_by("-updated_at", "-pk")


def _chosen(request: HttpRequest) -> list[int]:
    given = request.POST.getlist("chosen")
    return [int(each) for each in given[:MOST] if each.isascii() and each.isdigit() and len(each) < 19]


def _told(act: Bulk, person: Person, manuscript: Manuscript) -> dict[str, Any]:
    problem = ""
    try:
        act.do(person, manuscript.pk)
    except Refusal as refusal:
        problem = refusal.sentence
    return {**_row(manuscript), "problem": problem}


def _row(manuscript: Manuscript) -> dict[str, Any]:
    return {
        "pk": manuscript.pk, "title": str(manuscript), "url": screens.shown_at(manuscript), "unit": manuscript.unit,
        "column": manuscript.column or "未选栏目", "at": screens.minute(manuscript.updated_at),
        "go_live_at": screens.minute(manuscript.go_live_at),
    }  # fmt: skip
