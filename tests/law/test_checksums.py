"""Check digits: true codes pass, and one wrong or swapped character does not."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mingzheng.law import checksums as check

USCC_MARKS = "0123456789ABCDEFGHJKLMNPQRTUWXY"
FIRST_17 = st.from_regex(r"11010519[4-9][0-9]0[1-9]1[0-9]{4}", fullmatch=True)
USCC_17 = st.from_regex(rf"[1-9]1[0-9]{{6}}[{USCC_MARKS}]{{9}}", fullmatch=True)


@pytest.mark.parametrize(
    ("text", "valid"),
    [
        ("11010519491231002X", True),  # the example of the standard
        ("11010519491231002x", True),  # people write a small x
        ("110105194912310021", False),  # wrong check mark
        ("11010519490231002X", False),  # no 31 February
        ("99010519491231002X", False),  # no such region
        ("1101051949123100", False),  # too short
        ("11010529990101001" + check.id_card_check_digit("11010529990101001"), False),  # born in the future
        ("11010519491231002X ", False),  # a trailing space is not part of the number
        ("", False),  # nothing at all
    ],
)
def test_citizen_numbers(text: str, valid: bool) -> None:
    assert check.is_id_card(text) is valid


@pytest.mark.parametrize(
    ("text", "valid"),
    [
        ("91350100M000100Y43", True),  # the example of the standard
        ("91350100m000100y43", True),  # small letters
        ("91350100M000100Y44", False),  # wrong check mark
        ("9135O100M000100Y43", False),  # the letter O is never used
        ("91350100M000100Y4", False),  # too short
    ],
)
def test_unified_social_credit_codes(text: str, valid: bool) -> None:
    assert check.is_uscc(text) is valid


@pytest.mark.parametrize(
    ("text", "valid"),
    [
        ("D2143569-X", True),  # with its hyphen and the mark X
        ("D2143569X", True),  # as index numbers write it
        ("M000100Y4", True),  # letters inside
        ("D2143569-1", False),  # wrong check mark
        ("D214356-X", False),  # too short
    ],
)
def test_organisation_codes(text: str, valid: bool) -> None:
    assert check.is_organisation_code(text) is valid


@pytest.mark.parametrize(
    ("text", "valid"),
    [
        ("79927398713", True),  # the usual example
        ("79927398710", False),  # wrong check digit
        ("7992-7398", False),  # only digits
        ("0", False),  # a single digit checks nothing
    ],
)
def test_luhn_numbers(text: str, valid: bool) -> None:
    assert check.is_luhn(text) is valid


@given(FIRST_17, st.integers(0, 16), st.integers(1, 9))
def test_one_wrong_digit_of_a_citizen_number_is_found(first: str, place: int, shift: int) -> None:
    number = first + check.id_card_check_digit(first)
    wrong = number[:place] + str((int(number[place]) + shift) % 10) + number[place + 1 :]
    assert check.is_id_card(number)
    assert not check.is_id_card(wrong)


@given(USCC_17, st.integers(0, 16), st.integers(1, 30))
def test_one_wrong_mark_of_a_credit_code_is_found(first: str, place: int, shift: int) -> None:
    code = first + check.uscc_check_mark(first)
    mark = USCC_MARKS[(USCC_MARKS.index(code[place]) + shift) % 31]
    assert check.is_uscc(code)
    assert not check.is_uscc(code[:place] + mark + code[place + 1 :])


@given(st.from_regex(r"[0-9A-Z]{8}", fullmatch=True))
def test_the_check_mark_completes_an_organisation_code(first: str) -> None:
    assert check.is_organisation_code(first + check.organisation_check_mark(first))


@given(st.from_regex(r"[0-9]{15}", fullmatch=True))
def test_the_check_digit_completes_a_luhn_number(digits: str) -> None:
    assert check.is_luhn(digits + check.luhn_check_digit(digits))
