"""The processing fee: two progressive scales since 2021."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mingzheng.law.errors import Refusal
from mingzheng.law.fees import item_fee, page_fee

DAY = date(2021, 3, 1)


@pytest.mark.parametrize(
    ("items", "yuan"),
    [
        (0, 0),  # nothing asked
        (10, 0),  # the last free item
        (11, 100),  # the first that costs
        (12, 200),
        (30, 2000),  # the last at the first price
        (31, 2200),  # the first tier of ten
        (35, 3000),
        (40, 4000),  # the end of the first tier
        (41, 4300),  # the second tier costs 100 more per item
        (51, 7400),  # the third tier
    ],
)
def test_items_cost_more_the_more_are_asked(items: int, yuan: int) -> None:
    assert item_fee(items, DAY) == yuan


@pytest.mark.parametrize(
    ("pages", "yuan"),
    [
        (30, 0),  # the last free page
        (31, 10),  # the first that costs
        (100, 700),  # the end of the first price
        (150, 1700),
        (200, 2700),  # the end of the second price
        (201, 2740),  # the open band
        (250, 4700),
    ],
)
def test_pages_cost_more_the_more_are_asked(pages: int, yuan: int) -> None:
    assert page_fee(pages, DAY) == yuan


@given(st.integers(0, 300), st.integers(0, 300))
def test_items_of_one_month_cost_the_same_in_one_request_or_two(first: int, second: int) -> None:
    assert item_fee(first, DAY) + item_fee(second, DAY, earlier_this_month=first) == item_fee(
        first + second, DAY
    )


def item_price(item: int) -> int:
    return 0 if item <= 10 else 100 if item <= 30 else 200 + 100 * ((item - 31) // 10)


@given(st.integers(0, 500))
def test_the_fee_is_the_sum_of_the_price_of_each_item(items: int) -> None:
    assert item_fee(items, DAY) == sum(item_price(item) for item in range(1, items + 1))


def test_no_fee_could_be_charged_before_2021() -> None:
    with pytest.raises(Refusal, match="2021-01-01"):
        item_fee(12, date(2020, 12, 31))


def test_negative_numbers_are_refused() -> None:
    with pytest.raises(Refusal, match="第四条"):
        item_fee(-1, DAY)
    with pytest.raises(Refusal, match="第五条"):
        page_fee(-1, DAY)
