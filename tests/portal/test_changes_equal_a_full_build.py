"""Whatever happens, publishing the changes leaves exactly the files that building everything would."""

from __future__ import annotations

import random
from datetime import UTC, datetime, timedelta

import pytest

from mingzheng.city.services import create_unit
from mingzheng.law.checksums import organisation_check_mark
from mingzheng.portal.publisher import publish_changed, publish_full, verify
from mingzheng.portal.sites.services import set_up_portal
from mingzheng.publish.catalogue.services import adjust_for_unit, column_by_code
from mingzheng.publish.items.models import Item
from mingzheng.publish.items.services import InterpretationDraft, move_item, withdraw_item

PLACES = (
    ("city", "DT01"),
    ("city", "TZ01"),
    ("city", "NB01"),
    ("czj", "DT01"),
    ("czj", "ZC0102"),
    ("qingshui", "DT01"),
)
COLUMNS = {"city": "ZC0202", "czj": "ZC0102"}


class Hand:
    """Does random things to a city, as its officers do."""

    def __init__(self, portal, seed: int) -> None:
        self.portal = portal
        self.dice = random.Random(seed)
        self.count = 0
        self.named = ["DT", "ZC0102", "DT01"]

    def act(self) -> None:
        self.dice.choice(
            [
                self.publish,
                self.publish,
                self.bring_in,
                self.amend,
                self.withdraw,
                self.move,
                self.interpret,
                self.unit,
                self.rename,
            ]
        )()

    def title(self) -> str:
        self.count += 1
        return f"第{self.count}号信息<{self.dice.random():.6f}>"

    def publish(self) -> None:
        unit, column = self.dice.choice(PLACES)
        self.portal.publish(self.title(), unit=unit, column=column)

    def bring_in(self) -> None:
        start = datetime(2018, 1, 1, tzinfo=UTC)
        drafts = []
        unit, column = self.dice.choice(PLACES)
        for _ in range(self.dice.randint(1, 30)):
            at = start + timedelta(minutes=self.dice.randint(0, 500_000))
            drafts.append(self.portal.draft(self.title(), unit=unit, column=column, published_at=at))
        self.portal.bring_in(*drafts)

    def some_item(self) -> Item | None:
        items = list(Item.objects.public())
        return self.dice.choice(items) if items else None

    def amend(self) -> None:
        if item := self.some_item():
            self.portal.amend(item, title=self.title())

    def withdraw(self) -> None:
        if item := self.some_item():
            withdraw_item(self.portal.office, item.pk, "内容有误")

    def move(self) -> None:
        if item := self.some_item():
            columns = {column for unit, column in PLACES if unit == item.unit.code} - {item.column.code}
            if columns:
                column = column_by_code(self.dice.choice(sorted(columns)))
                move_item(self.portal.office, item.pk, column, reason="栏目有误")

    def interpret(self) -> None:
        unit = self.dice.choice(list(COLUMNS))
        document = self.portal.publish(
            self.title(), unit=unit, column=COLUMNS[unit], doc_no=f"示政〔2018〕{self.count}号"
        )
        told = InterpretationDraft("own", document_no=document.doc_no, document_title=document.title)
        self.portal.publish(self.title(), unit=unit, column="JD0202", interpretation=told)

    def unit(self) -> None:
        body = f"{self.count + 500:08}"
        self.count += 1
        create_unit(
            None, code=f"new-{self.count}", parent=self.portal.city.units["hexi"], name=f"新设镇{self.count}",
            org_code=body + organisation_check_mark(body), short_name="新设镇", tier="T6",
            active_from=datetime(2016, 1, 1).date(),
        )  # fmt: skip

    def rename(self) -> None:
        if self.dice.random() < 0.3 and self.named:
            adjust_for_unit(
                self.portal.office, self.portal.city.units["czj"], column_by_code(self.named.pop()), kind="rename",
                on=datetime(2017, 1, 1).date(), reason="合并栏目", name=f"财政动态{self.count}",
            )  # fmt: skip


@pytest.mark.parametrize("seed", range(6))
def test_random_changes(portal, use_home, seed):
    hand = Hand(portal, seed)
    hand.bring_in()
    publish_full()
    for _ in range(8):
        for _ in range(hand.dice.randint(1, 4)):
            hand.act()
        publish_changed()
        assert verify().findings == []
    changed = portal.files()

    other = type(portal)(portal.city, use_home("other"))
    publish_full()
    built = other.files()
    assert sorted(changed) == sorted(built)
    assert [name for name in built if built[name] != changed[name]] == []


def test_nothing_is_written_when_nothing_happened(portal):
    portal.bring_in_many(3)
    publish_full()
    again, changed = publish_full(), publish_changed()
    assert (again.written, again.removed, changed.written, changed.unchanged) == ([], [], [], 0)


def test_one_new_item_touches_its_page_its_lists_and_the_homes_above_it(portal):
    portal.bring_in_many(45, unit="czj")
    publish_full()
    item = portal.publish("关于下达预算的通知", unit="czj")
    outcome = publish_changed()
    assert sorted(outcome.written) == sorted(
        [
            portal.path(item),
            "/units/czj/dt01/",
            "/units/czj/dt01/feed.xml",
            "/units/czj/dt/",
            "/units/czj/dt/feed.xml",
            "/units/czj/",
            "/units/czj/feed.xml",
            f"/units/czj/sitemap-{item.first_published_at.year}.xml",
            "/sitemap.xml",  # the first item of its year
            "/",
            "/feed.xml",
        ]
    )
    assert publish_changed().written == []


def test_an_amended_document_changes_the_pages_of_its_interpretations(portal):
    [document] = portal.bring_in(
        portal.draft("财政管理办法", column="ZC0102", doc_no="示财〔2018〕1号", source_key="a")
    )
    told = InterpretationDraft("own", document_key="a")
    [interpretation] = portal.bring_in(portal.draft("一图读懂", column="JD0202", interpretation=told))
    publish_full()
    assert "一图读懂" in portal.read(portal.path(document))
    portal.amend(document, title="财政资金管理办法")
    outcome = publish_changed()
    assert portal.path(interpretation) in outcome.written
    assert "财政资金管理办法" in portal.read(portal.path(interpretation))


def test_site_facts_rebuild_every_page(portal):
    portal.bring_in_many(2)
    publish_full()
    set_up_portal(
        portal.office,
        portal.city.units["city"],
        name="示范市政府网",
        id_code="0000000001",
        sponsor="示范市政府",
        contact="12345",
    )
    publish_changed()
    assert all(
        "示范市政府网" in text.decode() for name, text in portal.files().items() if name.endswith(".html")
    )
