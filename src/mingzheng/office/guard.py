"""One guard before every view of the back office: it looks the address up in the doors and asks the permission table.

Wagtail's own views check the model and never the instance; here the instance is checked before the view runs.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.contrib.auth.views import redirect_to_login
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import render
from django.utils.datastructures import MultiValueDictKeyError

from mingzheng.city.models import Unit
from mingzheng.city.permissions import Access
from mingzheng.law.errors import Refusal
from mingzheng.office import doors
from mingzheng.office.uploads import check_length
from mingzheng.publish.items.validation import UNPRINTABLE

LARGEST_ID = 2**63 - 1


class OfficeGuard:
    """Middleware. Sets ``request.access``: what the person may do today."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.path.startswith("/office/"):
            try:
                check_length(request)
            except Refusal as refusal:
                return said(request, refusal.sentence, status=413)
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: Any, args: Any, kwargs: dict[str, Any]
    ) -> HttpResponse | None:
        if not request.path.startswith("/office/"):
            return None
        if has_unprintable(request):
            return said(
                request,
                "提交的内容里有不能显示的控制字符，没有保存；请删除或者重新输入后再提交。",
                status=400,
            )
        name = request.resolver_match.view_name if request.resolver_match else ""
        if name in doors.OUTSIDE or request.path.startswith(doors.OUTSIDE_PATHS):
            return None
        if not request.user.is_authenticated:
            return redirect_to_login(request.get_full_path())
        request.user.first_name = str(request.user)  # what Wagtail's frame calls somebody by
        request.access = access = Access(request.user)  # type: ignore[attr-defined]
        if access.grants and is_open(access, name, kwargs):
            return None
        return render(request, "wagtailadmin/404.html", status=404)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """A refusal is said where the person was, and what they wrote stays in their browser."""
        if not request.path.startswith("/office/"):
            return None
        if isinstance(exception, MultiValueDictKeyError):  # a form of blocks that came in pieces
            return said(request, "提交的内容不完整，没有保存；请刷新页面后再提交。", status=400)
        if not isinstance(exception, Refusal):
            return None
        if _asked_by_script(request):
            return said(request, exception.sentence, status=400)
        messages.error(request, exception.sentence)
        back = request.META.get("HTTP_REFERER", "")
        here = request.build_absolute_uri()
        if back and back != here and back.startswith(request.build_absolute_uri("/office/")):
            return HttpResponseRedirect(back)
        return said(request, exception.sentence, status=400)


def said(request: HttpRequest, sentence: str, *, status: int) -> HttpResponse:
    """A refusal as an answer of its own: a page, or a line for the page's script that asked."""
    if _asked_by_script(request):
        return JsonResponse({"error": sentence}, status=status)
    page = "office/refused.html" if request.user.is_authenticated else "account/refused.html"
    return render(request, page, {"sentence": sentence}, status=status)


def _asked_by_script(request: HttpRequest) -> bool:
    return request.headers.get("accept", "").startswith("application/json")


def has_unprintable(request: HttpRequest) -> bool:
    """Whether a field holds a sign that cannot be kept."""
    fields = [*request.GET.lists(), *request.POST.lists()]  # a text is cleaned of them, whoever pasted it
    return any(UNPRINTABLE.search(value) for name, values in fields if name != "body" for value in values)


def is_open(access: Access, name: str, kwargs: dict[str, Any]) -> bool:
    """Whether this person may open that address; raises nothing, knows no exception."""
    if name in doors.FRAME:
        return True
    if verb := doors.ANYWHERE.get(name):
        return access.anywhere(verb)
    relation, verb = _single(name, kwargs)
    if not verb:
        return False
    unit = _unit_of(relation, kwargs.get("pk", kwargs.get("object_id")))
    return unit is not None and access.may(verb, unit)


def _single(name: str, kwargs: dict[str, Any]) -> tuple[str, str | None]:
    """Of an address of a single object: how its unit is related to it, and the verb of its door; None when closed."""
    if name == "wagtailadmin_editing_sessions:ping":
        edited = (kwargs.get("app_label"), kwargs.get("model_name"))
        if edited == ("portal_sites", "sitehome"):
            return "site", doors.ON_SITE[f"{doors.HOME}:edit"]
        return "manuscripts", doors.ON_MANUSCRIPT[name] if edited == ("manuscripts", "manuscript") else None
    if name in doors.ON_MANUSCRIPT:
        return "manuscripts", doors.ON_MANUSCRIPT[name]
    if name in doors.ON_ITEM:
        return "items", doors.ON_ITEM[name]
    return "site", doors.ON_SITE.get(name)


def _unit_of(relation: str, pk: Any) -> Unit | None:
    """The unit of the object in the address; None when there is none."""
    try:
        number = int(str(pk))
    except ValueError:
        return None
    if not 0 < number <= LARGEST_ID:
        return None
    return Unit.objects.filter(**{relation: number}).first()


def access_of(request: HttpRequest) -> Access:
    """What the person may do today, as the guard found it."""
    access: Access | None = getattr(request, "access", None)
    if access is None:
        raise Http404
    return access
