"""Roles that decide need a second factor; everybody may have one."""

from __future__ import annotations

from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from django.test import Client
from tests.office.signin.helpers import LOGIN, PASSWORD, code_of

from mingzheng.city.models import AuditEntry, Person

ACTIVATE = "/office/signin/2fa/totp/activate/"
AUTHENTICATE = "/office/signin/2fa/authenticate/"


def bind(client: Client) -> str:
    """Set the second factor up and return its secret."""
    page = client.get(ACTIVATE)
    assert page.status_code == 200
    secret: str = page.context["form"].secret
    answer = client.post(ACTIVATE, {"code": code_of(secret)})
    assert answer["Location"] == "/office/signin/2fa/recovery-codes/"
    return secret


@pytest.fixture
def required(settings: Any) -> None:
    settings.REQUIRE_SECOND_FACTOR = frozenset({"writer"})


def test_a_role_that_needs_it_is_led_to_set_it_up_before_anything_else(
    required: None, person: Person, sign_in: Any, client: Client
) -> None:
    sign_in()
    page = client.get("/office/?page=2", follow=True)
    assert page.request["PATH_INFO"] == ACTIVATE
    assert "您的角色须使用双因素认证" in page.content.decode()
    bind(client)
    assert client.get("/office/?page=2").status_code == 200


def test_other_roles_work_without_it(person: Person, sign_in: Any, client: Client, settings: Any) -> None:
    settings.REQUIRE_SECOND_FACTOR = frozenset({"signer"})
    sign_in()
    assert client.get("/office/").status_code == 200


def test_the_qr_code_is_in_the_page_itself(person: Person, sign_in: Any, client: Client) -> None:
    sign_in()
    assert 'src="data:image/svg+xml;base64,' in client.get(ACTIVATE).content.decode()


def test_once_bound_the_password_alone_opens_nothing(person: Person, sign_in: Any, client: Client) -> None:
    sign_in()
    secret = bind(client)
    client.post("/office/signin/logout/")
    assert sign_in()["Location"] == AUTHENTICATE
    assert client.get("/office/").status_code == 302
    assert (
        "验证码不正确，请核对后重新输入。" in client.post(AUTHENTICATE, {"code": "000000"}).content.decode()
    )
    assert AuditEntry.objects.get(verb="second_factor.failed").subject == f"person:{person.pk}"
    assert client.post(AUTHENTICATE, {"code": code_of(secret)})["Location"] == "/office/"
    assert client.get("/office/").status_code == 200


def test_a_recovery_code_opens_once(person: Person, sign_in: Any, client: Client) -> None:
    sign_in()
    bind(client)
    code = client.get("/office/signin/2fa/recovery-codes/").context["unused_codes"][0]
    for expected in (302, 200):
        client.post("/office/signin/logout/")
        sign_in()
        assert client.post(AUTHENTICATE, {"code": code}).status_code == expected


def test_codes_cannot_be_guessed_at_leisure(person: Person, sign_in: Any, client: Client) -> None:
    sign_in()
    secret = bind(client)
    client.post("/office/signin/logout/")
    sign_in()
    for number in range(5):
        answer = client.post(AUTHENTICATE, {"code": f"00000{number}"})
    assert answer.status_code == 429
    assert "登录已锁定" in answer.content.decode()
    page = client.post(AUTHENTICATE, {"code": code_of(secret)}).content.decode()
    assert "输错次数过多，请15分钟后再试。" in page
    assert AuditEntry.objects.filter(verb="signin.locked", subject=f"person:{person.pk}").exists()


def test_the_right_password_does_not_forgive_wrong_codes(
    person: Person, sign_in: Any, client: Client
) -> None:
    sign_in()
    bind(client)
    for number in range(5):
        client.post("/office/signin/logout/")
        sign_in()
        answer = client.post(AUTHENTICATE, {"code": f"00000{number}"})
    assert answer.status_code == 429
    assert "_auth_user_id" not in client.session


def test_who_must_have_it_cannot_give_it_up(
    required: None, person: Person, sign_in: Any, client: Client
) -> None:
    sign_in()
    bind(client)
    page = client.post("/office/signin/2fa/totp/deactivate/").content.decode()
    assert "按照规定，您的角色必须使用双因素认证，不能停用。" in page
    assert Authenticator.objects.filter(user=person, type="totp").exists()


def test_its_changes_are_recorded(
    person: Person, sign_in: Any, client: Client, django_capture_on_commit_callbacks: Any
) -> None:
    sign_in()
    with django_capture_on_commit_callbacks(execute=True):
        bind(client)
        client.post("/office/signin/2fa/recovery-codes/generate/")
    client.post("/office/signin/2fa/totp/deactivate/")
    entries = AuditEntry.objects.filter(subject=f"person:{person.pk}", verb__startswith="second_factor")
    found = {(entry.verb.removeprefix("second_factor."), entry.payload["kind"]) for entry in entries}
    assert found >= {("added", "totp"), ("renewed", "recovery_codes"), ("removed", "totp")}


def test_the_secret_is_not_readable_in_the_database(person: Person, sign_in: Any, client: Client) -> None:
    sign_in()
    secret = bind(client)
    assert secret not in str(list(Authenticator.objects.values_list("data", flat=True)))


def test_long_after_signing_in_the_password_is_asked_again(
    person: Person, sign_in: Any, client: Client
) -> None:
    sign_in()
    client.get("/office/")
    session = client.session
    session["signed_in_at"] -= 600
    session.save()
    answer = client.get(ACTIVATE)
    assert answer["Location"].startswith("/office/signin/reauthenticate/")
    assert client.post(answer["Location"], {"password": PASSWORD, "next": ACTIVATE})["Location"] == ACTIVATE
    assert client.get(ACTIVATE).status_code == 200
    assert LOGIN not in client.get(ACTIVATE).content.decode()
