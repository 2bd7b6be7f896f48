"""One guard before every view of the back office: it looks the address up in the doors and asks the permission table.

Wagtail's own views check the model and never the instance; here the instance is checked before the view runs.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.contrib.auth.views import redirect_to_login
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render

from mingzheng.city.models import Unit
from mingzheng.city.permissions import Access
from mingzheng.law.errors import Refusal
from mingzheng.office import doors
from mingzheng.publish.items.models import Item
from mingzheng.publish.manuscripts.models import Manuscript

LARGEST_ID = 2**63 - 1


class OfficeGuard:
    """Middleware. Sets ``request.access``: what the person may do today."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: Any, args: Any, kwargs: dict[str, Any]
    ) -> HttpResponse | None:
        if not request.path.startswith("/office/"):
            return None
        name = request.resolver_match.view_name if request.resolver_match else ""
        if name in doors.OUTSIDE or request.path.startswith(doors.OUTSIDE_PATHS):
            return None
        if not request.user.is_authenticated:
            return redirect_to_login(request.get_full_path())
        request.access = access = Access(request.user)  # type: ignore[attr-defined]
        if access.grants and is_open(access, name, kwargs):
            return None
        return render(request, "wagtailadmin/404.html", status=404)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """A refusal is said where the person was, and what they wrote stays in their browser."""
        if not request.path.startswith("/office/") or not isinstance(exception, Refusal):
            return None
        if request.headers.get("accept", "").startswith("application/json"):
            from django.http import JsonResponse

            return JsonResponse({"error": exception.sentence}, status=400)
        messages.error(request, exception.sentence)
        back = request.META.get("HTTP_REFERER", "")
        here = request.build_absolute_uri()
        if back and back != here and back.startswith(request.build_absolute_uri("/office/")):
            return HttpResponseRedirect(back)
        return render(request, "office/refused.html", {"sentence": exception.sentence}, status=400)


def is_open(access: Access, name: str, kwargs: dict[str, Any]) -> bool:
    """Whether this person may open that address; raises nothing, knows no exception."""
    if name in doors.FRAME:
        return True
    if verb := doors.ANYWHERE.get(name):
        return access.anywhere(verb)
    if verb := doors.ON_MANUSCRIPT.get(name):
        if name == "wagtailadmin_editing_sessions:ping" and (
            kwargs.get("app_label"), kwargs.get("model_name")
        ) != ("manuscripts", "manuscript"):  # fmt: skip
            return False
        unit = _unit_of(Manuscript, kwargs.get("pk", kwargs.get("object_id")))
        return unit is not None and access.may(verb, unit)
    if verb := doors.ON_ITEM.get(name):
        unit = _unit_of(Item, kwargs.get("pk"))
        return unit is not None and access.may(verb, unit)
    return False


def _unit_of(model: type[Manuscript] | type[Item], pk: Any) -> Unit | None:
    """The unit of the object in the address; None when there is none."""
    try:
        number = int(str(pk))
    except ValueError:
        return None
    if not 0 < number <= LARGEST_ID:
        return None
    relation = "manuscripts" if model is Manuscript else "items"
    return Unit.objects.filter(**{relation: number}).first()


def access_of(request: HttpRequest) -> Access:
    """What the person may do today, as the guard found it."""
    access: Access | None = getattr(request, "access", None)
    if access is None:
        raise Http404
    return access
