"""Signing in and out, failures, lock-outs and changes of the second factor go into the audit chain."""

from __future__ import annotations

from typing import Any

from allauth.account.signals import password_changed, user_logged_in
from allauth.mfa import signals as mfa
from allauth.mfa.models import Authenticator
from axes.signals import user_locked_out
from django.contrib.auth.signals import user_logged_out, user_login_failed
from django.dispatch import receiver
from django.http import HttpRequest

from mingzheng.city import audit
from mingzheng.city.client import client_address
from mingzheng.city.models import Person
from mingzheng.office.signin.lockout import count_wrong_code, tried_username
from mingzheng.office.signin.passwords import mark_as_own


def _append(
    actor: Person | None, verb: str, person: Person | None, request: HttpRequest, **details: Any
) -> None:
    subject = f"person:{person.pk}" if person else "person:unknown"
    audit.append(actor, verb, subject, {"address": client_address(request), **details})


def _tried(username: str) -> Person | None:
    """The account that was tried. A name without one is not kept: it may be a password in the wrong field."""
    return Person.objects.filter(username__iexact=username).first()


@receiver(user_logged_in)
def signed_in(request: HttpRequest, user: Person, **details: Any) -> None:
    by = "sso" if "sociallogin" in details else "password"
    _append(user, "signin.succeeded", user, request, by=by)


@receiver(user_logged_out)
def signed_out(request: HttpRequest, user: Person | None, **details: Any) -> None:
    if user is not None:
        _append(user, "signin.left", user, request)


@receiver(user_login_failed)
def failed(credentials: dict[str, Any], request: HttpRequest | None = None, **details: Any) -> None:
    if request is not None:
        _append(None, "signin.failed", _tried(tried_username(request, credentials)), request)


@receiver(user_locked_out)
def locked_out(request: HttpRequest, username: str, **details: Any) -> None:
    # Axes tells of every further try while the lock holds; only the failure that closed it carries a count.
    if getattr(request, "axes_failures_since_start", None):
        _append(None, "signin.locked", _tried(username), request)


@receiver(password_changed)
def chose_password(request: HttpRequest, user: Person, **details: Any) -> None:
    mark_as_own(user)
    _append(user, "person.password_set", user, request)


@receiver(mfa.authenticator_added)
def second_factor_added(
    request: HttpRequest, user: Person, authenticator: Authenticator, **details: Any
) -> None:
    _append(user, "second_factor.added", user, request, kind=authenticator.type)


@receiver(mfa.authenticator_removed)
def second_factor_removed(
    request: HttpRequest, user: Person, authenticator: Authenticator, **details: Any
) -> None:
    _append(user, "second_factor.removed", user, request, kind=authenticator.type)


@receiver(mfa.authenticator_reset)
def second_factor_renewed(
    request: HttpRequest, user: Person, authenticator: Authenticator, **details: Any
) -> None:
    _append(user, "second_factor.renewed", user, request, kind=authenticator.type)


@receiver(mfa.authentication_failed)
def second_factor_failed(request: HttpRequest, user: Person, **details: Any) -> None:
    _append(None, "second_factor.failed", user, request)
    count_wrong_code(request, user.username)
