"""One text in many lists: what lists show, what a change touches, and that it is what a full build would make."""

from __future__ import annotations

import random
from datetime import UTC, date, datetime, timedelta

import pytest
from django.utils import timezone

from mingzheng.measure.services import home_figures
from mingzheng.portal import work
from mingzheng.portal.families import entries
from mingzheng.portal.publisher import publish_changed, publish_full, verify
from mingzheng.publish.catalogue.services import column_by_code
from mingzheng.publish.items.models import Item
from mingzheng.publish.items.services import move_item, restore_item, withdraw_item
from mingzheng.publish.placements.models import Placement
from mingzheng.publish.placements.services import (
    add_entry,
    archive,
    decide,
    end,
    pin,
    pin_at_home,
    place,
    set_push,
    start_topic,
)

TODAY = timezone.localdate


def show(portal, item, unit="city", column="TZ01", **days) -> Placement:
    """Place an item, and take it in where it must be taken in."""
    made = place(portal.office, item, portal.city.units[unit], column_by_code(column), **days)
    if made.state == "waiting":
        made = decide(portal.office, made.pk, True)
    return made


def same_as_a_full_build(portal, use_home, name="other") -> None:
    assert verify().findings == []
    changed = portal.files()
    use_home(name)
    other = type(portal)(portal.city, portal.home.parent / name)
    publish_full()
    built = other.files()
    assert sorted(changed) == sorted(built)
    assert [each for each in built if built[each] != changed[each]] == []


def test_a_placed_item_stands_in_both_lists_at_one_address(portal, use_home):
    [item] = portal.bring_in(portal.draft("全市通知", unit="czj"))
    publish_full()
    assert not portal.has("/units/city/tz01/")
    show(portal, item)
    outcome = publish_changed()
    lists = ["/units/city/tz/", "/units/city/tz01/"]
    feeds = [f"{path}feed.xml" for path in lists]
    names_columns = ["/map/", "/units/city/sitemap.xml"]  # two lists of the city begin
    assert sorted(outcome.written) == sorted(["/units/city/", *lists, *feeds, *names_columns])
    for path in ("/units/city/tz01/", "/units/czj/dt01/"):
        assert f'href="{portal.path(item)}"' in portal.read(path)
    assert "全市通知" not in portal.read("/units/city/feed.xml")
    same_as_a_full_build(portal, use_home)


def test_a_pinned_item_stands_above_the_first_page_and_the_old_pages_stay(portal, use_home):
    portal.bring_in_many(50, unit="city", column="TZ01")
    [item] = portal.bring_in(
        portal.draft("置顶的办法", unit="czj", published_at=datetime(2018, 12, 1, tzinfo=UTC))
    )
    publish_full()
    made = show(portal, item)
    publish_changed()
    old = portal.read("/units/city/tz01/p1.html")
    pin(portal.office, made.pk, TODAY() + timedelta(days=3))
    publish_changed()
    first = portal.read("/units/city/tz01/")
    assert first.index("置顶") < first.index("置顶的办法") < first.index("第50条动态")
    assert first.count("置顶的办法") == 2  # in its place in time as well
    assert portal.read("/units/city/tz01/p1.html") == old
    assert 'id="h-pinned"' not in portal.read("/units/city/tz/")
    same_as_a_full_build(portal, use_home)


def test_an_item_is_pinned_in_its_own_column_until_it_leaves_it(portal, use_home):
    portal.bring_in_many(30, unit="czj", column="DT01")
    [item] = portal.bring_in(
        portal.draft("年初的要闻", unit="czj", published_at=datetime(2018, 1, 2, tzinfo=UTC))
    )
    publish_full()
    pinned = pin_at_home(portal.office, item, TODAY() + timedelta(days=3))
    publish_changed()
    first = portal.read("/units/czj/dt01/")
    assert first.index("置顶") < first.index("年初的要闻") < first.index("第30条动态")
    assert 'id="h-pinned"' not in portal.read("/units/czj/dt/")
    move_item(portal.office, item.pk, column_by_code("TZ01"), reason="栏目有误")
    publish_changed()
    assert "年初的要闻" not in portal.read("/units/czj/dt01/")
    assert 'id="h-pinned"' not in portal.read("/units/czj/dt01/")
    move_item(portal.office, item.pk, column_by_code("DT01"), reason="原栏目不误")
    pin(portal.office, pinned.pk, None)
    publish_changed()
    assert 'id="h-pinned"' not in portal.read("/units/czj/dt01/")
    same_as_a_full_build(portal, use_home)


def test_an_old_item_takes_its_place_in_time(portal, use_home):
    portal.bring_in_many(70, unit="city", column="TZ01")
    items = portal.bring_in(
        *(
            portal.draft(f"旧文{n}", unit="czj", published_at=datetime(2018, 1, 5, n, tzinfo=UTC))
            for n in range(5)
        )
    )
    publish_full()
    for item in items:
        show(portal, item)
    publish_changed()
    assert "旧文4" in portal.read("/units/city/tz01/p1.html")
    assert "旧文4" not in portal.read("/units/city/tz01/")
    same_as_a_full_build(portal, use_home)


def test_withdrawing_amending_and_restoring_reach_the_other_lists(portal, use_home):
    [item] = portal.bring_in(portal.draft("原标题", unit="czj"))
    show(portal, item)
    publish_full()
    portal.amend(item, title="新标题")
    publish_changed()
    assert "新标题" in portal.read("/units/city/tz01/")
    withdraw_item(portal.office, item.pk, "内容有误")
    publish_changed()
    assert not portal.has("/units/city/tz01/")
    restore_item(portal.office, item.pk, reason="已核实")
    publish_changed()
    assert "新标题" in portal.read("/units/city/tz01/")
    same_as_a_full_build(portal, use_home)


def test_an_item_of_the_same_branch_is_listed_once(portal, use_home):
    [item] = portal.bring_in(portal.draft("分类办法", unit="czj", column="ZC0101", doc_no="示财〔2018〕1号"))
    show(portal, item, "czj", "ZC0102")
    publish_full()
    assert portal.read("/units/czj/zc01/").count(portal.path(item)) == 1
    assert portal.path(item) in portal.read("/units/czj/zc0102/")
    end(portal.office, Placement.objects.get().pk, "放错栏目")
    publish_changed()
    assert not portal.has("/units/czj/zc0102/")
    same_as_a_full_build(portal, use_home)


def test_what_begins_and_ends_by_itself_is_told_by_the_worker(portal, monkeypatch):
    [item] = portal.bring_in(portal.draft("限时展示", unit="czj"))
    today = TODAY()
    show(portal, item, starts_on=today + timedelta(days=1), ends_on=today + timedelta(days=2))
    publish_full()
    work.work_once()
    assert not portal.has("/units/city/tz01/")

    def on(day: date) -> None:
        monkeypatch.setattr(work.timezone, "localdate", lambda *given: day)
        work.work_once()

    on(today + timedelta(days=1))
    assert "限时展示" in portal.read("/units/city/tz01/")
    on(today + timedelta(days=2))
    assert portal.has("/units/city/tz01/")
    on(today + timedelta(days=3))
    assert not portal.has("/units/city/tz01/")


def test_a_full_build_reads_the_placements_at_once(portal, django_assert_num_queries):
    items = portal.bring_in_many(30, unit="czj")
    publish_full()
    with django_assert_num_queries(1):
        entries.read_placed(TODAY(), frozenset())
    for item in items:
        show(portal, item)
    with django_assert_num_queries(5):
        assert len(entries.read_placed(TODAY(), frozenset())[portal.city.units["city"].pk]) == 30


def test_figures_count_an_item_once(portal):
    portal.bring_in_many(7, unit="czj")
    before = home_figures()
    for item in Item.objects.public():
        show(portal, item)
        show(portal, item, "czj", "TZ01")
    assert home_figures() == before


@pytest.mark.parametrize("seed", range(4))
def test_random_placements(portal, use_home, seed):
    dice = random.Random(seed)
    for unit, column in (("city", "TZ01"), ("city", "DT01"), ("czj", "DT01"), ("czj", "ZC0102")):
        portal.bring_in(
            *(
                portal.draft(
                    f"{unit}{column}{n}", unit=unit, column=column,
                    published_at=datetime(2018, 1, 1, tzinfo=UTC) + timedelta(minutes=dice.randint(0, 500_000)),
                )
                for n in range(dice.randint(15, 60))
            )
        )  # fmt: skip
    publish_full()
    places = [("city", "TZ01"), ("city", "DT01"), ("czj", "TZ01"), ("czj", "ZC0101"), ("hexi", "TZ01")]
    for code in ("city", "czj", "hexi"):
        set_push(portal.office, portal.city.units[code], True)
    for _ in range(6):
        for _ in range(dice.randint(1, 8)):
            item = dice.choice(list(Item.objects.public()))
            unit, column = dice.choice(places)
            known = Placement.objects.filter(
                item=item, unit=portal.city.units[unit], column=column_by_code(column), state="accepted"
            )
            if known:
                end(portal.office, known[0].pk, "到期")
            elif (item.unit.code, item.column.code) == (unit, column):
                pin_at_home(portal.office, item, TODAY())
            else:
                made = show(portal, item, unit, column)
                if dice.random() < 0.3:
                    pin(portal.office, made.pk, TODAY())
        shown = [each.item for each in Placement.objects.filter(item__status="published")]
        if shown and dice.random() < 0.7:
            portal.amend(dice.choice(shown), title="改过")
        if shown and dice.random() < 0.7:
            withdraw_item(portal.office, dice.choice(shown).pk, "内容有误")
        publish_changed()
        assert verify().findings == []
    same_as_a_full_build(portal, use_home)


def test_a_topic_appears_follows_its_items_and_is_marked_when_archived(portal, use_home):
    one, two = portal.bring_in(portal.draft("优化营商环境办法"), portal.draft("办事指南"))
    publish_full()
    assert "暂无专题" in portal.read("/topics/")
    topic = start_topic(
        portal.office, portal.city.units["city"], slug="business", title="营商环境", intro="一站看全。",
        sections=["政策", "服务"],
    )  # fmt: skip
    add_entry(portal.office, topic.pk, one.index_no, "政策")
    add_entry(portal.office, topic.pk, two.index_no, "服务")
    publish_changed()
    shown = portal.read("/topics/business/")
    assert shown.index("一站看全") < shown.index(portal.path(one)) < shown.index(portal.path(two))
    assert "/topics/business/" in portal.read("/topics/")
    assert "/topics/" in portal.read("/")
    withdraw_item(portal.office, one.pk, "内容有误")
    publish_changed()
    assert "优化营商环境办法" not in portal.read("/topics/business/")
    archive(portal.office, topic.pk)
    publish_changed()
    assert "本专题已归档" in portal.read("/topics/business/")
    same_as_a_full_build(portal, use_home)
