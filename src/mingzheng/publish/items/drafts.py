"""What a writer, an import or a script hands in to be published."""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, dataclass, fields
from datetime import date, datetime
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from mingzheng.publish.items.models import Item


@dataclass(slots=True)
class InterpretationDraft:
    """That the item interprets a policy document.

    ``level`` is ``superior`` (a reprint of a superior's interpretation) or ``own``. An own interpretation
    names its document by ``document_id``, ``document_key`` (the document's ``source_key``) or ``document_no``.
    """

    level: str
    form: str = "department"
    interpreter: str = ""
    document_key: str = ""
    document_title: str = ""
    document_no: str = ""
    document_id: int | None = None


@dataclass(slots=True)
class ItemDraft:
    """One item before it is published. Dates are calendar days of the city; ``published_at`` is aware."""

    unit_code: str
    column_code: str
    title: str
    body: str
    published_at: datetime | None = None
    written_on: date | None = None
    formed_on: date | None = None
    doc_no: str = ""
    issuer: str = ""
    theme: str = ""
    genre: str = ""
    audience: str = ""
    keywords: str = ""
    abstract: str = ""
    effective_on: date | None = None
    expires_on: date | None = None
    repealed_on: date | None = None
    openness: str = "proactive"
    non_disclosure_reason: str = ""
    content_source: str = ""
    source_url: str = ""
    source_key: str = ""
    index_no: str = ""
    is_statement: bool = False
    attachments: tuple[tuple[str, str], ...] | list[tuple[str, str]] = ()
    images: tuple[str, ...] | list[str] = ()
    interpretation: InterpretationDraft | None = None
    participants: tuple[tuple[str, str, str], ...] | list[tuple[str, str, str]] = ()


def draft_of(item: Item) -> ItemDraft:
    """A stored item as the draft that would write it again."""
    own = {each.name for each in fields(ItemDraft)} & {each.name for each in item._meta.concrete_fields}
    told = getattr(item, "interpretation", None)
    return ItemDraft(
        item.unit.code, item.column.code, published_at=item.first_published_at,
        attachments=[(file.name, file.url) for file in item.attachments.all() if not file.is_inline],
        images=[file.url for file in item.attachments.all() if file.is_inline],
        participants=[(each.name, each.title, each.unit_name) for each in item.participants.all()],
        interpretation=told and InterpretationDraft(
            told.level, told.form, told.interpreter, "", told.document_title, told.document_no, told.document_id
        ),
        **{name: getattr(item, name) for name in own},
    )  # fmt: skip


def content_hash(draft: ItemDraft) -> str:
    """The SHA-256 that names exactly this content: reviews are given for it, and hold for nothing else.

    ``published_at`` is the server's and ``index_no`` the counter's: neither is part of what is reviewed.
    """
    content = {
        name: value for name, value in asdict(draft).items() if name not in ("published_at", "index_no")
    }
    text = json.dumps(content, ensure_ascii=False, sort_keys=True, default=str)
    return hashlib.sha256(text.encode()).hexdigest()
