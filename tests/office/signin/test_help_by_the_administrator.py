"""What the system administrator does for who cannot sign in."""

from __future__ import annotations

from typing import Any

import pytest
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret

from mingzheng.city.models import AuditEntry, Person
from mingzheng.city.services import NotAllowed
from mingzheng.law.errors import Refusal
from mingzheng.office.signin import services


def test_a_lock_is_taken_off(city: Any, person: Person, sign_in: Any) -> None:
    for _ in range(5):
        sign_in(password="x")
    services.unlock(city.people["admin"], person)
    assert sign_in().status_code == 302
    assert AuditEntry.objects.get(verb="signin.unlocked").actor == city.people["admin"]


def test_a_lost_second_factor_is_taken_off_for_a_reason(city: Any, person: Person, sign_in: Any) -> None:
    TOTP.activate(person, generate_totp_secret())
    with pytest.raises(Refusal, match="须写明原因"):
        services.remove_second_factor(city.people["admin"], person, reason=" ")
    services.remove_second_factor(city.people["admin"], person, reason="手机丢失")
    assert sign_in()["Location"] == "/office/"
    with pytest.raises(Refusal, match="无须解除"):
        services.remove_second_factor(city.people["admin"], person, reason="手机丢失")


def test_others_may_do_neither(city: Any, person: Person) -> None:
    with pytest.raises(NotAllowed):
        services.unlock(person, person)
    with pytest.raises(NotAllowed):
        services.remove_second_factor(city.people["office"], person, reason="手机丢失")
