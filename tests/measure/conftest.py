"""The catalogue city with the rows of the factory."""

from __future__ import annotations

from datetime import date

import pytest
from tests.measure.factory import city_rows, draft, every_kind_rows, sound_cells

from mingzheng.publish.items.services import import_items


@pytest.fixture
def year(catalogue):
    """The city with its rows; the one to be withdrawn is withdrawn."""
    from mingzheng.publish.items.models import Item
    from mingzheng.publish.items.services import withdraw_item

    office = catalogue.people["office"]
    report = import_items(office, city_rows(), source="两年")
    assert report.refused == []
    withdraw_item(office, Item.objects.get(title="撤回的").pk, "误发")
    return catalogue


@pytest.fixture
def everything(year):
    """The city with at least one row for each measure."""
    report = import_items(year.people["office"], every_kind_rows(), source="各类")
    assert report.refused == []
    return year


@pytest.fixture
def modern(year):
    """A report of 2022 with reported cells of two units that add up."""
    from mingzheng.measure.services import report_cells

    office = year.people["office"]
    new = draft("city", "ZC0201", "新办法", date(2022, 5, 9), doc_no="示政规〔2022〕1号")
    assert import_items(office, [new], source="22").refused == []
    for unit in ("city", "czj"):
        report_cells(office, year.units[unit], 2022, sound_cells(2022, 2))
    return year
