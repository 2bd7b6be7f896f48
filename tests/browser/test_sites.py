"""Sites with a browser: a new one within a minute, a home composed and published, a notice above every page."""

from __future__ import annotations

import pytest

pytestmark = pytest.mark.browser


def press(page, name):
    with page.expect_navigation():
        page.get_by_role("button", name=name).click()


def test_a_new_site_is_a_form_and_two_decisions(site, sign_in, visit):
    page = sign_in("demo-office")
    page.goto(f"{site.address}/office/websites/")
    page.get_by_label("主办单位", exact=True).select_option(label="示范市供水总公司")
    for label, value in (
        ("网址名", "gsgs"), ("网站名称", "示范市供水总公司"), ("网站标识码", "9901000099"), ("ICP备案号", "示ICP备99号"),
        ("主办单位署名", "示范市供水总公司"), ("联系方式", "0000-1"), ("开设理由", "办事需要"),
    ):  # fmt: skip
        page.get_by_label(label, exact=True).fill(value)
    press(page, "提交申请")
    for act in ("批准开设", "开通"):
        page.locator("summary", has_text=act).click()
        page.locator("details[open]").get_by_label("依据或原因").fill("符合要求")
        press(page, act)
    site.wait_for("/sites/gsgs/", lambda status, text: status == 200 and "9901000099" in text)
    home = visit("/sites/gsgs/")
    assert home.get_by_role("link", name="示范市人民政府").first.is_visible()


def test_a_home_is_composed_looked_at_and_published_while_the_public_one_stays(site, sign_in):
    page = sign_in("demo-signer")
    page.goto(f"{site.address}/office/websites/")
    with page.expect_navigation():
        page.get_by_role("link", name="示范市财政局", exact=True).first.click()
    with page.expect_navigation():
        page.get_by_role("link", name="布置首页").click()
    page.get_by_title("插入内容块").first.click()
    page.get_by_role("option", name="文字").click()
    page.locator("[name$='value-title']").first.fill("便民提示")
    page.locator("textarea[name$='value-text']").first.fill("窗口周六上午开放")
    page.get_by_role("button", name="显示或隐藏预览").click()
    preview = page.frame_locator("iframe[title]").first
    preview.get_by_text("窗口周六上午开放").wait_for(timeout=20_000)
    assert "窗口周六上午开放" not in site.read("/sites/czj/")
    page.locator("footer .w-dropdown__toggle, footer [data-w-dropdown-target=toggle]").first.click()
    press(page, "发布")
    site.wait_for("/sites/czj/", lambda status, text: "窗口周六上午开放" in text)


def test_an_urgent_notice_stands_above_every_page(site, sign_in, visit):
    page = sign_in("demo-office")
    page.goto(f"{site.address}/office/websites/notices/")
    page.get_by_label("种类").select_option(label="紧急公告")
    page.get_by_label("内容").fill("今晚有特大暴雨，请减少外出")
    press(page, "设定")
    site.wait_for("/notice.json", lambda status, text: "特大暴雨" in text)
    for path in ("/", "/sites/jyj/", "/units/jyj/"):
        visit(path).get_by_role("alert").get_by_text("特大暴雨").wait_for()
    press(page, "撤销")
    site.wait_for("/notice.json", lambda status, text: "特大暴雨" not in text)
