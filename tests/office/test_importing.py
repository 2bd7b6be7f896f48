"""批量导入: the sheet of a unit, what it became, and the refused rows to correct and bring again."""

from __future__ import annotations

import io

import pytest
from django.test import Client
from openpyxl import Workbook, load_workbook
from tests.office.pages import english, text

from mingzheng.publish.manuscripts.models import Manuscript

ADDRESS = "/office/manuscripts/import/"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@pytest.fixture
def client(catalogue):
    client = Client()
    client.force_login(catalogue.people["czj-writer"])
    return client


def template_of(client):
    answer = client.get(f"{ADDRESS}template/")
    assert (
        "批量导入" in answer.headers["Content-Disposition"]
        or "filename*" in answer.headers["Content-Disposition"]
    )
    return load_workbook(io.BytesIO(b"".join(answer.streaming_content)))


def fill(book, *rows):
    form = book["填报"]
    places = {str(cell.value).strip("*"): cell.column for cell in form[3]}
    for number, row in enumerate(rows, start=4):
        for label, value in row.items():
            form.cell(number, places[label]).value = value
    return saved(book)


def saved(book, name="填好的表.xlsx"):
    file = io.BytesIO()
    book.save(file)
    file.seek(0)
    file.name = name
    return file


def send(client, catalogue, file, unit="czj"):
    return client.post(ADDRESS, {"unit": catalogue.units[unit].pk, "file": file})


GOOD = {"标题": "关于召开会议的通知", "栏目代码": "TZ01 通知公告", "正文": "定于周五召开会议。"}


def test_the_refused_rows_come_back_corrected_and_go_in(catalogue, client):
    answer = send(client, catalogue, fill(template_of(client), GOOD, GOOD | {"标题": ""}))
    told = text(answer)
    assert "已成为草稿1条，未导入1条" in told
    assert "第5行 缺少标题" in told
    assert english(answer) <= {"xlsx"}
    errors = client.get(f"{ADDRESS}errors/")
    again = load_workbook(io.BytesIO(b"".join(errors.streaming_content)))
    form = again["填报"]
    places = {str(cell.value).strip("*"): cell.column for cell in form[3]}
    form.cell(4, places["标题"]).value = "关于会议改期的通知"
    assert "已成为草稿1条，未导入0条" in text(send(client, catalogue, saved(again)))
    titles = set(Manuscript.objects.values_list("title", flat=True))
    assert titles == {"关于召开会议的通知", "关于会议改期的通知"}


def test_without_refused_rows_there_is_no_sheet_of_them(client):
    answer = client.get(f"{ADDRESS}errors/", follow=True)
    assert answer.redirect_chain == [(ADDRESS, 302)]
    assert "没有待改正的行" in answer.content.decode()


def test_one_persons_refused_rows_are_not_anothers(catalogue, client):
    send(client, catalogue, fill(template_of(client), GOOD | {"标题": ""}))
    other = Client()
    other.force_login(catalogue.people["office"])
    assert other.get(f"{ADDRESS}errors/").status_code == 302


def test_a_unit_of_others_is_not_offered_and_not_taken(catalogue, client):
    answer = send(client, catalogue, saved(Workbook()), "hexi")
    assert answer.status_code == 200
    assert "河西" not in text(answer)
    assert not Manuscript.objects.exists()
    other = client.get(f"{ADDRESS}template/?unit={catalogue.units['hexi'].pk}")
    assert other.status_code == 404


@pytest.mark.parametrize(
    ("content", "name"),
    [(b"MZ\x90\x00" + b"\0" * 600, "表.xlsx"), (b"%PDF-1.7 ...", "表.xlsx"), (b"a,b,c\n", "表.csv"), (b"PK\x03\x04", "表.xlsx")],
    ids=["program", "pdf", "csv", "broken"],
)  # fmt: skip
def test_what_is_no_sheet_is_refused_in_one_sentence(catalogue, client, content, name):
    file = io.BytesIO(content)
    file.name = name
    answer = send(client, catalogue, file)
    assert answer.status_code == 200
    [sentence] = answer.context["form"].errors["file"]
    assert sentence.endswith("。")


def test_a_file_over_the_limit_is_refused_before_it_is_read(catalogue, client, monkeypatch):
    monkeypatch.setattr("mingzheng.office.manuscripts.importing.LARGEST", 1000)
    answer = send(client, catalogue, fill(template_of(client), GOOD))
    assert "请拆成几个表格" in text(answer)
    assert not Manuscript.objects.exists()


def test_the_page_asks_how_far_it_is(client):
    assert client.get(f"{ADDRESS}progress/").json() == {"read": 0}
