"""The small city goes into an empty database without a refusal, once, and its figures are what they must be."""

from datetime import date
from pathlib import Path
from typing import Any

import pytest
from django.conf import LazySettings
from django.db.models import Max, Min

from mingzheng.city.models import Person
from mingzheng.demo import installing
from mingzheng.demo.compiling import compile_year
from mingzheng.demo.figures import figures_got, wanted
from mingzheng.demo.readings import write_readings
from mingzheng.law.errors import Refusal
from mingzheng.portal.reading.models import Fold, ItemDay, PageDay, VisitorDay
from mingzheng.portal.reading.services import Part, Period
from mingzheng.publish.documents.models import GazetteIssue
from mingzheng.publish.placements.models import Placement, Topic, TopicEntry


@pytest.fixture
def home(settings: LazySettings, tmp_path: Path) -> Path:
    settings.HOME = tmp_path
    return tmp_path


def ignore(count: int) -> None:
    return None


@pytest.mark.django_db
def test_the_small_city_is_built_once_and_shows_its_figures(home: Path) -> None:
    installing.prepare_database("small")
    assert installing.create_units(ignore) > 300
    installing.load_catalogue()
    accounts = installing.create_accounts()
    report = installing.import_year(2018, "small", ignore)
    assert report.refused == []
    figures = wanted(2018, "small")
    assert report.written == figures.total

    rows = figures.rows()
    got = figures_got(2018, rows)
    assert {row.label: count for row, count in zip(rows, got, strict=True)} == {
        row.label: row.wanted for row in rows
    }

    # A second run finds everything.
    installing.prepare_database("small")
    assert installing.create_units(ignore) == 0
    installing.load_catalogue()
    assert installing.create_accounts() == accounts
    again = installing.import_year(2018, "small", ignore)
    assert (again.written, again.present) == (0, figures.total)

    for _ in range(2):  # once, however often it is run
        compile_year(2018)
    assert list(Topic.objects.values_list("slug", flat=True)) == ["fupin-2018"]
    assert TopicEntry.objects.count() > 10
    assert GazetteIssue.objects.get().entries.count() > 5
    assert Placement.objects.get().state == "accepted"
    assert figures_got(2018, rows) == got

    with pytest.raises(Refusal, match="其他规模"):
        installing.prepare_database("full")


def test_another_citys_database_is_refused(city: Any) -> None:
    with pytest.raises(Refusal, match="不是演示数据"):
        installing.prepare_database("small")


@pytest.mark.django_db
def test_the_accounts_share_one_kept_password_and_the_reports_are_published_once(home: Path) -> None:
    installing.create_units(ignore)
    installing.load_catalogue()
    accounts = installing.create_accounts()
    assert len(accounts) == 8
    kept = home / "demo-password.txt"
    assert all(person.check_password(kept.read_text()) for person in Person.objects.all())
    assert kept.stat().st_mode & 0o077 == 0
    installing.import_year(2017, "small", ignore)
    assert installing.publish_reports(2017) == 3
    assert installing.publish_reports(2017) == 0


@pytest.mark.django_db
def test_a_year_of_readings_is_written_once_and_marked(home: Path) -> None:
    installing.create_units(ignore)
    installing.load_catalogue()
    installing.create_accounts()
    installing.import_year(2018, "small", ignore)
    until = date(2026, 11, 23)
    assert write_readings(2018, "small", until, ignore) > 10_000
    assert write_readings(2018, "small", until, ignore) == 0
    assert Fold.objects.get().pk.startswith("demo-")
    days = ItemDay.objects.aggregate(first=Min("day"), last=Max("day"))
    assert date(2025, 11, 24) <= days["first"] < days["last"] <= until
    whole = Part(Period(date(2025, 11, 24), until))
    before = (whole.total(), whole.by_item(50), whole.visitors())
    assert 0 < (before[2] or 0) < before[0].all
    for model in (Fold, ItemDay, PageDay, VisitorDay):
        model.objects.all().delete()
    write_readings(2018, "small", until, ignore)
    assert (whole.total(), whole.by_item(50), whole.visitors()) == before
