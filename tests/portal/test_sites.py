"""Sites: application to closing, frames of units' pages, menus, looks, homes, and the switches for all."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from mingzheng.city.permissions import NotAllowed
from mingzheng.law.errors import Refusal
from mingzheng.portal.publisher import publish_changed, publish_full
from mingzheng.portal.site import domains
from mingzheng.portal.sites import services as sites
from mingzheng.portal.sites.lines import read_links, read_menu, write_links, write_menu
from mingzheng.portal.sites.models import CityNotice, Site, SiteAct
from mingzheng.portal.sites.themes import LEAST_CONTRAST, contrast, read_theme

TODAY = timezone.localdate()
Kind = SiteAct.Kind
FACTS = {
    "name": "示范市财政局",
    "id_code": "0000000002",
    "icp": "示ICP备1号",
    "sponsor": "示范市财政局",
    "contact": "0000-1",
}


def days(count: int):
    return TODAY + timedelta(days=count)


@pytest.fixture
def applied(portal) -> Site:
    return sites.apply(portal.office, portal.city.units["czj"], slug="czj", reason="集约化", **FACTS)


@pytest.fixture
def opened(portal, applied) -> Site:
    sites.act(portal.office, applied.pk, Kind.APPROVED, reason="同意")
    sites.act(portal.office, applied.pk, Kind.OPENED, reason="检测通过")
    return applied


def test_an_application_shows_nothing_to_the_public(portal, applied):
    portal.bring_in_many(1)
    publish_full()
    assert not portal.has("/sites/czj/")
    assert "0000000002" not in portal.read("/units/czj/")


def test_an_open_site_frames_the_pages_of_its_unit_and_no_others(portal, opened):
    [item] = portal.bring_in_many(1)
    [other] = portal.bring_in_many(1, unit="daj")
    publish_full()
    for path in ("/sites/czj/", "/units/czj/", "/units/czj/dt01/", portal.path(item)):
        assert '<meta name="SiteIDCode" content="0000000002">' in portal.read(path), path
    for path in ("/", "/units/daj/", portal.path(other)):
        assert "0000000002" not in portal.read(path), path


def test_opening_a_site_builds_anew_exactly_the_pages_that_get_its_frame(portal, applied):
    portal.bring_in_many(3)
    portal.bring_in_many(3, unit="daj")
    publish_full()
    sites.act(portal.office, applied.pk, Kind.APPROVED, reason="同意")
    sites.act(portal.office, applied.pk, Kind.OPENED, reason="检测通过")
    written = publish_changed().written
    assert "/sites/czj/" in written
    assert "/units/czj/" in written
    assert not [path for path in written if "daj" in path]
    changed = portal.files()
    publish_full()
    assert portal.files() == changed


def test_a_site_with_a_domain_of_its_own_names_it_on_its_pages(portal, opened):
    [item] = portal.bring_in_many(1)
    sites.describe(portal.office, opened.pk, domain="czj.shifan.gov.cn")
    publish_full()
    page = portal.read(portal.path(item))
    assert f'content="https://czj.shifan.gov.cn{portal.path(item)}"' in page
    assert '<meta name="SiteDomain" content="czj.shifan.gov.cn">' in page
    assert ("czj.shifan.gov.cn", "/sites/czj/") in domains()


def test_a_suspended_site_says_so_and_its_items_stay_in_the_frame_of_the_portal(portal, opened):
    [item] = portal.bring_in_many(1)
    sites.act(portal.office, opened.pk, Kind.SUSPENDED, reason="机房搬迁", ends_on=days(9))
    publish_full()
    assert "机房搬迁" in portal.read("/sites/czj/")
    assert "0000000002" not in portal.read(portal.path(item))
    sites.act(portal.office, opened.pk, Kind.RESUMED, reason="搬迁完毕")
    publish_changed()
    assert "0000000002" in portal.read(portal.path(item))


def test_a_closing_is_announced_on_the_site_and_then_leads_on(portal, opened, monkeypatch):
    portal.bring_in_many(1)
    sites.act(
        portal.office, opened.pk, Kind.CLOSING, reason="机构改革", starts_on=days(10), target="/units/czj/"
    )
    publish_full()
    assert "关停" in portal.read("/sites/czj/")
    sites.turn_sites(timezone.now())
    monkeypatch.setattr(timezone, "now", lambda real=timezone.now: real() + timedelta(days=11))
    assert sites.turn_sites(timezone.now()) == 1
    publish_changed()
    page = portal.read("/sites/czj/")
    assert "已关停" in page
    assert 'href="/units/czj/"' in page
    assert "0000000002" not in portal.read("/units/czj/")


@pytest.mark.parametrize(
    ("kind", "given", "sentence"),
    [
        (Kind.SUSPENDED, {"ends_on": days(30)}, "超过30天的上限"),  # the first and the last day count: 31
        (Kind.SUSPENDED, {}, "须写明最后一日"),
        (Kind.SUSPENDED, {"starts_on": days(-1), "ends_on": days(3)}, "不能倒填"),
        (Kind.CLOSING, {"starts_on": days(9), "target": "/"}, "须先行公告10天"),
        (Kind.CLOSING, {"starts_on": days(10)}, "关停后转到哪个地址"),
        (Kind.OPENED, {}, "不能办理“开通”"),
        (Kind.RESUMED, {}, "不能办理“恢复上线”"),
        (Kind.APPLIED, {}, "不能办理"),
    ],
)
def test_what_the_rules_forbid_is_refused_in_a_sentence(portal, opened, kind, given, sentence):
    with pytest.raises(Refusal, match=sentence):
        sites.act(portal.office, opened.pk, kind, reason="试", **given)


def test_thirty_days_are_allowed_once_a_year(portal, opened):
    sites.act(portal.office, opened.pk, Kind.SUSPENDED, reason="搬迁", ends_on=days(29))
    sites.act(portal.office, opened.pk, Kind.RESUMED, reason="完毕")
    with pytest.raises(Refusal, match="一年不得超过1次"):
        sites.act(portal.office, opened.pk, Kind.SUSPENDED, reason="又搬", ends_on=days(1))


def test_the_office_may_change_the_rules_by_a_file_of_its_own(portal, opened):
    (portal.home / "site-rules.yaml").write_text(
        "- {effective_from: 2017-06-08, basis: 本市规定, tiers: [T3], suspensions_per_year: 2, suspension_days: 5,"
        " closing_notice_days: 3, domains: [.gov.cn]}\n", "utf-8",
    )  # fmt: skip
    with pytest.raises(Refusal, match=r"超过5天的上限（本市规定）"):
        sites.act(portal.office, opened.pk, Kind.SUSPENDED, reason="搬迁", ends_on=days(6))
    (portal.home / "site-rules.yaml").write_text("- nonsense\n", "utf-8")
    with pytest.raises(Refusal, match=r"site-rules\.yaml"):
        sites.act(portal.office, opened.pk, Kind.SUSPENDED, reason="搬迁", ends_on=days(6))


@pytest.mark.parametrize("code", ["city", "qingshui"])
def test_the_city_and_towns_open_no_further_site(portal, code):
    with pytest.raises(Refusal, match="不能另开网站"):
        sites.apply(portal.office, portal.city.units[code], slug="x", reason="要", **FACTS)


def test_a_unit_has_one_site_a_name_and_a_domain_belong_to_one(portal, opened):
    with pytest.raises(Refusal, match="已有网站"):
        sites.apply(portal.office, portal.city.units["czj"], slug="other", reason="要", **FACTS)
    with pytest.raises(Refusal, match="已由另一个网站使用"):
        sites.apply(portal.office, portal.city.units["daj"], slug="czj", reason="要", **FACTS)
    sites.describe(portal.office, opened.pk, domain="czj.shifan.gov.cn")
    with pytest.raises(Refusal, match="已由“示范市财政局”使用"):
        sites.apply(
            portal.office,
            portal.city.units["daj"],
            slug="daj",
            reason="要",
            **FACTS,
            domain="CZJ.shifan.gov.cn",
        )


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        ({"id_code": "12"}, "网站标识码“12”有误"),
        ({"name": " "}, "“网站名称”不能为空"),
        ({"domain": "czj.shifan.com"}, "应以.gov.cn或.政务结尾"),
        ({"domain": "javascript:alert(1).gov.cn"}, "域名"),
        ({"contact": "x" * 101}, "超过100个字符"),
    ],
)
def test_wrong_facts_are_refused_in_a_sentence(portal, applied, changed, sentence):
    with pytest.raises(Refusal, match=sentence):
        sites.describe(portal.office, applied.pk, **changed)


def test_only_its_own_people_describe_a_site_and_only_the_city_decides(portal, applied):
    strangers = [person for key, person in portal.city.people.items() if key != "office"]
    assert strangers
    for person in strangers:
        with pytest.raises(NotAllowed):
            sites.act(person, applied.pk, Kind.APPROVED, reason="自批")
        with pytest.raises(NotAllowed):
            sites.switch_on(person, CityNotice.Kind.GREY, text="试")


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("首页", "第1行“首页”应写成"),
        ("首页 /\n首页 /units/", "出现了不止一次"),
        ("点我 javascript:alert(1)", "第1行的地址“javascript:alert"),
        ("点我 //evil.example/", "第1行的地址"),
        ("点我 /a\\b", "第1行的地址"),
        ("没有 ZZ99", "栏目代码“ZZ99”不存在"),
        ("\n".join(f"项目{each} /{each}" for each in range(13)), "超过12项"),
        ("很长很长很长很长很长很长很长很长很长很长很长 /", "名称应为1至20个字符"),
    ],
)
def test_a_malformed_menu_is_refused_by_its_line_and_the_old_one_stays(portal, opened, text, sentence):
    sites.set_menu(portal.office, opened.pk, "首页 /sites/czj/")
    with pytest.raises(Refusal, match=sentence):
        sites.set_menu(portal.office, opened.pk, text)
    opened.refresh_from_db()
    assert [each["title"] for each in opened.menu] == ["首页"]


def test_a_menu_pasted_from_a_table_is_read_and_written_back(db, catalogue):
    menu = read_menu("首页\t/\n动态，DT01\n 国务院 | https://www.gov.cn/ \n")
    assert [(each["title"], each["url"], each["column"]) for each in menu] == [
        ("首页", "/", ""), ("动态", "", "DT01"), ("国务院", "https://www.gov.cn/", ""),
    ]  # fmt: skip
    assert read_menu(write_menu(menu)) == menu


def test_links_come_in_groups():
    links = read_links("【国家】\n中国政府网 https://www.gov.cn/\n【本市】\n门户 /\n【空】\n")
    assert [(group["name"], len(group["links"])) for group in links] == [("国家", 1), ("本市", 1)]
    assert read_links(write_links(links)) == links


def test_a_column_in_the_menu_has_a_page_even_while_it_is_empty(portal, opened):
    sites.set_menu(portal.office, opened.pk, "首页 /sites/czj/\n公告 TZ01")
    portal.bring_in_many(1)
    publish_full()
    assert 'href="/units/czj/tz01/"' in portal.read("/units/czj/")
    assert portal.has("/units/czj/tz01/")
    sites.set_menu(portal.office, opened.pk, "首页 /sites/czj/")
    publish_changed()
    assert not portal.has("/units/czj/tz01/")


@given(st.integers(0, 0xFFFFFF))
def test_every_theme_that_is_taken_is_readable(number):
    colour = f"#{number:06x}"
    try:
        read_theme(colour=colour)
    except Refusal:
        assert contrast(colour) < LEAST_CONTRAST
    else:
        assert contrast(colour) >= LEAST_CONTRAST


def test_a_theme_changes_the_site_alone_and_is_a_file_of_its_own(portal, opened):
    portal.bring_in_many(1)
    portal.bring_in_many(1, unit="daj")
    publish_full()
    before = portal.read("/units/daj/")
    sites.set_theme(portal.office, opened.pk, colour="#0b4485")
    publish_changed()
    assert "--red:#0b4485" in portal.read("/assets/site-czj.css")
    assert "/assets/site-czj.css?v=" in portal.read("/units/czj/")
    assert portal.read("/units/daj/") == before
    sites.set_theme(portal.office, opened.pk, colour="#9c1418")
    publish_changed()
    assert not portal.has("/assets/site-czj.css")


def test_a_home_shows_its_blocks_in_their_order_and_follows_its_unit(portal, opened):
    portal.bring_in_many(3)
    sites.compose(portal.office, opened, [
        ("text", {"title": "服务承诺", "text": "第一行\n第二行"}),
        ("lists", {"lists": [{"title": "动态", "column": "DT01", "unit": "", "count": 2}]}),
        ("services", {"title": "办事", "entries": [{"title": "预约", "url": "/units/czj/", "note": "不用排队"}]}),
    ])  # fmt: skip
    publish_full()
    page = portal.read("/sites/czj/")
    places = [page.index(word) for word in ("服务承诺", "第二行", "第3条动态", "不用排队")]
    assert places == sorted(places)
    assert "第1条动态" not in page
    item = portal.publish("新到的动态")
    assert "/sites/czj/" in publish_changed().written
    assert "新到的动态" in portal.read("/sites/czj/")
    assert item.title in portal.read("/sites/czj/")


def test_news_of_another_unit_leave_a_home_alone(portal, opened):
    portal.bring_in_many(1)
    publish_full()
    portal.publish("别家的动态", unit="daj")
    assert "/sites/czj/" not in publish_changed().written


@pytest.mark.parametrize(
    "block",
    [
        (
            "services",
            {"title": "办事", "entries": [{"title": "坏", "url": "javascript:alert(1)", "note": ""}]},
        ),
        ("services", {"title": "办事", "entries": []}),
        ("headline", {"column": "没有这个栏目", "count": 4}),
        ("lists", {"lists": [{"title": "", "column": "DT01", "unit": "", "count": 999}]}),
    ],
)
def test_blocks_that_are_not_right_are_refused(portal, opened, block):
    with pytest.raises(Refusal, match="首页版块有误"):
        sites.compose(portal.office, opened, [block])


def test_what_is_written_into_blocks_is_text_and_never_markup(portal, opened):
    sites.compose(
        portal.office, opened, [("text", {"title": "<b>题</b>", "text": "<script>alert(1)</script>"})]
    )
    publish_full()
    assert "<script>alert" not in portal.read("/sites/czj/")
    assert "<b>题" not in portal.read("/sites/czj/")


def test_one_switch_greys_every_page_and_tells_every_home(portal, opened):
    [item] = portal.bring_in_many(1)
    publish_full()
    pages = ("/", "/sites/czj/", "/units/czj/", portal.path(item))
    assert all('href="/notice.css"' in portal.read(path) for path in pages)
    grey = sites.switch_on(portal.office, CityNotice.Kind.GREY, text="国家公祭日")
    sites.switch_on(portal.office, CityNotice.Kind.BANNER, text="今晚有<特大>暴雨", url="/units/czj/")
    written = publish_changed().written
    assert set(written) == {"/", "/sites/czj/", "/notice.css", "/notice.json"}
    assert "grayscale" in portal.read("/notice.css")
    assert "今晚有&lt;特大&gt;暴雨" in portal.read("/")
    assert "今晚有<特大>暴雨" in portal.read("/notice.json")
    sites.switch_off(portal.office, grey.pk)
    publish_changed()
    assert "grayscale" not in portal.read("/notice.css")


def test_a_notice_begins_and_ends_by_itself(portal, monkeypatch):
    now = timezone.now()
    sites.turn_sites(now)
    sites.switch_on(
        portal.office,
        CityNotice.Kind.GREY,
        text="公祭",
        starts_at=now + timedelta(hours=1),
        ends_at=now + timedelta(hours=3),
    )
    publish_full()
    for hours, grey in ((0, False), (2, True), (4, False)):
        monkeypatch.setattr(timezone, "now", lambda hours=hours: now + timedelta(hours=hours))
        sites.turn_sites(timezone.now())
        publish_changed()
        assert ("grayscale" in portal.read("/notice.css")) is grey
