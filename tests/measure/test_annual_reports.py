"""Annual reports: composed from figures, the same in every form, frozen once published."""

from __future__ import annotations

import io
import json
import re

import pytest
from django.utils import timezone
from docx import Document
from tests.measure.conftest import draft

from mingzheng.city.models import AuditEntry, OutboxEvent
from mingzheng.city.services import NotAllowed
from mingzheng.cli import main
from mingzheng.law.errors import Refusal
from mingzheng.measure import services as measure
from mingzheng.measure.models import AnnualReport, FrozenFigure, ReportedCell
from mingzheng.publish.items.models import Item
from mingzheng.publish.items.services import import_items, withdraw_item

COLUMNS = ("natural", "company", "research", "ngo", "legal_service", "other")


def words(report):
    """All text of a report, figures included."""
    found = []
    for chapter in report.chapters:
        found.append(chapter.title)
        for block in chapter.blocks:
            cells = block.get("parts") or [cell for row in block["rows"] for cell in row]
            found += [cell if isinstance(cell, str) else cell["text"] for cell in cells]
    return "".join(found)


def test_the_report_of_the_whole_city_tells_the_year_in_sentences(year):
    text = words(measure.compose_report(year.units["city"], 2018, whole=True))
    for sentence in (
        "主动公开政府信息25条，同比增长56.25%。",
        "新增目录115个，其中一级主栏目5个，二级子目录9个，三级以下子目录101个。",
        "其中市政府及市直单位公开13条，县区政府及其部门公开9条，镇政府（街道办）公开3条。",
        "共发布政策解读6篇，其中市本级政策解读3篇（本级政策解读3篇）。",
        "在文件公开后3个工作日之内发布的2篇，其余1篇未能按时发布。",
        "召开新闻发布会1次，有关负责人出席2人次。",
    ):
        assert sentence in text


def test_a_unit_reports_its_own_work_and_leaves_out_what_it_has_not(year):
    report = measure.compose_report(year.units["czj"], 2018)
    assert [chapter.title for chapter in report.chapters] == ["一、概述"]
    assert "主动公开政府信息3条" in words(report)


def test_a_fall_and_a_standstill_are_said_as_such(year):
    office = year.people["office"]
    for pk in Item.objects.filter(unit__code="czj", first_published_at__year=2018).values_list(
        "pk", flat=True
    )[:1]:
        withdraw_item(office, pk, "误")
    assert "与上年持平" in words(measure.compose_report(year.units["czj"], 2018))
    for pk in (
        Item.objects.public()
        .filter(unit__code="czj", first_published_at__year=2018)
        .values_list("pk", flat=True)[:1]
    ):
        withdraw_item(office, pk, "误")
    assert "同比下降50.00%" in words(measure.compose_report(year.units["czj"], 2018))


def test_every_figure_in_the_text_is_a_link_to_rows_that_count_the_same(year):
    report = measure.compose_report(year.units["city"], 2018, whole=True)
    assert len(report.figures) > 15
    for chapter in report.chapters:
        for block in chapter.blocks:
            cells = block.get("parts") or [cell for row in block["rows"] for cell in row]
            for cell in cells:
                if isinstance(cell, dict) and cell.get("url"):
                    key, scope = report.figures[cell["url"]]
                    assert int(re.match(r"\d+", cell["text"])[0]) == measure.figure(key, scope).value


def test_word_file_and_json_say_what_the_report_says(year):
    report = measure.compose_report(year.units["city"], 2018, whole=True)
    document = Document(io.BytesIO(measure.report_docx(report, "http://shifan.example/")))
    links = {rel.target_ref for rel in document.part.rels.values() if rel.is_external}
    assert links == {f"http://shifan.example{url}" for url in report.figures}
    paragraphs = "".join(
        "".join(node.text or "" for node in p._element.iter("{*}t")) for p in document.paragraphs
    )
    assert "主动公开政府信息25条" in paragraphs
    assert document.tables[0].cell(0, 0).text == "层级"
    result = measure.report_json(report)
    assert {figure["url"] for figure in result["figures"]} == set(report.figures)
    assert json.loads(json.dumps(result, ensure_ascii=False)) == result


def sound_cells(year, number):
    from mingzheng.law.report_tables import ReportTables
    from mingzheng.measure.report_forms import MEASURED

    figures = ReportTables(year, {}).figures
    cells = {key: number for key, figure in figures.items() if not figure.parts and key not in MEASURED}
    for column in COLUMNS:
        cells[f"t3.A.{column}"] = (
            number * 21
        )  # 21 outcomes and what is carried over, less what came from the year before
    return cells


@pytest.fixture
def modern(year):
    """A report of 2022 with reported cells of two units that add up."""
    office = year.people["office"]
    import_items(
        office,
        [
            draft(
                "city",
                "ZC0201",
                "新办法",
                timezone.localdate().replace(year=2022),
                doc_no="示政规〔2022〕1号",
            )
        ],
        source="22",
    )
    for unit in ("city", "czj"):
        measure.report_cells(office, year.units[unit], 2022, sound_cells(2022, 2))
    return year


def test_tables_add_up_units_and_take_measured_cells_from_the_system(modern):
    report = measure.compose_report(modern.units["city"], 2022, whole=True)
    assert len(report.chapters) == 6
    rows = report.chapters[2].blocks[0]["rows"]
    last = [cell["text"] for cell in rows[-1]]
    assert last[0] == "四、结转下年度继续办理"
    assert last[1:] == ["4"] * 6 + ["24"]
    made = [
        cell
        for row in report.chapters[1].blocks[0]["rows"]
        for cell in row
        if cell.get("url", "").startswith("/figures/documents.normative_made/")
    ]
    assert [cell["text"] for cell in made] == ["1"]


def test_the_newest_reported_cell_counts_and_the_old_one_is_kept(modern):
    office, unit = modern.people["office"], modern.units["czj"]
    measure.report_cells(office, unit, 2022, {"t2.permit.decisions": 9})
    report = measure.compose_report(modern.units["city"], 2022, whole=True)
    texts = [cell["text"] for row in report.chapters[1].blocks[0]["rows"] for cell in row]
    assert texts[texts.index("行政许可") + 1] == "11"
    assert ReportedCell.objects.filter(unit=unit, key="t2.permit.decisions").count() == 2


@pytest.mark.parametrize(
    ("cells", "rule"),
    [
        ({"t9.x": 1}, "没有“t9.x”这一格"),
        ({"t2.normdocs.made": 1}, "由系统计算，不能填报"),
        ({"t3.A.total": 1}, "由系统计算，不能填报"),
        ({"t3.A.natural": 1.5}, "应为整数"),
        ({"t3.A.natural": -1}, "超出允许的范围"),
        ({"t3.A.natural": 10**12}, "超出允许的范围"),
    ],
)
def test_impossible_cells_are_refused_all_or_none(year, cells, rule):
    with pytest.raises(Refusal, match=rule):
        measure.report_cells(
            year.people["office"], year.units["czj"], 2022, {"t2.permit.decisions": 1, **cells}
        )
    assert not ReportedCell.objects.exists()


def test_a_report_that_breaks_a_cross_check_is_not_published(modern):
    office = modern.people["office"]
    measure.report_cells(office, modern.units["czj"], 2022, {"t3.D.natural": 50})
    with pytest.raises(Refusal, match="不能发布，R01"):
        measure.publish_report(office, modern.units["city"], 2022, whole=True)
    assert not AnnualReport.objects.exists()


def test_a_report_with_blanks_is_not_published(year):
    import_items(
        year.people["office"],
        [draft("czj", "TZ01", "新", timezone.localdate().replace(year=2022))],
        source="22",
    )
    with pytest.raises(Refusal, match="R06"):
        measure.publish_report(year.people["office"], year.units["czj"], 2022)


def test_a_published_report_stays_as_it_was(modern):
    office, unit = modern.people["office"], modern.units["city"]
    report = measure.publish_report(office, unit, 2018, whole=True)
    stored = AnnualReport.objects.get()
    frozen = FrozenFigure.objects.get(key="/figures/disclosure.items/2018/all/")
    assert (int(frozen.value), frozen.row_count) == (25, 25)
    assert measure.drift_of(frozen) == measure.Drift(25, 25, (), ())
    gone = Item.objects.public().filter(first_published_at__year=2018).first()
    withdraw_item(office, gone.pk, "误")
    import_items(office, [draft("czj", "TZ01", "补录", gone.first_published_at.date())], source="补")
    new = Item.objects.get(title="补录")
    frozen.refresh_from_db()
    stored.refresh_from_db()
    assert int(frozen.value) == 25
    assert stored.content == json.loads(json.dumps(report.as_content()))
    assert measure.drift_of(frozen) == measure.Drift(25, 25, (gone.pk,), (new.pk,))
    page = measure.frozen_page(frozen, 1)
    assert page.total == 25
    assert gone.title in {row[0].text for row in page.rows}


def test_publication_happens_once_is_audited_and_told(year):
    office, unit = year.people["office"], year.units["city"]
    measure.publish_report(office, unit, 2018, whole=True)
    assert AuditEntry.objects.filter(verb="report.published").count() == 1
    assert OutboxEvent.objects.filter(topic="report.published").count() == 1
    with pytest.raises(Refusal, match="已经发布"):
        measure.publish_report(office, unit, 2018, whole=True)
    measure.publish_report(office, unit, 2018)  # the government's own part is another report


@pytest.mark.parametrize("username", ["czj-writer", "auditor", "admin", "hexi-office"])
def test_publication_needs_its_permission(year, username):
    with pytest.raises(NotAllowed):
        measure.publish_report(year.people[username], year.units["czj"], 2018)


@pytest.mark.parametrize(
    ("unit", "of", "whole", "rule"),
    [
        ("city", 2007, True, "2007年没有年度报告的格式"),
        ("city", 2016, True, "没有2016年公开的信息"),
        ("czj", 2018, True, "不是一级政府"),
    ],
)
def test_a_report_that_cannot_be_is_refused(year, unit, of, whole, rule):
    with pytest.raises(Refusal, match=rule):
        measure.compose_report(year.units[unit], of, whole=whole)


def test_a_year_that_is_not_over_cannot_be_published(year):
    with pytest.raises(Refusal, match="尚未结束"):
        measure.publish_report(
            year.people["office"], year.units["city"], timezone.localdate().year, whole=True
        )


def test_a_unit_writes_its_problems_and_they_stand_in_the_report(modern):
    measure.report_text(modern.people["office"], modern.units["city"], 2022, "problems", "更新不够及时。")
    assert "更新不够及时。" in words(measure.compose_report(modern.units["city"], 2022, whole=True))
    with pytest.raises(Refusal, match="没有名为“x”的部分"):
        measure.report_text(modern.people["office"], modern.units["city"], 2022, "x", "y")


def test_the_commands_print_figures_and_write_reports(year, capsys, tmp_path):
    assert main(["figures", "--year", "2018", "--json"]) == 0
    first = json.loads(capsys.readouterr().out)["tables"][0]["lines"][-1]
    assert (first["label"], first["now"]["value"], first["now"]["growth"]) == ("全市", 25, 56.25)
    target = tmp_path / "r.docx"
    assert (
        main(
            [
                "report",
                "--unit",
                "city",
                "--whole",
                "--year",
                "2018",
                "--format",
                "docx",
                "--out",
                str(target),
            ]
        )
        == 0
    )
    assert target.stat().st_size > 5000
    assert main(["report", "--unit", "city", "--year", "2018", "--format", "docx"]) == 2
    assert main(["report", "--unit", "city", "--year", "2018", "--publish"]) == 2
    assert main(["report", "--unit", "city", "--whole", "--year", "2018", "--publish", "--as", "office"]) == 0
    assert AnnualReport.objects.count() == 1
