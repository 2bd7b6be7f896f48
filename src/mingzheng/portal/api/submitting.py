"""Manuscripts that come from other systems: written, checked and handed in by the desk's own services.

Nothing is published here. What breaks a rule of every item is refused and leaves nothing behind; what the content
checks stop is kept as a draft with their findings, to be mended by the system or by an officer at the desk.
"""

from __future__ import annotations

import base64
import binascii
import tempfile
from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils import timezone

from mingzheng.city.models import Person, Unit
from mingzheng.city.permissions import Access, require
from mingzheng.city.services import unit_by_code
from mingzheng.law.errors import Refusal
from mingzheng.portal.api.answers import ApiError
from mingzheng.portal.api.entries import themes
from mingzheng.portal.api.models import ApiKey, Submission
from mingzheng.portal.api.schemas import Content, NewSubmission
from mingzheng.publish.catalogue.models import Column
from mingzheng.publish.catalogue.services import CatalogueView, audience_names, genre_names
from mingzheng.publish.documents.services import decide
from mingzheng.publish.items.models import Item, Openness
from mingzheng.publish.items.validation import UNPRINTABLE, checked_doc_no
from mingzheng.publish.manuscripts import files, services
from mingzheng.publish.manuscripts.models import CLOSED, Manuscript, State

Bringing = Callable[[Path], object]
Files = Sequence[tuple[str, Bringing]]
"""Names, each with how its content is brought onto the disk."""
_PLAIN: Final = (
    "title", "doc_no", "issuer", "theme", "genre", "audience", "keywords", "abstract", "written_on", "formed_on",
    "effective_on", "expires_on", "content_source", "openness", "non_disclosure_reason", "is_statement",
    "interpretation_level", "interpretation_form", "interpreter", "interpreted_title", "plan_outline", "plan_forms",
    "plan_interpreter", "plan_on", "plan_channels", "plan_waiver",
)  # fmt: skip
_LISTS: Final[dict[str, Callable[[], Collection[str]]]] = {
    "theme": themes,
    "genre": genre_names,
    "audience": audience_names,
}


def submit(key: ApiKey, given: NewSubmission, uploads: Files) -> tuple[Manuscript, str]:
    """Write a manuscript and hand it in; returns it, and why it was not handed in or nothing.

    In the caller's transaction. Raises Refusal for what breaks a rule; then nothing is kept.
    """
    actor = key.person
    manuscript = _amending(actor, given.amends) if given.amends else _new(actor, key, given)
    _write(actor, manuscript, given)
    brought = [*_decoded(given), *uploads]
    if given.amends and brought:
        _detach(actor, manuscript)
    _attach(actor, manuscript, brought)
    Submission.objects.create(manuscript=manuscript, key=key, reference=given.reference)
    return manuscript, _hand_in(actor, manuscript)


def revise(key: ApiKey, manuscript: Manuscript, given: Content) -> str:
    """Write a manuscript anew that was returned or stopped, and hand it in again; the reason if it was not."""
    actor = key.person
    _require_writable(manuscript)
    _write(actor, manuscript, given)
    if given.attachments is not None:
        _detach(actor, manuscript)
        _attach(actor, manuscript, _decoded(given))
    return _hand_in(actor, manuscript)


def drop(key: ApiKey, manuscript: Manuscript) -> None:
    """Give a manuscript up, out of a running review as well."""
    if manuscript.state == State.IN_REVIEW:
        services.recall(key.person, manuscript.pk)
    services.drop(key.person, manuscript.pk)


def _new(actor: Person, key: ApiKey, given: NewSubmission) -> Manuscript:
    unit = unit_by_code(given.unit) if given.unit else key.unit
    require(actor, "manuscript.write", unit)
    if unit.active_to is not None and unit.active_to <= timezone.localdate():
        raise Refusal(f"“{unit}”已经撤销，不能再提交信息。")
    return Manuscript(unit=unit)


def _amending(actor: Person, item_id: int) -> Manuscript:
    """A new manuscript that amends an item. One that others have open is left to them."""
    item = Item.objects.select_for_update(of=("self",)).visible_to(actor).filter(pk=item_id).first()
    if item is None or not Access(actor).may("manuscript.write", item.unit):
        raise ApiError(
            404, f"没有编号为{item_id}的信息，或者没有修改它的权限。", rule="not_found", field="amends"
        )
    if Manuscript.objects.filter(item=item).exclude(state__in=CLOSED).exists():
        raise ApiError(409, f"《{item.title}》已有一份尚未办结的修改稿。", rule="state", field="amends")
    return services.amend(actor, item_id)


def _write(actor: Person, manuscript: Manuscript, given: Content) -> None:
    _check_signs(given)
    for name in _PLAIN:
        setattr(manuscript, name, getattr(given, name))
    manuscript.body = UNPRINTABLE.sub("", given.body)
    for name, names in _LISTS.items():
        if (value := getattr(given, name)) and value not in names():
            raise ApiError(422, f"“{name}”的值“{value}”不在所用的分类之中。", rule="unknown", field=name)
    manuscript.plan_forms = [each for each in given.plan_forms if each]
    manuscript.doc_no = checked_doc_no(given.doc_no.strip()) if given.doc_no.strip() else ""
    if manuscript.item_id is None:
        manuscript.column = _column(manuscript.unit, given.column)
    manuscript.interprets = _document(given.interprets)
    services.save(actor, manuscript)
    if manuscript.item_id is None and manuscript.openness != Openness.PROACTIVE:
        decide(
            actor, manuscript.unit, manuscript.subject, openness=manuscript.openness, clause=given.clause,
            reason=manuscript.non_disclosure_reason,
        )  # fmt: skip
    manuscript.save_revision(
        user=actor, clean=False
    )  # the rules of publication judge it when it is handed in


def _column(unit: Unit, code: str) -> Column:
    view = CatalogueView()
    column = view.by_code.get(code.upper())
    if column is None or not view.shows(unit, column, timezone.localdate()):
        raise ApiError(422, f"“{unit}”的公开目录没有栏目“{code}”。", rule="unknown", field="column")
    return column


def _document(item_id: int | None) -> Item | None:
    if item_id is None:
        return None
    found = Item.objects.public().filter(pk=item_id).first()
    if found is None:
        raise ApiError(422, f"所解读的文件{item_id}没有公开发布。", rule="unknown", field="interprets")
    return found


def _check_signs(given: Content) -> None:
    """Refuse signs that no page can carry; a body is cleaned of them."""
    for name, value in given:
        if name != "body" and isinstance(value, str) and UNPRINTABLE.search(value):
            raise ApiError(422, f"“{name}”含有不能显示的控制字符，无法保存。", rule="invalid", field=name)


def _hand_in(actor: Person, manuscript: Manuscript) -> str:
    """Hand the manuscript in. A broken rule raises Refusal; what the checks stop is returned as a sentence."""
    services.checked_draft(services.manuscript_of(Access(actor), manuscript.pk))
    try:
        with transaction.atomic():
            services.submit(actor, manuscript.pk)
    except Refusal as refusal:
        return refusal.sentence
    return ""


def _require_writable(manuscript: Manuscript) -> None:
    if manuscript.state not in (State.DRAFT, State.RETURNED):
        sentence = f"稿件{manuscript.get_state_display()}，不能修改；审核中的请先撤回送审。"
        raise ApiError(409, sentence, rule="state")


def _detach(actor: Person, manuscript: Manuscript) -> None:
    for pk in list(manuscript.files.filter(is_inline=False).values_list("pk", flat=True)):
        files.detach(actor, manuscript.pk, pk)


def _attach(actor: Person, manuscript: Manuscript, brought: Files) -> None:
    for name, bring in brought:
        with _on_disk(bring) as path:
            files.attach(actor, manuscript.pk, path, name)


def _decoded(given: Content) -> list[tuple[str, Bringing]]:
    return [(each.name, _from_text(each.name, each.content)) for each in given.attachments or ()]


def _from_text(name: str, text: str) -> Bringing:
    try:
        content = base64.b64decode(text, validate=True)
    except (ValueError, binascii.Error):
        sentence = f"附件“{name[:40]}”的内容不是合法的Base64。"
        raise ApiError(422, sentence, rule="invalid", field="attachments") from None
    return lambda path: path.write_bytes(content)


def from_upload(sent: UploadedFile[Any]) -> tuple[str, Bringing]:
    """An uploaded file, copied in pieces."""

    def bring(path: Path) -> None:
        with path.open("wb") as out:
            for chunk in sent.chunks():
                out.write(chunk)

    return sent.name or "", bring


@contextmanager
def _on_disk(bring: Bringing) -> Iterator[Path]:
    with tempfile.TemporaryDirectory(prefix="submission-", dir=settings.HOME) as folder:
        path = Path(folder) / "file"
        bring(path)
        yield path
