"""What the screens of a manuscript show: facts gathered for the templates, nothing decided."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.http import Http404, HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.html import strip_tags
from django.utils.safestring import mark_safe
from wagtail.admin.ui.components import MediaContainer
from wagtail.admin.widgets.button import HeaderButton
from wagtail.models import Revision

from mingzheng.city.models import Person
from mingzheng.city.permissions import Access
from mingzheng.office.doors import MANUSCRIPT
from mingzheng.publish.catalogue.models import Column
from mingzheng.publish.catalogue.services import theme_names
from mingzheng.publish.comparison.services import compare_fields, compare_html, summary, text_of
from mingzheng.publish.documents.services import clauses, decision_on
from mingzheng.publish.items.models import Interpretation, Item
from mingzheng.publish.manuscripts import services
from mingzheng.publish.manuscripts.models import Manuscript, State
from mingzheng.publish.reviews.models import Review
from mingzheng.publish.reviews.services import facts_of, to_confirm

RECORD = (
    "doc_no", "issuer", "written_on", "formed_on", "effective_on", "expires_on", "theme", "genre", "audience",
    "keywords", "abstract", "content_source", "openness", "non_disclosure_reason", "interpretation_level",
    "interprets", "interpreted_title", "interpretation_form", "interpreter", "plan_outline", "plan_forms",
    "plan_interpreter", "plan_on", "plan_channels", "plan_waiver", "go_live_at", "ends_at",
)  # fmt: skip
COMPARED = ("column", "title", *RECORD)


def minute(at: datetime | None) -> str:
    """A point in time as officers read it: to the minute, in the city's time."""
    return f"{timezone.localtime(at):%Y-%m-%d %H:%M}" if at else ""


def shown_at(manuscript: Manuscript) -> str:
    """The address of a manuscript."""
    return reverse(f"{MANUSCRIPT}:inspect", args=[manuscript.pk])


def written_at(manuscript: Manuscript) -> str:
    """The address at which a manuscript is written on."""
    return reverse(f"{MANUSCRIPT}:edit", args=[manuscript.pk])


def act_at(manuscript: Manuscript, verb: str) -> str:
    return reverse("office_act", args=[manuscript.pk, verb])


def list_buttons(access: Access) -> list[HeaderButton]:
    """What stands above the list of manuscripts."""
    buttons = []
    if access.anywhere("manuscript.write"):
        buttons += [
            HeaderButton("起草", url=reverse("office_start"), icon_name="plus"),
            HeaderButton("批量导入", url=reverse("office_import"), icon_name="upload"),
            HeaderButton("批量送审", url=reverse("office_bulk_submit"), icon_name="tasks"),
        ]
    if access.anywhere("item.publish"):
        buttons.append(HeaderButton("批量发布", url=reverse("office_bulk_publish"), icon_name="check"))
    return buttons


def no_side_panels() -> MediaContainer:
    return MediaContainer([])


def editing(request: HttpRequest, manuscript: Manuscript) -> dict[str, Any]:
    """Around the form: why it was returned, its files, what the checks say."""
    return {
        "manuscript": manuscript,
        "returned": _last_return(manuscript),
        "files": list(manuscript.files.filter(is_inline=False)),
        "shown_at": shown_at(manuscript),
        "history_url": reverse(f"{MANUSCRIPT}:history", args=[manuscript.pk]),
    }


def reading(request: HttpRequest, manuscript: Manuscript) -> dict[str, Any]:
    """The whole manuscript, its record of reviews, and what this person may do now."""
    access = Access(request.user)
    review = services.review_of(manuscript)
    return {
        "manuscript": manuscript,
        "state": manuscript.state,
        "place": column_place(manuscript.column),
        "body": mark_safe(manuscript.body),
        "record": record_of(manuscript),
        "files": list(manuscript.files.filter(is_inline=False)),
        "decisions": list(manuscript.check_decisions.select_related("person").order_by("pk")),
        "review": review,
        "steps": steps_of(review),
        "facts": [fact_line(fact) for fact in facts_of(manuscript.subject)],
        "before": _before(manuscript),
        "may": allowed(access, manuscript, review),
    }


def allowed(access: Access, manuscript: Manuscript, review: Review | None) -> dict[str, Any]:
    """The acts that are open to this person now; the services decide again when one is done."""
    unit, state = manuscript.unit, manuscript.state
    person = access.person if isinstance(access.person, Person) else Person()
    writes, open_review = access.may("manuscript.write", unit), review if state == State.IN_REVIEW else None
    step = open_review.steps[open_review.step] if open_review else None
    decides = bool(
        open_review
        and step
        and access.may(step["verb"], unit)
        and person.pk not in open_review.authors
        and not open_review.facts.filter(kind="passed", actor=person).exists()
    )
    grant = access.grant_for(step["verb"], unit) if decides and step else None
    return {
        "write": writes and state in (State.DRAFT, State.RETURNED),
        "submit": writes and state in (State.DRAFT, State.RETURNED),
        "drop": writes and state in (State.DRAFT, State.RETURNED),
        "recall": bool(open_review and open_review.submitted_by_id == person.pk),
        "decide": step if decides else None,
        "last": bool(open_review and open_review.step == len(open_review.steps) - 1),
        "principal": grant.principal if grant else None,
        "publish": state == State.APPROVED and access.may("item.publish", unit),
        "take_back": state == State.APPROVED and (writes or access.may("manuscript.sign", unit)),
        "urgent": state not in (State.PUBLISHED, State.DROPPED) and access.may("item.publish_urgently", unit),
        "confirm": state == State.PUBLISHED
        and to_confirm(access).filter(subject=manuscript.subject).exists(),
        "copy": writes,
        "amend": state == State.PUBLISHED and writes and _is_newest(manuscript),
    }


def record_of(manuscript: Manuscript) -> list[tuple[str, str]]:
    """The record (著录项) with its labels; what is empty is left out."""
    shown = []
    for name in RECORD:
        text = _shown(manuscript, name)
        if text:
            shown.append((_label(name), text))
    return shown + _decided(manuscript)


def _decided(manuscript: Manuscript) -> list[tuple[str, str]]:
    """Who decided that it is not published at once, and on which clause."""
    decision = decision_on(manuscript.subject)
    if decision is None or not decision.clause:
        return []
    clause = clauses()[decision.clause].label
    return [("法定依据", clause), ("认定", f"{decision.actor}　{minute(decision.at)}")]


def column_place(column: Column | None) -> str:
    """A column with those above it, as a path."""
    names: list[str] = []
    while column is not None:
        names.insert(0, column.name)
        column = column.parent
    return " / ".join(names)


def steps_of(review: Review | None) -> list[dict[str, Any]]:
    """The steps of a review with how far it is."""
    if review is None:
        return []
    passed = {fact.step: fact for fact in review.facts.filter(kind="passed").select_related("actor")}
    return [
        {
            "name": step["name"],
            "fact": passed.get(number),
            "is_now": review.state == Review.State.OPEN and number == review.step,
        }
        for number, step in enumerate(review.steps)
    ]


def comparing(manuscript: Manuscript, old_id: str, new_id: str) -> dict[str, Any]:
    """Two versions, by characters. ``earliest``, ``latest`` and ``live`` are Wagtail's words for the ends."""
    old, new = _version(manuscript, old_id), _version(manuscript, new_id)
    labels = {name: _label(name) for name in COMPARED}
    before, after = ({name: _shown(each, name) for name in COMPARED} for each in (old.text, new.text))
    return {
        "manuscript": manuscript,
        "old": old,
        "new": new,
        "fields": compare_fields(before, after, labels),
        "body": mark_safe(compare_html(old.text.body, new.text.body)),
        "summary": summary(text_of(old.text.body), text_of(new.text.body)),
        "shown_at": shown_at(manuscript),
    }


class _Version:
    """A revision, or the present text."""

    def __init__(self, text: Manuscript, at: datetime, by: str) -> None:
        self.text, self.at, self.by = text, minute(at), by


def _version(manuscript: Manuscript, revision_id: str) -> _Version:
    if revision_id == "live":
        return _Version(manuscript, manuscript.updated_at, "")
    revisions = manuscript.revisions.order_by("created_at", "pk").select_related("user")
    if revision_id == "earliest":
        found = revisions.first()
    elif revision_id == "latest":
        found = revisions.last()
    else:
        found = revisions.filter(pk=int(revision_id)).first() if len(revision_id) < 19 else None
    if not isinstance(found, Revision):
        raise Http404
    return _Version(found.as_object(), found.created_at, str(found.user or ""))


def _label(name: str) -> str:
    return str(getattr(Manuscript._meta.get_field(name), "verbose_name", name))


def _shown(manuscript: Manuscript, name: str) -> str:
    value = getattr(manuscript, name)
    if value in (None, "", []):
        return ""
    if name == "theme":
        return theme_names().get(str(value), str(value))
    if name in ("go_live_at", "ends_at"):
        return minute(value)
    if name == "plan_forms":
        return "、".join(
            str(Interpretation.Form(each).label) for each in value if each in Interpretation.Form.values
        )
    if name == "column":
        return column_place(value)
    display = getattr(manuscript, f"get_{name}_display", None)
    return str(display() if display else value)


def fact_line(fact: Any) -> dict[str, str]:
    steps = fact.review.steps
    step = steps[fact.step]["name"] if fact.kind in ("passed", "returned") and fact.step < len(steps) else ""
    secrecy = fact.secrecy or {}
    return {
        "at": minute(fact.at),
        "actor": str(fact.actor),
        "principal": str(fact.principal) if fact.principal else "",
        "what": f"{step}{'：' if step else ''}{fact.get_kind_display()}",
        "kind": fact.kind,
        "opinion": fact.opinion,
        "secrecy": f"保密审查：{secrecy['conclusion']}。{secrecy['basis']}" if secrecy else "",
        "version": fact.content_hash[:8],
    }


def _last_return(manuscript: Manuscript) -> dict[str, str] | None:
    if manuscript.state != State.RETURNED:
        return None
    fact = facts_of(manuscript.subject).filter(kind__in=["returned", "reopened"]).last()
    return fact_line(fact) if fact else None


def _before(manuscript: Manuscript) -> dict[str, Any] | None:
    """For an amendment: what would change on the public page."""
    if manuscript.item is None or manuscript.state == State.PUBLISHED:
        return None
    item: Item = manuscript.item
    return {
        "item": item,
        "title_changed": item.title != manuscript.title,
        "body": mark_safe(compare_html(item.body, manuscript.body)),
        "summary": summary(text_of(item.body), text_of(manuscript.body)),
    }


def _is_newest(manuscript: Manuscript) -> bool:
    """Whether the published item has no open change already."""
    opened = Manuscript.objects.filter(item=manuscript.item).exclude(state__in=["published", "dropped"])
    return manuscript.item is not None and not opened.exists()


def plain(html: str, length: int) -> str:
    """The beginning of a body as plain text."""
    return " ".join(strip_tags(html).split())[:length]
