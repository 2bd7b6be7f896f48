"""Every check before publication, one row each: what is written, which rule finds it, how grave it is and where."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from django.utils import timezone

from mingzheng.law.checksums import id_card_check_digit
from mingzheng.publish.catalogue.models import Column
from mingzheng.publish.catalogue.services import column_by_code
from mingzheng.publish.checks.findings import rules
from mingzheng.publish.doubles.models import TextPrint
from mingzheng.publish.doubles.services import print_of
from mingzheng.publish.items.models import Item
from mingzheng.publish.items.services import ItemDraft
from mingzheng.publish.manuscripts import checking, services
from mingzheng.publish.manuscripts.models import Manuscript, ManuscriptFile

TODAY = timezone.localdate()
CARD = "34010419900307001" + id_card_check_digit("34010419900307001")
LONG = "各单位要严格落实防汛责任制，加强值班值守，做好物资储备和隐患排查，确保人民群众生命财产安全。"
GOOD = {"title": "关于做好防汛工作的通知", "body": f"<p>{LONG}</p>"}


@pytest.fixture
def check(catalogue, settings, tmp_path):
    settings.PUBLIC_DIR, settings.ALLOWED_HOSTS = tmp_path, ["www.shifan.gov.cn"]
    Column.objects.update(elements=[], time_limit=None)  # what a column asks for is tested by itself
    for name in ("index.html", "units/czj/index.html", "info/201803/12.html"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text("x")

    def run(file=None, column="TZ01", **content):
        made = services.start(
            catalogue.people["czj-writer"], catalogue.units["czj"],
            column=column_by_code(column) if column else None, **GOOD | content,
        )  # fmt: skip
        if file:
            ManuscriptFile.objects.create(
                manuscript=made, key="aa/x.docx", kind="docx", size=1, uploaded_by=made.writer, **file
            )
        return checking.findings_of(Manuscript.objects.get(pk=made.pk))

    return run


def link(address):
    return {"body": f'<p>{LONG}<a href="{address}">见此</a></p>'}


TABLE = [
    # what is written, the rule, its severity, its place
    ({"body": f"<p>{LONG}张三，身份证号{CARD}</p>"}, "id_card", "block", "正文"),
    ({"title": "关于张三13805541234信访事项的答复"}, "mobile", "block", "标题"),
    ({"abstract": f"身份证号{CARD}"}, "id_card", "block", "内容概述"),
    ({"file": {"name": "名单.docx", "text": f"张三 {CARD}"}}, "id_card", "block", "附件《名单.docx》"),
    ({"file": {"name": f"{CARD}.docx", "text": ""}}, "id_card", "block", f"附件《{CARD}.docx》的名称"),
    ({"body": f"<p>{LONG}核对帐户</p>"}, "typo", "warn", "正文"),
    ({"file": {"name": "名单.docx", "text": "核对帐户"}}, "typo", "warn", "附件《名单.docx》"),
    ({"doc_no": "随便写的"}, "doc-number", "block", "文号"),
    ({"doc_no": "示财〔2018〕1号"}, "missing", "warn", "成文日期"),
    ({"written_on": TODAY + timedelta(days=1)}, "dates", "block", "成文日期"),
    ({"formed_on": TODAY + timedelta(days=1)}, "dates", "block", "生成日期"),
    ({"effective_on": TODAY, "expires_on": TODAY - timedelta(days=1)}, "dates", "block", "失效日期"),
    ({"title": "通知"}, "title", "warn", "标题"),
    ({"column": None}, "missing", "block", "栏目"),
    ({"openness": "on_request"}, "openness", "block", "公开属性"),
    ({"openness": "closed", "non_disclosure_reason": "国家秘密"}, "closed", "note", "公开属性"),
    ({"body": f'<p>{LONG}<img src="/files/aa/x.docx"></p>'}, "image-alt", "warn", "正文"),
    ({"body": f'<p>{LONG}<img src="https://x.example.com/a.png" alt="图"></p>'}, "image-outside", "block", "正文"),
    (link("/units/nobody/"), "link-dead", "block", "正文"),  # a page that the site does not have
    (link("http://www.shifan.gov.cn/units/nobody/"), "link-dead", "block", "正文"),  # the same in full
    (link("/office/manuscripts/"), "link-dead", "block", "正文"),  # the desk is not for the public
    (link("/files/aa/none.docx"), "link-dead", "block", "正文"),  # an attachment that is not there
    (link("/../../etc/passwd"), "link-dead", "block", "正文"),  # nothing above the folder of pages is looked at
    (link("file:///C:/用户/附件.docx"), "link-bad", "block", "正文"),  # linked, never uploaded
    ({"body": f"<p>{LONG}见C:\\用户\\附件.docx</p>"}, "local-file", "warn", "正文"),
    (link("附件.docx"), "link-doubt", "warn", "正文"),
    (link("http://192.168.1.8/oa"), "link-doubt", "warn", "正文"),  # the office's own network
    (link("http://网站/页面"), "link-doubt", "warn", "正文"),  # no host
    ({"body": f"<p>{LONG}</p><p>附件：1．登记表</p>"}, "attachment-missing", "warn", "附件"),
    ({"file": {"name": "表.docx", "text": "", "notices": [
        {"rule": "x", "severity": "block", "sentence": "有隐藏的工作表。", "removable": True}]}},
     "hidden", "block", "附件《表.docx》"),
]  # fmt: skip


@pytest.mark.parametrize(("content", "rule", "severity", "place"), TABLE)
def test_what_is_wrong_is_found(check, content, rule, severity, place):
    found = [(each.finding.rule, each.finding.severity, each.finding.place) for each in check(**content)]
    assert (rule, severity, place) in found


def test_what_is_right_is_not(check):
    assert check() == []
    Manuscript.objects.update(state="dropped")
    for address in ("/units/czj/", "/units/czj", "/info/201803/12.html", "/figures/2018/", "http://www.shifan.gov.cn/",
                    "https://www.ah.gov.cn/x?a=1", "mailto:x@example.com", "/files/aa/x.docx"):  # fmt: skip
        assert check(file={"name": "名单.docx", "text": ""}, **link(address)) == [], address
        Manuscript.objects.update(state="dropped")
    assert check(file={"name": "表.docx", "text": ""}, body=f"<p>{LONG}</p><p>附件：1．登记表</p>") == []


def test_a_site_that_was_never_published_has_no_dead_pages(check, settings):
    Path(settings.PUBLIC_DIR, "index.html").unlink()
    assert check(**link("/units/nobody/")) == []


@pytest.mark.parametrize(
    ("again", "rule"),
    [
        ({"title": GOOD["title"], "body": "<p>另一件事。</p>"}, "double-title"),
        ({"title": "另一个标题的通知", "body": f"<div> {LONG.replace('，', ', ')}<br></div>"}, "double-text"),
        (
            {"title": "另一个标题的通知", "body": "<p>另一件事。</p>", "doc_no": "示财〔2018〕1号"},
            "double-number",
        ),
    ],
)
def test_what_the_unit_has_published_is_found_again(catalogue, check, again, rule):
    office = catalogue.people["office"]
    catalogue.publish(
        office, ItemDraft("czj", "TZ01", **GOOD, doc_no="示财〔2018〕1号", written_on=TODAY, theme="")
    )
    assert rule in [each.finding.rule for each in check(**again)]
    Item.objects.update(unit=catalogue.units["daj"])
    assert rule not in [each.finding.rule for each in check(**again)]


def test_two_officers_who_write_the_same_are_told(check):
    assert check() == []
    [found] = [each.finding for each in check()]
    assert (found.rule, found.severity) == ("double-manuscript", "warn")
    assert "czj-writer另有一份标题或文号相同的稿件（草稿）" in found.message


def test_what_the_column_asks_for_is_looked_for(check):
    asking = column_by_code("TZ01")
    Column.objects.filter(pk=asking.pk).update(
        elements=["防汛责任制", "资金来源", "实施单位"], time_limit={"value": 5, "unit": "working_day", "from": "formed"}
    )  # fmt: skip
    found = {each.finding.rule: each.finding for each in check()}
    assert found["elements"].message.endswith("没有看到“资金来源、实施单位”。")
    assert found["missing"].place == "生成日期"
    Manuscript.objects.update(state="dropped")
    assert check(formed_on=TODAY, file={"name": "表.docx", "text": "资金来源和实施单位"}) == []
    Column.objects.filter(pk=asking.pk).update(role="normative_document", elements=[])
    Manuscript.objects.update(state="dropped")
    assert {each.finding.place for each in check(formed_on=TODAY)} == {
        "文号", "发文机关", "施行日期", "体裁", "解读方案",
    }  # fmt: skip


def test_an_amendment_is_not_dated_after_its_publication(catalogue):
    office = catalogue.people["office"]
    item = catalogue.publish(office, ItemDraft("czj", "TZ01", **GOOD))
    made = services.amend(office, item.pk)
    made.written_on = TODAY
    # The day of publication is frozen in the database; the copy in hand is dated back.
    made.item.first_published_at -= timedelta(days=2)
    assert "dates" in [each.finding.rule for each in checking.findings_of(made)]


def test_prints_follow_what_items_say(catalogue):
    office = catalogue.people["office"]
    item = catalogue.publish(office, ItemDraft("czj", "TZ01", **GOOD))
    assert TextPrint.objects.get(item=item).digest == print_of(GOOD["body"])
    catalogue.amend(office, item, body=f"<p>{LONG}补充一句。</p>")
    assert TextPrint.objects.get(item=item).digest != print_of(GOOD["body"])
    assert print_of("<p>详见附件。</p>") == ""
    assert print_of(f"<p>{LONG}</p>") == print_of(f"<p>&nbsp;{LONG[:9]}</p><p> {LONG[9:]}")


def test_every_decision_is_recorded_and_shown_with_its_finding(catalogue, check):
    [found] = check(body=f"<p>{LONG}核对帐户</p>")
    made = Manuscript.objects.get()
    services.decide_finding(
        catalogue.people["czj-writer"], made.pk, key=found.finding.key, rule="typo", excerpt=found.finding.excerpt,
        reason="历史文献原文",
    )  # fmt: skip
    [again] = checking.findings_of(made)
    assert (again.decision.reason, again.decision.person) == ("历史文献原文", catalogue.people["czj-writer"])


def test_the_table_of_rules_is_whole():
    tested = {rule for _, rule, _, _ in TABLE} | {
        "double-title",
        "double-text",
        "double-number",
        "double-manuscript",
    }
    of_words_and_numbers = {
        "bank_card", "public_mobile", "mail", "plate", "passport", "address", "forbidden", "outdated", "placeholder",
        "elements",
    }  # fmt: skip
    of_interpretations = {"plan", "form", "transcript", "excerpt"}
    assert set(rules()) == tested | of_words_and_numbers | of_interpretations
