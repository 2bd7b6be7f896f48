"""The permission table: which role may do which verb. Services, views, menus and their test read it.

A grant (任职) holds in its own unit; a grant of a central role, and any grant marked ``downwards``, holds in
everything below it as well. Reviews may be delegated for a time; the deputy then acts for the principal.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from functools import cached_property

from django.contrib.auth.models import AnonymousUser
from django.db.models import Q
from django.utils import timezone

from mingzheng.city.models import Delegation, Membership, Person, Role, Unit, UnitQuerySet
from mingzheng.law.errors import Refusal

R = Role
_WRITING = frozenset({R.WRITER, R.OPERATOR, R.OFFICE})
_DECIDING = frozenset({R.REVIEWER, R.SECRECY, R.SIGNER, R.DUTY})
_CONTENT = _WRITING | _DECIDING

# verb -> its name on screen, and the roles that may do it.
PERMISSIONS: dict[str, tuple[str, frozenset[str]]] = {
    "manuscript.read": ("查看稿件", _CONTENT),
    "manuscript.write": ("起草和修改稿件", _WRITING),
    "manuscript.review": ("初审稿件", frozenset({R.REVIEWER})),
    "manuscript.secrecy": ("进行保密审查", frozenset({R.SECRECY})),
    "manuscript.sign": ("签发稿件", frozenset({R.SIGNER})),
    "item.read": ("查看未公开和已撤回的信息", _CONTENT | {R.EVALUATOR}),
    "item.publish": ("发布信息", frozenset({R.SIGNER, R.OFFICE})),
    "item.publish_urgently": ("应急发布信息", frozenset({R.DUTY})),
    "item.amend": ("修改信息", frozenset({R.SIGNER, R.OFFICE})),
    "item.withdraw": ("撤回信息", frozenset({R.SIGNER, R.OFFICE})),
    "item.move": ("移动信息的栏目", frozenset({R.SIGNER, R.OFFICE})),
    "item.import": ("批量导入信息", frozenset({R.OFFICE})),
    "gazette.manage": ("编辑政府公报", frozenset({R.OFFICE})),
    "words.manage": ("管理词表", frozenset({R.OFFICE})),
    "words.allow": ("管理本单位白名单", frozenset({R.REVIEWER, R.SIGNER, R.OFFICE})),
    "route.manage": ("设置审核流程", frozenset({R.OFFICE})),
    "catalogue.manage": ("管理公开目录", frozenset({R.OFFICE})),
    "catalogue.adjust": ("调整本单位栏目", frozenset({R.SIGNER, R.OFFICE})),
    "site.edit": ("编辑本单位网站", frozenset({R.SIGNER, R.OFFICE})),
    "site.manage": ("审批和管理网站", frozenset({R.OFFICE})),
    "page.publish": ("查看和重建公开页面", frozenset({R.OFFICE, R.ADMIN})),
    "reading.read": ("查看浏览统计", _CONTENT | {R.EVALUATOR}),
    "operator.read": ("查看运维工作量", frozenset({R.SIGNER, R.OFFICE})),
    "report.enter": ("填报年度报告数据", frozenset({R.WRITER, R.SIGNER, R.OFFICE})),
    "report.publish": ("发布年度报告", frozenset({R.SIGNER, R.OFFICE})),
    "unit.manage": ("管理单位与账号", frozenset({R.ADMIN})),
    "audit.read": ("查阅审计记录", frozenset({R.AUDITOR})),
}
# Roles whose every grant holds for everything below its unit.
CENTRAL = frozenset({R.OFFICE, R.EVALUATOR, R.AUDITOR, R.ADMIN})
# Roles that may be passed to a deputy.
DELEGABLE = frozenset({R.REVIEWER, R.SECRECY, R.SIGNER})


class NotAllowed(Refusal):
    """The person lacks a role for this verb in this unit."""


@dataclass(frozen=True, slots=True)
class Grant:
    """A role that holds today: in which unit, how far down, and on whose behalf."""

    role: str
    unit: Unit
    downwards: bool
    principal: Person | None = None

    def reaches(self, unit: Unit) -> bool:
        return self.unit.pk == unit.pk or (self.downwards and unit.path.startswith(f"{self.unit.path}/"))

    def where(self, field: str) -> Q:
        """The condition that the unit behind ``field`` is reached; empty for a grant on the whole city."""
        if not self.downwards:
            return Q(**{field: self.unit.pk})
        if self.unit.parent_id is None:
            return Q()
        return Q(**{field: self.unit.pk}) | Q(**{f"{field}__path__startswith": f"{self.unit.path}/"})


class Access:
    """What one person may do on one day. Made per request; never kept longer, so that a change holds at once."""

    def __init__(self, person: Person | AnonymousUser | None, on: date | None = None) -> None:
        self.person = person
        self.on = on or timezone.localdate()

    @cached_property
    def grants(self) -> list[Grant]:
        """Every role that holds on the day, the delegated ones last."""
        if not isinstance(self.person, Person) or not self.person.is_active:
            return []
        return [*_own_grants(self.person, self.on), *_delegated_grants(self.person, self.on)]

    def may(self, verb: str, unit: Unit) -> bool:
        """Whether the verb may be done in the unit."""
        return self.grant_for(verb, unit) is not None

    def grant_for(self, verb: str, unit: Unit) -> Grant | None:
        """The grant by which the verb may be done in the unit, an own one before a delegated one."""
        roles = PERMISSIONS[verb][1]
        return next((grant for grant in self.grants if grant.role in roles and grant.reaches(unit)), None)

    def anywhere(self, verb: str) -> bool:
        """Whether the verb may be done in any unit at all."""
        roles = PERMISSIONS[verb][1]
        return any(grant.role in roles for grant in self.grants)

    def where(self, verb: str, field: str = "unit") -> Q:
        """The condition on rows whose ``field`` is a unit in which the verb may be done."""
        roles = PERMISSIONS[verb][1]
        conditions = [grant.where(field) for grant in self.grants if grant.role in roles]
        if not conditions:
            return Q(pk__in=[])
        if not all(conditions):  # one of them is the whole city
            return Q()
        joined = conditions[0]
        for condition in conditions[1:]:
            joined |= condition
        return joined

    def units(self, verb: str) -> UnitQuerySet:
        """The units in which the verb may be done."""
        granting = [grant for grant in self.grants if grant.role in PERMISSIONS[verb][1]]
        condition = Q(pk__in=[grant.unit.pk for grant in granting])
        for grant in granting:
            if grant.downwards:
                if grant.unit.parent_id is None:
                    return Unit.objects.all()
                condition |= Q(path__startswith=f"{grant.unit.path}/")
        return Unit.objects.filter(condition)


def _own_grants(person: Person, on: date, principal: Person | None = None) -> Iterator[Grant]:
    held = person.memberships.filter(Q(ends_on=None) | Q(ends_on__gte=on), starts_on__lte=on)
    for grant in held.select_related("unit").order_by("pk"):
        if principal is None or grant.role in DELEGABLE:
            yield Grant(grant.role, grant.unit, grant.downwards or grant.role in CENTRAL, principal)


def _delegated_grants(person: Person, on: date) -> Iterator[Grant]:
    away = Delegation.objects.filter(deputy=person, starts_on__lte=on, ends_on__gte=on)
    for delegation in away.select_related("principal"):
        if delegation.principal.is_active:
            yield from _own_grants(delegation.principal, on, delegation.principal)


def can(person: Person | AnonymousUser, verb: str, unit: Unit, on: date | None = None) -> bool:
    """Whether the person may do ``verb`` in ``unit`` on that day (today by default)."""
    return Access(person, on).may(verb, unit)


def require(person: Person, verb: str, unit: Unit) -> Grant:
    """The grant by which the person may do ``verb`` in ``unit`` today; raises :class:`NotAllowed` without one."""
    grant = Access(person).grant_for(verb, unit)
    if grant is None:
        raise NotAllowed(f"{person}在“{unit}”没有“{PERMISSIONS[verb][0]}”的权限，请联系系统管理员授权。")
    return grant


def holds_a_role(person: Person | AnonymousUser) -> bool:
    """Whether the person has any role today: who has none stays outside."""
    return bool(Access(person).grants)


def people_who_may(verb: str, unit: Unit, on: date | None = None) -> list[Person]:
    """Everybody who may do ``verb`` in ``unit`` by an own grant, for messages and lists."""
    on = on or timezone.localdate()
    above = [unit.path[:end] for end, mark in enumerate(unit.path) if mark == "/"]
    held = Membership.objects.filter(
        Q(ends_on=None) | Q(ends_on__gte=on),
        starts_on__lte=on,
        role__in=PERMISSIONS[verb][1],
        person__is_active=True,
    )
    reach = Q(unit=unit) | (Q(unit__path__in=above) & (Q(downwards=True) | Q(role__in=CENTRAL)))
    found = held.filter(reach).select_related("person").order_by("person__username")
    return list({grant.person_id: grant.person for grant in found}.values())
