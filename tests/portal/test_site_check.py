"""Our own portal, held against the national lists: what is published has no fault that the check can see."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from mingzheng.measure.sitecheck import judge, load_scheme, read_folder
from mingzheng.measure.sitecheck.folder import LIVE_PATHS
from mingzheng.portal.publisher import publish_full
from mingzheng.portal.sites.services import set_up_portal
from mingzheng.publish.items import services

ON = date(2018, 12, 31)
LAST = datetime(2018, 12, 30, 1, 0, tzinfo=UTC)
SITE = {
    "name": "示范市人民政府", "id_code": "0000000001", "icp": "示ICP备00000001号", "police": "示公网安备 00000000000001号",
    "sponsor": "示范市人民政府", "contact": "0000-1234567",
}  # fmt: skip


@pytest.fixture
def published(portal):
    """A city with news of the last days in lists of several pages, a notice, a document, an answer, one withdrawal."""
    set_up_portal(portal.office, portal.city.units["city"], **SITE)
    drafts = [
        portal.draft(f"第{number}条动态", unit="city", published_at=LAST - timedelta(hours=6 * number))
        for number in range(50)
    ]
    document = {"doc_no": "示政〔2018〕9号", "written_on": date(2018, 12, 28), "expires_on": date(2023, 1, 1)}
    drafts += [
        portal.draft("市政府关于示例的通知", unit="city", column="ZC0201", published_at=LAST, **document),
        portal.draft("财政局通知", column="TZ01", published_at=LAST),
        portal.draft("来信及答复", column="HG04", unit="city", published_at=LAST),
        portal.draft("要撤回的动态", column="DT01", published_at=LAST),
    ]
    withdrawn = portal.bring_in(*drafts)[-1]
    services.tombstone_item(portal.office, withdrawn.pk, code="wrong", reason="内容有误")
    publish_full()
    return portal


@pytest.mark.parametrize("year", ["2015", "2019"])
def test_a_published_portal_has_no_finding_but_what_it_says_is_empty(published, year: str) -> None:
    scheme = load_scheme(year)
    site = read_folder(published.public, scheme, ON, live=LIVE_PATHS, processes=1)
    findings = [(line.rule.id, each) for line in judge(site, scheme).lines for each in line.findings]
    others = [(rule, each.seen, each.pages[:3]) for rule, each in findings if "空白栏目" not in each.seen]
    assert len(site.pages) > 50
    assert others == []
    empty = {page for _, each in findings if "空白栏目" in each.seen for page in each.pages}
    assert {"/gazette/", "/topics/"} <= empty
    assert all("暂无" in published.read(page) for page in empty)
