"""The only door of the measure room: figures that open to their rows, annual reports, frozen figures."""

from __future__ import annotations

from django.utils import timezone

from mingzheng.city.models import Unit
from mingzheng.measure.composing import compose_report
from mingzheng.measure.drilldown import Cell, RowsPage, rows_page
from mingzheng.measure.figures import (
    Figure,
    FigureTable,
    Line,
    YearCounts,
    address,
    breakdown,
    figure,
    from_address,
    growth_of,
    unit_figures,
    year_figures,
)
from mingzheng.measure.models import AnnualReport, FrozenFigure
from mingzheng.measure.registry import Measure, all_measures, measure_of
from mingzheng.measure.report import Report
from mingzheng.measure.report_documents import content_docx, published_json, report_docx, report_json
from mingzheng.measure.reporting import (
    Drift,
    drift_of,
    frozen_page,
    publish_report,
    published_report,
    published_reports,
    report_cells,
    report_text,
)
from mingzheng.measure.scopes import Scope, of_unit, parse_scope, whole_city
from mingzheng.publish.items.models import Item

__all__ = [
    "AnnualReport",
    "Cell",
    "Drift",
    "Figure",
    "FigureTable",
    "FrozenFigure",
    "Line",
    "Measure",
    "Report",
    "RowsPage",
    "Scope",
    "YearCounts",
    "address",
    "all_measures",
    "breakdown",
    "compose_report",
    "content_docx",
    "drift_of",
    "figure",
    "from_address",
    "frozen_page",
    "growth_of",
    "home_figures",
    "measure_of",
    "of_unit",
    "parse_scope",
    "publish_report",
    "published_json",
    "published_report",
    "published_reports",
    "report_cells",
    "report_docx",
    "report_json",
    "report_text",
    "rows_page",
    "unit_figures",
    "whole_city",
    "year_figures",
    "years_with_items",
]  # fmt: skip

HOME_FIGURES = ("disclosure.items", "interpretation.all", "documents.normative_valid", "power.results")


def years_with_items() -> list[int]:
    """The years in which anything was published, newest first."""
    first = (
        Item.objects.public()
        .order_by("first_published_at")
        .values_list("first_published_at", flat=True)
        .first()
    )
    last = (
        Item.objects.public()
        .order_by("-first_published_at")
        .values_list("first_published_at", flat=True)
        .first()
    )
    if first is None or last is None:
        return []
    return list(range(timezone.localtime(last).year, timezone.localtime(first).year - 1, -1))


def home_figures(year: int | None = None, unit: Unit | None = None) -> list[Figure]:
    """The figures that a site's home shows, of the city or of one unit; of the newest year with items unless told otherwise."""
    years = years_with_items()
    if year is None and not years:
        return []
    if unit is not None:
        scope = of_unit(year or years[0], unit)
        return [figure(key, scope) for key in HOME_FIGURES]
    scope = whole_city(year or years[0])
    now, before = YearCounts(scope.year), YearCounts(scope.year - 1)
    found = []
    for key in HOME_FIGURES:
        measure, value = measure_of(key), now.value(key, scope)
        growth = growth_of(value, before.value(key, scope.year_before()))
        found.append(Figure(key, scope, measure.label, value, measure.unit_word, address(key, scope), growth))
    return found
