"""接口密钥 on screen: who sees which keys, a new one is shown once, a leaked one is revoked."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone
from tests.office.pages import english, queries, text
from tests.office.test_every_address import sign_in

from mingzheng.city import services as people
from mingzheng.portal.api.models import ApiKey
from mingzheng.portal.api.services import key_of, open_key

TODAY = timezone.localdate()
GIVEN = {"name": "行政审批业务系统", "unit": "czj", "expires_on": str(TODAY + timedelta(days=90))}


@pytest.fixture
def admin(city):
    return sign_in(city.people["admin"])


@pytest.fixture
def county_admin(city):
    person = people.create_person(None, username="hexi-admin", name="河西管理员", password=None)
    people.grant(None, person, "admin", city.units["hexi"], starts_on=TODAY)
    return sign_in(person)


def make(city, code: str, name: str = "系统") -> ApiKey:
    return open_key(city.people["admin"], city.units[code], name=name, expires_on=TODAY + timedelta(days=9))[
        0
    ]


def test_a_new_key_is_shown_once_and_works(city, admin):
    answer = admin.post("/office/keys/new/", GIVEN)
    key = ApiKey.objects.get()
    told = next(word for word in text(answer).split() if word.startswith("mz_"))
    assert key_of(told) == key
    assert (key.unit.code, key.expires_on, key.created_by.username) == (
        "czj",
        TODAY + timedelta(days=90),
        "admin",
    )
    assert "no-store" in answer["Cache-Control"]
    listed = admin.get("/office/keys/")
    assert told not in listed.content.decode()
    assert "行政审批业务系统" in text(listed)


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"name": ""}, "必填"),
        ({"unit": "nix"}, "没有“nix”这个单位"),
        ({"expires_on": str(TODAY - timedelta(days=1))}, "两年之内"),
        ({"expires_on": "乱写"}, "日期"),
    ],
)
def test_a_form_that_is_wrong_makes_no_key(city, admin, given, said):
    answer = admin.post("/office/keys/new/", GIVEN | given)
    assert said in text(answer)
    assert ApiKey.objects.count() == 0


def test_a_revoked_key_opens_nothing_from_then_on(city, admin):
    _, told = open_key(city.people["admin"], city.units["czj"], name="系统", expires_on=TODAY)
    key = ApiKey.objects.get()
    assert admin.post(f"/office/keys/{key.pk}/revoke/", {"reason": ""}).status_code in (302, 400)
    assert key_of(told) is not None
    admin.post(f"/office/keys/{key.pk}/revoke/", {"reason": "泄露"})
    assert key_of(told) is None
    shown = text(admin.get("/office/keys/"))
    assert "已作废" in shown
    assert "泄露" in shown


def test_a_county_sees_and_revokes_its_own_keys_and_opens_none(city, county_admin):
    own, lower, foreign = (
        make(city, "hexi", "甲系统"),
        make(city, "qingshui", "乙系统"),
        make(city, "czj", "丙系统"),
    )
    shown = text(county_admin.get("/office/keys/"))
    assert ("甲系统" in shown, "乙系统" in shown, "丙系统" in shown) == (True, True, False)
    assert county_admin.post(f"/office/keys/{foreign.pk}/revoke/", {"reason": "试试"}).status_code == 404
    county_admin.post(f"/office/keys/{lower.pk}/revoke/", {"reason": "系统下线"})
    revoked = set(ApiKey.objects.exclude(revoked_at=None).values_list("pk", flat=True))
    assert revoked == {lower.pk}
    county_admin.post("/office/keys/new/", GIVEN | {"unit": "hexi"})
    assert ApiKey.objects.count() == 3
    assert own.revoked_at is None


def test_the_screens_are_chinese_and_cost_as_much_for_many_as_for_few(city, admin):
    make(city, "czj")
    few = len(queries(admin, "/office/keys/"))
    for number in range(5):
        make(city, "czj", f"第{number}个系统")
    assert len(queries(admin, "/office/keys/")) == few
    for address in ("/office/keys/", "/office/keys/new/"):
        assert english(admin.get(address)) == set()
