"""What a citizen does with a browser: on a phone, by keyboard, without scripts, on paper."""

from __future__ import annotations

import re

import pytest

pytestmark = pytest.mark.browser

FAMILIES = ("/", "/units/", "/units/czj/", "/units/city/", "/units/czj/tz/", "/figures/2018/",
            "/figures/disclosure.items/2018/all/", "/reports/", "/reports/city/2018/whole/", "/no/such/page")  # fmt: skip


def first_item(visit, **options):
    """The newest item of a department whose desk no test uses, opened from its list."""
    page = visit("/units/fgw/", **options)
    follow(page.locator(".entry-title").first)
    return page


def follow(link):
    """Click a link and wait until the page behind it is there: a click alone returns while the old page still stands."""
    with link.page.expect_navigation():
        link.click()


def number(text):
    return int(re.search(r"[\d,]+", text)[0].replace(",", ""))


def test_a_citizen_on_a_phone_finds_an_item_and_what_stands_about_it(visit):
    page = visit("/", width=390, height=844)
    follow(page.get_by_role("link", name="单位名录").first)
    follow(page.get_by_role("link", name="示范市发展和改革委员会", exact=True))
    follow(page.locator(".entry-title").first)
    record = page.locator("dl.record").inner_text()
    for label in ("索引号", "发布机构", "发布日期"):
        assert label in record
    assert "来源：" in page.locator(".byline").inner_text()
    assert re.search(r"发布时间：\d{4}-\d{2}-\d{2}", page.locator(".byline").inner_text())
    assert len(page.locator("[data-body]").inner_text()) > 50
    assert page.locator("nav[aria-label*=位置], .crumbs").first.is_visible()


def test_a_figure_on_the_home_page_opens_to_its_parts_and_its_rows(visit):
    page = visit("/")
    tile = page.locator(".tile").first
    shown = number(tile.locator(".tile-value").inner_text())
    follow(tile)
    assert number(page.locator(".figure-value").inner_text()) == shown
    parts = page.locator("section[aria-labelledby=h-parts] tbody a.fig")
    assert sum(number(text) for text in parts.all_inner_texts()) == shown
    follow(parts.last)
    part = number(page.locator(".figure-value").inner_text())
    rows = page.locator(".data-rows tbody tr")
    assert rows.count() == min(part, 50)
    follow(rows.first.locator("a").first)
    assert page.locator("dl.record").is_visible()


def test_every_row_of_a_figure_is_on_one_of_its_pages(visit):
    page = visit("/figures/disclosure.items/2018/town/")
    wanted, seen = number(page.locator(".figure-value").inner_text()), 0
    while True:
        seen += page.locator(".data-rows tbody tr").count()
        following = page.get_by_role("link", name="下一页")
        if not following.count():
            break
        follow(following)
    assert seen == wanted


def test_a_published_reports_figure_leads_to_the_rows_it_was_frozen_with(visit):
    page = visit("/reports/")
    follow(page.get_by_role("link", name=re.compile("示范市人民政府2018年度")))
    figure = page.locator(".report-body a.fig").first
    shown = number(figure.inner_text())
    follow(figure)
    assert number(page.locator(".figure-value").inner_text()) == shown
    assert "定稿时间" in page.locator(".figure-facts").inner_text()


def test_the_size_of_the_text_is_chosen_and_remembered(visit):
    page = first_item(visit)

    def size():
        return page.locator("[data-body]").evaluate(
            "element => parseFloat(getComputedStyle(element).fontSize)"
        )

    middle = size()
    page.get_by_role("button", name="大").click()
    assert size() > middle
    page.reload()
    assert size() > middle
    page.get_by_role("button", name="小").click()
    assert size() < middle


def test_the_print_button_prints_and_paper_shows_the_item_alone(visit):
    page = first_item(visit)
    page.evaluate("window.printed = 0; window.print = () => { window.printed += 1 }; null")
    page.get_by_role("button", name="打印").click()
    assert page.evaluate("window.printed") == 1
    page.emulate_media(media="print")
    assert not page.locator("nav.main-nav").is_visible()
    assert not page.locator(".tools").is_visible()
    assert page.locator("[data-body]").is_visible()


def test_the_code_of_the_page_can_be_scanned(visit):
    page = first_item(visit)
    page.get_by_text("扫一扫").click()
    image = page.locator(".qr-box img")
    image.scroll_into_view_if_needed()
    page.wait_for_function("document.querySelector('.qr-box img').naturalWidth > 0")
    assert image.is_visible()


PROGRAM = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/120.0.0.0 Safari/537.36"


def test_one_reading_counts_one_and_a_reload_does_not_count_again(visit):
    def views(page):
        page.locator(".views").wait_for(state="visible")
        return number(page.locator(".views").inner_text())

    page = first_item(visit, program=PROGRAM)
    before = views(page)
    for _ in range(2):
        page.reload()
        assert views(page) == before
    assert page.context.cookies() == []
    assert views(first_item(visit)) == before  # a browser without a screen sees the number and is not counted
    assert views(first_item(visit, program=f"{PROGRAM} Edg/120.0")) == before + 1
    assert page.evaluate("localStorage.length") <= 1  # the size of the text


def test_the_keyboard_skips_to_the_content_and_shows_where_it_is(visit):
    page = visit("/")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    assert page.locator(".skip").is_visible()
    page.keyboard.press("Enter")
    assert page.url.endswith("#main")
    page.keyboard.press("Tab")
    style = page.evaluate("getComputedStyle(document.activeElement).outlineStyle")
    assert style != "none"


def test_without_scripts_everything_reads_and_no_dead_button_is_shown(visit):
    page = first_item(visit, scripts=False)
    assert len(page.locator("[data-body]").inner_text()) > 50
    assert page.locator("button[type=button]:visible").count() == 0
    page = visit("/", scripts=False)
    assert page.locator(".tile").count() == 4


@pytest.mark.parametrize("width", [320, 390, 768, 1280])
def test_no_page_scrolls_sideways(visit, width):
    page = visit("/", width=width)
    for path in FAMILIES:
        page.goto(page.url.split("/", 3)[0] + "//" + page.url.split("/", 3)[2] + path)
        beyond = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        assert beyond <= 0, f"{path} at {width}"


def test_every_link_of_the_main_pages_leads_somewhere(visit, site):
    page = visit("/")
    addresses = set()
    for path in FAMILIES[:-1]:
        page.goto(site.address + path)
        found = page.eval_on_selector_all(
            "a[href^='/']", "links => links.map(link => link.href.split('#')[0])"
        )
        addresses.update(found[:60])
    assert len(addresses) > 100
    broken = [
        address
        for address in sorted(addresses)
        if not page.request.head(address).ok and not page.request.get(address).ok
    ]
    assert broken == []


def test_an_unknown_address_is_answered_in_chinese_with_404(visit, site):
    page = visit("/")
    answer = page.request.get(f"{site.address}/no/such/page")
    assert answer.status == 404
    assert "页面不存在" in answer.text()


def test_an_item_published_now_stands_on_its_list_at_once(visit, site, tmp_path):
    body = tmp_path / "body.html"
    body.write_text("<p>定于下周一召开会议。</p>", "utf-8")
    site.run(
        "publish-item",
        "--into",
        "czj/TZ01",
        "--title",
        "关于召开浏览器会议的通知",
        "--body",
        str(body),
        "--emergency",
        "浏览器测试需要",
        "--as",
        "demo-duty",
    )
    site.wait_for("/units/czj/tz/", lambda status, text: "关于召开浏览器会议的通知" in text)
    page = visit("/units/czj/tz/")
    follow(page.get_by_role("link", name="关于召开浏览器会议的通知"))
    assert "定于下周一召开会议。" in page.locator("[data-body]").inner_text()
    index = re.search(r"[0-9A-Z]{9}/\d{6}-\d{5}", page.locator("dl.record").inner_text())[0]
    address = page.url
    site.run("withdraw-item", index, "--reason", "测试完毕", "--as", "demo-signer")
    path = address.removeprefix(site.address)
    site.wait_for(path, lambda status, text: status in (404, 410))


TAGS = ("SiteName", "SiteDomain", "SiteIDCode")
COLUMN_TAGS = ("ColumnName", "ColumnDescription", "ColumnKeywords", "ColumnType")
ARTICLE_TAGS = ("ArticleTitle", "PubDate", "ContentSource")


def test_pages_carry_the_tags_that_the_state_council_prescribes(visit):
    def tags(page):
        pairs = page.eval_on_selector_all("meta[name]", "all => all.map(each => [each.name, each.content])")
        return {name for name, content in pairs if content}

    assert tags(visit("/")) >= set(TAGS)
    assert tags(visit("/units/czj/tz/")) >= {*TAGS, *COLUMN_TAGS}
    assert tags(first_item(visit)) >= {*TAGS, *COLUMN_TAGS, *ARTICLE_TAGS}
