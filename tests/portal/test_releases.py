"""Releases: all or nothing, links before what they lead to, faults of one part, of the disk, of the process; jobs and repairs."""

from __future__ import annotations

import errno
import os
from contextlib import suppress
from datetime import timedelta

import pytest
from django.utils import timezone

from mingzheng.city.models import OutboxEvent
from mingzheng.law.errors import Refusal
from mingzheng.portal import building, publisher, work
from mingzheng.portal.files import PublicFiles
from mingzheng.portal.jobs import services as jobs
from mingzheng.portal.jobs.models import PublishJob
from mingzheng.portal.manifest import Manifest
from mingzheng.portal.publisher import publish_changed, publish_full, verify
from mingzheng.portal.sites import services as sites
from mingzheng.portal.sites.models import SiteAct
from mingzheng.publish.items.services import withdraw_item

FACTS = {
    "name": "示范市财政局网",
    "id_code": "0000000002",
    "icp": "示ICP备1号",
    "sponsor": "市财政局",
    "contact": "0000-1",
}


@pytest.fixture
def themed(portal):
    """A finance bureau with a site of its own templates, published."""
    site = sites.apply(portal.office, portal.city.units["czj"], slug="czj", reason="集约化", **FACTS)
    sites.act(portal.office, site.pk, SiteAct.Kind.APPROVED, reason="同意")
    sites.act(portal.office, site.pk, SiteAct.Kind.OPENED, reason="检测通过")
    sites.set_theme(portal.office, site.pk, colour="#0b4485", pack="own")
    shell = portal.home / "themes" / "own" / "shell"
    shell.mkdir(parents=True)
    (shell / "footer.html").write_text("<footer>自有页脚</footer>\n", "utf-8")
    portal.bring_in_many(3)
    portal.bring_in_many(3, unit="daj")
    publish_full()
    return shell / "footer.html"


def break_off(monkeypatch, at: int):
    """The process is gone after so many renames."""
    place, count = PublicFiles.place, [0]

    def killed(self, staged):
        count[0] += 1
        if count[0] > at:
            raise KeyboardInterrupt
        return place(self, staged)

    monkeypatch.setattr(PublicFiles, "place", killed)


def test_own_templates_stand_on_the_pages_of_the_site(portal, themed):
    assert "自有页脚" in portal.read("/units/czj/")
    assert "自有页脚" not in portal.read("/units/daj/")


def test_a_broken_theme_keeps_its_last_good_pages_and_the_others_go_on(portal, themed):
    before = portal.read("/units/czj/")
    themed.write_text("{% if %}", "utf-8")
    item = portal.publish("别家的消息", unit="daj")
    outcome = publish_changed()
    assert portal.has(portal.path(item))
    assert portal.read("/units/czj/") == before
    assert outcome.failed == ["“示范市财政局”的页面没有生成，保留原有内容；请检查所属网站的模板。"]
    assert PublishJob.objects.first().state == "failed"
    themed.write_text("<footer>改好的页脚</footer>\n", "utf-8")
    assert publish_changed().failed == []
    assert "改好的页脚" in portal.read("/units/czj/")
    assert PublishJob.objects.first().state == "done"


def test_a_full_build_with_a_broken_theme_keeps_its_pages_too(portal, themed):
    before = {name: text for name, text in portal.files().items() if "czj" in name}
    themed.write_text("{% if %}", "utf-8")
    assert len(publish_full().failed) == 1
    after = portal.files()
    assert {name: after[name] for name in before} == before


def test_nothing_is_visible_before_the_whole_release_is_decided(portal, monkeypatch):
    publish_full()
    before = portal.files()
    portal.publish("新消息")

    def gone(*_):
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(building.Outcome, "take", gone)
        with pytest.raises(KeyboardInterrupt):
            publish_changed()
    assert portal.files() == before
    publish_changed()
    assert "新消息" in portal.read("/units/czj/dt01/")


@pytest.mark.parametrize("at", range(0, 8, 2))
def test_a_release_that_broke_off_is_completed_by_the_next_run(portal, monkeypatch, at):
    portal.bring_in_many(2)
    publish_full()
    item = portal.publish("断电时的消息")
    with monkeypatch.context() as patched:
        break_off(patched, at)
        with pytest.raises(KeyboardInterrupt):
            publish_changed()
    publish_changed()
    changed = portal.files()
    assert "断电时的消息" in changed[portal.path(item).lstrip("/")].decode()
    publish_full()
    assert portal.files() == changed
    assert verify().findings == []


@pytest.mark.parametrize("at", range(12))
def test_at_every_moment_of_a_release_every_link_leads_to_a_page(portal, monkeypatch, at):
    import re

    items = portal.bring_in_many(41)
    publish_full()
    portal.publish("新到的消息")
    withdraw_item(portal.office, items[0].pk, "内容有误")
    with monkeypatch.context() as patched:
        break_off(patched, at)
        with suppress(KeyboardInterrupt):
            publish_changed()
    live = ("/-/", "/figures/", "/reports/", "/search/")
    for name, content in portal.files().items():
        if name.endswith(".html"):
            for link in re.findall(r'(?:href|src)="(/[^"#?]*)', content.decode()):
                assert link.startswith(live) or portal.has(link), f"{name}: {link}"


def test_a_full_disk_is_said_and_the_old_pages_stay(portal, monkeypatch):
    portal.bring_in_many(2)
    publish_full()
    before = portal.files()
    portal.publish("放不下的消息")

    def full(*_):
        raise OSError(errno.ENOSPC, "No space left on device")

    with monkeypatch.context() as patched:
        patched.setattr(os, "write", full)
        with pytest.raises(Refusal, match="磁盘空间不足"):
            publish_changed()
    assert portal.files() == before
    assert "磁盘空间不足" in PublishJob.objects.first().problem
    assert OutboxEvent.objects.filter(done_at=None).exists()
    assert publish_changed().written


def test_a_failed_run_is_tried_again_after_growing_delays(portal, monkeypatch):
    publish_full()
    delays = []
    for _ in range(4):
        job = jobs.begin(jobs.Kind.CHANGED, "试")
        jobs.end(job, problem="坏了")
        delays.append((jobs.again_at(job) - job.ended_at).total_seconds())
    assert delays == [10, 20, 40, 80]
    calls = []
    monkeypatch.setattr(work, "publish_changed", lambda: calls.append(1) or publisher.publish_changed())
    work.work_once()
    assert calls == []
    now = timezone.now
    monkeypatch.setattr(timezone, "now", lambda: now() + timedelta(seconds=81))
    work.work_once()
    assert calls == [1]
    assert jobs.failing() is None


def test_a_run_whose_process_died_is_seen_as_broken_off(portal):
    jobs.begin(jobs.Kind.FULL, "死了")
    publish_full()
    first, second = PublishJob.objects.order_by("pk")
    assert (first.state, first.problem) == ("failed", jobs.BROKEN_OFF)
    assert (second.state, second.attempts) == ("done", 2)
    assert second.written > 5


def test_a_rebuild_is_asked_for_once_and_done_by_the_worker(portal):
    publish_full()
    job = jobs.ask(portal.office)
    with pytest.raises(Refusal, match="不必重复提出"):
        jobs.ask(portal.office)
    work.work_once()
    job.refresh_from_db()
    assert job.state == "done"
    assert not jobs.is_asked()


def test_nothing_to_do_leaves_no_job(portal):
    publish_full()
    count = PublishJob.objects.count()
    assert publish_changed().written == []
    assert PublishJob.objects.count() == count


def test_verifying_repairs_what_was_changed_lost_and_added(portal):
    [item] = portal.bring_in_many(1)
    publish_full()
    whole = portal.files()
    page = portal.public / portal.path(item).lstrip("/")
    stamp = page.stat()
    page.write_bytes(page.read_bytes().replace("正文".encode(), "假文".encode()))
    os.utime(page, ns=(stamp.st_atime_ns, stamp.st_mtime_ns))  # a careful hand
    (portal.public / "index.html").unlink()
    (portal.public / "assets" / "site.css").write_text("body{display:none}")
    (portal.public / "units" / "extra.html").write_text("木马")
    (portal.public / "link.html").symlink_to("/etc/passwd")
    found = verify()
    assert len(found.findings) == 5
    assert found.repaired == 5
    assert portal.files() == whole
    kept = [path.name for path in (portal.home / "quarantine").rglob("*.html")]
    assert sorted(kept) == ["extra.html", "link.html"]
    assert verify().findings == []


def test_a_sample_reads_few_files_and_still_sees_sizes_losses_and_strangers(portal):
    portal.bring_in_many(30)
    publish_full()
    (portal.public / "index.html").write_text("改")
    (portal.public / "units.html").write_text("外")
    assert len(verify(1).findings) == 2


def test_an_amended_text_builds_its_page_and_what_says_when_it_changed_and_no_list(portal, monkeypatch):
    items = portal.bring_in_many(50)
    publish_full()
    rendered = []
    render = publisher.render
    monkeypatch.setattr(publisher, "render", lambda city, path: rendered.append(path) or render(city, path))
    portal.amend(items[-1], body="<p>只改正文</p>")
    publish_changed()
    page = portal.path(items[-1])
    assert page in rendered
    assert all(path.endswith(".xml") for path in set(rendered) - {page})
    rendered.clear()
    portal.amend(items[-1], title="改了标题")
    publish_changed()
    assert {page, "/", "/units/czj/", "/units/czj/dt01/", "/units/czj/dt/"} <= set(rendered)


def test_a_new_item_in_a_long_column_touches_no_more_than_in_a_short_one(portal, monkeypatch):
    counts = []
    for number in (45, 455):
        portal.bring_in_many(number, column="TZ01", unit="daj" if number > 100 else "czj")
    publish_full()
    render = publisher.render
    for unit in ("czj", "daj"):
        rendered = []
        monkeypatch.setattr(
            publisher, "render", lambda city, path, seen=rendered: seen.append(path) or render(city, path)
        )
        portal.publish("又一条", unit=unit, column="TZ01")
        publish_changed()
        counts.append(len(rendered))
    assert max(counts) - min(counts) <= 2  # a list's older page is filled by every twentieth item
    assert max(counts) < 20


def test_the_journal_is_empty_after_a_release(portal):
    portal.bring_in_many(2)
    publish_full()
    manifest = Manifest(portal.home / "manifest.sqlite3")
    assert (list(manifest.staged()), list(manifest.leaving()), manifest.is_decided) == ([], [], False)
    manifest.close()
