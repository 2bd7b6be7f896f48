"""The permission table: which role may do which verb, and whether it reaches down the tree."""

from __future__ import annotations

from datetime import date

from django.contrib.auth.models import AnonymousUser
from django.utils import timezone

from mingzheng.city.models import Membership, Person, Role, Unit, UnitQuerySet
from mingzheng.law.errors import Refusal

# verb -> roles that may do it in the unit of their membership.
PERMISSIONS: dict[str, frozenset[str]] = {
    "item.publish": frozenset({Role.SIGNER, Role.OFFICE}),
    "item.amend": frozenset({Role.SIGNER, Role.OFFICE}),
    "item.withdraw": frozenset({Role.SIGNER, Role.OFFICE}),
    "item.import": frozenset({Role.OFFICE, Role.ADMIN}),
    "catalogue.manage": frozenset({Role.OFFICE}),
    "catalogue.adjust": frozenset({Role.SIGNER, Role.OFFICE}),
    "report.enter": frozenset({Role.WRITER, Role.SIGNER, Role.OFFICE}),
    "report.publish": frozenset({Role.SIGNER, Role.OFFICE}),
    "unit.manage": frozenset({Role.ADMIN}),
    "audit.read": frozenset({Role.AUDITOR}),
}
# Roles whose grant on a unit holds for everything below it.
DOWNWARDS = frozenset({Role.OFFICE, Role.AUDITOR, Role.ADMIN})

VERB_NAMES = {
    "item.publish": "发布信息",
    "item.amend": "修改信息",
    "item.withdraw": "撤回信息",
    "item.import": "批量导入信息",
    "catalogue.manage": "管理公开目录",
    "catalogue.adjust": "调整本单位栏目",
    "report.enter": "填报年度报告数据",
    "report.publish": "发布年度报告",
    "unit.manage": "管理单位与账号",
    "audit.read": "查阅审计记录",
}


class NotAllowed(Refusal):
    """The person lacks a role for this verb in this unit."""


def _grants(person: Person, on: date) -> list[Membership]:
    return [
        grant
        for grant in person.memberships.select_related("unit")
        if grant.starts_on <= on and (grant.ends_on is None or on <= grant.ends_on)
    ]


def _reaches(grant: Membership, unit: Unit) -> bool:
    if grant.unit_id == unit.pk:
        return True
    return grant.role in DOWNWARDS and unit.path.startswith(f"{grant.unit.path}/")


def can(person: Person | AnonymousUser, verb: str, unit: Unit, on: date | None = None) -> bool:
    """Whether the person may do ``verb`` in ``unit`` on that day (today by default)."""
    if not isinstance(person, Person) or not person.is_active:
        return False
    roles = PERMISSIONS[verb]
    return any(
        grant.role in roles and _reaches(grant, unit) for grant in _grants(person, on or timezone.localdate())
    )


def require(person: Person, verb: str, unit: Unit) -> None:
    """Raise :class:`NotAllowed` unless the person may do ``verb`` in ``unit`` today."""
    if not can(person, verb, unit):
        raise NotAllowed(f"{person}在“{unit}”没有“{VERB_NAMES[verb]}”的权限，请联系系统管理员授权。")


def units_of(person: Person | AnonymousUser, on: date | None = None) -> UnitQuerySet:
    """The units whose unpublished and withdrawn content the person may see."""
    none = Unit.objects.none()
    if not isinstance(person, Person) or not person.is_active:
        return none
    seen: UnitQuerySet = none
    for grant in _grants(person, on or timezone.localdate()):
        own = Unit.objects.filter(pk=grant.unit_id)
        seen = seen | (Unit.objects.under(grant.unit) if grant.role in DOWNWARDS else own)
    return seen
