"""What a person's roles mean at the door: whether they open it, and whether a second factor is needed."""

from __future__ import annotations

from datetime import date

from django.conf import settings
from django.db.models import Max, Min
from django.utils import timezone

from mingzheng.city.models import Person
from mingzheng.city.permissions import Access


def roles_today(person: Person) -> set[str]:
    """The roles that the person holds today, own and delegated."""
    return {grant.role for grant in Access(person).grants}


def needs_second_factor(roles: set[str]) -> bool:
    """Whether one of the roles may not be used with a password alone."""
    return bool(settings.REQUIRE_SECOND_FACTOR & roles)


def why_outside(person: Person) -> str:
    """Why somebody without a role today is not let in, in one sentence."""
    today = timezone.localdate()
    contact = f"请联系{settings.SIGNIN_CONTACT}。"
    starts = person.memberships.filter(starts_on__gt=today).aggregate(day=Min("starts_on"))["day"]
    if starts:
        return f"您的授权自{_chinese(starts)}起生效，如需提前使用，{contact}"
    ended = person.memberships.aggregate(day=Max("ends_on"))["day"]
    if ended:
        return f"您的授权已于{_chinese(ended)}到期，{contact}"
    return f"您的账号尚未获得任何角色，{contact}"


def _chinese(day: date) -> str:
    return f"{day.year}年{day.month}月{day.day}日"
