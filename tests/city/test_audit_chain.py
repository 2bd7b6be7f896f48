"""The audit chain shows every change, removal, insertion and cut."""

from __future__ import annotations

import json

import pytest
from django.db import connection, transaction
from django.db.utils import DatabaseError

from mingzheng.city import audit
from mingzheng.city.models import AuditEntry
from mingzheng.cli import main


@pytest.fixture
def chain(city):
    """The chain of the city's making, with the guard of the database taken away, as a forger would."""
    where = "" if connection.vendor == "sqlite" else " ON city_auditentry"
    with connection.cursor() as cursor:
        for verb in ("update", "delete"):
            cursor.execute(f'DROP TRIGGER "city_auditentry_no_{verb}"{where}')
    return list(AuditEntry.objects.order_by("id"))


def test_a_chain_that_nobody_touched_is_whole(city):
    assert AuditEntry.objects.count() > 10
    assert list(audit.verify()) == []


def test_the_database_refuses_to_change_or_delete_an_entry(city):
    for act in (lambda: AuditEntry.objects.update(verb="x"), lambda: AuditEntry.objects.all().delete()):
        with pytest.raises(DatabaseError, match="只增不改"), transaction.atomic():
            act()


@pytest.mark.parametrize("field", ["verb", "subject", "payload", "actor_id", "at"])
def test_a_changed_field_is_found(city, chain, field):
    entry = chain[4]
    changed = {
        "verb": "x", "subject": "x", "payload": {"x": 1}, "actor_id": city.people["office"].pk, "at": chain[0].at,
    }  # fmt: skip
    AuditEntry.objects.filter(pk=entry.pk).update(**{field: changed[field]})
    assert [each.entry_id for each in audit.verify()] == [entry.pk]


def test_a_removed_entry_is_found_by_the_one_after_it_and_by_the_count(chain):
    AuditEntry.objects.filter(pk=chain[4].pk).delete()
    assert [each.entry_id for each in audit.verify()] == [chain[5].pk, None]


def test_a_cut_tail_is_found(chain):
    AuditEntry.objects.filter(pk=chain[-1].pk).delete()
    [only] = audit.verify()
    assert "末尾记录被删改" in only.message


def test_two_exchanged_entries_are_found(chain):
    first, second = chain[2], chain[3]
    AuditEntry.objects.filter(pk=first.pk).update(verb=second.verb, payload=second.payload)
    AuditEntry.objects.filter(pk=second.pk).update(verb=first.verb, payload=first.payload)
    assert {each.entry_id for each in audit.verify()} >= {first.pk, second.pk}


def test_the_command_reports_with_status_0_when_whole_and_1_when_broken(chain, capsys):
    assert main(["audit", "verify", "--json"]) == 0
    assert json.loads(capsys.readouterr().out) == {"entries": len(chain), "breaks": []}
    AuditEntry.objects.filter(pk=chain[0].pk).update(verb="x")
    assert main(["audit", "verify"]) == 1
    printed = capsys.readouterr().out
    assert "已被改动" in printed
    assert f"共{len(chain)}条审计记录，发现1处问题。" in printed
