"""What officers do with a browser: write, be warned, mask, hand in, return, sign, and see it on the site."""

from __future__ import annotations

import re
from datetime import date, timedelta

import pytest

pytestmark = pytest.mark.browser

ID_CARD = "34010419900307001" + "0"
WORD = """<html xmlns:o="urn:schemas-microsoft-com:office:office"><body><p class=MsoNormal style='mso-margin-top-alt:auto'>
各预算单位：<o:p></o:p></p><table class=MsoTableGrid border=1><tr><td colspan=2>分组</td></tr><tr><td rowspan=2>第一组</td>
<td>综合科</td></tr><tr><td>预算科</td></tr></table><p class=MsoNormal>联系人身份证号{id_card}。</p>
<script>alert(1)</script></body></html>"""


def id_card() -> str:
    """A citizen number that is nobody's and has the right check digit."""
    from mingzheng.law.checksums import id_card_check_digit

    return ID_CARD[:17] + id_card_check_digit(ID_CARD[:17])


def follow(link):
    with link.page.expect_navigation():
        link.click()


def begin(page, title, column="会议通知"):
    """Start a manuscript and choose its column in the tree."""
    follow(page.get_by_role("link", name="起草稿件"))
    page.fill("input[name=title]", title)
    follow(page.get_by_role("button", name=re.compile("下一步")))
    page.get_by_role("button", name="选择栏目").click()
    page.get_by_label("查找栏目").fill("通知公告")
    page.locator(".column-tree button:visible").first.click()
    assert "通知" in page.locator("[data-chosen]").first.inner_text()
    assert page.locator(".column-asks").first.is_visible()


def paste(page, html):
    """Paste what Word puts on the clipboard into the editor."""
    page.locator(".jodit-wysiwyg").click()
    page.evaluate(
        """html => {
            const data = new DataTransfer();
            data.setData('text/html', html); data.setData('text/plain', 'x');
            document.querySelector('.jodit-wysiwyg').dispatchEvent(
                new ClipboardEvent('paste', {clipboardData: data, bubbles: true, cancelable: true}));
        }""",
        html,
    )
    page.wait_for_function("document.querySelector('[name=body]').value.length > 20")


def save(page):
    follow(page.get_by_role("button", name="保存", exact=True))


def hand_in(page):
    page.get_by_role("button", name="更多操作").click()
    follow(page.get_by_role("button", name="保存并送审"))


def shown(page):
    return page.locator("main").inner_text()


def test_an_item_goes_from_word_through_three_people_onto_the_site(site, sign_in):
    title = "关于召开部门预算编制会议的通知"
    writer = sign_in("demo-writer")
    begin(writer, title)
    paste(writer, WORD.format(id_card=id_card()))
    save(writer)
    assert "发现身份证号" in writer.locator("#checks").inner_text()
    hand_in(writer)
    assert "发布前检查未通过" in shown(writer)
    follow(writer.get_by_role("button", name=re.compile("^遮盖为")).first)
    assert "发现身份证号" not in writer.locator("#checks").inner_text()
    body = writer.locator("[name=body]").input_value()
    assert id_card() not in body
    assert 'colspan="2"' in body
    assert 'rowspan="2"' in body
    assert "script" not in body
    hand_in(writer)
    assert "已送审" in shown(writer)

    reviewer = sign_in("demo-reviewer")
    follow(reviewer.get_by_role("link", name=title))
    reviewer.get_by_label("退回理由").fill("请写明会议时间")
    follow(reviewer.get_by_role("button", name="退回", exact=True))

    writer.goto(f"{site.address}/office/")
    assert "请写明会议时间" in shown(writer)
    follow(writer.get_by_role("link", name=title).first)
    assert "请写明会议时间" in shown(writer)
    writer.locator(".jodit-wysiwyg").click()
    writer.keyboard.press("Control+End")
    writer.keyboard.type("定于3月5日下午召开。")
    writer.get_by_role("tab", name="公开与发布").click()
    writer.locator("[name=go_live_at]").fill(f"{date.today() + timedelta(days=2)} 09:00")
    writer.keyboard.press("Escape")
    save(writer)
    hand_in(writer)

    for username, button in (("demo-reviewer", "通过"), ("demo-secrecy", "通过"), ("demo-signer", "签发")):
        page = reviewer if username == "demo-reviewer" else sign_in(username)
        page.goto(f"{site.address}/office/")
        follow(page.get_by_role("link", name=title))
        if username == "demo-secrecy":
            page.get_by_label("可以公开").check()
            page.get_by_label("审查意见和依据").fill("不涉及国家秘密和个人隐私")
        follow(page.get_by_role("button", name=button, exact=True))
        assert "已办理" in shown(page)
    assert "已签发，待发布" in shown(page)
    with page.expect_download() as download:
        page.get_by_role("link", name="审签单").click()
    assert download.value.suggested_filename.endswith(".docx")

    site.wait_for("/units/czj/", lambda status, text: title not in text)
    site.run_python(
        "from mingzheng.publish.manuscripts.models import Manuscript\nfrom django.utils import timezone\n"
        f"assert Manuscript.objects.filter(title={title!r}).update(go_live_at=timezone.now()) == 1"
    )
    site.wait_for("/units/czj/", lambda status, text: title in text)
    site.wait_for("/units/czj/feed.xml", lambda status, text: title in text)
    writer.goto(f"{site.address}/office/")
    assert "已发布" in writer.locator("section[aria-labelledby=h-sent]").inner_text()
    citizen = sign_in("demo-auditor")
    citizen.goto(f"{site.address}/units/czj/")
    citizen.get_by_label("站内搜索").fill("预算编制 会议")
    follow(citizen.get_by_role("button", name="搜索"))
    follow(citizen.get_by_role("link", name=title).first)
    assert "定于3月5日下午召开。" in citizen.locator("[data-body]").inner_text()
    assert citizen.locator("[data-body] td[rowspan='2']").count() == 1


def test_two_officers_at_one_manuscript_lose_nothing(site, sign_in):
    first = sign_in("demo-writer")
    begin(first, "两人同写的通知")
    save(first)
    second = sign_in("demo-office")
    second.goto(first.url)
    for page, words in ((first, "第一人写的文字。"), (second, "第二人写的文字。")):
        page.locator(".jodit-wysiwyg").click()
        page.keyboard.type(words)
        page.wait_for_function(
            "words => document.querySelector('[name=body]').value.includes(words)", arg=words
        )
        save(page)
    history = second.url.split("#")[0].replace("/edit/", "/history/")
    second.goto(history)
    texts = site.run_python(
        "from wagtail.models import Revision\n"
        "print([each.content['body'] for each in Revision.objects.filter(content_type__model='manuscript').order_by('pk')])"
    )
    assert "第一人写的文字。" in texts
    assert "第二人写的文字。" in texts


def test_the_desk_fits_a_phone(site, sign_in):
    page = sign_in("demo-writer")
    page.set_viewport_size({"width": 390, "height": 844})
    for path in ("/office/", "/office/manuscripts/", "/office/manuscripts/start/"):
        page.goto(site.address + path)
        beyond = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        assert beyond <= 0, path


DOCUMENT = """
from datetime import timedelta
from django.utils import timezone
from mingzheng.city.models import Person
from mingzheng.publish.items.models import Item
from mingzheng.publish.items.services import ItemDraft, import_items
office = Person.objects.get(username="demo-office")
draft = ItemDraft("czj", "ZC0101", "示范市财政专项资金管理办法（浏览器）", "<p>第一条　为规范管理，制定本办法。</p>",
                  published_at=timezone.now() - timedelta(days=12), doc_no="示财〔2026〕901号")
report = import_items(office, [draft], source="browser")
assert report.refused == [], report.refused
item = Item.objects.get(pk=report.ids[0])
from mingzheng.portal.addresses import item_path
print(item_path(item.pk, item.first_published_at))
"""
REVIEW = """
from mingzheng.city.models import Person
from mingzheng.publish.manuscripts import services
from mingzheng.publish.manuscripts.models import Manuscript
made = Manuscript.objects.get(title={title!r})
for name in ("demo-reviewer", "demo-secrecy", "demo-signer"):
    secrecy = {{"conclusion": "可以公开", "basis": "不涉密。"}} if name == "demo-secrecy" else None
    services.pass_step(
        Person.objects.get(username=name), made.pk, content_hash=made.content_hash, secrecy=secrecy)
item = services.publish(Person.objects.get(username="demo-signer"), made.pk)
from mingzheng.portal.addresses import item_path
print(item_path(item.pk, item.first_published_at))
"""


def test_a_document_without_interpretation_is_shown_everywhere_until_it_has_one(site, sign_in):
    document, title = "示范市财政专项资金管理办法（浏览器）", "《示范市财政专项资金管理办法》政策解读"
    path = site.run_python(DOCUMENT).strip()
    page = sign_in("demo-writer")
    owed = page.locator("section[aria-labelledby=h-documents]")
    assert document in owed.inner_text()
    assert "已超期" in owed.inner_text()
    follow(page.get_by_role("link", name="问题清单"))
    assert document in page.locator("section[aria-labelledby=h-late]").inner_text()
    figures = site.run_python(
        "from mingzheng.measure import services\nfrom mingzheng.measure.registry import measure_of\n"
        "from mingzheng.measure.scopes import whole_city\n"
        "from django.utils import timezone\n"
        "print(measure_of('interpretation.missing').count(whole_city(timezone.localdate().year)))"
    )
    assert int(figures) == 1

    page.goto(f"{site.address}/office/")
    begin(page, title)
    page.locator(".jodit-wysiwyg").click()
    page.keyboard.type("一、背景依据。二、主要内容。")
    page.get_by_role("tab", name="政策解读").click()
    page.locator("[name=interpretation_level]").select_option(label="本级政策解读")
    page.get_by_label("查找文件").fill("专项资金管理办法（浏览器）")
    page.locator("[data-found] button").first.click()
    save(page)
    hand_in(page)
    assert "已送审" in shown(page)
    told = site.run_python(REVIEW.format(title=title)).strip()

    page.goto(f"{site.address}/office/")
    assert document not in page.locator("section[aria-labelledby=h-documents]").inner_text()
    site.wait_for(path, lambda status, text: told in text)
    site.wait_for(told, lambda status, text: path in text)
