"""The only door of manuscripts: start, keep, submit, decide, publish, drop. One writer per verb.

Reviews are kept by :mod:`mingzheng.publish.reviews`; items are written by :mod:`mingzheng.publish.items`. Here is
what ties a text to both.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.db import transaction
from django.utils import timezone

from mingzheng.city import audit
from mingzheng.city.models import Person, Role, Unit
from mingzheng.city.permissions import Access, require
from mingzheng.law.errors import Refusal
from mingzheng.publish.body.services import clean_html, put_images, take_images
from mingzheng.publish.checks.services import mask_body
from mingzheng.publish.documents.services import confirm
from mingzheng.publish.items import services as items
from mingzheng.publish.items.models import Item, Openness
from mingzheng.publish.items.validation import Rules
from mingzheng.publish.manuscripts.checking import require_clear
from mingzheng.publish.manuscripts.contents import CONTENT, SHARED, as_draft, changed_fields, content_of
from mingzheng.publish.manuscripts.erasing import erase
from mingzheng.publish.manuscripts.files import keep_image
from mingzheng.publish.manuscripts.models import CLOSED, CheckDecision, Manuscript, ManuscriptFile, State
from mingzheng.publish.reviews import services as reviews
from mingzheng.publish.reviews.models import Review

__all__ = [
    "CheckDecision", "Manuscript", "ManuscriptFile", "State", "amend", "as_draft", "confirm_afterwards", "copy", "decide_finding", "drop", "erase", "manuscript_of",
    "mask",
    "pass_step", "publish", "publish_due", "publish_urgently", "recall", "return_to_writer", "review_of", "save",
    "start", "submit", "take_back",
]  # fmt: skip


def manuscript_of(access: Access, manuscript_id: int) -> Manuscript:
    """The manuscript with that id, if the person may read it; what may not be read does not exist."""
    found = Manuscript.objects.visible_to(access).filter(pk=manuscript_id).select_related("unit", "column")
    manuscript = found.first()
    if manuscript is None:
        raise Refusal("没有这份稿件。")
    return manuscript


def start(actor: Person, unit: Unit, **content: Any) -> Manuscript:
    """Begin a manuscript of a unit."""
    return save(actor, Manuscript(unit=unit, **content))


def save(actor: Person, manuscript: Manuscript) -> Manuscript:
    """Keep what was written: tidy, name the version by its hash, and reopen what was decided on another one.

    Raises Refusal when the person may not write in the unit, or when the manuscript is no longer to be written.
    """
    grant = require(actor, "manuscript.write", manuscript.unit)
    with transaction.atomic():
        if manuscript.pk:
            stored = _locked(manuscript.pk)
            _require_writable(stored)
            manuscript.unit, manuscript.item, manuscript.state = stored.unit, stored.item, stored.state
            manuscript.writer, manuscript.authors = stored.writer, stored.authors
            manuscript.by_operator = stored.by_operator
        else:
            manuscript.writer = actor
        _keep_what_an_amendment_keeps(manuscript)
        manuscript.title = " ".join(manuscript.title.split())
        taken = take_images(manuscript.body)
        manuscript.body = clean_html(taken.html)
        manuscript.authors = sorted({*manuscript.authors, actor.pk})
        manuscript.by_operator |= grant.role == Role.OPERATOR
        new = manuscript.pk is None
        manuscript.save()
        if taken.images:
            addresses = [keep_image(actor, manuscript, image) for image in taken.images]
            manuscript.body = clean_html(put_images(taken.html, addresses))
            manuscript.save(update_fields=["body"])
        manuscript.content_hash = items.content_hash(as_draft(manuscript))
        Manuscript.objects.filter(pk=manuscript.pk).update(content_hash=manuscript.content_hash)
        if new:
            audit.append(actor, "manuscript.started", manuscript.subject, {"unit": manuscript.unit.code})
        else:
            reviews.reopen(actor, manuscript.subject, manuscript.content_hash)
    return manuscript


def copy(actor: Person, manuscript: Manuscript) -> Manuscript:
    """A new manuscript that begins with the text of another; numbers and dates are not taken along."""
    require(actor, "manuscript.read", manuscript.unit)
    content = content_of(manuscript) | {"doc_no": "", "written_on": None, "formed_on": None}
    return start(actor, manuscript.unit, column=manuscript.column, **content)


def amend(actor: Person, item_id: int) -> Manuscript:
    """The manuscript in which a published item is changed: the one that is open, or a new one."""
    item = (
        Item.objects.visible_to(actor).filter(pk=item_id, status="published").select_related("unit").first()
    )
    if item is None:
        raise Refusal("没有这条已发布的信息。")
    require(actor, "manuscript.write", item.unit)
    opened = Manuscript.objects.filter(item=item).exclude(state__in=CLOSED).first()
    if opened is not None:
        return opened
    told = getattr(item, "interpretation", None)
    content = {name: getattr(item, name) for name in (*CONTENT, "ends_at") if hasattr(item, name)}
    if told:
        content |= {
            "interprets": told.document, "interpretation_level": told.level, "interpretation_form": told.form,
            "interpreter": told.interpreter, "interpreted_title": told.document_title,
        }  # fmt: skip
    manuscript = start(actor, item.unit, column=item.column, item=item, **content)
    for file in item.attachments.all():
        if file.url.startswith("/files/"):
            source = ManuscriptFile.objects.filter(key=file.url.removeprefix("/files/")).first()
            if source is not None:
                source.pk, source.manuscript, source.uploaded_by = None, manuscript, actor
                source.is_inline = file.is_inline
                source.save()
    return manuscript


def submit(actor: Person, manuscript_id: int) -> Review:
    """Hand the present version in for review, if it could be published as it is."""
    with transaction.atomic():
        manuscript = _locked(manuscript_id)
        require(actor, "manuscript.write", manuscript.unit)
        _require_writable(manuscript)
        draft = checked_draft(manuscript)
        require_clear(manuscript)
        # How open a published item is was decided when it went out.
        if manuscript.item is None and manuscript.openness != Openness.PROACTIVE:
            confirm(
                actor, manuscript.unit, manuscript.subject, openness=manuscript.openness,
                reason=manuscript.non_disclosure_reason,
            )  # fmt: skip
        review = reviews.submit(
            actor, unit=manuscript.unit, subject=manuscript.subject, title=manuscript.title,
            content_hash=items.content_hash(draft), authors=manuscript.authors,
        )  # fmt: skip
        _set(manuscript, State.IN_REVIEW, content_hash=review.content_hash)
    return review


def checked_draft(manuscript: Manuscript) -> items.ItemDraft:
    """The item that the manuscript would become, after every rule of publication; raises Refusal."""
    if manuscript.column is None:
        raise Refusal(f"《{manuscript}》还没有选定栏目。")
    draft, rules = as_draft(manuscript), Rules()
    rules.place(draft)
    rules.check(draft)
    return draft


def review_of(manuscript: Manuscript) -> Review | None:
    """The review of the present version, open or done."""
    found = Review.objects.filter(subject=manuscript.subject, content_hash=manuscript.content_hash)
    return found.order_by("-pk").first()


def pass_step(actor: Person, manuscript_id: int, **decision: Any) -> Manuscript:
    """Pass the step that the manuscript's review waits for; the last one signs it off."""
    with transaction.atomic():
        manuscript = _locked(manuscript_id)
        review = reviews.pass_step(actor, _open_review(manuscript).pk, **decision)
        if review.state == Review.State.PASSED:
            _set(manuscript, State.APPROVED)
    return manuscript


def return_to_writer(actor: Person, manuscript_id: int, *, reason: str) -> Manuscript:
    """Send the manuscript back with a reason."""
    with transaction.atomic():
        manuscript = _locked(manuscript_id)
        reviews.return_to_writer(actor, _open_review(manuscript).pk, reason=reason)
        _set(manuscript, State.RETURNED)
    return manuscript


def recall(actor: Person, manuscript_id: int) -> Manuscript:
    """Take a manuscript back from review, by the one who handed it in."""
    with transaction.atomic():
        manuscript = _locked(manuscript_id)
        reviews.recall(actor, _open_review(manuscript).pk)
        _set(manuscript, State.DRAFT)
    return manuscript


def take_back(actor: Person, manuscript_id: int, *, reason: str) -> Manuscript:
    """Send a signed manuscript that is not yet out back to writing; it needs a new review."""
    if not reason.strip():
        raise Refusal("退回起草须写明理由。")
    with transaction.atomic():
        manuscript = _locked(manuscript_id)
        _require_state(manuscript, State.APPROVED)
        if not Access(actor).may("manuscript.write", manuscript.unit):
            require(actor, "manuscript.sign", manuscript.unit)
        reviews.reopen(actor, manuscript.subject, "")
        audit.append(actor, "manuscript.taken_back", manuscript.subject, {"reason": reason})
        _set(manuscript, State.RETURNED)
    return manuscript


def publish(actor: Person, manuscript_id: int) -> Item:
    """Let a signed manuscript out: a new item, or the change of the one that it amends."""
    with transaction.atomic():
        manuscript = _locked(manuscript_id)
        _require_state(manuscript, State.APPROVED)
        return _release(actor, manuscript)


def publish_urgently(actor: Person, manuscript_id: int, *, reason: str) -> Item:
    """Let a manuscript out before its review: the audited act of the emergency publisher."""
    with transaction.atomic():
        manuscript = _locked(manuscript_id)
        if manuscript.state in CLOSED:
            raise Refusal(f"《{manuscript}》{manuscript.get_state_display()}，不能再发布。")
        draft = checked_draft(manuscript)
        reviews.authorise_urgently(
            actor, unit=manuscript.unit, subject=manuscript.subject, title=manuscript.title,
            content_hash=items.content_hash(draft), reason=reason,
        )  # fmt: skip
        return _release(actor, manuscript)


def confirm_afterwards(
    actor: Person, manuscript_id: int, *, opinion: str, secrecy: dict[str, Any] | None
) -> Review:
    """Review a manuscript that went out in an emergency; see :func:`reviews.services.confirm_afterwards`."""
    found = Review.objects.filter(subject=f"manuscript:{manuscript_id}", facts__kind="urgent").order_by("-pk")
    review = found.first()
    if review is None:
        raise Refusal("这份稿件不是应急发布的，不需要补审。")
    return reviews.confirm_afterwards(actor, review.pk, opinion=opinion, secrecy=secrecy)


def publish_due(progress: Callable[[Manuscript, str], object] = lambda manuscript, problem: None) -> int:
    """Publish the signed manuscripts whose time has come, in the name of who signed them; returns how many.

    One that cannot go out (its column was closed, its number was taken) is told to ``progress`` with the reason
    and stays as it is; the others go on.
    """
    done = 0
    due = Manuscript.objects.filter(state=State.APPROVED, go_live_at__lte=timezone.now())
    for manuscript in due.order_by("go_live_at", "pk"):
        review = review_of(manuscript)
        fact = review.facts.filter(kind="passed").select_related("actor").last() if review else None
        try:
            if fact is None:
                raise Refusal(f"《{manuscript}》没有签发记录。")
            publish(fact.actor, manuscript.pk)
            done += 1
            progress(manuscript, "")
        except Refusal as refusal:
            progress(manuscript, refusal.sentence)
    return done


def drop(actor: Person, manuscript_id: int) -> Manuscript:
    """Give a manuscript up; it stays readable."""
    with transaction.atomic():
        manuscript = _locked(manuscript_id)
        require(actor, "manuscript.write", manuscript.unit)
        _require_writable(manuscript)
        audit.append(actor, "manuscript.dropped", manuscript.subject, {"title": manuscript.title})
        _set(manuscript, State.DROPPED)
    return manuscript


def mask(actor: Person, manuscript: Manuscript, keys: set[str] | None = None) -> Manuscript:
    """Mask the personal data of these findings in the body, or all of it."""
    masked = mask_body(manuscript.body, keys)
    if masked == manuscript.body:
        return manuscript
    with transaction.atomic():
        manuscript.body = masked
        save(actor, manuscript)
        audit.append(actor, "manuscript.masked", manuscript.subject, {"all": keys is None})
    return manuscript


def decide_finding(
    actor: Person, manuscript_id: int, *, key: str, rule: str, excerpt: str, reason: str
) -> CheckDecision:
    """Record why a finding of the checks stands as it is; every reviewer sees it."""
    if len(reason.strip()) < 2:
        raise Refusal("保留检查发现的问题须写明理由。")
    with transaction.atomic():
        manuscript = _locked(manuscript_id)
        require(actor, "manuscript.write", manuscript.unit)
        _require_writable(manuscript)
        decision, _ = CheckDecision.objects.update_or_create(
            manuscript=manuscript, key=key,
            defaults={"rule": rule, "excerpt": excerpt[:200], "reason": reason[:200], "person": actor},
        )  # fmt: skip
        audit.append(actor, "check.decided", manuscript.subject, {"rule": rule, "key": key, "reason": reason})
    return decision


def _keep_what_an_amendment_keeps(manuscript: Manuscript) -> None:
    """Column and openness of what is published are changed by acts of their own, not by writing."""
    if manuscript.item is not None:
        manuscript.column = manuscript.item.column
        for name in set(SHARED) - items.AMENDABLE:
            setattr(manuscript, name, getattr(manuscript.item, name))


def _release(actor: Person, manuscript: Manuscript) -> Item:
    draft = as_draft(manuscript)
    if manuscript.item is None:
        item = items.publish_item(actor, draft)
    else:
        changes = changed_fields(items.draft_of(manuscript.item), draft)
        item = items.amend_item(actor, manuscript.item.pk, **changes) if changes else manuscript.item
    items.plan_ending(actor, item, manuscript.ends_at)
    _set(manuscript, State.PUBLISHED, item=item)
    return item


def _locked(manuscript_id: int) -> Manuscript:
    found = Manuscript.objects.select_for_update(of=("self",)).filter(pk=manuscript_id)
    manuscript = found.select_related("unit", "column", "item", "interprets").first()
    if manuscript is None:
        raise Refusal("没有这份稿件。")
    return manuscript


def _require_writable(manuscript: Manuscript) -> None:
    if manuscript.state not in (State.DRAFT, State.RETURNED):
        raise Refusal(f"《{manuscript}》{manuscript.get_state_display()}，不能修改。")


def _require_state(manuscript: Manuscript, state: State) -> None:
    if manuscript.state != state:
        raise Refusal(f"《{manuscript}》{manuscript.get_state_display()}，还没有签发或者已经发布。")


def _open_review(manuscript: Manuscript) -> Review:
    review = Review.objects.filter(subject=manuscript.subject, state=Review.State.OPEN).first()
    if review is None:
        raise Refusal(f"《{manuscript}》没有正在进行的审核。")
    return review


def _set(manuscript: Manuscript, state: State, **changes: Any) -> None:
    manuscript.state = state
    for name, value in changes.items():
        setattr(manuscript, name, value)
    manuscript.save(update_fields=["state", "updated_at", *changes])
