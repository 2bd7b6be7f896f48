"""A form that is filled in becomes drafts; what is wrong in a row is told, and comes back to be corrected."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path

import pytest
from openpyxl import Workbook, load_workbook

from mingzheng.law.errors import Refusal
from mingzheng.publish.items.drafts import ItemDraft
from mingzheng.publish.sheets import reading
from mingzheng.publish.sheets.services import read_rows, write_error_sheet, write_template

COLUMNS = [("ZC0101", "政策法规/部门规范性文件"), ("TZ01", "=通知公告")]
THEMES = [("2", "综合政务"), ("2.1", "综合政务/政务公开"), ("2.10", "综合政务/保密")]
GENRES = ["通知", "其他"]
GOOD = {"标题": "关于召开会议的通知", "栏目代码": "TZ01 通知公告", "正文": "定于周五召开会议。"}


@pytest.fixture
def template(tmp_path) -> Path:
    target = tmp_path / "模板.xlsx"
    write_template(target, unit_name="示范市财政局", columns=COLUMNS, themes=THEMES, genres=GENRES)
    return target


@pytest.fixture
def filled(template):
    """Writes rows, as values by label, below the headings of the form; returns its path."""

    def fill(*rows: dict[str, object]) -> Path:
        book = load_workbook(template)
        form = book["填报"]
        places = {str(cell.value).strip("*"): cell.column for cell in form[3]}
        for number, row in enumerate(rows, start=4):
            for label, value in row.items():
                form.cell(number, places[label]).value = value
        book.save(template)
        return template

    return fill


@pytest.fixture
def sheet(tmp_path):
    """Writes a bare workbook from lists of values; returns its path and the sheet before it is saved."""

    def write(*rows: list[object], change=lambda form: None) -> Path:
        book = Workbook()
        for row in rows:
            book.active.append(row)
        change(book.active)
        book.save(tmp_path / "表.xlsx")
        return tmp_path / "表.xlsx"

    return write


HEADS = ["标题", "栏目代码", "正文"]
ROW = ["关于召开会议的通知", "TZ01", "定于周五召开会议。"]


def only_error(path: Path) -> str:
    (row,) = read_rows(path)
    assert row.draft is None
    assert row.error is not None
    return row.error


def test_a_filled_row_becomes_a_draft_with_every_field(filled):
    path = filled(
        GOOD
        | {
            "文号": "示财〔2018〕1号", "发文机关": "示范市财政局", "成文日期": datetime(2018, 3, 5),
            "生成日期": "2018年3月6日", "主题分类": "2.1 综合政务/政务公开", "体裁": "通知", "关键词": "会议；预算",
            "内容概述": "会议通知。", "公开属性": "不予公开", "不予公开理由": "内部事务", "信息来源": "预算科",
            "施行日期": "2018.4.1", "失效日期": "2020-12-31",
        }
    )  # fmt: skip
    (row,) = read_rows(path, unit_code="czj")
    assert (row.number, row.error) == (4, None)
    assert row.draft == ItemDraft(
        unit_code="czj", column_code="TZ01", title="关于召开会议的通知", body="<p>定于周五召开会议。</p>",
        written_on=date(2018, 3, 5), formed_on=date(2018, 3, 6), doc_no="示财〔2018〕1号", issuer="示范市财政局",
        theme="2.1", genre="通知", keywords="会议；预算", abstract="会议通知。", openness="closed",
        non_disclosure_reason="内部事务", content_source="预算科", effective_on=date(2018, 4, 1),
        expires_on=date(2020, 12, 31),
    )  # fmt: skip


def test_the_empty_form_has_no_rows_and_offers_lists_dates_and_fixed_headings(template):
    assert list(read_rows(template)) == []
    book = load_workbook(template)
    form = book["填报"]
    assert book.sheetnames == ["填报", "填写说明", "可选值"]
    assert form["A1"].value == "示范市财政局政府信息批量填报表"
    assert form.freeze_panes == "B4"
    rules = {rule.type for rule in form.data_validations.dataValidation}
    assert rules == {"list", "date", "textLength"}
    assert [cell.value for cell in form[3]][:4] == ["标题*", "栏目代码*", "正文*", "文号"]
    assert form["F4"].number_format == "yyyy-mm-dd"
    guide = [row[1].value for row in book["填写说明"].iter_rows(min_row=3, max_row=19)]
    assert guide == [str(cell.value).strip("*") for cell in form[3]]


def test_text_that_begins_like_a_formula_stays_text(template):
    cell = load_workbook(template)["可选值"]["A3"]
    assert (cell.value, cell.data_type) == ("TZ01 =通知公告", "s")


def test_columns_stand_in_any_order_and_empty_rows_are_passed_over(sheet):
    path = sheet(
        ["正文*", "标题 *", "错误原因", "栏目代码"],
        [None],
        ["甲", "乙", "旧的错误", "tz01"],
        [" "],
        ["丙", "丁", None, "TZ01"],
    )
    rows = list(read_rows(path))
    assert [row.number for row in rows] == [3, 5]
    assert [(row.draft.title, row.draft.column_code, row.draft.body) for row in rows if row.draft] == [
        ("乙", "TZ01", "<p>甲</p>"),
        ("丁", "TZ01", "<p>丙</p>"),
    ]


@pytest.mark.parametrize(
    ("heads", "named"),
    [
        (["标题", "栏目代码"], "缺少必填的列“正文”"),
        (["标题", "栏目代码", "正文", "备注"], "无法识别的列“备注”"),
        (["标题", "栏目代码", "正文", "标题"], "“标题”列重复出现"),
        (["名称", "内容"], "没有表头"),
    ],
)
def test_headings_that_are_missing_unknown_or_doubled_are_named(sheet, heads, named):
    with pytest.raises(Refusal, match=named):
        read_rows(sheet(heads, ROW))


@pytest.mark.parametrize(
    "written",
    ["2018-3-5", "2018年3月5日", "2018.3.5", "2018/03/05", "2018年03月05日", " 2018-3-5 ", date(2018, 3, 5)],
)
def test_dates_may_be_written_in_the_usual_ways(sheet, written):
    (row,) = read_rows(sheet([*HEADS, "成文日期"], [*ROW, written]))
    assert row.draft is not None
    assert row.draft.written_on == date(2018, 3, 5)


@pytest.mark.parametrize(
    "written", ["2018-2-30", "3月5日", "2018-3", "18-3-5", 43164, 20180305, "2018年3-5", True]
)
def test_what_is_no_date_is_refused_by_name(sheet, written):
    assert "成文日期" in only_error(sheet([*HEADS, "成文日期"], [*ROW, written]))


def test_plain_text_becomes_escaped_paragraphs_parted_by_blank_lines(sheet):
    body = "　　第一段<b>\n仍是第一段\r\n \r\n\r\n第二段 & 其他_x000D_\n"
    (row,) = read_rows(sheet(HEADS, ["标题", "TZ01", body]))
    assert row.draft is not None
    assert row.draft.body == "<p>第一段&lt;b&gt;<br>仍是第一段</p><p>第二段 &amp; 其他</p>"


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (lambda form: form.merge_cells("A2:B2"), "合并"),
        (lambda form: form.merge_cells("C2:C9"), "合并"),
        (lambda form: setattr(form.row_dimensions[2], "hidden", True), "隐藏"),
        (lambda form: form.__setitem__("A2", "=B2&C2"), "标题是没有计算结果的公式"),
        (lambda form: form.__setitem__("A2", "#REF!"), "标题是错误值“#REF!”"),
        (lambda form: form.__setitem__("E2", "多出的内容"), "E列没有表头"),
        (lambda form: form.__setitem__("B2", None), "缺少栏目代码"),
    ],
)
def test_a_row_that_cannot_be_trusted_is_refused_with_the_reason(sheet, change, told):
    error = only_error(sheet(HEADS, ROW, change=change))
    assert told in error
    assert error.endswith("。")


@pytest.mark.parametrize(
    ("label", "chosen", "field", "value"),
    [
        ("主题分类", "综合政务/政务公开", "theme", "2.1"),
        ("主题分类", "2", "theme", "2"),
        ("主题分类", 2, "theme", "2"),
        ("体裁", "会议纪要", "genre", "纪要"),  # a spelling of older records
        ("公开属性", None, "openness", "proactive"),
        ("公开属性", "依申请公开", "openness", "on_request"),
    ],
)
def test_choices_are_understood_by_name_and_code(sheet, label, chosen, field, value):
    (row,) = read_rows(sheet([*HEADS, label], [*ROW, chosen]))
    assert getattr(row.draft, field) == value


@pytest.mark.parametrize(
    # 2.1 as a number may have been 2.10, so it is not guessed.
    ("label", "chosen"),
    [("主题分类", "诗歌"), ("主题分类", 2.1), ("体裁", "散文"), ("公开属性", "公开")],
)
def test_what_is_no_choice_is_refused_by_name(sheet, label, chosen):
    assert f"{label}“{chosen}”不在可选值之列" in only_error(sheet([*HEADS, label], [*ROW, chosen]))


def test_all_errors_of_a_row_are_told_at_once(sheet):
    error = only_error(sheet([*HEADS, "成文日期", "体裁"], [None, "TZ01", "正文", "昨天", "散文"]))
    assert [part[:4] for part in error.split("；")] == ["缺少标题", "成文日期", "体裁“散"]


def test_too_many_rows_are_refused_before_the_first_is_read(sheet, monkeypatch):
    monkeypatch.setattr(reading, "MOST_ROWS", 3)
    assert len(list(read_rows(sheet(HEADS, ROW, ROW, ROW, [None])))) == 3
    with pytest.raises(Refusal, match="有4行，超过每个文件3行"):
        read_rows(sheet(HEADS, ROW, ROW, ROW, ROW))


def test_refused_rows_come_back_with_the_reason_in_red_and_can_be_handed_in_again(filled, tmp_path):
    source = filled(
        GOOD,
        GOOD | {"标题": "第二条", "成文日期": datetime(2018, 3, 5), "体裁": "散文"},
        GOOD | {"标题": "第三条", "体裁": "诗歌"},
    )
    errors = {row.number: row.error for row in read_rows(source) if row.error}
    target = tmp_path / "退回.xlsx"
    write_error_sheet(source, errors, target)
    book = load_workbook(target)
    form = book["填报"]
    assert form["A3"].value == "错误原因"
    assert form["A4"].value.startswith("原第5行：体裁“散文”")
    assert form["A4"].font.color.rgb.endswith("C00000")
    assert [form.cell(row, 2).value for row in (4, 5, 6)] == ["第二条", "第三条", None]
    assert form["G4"].value == datetime(2018, 3, 5)
    assert [cell.value for cell in book["可选值"]["C"]][:3] == ["体裁", *GENRES]
    for row in (4, 5):
        form.cell(row, 10).value = "通知"
    book.save(target)
    assert [row.draft.title for row in read_rows(target) if row.draft] == ["第二条", "第三条"]
    write_error_sheet(target, {4: "栏目有误。"}, tmp_path / "再次退回.xlsx")
    again = load_workbook(tmp_path / "再次退回.xlsx")["填报"]
    assert again["A1"].value == "示范市财政局政府信息批量填报表（退回更正）"


def test_an_error_for_a_row_that_is_not_there_is_refused(sheet, tmp_path):
    with pytest.raises(Refusal, match="是不是同一个文件"):
        write_error_sheet(sheet(HEADS, ROW), {9: "有误。"}, tmp_path / "退回.xlsx")
