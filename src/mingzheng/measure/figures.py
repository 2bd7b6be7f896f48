"""Figures: the value of a measure in a scope, its growth, its parts by unit, and the year's tables."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from mingzheng.city.models import TierGroup, Unit
from mingzheng.measure import measures as _registered
from mingzheng.measure.registry import Measure, measure_of
from mingzheng.measure.scopes import WHOLE_CITY, Scope, levels, of_group, of_unit, parse_scope, whole_city

__all__ = [
    "Figure",
    "FigureTable",
    "Line",
    "address",
    "breakdown",
    "figure",
    "from_address",
    "growth_of",
    "unit_figures",
    "year_figures",
]
assert _registered  # importing the module is what registers the measures


@dataclass(frozen=True)
class Figure:
    """A number about the city that opens to its rows at ``url``. ``growth`` is in percent, None when there is none."""

    key: str
    scope: Scope
    label: str
    value: int
    unit_word: str
    url: str
    growth: Decimal | None = None


@dataclass(frozen=True)
class Line:
    """A row of a figure table: a label and the figures of this year and the year before."""

    label: str
    now: Figure
    before: Figure


@dataclass(frozen=True)
class FigureTable:
    """One table of a year's figures."""

    caption: str
    lines: Sequence[Line]


def address(key: str, scope: Scope) -> str:
    """Where a figure's rows are listed."""
    return f"/figures/{key}/{scope.year}/{scope.name}/"


def from_address(key: str, year: str, scope: str) -> tuple[Measure, Scope]:
    """Measure and scope of an address. Refuses unknown ones by name."""
    return measure_of(key), parse_scope(year, scope)


def growth_of(now: int, before: int) -> Decimal | None:
    """Growth in percent to two places, half up; None when there was nothing before."""
    if before == 0:
        return None
    return (Decimal(now - before) * 100 / before).quantize(Decimal("0.01"), ROUND_HALF_UP)


def figure(key: str, scope: Scope) -> Figure:
    """One figure, without growth."""
    measure = measure_of(key)
    return Figure(key, scope, measure.label, measure.count(scope), measure.unit_word, address(key, scope))


class YearCounts:
    """Counts of measures by unit in one year, each measure asked once for the whole city."""

    def __init__(self, year: int) -> None:
        self.year = year
        self._units = {unit.pk: unit for unit in Unit.objects.all()}
        self._counts: dict[str, dict[int, int]] = {}

    def value(self, key: str, scope: Scope) -> int:
        """The measure's count in a scope of the year."""
        measure = measure_of(key)
        counts = self._counts.get(key)
        if counts is None:
            counts = self._counts[key] = measure.count_by_unit(whole_city(self.year))
        # Rows of no unit are the whole city's own, such as changes of its column standard.
        return sum(
            count
            for unit_id, count in counts.items()
            if (
                scope.covers(self._units[unit_id])
                if unit_id is not None
                else scope.unit is None and scope.group is None
            )
        )


def breakdown(key: str, scope: Scope) -> list[Line]:
    """The figure's parts: the levels of the city, or the units of a level or branch that have any."""
    measure = measure_of(key)
    now, before = measure.count_by_unit(scope), measure.count_by_unit(scope.year_before())
    units = {unit.pk: unit for unit in Unit.objects.filter(pk__in=[pk for pk in {*now, *before} if pk])}
    if scope.unit is None and scope.group is None:
        parts = [
            (
                group.label,
                of_group(scope.year, group),
                [pk for pk, unit in units.items() if unit.group == group],
            )
            for group in TierGroup
        ]
    elif scope.group is not None or scope.below:
        ordered = sorted(units.values(), key=lambda unit: (-now.get(unit.pk, 0), unit.sort, unit.pk))
        parts = [(unit.name, of_unit(scope.year, unit), [unit.pk]) for unit in ordered]
    else:
        return []
    lines = []
    for label, part, members in parts:
        value, last = sum(now.get(pk, 0) for pk in members), sum(before.get(pk, 0) for pk in members)
        if value or last:
            lines.append(_line(label, measure, part, value, last))
    return lines


def _line(label: str, measure: Measure, scope: Scope, value: int, last: int) -> Line:
    def made(of: Scope, count: int, growth: Decimal | None) -> Figure:
        return Figure(
            measure.key, of, measure.label, count, measure.unit_word, address(measure.key, of), growth
        )

    return Line(label, made(scope, value, growth_of(value, last)), made(scope.year_before(), last, None))


# The year's tables after the first one: caption, level they are about ("all" or a level), measures.
_TABLES = (
    (
        "公开目录调整", "all",
        ("catalogue.columns_added", "catalogue.columns_added_l1", "catalogue.columns_added_l2",
         "catalogue.columns_added_l3", "catalogue.columns_adjusted"),
    ),
    (
        "政策解读（全市）", "all",
        ("interpretation.all", "interpretation.superior", "interpretation.own"),
    ),
    (
        "政策解读（市政府及市直单位）", "city",
        ("interpretation.all", "interpretation.superior", "interpretation.own", "interpretation.timely"),
    ),
    (
        "政策解读形式（全市）", "all",
        ("interpretation.leader", "interpretation.department", "interpretation.expert", "interpretation.media",
         "interpretation.graphic", "interpretation.audio_video"),
    ),
    (
        "行政规范性文件（全市）", "all",
        ("documents.normative_made", "documents.normative_repealed", "documents.normative_valid"),
    ),
    (
        "决策、权力运行和回应（市政府及市直单位）", "city",
        ("decisions.solicitations", "decisions.meetings", "decisions.attendees", "power.results", "power.permits",
         "power.penalties", "power.coercion", "press.conferences",
         "press.attendance", "press.transcripts", "interviews.transcripts", "response.issues",
         "requests.catalogue_entries"),
    ),
)  # fmt: skip


def year_figures(year: int) -> list[FigureTable]:
    """The year's figures of the whole city beside those of the year before. Refuses a year that is not counted."""
    parse_scope(str(year), WHOLE_CITY)
    now, before = YearCounts(year), YearCounts(year - 1)

    def line(label: str, key: str, scope: Scope) -> Line:
        return _line(
            label, measure_of(key), scope, now.value(key, scope), before.value(key, scope.year_before())
        )

    by_level = [line(scope.label, "disclosure.items", scope) for scope in levels(year)]
    tables = [FigureTable("主动公开政府信息（条）", by_level)]
    for caption, name, keys in _TABLES:
        scope = parse_scope(str(year), name)
        lines = [line(f"{measure_of(key).label}（{measure_of(key).unit_word}）", key, scope) for key in keys]
        tables.append(FigureTable(caption, lines))
    return tables


# What one unit's page of figures shows.
_UNIT_MEASURES = (
    "disclosure.items", "finance.items", "personnel.items", "statistics.items", "documents.normative_made",
    "documents.normative_repealed", "documents.normative_valid", "interpretation.all", "power.results",
    "decisions.solicitations", "response.issues",
)  # fmt: skip


def unit_figures(unit: Unit, year: int) -> list[FigureTable]:
    """One unit's own figures, and beside them those with everything below it where there is anything."""
    parse_scope(str(year), WHOLE_CITY)
    scopes = [of_unit(year, unit)]
    if Unit.objects.under(unit).exclude(pk=unit.pk).exists():
        scopes.append(of_unit(year, unit, below=True))
    tables = []
    for scope in scopes:
        lines = []
        for key in _UNIT_MEASURES:
            measure = measure_of(key)
            now, before = measure.count(scope), measure.count(scope.year_before())
            if now or before:
                lines.append(_line(f"{measure.label}（{measure.unit_word}）", measure, scope, now, before))
        tables.append(FigureTable(scope.label, lines))
    return tables
