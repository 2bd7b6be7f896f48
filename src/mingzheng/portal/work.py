"""What happens by itself: signed manuscripts go out when their time comes, and pages follow every change."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Final

from django.conf import settings
from django.db import close_old_connections
from django.utils import timezone

from mingzheng.city.services import waiting_events
from mingzheng.law.errors import Refusal
from mingzheng.portal.changes import TOPICS
from mingzheng.portal.hot_words.services import count_noted
from mingzheng.portal.jobs import services as jobs
from mingzheng.portal.jobs.models import PublishJob
from mingzheng.portal.publisher import publish_changed, publish_full, verify
from mingzheng.portal.reading.services import fold
from mingzheng.portal.searching.services import Busy, is_behind, sweep
from mingzheng.portal.sites.services import turn_sites
from mingzheng.portal.targets.services import deliver
from mingzheng.publish.catalogue.editions.services import carry_out_due
from mingzheng.publish.catalogue.models import CatalogueEdition
from mingzheng.publish.catalogue.services import announce_due
from mingzheng.publish.documents.services import turn_day
from mingzheng.publish.items.services import end_due
from mingzheng.publish.manuscripts.models import Manuscript
from mingzheng.publish.manuscripts.services import publish_due
from mingzheng.publish.placements.services import turn_placements

Tell = Callable[[str], object]
log = logging.getLogger(__name__)


def work_once(tell: Tell = lambda sentence: None) -> None:
    """Publish what is due, look what the night has changed, add up what was read, then make the pages that changes touch.

    Each thing that was done is told in a sentence.
    """

    def told(manuscript: Manuscript, problem: str) -> None:
        tell(f"《{manuscript}》没有按时发布：{problem}" if problem else f"《{manuscript}》已按时发布。")

    def carried_out(edition: CatalogueEdition, problem: str) -> None:
        tell(f"目录版次“{edition}”没有按时施行：{problem}" if problem else f"目录版次“{edition}”已施行。")

    publish_due(told)
    end_due(lambda item: tell(f"《{item}》公开期限届满，已自动下线。"))
    if count := turn_day(timezone.localdate()):
        tell(f"今天有{count}件文件的效力发生变化，相关页面即将更新。")
    carry_out_due(carried_out)
    announce_due()
    if count := turn_placements(timezone.localdate()):
        tell(f"今天有{count}条信息的其他位置开始、结束或者不再置顶，相关列表即将更新。")
    if count := turn_sites(timezone.now()):
        tell(f"有{count}个网站或者全站提示到时开始或者结束，相关页面即将更新。")
    fold()
    _look_over_index(tell)
    count_noted()
    _look_over_pages(tell)
    try:
        _publish(tell)
    except Refusal as refusal:  # another publisher is at it and sees the same events, or the disk is full
        log.warning(refusal.sentence)


def _publish(tell: Tell) -> None:
    """Build what was asked for, what events touch, and what failed before when its delay is over."""
    failing = jobs.failing()
    if failing and not jobs.is_due(timezone.now()):
        return
    if jobs.is_asked() or failing == PublishJob.Kind.FULL:
        outcome = publish_full(reason="重试" if failing else "手动提出")
    elif failing or any(True for _ in waiting_events(TOPICS)):
        outcome = publish_changed()
    else:
        return
    tell(f"已更新{len(outcome.written)}个页面，移除{len(outcome.removed)}个页面。")
    for sentence in outcome.failed:
        tell(sentence)


_looked: dict[str, tuple[date, datetime]] = {}
"""By the installation's folder: the day of this process's last whole look at the pages, and the moment of its last look."""
SAMPLE: Final = 500  # files whose content is read at each look
BETWEEN: Final = timedelta(minutes=10)


def _look_over_pages(tell: Tell) -> None:
    """Every ten minutes a sample of the published files, once a day all of them."""
    now, home = timezone.localtime(), str(settings.HOME)
    day, moment = _looked.setdefault(home, (now.date(), now))
    if now - moment < BETWEEN:
        return
    whole = day != now.date()
    try:
        found = verify(None if whole else SAMPLE)
    except Refusal:
        return
    _looked[home] = (now.date(), now)
    if found.findings:
        tell(f"核对公开页面，发现{len(found.findings)}处问题，已修复{found.repaired}处。")
        log.error("published files were not as they should be: %s", "; ".join(found.findings[:20]))


_swept: dict[str, date] = {}
"""By the installation's folder: the day on which this process looked last whether the index is whole."""


def _look_over_index(tell: Tell) -> None:
    """Once a day, when the work begins, and when something was left out: the whole index against the database."""
    today, home = timezone.localdate(), str(settings.HOME)
    if _swept.get(home) == today and not is_behind():
        return
    try:
        swept = sweep()
    except Busy:
        log.warning("the index is being written by another process")
        return
    _swept[home] = today
    if swept.written or swept.removed:
        tell(f"搜索索引已更新{swept.written}条，移除{swept.removed}条。")


def work(stop: threading.Event, seconds: float, tell: Tell) -> None:
    """Work until told to stop, looking again every so many seconds. A fault is logged and the work goes on."""
    threading.Thread(target=_deliver_always, args=(stop, seconds), daemon=True).start()
    while not stop.wait(seconds):
        close_old_connections()
        try:
            work_once(tell)
        except Exception:
            log.exception("work failed and is tried again")
    close_old_connections()


def _deliver_always(stop: threading.Event, seconds: float) -> None:
    """Deliver what was published, beside the work: a target that is slow or down holds up no publication."""
    while not stop.wait(seconds):
        try:
            deliver()
        except Exception:
            log.exception("delivery failed and is tried again")
