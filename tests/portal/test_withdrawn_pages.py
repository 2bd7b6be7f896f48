"""The address of what was taken away: a notice with 410, or the page again; and no word of it elsewhere."""

from __future__ import annotations

import pytest
from django.test import Client

from mingzheng.portal.addresses import gone_path
from mingzheng.portal.publisher import publish_changed, publish_full, verify
from mingzheng.portal.server import Files
from mingzheng.publish.items import services
from mingzheng.publish.manuscripts import services as manuscripts

TITLE = "将被撤回的消息"


@pytest.fixture
def item(portal):
    _, item, _ = portal.bring_in(portal.draft("旧消息"), portal.draft(TITLE), portal.draft("新消息"))
    publish_full()
    assert TITLE in portal.read("/units/czj/dt01/")
    return item


def nowhere(portal) -> bool:
    return not any(TITLE in text.decode() for name, text in portal.files().items() if name.endswith(".html"))


def ask(portal, path: str, method: str = "GET") -> tuple[int, str, str]:
    """Status, type and text of what the server sends for this address; 404 where it has no file."""
    answer = []

    def start_response(status, headers):
        answer.append((int(status[:3]), dict(headers).get("Content-Type", "")))

    def nothing(environ, start_response):
        start_response("404 Not Found", [])
        return []

    body = Files(portal.public, nothing)({"REQUEST_METHOD": method, "PATH_INFO": path}, start_response)
    return *answer[0], b"".join(body).decode()


def same_as_a_full_build(portal, use_home) -> bool:
    changed = portal.files()
    other = type(portal)(portal.city, use_home("other"))
    publish_full()
    return other.files() == changed


def test_a_notice_stands_at_the_address_and_nowhere_else(portal, item, use_home):
    services.tombstone_item(portal.office, item.pk, code="repealed", reason="内部理由")
    publish_changed()
    path = portal.path(item)
    assert not portal.has(path)
    page = portal.read(gone_path(path))
    assert ask(portal, path) == (410, "text/html; charset=utf-8", page)
    assert ask(portal, path, "HEAD") == (410, "text/html; charset=utf-8", "")
    assert ask(portal, gone_path(path))[0] == 404
    assert "该信息已经失效或者废止，发布机构已予撤下。" in page
    assert "示范市财政局" in page
    assert "撤回日期" in page
    assert '<meta name="robots" content="noindex">' in page
    assert "内部理由" not in page
    assert item.index_no not in page
    assert nowhere(portal)
    assert portal.path(item) not in portal.read("/units/czj/dt01/")
    assert verify().findings == []
    assert same_as_a_full_build(portal, use_home)


def test_a_notice_gives_way_to_the_page_when_the_item_is_restored(portal, item, use_home):
    services.tombstone_item(portal.office, item.pk, code="wrong", reason="有误")
    publish_changed()
    services.restore_item(portal.office, item.pk, reason="无误")
    outcome = publish_changed()
    assert {portal.path(item), "/units/czj/dt01/"} <= set(outcome.written)
    assert outcome.removed == [gone_path(portal.path(item))]
    assert TITLE in portal.read(portal.path(item))
    assert TITLE in portal.read("/units/czj/dt01/")
    assert "noindex" not in portal.read(portal.path(item))
    assert same_as_a_full_build(portal, use_home)


def test_a_notice_stands_in_the_frame_of_its_page_and_names_its_address(portal, item):
    publish_changed()
    tags = portal.read(portal.path(item))
    services.tombstone_item(portal.office, item.pk, code="repealed", reason="内部理由")
    publish_changed()
    page = portal.read(gone_path(portal.path(item)))
    site = '<meta name="SiteDomain" content="www.city.gov.cn">'
    assert site in tags
    assert site in page
    assert ".gone" not in page


def test_a_hidden_item_has_no_page_and_its_address_says_gone_without_a_reason(portal, item, use_home):
    services.hide_item(portal.office, item.pk, code="secret", reason="内部理由")
    publish_changed()
    assert not portal.has(portal.path(item))
    assert nowhere(portal)
    status, _, text = ask(portal, portal.path(item))
    assert status == 410
    assert "该信息已撤回" in text
    assert "不再公开" in text
    for secret in ("内部理由", TITLE, "涉密", "示范市财政局", "撤回日期", item.index_no):
        assert secret not in text, secret
    assert Client().get(portal.path(item)).status_code == 404  # the notice is a file, as every page
    month = portal.path(item).split("/")[2]
    for path in (f"/info/{month}/999999.html", f"/info/209901/{item.pk}.html", "/info/x.html"):
        assert ask(portal, path)[0] == 404, path
    assert verify().findings == []
    assert same_as_a_full_build(portal, use_home)


def test_what_was_never_public_is_unknown_even_when_withdrawn(portal):
    [item] = portal.bring_in(
        portal.draft("依申请公开的", openness="on_request", non_disclosure_reason="涉及第三方合法权益")
    )
    publish_full()
    services.tombstone_item(portal.office, item.pk, code="wrong", reason="有误")
    publish_changed()
    assert not portal.has(portal.path(item))
    assert ask(portal, portal.path(item))[0] == 404


def test_an_erased_item_and_its_files_are_gone(portal):
    from hashlib import sha256

    digest = sha256(b"text").hexdigest()
    key = f"{digest[:2]}/{digest}.txt"
    kept = portal.home / "files" / key
    kept.parent.mkdir(parents=True)
    kept.write_bytes(b"text")
    [item] = portal.bring_in(portal.draft(TITLE, attachments=[("附件.txt", f"/files/{key}")]))
    publish_full()
    assert portal.has(f"/files/{key}")
    services.request_erasure(portal.office, item.pk, code="secret", reason="不应公开")
    manuscripts.erase(portal.city.people["czj-signer"], item.pk)
    publish_changed()
    assert not portal.has(f"/files/{key}")
    assert not portal.has(portal.path(item))
    assert nowhere(portal)
    assert ask(portal, portal.path(item))[0] == 410
    assert verify().findings == []


def test_masked_text_replaces_the_page(portal):
    item = portal.publish("公示名单", body="<p>本人手机号13812345678。</p>")
    publish_full()
    assert "13812345678" in portal.read(portal.path(item))
    services.anonymise_item(portal.office, item.pk, reason="当事人申请")
    publish_changed()
    page = portal.read(portal.path(item))
    assert "13812345678" not in page
    assert "公示名单" in page
