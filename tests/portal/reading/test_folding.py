"""Adding up: from many processes, killed at any point, months out of days; nothing is lost and nothing counted twice."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from datetime import date, timedelta

import psycopg
import pytest

from mingzheng.portal import work
from mingzheng.portal.reading import buffer, folding
from mingzheng.portal.reading.models import BEFORE_DAYS, Fold, ItemDay, PageDay, VisitorDay
from mingzheng.portal.reading.rules import Verdict
from mingzheng.portal.reading.services import fold

DAY = date(2026, 3, 4)


def test_the_working_process_adds_readings_up_by_item_page_and_day(portal, read, clock):
    one, other = portal.bring_in_many(2)
    for address in ("203.0.113.1", "203.0.113.2"):
        read(portal.path(one), address=address)
    read(portal.path(other))
    read("/units/czj/")
    work.work_once()
    rows = ItemDay.objects.order_by("item_id").values_list("item_id", "unit_id", "column_id", "day", "count")
    assert list(rows) == [
        (one.pk, one.unit_id, one.column_id, DAY, 2),
        (other.pk, one.unit_id, one.column_id, DAY, 1),
    ]
    assert VisitorDay.objects.get().count == 3
    work.work_once()
    clock.now += timedelta(hours=1)
    read(portal.path(one), address="203.0.113.1")
    assert read.answer.json() == {"views": 3}
    fold()
    assert read(portal.path(one), address="203.0.113.1") is Verdict.AGAIN
    assert read.answer.json() == {"views": 3}
    assert ItemDay.objects.get(item=one).count == 3
    assert VisitorDay.objects.get().count == 3
    page = PageDay.objects.get()
    assert (page.page, page.unit, page.column, page.count) == (
        "/units/czj/",
        portal.city.units["czj"],
        None,
        1,
    )


def test_a_list_belongs_to_its_unit_and_column(portal, read):
    [item] = portal.bring_in_many(1)
    read("/units/czj/dt01/p2.html")
    fold()
    assert PageDay.objects.values_list("unit_id", "column_id").get() == (item.unit_id, item.column_id)


def test_a_buffer_is_added_up_in_pieces(portal, read, monkeypatch):
    items = portal.bring_in_many(7)
    for item in items:
        read(portal.path(item))
    monkeypatch.setattr(folding, "LINES", 3)
    assert fold() == 7
    assert ItemDay.objects.count() == 7
    assert Fold.objects.get().reached == 7


def test_a_broken_buffer_does_not_stop_the_others(portal, read, caplog):
    read("/")
    (buffer.folder() / "2026-03-01.sqlite3").write_bytes(b"no database " * 500)
    (buffer.folder() / "notes.sqlite3").write_bytes(b"")
    assert fold() == 1
    assert "2026-03-01 cannot be added up" in caplog.text


# A web process: each reader in a minute of its own; every second one reads in all processes.
WEB = """
import sys
from datetime import date
from pathlib import Path
from mingzheng.portal.reading.buffer import Today
today = Today(Path(sys.argv[1]), date(2026, 3, 4))
for number in range(200):
    address = f"10.{number % 2 * int(sys.argv[2])}.0.{number}"
    print(today.buffer.add("1", today.reader(address, "Mozilla"), number * 60).name)
"""


def test_many_processes_write_at_once_and_a_reader_of_all_of_them_counts_once(tmp_path):
    home = tmp_path / "reading"
    web = [
        subprocess.Popen(
            [sys.executable, "-c", WEB, str(home), str(number)], stdout=subprocess.PIPE, text=True
        )
        for number in (1, 2, 3, 4)
    ]
    verdicts = [verdict for each in web for verdict in each.communicate(timeout=600)[0].split()]
    assert verdicts.count("COUNTED") == 4 * 100 + 100
    assert verdicts.count("AGAIN") == 3 * 100
    assert buffer.Buffer(home / "2026-03-04.sqlite3").sums(0, 10_000) == ({"1": 500}, 500)


# --- killed ---

CITY = """
from django.core.management import call_command
call_command("migrate", verbosity=0)
from datetime import UTC, date, datetime
from mingzheng.city import services as city
from mingzheng.publish.catalogue.services import load_standard
from mingzheng.publish.items.services import ItemDraft, import_items
root = city.create_unit(None, code="city", org_code="000000019", name="示范市人民政府", short_name="市政府",
                        tier="T1", active_from=date(2016, 1, 1))
office = city.create_person(None, username="office", name="公开办", password=None)
city.grant(None, office, "office", root, starts_on=date(2016, 1, 1))
load_standard(None)
import_items(office, (ItemDraft("city", "DT01", f"消息{n}", "<p>正文</p>", published_at=datetime(2018, 3, 1, tzinfo=UTC))
                      for n in range(40)), source="test")
"""
READINGS = """
from datetime import date
from mingzheng.portal.reading import buffer
from mingzheng.publish.items.models import Item
today = buffer.today(date(2026, 3, 4))
for number, pk in enumerate(Item.objects.values_list("pk", flat=True)):
    for reader in range(5):
        today.buffer.add(str(pk), today.reader(f"10.0.{number}.{reader}", "Mozilla"), number * 3600)
"""
FOLD = "from mingzheng.portal.reading import buffer, folding; folding.LINES = 30\n"
KILLED_ADDING = (
    FOLD
    + """
import os, signal
add_up, left = folding._add_up, [{calls}]
def killed(*given):
    add_up(*given)
    left[0] -= 1
    if not left[0]:
        os.kill(os.getpid(), signal.SIGKILL)
folding._add_up = killed
folding.fold()
"""
)
KILLED_CLOSING = (
    FOLD
    + """
import os, signal
buffer.throw_away = lambda path: os.kill(os.getpid(), signal.SIGKILL)
folding.fold()
"""
)
COUNTED = """
from django.db.models import Count, Sum
from mingzheng.portal.reading.models import ItemDay, VisitorDay
sums = ItemDay.objects.filter(day="2026-03-04").aggregate(rows=Count("id"), readings=Sum("count"))
print(sums["rows"], sums["readings"], VisitorDay.objects.aggregate(sum=Sum("count"))["sum"])
"""


@pytest.fixture(scope="module")
def home(tmp_path_factory):
    return tmp_path_factory.mktemp("killed")


@pytest.fixture(scope="module")
def run(home):
    """Runs some lines with Django set up in processes of their own, on a city of their own: forty items."""
    environment = {**os.environ, "MINGZHENG_HOME": str(home), "DJANGO_SETTINGS_MODULE": "mingzheng.settings"}
    server = os.environ.get("MINGZHENG_DATABASE", "")
    if server.startswith("postgres"):
        name = f"killed_folding_{os.getpid()}"
        with psycopg.connect(server, autocommit=True) as postgres:
            postgres.execute(f"CREATE DATABASE {name}")
        environment["MINGZHENG_DATABASE"] = f"{server.rpartition('/')[0]}/{name}"

    def start(code: str) -> subprocess.Popen[str]:
        command = [sys.executable, "-c", f"import django; django.setup()\n{code}"]
        return subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, text=True)

    assert start(CITY).wait(600) == 0
    return start


@pytest.mark.once
@pytest.mark.django_db
def test_adding_up_killed_at_any_point_counts_nothing_twice(run, home):
    def ended(code: str) -> tuple[int, str]:
        process = run(code)
        told, _ = process.communicate(timeout=600)
        return process.returncode, told.strip()

    assert ended(READINGS)[0] == 0
    # In the midst of the first piece: nothing of it is there.
    assert ended(KILLED_ADDING.format(calls=1))[0] == -signal.SIGKILL
    assert ended(COUNTED) == (0, "0 None None")
    # In the midst of the third, before its visitors: two pieces of thirty lines are.
    assert ended(KILLED_ADDING.format(calls=5))[0] == -signal.SIGKILL
    assert ended(COUNTED) == (0, "12 60 60")
    # Two at once, each killed or not after everything was added and before the buffer is thrown away.
    both = [run(KILLED_CLOSING), run(KILLED_CLOSING)]
    assert [each.wait(600) for each in both] == [-signal.SIGKILL] * 2
    assert ended(COUNTED) == (0, "40 200 200")
    assert list((home / "reading").glob("2026-03-04.sqlite3"))
    assert ended(FOLD + "folding.fold()")[0] == 0
    assert ended(COUNTED) == (0, "40 200 200")
    assert not list((home / "reading").glob("2026-03-04*"))


# --- months ---


def test_days_of_two_years_ago_become_months_once(portal):
    one, other = portal.bring_in_many(2)
    days = {
        one: [(date(2024, 2, 1), 1), (date(2024, 2, 29), 2), (date(2024, 3, 1), 4), (date(2022, 12, 31), 8)],
        other: [(date(2024, 2, 10), 16), (date(2024, 2, 11), 32), (BEFORE_DAYS, 64)],
    }
    for item, found in days.items():
        for day, count in found:
            ItemDay.objects.create(item=item, unit=item.unit, column=item.column, day=day, count=count)
    for day, count in ((date(2024, 2, 3), 5), (date(2024, 2, 4), 6), (date(2024, 3, 4), 7)):
        PageDay.objects.create(page="/", day=day, count=count)
        VisitorDay.objects.create(day=day, count=count)
    for _ in range(2):
        folding.condense(date(2026, 3, 31))
        assert set(ItemDay.objects.values_list("item_id", "day", "count")) == {
            (one.pk, date(2024, 2, 1), 3), (one.pk, date(2024, 3, 1), 4), (one.pk, date(2022, 12, 1), 8),
            (other.pk, date(2024, 2, 1), 48), (other.pk, BEFORE_DAYS, 64),
        }  # fmt: skip
        assert set(PageDay.objects.values_list("page", "day", "count")) == {
            ("/", date(2024, 2, 1), 11), ("/", date(2024, 3, 4), 7),
        }  # fmt: skip
        assert set(VisitorDay.objects.values_list("day", "count")) == {
            (date(2024, 2, 1), 11), (date(2024, 3, 4), 7),
        }  # fmt: skip


# --- the numbers of before ---

CARRIED = """
from django.core.management import call_command
from django.db import connection
call_command("migrate", "portal", "0001", verbosity=0)
with connection.cursor() as cursor:
    cursor.execute("INSERT INTO portal_viewcount (item_id, count) SELECT id, id - 1 FROM items_item WHERE id < 4")
call_command("migrate", "portal", verbosity=0)
from mingzheng.portal.reading.models import ItemDay
for row in ItemDay.objects.filter(day="1970-01-01").order_by("item"):
    print(row.item_id, row.day, row.count, row.unit.code, row.column.code)
"""


@pytest.mark.django_db
def test_numbers_of_a_time_without_days_are_carried_over(run):
    process = run(CARRIED)
    told, _ = process.communicate(timeout=600)
    assert process.returncode == 0
    assert told.split("\n")[:-1] == [f"2 {BEFORE_DAYS} 1 city DT01", f"3 {BEFORE_DAYS} 2 city DT01"]
