"""The only door of reviews: hand in, pass, return, recall, reopen, and the question whether a version may go out."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone

from mingzheng.city import audit
from mingzheng.city.models import Person, Unit
from mingzheng.city.permissions import Access, Grant, require
from mingzheng.law.errors import Refusal
from mingzheng.publish.reviews.models import Review, ReviewFact
from mingzheng.publish.reviews.routes import VERBS, Step, default_steps, route_for, routes_in_force, set_route

__all__ = [
    "VERBS", "Review", "ReviewFact", "Step", "authorise_urgently", "confirm_afterwards", "default_steps", "facts_of", "forget_title", "pass_step",
    "recall", "release", "reopen", "return_to_writer", "route_for", "routes_in_force", "set_route", "submit", "to_confirm",
    "waiting_for",
]  # fmt: skip

Kind, State = ReviewFact.Kind, Review.State


def submit(
    actor: Person, *, unit: Unit, subject: str, title: str, content_hash: str, authors: Collection[int]
) -> Review:
    """Hand one version in for review. ``authors`` are the ids of all who wrote on it."""
    require(actor, "manuscript.write", unit)
    with transaction.atomic():
        if Review.objects.select_for_update().filter(subject=subject, state=State.OPEN).exists():
            raise Refusal(f"《{title}》已经在审核中，不能重复送审。")
        steps = route_for(unit, timezone.localdate())
        review = Review.objects.create(
            unit=unit, subject=subject, title=title, content_hash=content_hash, steps=steps,
            authors=sorted({*authors, actor.pk}), submitted_by=actor, submitted_at=timezone.now(), state=State.OPEN,
            waiting_for=steps[0]["verb"],
        )  # fmt: skip
        _note(review, Kind.SUBMITTED, actor)
    return review


def pass_step(
    actor: Person,
    review_id: int,
    *,
    content_hash: str,
    opinion: str = "",
    secrecy: dict[str, Any] | None = None,
) -> Review:
    """Pass the current step. ``content_hash`` names the version that the reviewer had before their eyes.

    The secrecy step takes ``secrecy``: {"conclusion": "可以公开", "basis": …}. No one decides on what they wrote
    themselves, and no one decides twice: at least two different people stand behind every publication.
    """
    with transaction.atomic():
        review = _open(review_id)
        grant = require(actor, review.waiting_for, review.unit)
        _check_person(review, actor)
        if content_hash != review.content_hash:
            raise Refusal(f"《{review.title}》在您打开之后有了新的版本，请看过新版本再办理。")
        step = review.steps[review.step]
        secrecy = _checked_secrecy(review, secrecy) if step.get("secrecy") else None
        _note(review, Kind.PASSED, actor, grant=grant, opinion=opinion, secrecy=secrecy)
        review.step += 1
        if review.step == len(review.steps):
            _close(review, State.PASSED)
        else:
            review.waiting_for = review.steps[review.step]["verb"]
            review.save(update_fields=["step", "waiting_for"])
    return review


def return_to_writer(actor: Person, review_id: int, *, reason: str) -> Review:
    """Send the version back; the reason is told to the writer."""
    if not reason.strip():
        raise Refusal("退回稿件须写明理由。")
    with transaction.atomic():
        review = _open(review_id)
        grant = require(actor, review.waiting_for, review.unit)
        _note(review, Kind.RETURNED, actor, grant=grant, opinion=reason)
        _close(review, State.RETURNED)
    return review


def recall(actor: Person, review_id: int) -> Review:
    """Take a version back that one handed in oneself, as long as it is under review."""
    with transaction.atomic():
        review = _open(review_id)
        if actor.pk != review.submitted_by_id:
            raise Refusal(f"《{review.title}》由{review.submitted_by}送审，只有送审人可以撤回送审。")
        _note(review, Kind.RECALLED, actor)
        _close(review, State.RECALLED)
    return review


def reopen(actor: Person, subject: str, content_hash: str) -> None:
    """Say that the subject was edited: what was decided on another version holds no longer."""
    stale = Review.objects.select_for_update().filter(subject=subject, state__in=[State.OPEN, State.PASSED])
    for review in stale.exclude(content_hash=content_hash):
        _note(review, Kind.REOPENED, actor)
        _close(review, State.REOPENED)


def forget_title(subject: str, title: str) -> None:
    """Put another title on the reviews of a subject whose text was erased; who decided what stays."""
    Review.objects.filter(subject=subject).update(title=title)


def authorise_urgently(
    actor: Person, *, unit: Unit, subject: str, title: str, content_hash: str, reason: str
) -> Review:
    """Clear a version for publication at once, by the emergency publisher alone; its review follows afterwards."""
    require(actor, "item.publish_urgently", unit)
    if len(reason.strip()) < 5:
        raise Refusal("应急发布须写明事由（不少于5个字）。")
    with transaction.atomic():
        review = Review.objects.create(
            unit=unit, subject=subject, title=title, content_hash=content_hash, authors=[], submitted_by=actor,
            steps=route_for(unit, timezone.localdate()), submitted_at=timezone.now(), state=State.URGENT,
        )  # fmt: skip
        _note(review, Kind.URGENT, actor, opinion=reason)
        audit.append(
            actor, "item.urgent", subject, {"title": title, "reason": reason, "content_hash": content_hash}
        )
    return review


def to_confirm(access: Access) -> QuerySet[Review]:
    """The emergency publications that this person may confirm and nobody has confirmed yet, the oldest first."""
    person = access.person
    if not isinstance(person, Person) or not access.anywhere("manuscript.sign"):
        return Review.objects.none()
    facts = ReviewFact.objects.order_by()
    found = Review.objects.filter(
        access.where("manuscript.sign"), pk__in=facts.filter(kind=Kind.URGENT).values("review")
    )
    found = found.exclude(pk__in=facts.filter(kind=Kind.CONFIRMED).values("review"))
    return found.exclude(submitted_by=person).order_by("submitted_at", "pk")


def confirm_afterwards(
    actor: Person, review_id: int, *, opinion: str, secrecy: dict[str, Any] | None
) -> Review:
    """Review what went out in an emergency: somebody else who signs off in the unit stands behind it from now on.

    What must not stay public is withdrawn instead, which is an act of its own.
    """
    with transaction.atomic():
        review = Review.objects.select_for_update().filter(pk=review_id).first()
        kinds = set(review.facts.values_list("kind", flat=True)) if review else set()
        if review is None or Kind.URGENT not in kinds:
            raise Refusal("没有这项应急发布。")
        if Kind.CONFIRMED in kinds:
            raise Refusal(f"《{review.title}》已经补审。")
        grant = require(actor, "manuscript.sign", review.unit)
        if review.submitted_by_id in (actor.pk, grant.principal and grant.principal.pk):
            raise Refusal(f"《{review.title}》由您应急发布，须由他人补审。")
        if len(opinion.strip()) < 2:
            raise Refusal("补审应急发布的信息须写明意见。")
        _note(
            review,
            Kind.CONFIRMED,
            actor,
            grant=grant,
            opinion=opinion[:500],
            secrecy=_checked_secrecy(review, secrecy),
        )
        audit.append(
            actor, "item.confirmed", review.subject, {"title": review.title, "opinion": opinion[:200]}
        )
    return review


def release(actor: Person, unit: Unit, content_hash: str, title: str) -> Review:
    """Use up the review by which this exact version may go out, once, in the caller's transaction.

    Raises Refusal when its record is not complete. That is computed from the facts, not from the review's state
    (保密法实施条例: 先审查、后公开).
    """
    found = Review.objects.select_for_update().filter(content_hash=content_hash, unit=unit).order_by("-pk")
    review = next((each for each in found if _is_complete(each)), None)
    if review is None:
        raise Refusal(f"《{title}》这一版本没有完整的审核和保密审查记录，不能发布。")
    _note(review, Kind.RELEASED, actor)
    _close(review, State.RELEASED)
    return review


def waiting_for(access: Access) -> QuerySet[Review]:
    """The open reviews whose current step this person may decide, the oldest first."""
    person = access.person
    if not isinstance(person, Person):
        return Review.objects.none()
    mine = Q(pk__in=[])
    for verb in VERBS:
        if access.anywhere(verb):
            mine |= Q(waiting_for=verb) & access.where(verb)
    decided = ReviewFact.objects.filter(actor=person, kind=Kind.PASSED).values("review")
    found = Review.objects.filter(mine, state=State.OPEN).exclude(submitted_by=person)
    return found.exclude(pk__in=decided).order_by("submitted_at", "pk")


def facts_of(subject: str) -> QuerySet[ReviewFact]:
    """Everything that was done to the reviews of a subject, in order."""
    found = ReviewFact.objects.filter(review__subject=subject)
    return found.select_related("actor", "principal", "review").order_by("pk")


def _open(review_id: int) -> Review:
    review = Review.objects.select_for_update().filter(pk=review_id).first()
    if review is None:
        raise Refusal("没有这项审核。")
    if review.state != State.OPEN:
        raise Refusal(f"《{review.title}》{review.get_state_display()}，这一环节已经办结。")
    return review


def _check_person(review: Review, actor: Person) -> None:
    if actor.pk in review.authors:
        raise Refusal(f"《{review.title}》由您参与起草，须由他人审核。")
    if review.facts.filter(kind=Kind.PASSED, actor=actor).exists():
        raise Refusal(f"您已经审核过《{review.title}》，下一环节须由他人办理。")


def _checked_secrecy(review: Review, secrecy: dict[str, Any] | None) -> dict[str, str]:
    conclusion, basis = ((secrecy or {}).get(name, "").strip() for name in ("conclusion", "basis"))
    if conclusion != "可以公开":
        raise Refusal(f"《{review.title}》的保密审查结论不是“可以公开”，请退回并写明理由。")
    if not basis:
        raise Refusal(f"《{review.title}》的保密审查须写明审查意见和依据。")
    return {"conclusion": conclusion, "basis": basis[:500]}


def _note(review: Review, kind: str, actor: Person, *, grant: Grant | None = None, **facts: Any) -> None:
    ReviewFact.objects.create(
        review=review, kind=kind, step=review.step, actor=actor, principal=grant.principal if grant else None,
        content_hash=review.content_hash, at=timezone.now(), **facts,
    )  # fmt: skip


def _close(review: Review, state: str) -> None:
    review.state, review.waiting_for = state, ""
    review.save(update_fields=["state", "step", "waiting_for"])


def _is_complete(review: Review) -> bool:
    facts = [fact for fact in review.facts.all() if fact.content_hash == review.content_hash]
    if any(fact.kind in (Kind.RETURNED, Kind.RECALLED, Kind.REOPENED, Kind.RELEASED) for fact in facts):
        return False
    if any(fact.kind == Kind.URGENT for fact in facts):
        return True
    passed = {fact.step: fact for fact in facts if fact.kind == Kind.PASSED}
    if set(passed) != set(range(len(review.steps))):
        return False
    people = {fact.actor_id for fact in passed.values()}
    screened = all(passed[number].secrecy for number, step in enumerate(review.steps) if step.get("secrecy"))
    return screened and len(people) == len(passed) and not people & set(review.authors)
