"""What happens by itself: manuscripts go out on time, pages follow, one fault stops nothing."""

from __future__ import annotations

import threading
from datetime import timedelta

from django.utils import timezone

from mingzheng.portal import work
from mingzheng.portal.publisher import publish_full
from mingzheng.publish.catalogue.services import column_by_code
from mingzheng.publish.manuscripts import services
from mingzheng.publish.manuscripts.models import Manuscript


def signed(city, title):
    writer = city.people["czj-writer"]
    made = services.start(
        writer, city.units["czj"], column=column_by_code("DT01"), title=title, body="<p>正文。</p>",
        go_live_at=timezone.now() + timedelta(hours=1),
    )  # fmt: skip
    services.submit(writer, made.pk)
    for name in ("reviewer", "secrecy", "chief"):
        digest = Manuscript.objects.get(pk=made.pk).content_hash
        secrecy = {"conclusion": "可以公开", "basis": "不涉密。"} if name == "secrecy" else None
        services.pass_step(city.people[name], made.pk, content_hash=digest, secrecy=secrecy)
    return made


def test_a_scheduled_manuscript_appears_on_the_site_when_its_time_comes(portal):
    publish_full()
    made = signed(portal.city, "定时发布的动态")
    told = []
    work.work_once(told.append)
    assert told == []
    Manuscript.objects.update(go_live_at=timezone.now())
    work.work_once(told.append)
    assert told[0] == "《定时发布的动态》已按时发布。"
    assert "定时发布的动态" in portal.read("/units/czj/dt01/")
    assert Manuscript.objects.get(pk=made.pk).state == "published"


def test_nothing_is_built_when_nothing_changed(portal, monkeypatch):
    publish_full()
    monkeypatch.setattr(work, "publish_changed", lambda: 1 / 0)
    work.work_once()


def test_a_fault_is_logged_and_the_work_goes_on(monkeypatch, caplog):
    stop, rounds = threading.Event(), []

    def fails(tell):
        rounds.append(1)
        if len(rounds) == 3:
            stop.set()
        raise RuntimeError("broken")

    monkeypatch.setattr(work, "work_once", fails)
    monkeypatch.setattr(work, "close_old_connections", lambda: None)
    work.work(stop, 0.001, lambda sentence: None)
    assert len(rounds) == 3
    assert "work failed" in caplog.text
