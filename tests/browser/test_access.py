"""Every page family can be read by everybody: WCAG 2.2 AA, by keyboard alone, without scripts, in the version for the elderly."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe

pytestmark = pytest.mark.browser

RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22a", "wcag22aa"]
STATIC = (
    "unit_home",
    "column_list",
    "item",
    "library",
    "gazette",
    "topic",
    "requestable",
    "withdrawn",
    "home",
    "units",
    "map",
    "error",
)
LIVE = ("/search/", "/search/?q=财政", "/search/?q=没有这样的词", "/figures/2018/", "/figures/disclosure.items/2018/all/", "/reports/",
        "/reports/city/2018/whole/", "/no/such/page")  # fmt: skip
NORMAL: list[str] = []
LARGE = ["care", "care-size-1", "care-look-0"]
YELLOW = ["care", "care-size-3", "care-look-3", "care-pointer", "care-ruler"]


@pytest.fixture(scope="session")
def every_family(site) -> list[str]:
    """The longest page of each static family that the city has, and the live ones."""
    home = Path(site.environment["MINGZHENG_HOME"])
    with sqlite3.connect(home / "manifest.sqlite3") as manifest:
        rows = manifest.execute(
            "SELECT family, path, max(size) FROM page WHERE path NOT LIKE '%.xml' GROUP BY family"
        )
        found = {family: path for family, path, _ in rows}
    missing = set(STATIC) - set(found)
    assert missing <= {"requestable", "withdrawn"}, "the demonstration has pages of every other family"
    return [found[family] for family in STATIC if family in found] + list(LIVE)


def choose(page, chosen: list[str]) -> None:
    """As if the visitor had made these choices on an earlier visit."""
    page.evaluate("chosen => localStorage.setItem('mz-care', JSON.stringify(chosen))", chosen)


@pytest.mark.parametrize(
    ("chosen", "width"), [(NORMAL, 1280), (NORMAL, 390), (LARGE, 390), (YELLOW, 1280)],
    ids=["normal", "normal-phone", "large-phone", "yellow"],
)  # fmt: skip
def test_no_family_breaks_a_rule_of_wcag_or_scrolls_sideways(visit, site, every_family, width, chosen):
    page = visit("/404.html", width=width)
    choose(page, chosen)
    faults, axe = [], Axe()
    for path in every_family:
        page.goto(site.address + path)
        assert page.locator("#care").is_checked() == bool(chosen)
        result = axe.run(page, options={"runOnly": RULES}).response
        assert len(result["passes"]) > 10, "axe looked at the page"
        faults += [f"{path}: {each['id']}: {each['nodes'][0]['html']}" for each in result["violations"]]
        beyond = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        faults += [f"{path}: {beyond}px too wide"] if beyond > 0 else []
        levels = page.eval_on_selector_all(
            "main :is(h1,h2,h3,h4)", "found => found.map(each => Number(each.tagName[1]))"
        )
        steps = zip([0, *levels], levels, strict=False)
        faults += [f"{path}: headings {levels}" for before, level in steps if level > before + 1]
    assert faults == []


def style(page, selector: str, name: str) -> str:
    return page.locator(selector).first.evaluate(f"element => getComputedStyle(element).{name}")


@pytest.mark.parametrize("scripts", [True, False])
def test_the_version_for_the_elderly_is_one_click_away_with_or_without_scripts(visit, every_family, scripts):
    page = visit(every_family[2], scripts=scripts)
    before = float(style(page, ".body", "fontSize")[:-2])
    page.get_by_text("适老版 无障碍").click()
    large = float(style(page, ".body", "fontSize")[:-2])
    assert large >= before * 1.25
    assert float(style(page, ".body p", "lineHeight")[:-2]) >= large * 1.5
    page.get_by_text("超大", exact=True).click()
    assert float(style(page, ".body", "fontSize")[:-2]) >= before * 2
    page.get_by_text("黑底黄字").click()
    assert style(page, "body", "backgroundColor") == "rgb(0, 0, 0)"
    assert style(page, ".body p", "color") == "rgb(255, 230, 0)"
    page.get_by_text("大鼠标").click()
    assert "pointer" in style(page, ".body p", "cursor")
    page.get_by_text("适老版 无障碍").click()
    assert float(style(page, ".body", "fontSize")[:-2]) == before
    assert style(page, "body", "backgroundColor") == "rgb(255, 255, 255)"


def test_the_choice_is_remembered_without_a_cookie(visit, site):
    page = visit("/")
    page.get_by_text("适老版 无障碍").click()
    page.get_by_text("黄底黑字").click()
    page.goto(f"{site.address}/units/")
    assert page.get_by_role("switch", name="适老版 无障碍").is_checked()
    assert style(page, "body", "backgroundColor") == "rgb(255, 240, 77)"
    assert page.context.cookies() == []
    page.get_by_text("适老版 无障碍").click()
    page.goto(f"{site.address}/")
    assert not page.get_by_role("switch", name="适老版 无障碍").is_checked()


def test_the_ruler_follows_the_pointer(visit):
    page = visit("/")
    page.get_by_text("适老版 无障碍").click()
    page.get_by_text("阅读标尺").click()
    page.mouse.move(300, 500)
    box = page.locator(".care-ruler").bounding_box()
    assert box["y"] < 500 < box["y"] + box["height"]


def test_the_page_is_read_aloud_where_the_browser_has_a_chinese_voice(visit, site):
    page = visit("/units/")
    page.add_init_script("""
        window.said = [];
        speechSynthesis.getVoices = () => [{lang: "zh-CN"}];
        speechSynthesis.speak = words => { said.push(words.text); if (said.length < 3) setTimeout(words.onend, 0); };
        """)
    choose(page, LARGE)
    page.goto(f"{site.address}/units/")
    page.get_by_role("button", name="朗读本页").click()
    page.wait_for_function("said.length === 3")
    assert page.evaluate("said[0]") == "单位名录"
    page.get_by_role("button", name="停止朗读").click()
    assert page.get_by_role("button", name="朗读本页").is_visible()
    assert page.locator(".care-spoken").count() == 0


def test_no_voice_no_button(visit):
    page = visit("/")
    page.get_by_text("适老版 无障碍").click()
    if not page.evaluate("speechSynthesis.getVoices().length"):
        assert not page.get_by_role("button", name="朗读本页").is_visible()


def focus_is_visible(page) -> bool:
    """Whether what has the focus, or the label of it, shows an outline."""
    return page.evaluate("""() => {
        const element = document.activeElement, seen = element.closest("label") || element;
        return getComputedStyle(seen).outlineStyle !== "none" || getComputedStyle(element).outlineStyle !== "none";
    }""")


def tab_to(page, selector: str, most: int = 150) -> None:
    """Press Tab until the focus is there; at each step the focus can be seen."""
    for _ in range(most):
        page.keyboard.press("Tab")
        assert focus_is_visible(page), page.evaluate("document.activeElement.outerHTML")
        if page.evaluate(f"document.activeElement.matches({selector!r})"):
            return
    raise AssertionError(f"the keyboard does not reach {selector}")


def enter(page) -> None:
    with page.expect_navigation():
        page.keyboard.press("Enter")


def test_a_visit_by_keyboard_alone(visit, site):
    page = visit("/")
    tab_to(page, ".skip")
    tab_to(page, "#care")
    page.keyboard.press("Space")
    tab_to(page, "#care-size-1")
    page.keyboard.press("ArrowRight")
    assert page.locator("#care-size-2").is_checked()
    tab_to(page, ".main-nav a[href='/units/']")
    enter(page)
    assert page.locator("#care-size-2").is_checked()
    tab_to(page, ".skip")
    page.keyboard.press("Enter")
    tab_to(page, "main a[href='/units/fgw/']")
    enter(page)
    tab_to(page, "#q")
    page.keyboard.type("通知")
    enter(page)
    tab_to(page, ".entry-title")
    enter(page)
    assert page.locator("dl.record").is_visible()
    page.goto(f"{site.address}/units/city/dt/")
    tab_to(page, ".item-table a")
    enter(page)
    assert page.locator("[data-body]").is_visible()
    page.goto(f"{site.address}/figures/disclosure.items/2018/all/")
    tab_to(page, ".pager a[rel=next]", most=250)
    enter(page)
    assert page.url.endswith("?page=2")


def test_without_scripts_every_family_reads_and_has_no_dead_control(visit, site, every_family):
    page = visit("/", scripts=False)
    for path in every_family:
        page.goto(site.address + path)
        assert len(page.locator("main").inner_text()) > 20, path
        assert page.locator("main button[type=button]:visible").count() == 0, path
        assert page.locator("[data-care-read]:visible, [data-care-script]:visible").count() == 0, path


def test_a_list_is_narrowed_to_days_without_scripts(visit):
    page = visit("/units/city/dt/", scripts=False)
    page.get_by_text("按发布日期查找").click()
    page.get_by_label("发布日期自").fill("2018-03-01")
    page.get_by_label("至", exact=True).fill("2018-03-31")
    with page.expect_navigation():
        page.get_by_role("button", name="查找", exact=True).click()
    assert page.url.split("?")[1] == "unit=city&column=dt&since=2018-03-01&until=2018-03-31"


@pytest.mark.parametrize(
    "media", [{"contrast": "more"}, {"forced_colors": "active"}, {"reduced_motion": "reduce"}]
)
def test_what_the_system_asks_for_is_respected(visit, media):
    page = visit("/")
    page.emulate_media(**media)
    assert Axe().run(page, options={"runOnly": RULES}).violations_count == 0
    if "contrast" in media:
        assert style(page, ".lines time", "color") == "rgb(26, 26, 26)"
    if "reduced_motion" in media:
        assert style(page, "html", "scrollBehavior") == "auto"
