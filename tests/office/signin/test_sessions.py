"""Sessions end after half an hour of inactivity and after eight hours; one sees and ends one's other sessions."""

from __future__ import annotations

import time
from datetime import timedelta
from typing import Any

from django.contrib.sessions.models import Session
from django.test import Client
from django.utils import timezone
from tests.office.signin.helpers import LOGIN, PASSWORD

from mingzheng.city.models import Person


def shift(client: Client, seconds: int, *names: str) -> None:
    session = client.session
    for name in names:
        session[name] -= seconds
    session.save()


def test_half_an_hour_of_inactivity_ends_the_session_and_the_login_page_says_so(
    person: Person, sign_in: Any, client: Client
) -> None:
    sign_in()
    left = Session.objects.get().expire_date - timezone.now()
    assert timedelta(minutes=29) < left <= timedelta(minutes=30)
    Session.objects.update(expire_date=timezone.now())
    page = client.get("/office/?page=2", follow=True)
    assert page.redirect_chain == [(f"{LOGIN}?next=/office/%3Fpage%3D2", 302)]
    assert "登录已过期，请重新登录。" in page.content.decode()


def test_who_was_never_signed_in_is_not_told_of_an_expiry(city: Any, client: Client) -> None:
    assert "登录已过期" not in client.get("/office/", follow=True).content.decode()


def test_a_session_is_written_again_only_when_half_of_it_is_used_up(
    person: Person, sign_in: Any, client: Client
) -> None:
    sign_in()
    client.get("/office/")
    shift(client, 14 * 60, "seen_at")
    before = Session.objects.get().expire_date
    client.get("/office/")
    assert Session.objects.get().expire_date == before
    shift(client, 2 * 60, "seen_at")
    before = Session.objects.get().expire_date
    client.get("/office/")
    assert Session.objects.get().expire_date > before


def test_an_open_editor_alone_keeps_no_session_alive(person: Person, sign_in: Any, client: Client) -> None:
    sign_in()
    client.get("/office/")
    shift(client, 16 * 60, "seen_at")
    before = Session.objects.get().expire_date
    client.post("/office/editing-sessions/1/", headers={"Sec-Fetch-Mode": "cors"})
    assert Session.objects.get().expire_date == before


def test_eight_hours_end_it_in_any_case(person: Person, sign_in: Any, client: Client) -> None:
    sign_in()
    client.get("/office/")
    shift(client, 8 * 3600 + 60, "signed_in_at")
    page = client.get("/office/", follow=True)
    assert page.request["PATH_INFO"] == LOGIN
    assert "一次登录最长8小时" in page.content.decode()
    assert "_auth_user_id" not in client.session


def test_the_list_shows_where_one_is_signed_in_and_ends_the_others(
    person: Person, sign_in: Any, client: Client
) -> None:
    elsewhere = Client(
        REMOTE_ADDR="10.1.1.9", headers={"User-Agent": "Mozilla/5.0 (Windows NT 10.0) Firefox/140.0"}
    )
    elsewhere.post(LOGIN, {"login": "czj-writer", "password": PASSWORD})
    sign_in()
    page = client.get("/office/signin/sessions/").content.decode()
    assert "火狐浏览器（Windows）" in page
    assert "10.1.1.9" in page
    assert "本次登录" in page
    client.post("/office/signin/sessions/")
    assert elsewhere.get("/office/").status_code == 302
    assert client.get("/office/").status_code == 200


def test_public_pages_leave_sessions_alone(person: Person, sign_in: Any, client: Client) -> None:
    sign_in()
    client.get("/office/")
    shift(client, 20 * 60, "seen_at")
    client.get("/-/views/1/")
    assert time.time() - client.session["seen_at"] > 1000
