"""The Regulation's two versions: which one holds on a day, and where each number comes from."""

from __future__ import annotations

from datetime import date

import pytest

from mingzheng.law.errors import Refusal
from mingzheng.law.rules import Channel, rule_set_named, rule_set_on, rule_sets


@pytest.mark.parametrize(
    ("day", "key"),
    [
        (date(2008, 5, 1), "regulation-2007"),  # the first day in force
        (date(2018, 7, 1), "regulation-2007"),  # a year of annual reports in the old form
        (date(2019, 5, 14), "regulation-2007"),  # the last day of the old version
        (date(2019, 5, 15), "regulation-2019"),  # the first day of the new version
        (date(2030, 1, 1), "regulation-2019"),  # open-ended
    ],
)
def test_the_version_follows_the_day(day: date, key: str) -> None:
    assert rule_set_on(day).key == key


def test_a_day_before_the_regulation_is_refused() -> None:
    with pytest.raises(Refusal, match=r"2008-04-30.*国务院令第492号第三十八条"):
        rule_set_on(date(2008, 4, 30))


@pytest.mark.parametrize(
    ("day", "key", "days", "citation"),
    [
        (date(2018, 1, 2), "reply_days", 15, "国务院令第492号第二十四条第二款"),  # the old period
        (date(2020, 1, 2), "reply_days", 20, "国务院令第711号第三十三条第二款"),  # the new period
        (date(2018, 1, 2), "extension_days_max", 15, "国务院令第492号第二十四条第二款"),  # the old extension
        (date(2020, 1, 2), "extension_days_max", 20, "国务院令第711号第三十三条第二款"),  # the new extension
        (
            date(2018, 1, 2),
            "proactive_publish_days",
            20,
            "国务院令第492号第十八条",
        ),  # unchanged, other article
        (
            date(2020, 1, 2),
            "proactive_publish_days",
            20,
            "国务院令第711号第二十六条",
        ),  # unchanged, other article
        (date(2020, 1, 2), "correction_notice_days", 7, "国务院令第711号第三十条"),  # new in 2019
        (date(2020, 1, 2), "third_party_days", 15, "国务院令第711号第三十二条"),  # new in 2019
        (date(2020, 1, 2), "co_maker_days", 15, "国务院令第711号第三十四条"),  # new in 2019
    ],
)
def test_each_period_cites_its_article(day: date, key: str, days: int, citation: str) -> None:
    rules = rule_set_on(day)
    assert (rules.days(key), rules.citation(key)) == (days, citation)


@pytest.mark.parametrize("key", ["correction_notice_days", "third_party_days", "co_maker_days"])
def test_a_period_that_the_old_text_does_not_fix_is_refused(key: str) -> None:
    rules = rule_set_on(date(2018, 1, 2))
    assert rules.days_if_fixed(key) is None
    with pytest.raises(Refusal, match="国务院令第492号"):
        rules.days(key)


def test_both_versions_have_the_same_parameters_and_every_channel() -> None:
    first, second = rule_sets()
    assert set(first.parameters) == set(second.parameters)
    for rules in rule_sets():
        assert set(rules.receipt) == set(Channel)
        assert all(row.article.startswith("第") for row in rules.parameters.values())


def test_versions_follow_each_other_without_gap_or_overlap() -> None:
    first, second = rule_sets()
    assert first.until is not None
    assert (second.in_force - first.until).days == 1


def test_an_unknown_version_is_refused_with_the_known_ones() -> None:
    assert rule_set_named("regulation-2007").document == "国务院令第492号"
    with pytest.raises(Refusal, match="regulation-2007、regulation-2019"):
        rule_set_named("2019")
