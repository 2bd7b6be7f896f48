"""Five wrong passwords from one address, or twenty from anywhere, lock a name out for a quarter of an hour."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from axes.models import AccessAttempt
from django.db.models import F

from mingzheng.city.models import AuditEntry, Person

WRONG = "Changjiang-2018"


def fail(sign_in: Any, times: int, **more: Any) -> Any:
    for _ in range(times):
        answer = sign_in(password=WRONG, **more)
    return answer


def let_pass(minutes: int) -> None:
    AccessAttempt.objects.update(attempt_time=F("attempt_time") - timedelta(minutes=minutes))


def test_the_fifth_failure_locks_and_says_how_long_and_whom_to_ask(
    person: Person, sign_in: Any, settings: Any
) -> None:
    settings.SIGNIN_CONTACT = "市数据资源局值班室（电话：62200000）"
    assert fail(sign_in, 4).status_code == 200
    answer = fail(sign_in, 1)
    assert answer.status_code == 429
    page = answer.content.decode()
    assert "请约15分钟后再试" in page
    assert "市数据资源局值班室（电话：62200000）" in page


def test_the_right_password_does_not_help_while_it_is_locked(person: Person, sign_in: Any) -> None:
    fail(sign_in, 5)
    assert sign_in().status_code == 429
    let_pass(minutes=16)
    assert sign_in().status_code == 302


def test_trying_on_does_not_make_it_longer(person: Person, sign_in: Any) -> None:
    fail(sign_in, 5)
    let_pass(minutes=10)
    assert "请约5分钟后再试" in fail(sign_in, 1).content.decode()


def test_the_lock_is_recorded_once(person: Person, sign_in: Any) -> None:
    fail(sign_in, 8)
    entries = AuditEntry.objects.filter(subject=f"person:{person.pk}")
    assert entries.filter(verb="signin.locked").count() == 1
    assert entries.filter(verb="signin.failed").count() == 8


def test_success_resets_the_count(person: Person, sign_in: Any, client: Any) -> None:
    fail(sign_in, 4)
    sign_in()
    client.post("/office/signin/logout/")
    assert fail(sign_in, 4).status_code == 200


def test_another_address_is_not_locked(person: Person, sign_in: Any) -> None:
    fail(sign_in, 5, REMOTE_ADDR="10.1.1.1")
    assert sign_in(REMOTE_ADDR="10.1.1.2").status_code == 302


def test_twenty_failures_from_anywhere_lock_everywhere(person: Person, sign_in: Any) -> None:
    for number in range(19):
        assert fail(sign_in, 1, REMOTE_ADDR=f"10.1.1.{number}").status_code == 200
    assert fail(sign_in, 1, REMOTE_ADDR="10.1.2.1").status_code == 429
    assert sign_in(REMOTE_ADDR="10.1.3.1").status_code == 429


@pytest.mark.parametrize("spelling", ["CZJ-WRITER", " czj-writer "])
def test_another_spelling_of_the_name_is_the_same_name(person: Person, sign_in: Any, spelling: str) -> None:
    fail(sign_in, 3)
    assert fail(sign_in, 2, username=spelling).status_code == 429


def test_behind_a_proxy_the_address_is_the_one_that_the_proxy_saw(
    person: Person, sign_in: Any, settings: Any
) -> None:
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = 1
    forged = {"REMOTE_ADDR": "10.0.0.1", "HTTP_X_FORWARDED_FOR": "1.2.3.4, 61.190.1.1"}
    sign_in(**forged)
    assert AuditEntry.objects.get(verb="signin.succeeded").payload["address"] == "61.190.1.1"


def test_without_a_proxy_the_header_is_not_believed(person: Person, sign_in: Any) -> None:
    sign_in(REMOTE_ADDR="10.0.0.1", HTTP_X_FORWARDED_FOR="61.190.1.1")
    assert AuditEntry.objects.get(verb="signin.succeeded").payload["address"] == "10.0.0.1"
