"""What a system administrator does for somebody who cannot sign in; the screens of accounts call it."""

from __future__ import annotations

from allauth.mfa.models import Authenticator
from axes.handlers.proxy import AxesProxyHandler
from django.db import transaction

from mingzheng.city import audit
from mingzheng.city.models import Person
from mingzheng.city.services import require, root_unit
from mingzheng.law.errors import Refusal


def unlock(actor: Person, person: Person) -> None:
    """Forget the wrong passwords tried on the account, from every address."""
    require(actor, "unit.manage", root_unit())
    with transaction.atomic():
        AxesProxyHandler.reset_attempts(username=person.username.lower())
        audit.append(actor, "signin.unlocked", f"person:{person.pk}", {})


def remove_second_factor(actor: Person, person: Person, *, reason: str) -> None:
    """Take the second factor off an account whose telephone and recovery codes are lost."""
    require(actor, "unit.manage", root_unit())
    if not reason.strip():
        raise Refusal(f"解除“{person}”的双因素认证，须写明原因。")
    with transaction.atomic():
        removed, _ = Authenticator.objects.filter(user=person).delete()
        if not removed:
            raise Refusal(f"“{person}”没有绑定身份验证器，无须解除。")
        audit.append(actor, "second_factor.removed", f"person:{person.pk}", {"reason": reason})
