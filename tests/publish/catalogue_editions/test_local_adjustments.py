"""What a unit changes for itself: own columns, other names, hidden columns; each with a reason and dates, and an end."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone
from tests.publish.catalogue_editions.test_editions import LEAF, codes

from mingzheng.city.models import OutboxEvent
from mingzheng.city.services import NotAllowed
from mingzheng.law.errors import Refusal
from mingzheng.publish.catalogue import services
from mingzheng.publish.catalogue.models import CatalogueChange, Column, UnitColumn
from mingzheng.publish.catalogue.services import CatalogueView, column_by_code
from mingzheng.publish.items.services import ItemDraft

TODAY = timezone.localdate()
TOMORROW = TODAY + timedelta(days=1)


def own(catalogue: Any, **changes: Any) -> Column:
    return services.add_own_column(
        catalogue.people["czj-signer"], catalogue.units["czj"], parent="TZ",
        **{"values": LEAF | {"name": "财政要闻", "tiers": ["T2"]}, "on": TODAY, "reason": "本级需要"} | changes,
    )  # fmt: skip


def rename(catalogue: Any, **changes: Any) -> UnitColumn:
    given = {"kind": "rename", "name": "财政公告", "on": TODAY, "reason": "习惯名称"} | changes
    return services.adjust_for_unit(
        catalogue.people["czj-signer"], catalogue.units["czj"], column_by_code("TZ01"), **given
    )


def test_an_own_column_has_a_code_of_its_own_and_counts_with_the_unit(catalogue: Any) -> None:
    column, second = own(catalogue), own(catalogue, values=LEAF | {"name": "财政动态", "tiers": ["T2"]})
    assert column.code != second.code
    assert column.code in codes(catalogue.units["czj"])
    assert column.code not in codes(catalogue.units["daj"])
    fact = CatalogueChange.objects.get(column=column)
    assert (fact.unit, fact.level, fact.reason) == (catalogue.units["czj"], 2, "本级需要")


def test_an_own_column_ends_with_what_hangs_below_it(catalogue: Any) -> None:
    person, column = catalogue.people["czj-signer"], own(catalogue)
    services.add_own_column(
        person,
        catalogue.units["czj"],
        parent=column.code,
        values=LEAF | {"tiers": ["T2"]},
        on=TODAY,
        reason="细分",
    )
    assert services.close_own_column(person, column, on=TOMORROW, reason="并入") == 2
    assert column.code in codes(catalogue.units["czj"])
    assert column.code not in codes(catalogue.units["czj"], TOMORROW)
    with pytest.raises(Refusal, match="已经停用"):
        services.close_own_column(person, column, on=TOMORROW, reason="再")


@pytest.mark.parametrize(
    ("act", "rule"),
    [
        (lambda c: own(c, reason=" "), "自设栏目须写明理由"),
        (lambda c: own(c, on=TODAY - timedelta(days=1)), "早于今天"),
        (lambda c: own(c, values=LEAF | {"tiers": ["T2"], "elements": []}), "应当列出公开要素"),
        (lambda c: (own(c), own(c)), "名称相同"),
        (lambda c: services.close_own_column(c.people["office"], column_by_code("TZ"), on=TODAY, reason="x"), "只能通过目录版次停用"),
        (lambda c: services.close_own_column(c.people["czj-signer"], own(c), on=TODAY, reason=""), "须写明理由"),
        (lambda c: rename(c, until=TODAY), "应当晚于开始日期"),
        (lambda c: (rename(c), rename(c, name="又一名称")), "已有更名，请先结束它"),
        (lambda c: services.adjust_for_unit(c.people["czj-signer"], c.units["czj"], own(c), kind="hide", on=TODAY, reason="x"), "不是全市标准的栏目"),
        (lambda c: services.adjust_for_unit(c.people["office"], c.units["qingshui"], Column.objects.exclude(tiers__icontains="T6").first(), kind="hide", on=TODAY, reason="x"), "公开目录没有栏目"),
        (lambda c: services.end_adjustment(c.people["czj-signer"], rename(c), on=TODAY - timedelta(days=1)), "早于今天"),
        (lambda c: services.end_adjustment(c.people["czj-signer"], rename(c, until=TOMORROW), on=TOMORROW), "不必再结束"),
    ],
)  # fmt: skip
def test_what_breaks_a_rule_is_refused(catalogue: Any, act: Any, rule: str) -> None:
    with pytest.raises(Refusal, match=rule):
        act(catalogue)


def test_closing_a_column_with_items_asks_for_the_reason_and_says_how_many(catalogue: Any) -> None:
    column = own(catalogue)
    catalogue.publish(
        catalogue.people["office"],
        ItemDraft("czj", column.code, "财政要闻一则", "<p>正文。</p>", issuer="示范市财政局"),
    )
    with pytest.raises(Refusal, match="有1条已发布信息"):
        services.close_own_column(catalogue.people["czj-signer"], column, on=TODAY, reason="")


def test_a_renaming_ends_and_one_that_has_not_begun_never_does(catalogue: Any) -> None:
    person, column = catalogue.people["czj-signer"], column_by_code("TZ01")
    adjustment = rename(catalogue)
    services.end_adjustment(person, adjustment, on=TOMORROW)
    view, unit = CatalogueView(), catalogue.units["czj"]
    assert view.name_of(unit, column, TODAY) == "财政公告"
    assert view.name_of(unit, column, TOMORROW) == column.name
    coming = rename(catalogue, on=TODAY + timedelta(days=9))
    services.end_adjustment(person, coming, on=TODAY)
    coming.refresh_from_db()
    assert coming.effective_to == coming.effective_from


def test_another_units_people_may_not(catalogue: Any) -> None:
    adjustment, column = rename(catalogue), own(catalogue)
    for username in ("czj-writer", "hexi-office", "auditor", "admin"):
        person = catalogue.people[username]
        with pytest.raises(NotAllowed):
            services.end_adjustment(person, adjustment, on=TODAY)
        with pytest.raises(NotAllowed):
            services.close_own_column(person, column, on=TODAY, reason="x")


def test_what_begins_by_its_date_is_announced_on_the_day(
    catalogue: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    rename(catalogue, on=TOMORROW)
    assert services.announce_due() is False
    monkeypatch.setattr(
        "mingzheng.publish.catalogue.services.timezone.localdate",
        lambda at=None: TOMORROW if at is None else TODAY,
    )
    assert services.announce_due() is True
    assert OutboxEvent.objects.last().topic == "catalogue.changed"
