"""Outsourced operators: their work is marked, released by the unit alone, and summed by month."""

from __future__ import annotations

import io
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone
from openpyxl import load_workbook

from mingzheng.city import services as people
from mingzheng.city.models import Unit
from mingzheng.law.errors import Refusal
from mingzheng.measure.operators import operator_months
from mingzheng.publish.catalogue.services import column_by_code
from mingzheng.publish.manuscripts import services
from mingzheng.publish.manuscripts.models import Manuscript

TODAY = timezone.localdate()
SECRECY = {"conclusion": "可以公开", "basis": "不涉密。"}


@pytest.fixture
def operator(catalogue):
    person = people.create_person(None, username="op", name="运维甲", password=None)
    for code in ("czj", "hexi"):
        people.grant(
            None,
            person,
            "operator",
            catalogue.units[code],
            starts_on=TODAY,
            ends_on=TODAY + timedelta(days=30),
        )
    return person


def write(operator, catalogue, code, title):
    return services.start(
        operator, catalogue.units[code], column=column_by_code("TZ01"), title=title, body="<p>正文。</p>"
    )


def client(person):
    made = Client()
    made.force_login(person, backend="allauth.account.auth_backends.AuthenticationBackend")
    return made


def test_an_operators_month_is_counted_by_unit_with_its_rows(catalogue, operator):
    first = write(operator, catalogue, "czj", "=危险的标题")
    write(operator, catalogue, "czj", "第二份通知")
    write(operator, catalogue, "hexi", "县里的通知")
    services.start(catalogue.people["czj-writer"], catalogue.units["czj"], title="自己写的")
    services.submit(operator, first.pk)
    services.return_to_writer(catalogue.people["reviewer"], first.pk, reason="改")
    services.submit(operator, first.pk)
    for name in ("reviewer", "secrecy", "chief"):
        digest = Manuscript.objects.get(pk=first.pk).content_hash
        services.pass_step(
            catalogue.people[name],
            first.pk,
            content_hash=digest,
            secrecy=SECRECY if name == "secrecy" else None,
        )
    services.publish(catalogue.people["czj-signer"], first.pk)
    rows = {row.unit.code: row for row in operator_months(Unit.objects.all(), TODAY)}
    assert set(rows) == {"czj", "hexi"}
    czj = rows["czj"]
    assert (len(czj.written), czj.handed_in, czj.returned, czj.published) == (2, 2, 1, 1)
    assert czj.return_rate == "50.0%"
    assert operator_months(Unit.objects.all(), TODAY - timedelta(days=70)) == []

    office = client(catalogue.people["office"])
    page = office.get("/office/operators/")
    assert "运维甲" in page.content.decode()
    answer = office.get("/office/operators/?export=xlsx")
    sheet = load_workbook(io.BytesIO(answer.content))
    assert [cell.value for cell in sheet["运维工作量"][3]][:3] == ["运维甲", "示范市财政局", 2]
    assert {row[3].value for row in sheet["起草明细"].iter_rows(min_row=2)} >= {"'=危险的标题"}


def test_a_unit_sees_its_own_operators_work_alone(catalogue, operator):
    write(operator, catalogue, "czj", "财政局的通知")
    write(operator, catalogue, "hexi", "县里的通知")
    page = client(catalogue.people["czj-signer"]).get("/office/operators/").content.decode()
    assert "示范市财政局" in page
    assert "河西县" not in page
    for name in ("czj-writer", "auditor", "admin"):
        assert client(catalogue.people[name]).get("/office/operators/").status_code == 404


def test_an_operator_neither_signs_nor_publishes_nor_goes_on_after_the_term(catalogue, operator):
    made = write(operator, catalogue, "czj", "通知")
    services.submit(operator, made.pk)
    for act in (
        lambda: services.pass_step(operator, made.pk, content_hash=made.content_hash),
        lambda: services.publish(operator, made.pk),
        lambda: services.publish_urgently(operator, made.pk, reason="赶时间发布"),
    ):
        with pytest.raises(Refusal):
            act()
    operator.memberships.update(ends_on=TODAY - timedelta(days=1), starts_on=TODAY - timedelta(days=9))
    with pytest.raises(Refusal, match="没有“起草和修改稿件”的权限"):
        services.recall(operator, made.pk) and services.save(operator, Manuscript.objects.get(pk=made.pk))
    answer = client(operator).get("/office/manuscripts/")
    assert answer.status_code in (302, 403)
    assert "通知" not in answer.content.decode()


def test_a_wrong_month_is_refused_in_a_sentence(catalogue):
    answer = client(catalogue.people["office"]).get("/office/operators/?month=2026-13")
    assert "月份“2026-13”有误" in answer.content.decode()
