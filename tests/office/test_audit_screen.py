"""审计记录: what an auditor reads, checks and takes away."""

from __future__ import annotations

import csv
import re
from datetime import UTC, date, datetime, timedelta
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from bs4 import BeautifulSoup
from django.db import connection
from django.test import Client
from tests.office.pages import english, queries, text

import mingzheng
from mingzheng.city import audit, services
from mingzheng.city.models import AuditEntry, AuditHead, Person
from mingzheng.office.audit.filters import _first_of
from mingzheng.office.audit.words import words

LIST = "/office/audit/"


@pytest.fixture
def auditor(city: Any) -> Client:
    client = Client()
    client.force_login(city.people["auditor"])
    return client


def numbers(answer: Any) -> list[int]:
    page = BeautifulSoup(answer.content.decode(), "html.parser")
    return [int(link.get_text()) for link in page.select(".desk-table td:first-child a")]


def forge(pk: int, verb: str) -> None:
    """Change an entry behind the system's back, as somebody with the database in hand would."""
    with connection.cursor() as cursor:
        where = " ON city_auditentry" if connection.vendor == "postgresql" else ""
        cursor.execute(f"DROP TRIGGER city_auditentry_no_update{where}")
        cursor.execute("UPDATE city_auditentry SET verb = %s WHERE id = %s", [verb, pk])


@pytest.mark.parametrize("username", ["office", "admin", "czj-writer"])
def test_only_auditors_come_in(city: Any, client: Client, username: str) -> None:
    client.force_login(city.people[username])
    for address in ("", f"{AuditEntry.objects.latest('pk').pk}/"):
        assert client.get(LIST + address).status_code == 404
    for address in ("check/", "export/"):
        assert client.post(LIST + address).status_code == 404


def test_an_auditor_of_a_county_does_not_read_the_citys_chain(city: Any, client: Client) -> None:
    person = services.create_person(None, username="hexi-auditor", name="河西审计员", password=None)
    services.grant(None, person, "auditor", city.units["hexi"], starts_on=date(2016, 1, 1))
    client.force_login(person)
    assert [client.get(LIST).status_code, client.get(f"{LIST}1/").status_code] == [404, 404]
    assert [client.post(f"{LIST}{verb}/").status_code for verb in ("check", "export")] == [404, 404]


def test_every_entry_is_listed_once_the_newest_first(city: Any, auditor: Client) -> None:
    for number in range(120):
        audit.append(None, "item.withdrawn", f"item:{number}", {"reason": "测试"})
    seen: list[int] = []
    answer = auditor.get(LIST)
    while True:
        seen += numbers(answer)
        page = BeautifulSoup(answer.content.decode(), "html.parser")
        link = page.find("a", string="更早的记录")
        if link is None:
            break
        answer = auditor.get(LIST + str(link["href"]))
    assert seen == list(AuditEntry.objects.order_by("-pk").values_list("pk", flat=True))


def test_a_page_takes_one_query_and_never_counts(city: Any, auditor: Client) -> None:
    found = queries(auditor, LIST, before="9", verb="person.granted", person="office", kind="person")
    assert len(found) <= 3
    assert not re.search(r"OFFSET|COUNT\(", str(found))


def test_filters(city: Any, auditor: Client) -> None:
    office = city.people["office"]
    one = audit.append(office, "item.withdrawn", "item:7", {}).pk
    two = audit.append(office, "item.amended", "item:77", {}).pk
    three = audit.append(None, "items.imported", "source:7", {}).pk
    today = str(AuditEntry.objects.get(pk=one).at.astimezone().date())
    for asked, found in (
        ({"person": "office"}, [two, one]),
        ({"person": "nobody"}, []),
        ({"verb": "item.amended"}, [two]),
        ({"kind": "item"}, [two, one]),
        ({"kind": "item", "number": "7"}, [one]),
        ({"kind": "source"}, [three]),
        ({"verb": "item.amended", "since": today, "until": today}, [two]),
        ({"verb": "item.amended", "until": "2001-01-01"}, []),
        ({"since": "2999-01-01"}, []),
        ({"before": "9" * 30, "kind": "source"}, [three]),
    ):
        assert numbers(auditor.get(LIST, asked)) == found, asked
    assert "请同时选择对象" in text(auditor.get(LIST, {"number": "7"}))
    assert "早于开始的日期" in text(auditor.get(LIST, {"since": "2018-02-01", "until": "2018-01-01"}))


def test_a_date_is_found_by_halving(db: None) -> None:
    start = datetime(2018, 1, 1, 4, tzinfo=UTC)
    made = AuditEntry.objects.bulk_create(
        AuditEntry(
            pk=number * 3,
            at=start + timedelta(hours=number),
            verb="x",
            subject="x",
            previous_hash="0",
            hash=str(number),
        )
        for number in range(1, 200)
    )  # with gaps in the numbers, as a rolled-back transaction leaves them
    for day in (start + timedelta(days=number) for number in range(-1, 12)):
        midnight = day.astimezone().replace(hour=0)
        after = [entry.pk for entry in made if entry.at >= midnight]
        first = _first_of(midnight.date())
        assert [entry.pk for entry in made if entry.pk >= first] == after


def test_an_entry_is_readable(city: Any, auditor: Client) -> None:
    granted = AuditEntry.objects.filter(verb="person.granted").first()
    assert granted is not None
    shown = text(auditor.get(f"{LIST}{granted.pk}/"))
    for part in ("授权任职", "角色 审核员", "单位代码 city", "含下级单位 是", "结束日期 无", granted.hash):
        assert part in shown
    for number in (999999, 10**30):
        assert auditor.get(f"{LIST}{number}/").status_code == 404


def test_a_whole_chain_and_a_broken_one(city: Any, auditor: Client) -> None:
    assert "完整" in text(auditor.post(f"{LIST}check/"))
    victim = AuditEntry.objects.order_by("pk")[3]
    forge(victim.pk, "item.published")
    assert f"审计记录第{victim.pk}号的内容与其校验值不符" in text(auditor.post(f"{LIST}check/"))
    assert auditor.get(f"{LIST}check/").status_code == 405


def test_the_newest_part_alone_can_be_checked(city: Any) -> None:
    first = AuditEntry.objects.order_by("pk").first()
    assert first is not None
    assert list(audit.verify(last=5)) == []
    forge(first.pk, "item.published")
    assert list(audit.verify(last=5)) == []
    assert len(list(audit.verify(last=10_000))) == 1
    AuditHead.objects.update(hash="0")
    assert [each.entry_id for each in audit.verify(last=5)] == [None]


def test_an_export_is_a_table_and_is_itself_recorded(city: Any, auditor: Client) -> None:
    Person.objects.filter(username="office").update(name="=cmd()")
    audit.append(city.people["office"], "item.withdrawn", "item:7", {"reason": "内容有误"})
    answer = auditor.post(f"{LIST}export/", {"verb": "item.withdrawn"})
    content = b"".join(answer.streaming_content).decode()  # type: ignore[attr-defined]
    assert content.startswith("\ufeff编号")
    lines = list(csv.reader(StringIO(content[1:])))
    assert len(lines) == 2
    assert lines[1][2:7] == ["'=cmd()", "office", "撤回信息", "信息7号", "原因：内容有误"]
    last = AuditEntry.objects.latest("pk")
    assert (last.verb, last.payload) == ("audit.exported", {"filters": "动作：撤回信息"})
    assert auditor.post(f"{LIST}export/", {"since": "x"}).status_code == 302


def test_every_verb_that_is_written_has_a_name() -> None:
    written = set()
    for path in Path(mingzheng.__file__).parent.rglob("*.py"):
        source = path.read_text("utf-8")
        for call in re.finditer(
            r"(?:audit\.append|\b_append)\(\s*[\w.()]+,\s*\"([a-z_]+\.[a-z_]+)\"", source
        ):
            written.add(call[1])
    assert len(written) > 30
    assert written <= set(words()["verbs"])


def test_no_page_speaks_english(city: Any, auditor: Client) -> None:
    Person.objects.update(name="张三")
    assert english(auditor.get(LIST)) == set()
    for entry in AuditEntry.objects.all():
        assert english(auditor.get(f"{LIST}{entry.pk}/")) == set()
    assert english(auditor.post(f"{LIST}check/")) == set()
