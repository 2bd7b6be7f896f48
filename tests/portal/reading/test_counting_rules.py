"""Which requests are readings: a table of the rules, and what no request leaves behind."""

from __future__ import annotations

import sqlite3
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from mingzheng.portal.reading import buffer, rules
from mingzheng.portal.reading.models import ItemDay, PageDay, VisitorDay
from mingzheng.portal.reading.rules import Verdict
from mingzheng.portal.reading.services import fold
from mingzheng.publish.items.services import withdraw_item

from .conftest import BROWSER, NOON

ROBOTS = (
    "Mozilla/5.0 (compatible; Baiduspider/2.0; +http://www.baidu.com/search/spider.html)",
    "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)",
    "Mozilla/5.0 (compatible; bingbot/2.0; +http://www.bing.com/bingbot.htm)",
    "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 HeadlessChrome/120.0.0.0 Safari/537.36",
    "Mozilla/5.0 (compatible; YisouSpider/5.0)",
    "curl/8.5.0",
    "python-requests/2.31",
    "Go-http-client/1.1",
    "Java/17.0.1",
    "Wget/1.21",
)
READERS = (
    BROWSER,
    # A telephone whose maker's name ends like a robot's.
    "Mozilla/5.0 (Linux; Android 11; CUBOT X30) AppleWebKit/537.36 Chrome/120.0.0.0 Mobile Safari/537.36",
    "Mozilla/5.0 (iPhone; CPU iPhone OS 17_2 like Mac OS X) AppleWebKit/605.1.15 MicroMessenger/8.0.44",
    "Mozilla/5.0 (X11; Linux x86_64; UOS) AppleWebKit/537.36 Chrome/97.0.4692.98 Safari/537.36 UOSBrowser",
    "Mozilla/4.0 (compatible; MSIE 8.0; Windows NT 6.1; 360SE)",
)


@pytest.mark.parametrize("program", READERS)
def test_people_are_counted(portal, read, program):
    [item] = portal.bring_in_many(1)
    assert read(portal.path(item), User_Agent=program) is Verdict.COUNTED
    assert read.answer.json() == {"views": 1}


@pytest.mark.parametrize(
    ("headers", "verdict"),
    [
        ({"User_Agent": ""}, Verdict.NO_PROGRAM),
        ({"User_Agent": "   "}, Verdict.NO_PROGRAM),
        *(({"User_Agent": program}, Verdict.ROBOT) for program in ROBOTS),
        ({"Sec_Purpose": "prefetch"}, Verdict.AHEAD),
        ({"Sec_Purpose": "prefetch;prerender"}, Verdict.AHEAD),
        ({"Purpose": "Prefetch"}, Verdict.AHEAD),
        ({"X_Moz": "prefetch"}, Verdict.AHEAD),
        ({"X_Purpose": "preview"}, Verdict.AHEAD),
        ({"Sec_Fetch_Site": "cross-site"}, Verdict.FOREIGN),
        ({"Sec_Fetch_Site": "none"}, Verdict.FOREIGN),  # typed into the address bar
    ],
)
def test_robots_and_pages_fetched_ahead_are_not(portal, read, headers, verdict):
    [item] = portal.bring_in_many(1)
    assert read(portal.path(item), **headers) is verdict
    assert read.answer.json() == {"views": 0}
    assert fold() == 0


def test_a_reader_counts_once_in_half_an_hour_on_each_page(portal, read, clock):
    one, other = portal.bring_in_many(2)
    assert read(portal.path(one)) is Verdict.COUNTED
    assert read(portal.path(other)) is Verdict.COUNTED
    clock.now += timedelta(seconds=rules.WINDOW - 1)
    assert read(portal.path(one)) is Verdict.AGAIN
    assert read(portal.path(one), address="203.0.113.8") is Verdict.COUNTED
    assert read(portal.path(one), User_Agent=READERS[1]) is Verdict.COUNTED
    clock.now += timedelta(seconds=1)
    assert read(portal.path(one)) is Verdict.COUNTED
    assert read.answer.json() == {"views": 4}


def test_a_reader_counts_for_so_many_readings_a_minute(portal, read, clock):
    items = portal.bring_in_many(rules.PER_READER + 1)
    verdicts = [read(portal.path(item)) for item in items]
    assert verdicts == [Verdict.COUNTED] * rules.PER_READER + [Verdict.TOO_FAST]
    clock.now += timedelta(seconds=rules.MINUTE)
    assert read(portal.path(items[-1])) is Verdict.COUNTED


def test_an_address_counts_for_so_many_readings_a_minute_whatever_programs_it_names(portal, read, clock):
    [item] = portal.bring_in_many(1)
    verdicts = [
        read(portal.path(item), User_Agent=f"{BROWSER} {number}") for number in range(rules.PER_ADDRESS + 1)
    ]
    assert verdicts == [Verdict.COUNTED] * rules.PER_ADDRESS + [Verdict.TOO_FAST]
    assert read(portal.path(item), address="203.0.113.9") is Verdict.COUNTED


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("2001:db8:1:2::1", "2001:db8:1:2:aaaa::9", True),  # a device changes the second half by itself
        ("2001:db8:1:2::1", "2001:db8:1:3::1", False),
        ("::ffff:203.0.113.7", "203.0.113.7", True),
        ("203.0.113.7", "203.0.113.8", False),
        ("", "203.0.113.8", False),
    ],
)
def test_who_has_one_address(one, other, same):
    first, second = (rules.reader_of(each, BROWSER, b"salt") for each in (one, other))
    assert (first == second) is same


def test_the_salt_of_another_day_makes_another_reader():
    assert rules.reader_of("203.0.113.7", BROWSER, b"one") != rules.reader_of(
        "203.0.113.7", BROWSER, b"other"
    )


def test_only_public_items_have_a_count(portal, read):
    [item] = portal.bring_in_many(1)
    path = portal.path(item)
    assert read(path) is Verdict.COUNTED
    withdraw_item(portal.office, item.pk, "内容有误")
    assert read(path, address="203.0.113.8") is None
    assert (read.answer.status_code, read.answer.content) == (204, b"")
    for pk in (item.pk, 0, 999999, 2**70):
        assert Client().get(f"/-/views/{pk}").status_code == 404


def test_asking_for_the_number_counts_nothing(portal, read):
    [item] = portal.bring_in_many(1)
    read(portal.path(item))
    client = Client()
    for _ in range(3):
        assert client.get(f"/-/views/{item.pk}").json() == {"views": 1}
        assert client.head(f"/-/views/{item.pk}").status_code == 200
    for method in (client.get, client.head, client.put):
        assert method("/-/views", query_params={"page": portal.path(item)}).status_code == 405
    assert fold() == 1


PAGES = {
    "/": "/", "/units/": "/units/", "/units/czj/": "/units/czj/", "/units/czj/dt01/": "/units/czj/dt01/",
    "/units/czj/dt01/p3.html": "/units/czj/dt01/", "/documents/": "/documents/", "/gazette/2018/1/": "/gazette/",
    "/search/": "/search/", "/figures/disclosure.items/2018/all/": "/figures/", "/reports/city/2018/whole/": "/reports/",
    "/topics/fupin-2018/": "/topics/",
}  # fmt: skip


@pytest.mark.parametrize("path", PAGES)
def test_homes_lists_and_sections_are_counted_under_their_own_address(read, path):
    assert read(path) is Verdict.COUNTED
    assert (read.answer.status_code, read.answer.content) == (204, b"")
    fold()
    assert list(PageDay.objects.values_list("page", "count")) == [(PAGES[path], 1)]


HOSTILE = [
    "", "x", "/nowhere", "//evil.example/", "/units/nobody/", "/units/czj/nothing/", "/units/../", "/info/201801/1.htm",
    "/info/209912/{pk}.html", "/info/201801/0.html", "/info/201801/99999999999999999999.html", "/office/", "\0",
    "/info/201801/1.html' OR 1=1 --", "/units/" + "长" * 5000 + "/", "/documents/" + "a" * 5000, "/units/czj/dt01/p0.html",
]  # fmt: skip


@pytest.mark.parametrize("path", HOSTILE)
def test_a_made_up_address_leaves_nothing(portal, read, path):
    [item] = portal.bring_in_many(1)
    assert read(path.format(pk=item.pk)) is None
    assert (read.answer.status_code, read.answer.content) == (204, b"")
    assert fold() == 0
    assert not ItemDay.objects.exists()


def test_a_reading_sets_no_cookie_writes_no_row_and_asks_two_questions(portal, read):
    [item] = portal.bring_in_many(1)
    read(portal.path(item))
    with CaptureQueriesContext(
        connection,
    ) as asked:
        read(portal.path(item), address="203.0.113.8")
    assert len(asked) == 2
    assert all(each["sql"].strip().startswith("SELECT") for each in asked)
    assert not read.answer.cookies
    assert "Vary" not in read.answer or "Cookie" not in read.answer["Vary"]
    assert read.answer["Cache-Control"] == "no-store"


def test_nothing_of_the_reader_is_kept_when_the_day_is_over(portal, read, clock):
    [item] = portal.bring_in_many(1)
    read(portal.path(item))
    [(day, path)] = buffer.days()
    salt = path.with_name(f"{day}.salt")
    assert {path.stat().st_mode & 0o077, salt.stat().st_mode & 0o077, path.parent.stat().st_mode & 0o077} == {
        0
    }
    held = path.read_bytes() + path.with_name(f"{path.name}-wal").read_bytes()
    assert b"203.0.113" not in held
    assert b"Mozilla" not in held
    fold()
    for model in (ItemDay, PageDay, VisitorDay):
        assert "reader" not in {field.name for field in model._meta.get_fields()}
    clock.now = NOON + timedelta(days=1)
    read("/")  # whoever opens the next day throws the salt of the last away
    assert not salt.exists()
    fold()
    assert [found for found, _ in buffer.days()] == [day + timedelta(days=1)]
    assert sorted(each.name for each in path.parent.iterdir() if str(day) in each.name) == []


def test_the_hashes_of_a_day_stay_until_requests_of_before_midnight_are_through(portal, read, clock):
    read("/")
    clock.now = NOON.replace(hour=16, minute=5)  # 00:05 in the city
    fold()
    assert len(buffer.days()) == 1
    clock.now += timedelta(minutes=6)
    fold()
    assert buffer.days() == []
    assert PageDay.objects.get().count == 1


def test_a_buffer_that_fails_costs_the_reading_and_not_the_answer(portal, read, monkeypatch, caplog):
    [item] = portal.bring_in_many(1)

    def fails(day):
        raise sqlite3.OperationalError("database or disk is full")

    monkeypatch.setattr(buffer, "today", fails)
    assert read(portal.path(item)) is None
    assert read.answer.json() == {"views": 0}
    assert "not counted" in caplog.text
    assert "203.0.113" not in caplog.text
