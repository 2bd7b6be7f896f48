"""Numbers are divided exactly, near their quotas, within their bounds."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mingzheng.demo.apportion import apportion

weights = st.lists(st.floats(0.01, 1000), min_size=1, max_size=30)


@given(st.integers(0, 100_000), weights)
def test_the_parts_add_up_and_keep_within_one_of_their_quota(total: int, shares: list[float]) -> None:
    parts = apportion(total, shares)
    assert sum(parts) == total
    whole = sum(shares)
    for part, share in zip(parts, shares, strict=True):
        assert abs(part - total * share / whole) < 1.000001


@given(weights, st.data())
def test_bounds_hold(shares: list[float], data: st.DataObject) -> None:
    least = data.draw(st.lists(st.integers(0, 5), min_size=len(shares), max_size=len(shares)))
    most = [low + data.draw(st.integers(0, 9)) for low in least]
    total = data.draw(st.integers(sum(least), sum(most)))
    parts = apportion(total, shares, least=least, most=most)
    assert sum(parts) == total
    assert all(low <= part <= high for low, part, high in zip(least, parts, most, strict=True))


def test_a_weightless_part_gets_nothing() -> None:
    assert apportion(7, [1.0, 0.0, 1.0]) == [4, 0, 3]


@pytest.mark.parametrize(
    ("total", "least", "most"),
    [
        (5, None, [2, 2]),  # more than all parts may take
        (1, [1, 1], None),  # less than is promised
    ],
)
def test_impossible_bounds_are_an_error(total: int, least: list[int] | None, most: list[int] | None) -> None:
    with pytest.raises(ValueError, match="cannot be divided"):
        apportion(total, [1.0, 1.0], least=least, most=most)
