"""规范性文件 on the desk: the list, relations, filing, clean-up in bulk, and who may do what."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

import pytest
from django.test import Client
from tests.office.pages import queries, text

from mingzheng.publish.documents.models import CleanupResult, DocumentRelation, Filing
from mingzheng.publish.documents.services import validity
from mingzheng.publish.items.models import Item
from mingzheng.publish.items.services import ItemDraft, import_items

AT = datetime(2018, 5, 2, 1, tzinfo=UTC)
LIST = "/office/policies/"


def document(
    city: Any, title: str, number: int, unit: str = "czj", column: str = "ZC0101", **fields: Any
) -> Item:
    given = {"doc_no": f"示财〔2018〕{number}号", "published_at": AT, "written_on": date(2018, 4, 1)} | fields
    report = import_items(
        city.people["office"], [ItemDraft(unit, column, title, "<p>一。</p>", **given)], source="test"
    )
    assert report.refused == []
    return Item.objects.get(pk=report.ids[0])


def sign_in(city: Any, username: str) -> Client:
    client = Client()
    client.force_login(city.people[username])
    return client


@pytest.fixture
def made(catalogue: Any) -> dict[str, Item]:
    return {
        "new": document(catalogue, "新办法", 1, expires_on=date(2099, 1, 1)),
        "old": document(catalogue, "老办法", 2, expires_on=date(2099, 1, 1)),
        "ended": document(catalogue, "失效办法", 3),
        "foreign": document(catalogue, "县里的办法", 4, "hexi", "ZC0201", expires_on=date(2099, 1, 1)),
    }


def test_the_list_says_what_holds_and_is_narrowed(catalogue: Any, made: dict[str, Item]) -> None:
    client = sign_in(catalogue, "czj-signer")
    shown = text(client.get(LIST))
    assert "新办法" in shown
    assert "县里的办法" not in shown
    assert "失效办法" in text(client.get(LIST, {"validity": "expired"}))
    assert "新办法" not in text(client.get(LIST, {"validity": "expired"}))
    assert "新办法" not in text(client.get(LIST, {"year": "2017"}))
    assert "没有“河西县”这个单位" in text(client.get(LIST, {"unit": "河西县"}))
    assert "县里的办法" in text(sign_in(catalogue, "office").get(LIST, {"unit": "河西县人民政府"}))


def test_a_relation_is_registered_retracted_and_stays_to_be_read(
    catalogue: Any, made: dict[str, Item]
) -> None:
    client, page = sign_in(catalogue, "czj-signer"), f"/office/items/{made['new'].pk}/document/"
    given = {"kind": "repeals", "other": made["old"].pk, "on": "2018-06-01", "note": "第九条"}
    answer = client.post(f"{page}relate/", given, follow=True)
    assert "本文件废止 老办法" in text(answer)
    assert validity(made["old"], date(2018, 6, 1)) == "repealed"
    assert "本文件被废止 新办法" in text(client.get(f"/office/items/{made['old'].pk}/document/"))
    again = client.post(f"{page}relate/", given)
    assert "不能重复登记" in text(again)
    fact = DocumentRelation.objects.get()
    answer = client.post(
        f"{page}retract/", {"kind": "relation", "fact": fact.pk, "reason": "登记有误"}, follow=True
    )
    assert "已撤销 czj-signer：登记有误" in text(answer)
    assert validity(made["old"], date(2018, 6, 1)) == "valid"


def test_a_fact_is_retracted_on_its_own_document_only(catalogue: Any, made: dict[str, Item]) -> None:
    client = sign_in(catalogue, "office")
    given = {"filed_on": "2018-05-03", "number": "1号", "authority": "市政府"}
    client.post(f"/office/items/{made['new'].pk}/document/file/", given)
    fact = Filing.objects.get()
    for number in (str(fact.pk), "0", "x", "9" * 30):
        client.post(
            f"/office/items/{made['old'].pk}/document/retract/",
            {"kind": "filing", "fact": number, "reason": "有误"},
        )
    assert Filing.objects.standing().count() == 1


def test_who_may_only_read_is_offered_nothing_and_may_send_nothing(
    catalogue: Any, made: dict[str, Item]
) -> None:
    client, page = sign_in(catalogue, "czj-writer"), f"/office/items/{made['new'].pk}/document/"
    shown = text(client.get(page))
    assert "登记备案" not in shown.replace("没有登记备案", "")
    assert client.post(f"{page}file/", {}).status_code == 404
    assert client.get(f"{LIST}cleanup/").status_code == 404
    assert sign_in(catalogue, "hexi-office").get(page).status_code == 404


def test_many_results_are_recorded_in_one_submission(catalogue: Any, made: dict[str, Item]) -> None:
    client, page = sign_in(catalogue, "office"), f"{LIST}cleanup/?unit=czj"
    assert "县里的办法" not in text(client.get(page))
    given = {"year": "2019", "on": "2019-06-30", "basis": "示政〔2019〕3号"}
    results = {f"result-{made['new'].pk}": "kept", f"result-{made['old'].pk}": "repealed", "result-x": "kept"}
    answer = client.post(page, given | results, follow=True)
    assert "清理结果保留1件、修改0件、废止1件" in text(answer)
    assert dict(CleanupResult.objects.values_list("item__title", "result")) == {
        "新办法": "kept",
        "老办法": "repealed",
    }
    assert validity(made["old"], date(2019, 6, 30)) == "repealed"


def test_a_refused_submission_keeps_what_was_chosen(catalogue: Any, made: dict[str, Item]) -> None:
    client = sign_in(catalogue, "office")
    given = {"year": "2019", "on": "2018-06-30", "basis": "决定", f"result-{made['new'].pk}": "amend"}
    answer = client.post(f"{LIST}cleanup/", given)
    assert "早于清理年度" in text(answer)
    assert '<option value="amend" selected>' in answer.content.decode()
    assert not CleanupResult.objects.exists()


def test_the_list_needs_few_queries_however_many_documents(catalogue: Any, made: dict[str, Item]) -> None:
    client = sign_in(catalogue, "office")
    client.get(LIST)
    few = len(queries(client, LIST))
    for number in range(10, 30):
        document(catalogue, f"第{number}件", number)
    assert len(queries(client, LIST)) == few


def test_the_desk_warns_of_documents_that_end(catalogue: Any) -> None:
    from datetime import timedelta

    from django.utils import timezone

    today = timezone.localdate()
    near = document(catalogue, "月底到期的办法", 1, expires_on=today + timedelta(days=20))
    document(catalogue, "下季到期的办法", 2, expires_on=today + timedelta(days=80))
    document(catalogue, "明年到期的办法", 3, expires_on=today + timedelta(days=300))
    page = sign_in(catalogue, "czj-writer").get("/office/").content.decode()
    assert '<span class="lbl late">还有20天</span>' in page
    assert '<span class="lbl soon">还有80天</span>' in page
    assert "明年到期" not in page
    assert f"/office/items/{near.pk}/document/" in page


def test_an_issue_of_the_gazette_is_put_together_on_the_desk(catalogue: Any, made: dict[str, Item]) -> None:
    from mingzheng.publish.documents.models import GazetteIssue

    client = sign_in(catalogue, "office")
    given = {"year": "2018", "number": "1", "title": "公报第1期", "issued_on": "2018-02-01"}
    page = client.post("/office/gazettes/", given).url  # type: ignore[attr-defined]
    head = {"title": "公报第1期", "issued_on": "2018-02-01"}
    client.post(page, head | {"item": made["new"].pk, "heading": "市政府文件"})
    client.post(page, head | {"item": made["old"].pk})
    order = {f"order-{made['new'].pk}": "20", f"order-{made['old'].pk}": "10"}
    client.post(page, head | order)
    entries = GazetteIssue.objects.get().entries
    assert list(entries.values_list("item__title", "heading")) == [
        ("老办法", "市政府文件"),
        ("新办法", "市政府文件"),
    ]
    assert "老办法" in client.get(f"{page}preview/").content.decode()
    client.post(f"{page}publish/")
    client.post(page, head | {f"remove-{made['old'].pk}": "on"})
    assert entries.count() == 2
    assert "更正须写明" in text(client.post(page, head | {f"remove-{made['old'].pk}": "on"}))
    client.post(page, head | {f"remove-{made['old'].pk}": "on", "reason": "误编。"})
    assert entries.count() == 1
    assert "误编。" in text(client.get(page))


def test_a_county_s_office_reads_the_gazette_and_changes_nothing(catalogue: Any) -> None:
    client = sign_in(catalogue, "hexi-office")
    assert "新建一期" not in text(client.get("/office/gazettes/"))
    given = {"year": "2018", "number": "1", "title": "公报", "issued_on": "2018-02-01"}
    assert "没有“编辑政府公报”的权限" in text(client.post("/office/gazettes/", given))
    assert sign_in(catalogue, "czj-signer").get("/office/gazettes/").status_code == 404


def test_attributes_are_listed_narrowed_decided_and_exported(catalogue: Any) -> None:
    from io import BytesIO

    from openpyxl import load_workbook

    closed = {"openness": "closed", "non_disclosure_reason": "内部信息"}
    own = document(catalogue, "本局台账", 1, **closed)
    document(catalogue, "县里台账", 2, "hexi", "ZC0201", **closed)
    document(catalogue, "公开的办法", 3)
    client, page = sign_in(catalogue, "czj-signer"), "/office/attributes/"
    shown = text(client.get(page))
    assert "本局台账" in shown
    assert "待认定" in shown
    assert "县里台账" not in shown
    assert "公开的办法" not in shown
    assert "本局台账" not in text(client.get(page, {"openness": "on_request"}))
    assert "本局台账" not in text(client.get(page, {"state": "done"}))
    given = {"clause": "16-internal", "reason": "内部工作流程。"}
    client.post(f"/office/items/{own.pk}/attribute/", given)
    assert "内部工作流程。" in text(client.get(page, {"state": "done"}))
    assert "本局台账" not in text(client.get(page, {"state": "open"}))
    answer = client.post(f"{page}export/", {"stage": "item"})
    sheet = load_workbook(BytesIO(answer.getvalue())).active
    rows = list(sheet.iter_rows(values_only=True))
    assert [(row[1], row[4], row[6], row[7]) for row in rows[1:]] == [
        ("本局台账", "不予公开", "内部工作流程。", "czj-signer")
    ]
    assert sign_in(catalogue, "czj-writer").get(f"/office/items/{own.pk}/attribute/").status_code == 404


def test_the_writer_chooses_the_clause_while_writing(catalogue: Any) -> None:
    from mingzheng.publish.catalogue.services import column_by_code
    from mingzheng.publish.documents.services import decision_on
    from mingzheng.publish.manuscripts import services

    writer = catalogue.people["czj-writer"]
    made = services.start(
        writer, catalogue.units["czj"], column=column_by_code("DT01"), title="台账", body="<p>一</p>"
    )
    client, page = sign_in(catalogue, "czj-writer"), f"/office/manuscripts/edit/{made.pk}/"
    given = {
        "title": "台账", "body": "<p>一</p>", "column": made.column_id, "openness": "on_request",
        "non_disclosure_reason": "损害第三方权益", "clause": "14-secret",
    }  # fmt: skip
    assert "不能作为“依申请公开”的依据" in client.post(page, given).content.decode()
    client.post(page, given | {"clause": "15-trade"})
    kept = decision_on(made.subject)
    assert kept is not None
    assert (kept.clause, kept.actor) == ("15-trade", writer)
    assert "台账" in text(client.get("/office/attributes/", {"stage": "manuscript", "state": "done"}))
    shown = text(client.get(f"/office/manuscripts/inspect/{made.pk}/"))
    assert "第十五条：涉及商业秘密" in shown
