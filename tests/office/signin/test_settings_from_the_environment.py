"""What a city sets in the environment, and what holds when it sets nothing."""

from __future__ import annotations

import importlib.util
from types import ModuleType
from typing import Any

import pytest

import mingzheng.settings.signin

VARIABLES = (
    "DEBUG",
    "HTTPS",
    "PROXIES",
    "REQUIRE_SECOND_FACTOR",
    "OIDC_ISSUER",
    "OIDC_CLIENT_ID",
    "OIDC_SECRET",
)


def load(monkeypatch: pytest.MonkeyPatch, **variables: str) -> ModuleType:
    """The settings as a process with just these variables reads them."""
    for name in VARIABLES:
        monkeypatch.delenv(f"MINGZHENG_{name}", raising=False)
    for name, value in variables.items():
        monkeypatch.setenv(f"MINGZHENG_{name}", value)
    spec = importlib.util.spec_from_file_location("signin_again", str(mingzheng.settings.signin.__file__))
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_cookies_are_for_https_only_where_the_city_serves_https(monkeypatch: pytest.MonkeyPatch) -> None:
    assert not hasattr(load(monkeypatch), "SESSION_COOKIE_SECURE")
    secure = load(monkeypatch, HTTPS="1")
    assert (secure.SESSION_COOKIE_SECURE, secure.CSRF_COOKIE_SECURE) == (True, True)
    assert not hasattr(secure, "SECURE_PROXY_SSL_HEADER"), "without a proxy of ours the header is anybody's"
    assert hasattr(load(monkeypatch, HTTPS="1", PROXIES="1"), "SECURE_PROXY_SSL_HEADER")


@pytest.mark.parametrize(
    ("variables", "roles"),
    [
        ({}, {"signer", "office", "admin", "auditor", "secrecy"}),
        ({"DEBUG": "1"}, set()),  # a developer's machine
        ({"REQUIRE_SECOND_FACTOR": "admin, duty"}, {"admin", "duty"}),  # the city's own choice
        ({"REQUIRE_SECOND_FACTOR": ""}, set()),  # nobody, said explicitly
    ],
)
def test_which_roles_need_a_second_factor(
    monkeypatch: pytest.MonkeyPatch, variables: dict[str, str], roles: set[str]
) -> None:
    required = load(monkeypatch, **variables).REQUIRE_SECOND_FACTOR
    assert required == roles


def test_single_sign_on_is_off_until_an_issuer_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    assert load(monkeypatch).SOCIALACCOUNT_PROVIDERS["openid_connect"]["APPS"] == []
    named = load(monkeypatch, OIDC_ISSUER="https://sso.example", OIDC_CLIENT_ID="mz", OIDC_SECRET="s")
    (app,) = named.SOCIALACCOUNT_PROVIDERS["openid_connect"]["APPS"]
    assert (app["client_id"], app["secret"], app["settings"]["server_url"]) == (
        "mz",
        "s",
        "https://sso.example",
    )


def test_the_session_cookie_is_for_the_whole_site_and_no_script(settings: Any) -> None:
    assert settings.SESSION_COOKIE_PATH == "/"
    assert settings.SESSION_COOKIE_HTTPONLY
    assert settings.SESSION_COOKIE_SAMESITE == "Lax"
