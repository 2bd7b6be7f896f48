"""What a build leaves in the public folder: numbered lists, nothing hidden, nothing foreign, nothing half done."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from mingzheng.city.models import OutboxEvent
from mingzheng.law.errors import Refusal
from mingzheng.portal.families.lists import number_at, older_pages
from mingzheng.portal.publisher import publish_changed, publish_full, verify
from mingzheng.publish.items.services import withdraw_item


def numbers(html: str) -> list[int]:
    return [int(found) for found in re.findall(r">第(\d+)条动态<", html)]


def test_lists_are_numbered_from_the_oldest(portal):
    portal.bring_in_many(65)
    publish_full()
    assert numbers(portal.read("/units/czj/dt01/p1.html")) == list(range(20, 0, -1))
    assert numbers(portal.read("/units/czj/dt01/p2.html")) == list(range(40, 20, -1))
    assert numbers(portal.read("/units/czj/dt01/")) == list(range(65, 40, -1))
    assert not portal.has("/units/czj/dt01/p3.html")


def test_a_full_page_never_changes_but_for_the_link_to_its_new_neighbour(portal):
    portal.bring_in_many(79)
    publish_full()
    oldest = portal.read("/units/czj/dt01/p1.html")
    portal.publish("第80条动态")
    outcome = publish_changed()
    assert portal.read("/units/czj/dt01/p1.html") == oldest
    assert "/units/czj/dt01/p3.html" in outcome.written
    assert numbers(portal.read("/units/czj/dt01/")) == list(range(80, 60, -1))


@pytest.mark.parametrize(
    ("total", "pages", "on_first"),
    # the first page holds 20 to 39 items as soon as there are so many
    [(0, 0, 0), (1, 0, 1), (39, 0, 39), (40, 1, 20), (59, 1, 39), (60, 2, 20)],
)
def test_the_first_page_holds_the_newest_twenty_to_thirty_nine(total, pages, on_first):
    assert older_pages(total) == pages
    assert sum(number_at(position, total) is None for position in range(total)) == on_first


def test_a_withdrawal_renumbers_what_follows(portal):
    items = portal.bring_in_many(60)
    publish_full()
    withdraw_item(portal.office, items[4].pk, "重复发布")
    outcome = publish_changed()
    assert numbers(portal.read("/units/czj/dt01/p1.html")) == [*range(21, 5, -1), 4, 3, 2, 1]
    assert not portal.has("/units/czj/dt01/p2.html")
    assert sorted(outcome.removed) == sorted(
        [portal.path(items[4]), "/units/czj/dt01/p2.html", "/units/czj/dt/p2.html"]
    )


def test_a_column_without_items_has_no_page_and_no_link(portal):
    [item] = portal.bring_in_many(1)
    publish_full()
    assert portal.has("/units/czj/dt01/")
    assert 'href="/units/czj/dt01/"' in portal.read("/units/czj/")
    withdraw_item(portal.office, item.pk, "内容有误")
    publish_changed()
    assert not (portal.public / "units/czj/dt01").exists()
    assert 'href="/units/czj/dt01/"' not in portal.read("/units/czj/")


def test_every_link_inside_the_site_leads_to_a_page(portal):
    portal.bring_in_many(50)
    portal.bring_in_many(3, unit="city", column="TZ01")
    publish_full()
    live = ("/-/", "/figures/", "/reports/", "/search/")
    for name, content in portal.files().items():
        if name.endswith(".html"):
            for link in re.findall(r'(?:href|src)="(/[^"#?]*)', content.decode()):
                assert link.startswith(live) or portal.has(link), f"{name}: {link}"


def test_hidden_items_stand_nowhere(portal):
    shown = portal.draft("公开的消息")
    on_request = portal.draft(
        "依申请的秘密标题甲", openness="on_request", non_disclosure_reason="涉及第三方合法权益"
    )
    closed = portal.draft("不公开的秘密标题乙", openness="closed", non_disclosure_reason="涉及商业秘密")
    withdrawn = portal.draft("撤回的秘密标题丙", unit="city", column="DT01")
    items = portal.bring_in(shown, on_request, closed, withdrawn)
    publish_full()
    withdraw_item(portal.office, items[3].pk, "内容有误")
    publish_changed()
    for build in (lambda: None, publish_full):
        build()
        pages = {name: content.decode() for name, content in portal.files().items() if name.endswith(".html")}
        # The directory of what is open on request names it, and nothing else may.
        text = "".join(content for name, content in pages.items() if "/on-request/" not in name)
        assert "公开的消息" in text
        assert "秘密标题" not in text
        assert not [name for name, content in pages.items() if "依申请的秘密标题甲的正文" in content]
        assert [item.pk for item in items if portal.has(portal.path(item))] == [items[0].pk]


def test_events_are_finished_only_after_the_files_are_in_place(portal, monkeypatch):
    publish_full()
    item = portal.publish("断电前的消息")

    def fail(*_, **__):
        raise OSError("disk")

    with monkeypatch.context() as patched:
        patched.setattr(os, "replace", fail)
        with pytest.raises(OSError, match="disk"):
            publish_changed()
    assert OutboxEvent.objects.filter(done_at=None, topic="item.published").exists()
    publish_changed()
    assert portal.has(portal.path(item))
    assert not OutboxEvent.objects.filter(done_at=None).exists()


def test_a_change_that_was_undone_after_a_crash_is_seen(portal, monkeypatch):
    """The manifest alone would say that nothing changed; the journal of the release says otherwise."""
    from mingzheng.portal.manifest import Manifest

    [item] = portal.bring_in_many(1)
    publish_full()
    before = portal.read(portal.path(item))
    portal.amend(item, body="<p>改后的正文</p>")

    def crash(*_):
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(Manifest, "settle", crash)
        with pytest.raises(KeyboardInterrupt):
            publish_changed()
    assert portal.read(portal.path(item)) != before
    portal.amend(item, body="<p>第1条动态的正文。</p>")
    publish_changed()
    day = re.compile(r'"dateModified":"[-0-9]+"')  # that it was amended stays true
    assert day.sub("", portal.read(portal.path(item))) == day.sub("", before)


def test_foreign_files_go_and_lost_files_come_back(portal):
    [item] = portal.bring_in_many(1)
    publish_full()
    (portal.public / "info" / "trojan.html").write_text("x")
    (portal.public / ".tmp").mkdir(exist_ok=True)
    (portal.public / ".tmp" / "123").write_text("half")
    (portal.public / portal.path(item).lstrip("/")).unlink()
    publish_full()
    assert not (portal.public / "info" / "trojan.html").exists()
    assert not (portal.public / ".tmp" / "123").exists()
    assert portal.has(portal.path(item))


def test_a_foreign_file_in_the_way_of_a_folder_is_cleared(portal):
    portal.public.mkdir()
    (portal.public / "info").write_text("x")
    [item] = portal.bring_in_many(1)
    publish_full()
    assert portal.has(portal.path(item))


def test_the_manifest_tells_what_was_tampered_with(portal):
    [item] = portal.bring_in_many(1)
    publish_full()
    assert verify().findings == []
    page = portal.public / portal.path(item).lstrip("/")
    stamp = page.stat()
    page.write_bytes(page.read_bytes().replace("正文".encode(), "假文".encode()))
    os.utime(page, ns=(stamp.st_atime_ns, stamp.st_mtime_ns))  # a careful hand
    (portal.public / "units" / "extra.html").write_text("x")
    (portal.public / "index.html").unlink()
    assert sorted(verify(repair=False).findings) == sorted(
        [
            f"页面“{portal.path(item)}”的内容与发布时不一致。",
            "页面“/”的文件丢失或无法读取。",
            "文件“units/extra.html”不是本系统发布的。",
        ]
    )


def test_two_publishers_never_run_at_once(portal):
    import fcntl

    with (portal.home / "publish.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        with pytest.raises(Refusal, match="另一个发布任务正在进行"):
            publish_full()


KILLED = """
import django, sys
django.setup()
from django.core.management import call_command
call_command("migrate", verbosity=0)
from datetime import UTC, date, datetime
from mingzheng.city import services as city
from mingzheng.publish.catalogue.services import load_standard
from mingzheng.publish.items.services import ItemDraft, import_items
root = city.create_unit(None, code="city", org_code="000000019", name="示范市人民政府", short_name="市政府",
                        tier="T1", active_from=date(2016, 1, 1))
for n in range(6):
    city.create_unit(None, code=f"u{n}", parent=root, org_code=f"UNIT0000{n}", name=f"第{n}局",
                     short_name=f"第{n}局", tier="T2", active_from=date(2016, 1, 1))
office = city.create_person(None, username="office", name="公开办", password=None)
city.grant(None, office, "office", root, starts_on=date(2016, 1, 1))
load_standard(None)
at = datetime(2018, 3, 1, tzinfo=UTC)
import_items(office, (ItemDraft(f"u{n % 6}", "DT01", f"消息{n}", f"<p>{'正文' * 3000}{n}</p>", published_at=at)
                      for n in range(1200)), source="test")
"""
PUBLISH = (
    "import django; django.setup(); from mingzheng.portal.publisher import publish_full; publish_full(2)"
)


def test_a_build_killed_half_way_is_completed_by_the_next(tmp_path):
    home = tmp_path / "killed"
    home.mkdir()
    environment = {**os.environ, "MINGZHENG_HOME": str(home), "DJANGO_SETTINGS_MODULE": "mingzheng.settings"}
    environment.pop("MINGZHENG_DATABASE", None)

    def run(code: str) -> subprocess.Popen[bytes]:
        return subprocess.Popen([sys.executable, "-c", code], env=environment, start_new_session=True)

    assert run(KILLED).wait() == 0
    build = run(PUBLISH)
    pages = home / "public" / "info" / "201803"
    deadline = time.monotonic() + 60
    while not (pages.is_dir() and len(list(pages.iterdir())) > 200):
        assert build.poll() is None, "the build ended before it could be killed"
        assert time.monotonic() < deadline
    os.killpg(build.pid, signal.SIGKILL)
    build.wait()
    left = list(pages.iterdir())
    assert 200 < len(left) < 1200
    assert all(_whole(page) for page in left)

    assert run(PUBLISH).wait() == 0
    found = list(pages.iterdir())
    assert len(found) == 1200
    assert all(_whole(page) for page in found)
    assert list((home / "public").rglob(".tmp/*")) == []
    check = "import django; django.setup(); from mingzheng.portal.publisher import verify; assert not verify().findings"
    assert run(check).wait() == 0


def _whole(page: Path) -> bool:
    return page.read_bytes().rstrip().endswith(b"</html>")
