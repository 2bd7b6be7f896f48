"""Publication of an annual report: checked, once, audited, and frozen with the very rows that its figures count."""

from __future__ import annotations

import json
from datetime import date

import pytest
from django.utils import timezone
from tests.measure.factory import draft

from mingzheng.city.models import AuditEntry, OutboxEvent
from mingzheng.city.services import NotAllowed
from mingzheng.cli import main
from mingzheng.law.errors import Refusal
from mingzheng.measure import services as measure
from mingzheng.measure.models import AnnualReport, FrozenFigure
from mingzheng.measure.registry import Measure
from mingzheng.publish.items.models import Item
from mingzheng.publish.items.services import import_items, withdraw_item


def test_a_report_that_breaks_a_cross_check_is_not_published(modern):
    office = modern.people["office"]
    measure.report_cells(office, modern.units["czj"], 2022, {"t3.D.natural": 50})
    with pytest.raises(Refusal, match="不能发布，R01"):
        measure.publish_report(office, modern.units["city"], 2022, whole=True)
    assert not AnnualReport.objects.exists()


def test_a_report_with_blanks_is_not_published(year):
    import_items(
        year.people["office"],
        [draft("czj", "TZ01", "新", date(2022, 5, 9))],
        source="22",
    )
    with pytest.raises(Refusal, match="R06"):
        measure.publish_report(year.people["office"], year.units["czj"], 2022)


def test_a_published_report_stays_as_it_was(modern):
    office, unit = modern.people["office"], modern.units["city"]
    report = measure.publish_report(office, unit, 2018, whole=True)
    stored = AnnualReport.objects.get()
    frozen = FrozenFigure.objects.get(key="/figures/disclosure.items/2018/all/")
    assert (int(frozen.value), frozen.row_count) == (25, 25)
    assert measure.drift_of(frozen) == measure.Drift(25, 25, (), ())
    gone = Item.objects.public().filter(first_published_at__year=2018).first()
    withdraw_item(office, gone.pk, "误")
    import_items(office, [draft("czj", "TZ01", "补录", gone.first_published_at.date())], source="补")
    new = Item.objects.get(title="补录")
    frozen.refresh_from_db()
    stored.refresh_from_db()
    assert int(frozen.value) == 25
    assert stored.content == json.loads(json.dumps(report.as_content()))
    assert measure.drift_of(frozen) == measure.Drift(25, 25, (gone.pk,), (new.pk,))
    page = measure.frozen_page(frozen, 1)
    assert page.total == 25
    assert gone.title in {row[0].text for row in page.rows}


def test_publication_happens_once_is_audited_and_told(year):
    office, unit = year.people["office"], year.units["city"]
    measure.publish_report(office, unit, 2018, whole=True)
    assert AuditEntry.objects.filter(verb="report.published").count() == 1
    assert OutboxEvent.objects.filter(topic="report.published").count() == 1
    with pytest.raises(Refusal, match="已经发布"):
        measure.publish_report(office, unit, 2018, whole=True)
    measure.publish_report(office, unit, 2018)  # the government's own part is another report


@pytest.mark.parametrize("username", ["czj-writer", "auditor", "admin", "hexi-office"])
def test_publication_needs_its_permission(year, username):
    with pytest.raises(NotAllowed):
        measure.publish_report(year.people[username], year.units["czj"], 2018)


def test_a_year_that_is_not_over_cannot_be_published(year):
    with pytest.raises(Refusal, match="尚未结束"):
        measure.publish_report(
            year.people["office"], year.units["city"], timezone.localdate().year, whole=True
        )


def test_a_report_in_the_form_of_today_is_published_when_all_of_it_is_there(modern):
    office, unit = modern.people["office"], modern.units["city"]
    with pytest.raises(Refusal, match="第五部分“存在的主要问题及改进情况”尚未填报"):
        measure.publish_report(office, unit, 2022, whole=True)
    measure.report_text(office, unit, 2022, "problems", "更新不够及时。")
    measure.publish_report(office, unit, 2022, whole=True)
    frozen = FrozenFigure.objects.get(key="/figures/documents.normative_made/2022/all/")
    assert (int(frozen.value), frozen.row_count) == (1, 1)


def test_what_is_carried_over_must_be_what_the_year_before_left_open(modern):
    """R04: both units carry over 2, so the year before must have left 4 open in every column."""
    office, unit = modern.people["office"], modern.units["city"]
    measure.report_text(office, unit, 2022, "problems", "更新不够及时。")
    measure.report_cells(office, unit, 2021, {"t3.D.natural": 3})
    with pytest.raises(Refusal, match=r"R04：“二、上年结转政府信息公开申请数量”自然人为4.*应为3"):
        measure.publish_report(office, unit, 2022, whole=True)
    measure.report_cells(office, unit, 2021, {"t3.D.natural": 4})
    measure.publish_report(office, unit, 2022, whole=True)


def test_totals_of_the_older_sheet_are_computed_and_never_reported(year):
    office, unit = year.people["office"], year.units["czj"]
    with pytest.raises(Refusal, match="由系统计算，不能填报"):
        measure.report_cells(office, unit, 2018, {"g1.received": 9})
    measure.report_cells(office, unit, 2018, {"g1.received_online": 2})
    measure.publish_report(office, unit, 2018)
    assert AnnualReport.objects.get().content["chapters"][-1]["title"] == "附：政府信息公开情况统计表"


def test_a_figure_that_changes_while_the_report_is_written_is_not_frozen(year, monkeypatch):
    """The sentence said 25; had a row gone since, number and rows would never agree again."""
    counted = Measure.count_by_unit

    def one_more(self, scope):
        return {unit: count + 1 for unit, count in counted(self, scope).items()}

    monkeypatch.setattr(Measure, "count_by_unit", one_more)
    with pytest.raises(Refusal, match="数字没有定稿，请重新发布"):
        measure.publish_report(year.people["office"], year.units["czj"], 2018)
    assert not AnnualReport.objects.exists()
    assert not AuditEntry.objects.filter(verb="report.published").exists()
    assert not OutboxEvent.objects.filter(topic="report.published").exists()


def test_the_command_writes_a_published_report_as_it_stood(year, capsys):
    office, unit = year.people["office"], year.units["czj"]
    live = measure.report_json(measure.compose_report(unit, 2018))
    measure.publish_report(office, unit, 2018)
    withdraw_item(
        office, Item.objects.public().filter(unit=unit, first_published_at__year=2018).first().pk, "误"
    )
    assert main(["report", "--unit", "czj", "--year", "2018"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert told.pop("published_at") is not None
    assert live.pop("published_at") is None
    assert told == live
    assert measure.published_report(unit, 2018, whole=True) is None
