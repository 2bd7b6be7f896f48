"""Two versions of a text: nothing is lost or invented, and what changed reads well."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mingzheng.publish.comparison.services import compare_fields, compare_text, summary

MARKS = {"same": "", "gone": "-", "new": "+"}
# Few different characters, so that the two texts share many; with numbers, marks, a private and a rare character.
texts = st.text(alphabet="市县的办法，。 \n0123.5ab%\U000f0001\U00020000", max_size=60)


def told(old: str, new: str) -> list[str]:
    return [MARKS[piece.op] + piece.text for piece in compare_text(old, new)]


@given(texts | st.text(max_size=40), texts | st.text(max_size=40))
def test_what_stayed_and_went_is_the_old_text_what_stayed_and_came_the_new(old, new):
    pieces = compare_text(old, new)
    assert "".join(piece.text for piece in pieces if piece.op != "new") == old
    assert "".join(piece.text for piece in pieces if piece.op != "gone") == new
    assert all(piece.text for piece in pieces)


@given(texts)
def test_a_text_is_the_same_as_itself(text):
    assert {piece.op for piece in compare_text(text, text)} <= {"same"}


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        # A number changes as a whole, not by the digit that differs.
        ("12.5万元", "13.5万元", ["-12.5", "+13.5", "万元"]),
        ("增长8.5%", "增长8.7%", ["增长", "-8.5%", "+8.7%"]),
        # So does a Latin word or the number of a standard.
        ("按GB/T 9704-2012执行", "按GB/T 9704-2015执行", ["按GB/T ", "-9704-2012", "+9704-2015", "执行"]),
        ("采用Word格式", "采用World格式", ["采用", "-Word", "+World", "格式"]),
        # A date is not shredded by the characters between its numbers.
        ("2018年3月5日", "2019年4月6日", ["-2018年3月5", "+2019年4月6", "日"]),
        # A coincidental character between two changes is part of the change ...
        ("由财政局会商审批", "由发改委会签核准", ["由", "-财政局会商审批", "+发改委会签核准"]),
        # ... but a punctuation mark parts two changes for the reader.
        (
            "提高认识，加强领导",
            "统一思想，落实责任",
            ["-提高认识", "+统一思想", "，", "-加强领导", "+落实责任"],
        ),
        ("", "新增", ["+新增"]),
        ("删除", "", ["-删除"]),
        ("", "", []),
    ],
)
def test_changes_are_few_and_readable(old, new, expected):
    assert told(old, new) == expected


def test_when_the_time_is_up_the_rest_counts_as_rewritten():
    old = "".join(chr(0x4E00 + number * 7919 % 5000) for number in range(20_000))
    new = "".join(chr(0x4E00 + number * 6007 % 4999) for number in range(20_000))
    pieces = compare_text(old, new, time_limit=0.01)
    assert "".join(piece.text for piece in pieces if piece.op != "gone") == new


def test_only_fields_whose_values_differ_are_told_in_the_order_of_the_labels():
    labels = {"title": "标题", "doc_no": "文号", "issuer": "发文机关"}
    old = {"title": "关于公布目录的通知", "doc_no": None, "issuer": "示范市财政局", "body": "甲"}
    new = {"title": "关于公布清单的通知", "doc_no": "示财〔2018〕1号", "issuer": "示范市财政局", "body": "乙"}
    changes = compare_fields(old, new, labels)
    assert [change.label for change in changes] == ["标题", "文号"]
    assert [MARKS[piece.op] + piece.text for piece in changes[0].pieces] == [
        "关于公布",
        "-目录",
        "+清单",
        "的通知",
    ]
    assert [piece.op for piece in changes[1].pieces] == ["new"]


def test_the_summary_counts_characters_without_spaces():
    assert summary("各县人民政府", "各县、区 人民政府") == "增加2字，删除0字"
    assert summary("有效期3年", "有效期5年") == "增加1字，删除1字"
