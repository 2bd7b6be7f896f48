"""Properties: a generated division that holds is never an error; one figure changed upwards always is."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal

from hypothesis import given, settings
from hypothesis import strategies as st

from mingzheng.measure.reportcheck import Result, check_lines
from mingzheng.measure.reportcheck.figures import rows_with_total, splits
from mingzheng.measure.reportcheck.lines import Line
from mingzheng.measure.reportcheck.rounding import Agreement, compare, percentage

KINDS = (
    "政策法规类",
    "规划计划类",
    "财政信息类",
    "人事信息类",
    "公告公示类",
    "工作动态类",
    "建议提案类",
    "重点领域类",
)
OPENINGS = (
    "{total}条,其中{parts}。",
    "{total}条。其中,{parts}。",
    "{total}条({parts})。",
    "{total}条,其中:{parts}。",
)
JOINTS = ("、", ",", ";")

parts = st.lists(st.integers(1, 9999), min_size=2, max_size=len(KINDS))


def level(result: Result) -> set[str]:
    return {finding.level for finding in result.findings}


def sentence(numbers: list[int], total: int, opening: str, joint: str) -> Result:
    listed = joint.join(f"{kind}{number}条" for kind, number in zip(KINDS, numbers, strict=False))
    return check_lines([Line("全年主动公开信息" + opening.format(total=total, parts=listed), "第1行")])


@given(parts, st.sampled_from(OPENINGS), st.sampled_from(JOINTS))
def test_a_division_that_holds_is_confirmed(numbers: list[int], opening: str, joint: str) -> None:
    result = sentence(numbers, sum(numbers), opening, joint)
    assert not level(result)
    assert any(claim.computed.endswith(f"={sum(numbers)}") for claim in result.confirmed)


@given(parts, st.sampled_from(OPENINGS), st.sampled_from(JOINTS), st.integers(1, 500))
def test_parts_that_exceed_the_total_are_an_error(
    numbers: list[int], opening: str, joint: str, excess: int
) -> None:
    total = sum(numbers) - min(
        excess, sum(numbers) // 2
    )  # an excess beyond the total itself is another matter
    running = [sum(numbers[:size]) for size in range(2, len(numbers) + 1)]
    if total not in running:  # a shorter list would hold
        assert "error" in level(sentence(numbers, total, opening, joint))


@given(parts, st.sampled_from(OPENINGS), st.sampled_from(JOINTS), st.integers(1, 500))
def test_a_shortfall_without_a_claim_to_be_complete_is_no_error(
    numbers: list[int], opening: str, joint: str, missing: int
) -> None:
    assert "error" not in level(sentence(numbers, sum(numbers) + missing, opening, joint))


@given(st.integers(1, 5000), st.integers(0, 5000), st.integers(0, 2))
def test_a_correctly_rounded_rate_is_confirmed_and_a_distant_one_is_an_error(
    done: int, rest: int, decimals: int
) -> None:
    total = done + rest
    place = Decimal(1).scaleb(-decimals)
    rate = percentage(Decimal(done), Decimal(total)).quantize(place, ROUND_HALF_UP)
    right = check_lines([Line(f"全年受理留言{total}条,已回复{done}条,回复率{rate}%。", "第1行")])
    assert not level(right)
    assert right.confirmed
    wrong = rate - 5 if rate > 5 else rate + 5
    assert "error" in level(
        check_lines([Line(f"全年受理留言{total}条,已回复{done}条,回复率{wrong}%。", "第1行")])
    )


@given(st.integers(1, 100_000), st.integers(1, 100_000), st.integers(0, 4))
def test_every_true_value_agrees_when_rounded(part: int, whole: int, decimals: int) -> None:
    true = percentage(Decimal(part), Decimal(whole))
    rounded = true.quantize(Decimal(1).scaleb(-decimals), ROUND_HALF_UP)
    assert compare(rounded, decimals, true) is Agreement.ROUNDED


@given(st.lists(st.integers(0, 3000), min_size=6, max_size=6))
def test_a_row_that_ran_together_can_be_read_back(numbers: list[int]) -> None:
    row = [*numbers, sum(numbers)]
    assert row in rows_with_total("".join(map(str, row)), 7)


@given(st.lists(st.integers(0, 999), min_size=1, max_size=4))
def test_the_true_reading_is_among_the_splits(numbers: list[int]) -> None:
    assert numbers in list(splits("".join(map(str, numbers)), len(numbers)))


@settings(max_examples=200)
@given(
    st.text(alphabet="一二三是其中占率条件0123456789.%,、。;:()〔〕《》年月日共计|\n增长比上", max_size=120)
)
def test_any_text_can_be_checked(text: str) -> None:
    check_lines([Line(line, f"第{number}行") for number, line in enumerate(text.split("\n"), start=1)])
