"""What holds on every page below ``/office/``: sessions end in time, and nobody works without a role, with
somebody else's password, or without the second factor that the role asks for."""

from __future__ import annotations

import time
from collections.abc import Callable

from allauth.account.internal.flows.login import get_authentication_records
from allauth.mfa.models import Authenticator
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import logout
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from mingzheng.city.models import Person
from mingzheng.office.signin.adapters import SIGNED_IN_AT, refused
from mingzheng.office.signin.passwords import why_change
from mingzheng.office.signin.roles import needs_second_factor, roles_today, why_outside

SEEN_AT = "seen_at"  # session key: seconds since the epoch
_PASSWORD_IS_FINE = "password_is_fine"  # session key


class OfficeDoor:
    """Middleware. Public pages pass untouched: they need no session."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.path.startswith(reverse("wagtailadmin_home")):
            return self._turned_away(request) or self.get_response(request)
        return self.get_response(request)

    def _turned_away(self, request: HttpRequest) -> HttpResponse | None:
        at_the_door = request.path.startswith(reverse("signin"))
        if not isinstance(request.user, Person):
            return None if at_the_door else _say_expired(request)
        return _end_in_time(request) or _check_roles(request, request.user, at_the_door)


def _say_expired(request: HttpRequest) -> HttpResponse | None:
    """A browser that still shows a session which is gone: say so, and come back here after signing in."""
    had_session = settings.SESSION_COOKIE_NAME in request.COOKIES and request.session.session_key is None
    if not had_session or request.headers.get("Sec-Fetch-Mode", "navigate") != "navigate":
        return None
    messages.info(request, "登录已过期，请重新登录。")
    return redirect_to_login(
        request.get_full_path() if request.method == "GET" else "", reverse("account_login")
    )


def _end_in_time(request: HttpRequest) -> HttpResponse | None:
    now, session = int(time.time()), request.session
    if now - session.setdefault(SIGNED_IN_AT, now) > settings.SESSION_LONGEST:
        logout(request)
        hours = settings.SESSION_LONGEST // 3600
        messages.info(request, f"一次登录最长{hours}小时，现已到时，请重新登录。")
        return redirect("account_login")
    # The editor's pulse shows that a window is open, not that somebody works in it.
    is_pulse = "/editing-sessions/" in request.path
    if not is_pulse and now - session.setdefault(SEEN_AT, now) > settings.SESSION_RENEW_AFTER:
        session[SEEN_AT] = now
    return None


def _check_roles(request: HttpRequest, person: Person, at_the_door: bool) -> HttpResponse | None:
    roles = roles_today(person)
    if not roles:
        sentence = why_outside(person)
        logout(request)
        return refused(request, sentence)
    if at_the_door:
        return None
    if sentence := _why_change(request, person):
        messages.warning(request, sentence)
        return redirect("account_change_password")
    if needs_second_factor(roles) and not _has_second_factor(person):
        messages.warning(request, "按照规定，您的角色须使用双因素认证，请先绑定身份验证器。")
        return redirect("mfa_activate_totp")
    return None


def _why_change(request: HttpRequest, person: Person) -> str:
    """Asked once a session: a password that somebody else sets ends every session of its owner."""
    if request.session.get(_PASSWORD_IS_FINE):
        return ""
    by_password = any(step["method"] == "password" for step in get_authentication_records(request, person))
    sentence = why_change(person) if by_password else ""
    if not sentence:
        request.session[_PASSWORD_IS_FINE] = True
    return sentence


def _has_second_factor(person: Person) -> bool:
    return bool(Authenticator.objects.filter(user=person, type=Authenticator.Type.TOTP).exists())
