"""The column standard as shipped, and what its files may not say."""

from __future__ import annotations

from collections import Counter
from datetime import date

import pytest
import yaml

from mingzheng.law.errors import Refusal
from mingzheng.publish.catalogue import standards
from mingzheng.publish.catalogue.data_files import DATA

TIERS = ("T1", "T2", "T3", "T4", "T5", "T6", "T7")


@pytest.fixture(scope="module")
def columns():
    return standards.load_columns()


@pytest.mark.parametrize(
    ("tier", "least"),
    [("T1", 200), ("T2", 100), ("T3", 100), ("T4", 200), ("T5", 200), ("T6", 100), ("T7", 100)],
)
def test_every_tier_has_its_columns(columns, tier, least):
    assert len(standards.for_tier(columns, tier)) >= least


def test_every_column_to_be_filled_says_what_how_often_and_what_is_looked_at(columns):
    parents = {column.parent for column in columns}
    leaves = [column for column in columns if column.code not in parents]
    assert len(leaves) > 200
    for leaf in leaves:
        assert leaf.content_requirements, leaf.code
        assert leaf.elements, leaf.code
        assert leaf.check_points, leaf.code
        assert leaf.update_exempt != bool(leaf.update_cycle_days), leaf.code
        assert leaf.column_type, leaf.code


def test_the_five_opens_are_all_there(columns):
    opens = {column.five_opens for column in columns}
    assert opens >= {"decision", "execution", "management", "service", "result"}


def test_the_revision_of_2018_adds_115_columns_and_adjusts_14():
    changes = standards.load_changes(2018)
    added = Counter(min(change.level, 3) for change in changes if change.kind == "added")
    assert added == {1: 5, 2: 9, 3: 101}
    assert sum(change.kind == "adjusted" for change in changes) == 14
    assert all(change.on.year == 2018 and change.reason for change in changes)


def test_the_tree_of_a_day_holds_exactly_what_was_in_force():
    before, after = standards.columns_on(date(2018, 1, 1)), standards.columns_on(date(2018, 12, 31))
    assert len(after) - len(before) == 115
    assert {column.code for column in before} < {column.code for column in after}


def test_a_day_before_the_standard_is_refused():
    with pytest.raises(Refusal, match="2016-12-31早于"):
        standards.columns_on(date(2016, 12, 31))


def test_a_year_without_changes_is_refused_by_name():
    with pytest.raises(Refusal, match="没有2031年的栏目调整文件"):
        standards.load_changes(2031)


@pytest.fixture
def folder(tmp_path):
    """A copy of the shipped files that a test may spoil."""
    for entry in DATA.iterdir():
        (tmp_path / entry.name).write_text(entry.read_text("utf-8"), "utf-8")
    return tmp_path


@pytest.mark.parametrize(
    ("spoil", "rule"),
    [
        (lambda column: column.pop("name"), "缺少name"),
        (lambda column: column.update(code="QQ01"), "一级栏目编码应当是两个大写字母"),
        (lambda column: column.update(tiers=["T9"]), "未知的层级T9"),
        (lambda column: column.update(five_opens="open"), "未知的five_opens“open”"),
        (lambda column: column.update(colour="red"), "未知的键colour"),
        (lambda column: column.update(children=[]), "应当是栏目列表"),
        (lambda column: column.update(update_cycle_days=-1), "update_cycle_days应当是正整数"),
        (lambda column: column.update(time_limit={"value": 3}), "time_limit应当有value、unit、from"),
    ],
)
def test_a_spoilt_column_is_refused_with_its_file_and_code(folder, spoil, rule):
    file = folder / "columns-policy.yaml"
    nodes = yaml.safe_load(file.read_text("utf-8"))
    spoil(nodes[0])
    file.write_text(yaml.safe_dump(nodes, allow_unicode=True), "utf-8")
    with pytest.raises(Refusal, match=r"columns-policy\.yaml中“.+”有误") as refused:
        standards.load_columns(folder)
    assert rule in refused.value.sentence


def test_a_file_that_is_no_yaml_is_refused_with_its_line(folder):
    (folder / "columns-policy.yaml").write_text("- code: ZC\n  name: [", "utf-8")
    with pytest.raises(Refusal, match=r"columns-policy.yaml第\d+行不是合法的YAML"):
        standards.load_columns(folder)
