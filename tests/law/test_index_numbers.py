"""Index numbers: the forms that are accepted, and a city's own pattern."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mingzheng.law.errors import Refusal
from mingzheng.law.index_numbers import (
    MONTHLY,
    NATIONAL,
    IndexPattern,
    is_index_number,
    parse_index_number,
)


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("000014349/2018-00222", ("000014349", 2018, None, 222)),  # the national form, 20 characters
        ("003110926/201510-00216", ("003110926", 2015, 10, 216)),  # a province that numbers by month
        ("MJ00101180200/201806-50492", ("MJ00101180200", 2018, 6, 50492)),  # letters in the code
        ("11441700007280420Y/2021-00050", ("11441700007280420Y", 2021, None, 50)),  # an 18-character code
        ("003110926/2015-0216", ("003110926", 2015, None, 216)),  # four digits are in use
    ],
)
def test_forms_in_use_are_read(text: str, parts: tuple[str, int, int | None, int]) -> None:
    number = parse_index_number(text)
    assert (number.code, number.year, number.month, number.serial) == parts
    assert is_index_number(text)


@pytest.mark.parametrize(
    "text",
    [
        "000014349/1818-00222",  # a year before any such number
        "003110926/201513-00216",  # no thirteenth month
        "00001434-9/2018-00222",  # the hyphen of the code must be dropped
        "0014/2018-00222",  # the code is too short
        "000014349/2018-222",  # the serial is too short
        "000014349/2018-00222 ",  # a trailing space
        "\uff10\uff10\uff10\uff10\uff11\uff14\uff13\uff14\uff19/2018-00222",  # full-width digits
        "",  # nothing at all
    ],
)
def test_other_forms_are_refused(text: str) -> None:
    assert not is_index_number(text)
    with pytest.raises(Refusal, match="索引号"):
        parse_index_number(text)


@pytest.mark.parametrize(
    ("pattern", "texts", "number", "period"),
    [
        (NATIONAL, {"code": "000014349"}, "000014349/2018-00222", "2018"),  # counts by year
        (
            MONTHLY,
            {"code": "00311092-6"},
            "003110926/201807-00222",
            "201807",
        ),  # counts by month; hyphen dropped
        ("{class}-{year}-{serial:04}", {"class": "a01"}, "A01-2018-0222", "2018"),  # by class of information
        (
            "{region}+{code}-{class}-{year}-{serial:06}",  # region and department in front
            {"region": "3406", "code": "003110926", "class": "02"},
            "3406+003110926-02-2018-000222",
            "2018",
        ),
    ],
)
def test_a_city_writes_and_reads_its_own_pattern(
    pattern: str, texts: dict[str, str], number: str, period: str
) -> None:
    own = IndexPattern(pattern)
    day = date(2018, 7, 9)
    assert own.format(day, 222, **texts) == number
    assert own.parse(number).serial == 222
    assert own.accepts(number)
    assert not own.accepts(number + "0")
    assert own.period_key(day) == period


@given(
    st.from_regex(r"[0-9A-Z]{5,18}", fullmatch=True),
    st.dates(date(1990, 1, 1), date(2099, 12, 31)),
    st.integers(1, 99999),
    st.sampled_from([NATIONAL, MONTHLY]),
)
def test_what_is_written_is_read_back(code: str, day: date, serial: int, pattern: str) -> None:
    own = IndexPattern(pattern)
    number = own.format(day, serial, code=code)
    for read in (own.parse(number), parse_index_number(number)):
        assert (read.code, read.year, read.serial) == (code, day.year, serial)
        assert read.month in (None, day.month)


@pytest.mark.parametrize(
    ("pattern", "reason"),
    [
        ("{code}/{year}", "serial"),  # numbers would repeat
        ("{code}/{serial:05}", "year"),  # no period to count in
        ("{code}/{year}-{year}-{serial:05}", "重复"),  # the same field twice
        ("{code}{class}/{year}-{serial:05}", "分隔符"),  # could not be taken apart
        ("{code:09}/{year}-{serial:05}", "不是数字"),  # a text has no width
        ("{code}/{year:02}-{serial:05}", "4位"),  # years have four digits
        ("{code}/{year}-{serial:5}", "有误"),  # widths are written with a zero
    ],
)
def test_a_faulty_pattern_is_refused(pattern: str, reason: str) -> None:
    with pytest.raises(Refusal, match=reason):
        IndexPattern(pattern)


@pytest.mark.parametrize(
    ("serial", "texts", "reason"),
    [
        (100000, {"code": "000014349"}, "超出"),  # the counter is exhausted
        (0, {"code": "000014349"}, "超出"),  # serials start at one
        (1, {"code": "市政府"}, "不合规则"),  # not capital letters and digits
        (1, {"code": "12"}, "不合规则"),  # too short for an organisation
        (1, {}, "code"),  # the code is missing
        (1, {"code": "000014349", "class": "A"}, "class"),  # a field that the pattern does not have
    ],
)
def test_a_number_that_breaks_the_pattern_is_not_written(
    serial: int, texts: dict[str, str], reason: str
) -> None:
    with pytest.raises(Refusal, match=reason):
        IndexPattern(NATIONAL).format(date(2018, 7, 9), serial, **texts)


def test_a_number_of_another_pattern_is_refused() -> None:
    with pytest.raises(Refusal, match="不合本市规则"):
        IndexPattern(MONTHLY).parse("000014349/2018-00222")
