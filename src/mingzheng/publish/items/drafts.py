"""What a writer, an import or a script hands in to be published."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime


@dataclass(slots=True)
class InterpretationDraft:
    """That the item interprets a policy document.

    ``level`` is ``superior`` (a reprint of a superior's interpretation) or ``own``. An own interpretation
    names its document by ``document_key`` (the document's ``source_key``) or ``document_no``.
    """

    level: str
    form: str = "department"
    interpreter: str = ""
    document_key: str = ""
    document_title: str = ""
    document_no: str = ""


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
    interpretation: InterpretationDraft | None = None
    participants: tuple[tuple[str, str, str], ...] | list[tuple[str, str, str]] = ()
