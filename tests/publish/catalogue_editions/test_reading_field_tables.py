"""A standard table of a field, read from a real sheet: headings, merged cells, marks, limits, and what is wrong by row."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook
from tests.publish.catalogue_editions.tables import line, table

from mingzheng.law.errors import Refusal
from mingzheng.publish.catalogue.editions.field_cells import channels_of, elements_of, is_ticked, short_basis
from mingzheng.publish.catalogue.editions.time_limits import parse_time_limit
from mingzheng.publish.sheets.services import read_field_table

LINES = [
    line("房屋征收", "征收决定"),
    line(None, "补偿安置", 公开时限="实时公开", 县级="☑", 乡村级="□"),
    line("搬迁", "压煤村庄搬迁", 县级="■"),
]


def shape(found: Any) -> list[tuple[str, list[str]]]:
    return [(matter.name, [each.name for each in matter.below]) for matter in found.matters]


@pytest.fixture
def sheet(tmp_path: Path) -> Path:
    return table(tmp_path / "征收.xlsx", LINES, ("B4:B5",))


def check_whole(found: Any) -> None:
    assert found.errors == {}
    assert shape(found) == [("房屋征收", ["征收决定", "补偿安置"]), ("搬迁", ["压煤村庄搬迁"])]
    decided, settled = found.matters[0].below
    assert decided.values["elements"] == ["征收决定", "补偿方案", "分户补偿结果"]
    assert decided.values["time_limit"] == {"value": 20, "unit": "working_day", "from": "formed"}
    assert decided.values["tiers"] == ["T4", "T5", "T6", "T7"]
    assert settled.values["tiers"] == ["T4", "T5"]
    assert (settled.values["time_limit"], settled.values["update_exempt"]) == (None, True)
    asks = decided.values["content_requirements"]
    for said in (
        "公开主体：县征收办",
        "公开渠道和载体：政府网站、公开查阅点",
        "公开对象：全社会",
        "公开方式：主动",
    ):
        assert said in asks
    assert "是否公开补偿方案" in decided.values["check_points"]


def test_a_table_with_two_rows_of_headings_and_merged_matters(sheet: Path) -> None:
    check_whole(read_field_table(sheet))


@pytest.mark.skipif(shutil.which("soffice") is None, reason="LibreOffice is not installed")
def test_a_table_that_libreoffice_wrote_reads_the_same(sheet: Path, tmp_path: Path) -> None:
    command = ["soffice", f"-env:UserInstallation=file://{tmp_path}/profile", "--headless", "--convert-to"]
    made = tmp_path / "made"
    made.mkdir()
    for kind, source in (("ods", sheet), ("xlsx", made / "征收.ods")):
        subprocess.run(
            [*command, kind, "--outdir", made, source], check=True, capture_output=True, timeout=120
        )
        if not (made / f"征收.{kind}").exists():
            pytest.skip("LibreOffice has no Calc here")
    check_whole(read_field_table(made / "征收.xlsx"))


def test_a_table_with_one_row_of_headings_and_choices_in_one_cell(tmp_path: Path) -> None:
    path = tmp_path / "单行表头.xlsx"
    table(path, [], title=False)
    book = load_workbook(path)
    sheet = book.active
    for merge in list(sheet.merged_cells.ranges):
        sheet.unmerge_cells(str(merge))
    sheet.delete_rows(1, 2)
    sheet.append(["序号", "一级事项", "二级事项", "公开内容（要素）", "公开依据", "公开时限", "公开主体", "公开渠道和载体",
                  "公开对象", "公开方式", "公开层级"])  # fmt: skip
    sheet.append([1, "救助", "低保", "政策文件、办理流程", "某法第一条", "自批准之日起7个工作日内", "民政局", "政府网站、村公示栏",
                  "☑全社会 □特定群体", "☑主动 □依申请公开", "□县级 ☑乡、村级"])  # fmt: skip
    book.save(path)
    found = read_field_table(path)
    assert found.errors == {}
    values = found.matters[0].below[0].values
    assert values["tiers"] == ["T6", "T7"]
    assert values["time_limit"] == {"value": 7, "unit": "working_day", "from": "approved"}
    assert values["elements"] == ["政策文件", "办理流程"]
    assert "公开对象：全社会。公开方式：主动。" in values["content_requirements"]


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        ({"一级事项": None}, "缺少一级事项"),  # the first row has nothing above it
        ({"二级事项": None}, "缺少二级事项；没有二级事项的，请把一级、二级两格合并"),
        ({"二级事项": "长" * 61}, "超过60字"),
        ({"公开内容": None}, "缺少公开内容（要素）"),
        ({"公开依据": None}, "缺少公开依据"),
        ({"公开时限": None}, "缺少公开时限"),
        ({"县级": None, "乡村级": "□"}, "公开层级没有打勾"),
        ({"县级": "部分"}, "公开层级“县级”列的“部分”不是√、□之类的标记"),
        ({"主动": "看情况"}, "公开方式“主动”列的“看情况”不是√、□之类的标记"),
        ({"公开主体": "=A1&B1"}, "G列是没有计算结果的公式"),  # openpyxl writes no result
    ],
)
def test_what_is_wrong_is_said_with_its_row(tmp_path: Path, changed: dict[str, Any], sentence: str) -> None:
    path = table(tmp_path / "错.xlsx", [line("房屋征收", "征收决定", **changed), line("搬迁", "压煤村庄")])
    found = read_field_table(path)
    assert list(found.errors) == [4]
    assert sentence in found.errors[4]
    assert found.errors[4].endswith("。")


def test_a_matter_that_stands_twice_is_refused_but_a_merged_one_goes_on(tmp_path: Path) -> None:
    lines = [line("征收", "决定", 乡村级=None), line("征收", "决定", 公开内容="4.评估结果", 县级=None)]
    assert list(read_field_table(table(tmp_path / "重复.xlsx", lines)).errors) == [5]
    merged = read_field_table(table(tmp_path / "合并.xlsx", lines, ("B4:B5", "C4:C5")))
    assert merged.errors == {}
    [leaf] = merged.matters[0].below
    assert leaf.values["elements"] == ["征收决定", "补偿方案", "分户补偿结果", "评估结果"]
    assert leaf.values["tiers"] == ["T4", "T5", "T6", "T7"]


def test_a_matter_whose_two_cells_are_one_has_nothing_below_it(tmp_path: Path) -> None:
    found = read_field_table(
        table(tmp_path / "一格.xlsx", [line("征收计划", None), line("决定", "公告")], ("B4:C4",))
    )
    assert shape(found) == [("征收计划", []), ("决定", ["公告"])]
    assert found.matters[0].values["elements"]


def test_empty_rows_serial_numbers_and_notes_are_passed_over(tmp_path: Path) -> None:
    lines = [
        line("征收", "决定"),
        [None] * 14,
        [3, *[None] * 13],
        ["注：本目录由县征收办负责解释", *[None] * 13],
    ]
    found = read_field_table(table(tmp_path / "注.xlsx", lines, ("A7:N7",)))
    assert (found.errors, shape(found)) == ({}, [("征收", ["决定"])])


def test_on_request_alone_is_never_measured_by_update(tmp_path: Path) -> None:
    found = read_field_table(table(tmp_path / "申请.xlsx", [line("征收", "档案", 主动="□", 依申请="√")]))
    assert found.matters[0].below[0].values["update_exempt"] is True


@pytest.mark.parametrize(
    ("cells", "sentence"),
    [
        ([["一级事项", "二级事项", "公开内容"]], "表头缺少“公开依据”"),
        ([["甲", "乙"]], "没有“一级事项”的表头"),
    ],
)
def test_a_table_without_its_headings_is_refused(
    tmp_path: Path, cells: list[list[str]], sentence: str
) -> None:
    from openpyxl import Workbook

    book = Workbook()
    for row in cells:
        book.active.append(row)
    book.save(tmp_path / "表.xlsx")
    with pytest.raises(Refusal, match=sentence):
        read_field_table(tmp_path / "表.xlsx")
    (tmp_path / "文.xlsx").write_text("不是表格")
    with pytest.raises(Refusal, match="不是xlsx文件"):
        read_field_table(tmp_path / "文.xlsx")
    with pytest.raises(Refusal, match="没有任何事项"):
        read_field_table(table(tmp_path / "空.xlsx", []))


@pytest.mark.parametrize(
    ("text", "limit"),
    [
        ("自信息形成或者变更之日起20个工作日内", (20, "working_day", "formed")),
        ("信息形成（变更）\n20 个工作日内公开", (20, "working_day", "formed")),
        ("自作出行政决定之日起7个工作日内", (7, "working_day", "decided")),  # permits and penalties
        ("批准后二十日内", (20, "day", "approved")),
        ("收到审批文件之日起十五个工作日", (15, "working_day", "approved")),
        ("征集期满后15个工作日内反馈", (15, "working_day", "solicitation_closed")),
        ("合同签订之日起3个月内", (3, "month", "signed")),
        ("事件发生后24小时内", (1, "day", "occurred")),
        ("自变更之日起5日内", (5, "day", "changed")),
        (
            "公示期不少于30日，批准后10个工作日内公开",
            (10, "working_day", "approved"),
        ),  # lasting, then a limit
        ("实时公开", None),
        ("及时公开", None),
        ("批前公示不少于30天", None),
        ("每月10日前", None),  # a date, no period
        ("每年1月31日前公开", None),
        ("长期公开", None),
        ("事件发生后5小时内", None),  # no whole day
        ("", None),
    ],
)
def test_time_limits_in_words(text: str, limit: tuple[int, str, str] | None) -> None:
    found = parse_time_limit(text)
    assert (found and (found.value, found.unit, found.event)) == limit


@pytest.mark.parametrize(
    ("text", "elements"),
    [
        ("1.决定；2.方案", ["决定", "方案"]),
        ("（1）决定\n（2）方案。", ["决定", "方案"]),
        ("①决定②方案", ["决定", "方案"]),
        ("● 决定\n● 方案\n● 决定", ["决定", "方案"]),
        ("法律、法规、规章", ["法律", "法规", "规章"]),
        ("征收决定，包括范围、期限", ["征收决定，包括范围、期限"]),  # a sentence stays whole
        ("  ", []),
    ],
)
def test_elements_of_a_cell(text: str, elements: list[str]) -> None:
    assert elements_of(text) == elements


@pytest.mark.parametrize(
    ("cell", "ticked"),
    [
        ("√", True),
        (" ☑ ", True),
        ("■", True),
        ("✔", True),
        ("□", False),
        ("", False),
        ("—", False),
        ("部分", None),
    ],
)
def test_check_marks(cell: str, ticked: bool | None) -> None:
    assert is_ticked(cell) is ticked


def test_channels_and_a_long_basis() -> None:
    assert channels_of("■政府网站□政府公报 ☑ 公开查阅点\n") == ["政府网站", "公开查阅点"]
    assert channels_of("政府网站、村公示栏") == ["政府网站", "村公示栏"]
    assert channels_of("□政府网站") == []
    basis = "、".join(f"《某某管理条例第{number}号》" for number in range(40))
    assert len(short_basis(basis)) <= 200
    assert short_basis(basis).endswith("》等")
    assert short_basis("《条例》") == "《条例》"
