"""Wrong passwords and wrong codes of the second factor lock a name out for a while.

Five from one address, or twenty from anywhere; both are counted together, in the database.
"""

from __future__ import annotations

import math
from typing import Any

from axes.handlers.database import AxesDatabaseHandler
from axes.handlers.proxy import AxesProxyHandler
from axes.models import AccessAttempt
from django.conf import settings
from django.db.models import Sum
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone


class LockoutHandler(AxesDatabaseHandler):
    """Axes knows one limit; reaching the higher one for a name from anywhere counts as reaching it."""

    def get_failures(self, request: HttpRequest, credentials: dict[str, Any] | None = None) -> int:
        from_here, from_anywhere = (
            attempts.aggregate(sum=Sum("failures_since_start"))["sum"] or 0
            for attempts in self.get_user_attempts(request, credentials)
        )
        if from_anywhere >= settings.AXES_FAILURE_LIMIT_ANYWHERE:
            return settings.AXES_FAILURE_LIMIT
        return from_here


def tried_username(request: HttpRequest, credentials: dict[str, Any] | None = None) -> str:
    """The name that was tried, in one spelling: accounts are found whatever the case of their letters."""
    return str((credentials or {}).get("username") or "").strip().lower()[:150]


def count_wrong_code(request: HttpRequest, username: str) -> None:
    """Count a wrong code of the second factor like a wrong password."""
    AxesProxyHandler.user_login_failed(None, credentials={"username": username}, request=request)


def is_locked(request: HttpRequest, username: str) -> bool:
    """Whether the name is locked for who is asking."""
    return bool(AxesProxyHandler.is_locked(request, {"username": username}))


def locked_page(
    request: HttpRequest, response: HttpResponse | None, credentials: dict[str, Any] | None = None
) -> HttpResponse:
    """The page that says how long the name stays locked, and whom to ask."""
    attempts = AccessAttempt.objects.filter(username=tried_username(request, credentials))
    newest = attempts.order_by("-attempt_time").values_list("attempt_time", flat=True).first()
    left = (newest or timezone.now()) + settings.AXES_COOLOFF_TIME - timezone.now()
    minutes = max(1, math.ceil(left.total_seconds() / 60))
    return render(request, "account/locked.html", {"minutes": minutes}, status=429)
