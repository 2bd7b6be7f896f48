"""A session that ends while somebody writes: the text waits in the browser until they are back."""

from __future__ import annotations

import pytest
from tests.browser.test_desk import begin, save

pytestmark = pytest.mark.browser

WORDS = "会议定于三月五日下午召开，请各单位按时参加。"


def test_what_was_written_when_the_session_ended_is_offered_again(site, sign_in):
    page = sign_in("demo-writer")
    begin(page, "关于召开安全生产会议的通知")
    save(page)
    written_at = page.url.split("#")[0]
    page.locator(".jodit-wysiwyg").click()
    # Saving by itself would keep the words before the session ends: here the line is lost first.
    page.route("**/*", lambda route: route.abort() if route.request.method == "POST" else route.continue_())
    page.keyboard.type(WORDS)
    page.wait_for_function("words => document.querySelector('[name=body]').value.includes(words)", arg=WORDS)
    site.run_python("from django.contrib.sessions.models import Session\nSession.objects.all().delete()")
    page.unroute("**/*")

    with page.expect_navigation():
        page.get_by_role("button", name="保存", exact=True).click()
    assert "/office/signin/login/" in page.url
    assert "登录已过期，请重新登录" in page.locator("body").inner_text()
    page.fill("input[name=login]", "demo-writer")
    page.fill("input[name=password]", site.password)
    with page.expect_navigation():
        page.get_by_role("button", name="登录").first.click()

    page.goto(written_at)
    assert WORDS not in page.locator("[name=body]").input_value()
    offer = page.locator("[data-local-copy]")
    assert "没有保存成功的文字" in offer.inner_text()
    offer.get_by_role("button", name="恢复这份文字").click()
    assert WORDS in page.locator(".jodit-wysiwyg").inner_text()
    save(page)
    page.goto(written_at)
    assert WORDS in page.locator("[name=body]").input_value()
    assert not page.locator("[data-local-copy]").is_visible()
