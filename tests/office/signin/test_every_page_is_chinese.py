"""Every page of signing in, as rendered: no English, no script needed, nothing from another host."""

from __future__ import annotations

import re
from typing import Any

import pytest
from bs4 import BeautifulSoup
from django.test import Client
from tests.office.signin.helpers import LOGIN, code_of

from mingzheng.city.models import Person

ALLOWED = {"Windows", "Edge", "Chrome", "Safari", "Linux"}
ACTIVATE = "/office/signin/2fa/totp/activate/"
SIGNED_OUT = ("login/", "password/reset/", "inactive/", "sso/cancelled/")
SIGNED_IN = (
    "logout/", "password/change/", "password/set/", "reauthenticate/", "sessions/", "2fa/", "2fa/totp/activate/",
)  # fmt: skip
BOUND = (
    "2fa/", "2fa/reauthenticate/", "2fa/totp/deactivate/", "2fa/recovery-codes/", "2fa/recovery-codes/generate/",
)  # fmt: skip


def check(answer: Any) -> None:
    page = BeautifulSoup(answer.content.decode(), "html.parser")
    assert page.h1 is not None, answer.content.decode()
    for neither in [*page.find_all(["code", "script"]), *page.select(".who")]:  # codes and the person's name
        neither.decompose()
    spoken = [
        page.get_text(" "),
        *(str(tag.get(name) or "") for tag in page.find_all() for name in ("alt", "title")),
    ]
    words = set(re.findall(r"[A-Za-z]{3,}", " ".join(spoken)))
    assert words <= ALLOWED, words
    for tag in page.find_all(["script", "img", "link", "iframe"]):
        address = str(tag.get("src") or tag.get("href") or "")
        assert address.startswith(("/office-static/", "data:")), address


@pytest.mark.parametrize("address", SIGNED_OUT)
def test_before_signing_in(city: Any, client: Client, address: str) -> None:
    check(client.get(f"/office/signin/{address}"))


@pytest.mark.parametrize("address", SIGNED_IN)
def test_signed_in(person: Person, sign_in: Any, client: Client, address: str) -> None:
    sign_in()
    check(client.get(f"/office/signin/{address}"))


def test_with_the_second_factor(person: Person, sign_in: Any, client: Client) -> None:
    sign_in()
    secret = client.get(ACTIVATE).context["form"].secret
    client.post(ACTIVATE, {"code": code_of(secret)})
    for address in BOUND:
        check(client.get(f"/office/signin/{address}"))
    client.post("/office/signin/logout/")
    check(client.get(sign_in()["Location"]))
    check(client.post("/office/signin/2fa/authenticate/", {"code": "000000"}))


@pytest.mark.parametrize("form", [{}, {"login": "a" * 200}, {"login": "czj-writer", "password": "x"}])
def test_errors_of_the_login_form(person: Person, client: Client, form: dict[str, str]) -> None:
    check(client.post(LOGIN, form))


def test_errors_of_the_other_forms(person: Person, sign_in: Any, client: Client) -> None:
    sign_in()
    for form in (
        {},
        {"oldpassword": "x", "password1": "czj", "password2": "password"},
        {"password1": "password"},
    ):
        check(client.post("/office/signin/password/change/", form))
    check(client.post("/office/signin/reauthenticate/", {"password": "x"}))
    check(client.post(ACTIVATE, {"code": "1"}))


def test_locked_out(person: Person, sign_in: Any) -> None:
    for _ in range(5):
        answer = sign_in(password="x")
    check(answer)


def test_a_form_without_its_token(city: Any) -> None:
    answer = Client(enforce_csrf_checks=True).post(LOGIN, {"login": "czj-writer", "password": "x"})
    assert answer.status_code == 403
    check(answer)


def test_a_public_form_without_its_token_gets_the_public_sites_answer(city: Any) -> None:
    answer = Client(enforce_csrf_checks=True).post("/-/qr?path=/")
    assert answer.status_code == 403
    assert "您没有访问该页面的权限。" in answer.content.decode()
