"""Who may do what where: every role against every verb in an own, a lower and a foreign unit."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.contrib.auth.models import AnonymousUser

from mingzheng.city import services
from mingzheng.city.models import Membership, Role
from mingzheng.city.permissions import PERMISSIONS, Access, can, people_who_may
from mingzheng.law.errors import Refusal

RELEASE = {
    "item.publish",
    "item.amend",
    "item.withdraw",
    "item.move",
    "catalogue.adjust",
    "operator.read",
    "report.enter",
    "report.publish",
}
READ = {"manuscript.read", "item.read", "reading.read"}
ALLOWED = {
    "writer": READ | {"manuscript.write", "report.enter"},
    "reviewer": READ | {"manuscript.review", "words.allow"},
    "secrecy": READ | {"manuscript.secrecy"},
    "signer": READ | RELEASE | {"manuscript.sign", "words.allow", "site.edit"},
    "duty": READ | {"item.publish_urgently"},
    "office": READ
    | RELEASE
    | {
        "manuscript.write",
        "item.import",
        "route.manage",
        "catalogue.manage",
        "gazette.manage",
        "words.manage",
        "words.allow",
        "site.edit",
        "site.manage",
        "page.publish",
    },
    "operator": READ | {"manuscript.write"},
    "evaluator": {"item.read", "reading.read"},
    "auditor": {"audit.read"},
    "admin": {"unit.manage", "page.publish"},
}
CENTRAL = {"office", "evaluator", "auditor", "admin"}
START, END = date(2018, 1, 1), date(2018, 12, 31)
DAY = date(2018, 6, 1)


@pytest.fixture
def member(city):
    def make(role, **dates):
        person = services.create_person(None, username=f"new-{role}", name="某人", password=None)
        services.grant(None, person, role, city.units["hexi"], **{"starts_on": START, "ends_on": END} | dates)
        return person

    return make


@pytest.mark.parametrize("role", Role.values)
@pytest.mark.parametrize("verb", sorted(PERMISSIONS))
def test_a_role_may_do_its_verbs_in_its_unit_and_central_roles_below_it(city, member, role, verb):
    person = member(role)
    allowed = verb in ALLOWED[role]
    assert can(person, verb, city.units["hexi"], DAY) is allowed
    assert can(person, verb, city.units["qingshui"], DAY) is (allowed and role in CENTRAL)
    assert can(person, verb, city.units["city"], DAY) is False
    assert can(person, verb, city.units["czj"], DAY) is False


@pytest.mark.parametrize("role", sorted(set(Role.values) - {"operator"}))
@pytest.mark.parametrize("downwards", [False, True])
def test_the_units_of_a_verb_are_those_in_which_it_may_be_done(city, member, role, downwards):
    access = Access(member(role, downwards=downwards), DAY)
    held = set(Membership.objects.values_list("unit__code", flat=True))
    for verb in PERMISSIONS:
        named = {unit.code for unit in city.units.values() if access.may(verb, unit)}
        assert set(access.units(verb).values_list("code", flat=True)) == named
        rows = Membership.objects.filter(access.where(verb))
        assert set(rows.values_list("unit__code", flat=True)) == named & held
        assert access.anywhere(verb) is bool(named)


def test_a_coordinator_acts_in_the_units_below(city, member):
    coordinator = member("writer", downwards=True)
    assert can(coordinator, "manuscript.write", city.units["qingshui"], DAY)
    assert not can(coordinator, "manuscript.write", city.units["czj"], DAY)


def test_a_grant_on_the_root_is_a_grant_on_every_unit(city):
    office = Access(city.people["office"])
    assert office.units("item.read").count() == len(city.units)
    assert not office.where("item.read")


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
        access = Access(nobody, DAY)
        assert not any(access.may(verb, city.units["hexi"]) for verb in PERMISSIONS)
        assert not access.units("item.read").exists()
        assert not Membership.objects.filter(access.where("item.read")).exists()


def test_a_refusal_names_person_unit_and_verb(city, member):
    with pytest.raises(services.NotAllowed, match="某人在“示范市财政局”没有“发布信息”的权限"):
        services.require(member("signer"), "item.publish", city.units["czj"])


def test_an_operator_is_let_in_for_a_named_time_and_nothing_else(city, member):
    operator, writer = member("operator"), member("writer")

    def again(person, role, **changes):
        services.grant(
            None, person, role, city.units["hexi-czj"], **{"starts_on": START, "ends_on": END} | changes
        )

    for act, sentence in (
        (lambda: again(operator, "operator", ends_on=None), "须写明结束日期"),
        (lambda: again(operator, "operator", ends_on=date(2020, 1, 1)), "不超过一年"),
        (lambda: again(operator, "operator", downwards=True), "逐个授权"),
        (lambda: again(operator, "signer"), "不能既是第三方运维人员又担任其他角色"),
        (lambda: again(writer, "operator"), "不能既是第三方运维人员又担任其他角色"),
    ):
        with pytest.raises(Refusal, match=sentence):
            act()
    assert not can(operator, "manuscript.write", city.units["hexi"], END + timedelta(days=1))


def test_a_deputy_reviews_for_the_principal_while_they_are_away(city, member):
    signer, writer = member("signer"), member("writer")
    services.delegate(signer, writer, starts_on=date(2018, 3, 1), ends_on=date(2018, 3, 9), reason="外出学习")
    grant = Access(writer, date(2018, 3, 9)).grant_for("manuscript.sign", city.units["hexi"])
    assert grant.principal == signer
    assert not can(writer, "manuscript.sign", city.units["hexi"], date(2018, 3, 10))
    signer.is_active = False
    signer.save()
    assert not can(writer, "manuscript.sign", city.units["hexi"], date(2018, 3, 9))


def test_what_is_delegated_is_only_reviewing(city, member):
    office, writer = member("office"), member("writer")
    services.delegate(office, writer, starts_on=START, ends_on=END, reason="出差")
    assert not can(writer, "catalogue.manage", city.units["hexi"], DAY)


def test_delegations_are_refused_to_oneself_operators_and_without_a_reason(city, member):
    signer, operator, writer = member("signer"), member("operator"), member("writer")
    cases = (
        (signer, START, END, "出差", "不能委托自己"),
        (operator, START, END, "出差", "第三方运维人员"),
        (writer, END, START, "出差", "早于"),
        (writer, START, END, " ", "须写明事由"),
        (writer, date(2020, 1, 1), date(2020, 1, 2), "出差", "没有任何角色"),
    )
    for deputy, first, last, reason, sentence in cases:
        with pytest.raises(Refusal, match=sentence):
            services.delegate(signer, deputy, starts_on=first, ends_on=last, reason=reason)


def test_the_people_of_a_verb_are_those_who_may_do_it(city, member):
    for role in ("writer", "signer", "office"):
        member(role)
    for unit in city.units.values():
        for verb in ("manuscript.write", "manuscript.sign", "item.read"):
            everybody = services.Person.objects.all()
            wanted = {person.username for person in everybody if can(person, verb, unit, DAY)}
            assert {person.username for person in people_who_may(verb, unit, DAY)} == wanted


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
