"""Bulk import: every rule of a single publication holds, nothing is lost, half-written or there twice."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import time
from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import connection
from django.utils import timezone

from mingzheng.city.models import AuditEntry, NumberCounter, OutboxEvent
from mingzheng.city.services import NotAllowed
from mingzheng.publish.items.models import Attachment, Interpretation, Item, Participant
from mingzheng.publish.items.services import InterpretationDraft, ItemDraft, import_items

AT = datetime(2018, 3, 1, 2, tzinfo=UTC)


def row(number, **changes):
    made = ItemDraft(
        "czj",
        "TZ01",
        f"通知{number}",
        f"<p>内容{number}</p>",
        published_at=AT + timedelta(days=number),
        source_key=f"k{number}",
    )
    for name, value in changes.items():
        setattr(made, name, value)
    return made


@pytest.fixture
def office(catalogue):
    return catalogue.people["office"]


def test_an_import_keeps_the_dates_numbers_the_rows_and_tells_it_once(catalogue, office):
    seen = []
    report = import_items(office, (row(n) for n in range(5)), source="旧站", progress=seen.append)
    assert (report.written, report.present, report.refused, sum(seen)) == (5, 0, [], 5)
    items = list(Item.objects.order_by("pk"))
    assert [item.first_published_at for item in items] == [AT + timedelta(days=n) for n in range(5)]
    assert [item.index_no[-12:] for item in items] == [f"201803-{n:05}" for n in range(1, 6)]
    entry = AuditEntry.objects.get(verb="items.imported")
    assert entry.payload["written"] == 5
    assert len(entry.payload["digest"]) == 64
    assert OutboxEvent.objects.get(topic="items.imported").payload["ids"] == report.ids


def test_refused_rows_are_named_with_their_reason_and_the_others_go_on(office):
    future = timezone.now() + timedelta(days=2)
    rows = [
        row(1),
        row(2, title=""),
        row(3, published_at=future),
        row(4, doc_no="示财〔2018〕1号"),
        row(5, doc_no="示财(2018)1号"),
        row(6, column_code="NONE"),
        row(7, written_on=date(2030, 1, 1)),
        row(8, interpretation=InterpretationDraft("own", document_key="k99")),
        row(9, index_no="000000001/201803-00001"),
        row(10, index_no="000000001/201803-00001"),
        row(11),
    ]
    report = import_items(office, rows, source="表格")
    assert report.written == 4
    assert [(each.number, each.reason.split("；")[0]) for each in report.refused] == [
        (2, "缺少标题"),
        (3, f"发布时间{timezone.localtime(future):%Y-%m-%d %H:%M}晚于现在"),
        (6, "没有代码为“NONE”的栏目"),
        (7, "成文日期2030-01-01晚于发布日期2018-03-08"),
        (5, "文号“示财〔2018〕1号”在“示范市财政局”已经发布过，文号不得重复"),
        (10, "索引号“000000001/201803-00001”已被使用，索引号不得重复"),
        (8, "所解读的文件“k99”尚未发布"),
    ]
    assert report.refused[0].sentence == "第2行《无标题》：缺少标题；每条信息须有名称。"


def test_the_same_rows_again_add_nothing(office):
    import_items(office, [row(n) for n in range(4)], source="旧站")
    events, entries = OutboxEvent.objects.count(), AuditEntry.objects.count()
    report = import_items(office, [row(n) for n in range(5)] + [row(4)], source="旧站")
    assert (report.written, report.present, report.refused) == (1, 5, [])
    again = import_items(office, [row(n) for n in range(5)], source="旧站")
    assert (again.written, again.present) == (0, 5)
    assert Item.objects.count() == 5
    assert (OutboxEvent.objects.count(), AuditEntry.objects.count()) == (events + 1, entries + 1)


def test_a_failure_on_the_way_leaves_nothing(office):
    def broken():
        yield from (row(n) for n in range(2500))
        raise OSError("the disk is gone")

    numbers = dict(NumberCounter.objects.values_list("key", "last"))
    with pytest.raises(OSError, match="the disk is gone"):
        import_items(office, broken(), source="旧站")
    assert not Item.objects.exists()
    assert not OutboxEvent.objects.filter(topic="items.imported").exists()
    assert dict(NumberCounter.objects.values_list("key", "last")) == numbers


def test_what_hangs_on_an_item_comes_with_it(office):
    rows = [
        row(1, doc_no="示财〔2018〕1号", attachments=[("附件1.pdf", "https://example.cn/1.pdf")]),
        row(2, interpretation=InterpretationDraft("own", "graphic", document_key="k1")),
        row(3, interpretation=InterpretationDraft("superior", document_title="国务院关于某事的意见")),
        row(5, interpretation=InterpretationDraft("own", document_no="示财〔2018〕1号")),
        row(4, participants=[("张三", "局长", "财政局"), ("李四", "", "")]),
    ]
    report = import_items(office, rows, source="旧站")
    assert report.refused == []
    assert Attachment.objects.get().item_id == report.ids[0]
    own, superior, by_number = Interpretation.objects.order_by("pk")
    assert by_number.document_id == report.ids[0]
    assert (own.document_id, own.form) == (report.ids[0], "graphic")
    assert (superior.document_id, superior.document_title) == (None, "国务院关于某事的意见")
    assert list(Participant.objects.values_list("name", flat=True)) == ["张三", "李四"]


def test_an_interpretation_finds_its_document_from_an_earlier_import(office):
    import_items(office, [row(1, doc_no="示财〔2018〕1号")], source="一")
    report = import_items(
        office, [row(2, interpretation=InterpretationDraft("own", document_key="k1"))], source="二"
    )
    assert report.refused == []
    assert Interpretation.objects.get().document == Item.objects.get(source_key="k1")


def test_a_body_is_cleaned_on_its_way_in(office):
    import_items(
        office,
        [row(1, body='<p style="color:red;text-align:center" onclick="x()">字<script>x</script></p>')],
        source="旧站",
    )
    assert Item.objects.get().body == '<p style="text-align:center">字</p>'


@pytest.mark.parametrize("username", ["czj-signer", "czj-writer", "hexi-office", "auditor"])
def test_an_import_needs_its_permission_at_the_root(catalogue, username):
    with pytest.raises(NotAllowed):
        import_items(catalogue.people[username], [row(1)], source="旧站")


KILLED = """
import os, sys, time
import django
django.setup()
from django.core.management import call_command
from datetime import date, datetime, UTC
from mingzheng.city import services as city
from mingzheng.city.models import Person, Unit
from mingzheng.publish.catalogue import services as catalogue
from mingzheng.publish.items.models import Item
from mingzheng.publish.items.services import ItemDraft, import_items
call_command("migrate", verbosity=0)
if not Unit.objects.exists():
    root = city.create_unit(None, code="city", org_code="000000019", name="某市", short_name="某市", tier="T1", active_from=date(2016, 1, 1))
    person = city.create_person(None, username="office", name="某人", password=None)
    city.grant(None, person, "office", root, starts_on=date(2016, 1, 1))
    catalogue.load_standard(None)
slow = sys.argv[1] == "slow"
def rows():
    for n in range(6000):
        if slow and n == 5000:
            print("midway", flush=True)
            time.sleep(60)
        yield ItemDraft("city", "TZ01", f"通知{n}", "<p>x</p>", published_at=datetime(2018, 3, 1, tzinfo=UTC), source_key=f"k{n}")
report = import_items(Person.objects.get(username="office"), rows(), source="旧站")
print(report.written, report.present, Item.objects.count(), flush=True)
"""


def test_an_import_killed_midway_leaves_nothing_and_is_run_again(tmp_path):
    environment = {
        **os.environ,
        "MINGZHENG_HOME": str(tmp_path),
        "MINGZHENG_DATABASE": f"sqlite:///{tmp_path}/city.sqlite3",
        "DJANGO_SETTINGS_MODULE": "mingzheng.settings",
    }
    command = [sys.executable, "-c", KILLED]
    process = subprocess.Popen([*command, "slow"], env=environment, stdout=subprocess.PIPE, text=True)
    assert process.stdout.readline().strip() == "midway"
    process.send_signal(signal.SIGKILL)
    process.wait()
    time.sleep(0.1)
    again = subprocess.run([*command, "fast"], env=environment, capture_output=True, text=True, check=True)
    assert again.stdout.split() == ["6000", "0", "6000"]
    third = subprocess.run([*command, "fast"], env=environment, capture_output=True, text=True, check=True)
    assert third.stdout.split() == ["0", "6000", "6000"]


def test_no_lookup_of_an_import_scans_the_table(office):
    """The lookups must say the conditions of the partial indexes, or each chunk would read every item."""
    import_items(office, [row(n, doc_no=f"示财〔2018〕{n}号") for n in range(1, 50)], source="一")
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    lookups = (
        Item.objects.sourced().filter(source_key__in=["k1", "k2"]).values_list("source_key", "id"),
        Item.objects.numbered().filter(doc_no__in=["示财〔2018〕1号"]).values_list("unit_id", "doc_no"),
    )
    for lookup in lookups:
        if connection.vendor == "postgresql":
            with connection.cursor() as cursor:
                cursor.execute("SET LOCAL enable_seqscan = off")
        plan = lookup.explain()
        assert re.search(r"USING (COVERING )?INDEX item_once|Index.* Scan .*item_once|on item_once", plan), (
            plan
        )
