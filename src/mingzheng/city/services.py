"""The only door of the city room: units, people, grants, audit, outbox."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from mingzheng.city import audit
from mingzheng.city.models import Membership, OutboxEvent, Person, Role, Tier, TierGroup, Unit
from mingzheng.city.permissions import NotAllowed, can, require, units_of
from mingzheng.law.errors import Refusal

__all__ = [
    "NotAllowed", "Person", "Role", "Tier", "TierGroup", "Unit", "can", "create_person", "create_unit",
    "emit", "finish_events", "grant", "office_account", "person_by_username", "require", "retire_unit", "root_unit", "unit_by_code", "units_of", "waiting_events",
]  # fmt: skip


def root_unit() -> Unit:
    """The city government itself: the top of the tree."""
    unit = Unit.objects.filter(parent=None).order_by("id").first()
    if unit is None:
        raise Refusal("尚未建立任何单位，请先运行 mingzheng demo 或导入单位名录。")
    return unit


def unit_by_code(code: str) -> Unit:
    """The unit with that code; refuses in a sentence that names it."""
    unit = Unit.objects.filter(code=code).first()
    if unit is None:
        raise Refusal(f"没有代码为“{code}”的单位，请核对单位代码。")
    return unit


def person_by_username(username: str) -> Person:
    """The active account with that name; refuses in a sentence that names it."""
    person = Person.objects.filter(username=username, is_active=True).first()
    if person is None:
        raise Refusal(f"没有账号“{username}”，或者它已停用。")
    return person


def office_account() -> Person:
    """The city's openness office: the first active account with that role on the root unit."""
    today = timezone.localdate()
    grants = Membership.objects.filter(
        Q(ends_on=None) | Q(ends_on__gte=today), unit=root_unit(), role=Role.OFFICE, starts_on__lte=today
    )
    grant = grants.filter(person__is_active=True).select_related("person").order_by("pk").first()
    if grant is None:
        raise Refusal("市政务公开办公室还没有账号，请用 --as 指明办理的账号。")
    return grant.person


def create_unit(actor: Person | None, *, code: str, parent: Unit | None = None, **fields: Any) -> Unit:
    """Create a unit below ``parent``. ``actor`` is None only while an installation is being set up."""
    if actor is not None:
        require(actor, "unit.manage", parent or root_unit())
    if parent is None and Unit.objects.filter(parent=None).exists():
        raise Refusal(f"单位“{fields.get('name', code)}”没有上级单位；全市只能有一个顶级单位。")
    with transaction.atomic():
        unit = Unit(code=code, parent=parent, path=f"{parent.path}/{code}" if parent else code, **fields)
        unit.full_clean()
        unit.save()
        audit.append(actor, "unit.created", f"unit:{unit.pk}", {"code": code, "name": unit.name})
        emit("unit.changed", unit_id=unit.pk)
    return unit


def retire_unit(actor: Person | None, unit: Unit, *, on: date, successor: Unit | None) -> None:
    """Abolish a unit from that day on; its items keep their index numbers and stay where they are."""
    if actor is not None:
        require(actor, "unit.manage", unit)
    if on <= unit.active_from:
        raise Refusal(f"“{unit}”的撤销日期{on}不晚于设立日期{unit.active_from}。")
    if successor is not None and successor.pk == unit.pk:
        raise Refusal(f"“{unit}”不能以自己为承继单位。")
    with transaction.atomic():
        unit.active_to, unit.successor = on, successor
        unit.save(update_fields=["active_to", "successor"])
        audit.append(
            actor, "unit.retired", f"unit:{unit.pk}", {"on": on, "successor": successor and successor.code}
        )
        emit("unit.changed", unit_id=unit.pk)


def create_person(actor: Person | None, *, username: str, name: str, password: str | None) -> Person:
    """Create an account; with no password it cannot sign in until one is set."""
    if actor is not None:
        require(actor, "unit.manage", root_unit())
    if Person.objects.filter(username=username).exists():
        raise Refusal(f"账号“{username}”已存在，账号名不能重复。")
    with transaction.atomic():
        person = Person.objects.create_user(username=username, password=password, name=name)
        audit.append(actor, "person.created", f"person:{person.pk}", {"username": username})
    return person


def grant(
    actor: Person | None,
    person: Person,
    role: str,
    unit: Unit,
    *,
    starts_on: date,
    ends_on: date | None = None,
) -> Membership:
    """Give a person a role in a unit for a time."""
    if actor is not None:
        require(actor, "unit.manage", unit)
    if role not in Role.values:
        raise Refusal(f"没有“{role}”这种角色。")
    if ends_on is not None and ends_on < starts_on:
        raise Refusal(f"{person}的任职结束日期{ends_on}早于开始日期{starts_on}。")
    with transaction.atomic():
        membership = Membership.objects.create(
            person=person, unit=unit, role=role, starts_on=starts_on, ends_on=ends_on
        )
        audit.append(
            actor, "person.granted", f"person:{person.pk}",
            {"role": role, "unit": unit.code, "from": starts_on, "to": ends_on},
        )  # fmt: skip
    return membership


def emit(topic: str, **payload: Any) -> None:
    """Write an outbox row in the caller's transaction: it happens if and only if the change does."""
    OutboxEvent.objects.create(topic=topic, payload=payload)


def waiting_events(topics: Iterable[str]) -> Iterator[OutboxEvent]:
    """Events of these topics that nobody has finished yet, oldest first."""
    return OutboxEvent.objects.filter(done_at=None, topic__in=list(topics)).order_by("id").iterator()


def finish_events(ids: Iterable[int]) -> None:
    """Mark events as done, after their effect is durable."""
    pending = list(ids)
    for start in range(0, len(pending), 500):
        OutboxEvent.objects.filter(pk__in=pending[start : start + 500]).update(done_at=timezone.now())
