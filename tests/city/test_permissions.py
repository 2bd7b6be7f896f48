"""Who may do what where: every role against every verb in an own, a lower and a foreign unit."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.contrib.auth.models import AnonymousUser

from mingzheng.city import services
from mingzheng.city.models import Role
from mingzheng.city.permissions import PERMISSIONS, VERB_NAMES, can, units_of

CONTENT = {
    "item.publish",
    "item.amend",
    "item.withdraw",
    "catalogue.adjust",
    "report.enter",
    "report.publish",
}
ALLOWED = {
    "writer": {"report.enter"},
    "reviewer": set(),
    "signer": CONTENT,
    "office": CONTENT | {"item.import", "catalogue.manage"},
    "auditor": {"audit.read"},
    "admin": {"unit.manage", "item.import"},
}
DOWNWARDS = {"office", "auditor", "admin"}


@pytest.fixture
def member(city):
    def make(role, **dates):
        person = services.create_person(None, username=f"new-{role}", name="某人", password=None)
        services.grant(None, person, role, city.units["hexi"], **{"starts_on": date(2018, 1, 1)} | dates)
        return person

    return make


@pytest.mark.parametrize("role", Role.values)
@pytest.mark.parametrize("verb", sorted(PERMISSIONS))
def test_a_role_may_do_its_verbs_in_its_unit_and_central_roles_below_it(city, member, role, verb):
    person = member(role)
    allowed = verb in ALLOWED[role]
    assert can(person, verb, city.units["hexi"]) is allowed
    assert can(person, verb, city.units["qingshui"]) is (allowed and role in DOWNWARDS)
    assert can(person, verb, city.units["city"]) is False
    assert can(person, verb, city.units["czj"]) is False


def test_every_verb_has_a_name_for_the_refusal():
    assert set(VERB_NAMES) == set(PERMISSIONS)


def test_a_grant_holds_from_its_first_to_its_last_day(city, member):
    person = member("signer", starts_on=date(2018, 3, 1), ends_on=date(2018, 3, 31))
    days = {
        date(2018, 2, 28): False,
        date(2018, 3, 1): True,
        date(2018, 3, 31): True,
        date(2018, 4, 1): False,
    }
    for day, expected in days.items():
        assert can(person, "item.publish", city.units["hexi"], on=day) is expected


def test_strangers_and_closed_accounts_may_do_nothing(city, member):
    person = member("office")
    person.is_active = False
    for nobody in (person, AnonymousUser()):
        assert not any(can(nobody, verb, city.units["hexi"]) for verb in PERMISSIONS)
        assert not units_of(nobody).exists()


def test_a_refusal_names_person_unit_and_verb(city, member):
    with pytest.raises(services.NotAllowed, match="某人在“示范市财政局”没有“发布信息”的权限"):
        services.require(member("signer"), "item.publish", city.units["czj"])


def test_the_units_whose_drafts_one_sees_follow_the_grants(city, member):
    assert set(units_of(member("writer")).values_list("code", flat=True)) == {"hexi"}
    assert set(units_of(member("office")).values_list("code", flat=True)) == {"hexi", "hexi-czj", "qingshui"}


def test_managing_units_and_accounts_needs_the_role(city):
    yesterday = date.today() - timedelta(days=1)
    signer = city.people["czj-signer"]
    for act in (
        lambda: services.create_person(signer, username="z", name="z", password=None),
        lambda: services.grant(signer, signer, "office", city.units["city"], starts_on=yesterday),
        lambda: services.retire_unit(signer, city.units["daj"], on=yesterday, successor=None),
    ):
        with pytest.raises(services.NotAllowed):
            act()
