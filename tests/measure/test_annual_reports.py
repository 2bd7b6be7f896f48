"""Annual reports: composed from figures, and the same in every form."""

from __future__ import annotations

import io
import json
import re
from datetime import date
from xml.etree import ElementTree

import pytest
from docx import Document
from tests.measure.factory import draft

from mingzheng.cli import main
from mingzheng.law.errors import Refusal
from mingzheng.law.report_tables import ReportTables
from mingzheng.measure import services as measure
from mingzheng.measure.charts import paired_bars
from mingzheng.measure.models import AnnualReport, ReportedCell
from mingzheng.measure.report_forms import MEASURED
from mingzheng.publish.items.models import Item
from mingzheng.publish.items.services import import_items, withdraw_item


def cells_of(block):
    """The parts of a paragraph, the cells of a table; a chart repeats the numbers of its table."""
    return block.get("parts") or [cell for row in block.get("rows", ()) for cell in row]


def words(report):
    """All text of a report, figures included."""
    found = []
    for chapter in report.chapters:
        found.append(chapter.title)
        for block in chapter.blocks:
            cells = cells_of(block)
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


def test_the_chart_draws_and_speaks_the_numbers_of_the_table(year):
    report = measure.compose_report(year.units["city"], 2018, whole=True)
    [chart] = [block for chapter in report.chapters for block in chapter.blocks if block["kind"] == "chart"]
    picture = ElementTree.fromstring(chart["svg"])
    spoken = picture.find("{*}desc").text
    assert spoken == (
        "市政府及市直单位：2018年13，2017年8；县区政府及其部门：2018年9，2017年6；镇政府（街道办）：2018年3，2017年2。"
    )
    bars = [float(bar.get("width")) for bar in picture.findall("{*}rect")][2:]  # the first two are the legend
    assert [round(bar / bars[0] * 13) for bar in bars] == [13, 8, 9, 6, 3, 2]


def test_a_chart_escapes_its_labels_and_draws_nothing_from_zeros():
    picture = ElementTree.fromstring(paired_bars("甲<乙", ("今&", "昨"), [("<b>", 0, 0)]))
    assert {bar.get("width") for bar in picture.findall("{*}rect")[2:]} == {"0.0"}


def test_interpretations_are_told_by_their_form(everything):
    text = words(measure.compose_report(everything.units["city"], 2018, whole=True))
    assert "按解读形式分，部门解读4篇，专家解读1篇，媒体解读1篇，图解2篇，音视频1篇。" in text
    assert "公开行政执法信息：行政许可1条，行政处罚1条，行政强制1条。" in text


def test_the_sheet_of_statistics_follows_the_narrative_once_it_is_reported(year):
    office, unit = year.people["office"], year.units["czj"]
    cells = {
        "g1.received_online": 2,
        "g1.received_letter": 1,
        "g1.received_fax": 0,
        "g1.received_in_person": 0,
    }
    measure.report_cells(office, unit, 2018, cells)
    last = measure.compose_report(unit, 2018).chapters[-1]
    assert last.title == "附：政府信息公开情况统计表"
    rows = last.blocks[0]["rows"]
    [received] = [row[-1]["text"] for row in rows if row[0]["text"].endswith("收到申请数")]
    assert received == "3"
    measured = {cell["url"]: cell["text"] for row in rows for cell in row if cell.get("url")}
    assert measured["/figures/disclosure.items/2018/unit-czj/"] == "3"
    assert set(measured) <= set(measure.compose_report(unit, 2018).figures)


def test_every_figure_in_the_text_is_a_link_to_rows_that_count_the_same(year):
    report = measure.compose_report(year.units["city"], 2018, whole=True)
    assert len(report.figures) > 15
    for chapter in report.chapters:
        for block in chapter.blocks:
            for cell in cells_of(block):
                if isinstance(cell, dict) and cell.get("url"):
                    figure = report.figures[cell["url"]]
                    assert int(re.match(r"\d+", cell["text"])[0]) == figure.value
                    assert figure.value == measure.figure(figure.key, figure.scope).value


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
    assert [p.text for p in document.paragraphs if p._element.findall(".//{*}outlineLvl")] == [
        chapter.title for chapter in report.chapters
    ]
    result = measure.report_json(report)
    assert {figure["url"]: figure["value"] for figure in result["figures"]} == {
        url: figure.value for url, figure in report.figures.items()
    }
    assert all(figure["rows"] == figure["value"] for figure in result["figures"])
    assert json.loads(json.dumps(result, ensure_ascii=False)) == result


@pytest.mark.parametrize("of", [2018, 2020, 2022])
def test_the_word_file_holds_every_cell_of_every_form_in_its_row(modern, of):
    office, unit = modern.people["office"], modern.units["city"]
    import_items(office, [draft("city", "TZ01", "通知", date(of, 2, 3))], source=f"{of}")
    cells = {
        key: 7
        for key, figure in ReportTables(of, {}).figures.items()
        if not figure.parts and key not in MEASURED
    }
    measure.report_cells(office, unit, of, cells)
    report = measure.compose_report(unit, of)
    blocks = [block for chapter in report.chapters for block in chapter.blocks if block["kind"] == "table"]
    document = Document(io.BytesIO(measure.report_docx(report)))
    assert len(blocks) == len(document.tables) > 0
    for block, table in zip(blocks, document.tables, strict=True):
        for row, printed in zip(block["rows"], table.rows, strict=True):
            texts = [cell.text for cell in printed.cells]
            assert all(cell["text"] in texts for cell in row)
            assert len(texts) == sum(cell.get("colspan", 1) for cell in block["rows"][0])


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
