"""Every figure of the plan is exact at both scales, by construction."""

from collections import Counter

import pytest

from mingzheng.demo.figures import GROUPS, ROLES, wanted
from mingzheng.demo.plan import NEWS, Plan, is_own_interpretation, make_plan
from mingzheng.demo.structure import units
from mingzheng.demo.texts import kinds

EVERY = [(year, scale) for year in (2017, 2018) for scale in ("small", "full")]


@pytest.fixture(scope="module", params=EVERY, ids=lambda each: f"{each[0]}-{each[1]}")
def plan(request: pytest.FixtureRequest) -> Plan:
    return make_plan(*request.param)


def test_items_of_each_level_are_exact(plan: Plan) -> None:
    counts: Counter[str] = Counter()
    for cell in plan.cells:
        counts[cell.unit.group] += cell.count
    assert counts == plan.wanted.items


def test_interpretations_are_exact(plan: Plan) -> None:
    for group in GROUPS:
        told = plan.wanted.interpretations[group]
        cells = [cell for cell in plan.cells if cell.unit.group == group]
        superior = [cell.count for cell in cells if cell.route.kind == "interpretation_superior"]
        own = [cell for cell in cells if is_own_interpretation(cell.route)]
        leader = [cell.count for cell in own if cell.route.column.role == "leader_interpretation"]
        assert (sum(superior), sum(cell.count for cell in own), sum(leader)) == (
            told.superior,
            told.own,
            told.leader,
        )


@pytest.mark.parametrize("figure", ROLES)
def test_figures_by_role_are_exact_in_the_city_group(plan: Plan, figure: str) -> None:
    found = sum(
        cell.count
        for cell in plan.cells
        if cell.unit.group == "city" and cell.route.roles & set(ROLES[figure])
    )
    assert found == plan.wanted.city_columns[figure]


def test_months_add_up_and_new_columns_wait_for_their_day(plan: Plan) -> None:
    for cell in plan.cells:
        if is_own_interpretation(cell.route):
            assert cell.months == ()
            continue
        assert sum(cell.months) == cell.count
        since = cell.route.column.effective_from
        if since.year == plan.wanted.year:
            assert not any(cell.months[: since.month - 1])
        assert since.year <= plan.wanted.year


def test_every_unit_and_every_kind_has_items(plan: Plan) -> None:
    assert {cell.unit.code for cell in plan.cells if cell.route.column.code == NEWS} == {
        unit.code for unit in units()
    }
    missing = set(kinds()) - {cell.route.kind for cell in plan.cells} - {"none"}
    # Land is traded in columns that came with 2018.
    assert missing <= (
        {"land_supply", "project", "credit", "field_policy"} if plan.wanted.year == 2017 else set()
    )


def test_a_unit_writes_only_in_columns_of_its_tier(plan: Plan) -> None:
    assert all(cell.unit.tier in cell.route.column.tiers for cell in plan.cells)


def test_the_figures_of_2018_are_those_of_the_report() -> None:
    figures = wanted(2018, "full")
    assert figures.total == 112_304
    told = figures.interpretations
    assert sum(each.superior + each.own for each in told.values()) == 1_860
    assert (told["city"].superior, told["city"].own) == (110, 238)
    assert sum(each.leader for each in told.values()) == 31
    growth = {
        group: round((figures.items[group] / wanted(2017, "full").items[group] - 1) * 100, 2)
        for group in GROUPS
    }
    assert growth == {"city": 10.57, "county": 13.74, "town": 4.50}
    assert [(each.number, each.participants) for each in figures.meetings] == [(15, 3), (16, 4)]


def test_the_plan_is_the_same_every_time() -> None:
    assert make_plan(2018, "small") == make_plan(2018, "small")
