"""The only door of publishing jobs. All but asking and looking happens under the publisher's lock."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from mingzheng.city import audit
from mingzheng.city.models import Person
from mingzheng.city.services import require, root_unit
from mingzheng.law.errors import Refusal
from mingzheng.portal.jobs.models import PublishJob

Kind = PublishJob.Kind
State = PublishJob.State
FIRST_DELAY: Final = 10  # seconds after the first failure; doubled after each further one
LONGEST_DELAY: Final = 3600
KEPT: Final = timedelta(days=90)
BROKEN_OFF: Final = "发布进程中断，没有完成；未完成的部分由下一次任务继续。"


def ask(actor: Person) -> PublishJob:
    """Ask for all pages to be built anew; ``mingzheng work`` does it next."""
    require(actor, "page.publish", root_unit())
    with transaction.atomic():
        if PublishJob.objects.filter(kind=Kind.FULL, state=State.WAITING).exists():
            raise Refusal("已有一个全部重建的任务在等待，不必重复提出。")
        job = PublishJob.objects.create(
            kind=Kind.FULL, state=State.WAITING, reason="手动提出", asked_by=actor, asked_at=timezone.now()
        )
        audit.append(actor, "pages.asked", f"job:{job.pk}", {"kind": Kind.FULL})
    return job


def is_asked() -> bool:
    """Whether a build of all pages is waiting."""
    return PublishJob.objects.filter(kind=Kind.FULL, state=State.WAITING).exists()


def is_due(now: datetime) -> bool:
    """Whether the next run may begin: at once, or after a failure when its delay is over."""
    last = _ended().first()
    return last is None or last.state != State.FAILED or now >= again_at(last)


def failing() -> PublishJob.Kind | None:
    """What the last run was that left something undone; None when it left nothing."""
    last = unfinished()
    return Kind(last.kind) if last is not None else None


def unfinished() -> PublishJob | None:
    """The last run, if it left something undone."""
    last = _ended().first()
    return last if last is not None and last.state == State.FAILED else None


def again_at(job: PublishJob) -> datetime:
    """When a failed run is tried again."""
    delay = min(FIRST_DELAY * 2 ** min(job.attempts - 1, 20), LONGEST_DELAY)
    return (job.ended_at or job.asked_at) + timedelta(seconds=delay)


def begin(kind: Kind, reason: str) -> PublishJob:
    """The row of a run that begins now: one that was asked for, or a new one."""
    now = timezone.now()
    with transaction.atomic():
        # The lock is ours: whoever claims to be running is not.
        PublishJob.objects.filter(state=State.RUNNING).update(
            state=State.FAILED, ended_at=now, problem=BROKEN_OFF
        )
        PublishJob.objects.filter(state=State.DONE, ended_at__lt=now - KEPT).delete()
        last = _ended().first()
        attempts = (
            last.attempts + 1
            if last is not None and last.state == State.FAILED and kind != Kind.VERIFY
            else 1
        )
        job = PublishJob.objects.filter(kind=kind, state=State.WAITING).first()
        job = job or PublishJob(kind=kind, reason=reason[:200], asked_at=now)
        job.state, job.started_at, job.attempts = State.RUNNING, now, attempts
        job.save()
    return job


def end(
    job: PublishJob, *, written: int = 0, removed: int = 0, unchanged: int = 0, problem: str = ""
) -> None:
    """The run is over; with a problem it counts as failed and is tried again."""
    job.state = State.FAILED if problem else State.DONE
    job.ended_at, job.problem = timezone.now(), problem
    job.written, job.removed, job.unchanged = written, removed, unchanged
    job.save()


def _ended() -> QuerySet[PublishJob]:
    ended = PublishJob.objects.filter(state__in=[State.DONE, State.FAILED]).exclude(kind=Kind.VERIFY)
    return ended.order_by("-id")
