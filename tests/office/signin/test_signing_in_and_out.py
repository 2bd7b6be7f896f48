"""A name and a password open the back office to who holds a role today; nothing else does."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from tests.office.signin.helpers import LOGIN, PASSWORD

from mingzheng.city import services
from mingzheng.city.models import AuditEntry, Person


def verbs(person: Person) -> list[str]:
    entries = AuditEntry.objects.filter(subject=f"person:{person.pk}", verb__startswith="signin")
    return list(entries.values_list("verb", flat=True))


def test_the_right_password_opens_the_back_office_and_is_recorded(
    person: Person, sign_in: Any, client: Client
) -> None:
    assert sign_in()["Location"] == "/office/"
    assert client.get("/office/").status_code == 200
    entry = AuditEntry.objects.get(verb="signin.succeeded")
    assert entry.actor == person
    assert entry.payload == {"address": "127.0.0.1", "by": "password"}


def test_a_wrong_password_is_refused_beside_the_form_and_recorded_without_the_password(
    person: Person, sign_in: Any, client: Client
) -> None:
    page = sign_in(password="Changjiang-2018").content.decode()
    assert "用户名或密码不正确。再输错4次，将锁定15分钟。" in page
    assert verbs(person) == ["signin.failed"]
    assert "Changjiang" not in str(list(AuditEntry.objects.values_list("payload", flat=True)))
    assert client.get("/office/").status_code == 302


def test_an_unknown_name_is_answered_alike_and_not_kept(person: Person, sign_in: Any) -> None:
    assert "用户名或密码不正确" in sign_in(username="meiyou-zheren").content.decode()
    entry = AuditEntry.objects.get(verb="signin.failed")
    assert (entry.subject, entry.payload) == ("person:unknown", {"address": "127.0.0.1"})


def test_who_was_on_the_way_to_a_page_arrives_there(person: Person, sign_in: Any) -> None:
    assert sign_in(next="/office/?page=2")["Location"] == "/office/?page=2"


@pytest.mark.parametrize("elsewhere", ["https://example.org/", "//example.org/", "javascript:alert(1)"])
def test_the_way_leads_to_no_other_host(person: Person, sign_in: Any, elsewhere: str) -> None:
    assert sign_in(next=elsewhere)["Location"] == "/office/"


def test_another_host_that_we_serve_is_another_host(person: Person, sign_in: Any, settings: Any) -> None:
    settings.ALLOWED_HOSTS = ["testserver", "www.example.gov.cn"]
    assert sign_in(next="https://www.example.gov.cn/office/")["Location"] == "/office/"


def test_signing_out_is_confirmed_on_the_login_page_and_recorded(
    person: Person, sign_in: Any, client: Client
) -> None:
    sign_in()
    page = client.post("/office/logout/", follow=True)
    assert page.request["PATH_INFO"] == LOGIN
    assert "您已退出登录。" in page.content.decode()
    assert verbs(person) == ["signin.succeeded", "signin.left"]


def test_a_link_does_not_sign_anybody_out(person: Person, sign_in: Any, client: Client) -> None:
    sign_in()
    assert "确定要退出登录吗" in client.get("/office/signin/logout/").content.decode()
    assert client.get("/office/").status_code == 200


def test_wagtails_own_doors_lead_to_ours(person: Person, client: Client) -> None:
    answer = client.post("/office/login/", {"username": "czj-writer", "password": PASSWORD})
    assert answer["Location"] == LOGIN
    assert "_auth_user_id" not in client.session
    assert client.get("/office/password_reset/").status_code == 302
    assert client.post("/office/password_reset/confirm/MQ/abc-def/").status_code == 302


@pytest.mark.parametrize(
    "address", ["signup/", "email/", "password/reset/key/1-abc/", "3rdparty/signup/", "login/code/"]
)
def test_nobody_signs_up_or_gets_a_password_by_mail(city: Any, client: Client, address: str) -> None:
    page = client.get(f"/office/signin/{address}", follow=True)
    assert (page.status_code, page.request["PATH_INFO"]) == (200, LOGIN)


def test_whose_roles_have_ended_is_told_since_when(city: Any, sign_in: Any, client: Client) -> None:
    operator = services.create_person(None, username="yunwei", name="运维", password=PASSWORD)
    services.grant(
        None, operator, "operator", city.units["czj"], starts_on=date(2018, 1, 1), ends_on=date(2018, 6, 30)
    )  # fmt: skip
    answer = sign_in(username="yunwei")
    assert answer.status_code == 403
    assert "您的授权已于2018年6月30日到期，请联系系统管理员。" in answer.content.decode()
    assert client.get("/office/")["Location"].startswith(LOGIN)


def test_whose_roles_end_while_signed_in_is_told_at_the_next_page(
    city: Any, person: Person, sign_in: Any, client: Client
) -> None:
    sign_in()
    yesterday = timezone.localdate() - timedelta(days=1)
    services.end_grant(city.people["admin"], person.memberships.get(), on=yesterday)
    answer = client.get("/office/")
    assert answer.status_code == 403
    assert "到期，请联系系统管理员。" in answer.content.decode()
    assert client.get("/office/").status_code == 302


def test_whose_role_starts_later_or_who_has_none_is_told_so(city: Any, sign_in: Any) -> None:
    newcomer = services.create_person(None, username="xinren", name="新人", password=PASSWORD)
    assert "尚未获得任何角色" in sign_in(username="xinren").content.decode()
    later = timezone.localdate() + timedelta(days=3)
    services.grant(None, newcomer, "writer", city.units["czj"], starts_on=later)
    assert (
        f"您的授权自{later.year}年{later.month}月{later.day}日起生效"
        in sign_in(username="xinren").content.decode()
    )


def test_a_closed_account_is_told_so(city: Any, person: Person, sign_in: Any, client: Client) -> None:
    services.close_account(city.people["admin"], person, reason="调离")
    answer = sign_in()
    assert "您的账号已停用" in client.get(answer["Location"]).content.decode()


def test_a_page_asked_for_too_often_says_so_in_chinese(city: Any, client: Client, settings: Any) -> None:
    settings.ACCOUNT_RATE_LIMITS = {"login": "1/m/ip"}
    answers = [client.post(LOGIN, {"login": "a", "password": "b"}) for _ in range(2)]
    assert answers[1].status_code == 429
    assert "操作次数过多" in answers[1].content.decode()
