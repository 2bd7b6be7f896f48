"""What a figure is about: a year, and the whole city, one level of it, a unit, or a unit with all below it."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import date, datetime

from django.db.models import Q
from django.utils import timezone

from mingzheng.city.models import TierGroup, Unit
from mingzheng.city.services import unit_by_code
from mingzheng.law.errors import Refusal

WHOLE_CITY = "all"
FIRST_YEAR = 2008
_YEAR = re.compile(r"[0-9]{4}")


@dataclass(frozen=True)
class Scope:
    """A calendar year in the city's time, and whose work in it. ``name`` is its part of an address."""

    year: int
    name: str
    label: str
    group: TierGroup | None = None
    unit: Unit | None = None
    below: bool = False

    @property
    def starts_at(self) -> datetime:
        return timezone.make_aware(datetime(self.year, 1, 1))

    @property
    def ends_at(self) -> datetime:
        """The first moment that no longer belongs to the year."""
        return timezone.make_aware(datetime(self.year + 1, 1, 1))

    @property
    def first_day(self) -> date:
        return date(self.year, 1, 1)

    @property
    def last_day(self) -> date:
        return date(self.year, 12, 31)

    def within(self, field: str) -> Q:
        """Rows whose moment ``field`` falls in the year."""
        return Q(**{f"{field}__gte": self.starts_at, f"{field}__lt": self.ends_at})

    def on_days(self, field: str) -> Q:
        """Rows whose day ``field`` falls in the year."""
        return Q(**{f"{field}__gte": self.first_day, f"{field}__lte": self.last_day})

    def of_units(self, field: str) -> Q:
        """Rows whose unit ``field`` belongs to the scope."""
        if self.group is not None:
            return Q(**{f"{field}__in": Unit.objects.filter(tier__in=self.group.tiers).order_by()})
        if self.unit is None:
            return Q()
        if self.below:
            return Q(**{f"{field}__in": Unit.objects.under(self.unit).order_by()})
        return Q(**{field: self.unit})

    def covers(self, unit: Unit) -> bool:
        """Whether that unit's work counts here."""
        if self.group is not None:
            return unit.tier in self.group.tiers
        if self.unit is None:
            return True
        return unit.pk == self.unit.pk or (self.below and unit.path.startswith(f"{self.unit.path}/"))

    def year_before(self) -> Scope:
        return replace(self, year=self.year - 1)


def whole_city(year: int) -> Scope:
    return Scope(year, WHOLE_CITY, "全市")


def of_group(year: int, group: TierGroup) -> Scope:
    return Scope(year, group.value, group.label, group=group)


def of_unit(year: int, unit: Unit, *, below: bool = False) -> Scope:
    """One unit's own work, or with ``below`` that of everything under it as well."""
    if below and unit.parent_id is None:
        return whole_city(year)
    label = f"{unit.name}及所属单位" if below else unit.name
    return Scope(year, f"{'under' if below else 'unit'}-{unit.code}", label, unit=unit, below=below)


def parse_scope(year: str, name: str) -> Scope:
    """The scope with that address. Refuses an unknown one by name."""
    if not _YEAR.fullmatch(year) or not FIRST_YEAR <= int(year) <= timezone.localdate().year:
        raise Refusal(f"没有“{year}”年的数据；统计自《政府信息公开条例》施行的{FIRST_YEAR}年起，至今年止。")
    number = int(year)
    if name == WHOLE_CITY:
        return whole_city(number)
    if name in TierGroup.values:
        return of_group(number, TierGroup(name))
    kind, _, code = name.partition("-")
    if kind in ("unit", "under") and code:
        return of_unit(number, unit_by_code(code), below=kind == "under")
    raise Refusal(f"没有名为“{name}”的统计范围。")


def levels(year: int) -> list[Scope]:
    """The three levels in which a city reports, then the whole."""
    return [*(of_group(year, group) for group in TierGroup), whole_city(year)]
