"""Rows of a filled sheet become drafts of one unit; what cannot become one is told, row by row."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import pytest
from openpyxl import Workbook

from mingzheng.city import services
from mingzheng.city.models import AuditEntry
from mingzheng.law.errors import Refusal
from mingzheng.publish.items.models import Item
from mingzheng.publish.manuscripts import importing
from mingzheng.publish.manuscripts.importing import import_manuscripts
from mingzheng.publish.manuscripts.models import Manuscript

HEADS = ["标题", "栏目代码", "正文", "文号", "单位", "成文日期"]
TEXT = "定于周五召开会议。"


@pytest.fixture
def sheet(tmp_path):
    def write(*rows: list[object]) -> Path:
        book = Workbook()
        for row in (HEADS, *rows):
            book.active.append(row)
        book.save(tmp_path / "表.xlsx")
        return tmp_path / "表.xlsx"

    return write


def bring_in(catalogue, path, person="czj-writer", unit="czj", **given):
    return import_manuscripts(catalogue.people[person], catalogue.units[unit], path, **given)


def test_good_rows_become_drafts_of_the_unit_and_nothing_is_public(catalogue, sheet):
    done = bring_in(catalogue, sheet(["通知一", "TZ01", TEXT], ["通知二", "TZ01", TEXT]))
    assert (done.written, done.errors) == (2, {})
    drafts = Manuscript.objects.order_by("pk")
    assert [(each.title, each.state, each.unit.code, each.writer.username) for each in drafts] == [
        ("通知一", "draft", "czj", "czj-writer"), ("通知二", "draft", "czj", "czj-writer"),
    ]  # fmt: skip
    assert not Item.objects.exists()


@pytest.mark.parametrize(
    ("row", "rule"),
    [
        (["会议", "没有的栏目", TEXT], "栏目"),
        (["", "TZ01", TEXT], "缺少标题"),
        (["会议", "TZ01", TEXT, "示财（2018）", None], "文号"),
        (["会议", "TZ01", TEXT, "", "河西县财政局"], "不是所选的“示范市财政局”"),
        (["会议", "TZ01", TEXT, "", "", "2999-01-01"], "成文日期"),
    ],
    ids=["column", "title", "number", "foreign-unit", "date"],
)
def test_a_bad_row_is_told_and_the_others_come_in(catalogue, sheet, row, rule):
    done = bring_in(catalogue, sheet(["通知一", "TZ01", TEXT], row, ["通知二", "TZ01", TEXT]))
    assert (done.written, list(done.errors)) == (2, [3])
    assert rule in done.errors[3]
    assert done.errors[3].endswith("。")


def test_the_units_own_names_are_all_taken(catalogue, sheet):
    rows = (["会议", "TZ01", TEXT, "", name] for name in ("czj", "示范市财政局", "财政局"))
    assert bring_in(catalogue, sheet(*rows)).written == 3


def test_a_document_number_is_taken_once(catalogue, sheet):
    row = ["关于会议的通知", "TZ01", TEXT, "示财〔2018〕1号"]
    done = bring_in(catalogue, sheet(row, row))
    assert (done.written, list(done.errors)) == (1, [3])
    again = bring_in(catalogue, sheet(row))
    assert (again.written, list(again.errors)) == (0, [2])


def test_a_sheet_is_one_entry_of_the_audit_chain(catalogue, sheet):
    bring_in(catalogue, sheet(["通知一", "TZ01", TEXT], ["", "TZ01", TEXT]))
    [entry] = AuditEntry.objects.filter(verb="manuscripts.imported")
    assert (entry.payload["written"], entry.payload["refused"]) == (1, 1)


def test_what_an_operator_brings_in_is_marked(catalogue, sheet):
    operator = services.create_person(None, username="yunwei", name="运维", password=None)
    services.grant(
        None, operator, "operator", catalogue.units["czj"], starts_on=date.today(),
        ends_on=date.today() + timedelta(days=30),
    )  # fmt: skip
    catalogue.people["yunwei"] = operator
    bring_in(catalogue, sheet(["通知一", "TZ01", TEXT]), "yunwei")
    assert Manuscript.objects.get().by_operator


@pytest.mark.parametrize(
    ("person", "unit"), [("czj-writer", "hexi"), ("auditor", "czj"), ("czj-signer", "czj")]
)
def test_who_does_not_write_in_the_unit_brings_nothing_in(catalogue, sheet, person, unit):
    with pytest.raises(Refusal):
        bring_in(catalogue, sheet(["通知一", "TZ01", TEXT]), person, unit)
    assert not Manuscript.objects.exists()


def test_a_sheet_that_breaks_off_half_way_leaves_nothing(catalogue, sheet, monkeypatch):
    monkeypatch.setattr(importing, "BATCH", 1)
    write, times = importing._write, iter([True, False])

    def failing(waiting):
        if not next(times):
            raise OSError("the disk is full")
        return write(waiting)

    monkeypatch.setattr(importing, "_write", failing)
    with pytest.raises(OSError, match="full"):
        bring_in(catalogue, sheet(["通知一", "TZ01", TEXT], ["通知二", "TZ01", TEXT]))
    assert not Manuscript.objects.exists()


def test_progress_tells_the_rows_read(catalogue, sheet, monkeypatch):
    monkeypatch.setattr(importing, "BATCH", 2)
    told: list[int] = []
    bring_in(catalogue, sheet(*[["会议", "TZ01", TEXT]] * 4, ["", "", ""]), progress=told.append)
    assert told == [2, 4]
