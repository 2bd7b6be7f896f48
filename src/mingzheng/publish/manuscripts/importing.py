"""Many manuscripts from an Excel sheet: rows that could be published become drafts, every other one is told why."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from django.db import transaction

from mingzheng.city import audit
from mingzheng.city.models import Person, Role, Unit
from mingzheng.city.permissions import require
from mingzheng.publish.items.models import Item
from mingzheng.publish.items.services import ItemDraft
from mingzheng.publish.items.validation import ItemRefused, Rules
from mingzheng.publish.manuscripts.contents import SHARED
from mingzheng.publish.manuscripts.models import CLOSED, Manuscript
from mingzheng.publish.sheets.services import read_rows

BATCH: Final = 500


@dataclass(slots=True)
class Imported:
    """How many drafts were made, and the refused rows: their number in the sheet with the reason."""

    written: int = 0
    errors: dict[int, str] = field(default_factory=dict)


def import_manuscripts(
    actor: Person, unit: Unit, path: Path, *, progress: Callable[[int], object] = lambda count: None
) -> Imported:
    """Make a draft of every good row of a sheet, all in one transaction.

    Raises Refusal when the file is no such sheet, or the person may not write in the unit. ``progress`` is told
    from time to time how many rows have been read.
    """
    grant = require(actor, "manuscript.write", unit)
    rows = read_rows(path, unit_code=unit.code)
    names = {unit.code, unit.name, unit.short_name}
    rules, result, digest = Rules(), Imported(), hashlib.sha256()
    taken = _numbers_in_use(unit)
    waiting: list[Manuscript] = []
    with transaction.atomic():
        for count, row in enumerate(rows, start=1):
            draft = row.draft
            sentence = row.error or (_refused(rules, draft, unit, names, taken) if draft else "")
            if sentence or draft is None:
                result.errors[row.number] = sentence or "没有读出内容"
            else:
                taken.add(draft.doc_no)
                digest.update(f"{draft.title}\n{draft.body}\n".encode())
                waiting.append(
                    _manuscript(actor, unit, draft, rules, by_operator=grant.role == Role.OPERATOR)
                )
            if len(waiting) == BATCH:
                result.written += _write(waiting)
            if count % BATCH == 0:
                progress(count)
        result.written += _write(waiting)
        if result.written:
            audit.append(
                actor, "manuscripts.imported", f"unit:{unit.pk}",
                {"written": result.written, "refused": len(result.errors), "digest": digest.hexdigest()},
            )  # fmt: skip
    return result


def _numbers_in_use(unit: Unit) -> set[str]:
    """The document numbers that the unit has published or is writing on."""
    published = Item.objects.numbered().filter(unit=unit).values_list("doc_no", flat=True)
    opened = Manuscript.objects.filter(unit=unit).exclude(state__in=CLOSED).values_list("doc_no", flat=True)
    return set(published) | set(opened)


def _refused(rules: Rules, draft: ItemDraft, unit: Unit, names: set[str], taken: set[str]) -> str:
    """Why a row cannot become a draft, as a sentence; empty when it can."""
    if draft.unit_code not in names:
        return f"该行的单位是“{draft.unit_code}”，不是所选的“{unit.name}”，请在所属单位导入。"
    draft.unit_code = unit.code
    try:
        rules.place(draft)
        rules.check(draft)
    except ItemRefused as refusal:
        return f"{refusal.reason}。"
    if draft.doc_no and draft.doc_no in taken:
        return f"文号“{draft.doc_no}”已经发布、正在起草或者在表中重复。"
    return ""


def _manuscript(
    actor: Person, unit: Unit, draft: ItemDraft, rules: Rules, *, by_operator: bool
) -> Manuscript:
    _, column = rules.place(draft)
    return Manuscript(
        unit=unit, column=column, writer=actor, authors=[actor.pk], by_operator=by_operator,
        content_source=draft.content_source, **{name: getattr(draft, name) for name in SHARED},
    )  # fmt: skip


def _write(waiting: list[Manuscript]) -> int:
    count = len(Manuscript.objects.bulk_create(waiting))
    waiting.clear()
    return count
