"""Which passwords are taken, and when one must be changed."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from tests.office.signin.helpers import PASSWORD

from mingzheng.city import services
from mingzheng.city.models import AuditEntry, Person
from mingzheng.law.errors import Refusal
from mingzheng.office.signin.models import PasswordRecord

CHANGE = "/office/signin/password/change/"


def change(client: Client, new: str, old: str = PASSWORD) -> Any:
    return client.post(CHANGE, {"oldpassword": old, "password1": new, "password2": new})


@pytest.mark.parametrize(
    ("password", "why"),
    [
        ("Ab1-efgh", "不能少于10个字符"),  # eight characters
        ("huanghe-qiao-lu", "至少三类"),  # small letters and signs only
        ("CZJ-writer-1", "相似"),  # nearly the username
        ("Password123", "常见"),  # on Django's list, whatever the case
    ],
)
def test_weak_passwords_are_refused_with_the_rule(person: Person, password: str, why: str) -> None:
    with pytest.raises(Refusal, match=why):
        services.set_password(None, person, password)


@pytest.mark.parametrize("password", ["Huanghe2018qiao", "huanghe-2018-qiao", "黄河大桥abc2018年底"])
def test_three_kinds_of_characters_are_enough(person: Person, password: str) -> None:
    services.set_password(None, person, password)


def test_the_last_five_passwords_are_not_taken_again_and_the_sixth_is(person: Person) -> None:
    for number in range(4):
        services.set_password(None, person, f"Changjiang-{number}")
    with pytest.raises(Refusal, match="最近5次"):
        services.set_password(None, person, PASSWORD)
    services.set_password(None, person, "Changjiang-4")
    services.set_password(None, person, PASSWORD)
    assert person.password_records.count() == 5


def test_a_password_given_out_must_be_changed_before_anything_else(
    city: Any, sign_in: Any, client: Client
) -> None:
    writer = city.people["czj-writer"]
    services.set_password(city.people["admin"], writer, PASSWORD)
    sign_in()
    page = client.get("/office/", follow=True)
    assert page.request["PATH_INFO"] == CHANGE
    assert "您正在使用系统管理员设置的密码，请先改成自己的密码。" in page.content.decode()
    assert change(client, "Changjiang-2019")["Location"] == "/office/"
    assert client.get("/office/").status_code == 200


def test_the_password_with_which_an_account_is_created_is_given_out_too(
    city: Any, sign_in: Any, client: Client
) -> None:
    newcomer = services.create_person(None, username="xinren", name="新人", password=PASSWORD)
    services.grant(None, newcomer, "writer", city.units["czj"], starts_on=timezone.localdate())
    sign_in(username="xinren")
    assert client.get("/office/")["Location"] == CHANGE


def test_a_changed_password_is_recorded_as_the_persons_own_doing(
    person: Person, sign_in: Any, client: Client
) -> None:
    sign_in()
    change(client, "Changjiang-2019")
    entry = AuditEntry.objects.filter(verb="person.password_set", actor=person).get()
    assert entry.payload == {"address": "127.0.0.1"}


def test_errors_stand_beside_their_field(person: Person, sign_in: Any, client: Client) -> None:
    sign_in()
    page = change(client, "Changjiang-2019", old="Chaohu-2019-an").content.decode()
    assert "当前密码不正确，请重新输入。" in page
    assert "至少三类" in change(client, "huanghe-qiao-lu").content.decode()


def test_a_reset_by_the_administrator_ends_every_session(
    city: Any, person: Person, sign_in: Any, client: Client
) -> None:
    sign_in()
    services.set_password(city.people["admin"], person, "Changjiang-2019")
    assert client.get("/office/").status_code == 302


def test_an_old_password_must_be_changed_where_the_city_says_so(
    person: Person, sign_in: Any, client: Client, settings: Any
) -> None:
    settings.PASSWORD_DAYS = 90
    PasswordRecord.objects.update(set_at=timezone.now() - timedelta(days=91))
    sign_in()
    assert "已使用超过90天" in client.get("/office/", follow=True).content.decode()
