"""Any spelling of a document number becomes the one of GB/T 9704-2012, and every change is told."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mingzheng.law.doc_numbers import RESTORED, SPELLING, parse_doc_numbers


def one(text):
    (number,) = parse_doc_numbers(text)
    return number


def codes(number):
    return {repair.code for repair in number.repairs}


CANONICAL = [
    "淮政办〔2018〕18号",
    "办〔2016〕75号",  # a code of one character
    "渝府令〔2014〕283号",  # 令 inside a code keeps the form of a code
    "冀政公告〔2015〕3号",  # so does 公告
    "闽建办法函〔2015〕11号",  # 办法 inside a code is not the end of a title
    "明电通知〔2018〕3号",  # even when nothing stands after it
    "沪大数据发〔2020〕3号",  # nor is 据 a word of a sentence
    "闽政〔1992〕综278号",  # a series between year and serial
    "国务院令第711号",
    "市政府令第51号",
    "渝府令第283号",
    "财政部公告2015年第5号",
    "财政部、税务总局公告2019年第39号",  # one number of two bodies
    "云南省第八届人民代表大会常务委员会公告第23号",  # the term of a congress is no serial
]


@pytest.mark.parametrize("text", CANONICAL)
def test_canonical_spelling_is_exact(text):
    number = one(text)
    assert (number.normal, number.status, number.repairs, number.raw) == (text, "exact", (), text)


SPELLINGS = [
    ("淮政办﹝2018﹞18号", "淮政办〔2018〕18号", "brackets"),  # small brackets of older fonts
    ("淮政办【2018】18号", "淮政办〔2018〕18号", "brackets"),
    ("淮政办《2018》18号", "淮政办〔2018〕18号", "brackets"),
    ("淮政办(2018〕18号", "淮政办〔2018〕18号", "brackets"),  # a pair that does not match
    ("淮政办〔２０１８〕１８号", "淮政办〔2018〕18号", "width"),
    (" 淮政办 [2018 ]18 号\u3000", "淮政办〔2018〕18号", "spaces"),
    ("淮政办\u200b〔2018〕18号", "淮政办〔2018〕18号", "spaces"),  # a zero-width space from a web page
    ("发文字号:淮政办〔2018〕18号", "淮政办〔2018〕18号", "label"),
    ("【文号】淮政办〔2018〕18号", "淮政办〔2018〕18号", "label"),
    ("发文机关:市政府 发文字号:淮政办〔2018〕18号", "淮政办〔2018〕18号", "label"),
    ("淮政办〔2018〕018号", "淮政办〔2018〕18号", "leading-zero"),
    ("淮政办字〔2018〕第18号", "淮政办字〔2018〕18号", "ordinal"),
    ("淮政办〔二〇一八〕十八号", "淮政办〔2018〕18号", "numerals"),
    ("淮政办〔2018〕18号文件", "淮政办〔2018〕18号", "suffix-word"),
    ("?淮政办[2018]18号", "淮政办〔2018〕18号", "stray"),
    ("淮政办[]2018]]18号", "淮政办〔2018〕18号", "stray"),
    ("〔淮政办〔2018〕18号〕", "淮政办〔2018〕18号", "stray"),  # the citation's brackets came along
    ("沪水务[海洋]〔2015〕5号", "沪水务（海洋）〔2015〕5号", "inner-brackets"),
    ("[1993]财工61号", "财工〔1993〕61号", "order"),  # older numbering puts the year first
    ("京办发1993年20号", "京办发〔1993〕20号", "brackets"),
    ("关于做好工作的通知(国办发〔2018〕42号)", "国办发〔2018〕42号", "leading-text"),
    ("国办发〔2018〕42号(已废止)", "国办发〔2018〕42号", "trailing-text"),
    ("上海市人民政府第21号令", "上海市人民政府令第21号", "order"),
    ("上海市人民政府令[第34号]", "上海市人民政府令第34号", "brackets"),
    ("上海市政府令第34号", "上海市人民政府令第34号", "agency-name"),
    ("市人民政府令第34号", "市政府令第34号", "agency-name"),  # without a place the short form stands
    ("省政府令第八号", "省政府令第8号", "numerals"),
    ("中华人民共和国国务院令第711号", "国务院令第711号", "agency-name"),
    ("国令第711号", "国务院令第711号", "agency-name"),  # the State Council's own web label
    ("中华人民共和国西安海关公告2015年第8号", "西安海关公告2015年第8号", "agency-name"),
    ("浙江省宁波市地方税务局公告[2015]第1号", "宁波市地方税务局公告2015年第1号", "brackets"),
    ("江门海关公告〔2015〕7号", "江门海关公告2015年第7号", "brackets"),  # a body in full, not a code
    ("财政部 税务总局公告2019年第39号", "财政部、税务总局公告2019年第39号", "separator"),
    ("某市人大常委会公告[8届]第二十七号", "某市人民代表大会常务委员会公告〔八届〕第27号", "agency-name"),
    ("环境保护部2017年第81号", "环境保护部2017年第81号", "genre-missing"),  # 令 or 公告: stays open
    ("〔2018〕18号", "〔2018〕18号", "agency-missing"),
    ("国发〔2018〕3-5号", "国发〔2018〕3-5号", "sub-number"),  # may be a range: never merged with 3号
]


@pytest.mark.parametrize(("text", "normal", "code"), SPELLINGS)
def test_spelling_is_normalised_and_told(text, normal, code):
    number = one(text)
    assert (number.normal, number.status) == (normal, "normalised")
    assert code in codes(number) <= SPELLING.keys()


LOSSES = [
    ("淮政办秘〔2018108号", "淮政办秘〔2018〕108号", "right-bracket-lost"),
    ("办〔201675号", "办〔2016〕75号", "right-bracket-lost"),
    ("锡政规[20151号", "锡政规〔2015〕1号", "right-bracket-lost"),  # not a misread bracket: serial 1
    ("淮政办2018〕18号", "淮政办〔2018〕18号", "left-bracket-lost"),
    ("闽政外秘201532号", "闽政外秘〔2015〕32号", "brackets-lost"),
    ("淄知字2015-36号", "淄知字〔2015〕36号", "brackets-lost"),
    ("淮政办〔2018〕18", "淮政办〔2018〕18号", "mark-lost"),
    ("粤府[92]130号", "粤府〔1992〕130号", "year-short"),
    ("北京市人民政府令[94年第16号]", "北京市人民政府令1994年第16号", "year-short"),
    ("淮政办〔2O18〕18号", "淮政办〔2018〕18号", "ocr-digit"),  # the letter O
    ("芜湖市人民政府令56号", "芜湖市人民政府令第56号", "ordinal-lost"),
    ("上海市人民政府第23号", "上海市人民政府令第23号", "genre-lost"),
    ("国家税务总局2018年第12号", "国家税务总局公告2018年第12号", "genre-lost"),
    ("财政部公告2015第5号", "财政部公告2015年第5号", "year-mark-lost"),
    (
        "江苏省财政厅江苏省商务厅公告2015年第7号",
        "江苏省财政厅、江苏省商务厅公告2015年第7号",
        "agency-separator-lost",
    ),
]


@pytest.mark.parametrize(("text", "normal", "code"), LOSSES)
def test_loss_is_repaired_and_never_silent(text, normal, code):
    number = one(text)
    assert (number.normal, number.status) == (normal, "repaired")
    assert code in codes(number)
    assert code in RESTORED


UNREADABLE = [
    ("内司通〔2015〕号", "no-serial"),
    ("国发2015号", "no-serial"),  # a year alone, or a serial without a year: nobody can tell
    ("国发〔2018〕0号", "zero-serial"),
    ("国发〔2105〕3号", "bad-year"),
    ("国发〔201号", "bad-year"),  # neither 第201号 nor 〔2001〕: nothing is guessed
    ("国发[201]5号", "bad-year"),  # a digit of the year is lost; 5 may belong to it
    ("(2018)皖0104民初123号", "case-number"),
    ("暂无", "no-number"),
]


@pytest.mark.parametrize(("text", "code"), UNREADABLE)
def test_unreadable_text_is_kept_with_a_reason(text, code):
    number = one(text)
    assert (number.status, number.raw, number.serial) == ("unparsed", text, None)
    assert [repair.code for repair in number.repairs] == [code]
    assert number.repairs[0].message


SEVERAL = [
    ("苏农开〔2015〕12号、苏财农发〔2015〕71号", ["苏农开〔2015〕12号", "苏财农发〔2015〕71号"]),
    ("国发〔2018〕3号 国办发[2018]4号", ["国发〔2018〕3号", "国办发〔2018〕4号"]),
    ("粤府[1994]150 粤财[1994]3", ["粤府〔1994〕150号", "粤财〔1994〕3号"]),  # both lost 号
    ("浙劳险[1993]40号、[1993]财工61号", ["浙劳险〔1993〕40号", "财工〔1993〕61号"]),
    ("浙劳险〔1994〕122号〔1994〕、财工64号", ["浙劳险〔1994〕122号", "财工〔1994〕64号"]),  # 、 misplaced
    ("国发〔2018〕3号、4号", ["国发〔2018〕3号", "国发〔2018〕4号"]),  # the second inherits
]


@pytest.mark.parametrize(("text", "normals"), SEVERAL)
def test_joint_issue_gives_every_number(text, normals):
    assert [number.normal for number in parse_doc_numbers(text)] == normals


def test_what_is_not_understood_in_a_joint_field_is_reported():
    assert [number.status for number in parse_doc_numbers("国发〔2018〕3号、国办发〔2018〕")] == [
        "exact",
        "unparsed",
    ]


DIFFERENT = [
    ("淮政办〔2018〕18号", "淮政办秘〔2018〕18号"),  # another series of the same office
    ("淮政办〔2018〕18号", "淮政办〔2018〕180号"),
    ("淮政办〔2018〕18号", "淮政办〔2017〕18号"),
    ("冀价管字〔2015〕1号", "冀价管〔2015〕1号"),  # 字 is part of the code
    ("榕安监一〔2015〕3号", "榕安监三〔2015〕3号"),
    ("沪水务[海洋]〔2015〕5号", "沪水务〔2015〕5号"),
    ("某局公告2015年第5号", "某局通告2015年第5号"),  # two genres count apart
    ("国发〔2018〕3号", "国发〔2018〕3号之一"),
    ("北京市人民政府令第5号", "北京市人民政府令1993年第5号"),
    ("江苏省市场监督管理局公告2015年第5号", "市场监督管理局公告2015年第5号"),  # 省 drops before a city only
]


@pytest.mark.parametrize(("one_text", "other"), DIFFERENT)
def test_different_numbers_stay_different(one_text, other):
    assert one(one_text).normal != one(other).normal


def test_range_is_not_taken_for_two_numbers():
    assert [number.status for number in parse_doc_numbers("国发〔2018〕18号至20号")] == ["exact", "unparsed"]


def test_blank_field_holds_no_number():
    assert parse_doc_numbers(" \u3000") == []


def test_parts_of_a_number():
    number = one("皖政办秘[2017]0188号")
    assert (number.agency, number.year, number.serial, number.form) == ("皖政办秘", 2017, 188, "code")


# --- properties -----------------------------------------------------------------------------------

agencies = st.sampled_from(
    ["淮政办", "淮政办秘", "国发", "皖政办秘", "办", "京三产", "沪府规", "琼银监（琼海）许可"]
)
years = st.integers(1950, 2099)
serials = st.integers(1, 99999)
brackets = st.sampled_from(
    ["〔〕", "[]", "［］", "【】", "()", "（）", "﹝﹞", "〈〉", "<>", "{}", "《》", "〖〗"]
)
spaces = st.sampled_from(["", "", " ", "\u3000", "\u00a0", "\u200b", " \t"])
WIDE = {ord("0") + digit: 0xFF10 + digit for digit in range(10)}  # full-width digits


@given(
    agencies, years, serials, brackets, st.lists(spaces, min_size=6, max_size=6), st.booleans(), st.booleans()
)
def test_any_brackets_spaces_and_widths_are_one_number(agency, year, serial, pair, gap, wide, ordinal):
    digits = f"{serial:03d}" if ordinal else str(serial)
    year_text = str(year)
    if wide:
        digits, year_text = digits.translate(WIDE), year_text.translate(WIDE)
    text = f"{gap[0]}{agency}{gap[1]}{pair[0]}{gap[2]}{year_text}{pair[1]}{gap[3]}{'第' * ordinal}{digits}{gap[4]}号{gap[5]}"
    number = one(text)
    assert number.normal == f"{agency}〔{year}〕{serial}号"
    assert number.status in ("exact", "normalised")


@given(agencies, years, serials)
def test_lost_right_bracket_splits_after_four_digits(agency, year, serial):
    number = one(f"{agency}〔{year}{serial}号")
    assert (number.normal, number.status) == (f"{agency}〔{year}〕{serial}号", "repaired")


pieces = st.lists(
    st.sampled_from(
        [*"〔〕[]()第号年令、,0123456789二〇一五十届之文件 \u3000-《》", "公告", "淮政办", "人民政府", "2018"]
    ),
    max_size=20,
).map("".join)


@given(st.one_of(st.text(max_size=60), pieces))
def test_no_text_crashes_and_a_canonical_spelling_is_a_fixed_point(text):
    for number in parse_doc_numbers(text):
        if number.status != "unparsed":
            assert one(number.normal).normal == number.normal
        if number.status != "exact":
            assert number.repairs
            assert all(repair.message for repair in number.repairs)
