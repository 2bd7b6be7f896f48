"""What units report by hand, and the publication that freezes a report with its figures and their rows."""

from __future__ import annotations

import zlib
from array import array
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from mingzheng.city import audit
from mingzheng.city.models import Person, Unit
from mingzheng.city.services import emit, require
from mingzheng.law.cross_checks import Context, broken, check
from mingzheng.law.errors import Refusal
from mingzheng.law.report_tables import Number, ReportTables
from mingzheng.measure.composing import compose_report
from mingzheng.measure.drilldown import RowsPage, page_of_ids
from mingzheng.measure.figures import Figure, from_address
from mingzheng.measure.models import AnnualReport, FrozenFigure, ReportedCell, ReportedText
from mingzheng.measure.registry import measure_of
from mingzheng.measure.report import Report, Writer
from mingzheng.measure.report_forms import MEASURED, report_tables, reported_cells

LARGEST = Decimal(10) ** 11


def report_cells(actor: Person, unit: Unit, year: int, values: Mapping[str, Number]) -> None:
    """Append reported cells of a unit's report. Refuses unknown, computed and impossible ones, all or none."""
    require(actor, "report.enter", unit)
    figures = ReportTables(year, {}).figures
    for key, value in values.items():
        figure = figures.get(key)
        if figure is None:
            raise Refusal(f"{year}年度的报告没有“{key}”这一格。")
        if key in MEASURED or figure.parts:
            raise Refusal(f"“{figure.label}”由系统计算，不能填报。")
        if not figure.is_decimal and value != int(value):
            raise Refusal(f"“{figure.label}”应为整数，所填为{value}。")
        if (value < 0 and not figure.is_signed) or abs(Decimal(value)) >= LARGEST:
            raise Refusal(f"“{figure.label}”所填{value}超出允许的范围。")
    with transaction.atomic():
        ReportedCell.objects.bulk_create(
            ReportedCell(unit=unit, year=year, key=key, value=value, reported_by=actor)
            for key, value in values.items()
        )
        told = {key: str(value) for key, value in values.items()}
        audit.append(actor, "report.entered", f"unit:{unit.pk}", {"year": year, "cells": told})


def report_text(actor: Person, unit: Unit, year: int, name: str, text: str) -> None:
    """Append a passage of a unit's report."""
    require(actor, "report.enter", unit)
    if name not in ReportedText.Name.values:
        raise Refusal(f"年度报告没有名为“{name}”的部分。")
    if not text.strip():
        raise Refusal(f"“{ReportedText.Name(name).label}”的内容是空的。")
    with transaction.atomic():
        ReportedText.objects.create(unit=unit, year=year, name=name, text=text.strip(), reported_by=actor)
        audit.append(actor, "report.entered", f"unit:{unit.pk}", {"year": year, "text": name})


def publish_report(actor: Person, unit: Unit, year: int, *, whole: bool = False) -> Report:
    """Publish a report once: its content, the values of its figures and the very rows that they count are kept.

    Raises Refusal when it breaks a cross check of level error, when the year is not over, or when it is out already.
    """
    require(actor, "report.publish", unit)
    if timezone.localdate().year <= year:
        raise Refusal(f"{year}年尚未结束，不能发布{year}年度的报告。")
    scope_name = AnnualReport.Scope.WHOLE if whole else AnnualReport.Scope.OWN
    with transaction.atomic():
        Unit.objects.select_for_update().get(pk=unit.pk)  # two who publish at once queue here
        if published_report(unit, year, whole=whole) is not None:
            raise Refusal(f"“{unit}”{year}年度的报告已经发布，定稿的数字不能更改。")
        report = compose_report(unit, year, whole=whole)
        _check(report)
        stored = AnnualReport.objects.create(
            unit=unit, year=year, scope=scope_name, generation=report.generation, title=report.title,
            content=report.as_content(), published_at=timezone.now(), published_by=actor,
        )  # fmt: skip
        FrozenFigure.objects.bulk_create(_freeze(stored, figure) for figure in report.figures.values())
        audit.append(
            actor, "report.published", f"report:{stored.pk}", {"title": report.title, "figures": len(report.figures)}
        )  # fmt: skip
        emit("report.published", report_id=stored.pk, unit_id=unit.pk)
    return report


def _check(report: Report) -> None:
    """The cross checks of level error, and the chapter that the form does not let a unit leave empty."""
    writer = Writer(report.unit, report.year, whole=report.whole)
    before = Writer(report.unit, report.year - 1, whole=report.whole)
    previous = report_tables(before) if reported_cells(before.scope) else None
    faults = broken(check(report_tables(writer), Context(previous=previous)), "error")
    if faults:
        more = f"（另有{len(faults) - 1}处）" if len(faults) > 1 else ""
        raise Refusal(f"年度报告不能发布，{faults[0].rule}：{faults[0].message.rstrip('。')}{more}。")
    if report.generation != "G1" and not writer.text(ReportedText.Name.PROBLEMS):
        raise Refusal(f"年度报告不能发布，第五部分“{ReportedText.Name.PROBLEMS.label}”尚未填报。")


def _freeze(report: AnnualReport, figure: Figure) -> FrozenFigure:
    rows = measure_of(figure.key).rows(figure.scope)
    ids = array("q", rows.order_by("pk").values_list("pk", flat=True))
    if len(ids) != figure.value:  # somebody published or withdrew between the sentence and its rows
        raise Refusal(f"生成报告时“{figure.label}”由{figure.value}变为{len(ids)}，数字没有定稿，请重新发布。")
    return FrozenFigure(
        report=report, key=figure.url, label=figure.label, value=figure.value, unit_word=figure.unit_word,
        row_count=len(ids), row_ids=zlib.compress(ids.tobytes()),
    )  # fmt: skip


def frozen_ids(figure: FrozenFigure) -> list[int]:
    """The ids of the rows that a frozen figure counts, ascending."""
    ids = array("q")
    ids.frombytes(zlib.decompress(figure.row_ids))
    return list(ids)


@dataclass(frozen=True)
class Drift:
    """How a frozen figure differs from what the same query counts today."""

    frozen: int
    now: int
    gone: tuple[int, ...]
    new: tuple[int, ...]


def drift_of(figure: FrozenFigure) -> Drift:
    """Compare a frozen figure with today's rows."""
    _, _, key, year, name, _ = figure.key.split("/")
    measure, scope = from_address(key, year, name)
    then, now = set(frozen_ids(figure)), set(measure.rows(scope).values_list("pk", flat=True))
    return Drift(len(then), len(now), tuple(sorted(then - now)), tuple(sorted(now - then)))


def frozen_page(figure: FrozenFigure, number: int) -> RowsPage:
    """A page of the rows that a frozen figure counts, newest first; a row withdrawn since is still listed."""
    _, _, key, year, name, _ = figure.key.split("/")
    measure, scope = from_address(key, year, name)
    return page_of_ids(measure.rows(scope).model, frozen_ids(figure), number)


def published_report(unit: Unit, year: int, *, whole: bool = False) -> AnnualReport | None:
    """The unit's published report about a year, None while it is not out."""
    scope = AnnualReport.Scope.WHOLE if whole else AnnualReport.Scope.OWN
    return published_reports().filter(unit=unit, year=year, scope=scope).first()


def published_reports() -> QuerySet[AnnualReport]:
    """All published reports, newest year first."""
    return AnnualReport.objects.select_related("unit").order_by("-year", "unit__sort", "unit_id", "-scope")
