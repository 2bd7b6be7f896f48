"""The unit tree: one root, codes once, history kept."""

from __future__ import annotations

from datetime import date

import pytest
from django.core.exceptions import ValidationError

from mingzheng.city import services
from mingzheng.city.models import OutboxEvent, TierGroup, Unit
from mingzheng.law.errors import Refusal


def test_a_unit_knows_its_way_up_and_what_is_below_it(city):
    assert city.units["qingshui"].path == "city/hexi/qingshui"
    below = Unit.objects.under(city.units["hexi"]).values_list("code", flat=True)
    assert sorted(below) == ["hexi", "hexi-czj", "qingshui"]


def test_a_county_department_counts_with_its_county_and_a_town_with_the_towns(city):
    assert city.units["czj"].group == TierGroup.CITY
    assert city.units["hexi-czj"].group == TierGroup.COUNTY
    assert city.units["qingshui"].group == TierGroup.TOWN


def test_a_second_root_is_refused(city):
    with pytest.raises(Refusal, match="只能有一个顶级单位"):
        services.create_unit(
            None,
            code="x",
            org_code="x",
            name="另一市",
            short_name="x",
            tier="T1",
            active_from=date(2018, 1, 1),
        )


def test_a_code_is_given_once_and_is_fit_for_addresses(city):
    for code in ("czj", "财政局", "a b", "../x"):
        with pytest.raises(ValidationError):
            services.create_unit(
                None, code=code, parent=city.units["city"], org_code=f"{code}1", name="某局", short_name="某局",
                tier="T2", active_from=date(2018, 1, 1),
            )  # fmt: skip


def test_a_merged_unit_ends_on_its_day_and_names_its_successor(city):
    merged, successor = city.units["daj"], city.units["czj"]
    services.retire_unit(None, merged, on=date(2018, 6, 1), successor=successor)
    assert merged in Unit.objects.active(date(2018, 5, 31))
    assert merged not in Unit.objects.active(date(2018, 6, 1))
    assert list(successor.predecessors.all()) == [merged]
    assert OutboxEvent.objects.filter(topic="unit.changed", payload__unit_id=merged.pk).count() == 2


@pytest.mark.parametrize(
    ("on", "successor", "rule"),
    [(date(2015, 1, 1), "czj", "不晚于设立日期"), (date(2018, 1, 1), "daj", "不能以自己为承继单位")],
)
def test_an_impossible_end_is_refused(city, on, successor, rule):
    with pytest.raises(Refusal, match=rule):
        services.retire_unit(None, city.units["daj"], on=on, successor=city.units[successor])


def test_a_code_that_nobody_has_is_named(city):
    with pytest.raises(Refusal, match="“nobody”"):
        services.unit_by_code("nobody")
