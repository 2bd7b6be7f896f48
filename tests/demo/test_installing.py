"""The small city goes into an empty database without a refusal, once, and its figures are what they must be."""

import stat
from pathlib import Path
from typing import Any

import pytest
import yaml
from django.conf import LazySettings

from mingzheng.demo import installing
from mingzheng.demo.figures import figures_got, wanted
from mingzheng.law.errors import Refusal


@pytest.fixture
def home(settings: LazySettings, tmp_path: Path) -> Path:
    settings.HOME, settings.SITE_FILE = tmp_path, tmp_path / "site.yaml"
    return tmp_path


def ignore(count: int) -> None:
    return None


@pytest.mark.django_db
def test_the_small_city_is_built_once_and_shows_its_figures(home: Path) -> None:
    installing.prepare_database("small")
    assert installing.create_units(ignore) > 300
    installing.load_catalogue()
    password, accounts = installing.create_accounts()
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
    assert installing.create_accounts() == (password, accounts)
    again = installing.import_year(2018, "small", ignore)
    assert (again.written, again.present) == (0, figures.total)

    with pytest.raises(Refusal, match="其他规模"):
        installing.prepare_database("full")


def test_another_citys_database_is_refused(city: Any) -> None:
    with pytest.raises(Refusal, match="不是演示数据"):
        installing.prepare_database("small")


@pytest.mark.django_db
def test_the_password_is_kept_for_its_owner_alone(home: Path) -> None:
    installing.create_units(ignore)
    password, accounts = installing.create_accounts()
    path = home / installing.ACCOUNTS_FILE
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert password in path.read_text("utf-8")
    assert len(accounts) == 5


def test_the_site_file_is_written_once(home: Path) -> None:
    installing.write_site_file()
    path = home / "site.yaml"
    assert yaml.safe_load(path.read_text("utf-8"))["name"] == "示范市人民政府"
    path.write_text("name: 改过的名称\n", "utf-8")
    installing.write_site_file()
    assert path.read_text("utf-8") == "name: 改过的名称\n"
