"""The only door of the city room: units, people, grants, audit, outbox."""

from __future__ import annotations

import secrets
import string
from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from typing import Any, Final

from django.contrib.auth.hashers import PBKDF2PasswordHasher
from django.contrib.auth.password_validation import password_changed, validate_password
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from mingzheng.city import audit
from mingzheng.city.models import Delegation, Membership, OutboxEvent, Person, Role, Tier, TierGroup, Unit
from mingzheng.city.permissions import Access, NotAllowed, can, people_who_may, require
from mingzheng.law.errors import Refusal

__all__ = [
    "Access", "NotAllowed", "Person", "Role", "Tier", "TierGroup", "Unit", "can", "close_account", "create_person",
    "create_unit", "delegate", "emit", "end_delegation", "end_grant", "finish_events", "give_initial_password", "grant",
    "office_account", "open_account", "people_who_may", "person_by_username", "reopen_account", "require", "retire_unit",
    "root_unit", "set_password", "unit_by_code", "waiting_events",
]  # fmt: skip


OPERATOR_DAYS: Final = 366  # the longest time for which an outsourced operator is let in
# Whoever keeps the accounts, reads the audit or comes from outside has no second role (等级保护: 三权分立).
APART: Final = frozenset({Role.OPERATOR, Role.ADMIN, Role.AUDITOR})
_PASSWORD_LETTERS: Final = "".join(sorted({*string.ascii_letters, *string.digits} - set("0OoIl1")))


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
    with transaction.atomic():
        return _create_person(actor, username, name, password)


def _create_person(actor: Person | None, username: str, name: str, password: str | None) -> Person:
    if Person.objects.filter(username__iexact=username).exists():
        raise Refusal(f"账号“{username}”已存在，账号名不能重复。")
    person = Person.objects.create_user(username=username, password=password, name=name)
    audit.append(actor, "person.created", f"person:{person.pk}", {"username": username})
    return person


def set_password(actor: Person | None, person: Person, password: str) -> None:
    """Give an account a password; raises Refusal when it breaks the password rules."""
    if actor is not None and actor.pk != person.pk:
        require(actor, "unit.manage", root_unit())
    try:
        validate_password(password, person)
    except ValidationError as error:
        raise Refusal(f"“{person}”的密码不合要求：{'；'.join(error.messages).rstrip('。')}。") from None
    with transaction.atomic():
        person.set_password(password)
        person.save(update_fields=["password"])
        audit.append(actor, "person.password_set", f"person:{person.pk}", {})


def give_initial_password(actor: Person, person: Person) -> str:
    """Give an account a random password, which is told once and must be changed at the first sign-in."""
    require(actor, "unit.manage", root_unit())
    with transaction.atomic():
        return _give_initial_password(actor, person)


def _give_initial_password(actor: Person, person: Person) -> str:
    password = _random_password()
    # Sixteen random characters need no slow hash, and a thousand new officers need not wait for it.
    hasher = PBKDF2PasswordHasher()
    person.password = hasher.encode(password, hasher.salt(), iterations=1000)
    person.save(update_fields=["password"])
    password_changed(password, person)
    audit.append(actor, "person.password_set", f"person:{person.pk}", {"initial": True})
    return password


def _random_password() -> str:
    """Four groups of four letters and digits, with a capital, a small letter and a digit among them."""
    while True:
        drawn = [secrets.choice(_PASSWORD_LETTERS) for _ in range(16)]
        if all(any(kind(each) for each in drawn) for kind in (str.isupper, str.islower, str.isdigit)):
            return "-".join("".join(drawn[start : start + 4]) for start in range(0, 16, 4))


def open_account(
    actor: Person,
    *,
    username: str,
    name: str,
    role: str,
    unit: Unit,
    starts_on: date,
    ends_on: date | None,
    downwards: bool,
) -> tuple[Person, str]:
    """Create an account with its first role, as in :func:`grant`; returns it and its initial password."""
    require(actor, "unit.manage", root_unit())  # which reaches every unit
    with transaction.atomic():
        person = _create_person(actor, username, name, None)
        _grant(actor, person, role, unit, starts_on, ends_on, downwards)
        return person, _give_initial_password(actor, person)


def close_account(actor: Person, person: Person, *, reason: str) -> None:
    """Stop an account for good or for a time; what the person did stays under their name."""
    require(actor, "unit.manage", root_unit())
    if actor.pk == person.pk:
        raise Refusal("不能停用自己的账号。")
    with transaction.atomic():
        person.is_active = False
        person.save(update_fields=["is_active"])
        audit.append(actor, "person.closed", f"person:{person.pk}", {"reason": reason})


def reopen_account(actor: Person, person: Person) -> None:
    """Let a closed account sign in again, with the roles that still hold."""
    require(actor, "unit.manage", root_unit())
    if person.is_active:
        raise Refusal(f"“{person}”的账号没有停用，无须恢复。")
    with transaction.atomic():
        person.is_active = True
        person.save(update_fields=["is_active"])
        audit.append(actor, "person.reopened", f"person:{person.pk}", {})


def grant(
    actor: Person | None,
    person: Person,
    role: str,
    unit: Unit,
    *,
    starts_on: date,
    ends_on: date | None = None,
    downwards: bool = False,
) -> Membership:
    """Give a person a role in a unit for a time, and with ``downwards`` in everything below it.

    An outsourced operator is let in for a named time of at most a year. Who has a role of ``APART`` has no other,
    and nobody gives a role to themselves.
    """
    if actor is not None:
        require(actor, "unit.manage", unit)
        if actor.pk == person.pk:
            raise Refusal("不能给自己授权，请由另一位系统管理员办理。")
    with transaction.atomic():
        return _grant(actor, person, role, unit, starts_on, ends_on, downwards)


def _grant(
    actor: Person | None,
    person: Person,
    role: str,
    unit: Unit,
    starts_on: date,
    ends_on: date | None,
    downwards: bool,
) -> Membership:
    if role not in Role.values:
        raise Refusal(f"没有“{role}”这种角色。")
    if ends_on is not None and ends_on < starts_on:
        raise Refusal(f"{person}的任职结束日期{ends_on}早于开始日期{starts_on}。")
    _check_operator(person, role, starts_on, ends_on, downwards)
    _check_apart(person, role, starts_on)
    if person.memberships.filter(unit=unit, role=role, starts_on=starts_on).exists():
        raise Refusal(f"“{person}”自{starts_on}起已在“{unit}”担任{Role(role).label}，不能重复授权。")
    membership = Membership.objects.create(
        person=person, unit=unit, role=role, starts_on=starts_on, ends_on=ends_on, downwards=downwards
    )
    audit.append(
        actor, "person.granted", f"person:{person.pk}",
        {"role": role, "unit": unit.code, "from": starts_on, "to": ends_on, "downwards": downwards},
    )  # fmt: skip
    return membership


def _check_operator(
    person: Person, role: str, starts_on: date, ends_on: date | None, downwards: bool
) -> None:
    if role == Role.OPERATOR:
        if ends_on is None or (ends_on - starts_on).days > OPERATOR_DAYS:
            raise Refusal(f"第三方运维人员“{person}”的授权须写明结束日期，且不超过一年。")
        if downwards:
            raise Refusal(f"第三方运维人员“{person}”只能按单位逐个授权，不能含下级单位。")


def _check_apart(person: Person, role: str, starts_on: date) -> None:
    held = person.memberships.filter(Q(ends_on=None) | Q(ends_on__gte=starts_on))
    roles = {role, *held.values_list("role", flat=True)}
    for apart in sorted(APART & roles):
        if roles != {apart}:
            name = "第三方运维人员" if apart == Role.OPERATOR else Role(apart).label
            raise Refusal(f"“{person}”不能既是{name}又担任其他角色。")


def end_grant(actor: Person, membership: Membership, *, on: date) -> None:
    """End a role: ``on`` is its last day. What was done by it stays as it is."""
    require(actor, "unit.manage", membership.unit)
    if membership.role == Role.ADMIN and membership.person_id == actor.pk:
        raise Refusal("不能结束自己的系统管理员任职，请由另一位系统管理员办理。")
    if on < membership.starts_on:
        raise Refusal(f"{membership.person}的任职结束日期{on}早于开始日期{membership.starts_on}。")
    with transaction.atomic():
        membership.ends_on = on
        membership.save(update_fields=["ends_on"])
        audit.append(
            actor, "person.grant_ended", f"person:{membership.person_id}",
            {"role": membership.role, "unit": membership.unit.code, "to": on},
        )  # fmt: skip


def delegate(principal: Person, deputy: Person, *, starts_on: date, ends_on: date, reason: str) -> Delegation:
    """Pass one's reviews to a colleague for a time; the deputy signs on the principal's behalf."""
    if principal.pk == deputy.pk:
        raise Refusal("不能委托自己办理。")
    if not starts_on <= ends_on:
        raise Refusal(f"委托的结束日期{ends_on}早于开始日期{starts_on}。")
    if not reason.strip():
        raise Refusal("委托办理须写明事由。")
    if deputy.memberships.filter(role=Role.OPERATOR).exists():
        raise Refusal(f"“{deputy}”是第三方运维人员，不能受托审核、签发。")
    if {grant.role for grant in Access(deputy, starts_on).grants} & APART:
        raise Refusal(f"“{deputy}”是系统管理员或者审计员，不能受托审核、签发。")
    if not Access(deputy, starts_on).grants:
        raise Refusal(f"“{deputy}”在{starts_on}没有任何角色，不能受托办理。")
    with transaction.atomic():
        made = Delegation.objects.create(
            principal=principal, deputy=deputy, starts_on=starts_on, ends_on=ends_on, reason=reason
        )
        audit.append(
            principal, "review.delegated", f"person:{principal.pk}",
            {"deputy": deputy.username, "from": starts_on, "to": ends_on, "reason": reason},
        )  # fmt: skip
    return made


def end_delegation(principal: Person, delegation: Delegation) -> None:
    """Take one's reviews back from today on."""
    if delegation.principal_id != principal.pk:
        raise Refusal("只有委托人本人可以收回委托。")
    with transaction.atomic():
        delegation.ends_on = timezone.localdate() - timedelta(days=1)
        delegation.save(update_fields=["ends_on"])
        audit.append(principal, "review.delegation_ended", f"person:{principal.pk}", {"id": delegation.pk})


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
