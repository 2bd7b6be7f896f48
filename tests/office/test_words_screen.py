"""词表 on screen: search, add, end, out to Excel and back; and the buttons beside a finding."""

from __future__ import annotations

import io

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone
from openpyxl import load_workbook
from tests.office.pages import english, text

from mingzheng.publish.catalogue.services import column_by_code
from mingzheng.publish.manuscripts import checking, services
from mingzheng.publish.manuscripts.models import Manuscript
from mingzheng.publish.words.models import WordRule
from mingzheng.publish.words.services import RuleDraft, add_rule

LIST = "/office/words/"


@pytest.fixture
def enter(catalogue):
    def made(username):
        client = Client()
        client.force_login(catalogue.people[username])
        return client

    return made


def given(**changes):
    day = timezone.localdate()
    return {
        "kind": "typo", "wrong": "示范式", "right": "示范市", "severity": "warn", "unit": "全市",
        "active_from": str(day), "reason": "常见错误",
    } | changes  # fmt: skip


def test_the_office_adds_finds_and_ends_a_rule(catalogue, enter):
    client = enter("office")
    assert client.post(f"{LIST}add/", given()).status_code == 302
    assert "示范式" in text(client.get(LIST, {"q": "示范"}))
    assert "示范式" not in text(client.get(LIST, {"kind": "white"}))
    shown = client.get(LIST, {"q": "帐户"})
    assert "系统自带的词表" in text(shown)
    assert english(shown) == set()
    rule = WordRule.objects.get()
    assert client.post(f"{LIST}{rule.pk}/end/", {"reason": "误登"}).status_code == 302
    assert "示范式" not in text(client.get(LIST))
    assert "误登" in text(client.get(LIST, {"state": "ended"}))


def test_a_wrong_form_is_told_and_keeps_what_was_typed(catalogue, enter):
    answer = enter("office").post(f"{LIST}add/", given(right="示范式", unit="没有的局"))
    assert answer.status_code == 400
    assert "没有“没有的局”这个单位" in text(answer)
    assert 'value="示范式"' in answer.content.decode()
    assert WordRule.objects.count() == 0


def test_a_unit_keeps_its_white_list_and_sees_no_other(catalogue, enter):
    office = catalogue.people["office"]
    add_rule(office, RuleDraft("white", "别家的词", unit=catalogue.units["daj"], reason="别家的"))
    add_rule(office, RuleDraft("typo", "全市的词", "全市用词", reason="全市的"))
    client = enter("czj-signer")
    shown = text(client.get(LIST))
    assert "全市的词" in shown
    assert "别家的词" not in shown
    assert "停用" not in shown.split("登记", 2)[-1]  # it ends nothing that is not its own
    assert client.post(f"{LIST}add/", given(unit="czj")).status_code == 400
    sent = given(kind="white", unit="czj", wrong="帐户")
    assert client.post(f"{LIST}add/", {**sent, "right": "", "severity": ""}).status_code == 302
    foreign = WordRule.objects.get(wrong="别家的词")
    assert client.post(f"{LIST}{foreign.pk}/end/").status_code == 404
    assert enter("czj-writer").get(LIST).status_code == 404


def test_a_list_goes_out_to_excel_and_comes_back_longer(catalogue, enter):
    add_rule(catalogue.people["office"], RuleDraft("typo", "=示范式", "示范市", "block", reason="常见错误"))
    client = enter("office")
    book = load_workbook(io.BytesIO(client.get(f"{LIST}export/").content))
    sheet = book["词表"]
    assert [cell.value for cell in sheet[2]][:6] == [
        "错别字",
        "=示范式",
        "示范市",
        "必须处理",
        "全市",
        "常见错误",
    ]
    sheet.append(["白名单", "帐户", None, None, "czj", "专有名称", None])
    out = io.BytesIO()
    book.save(out)
    sent = SimpleUploadedFile("词表.xlsx", out.getvalue())
    assert "增加了1条规则，1条原已在词表中" in text(client.post(f"{LIST}import/", {"sheet": sent}))
    assert WordRule.objects.get(wrong="帐户").unit == catalogue.units["czj"]


@pytest.mark.parametrize(
    ("name", "content", "told"),
    [
        ("词表.csv", "类别,词语,改为,级别,适用单位,理由\n错别字,示范式,,,全市,常见\n", "须写明正确写法"),
        (
            "词表.csv",
            "类别,词语,改为,级别,适用单位,理由\n错别字,示范式,示范市,急,全市,常见\n",
            "没有“急”这种级别",
        ),
        ("词表.csv", "类别,词语,改为,级别,适用单位,理由\n白名单,示范式,,,某局,常见\n", "没有“某局”这个单位"),
        ("词表.csv", "词语,改为\n示范式,示范市\n", "缺少“类别”"),
        ("词表.xlsx", "不是表格", "不是xlsx文件"),
    ],
)
def test_a_sheet_that_is_wrong_is_told_row_by_row(catalogue, enter, name, content, told):
    sent = SimpleUploadedFile(name, content.encode())
    assert told in text(enter("office").post(f"{LIST}import/", {"sheet": sent}))
    assert WordRule.objects.count() == 0


@pytest.fixture
def manuscript(catalogue):
    return services.start(
        catalogue.people["czj-writer"], catalogue.units["czj"], column=column_by_code("TZ01"),
        title="关于清理帐户的通知", body="<p>登记帐户，核对帐户。</p>",
    )  # fmt: skip


def key_of(manuscript):
    return next(each.finding.key for each in checking.findings_of(manuscript) if each.finding.word)


def test_a_writer_mends_with_one_click_and_the_version_before_stays(catalogue, enter, manuscript):
    client = enter("czj-writer")
    at = f"/office/manuscripts/{manuscript.pk}/checks/"
    shown = client.get(at).content.decode()
    assert "改为“账户”" in shown
    assert "全文都改" in shown
    assert "列入本单位白名单" not in shown
    answer = client.post(f"{at}mend/", {"key": key_of(manuscript)})
    assert answer.status_code == 302
    kept = Manuscript.objects.get(pk=manuscript.pk)
    assert (kept.title, kept.body) == ("关于清理账户的通知", "<p>登记账户，核对账户。</p>")
    assert kept.latest_revision.content["body"] == kept.body
    assert client.post(f"{at}allow/", {"key": "x", "reason": "专名"}).status_code == 404


def test_a_reviewer_lets_a_word_pass_for_the_unit(catalogue, enter, manuscript):
    Manuscript.objects.filter(pk=manuscript.pk).update(state="in_review")
    client = enter("reviewer")
    at = f"/office/manuscripts/{manuscript.pk}/checks/"
    shown = client.get(at).content.decode()
    assert "列入本单位白名单" in shown
    assert "改为" not in shown.replace("建议改为", "")
    answer = client.post(f"{at}allow/", {"key": key_of(manuscript), "reason": "历史文献专名"})
    assert answer.status_code == 302
    assert [each for each in checking.findings_of(manuscript) if each.finding.word] == []
    assert client.post(f"{at}mend/", {"key": "x"}).status_code == 404
