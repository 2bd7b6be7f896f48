"""Document numbers in running text are found, and nothing else is taken for one."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mingzheng.law.doc_numbers import find_doc_numbers

CITED = [
    ("《要点》的通知》(淮政办〔2018〕18号)要求", ["淮政办〔2018〕18号"]),
    ("的通知》(办〔201675号),将五公开", ["办〔2016〕75号"]),  # lost bracket
    ("《方案》(淮政办秘〔2018108号)明确", ["淮政办秘〔2018〕108号"]),
    ("文件(沪府规(2019)33号)", ["沪府规〔2019〕33号"]),  # round brackets inside round brackets
    ("豫政办 〔2018〕48号", ["豫政办〔2018〕48号"]),
    ("(国发〔2018〕18)", ["国发〔2018〕18号"]),  # lost 号, but clearly a citation
    ("根据国办发〔2018〕42号文件精神", ["国办发〔2018〕42号"]),  # the verb is not the agency
    (
        "认真落实国务院办公厅国办发〔2018〕42号和国发〔2018〕43号文件",
        ["国办发〔2018〕42号", "国发〔2018〕43号"],
    ),
    ("我局印发了淮宣〔2017〕16号", ["淮宣〔2017〕16号"]),
    ("我局淮宣〔2017〕16号", ["淮宣〔2017〕16号"]),
    ("3月5日淮政办〔2018〕18号印发", ["淮政办〔2018〕18号"]),  # 日 belongs to the date
    ("(三)淮政办〔2018〕18号", ["淮政办〔2018〕18号"]),
    ("《条例》(国务院令第711号)和市政府令第51号", ["国务院令第711号", "市政府令第51号"]),
    ("新修订的国务院第711号令自2019年起施行", ["国务院令第711号"]),
    ("原国家工商行政管理总局令第76号", ["国家工商行政管理总局令第76号"]),
    ("和财政部、税务总局公告2019年第39号规定", ["财政部、税务总局公告2019年第39号"]),
]


@pytest.mark.parametrize(("text", "normals"), CITED)
def test_cited_numbers_are_found(text, normals):
    assert [found.number.normal for found in find_doc_numbers(text)] == normals


NO_NUMBER = [
    "2018年第3号机组投产",
    "截至(2018年)3号楼完工",
    "项目[2018]3号楼",
    "办理第12号提案,见第3号公告栏",
    "责令第3号机组停运",  # 令 of another word
    "台风第5号预警,发布第3号令",  # no body
    "(2018)皖06行初12号",  # a court's case number
    "文献[2018]12",
    "中央1号文件,电话0561-2018号,编号201532号",
    "(2018)3号",  # no agency
]


@pytest.mark.parametrize("text", NO_NUMBER)
def test_other_numbers_are_left_alone(text):
    assert find_doc_numbers(text) == []


def test_number_without_its_serial_is_reported():
    (found,) = find_doc_numbers("印发了淮政办〔2018〕号")
    assert (found.raw, found.number.status) == ("淮政办〔2018〕号", "unparsed")


@given(st.text(alphabet="〔〕[]()第号年令公告、,。0123456789政府办发淮国务院根据 \n", max_size=80))
def test_spans_point_at_the_text_in_order(text):
    last = 0
    for found in find_doc_numbers(text):
        start, end = found.span
        assert last <= start < end
        assert text[start:end] == found.raw
        last = end
