"""What of a manuscript is content: the fields that go into the item, and nothing about its way there."""

from __future__ import annotations

from typing import Any

from mingzheng.publish.items.services import InterpretationDraft, ItemDraft
from mingzheng.publish.manuscripts.models import Manuscript

SHARED = (
    "title", "body", "doc_no", "issuer", "theme", "genre", "audience", "keywords", "abstract", "written_on",
    "formed_on", "effective_on", "expires_on", "openness", "non_disclosure_reason", "is_statement",
)  # fmt: skip
CONTENT = (
    *SHARED, "content_source", "interprets", "interpretation_level", "interpretation_form", "interpreter",
    "interpreted_title",
)  # fmt: skip


def content_of(manuscript: Manuscript) -> dict[str, Any]:
    """The content of a manuscript, by field."""
    return {name: getattr(manuscript, name) for name in CONTENT}


def as_draft(manuscript: Manuscript) -> ItemDraft:
    """The item that the manuscript would become. An amendment keeps what only the item knows."""
    attached = [(file.name, file.url) for file in manuscript.files.all() if not file.is_inline]
    item = manuscript.item
    return ItemDraft(
        manuscript.unit.code,
        manuscript.column.code if manuscript.column else "",
        attachments=attached + _older_attachments(manuscript),
        images=[
            file.url for file in manuscript.files.all() if file.is_inline and file.url in manuscript.body
        ],
        interpretation=_interpretation(manuscript),
        content_source=manuscript.content_source or manuscript.unit.name,
        source_url=item.source_url if item else "",
        source_key=item.source_key if item else "",
        repealed_on=item.repealed_on if item else None,
        participants=[(each.name, each.title, each.unit_name) for each in item.participants.all()]
        if item
        else [],
        **{name: getattr(manuscript, name) for name in SHARED},
    )


def changed_fields(old: ItemDraft, new: ItemDraft) -> dict[str, Any]:
    """The fields in which the two differ, with the new values."""
    names = (*SHARED, "content_source", "attachments", "images", "interpretation")
    return {name: getattr(new, name) for name in names if getattr(old, name) != getattr(new, name)}


def _older_attachments(manuscript: Manuscript) -> list[tuple[str, str]]:
    """Attachments of an imported item that stand elsewhere: an amendment leaves them alone."""
    if manuscript.item is None:
        return []
    kept = manuscript.item.attachments.exclude(url__startswith="/files/").exclude(is_inline=True)
    return [(file.name, file.url) for file in kept]


def _interpretation(manuscript: Manuscript) -> InterpretationDraft | None:
    if not manuscript.interpretation_level:
        return None
    document = manuscript.interprets
    return InterpretationDraft(
        level=manuscript.interpretation_level,
        form=manuscript.interpretation_form or "department",
        interpreter=manuscript.interpreter,
        document_id=document.pk if document else None,
        document_title=document.title if document else manuscript.interpreted_title,
        document_no=document.doc_no if document else "",
    )
