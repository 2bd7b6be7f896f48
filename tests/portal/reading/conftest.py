"""A reader at a portal: tells readings as a browser does."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

import pytest
from django.test import Client

from mingzheng.portal.reading import views

BROWSER = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/120.0.0.0 Safari/537.36"
NOON = datetime(2026, 3, 4, 4, 0, tzinfo=UTC)


class Clock:
    """The time of the counting, which a test moves."""

    def __init__(self) -> None:
        self.now = NOON

    def __call__(self) -> datetime:
        return self.now


@pytest.fixture
def clock(monkeypatch) -> Clock:
    made = Clock()
    monkeypatch.setattr("django.utils.timezone.now", made)
    return made


@pytest.fixture
def read(portal, clock, monkeypatch) -> Callable[..., object]:
    """Tell a reading of an address; returns what became of it, None when the address was not looked at."""
    verdicts = []
    count = views.count
    monkeypatch.setattr(views, "count", lambda *given: verdicts.append(count(*given)))
    client = Client(enforce_csrf_checks=True)

    def tell(path: str, *, address: str = "203.0.113.7", **headers: str):
        verdicts.clear()
        headers = {
            "User-Agent": BROWSER,
            **{name.replace("_", "-"): value for name, value in headers.items()},
        }
        tell.answer = client.post(
            "/-/views", query_params={"page": path}, headers=headers, REMOTE_ADDR=address
        )
        return verdicts[0] if verdicts else None

    return tell
