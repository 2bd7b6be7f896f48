"""Personal data is found in every way of writing it, nothing else is, and masked text shows none."""

from __future__ import annotations

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mingzheng.law.checksums import id_card_check_digit, luhn_check_digit, uscc_check_mark
from mingzheng.law.personal_data import find_personal_data, mask

ID = "34040419900307101" + id_card_check_digit("34040419900307101")
ID_X = next(
    first + "X" for serial in range(1000) if id_card_check_digit(first := f"34040419900307{serial:03}") == "X"
)
CARD = "622202130001234567" + luhn_check_digit("622202130001234567")
SHORT_CARD = "621700123456789" + luhn_check_digit("621700123456789")
USCC = "91340400111001234" + uscc_check_mark("91340400111001234")


def wide(text: str) -> str:
    return "".join(chr(ord(mark) + 0xFEE0) if mark.isascii() and mark.isalnum() else mark for mark in text)


FOUND = [
    ("id_card", ID, "34*************" + ID[-3:]),
    ("id_card", ID_X, "34*************" + ID_X[-3:]),
    ("id_card", ID_X.lower(), "34*************" + ID_X[-3:]),
    ("id_card", wide(ID), "34*************" + ID[-3:]),
    ("id_card", f"{ID[:6]} {ID[6:14]} {ID[14:]}", "34*************" + ID[-3:]),
    ("id_card", f"{ID[:6]}-{ID[6:14]}-{ID[14:]}", "34*************" + ID[-3:]),
    ("id_card", " ".join(ID), "34*************" + ID[-3:]),
    ("id_card", "\u00a0".join((ID[:6], ID[6:])), "34*************" + ID[-3:]),  # as web pages break it
    ("id_card", "340404900307101", "34**********101"),  # 15 digits, before 1999
    ("bank_card", CARD, "*" * 12 + CARD[-4:]),
    ("bank_card", SHORT_CARD, "*" * 12 + SHORT_CARD[-4:]),
    (
        "bank_card",
        " ".join(SHORT_CARD[place : place + 4] for place in (0, 4, 8, 12)),
        "*" * 12 + SHORT_CARD[-4:],
    ),
    ("bank_card", wide(CARD), "*" * 12 + CARD[-4:]),
    ("mobile", "13805541234", "138****1234"),
    ("mobile", "138 0554 1234", "138****1234"),
    ("mobile", "138-0554-1234", "138****1234"),
    ("mobile", "1380 554 1234", "138****1234"),
    ("mobile", "138\u30000554\u30001234", "138****1234"),
    ("mobile", wide("13805541234"), "138****1234"),
    ("mail", "zhang.san@example.com", "z***@example.com"),
    ("mail", "zhangsan＠example.com", "z***@example.com"),
    ("plate", "皖D12345", "皖D***45"),
    ("plate", "皖D·12345", "皖D****45"),
    ("plate", "皖DD12345", "皖D****45"),  # new energy
    ("address", "洛河村3组", "***"),
]


@pytest.mark.parametrize(("kind", "value", "masked"), FOUND)
def test_each_kind_is_found_at_its_place_and_masked(kind: str, value: str, masked: str) -> None:
    before = "大通区洛河镇" if kind == "address" else "张三，"
    [found] = find_personal_data(f"{before}{value}，发放500元")
    assert (found.kind, found.value, found.masked) == (kind, value, masked)
    assert (found.start, found.end) == (len(before), len(before) + len(value))


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("护照号码：E12345678。", "E12345678"),
        ("护照EA1234567", "EA1234567"),
        ("+86 13805541234", "13805541234"),
        ("8613805541234", "13805541234"),
        (f"1 {ID} 500", ID),  # beside other numbers of a table
        (f"12 340404 {CARD}", CARD),
        ("田家庵区民生街道安居小区3栋2单元501室", "安居小区3栋2单元501室"),
        ("户籍地：凤台县城关镇民生路8号", "民生路8号"),  # a house number where somebody lives
        ("大通区洛河镇洛河村第3组", "洛河村第3组"),
        ("大通区洛河镇民生路8号阳光小区3栋501室", "民生路8号阳光小区3栋501室"),
    ],
)
def test_what_stands_around_hides_nothing(text: str, value: str) -> None:
    assert [found.value for found in find_personal_data(text)] == [value]


def test_a_number_that_ends_an_address_is_found_by_itself() -> None:
    found = find_personal_data("大通区洛河镇洛河村3组13805541234")
    assert [each.kind for each in found] == ["address", "mobile"]


@pytest.mark.parametrize(
    "text",
    [
        ID[:17] + ("1" if ID[17] != "1" else "2"),  # wrong check digit
        CARD[:18] + str((int(CARD[18]) + 1) % 10),
        "340404199013401234",  # no such day
        "340404901340123",
        f"统一社会信用代码：{USCC}",
        "注册号：340404600101234",  # 15 digits of a business licence
        "淮府办〔2018〕18号",
        "0554-6652345",
        "（0554）6652345",
        "400-810-1234",
        "13805541234.56元",
        "13805541234元",
        "13805541234万元",
        "￥13805541234",
        "0.13805541234",
        "003003003/201801-00013",
        "11340400003017898F/2018-00012",
        "20180312134523",
        "1 3 0 0 0 0 0 0 0 0 0",  # a row of a table
        "12,345,678,901",
        "京A级景区12345",
        "天河区前进街道盛荟横街7号",  # an office
        "凤台县城关镇新建3号楼",
        "大通区洛河镇第3组督查人员",
        "大通区洛河镇120户",
        "地址：大通区洛河镇民生路8号305室",
    ],
)
def test_other_numbers_are_nobodys(text: str) -> None:
    assert find_personal_data(text) == []


@pytest.mark.parametrize(
    ("text", "public"),
    [
        ("咨询电话：13805541234", True),
        ("联系人：李明，13805541234", True),
        ("监督举报热线 13805541234", True),
        ("联系电话：0554-6652345，13805541234", True),
        ("服务对象张三13805541234", False),
        ("本人联系电话13805541234", False),
        ("家长联系方式：13805541234", False),
        ("张三 13805541234", False),
    ],
)
def test_a_contact_for_everybody_is_told_apart(text: str, public: bool) -> None:
    assert [found.public_contact for found in find_personal_data(text)] == [public]


PIECES = st.sampled_from([
    *(value for _, value, _ in FOUND), "大通区", "洛河镇", "3组", "护照E12345678", "联系电话", "：", " ", "-", "1", "86", "元",
    "姓名", "\n", "，", "@", "a", "*",
])  # fmt: skip
TEXTS = st.lists(PIECES | st.text("0123456789X １６镇区组室号@.a-", max_size=12), max_size=12).map("".join)


@given(TEXTS)
def test_places_are_right_and_in_order(text: str) -> None:
    found = find_personal_data(text)
    assert all(text[each.start : each.end] == each.value for each in found)
    assert all(one.end <= other.start for one, other in itertools.pairwise(found))


@given(TEXTS)
def test_masking_ends_with_nothing_to_find(text: str) -> None:
    for _ in range(len(text) + 1):
        found = find_personal_data(text)
        if not found:
            return
        assert len(mask(text, found)) >= len(text) - sum(each.end - each.start for each in found)
        text = mask(text, found)
    raise AssertionError("masking does not end")


@given(st.lists(st.sampled_from([value for kind, value, _ in FOUND if kind != "address"]), max_size=6))
def test_values_apart_are_all_gone_after_one_masking(values: list[str]) -> None:
    text = "，".join(values)
    found = find_personal_data(text)
    assert [each.value for each in found] == values
    assert find_personal_data(mask(text, found)) == []
