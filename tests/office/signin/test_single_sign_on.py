"""Single sign-on opens existing accounts, and never makes one; against a provider on loopback."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.test import Client
from tests.office.signin.helpers import LOGIN
from tests.office.signin.provider import CLIENT_ID, SECRET, Provider, running

from mingzheng.city import services
from mingzheng.city.models import AuditEntry, Person

START = "/office/signin/oidc/sso/login/"


@pytest.fixture
def provider(settings: Any) -> Iterator[Provider]:
    with running() as made:
        app = {
            "provider_id": "sso",
            "name": "统一身份认证",
            "client_id": CLIENT_ID,
            "secret": SECRET,
            "settings": {"server_url": made.issuer},
        }
        settings.SOCIALACCOUNT_PROVIDERS = {"openid_connect": {"OAUTH_PKCE_ENABLED": True, "APPS": [app]}}
        yield made


def sign_in(client: Client, provider: Provider, **query: str) -> Any:
    away = client.post(START, query_params={"process": "login", **query})
    assert away["Location"].startswith(f"{provider.issuer}/authorize?")
    return client.get(f"{START}callback/", provider.visit(away["Location"]))


def test_the_button_is_there_only_when_an_issuer_is_set(city: Any, client: Client) -> None:
    assert "用统一身份认证登录" not in client.get(LOGIN).content.decode()


def test_with_an_issuer_the_login_page_offers_it(city: Any, provider: Provider, client: Client) -> None:
    page = client.get(LOGIN, {"next": "/office/?page=2"}).content.decode()
    assert "用统一身份认证登录" in page
    assert f'action="{START}?' in page


def test_an_existing_account_is_opened_and_recorded(
    person: Person, provider: Provider, client: Client
) -> None:
    assert sign_in(client, provider, next="/office/?page=2")["Location"] == "/office/?page=2"
    assert client.get("/office/?page=2").status_code == 200
    recorded = AuditEntry.objects.filter(subject=f"person:{person.pk}", verb__startswith="signin").order_by(
        "id"
    )
    assert [entry.verb for entry in recorded] == ["signin.sso_bound", "signin.succeeded"]
    assert recorded[1].payload == {"address": "127.0.0.1", "by": "sso"}


def test_afterwards_the_subject_counts_not_the_name(
    person: Person, provider: Provider, client: Client
) -> None:
    sign_in(client, provider)
    client.post("/office/signin/logout/")
    provider.claims["preferred_username"] = "renamed"
    assert sign_in(client, provider)["Location"] == "/office/"


def test_a_name_that_was_given_to_somebody_else_opens_nothing(
    person: Person, provider: Provider, client: Client
) -> None:
    sign_in(client, provider)
    client.post("/office/signin/logout/")
    provider.claims["sub"] = "u-2"
    answer = sign_in(client, provider)
    assert answer.status_code == 403
    assert "已与另一个统一身份认证用户绑定，请联系系统管理员。" in answer.content.decode()


def test_an_unknown_name_gets_one_sentence_and_no_account(
    city: Any, provider: Provider, client: Client
) -> None:
    provider.claims["preferred_username"] = "lisi"
    people = Person.objects.count()
    answer = sign_in(client, provider)
    assert answer.status_code == 403
    assert "统一身份认证的用户“lisi”在本平台没有可用的账号，请联系系统管理员。" in answer.content.decode()
    assert Person.objects.count() == people


def test_a_closed_account_stays_closed(city: Any, person: Person, provider: Provider, client: Client) -> None:
    services.close_account(city.people["admin"], person, reason="调离")
    assert "没有可用的账号" in sign_in(client, provider).content.decode()


def test_the_name_may_stand_in_another_claim(
    person: Person, provider: Provider, client: Client, settings: Any
) -> None:
    settings.OIDC_USERNAME_CLAIM = "employee_no"
    provider.claims = {"sub": "u-9", "employee_no": "czj-writer"}
    assert sign_in(client, provider)["Location"] == "/office/"


def test_who_signs_in_this_way_is_not_asked_to_change_the_password(
    city: Any, person: Person, provider: Provider, client: Client
) -> None:
    services.set_password(city.people["admin"], person, "Changjiang-2019")
    sign_in(client, provider)
    assert client.get("/office/").status_code == 200


def test_a_second_factor_is_asked_for_here_too(
    person: Person, provider: Provider, client: Client, settings: Any
) -> None:
    settings.REQUIRE_SECOND_FACTOR = frozenset({"writer"})
    sign_in(client, provider)
    assert client.get("/office/")["Location"] == "/office/signin/2fa/totp/activate/"


def test_a_failure_at_the_provider_is_said_in_chinese(city: Any, provider: Provider, client: Client) -> None:
    answer = client.get(f"{START}callback/", {"error": "server_error", "state": "none"})
    assert "统一身份认证没有完成" in answer.content.decode()
