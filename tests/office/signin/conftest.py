"""People with passwords, browsers that remember, and the second factor as a telephone computes it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client
from tests.office.signin.helpers import LOGIN, PASSWORD

from mingzheng.city import services
from mingzheng.city.models import Person
from mingzheng.office.signin.passwords import mark_as_own


@pytest.fixture(autouse=True)
def _quick(settings: Any) -> None:
    """Cheap hashes: the tests are about rules, not about the time a guess takes. No count of an earlier test."""
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    cache.clear()


@pytest.fixture
def person(city: Any) -> Person:
    """A writer of the finance bureau who has chosen a password."""
    writer: Person = city.people["czj-writer"]
    services.set_password(None, writer, PASSWORD)
    mark_as_own(writer)
    return writer


@pytest.fixture
def sign_in(client: Client) -> Callable[..., Any]:
    """Post the login form; returns the response."""

    def post(username: str = "czj-writer", password: str = PASSWORD, **more: Any) -> Any:
        extra = {name: more.pop(name) for name in list(more) if name.isupper()}
        return client.post(LOGIN, {"login": username, "password": password, **more}, **extra)

    return post
