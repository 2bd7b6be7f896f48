"""What happens by itself: signed manuscripts go out when their time comes, and pages follow every change."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from datetime import date

from django.conf import settings
from django.db import close_old_connections
from django.utils import timezone

from mingzheng.city.services import waiting_events
from mingzheng.law.errors import Refusal
from mingzheng.portal.changes import TOPICS
from mingzheng.portal.publisher import publish_changed
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
    """Publish what is due, look what the night has changed, then make the pages that changes touch.

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
    _look_over_index(tell)
    if next(waiting_events(TOPICS), None) is None:
        return
    try:
        outcome = publish_changed()
    except Refusal:  # another publisher is at it, and will see the same events
        return
    tell(f"已更新{len(outcome.written)}个页面，移除{len(outcome.removed)}个页面。")


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
