"""Which columns a unit has on a day, and how they change."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from mingzheng.city.services import NotAllowed
from mingzheng.law.errors import Refusal
from mingzheng.publish.catalogue import services, standards
from mingzheng.publish.catalogue.models import CatalogueChange, Column
from mingzheng.publish.catalogue.services import CatalogueView, column_by_code

NOW = date(2019, 1, 1)


def flat(nodes):
    return [each for node in nodes for each in (node, *flat(node.children))]


def shown(city, unit, on=NOW):
    return {node.column.code for node in flat(CatalogueView().tree(city.units[unit], on))}


def new_spec(**changes):
    [spec] = [spec for spec in standards.load_columns() if spec.code == "TZ01"]
    return replace(spec, role=None, **changes)


@pytest.mark.parametrize("unit", ["city", "czj", "daj", "hexi", "hexi-czj", "qingshui"])
def test_a_unit_shows_the_columns_of_its_tier(catalogue, unit):
    tier = catalogue.units[unit].tier
    expected = {column.code for column in standards.for_tier(standards.columns_on(NOW), tier)}
    assert shown(catalogue, unit) == expected


def test_the_database_holds_the_tree_that_the_files_describe(catalogue):
    stored = {c.code: (c.name, c.level, c.parent and c.parent.code, c.tiers) for c in Column.objects.all()}
    expected = {c.code: (c.name, c.level, c.parent, list(c.tiers)) for c in standards.columns_on(NOW)}
    assert stored == expected


def test_the_year_counts_what_was_added_and_adjusted_never_the_first_loading(catalogue):
    of_year = CatalogueChange.objects.filter(on__year=2018)
    assert of_year.filter(kind="added").count() == 115
    assert of_year.filter(kind="adjusted").count() == 14
    assert not of_year.filter(kind="initial").exists()


def test_a_column_added_to_a_tier_reaches_all_its_units_from_its_day(catalogue):
    office = catalogue.people["office"]
    spec = new_spec(code="TZ09", name="招聘启事", tiers=("T2", "T3"))
    services.add_column(office, spec, on=date(2018, 9, 1), reason="集中发布招聘信息")
    for unit, has in {"czj": True, "daj": True, "city": False, "qingshui": False}.items():
        assert ("TZ09" in shown(catalogue, unit)) is has
        assert "TZ09" not in shown(catalogue, unit, date(2018, 8, 31))


def test_a_unit_adds_renames_and_hides_columns_for_itself_alone(catalogue):
    signer, unit = catalogue.people["czj-signer"], catalogue.units["czj"]
    services.add_column(
        signer, new_spec(code="TZ08", name="财政要闻"), on=date(2018, 9, 1), reason="本级需要", owner=unit
    )
    services.adjust_for_unit(
        signer,
        unit,
        column_by_code("TZ01"),
        kind="rename",
        name="财政公告",
        on=date(2018, 9, 1),
        reason="习惯名称",
    )
    services.adjust_for_unit(
        signer, unit, column_by_code("DT"), kind="hide", on=date(2018, 9, 1), reason="并入通知公告"
    )
    view = CatalogueView()
    assert view.name_of(unit, column_by_code("TZ01"), NOW) == "财政公告"
    assert view.name_of(unit, column_by_code("TZ01"), date(2018, 8, 31)) != "财政公告"
    assert view.name_of(catalogue.units["daj"], column_by_code("TZ01"), NOW) != "财政公告"
    assert "TZ08" in shown(catalogue, "czj")
    assert "TZ08" not in shown(catalogue, "daj")
    below = {code for code in shown(catalogue, "daj") if code.startswith("DT")}
    assert below
    assert not below & shown(catalogue, "czj"), "what hangs below a hidden column is hidden with it"


def test_a_moved_column_takes_its_branch_along_and_keeps_its_code(catalogue):
    office, column, parent = catalogue.people["office"], column_by_code("CZ01"), column_by_code("ZD01")
    depths = {c.code: c.level for c in Column.objects.filter(parent=column)}
    services.adjust_column(office, column, on=date(2018, 9, 1), fields={"parent": "ZD01"}, reason="归并")
    column.refresh_from_db()
    assert (column.code, column.parent, column.level) == ("CZ01", parent, parent.level + 1)
    assert depths
    for code, level in depths.items():
        assert column_by_code(code).level == level + parent.level - 1
    change = CatalogueChange.objects.filter(column=column).last()
    assert change.details == {"before": {"parent": "CZ"}, "after": {"parent": "ZD01"}}


def test_a_column_never_hangs_below_itself(catalogue):
    with pytest.raises(Refusal, match="不能移到自己的下级"):
        services.adjust_column(
            catalogue.people["office"], column_by_code("CZ"), on=NOW, fields={"parent": "CZ01"}, reason="误"
        )


@pytest.mark.parametrize(
    ("act", "rule"),
    [
        (lambda c: services.load_standard(None), "公开目录已经建立"),
        (lambda c: services.add_column(c.people["office"], new_spec(code="TZ01"), on=NOW, reason="x"), "已被使用"),
        (lambda c: services.adjust_column(c.people["office"], column_by_code("TZ"), on=NOW, fields={}, reason=""), "没有写明调整什么"),
        (lambda c: services.adjust_column(c.people["office"], column_by_code("TZ"), on=NOW, fields={"code": "X"}, reason=""), "code"),
        (lambda c: services.adjust_for_unit(c.people["czj-signer"], c.units["czj"], column_by_code("TZ"), kind="hide", on=NOW, reason=" "), "须写明理由"),
        (lambda c: services.adjust_for_unit(c.people["czj-signer"], c.units["czj"], column_by_code("TZ"), kind="rename", on=NOW, reason="x"), "须填写本级名称"),
        (lambda c: column_by_code("NONE"), "“NONE”"),
    ],
)  # fmt: skip
def test_what_breaks_a_rule_is_refused_by_name(catalogue, act, rule):
    with pytest.raises(Refusal, match=rule):
        act(catalogue)


def test_the_standard_is_the_city_offices_and_a_units_columns_are_the_units(catalogue):
    for username in ("czj-signer", "czj-writer", "hexi-office", "admin", "auditor"):
        with pytest.raises(NotAllowed):
            services.add_column(catalogue.people[username], new_spec(code="TZ07"), on=NOW, reason="x")
    with pytest.raises(NotAllowed):
        services.adjust_for_unit(
            catalogue.people["czj-signer"],
            catalogue.units["daj"],
            column_by_code("TZ"),
            kind="hide",
            on=NOW,
            reason="x",
        )
