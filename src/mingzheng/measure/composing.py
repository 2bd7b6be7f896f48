"""Composes the annual report that a unit would publish now."""

from __future__ import annotations

from mingzheng.city.models import Unit
from mingzheng.law.errors import Refusal
from mingzheng.law.report_forms import generation_for_year
from mingzheng.measure.report import Report, Writer
from mingzheng.measure.report_forms import form_chapters
from mingzheng.measure.report_narrative import narrative_chapters
from mingzheng.measure.scopes import WHOLE_CITY, parse_scope


def compose_report(unit: Unit, year: int, *, whole: bool = False) -> Report:
    """The report as it would be published now. Raises Refusal for a year that has no form or lies in the future."""
    generation = generation_for_year(year)
    city = parse_scope(str(year), WHOLE_CITY)
    if whole and not unit.is_government and unit.parent_id is not None:
        raise Refusal(f"“{unit}”不是一级政府，没有包括所属单位的年度报告。")
    writer = Writer(unit, year, whole=whole)
    if not writer.value("disclosure.items", city):
        raise Refusal(f"系统中没有{year}年公开的信息，不能生成年度报告。")
    chapters = narrative_chapters(writer) if generation.key == "G1" else form_chapters(writer)
    title = f"{unit.name}{year}年度政府信息公开工作年度报告"
    if not whole and unit.is_government:
        title = f"{unit.name}（本级）{year}年度政府信息公开工作年度报告"
    return Report(unit, year, whole, generation.key, title, chapters, writer.figures)
