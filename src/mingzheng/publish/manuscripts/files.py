"""Files of a manuscript: taken in, cleaned, taken off. What a file is, its content says, never its name."""

from __future__ import annotations

import tempfile
from dataclasses import asdict
from pathlib import Path

from django.conf import settings
from django.db import transaction

from mingzheng.city import audit
from mingzheng.city.models import Person
from mingzheng.city.permissions import require
from mingzheng.law.errors import Refusal
from mingzheng.publish.body.services import InlineImage
from mingzheng.publish.files.services import (
    FileReport,
    clean_file,
    inspect_file,
    normalise_name,
    scan_for_viruses,
    store_file,
    stored_path,
)
from mingzheng.publish.items.services import content_hash
from mingzheng.publish.manuscripts.contents import as_draft
from mingzheng.publish.manuscripts.models import Manuscript, ManuscriptFile, State

IMAGES = ("png", "jpg", "gif", "webp")


def attach(
    actor: Person, manuscript_id: int, path: Path, name: str, *, is_inline: bool = False
) -> ManuscriptFile:
    """Keep an uploaded file with the manuscript; refuses what is dangerous, too large or not what it says."""
    name = normalise_name(name)
    report = inspect_file(path, name)
    if is_inline and report.kind not in IMAGES:
        raise Refusal(f"“{name}”不是图片，不能插入正文；请作为附件上传。")
    scan_for_viruses(path)
    with transaction.atomic():
        manuscript = _writable(actor, manuscript_id)
        key = store_file(path, settings.HOME, name)
        kept = ManuscriptFile.objects.create(
            manuscript=manuscript, key=key, uploaded_by=actor, is_inline=is_inline, **_facts(report)
        )
        _rename_version(manuscript)
        audit.append(actor, "file.attached", manuscript.subject, {"name": name, "sha256": report.sha256})
    return kept


def keep_image(actor: Person, manuscript: Manuscript, image: InlineImage) -> str:
    """Keep a picture that was pasted into the text; returns its address."""
    with tempfile.TemporaryDirectory(prefix="paste-", dir=settings.HOME) as folder:
        path = Path(folder) / "image"
        path.write_bytes(image.content)
        report = inspect_file(path, normalise_name(image.name))
        key = store_file(path, settings.HOME)
    # An editor that saves by itself sends the same picture again and again.
    kept, _ = ManuscriptFile.objects.get_or_create(
        manuscript=manuscript, key=key, is_inline=True, defaults={"uploaded_by": actor, **_facts(report)}
    )
    return kept.url


def detach(actor: Person, manuscript_id: int, file_id: int) -> None:
    """Take a file off; its content stays stored as long as anything else refers to it."""
    with transaction.atomic():
        manuscript = _writable(actor, manuscript_id)
        file = _file(manuscript, file_id)
        audit.append(actor, "file.detached", manuscript.subject, {"name": file.name, "key": file.key})
        file.delete()
        _rename_version(manuscript)


def clean(actor: Person, manuscript_id: int, file_id: int) -> ManuscriptFile:
    """Put a copy without what is hidden in the file's place; the original is no longer part of the manuscript."""
    with transaction.atomic():
        manuscript = _writable(actor, manuscript_id)
        file = _file(manuscript, file_id)
        source = stored_path(settings.HOME, file.key)
        with tempfile.TemporaryDirectory(prefix="clean-", dir=settings.HOME) as folder:
            target = Path(folder) / "clean"
            report = clean_file(source, inspect_file(source, file.name), target)
            file.key = store_file(target, settings.HOME, file.name)
        for name, value in _facts(report).items():
            setattr(file, name, value)
        file.save()
        _rename_version(manuscript)
        audit.append(actor, "file.cleaned", manuscript.subject, {"name": file.name})
    return file


def _facts(report: FileReport) -> dict[str, object]:
    return {
        "name": report.name,
        "kind": report.kind,
        "size": report.size,
        "text": report.text.replace("\x00", ""),
        "notices": [asdict(notice) for notice in report.notices],
    }


def _writable(actor: Person, manuscript_id: int) -> Manuscript:
    manuscript = (
        Manuscript.objects.select_for_update(of=("self",))
        .select_related("unit")
        .filter(pk=manuscript_id)
        .first()
    )
    if manuscript is None:
        raise Refusal("没有这份稿件。")
    require(actor, "manuscript.write", manuscript.unit)
    if manuscript.state not in (State.DRAFT, State.RETURNED):
        raise Refusal(f"《{manuscript}》{manuscript.get_state_display()}，不能增减附件。")
    return manuscript


def _file(manuscript: Manuscript, file_id: int) -> ManuscriptFile:
    file = manuscript.files.filter(pk=file_id).first()
    if file is None:
        raise Refusal("这份稿件没有这个附件。")
    return file


def _rename_version(manuscript: Manuscript) -> None:
    """Attachments are part of what is reviewed: with them the version's name changes."""
    manuscript.content_hash = content_hash(as_draft(manuscript))
    manuscript.save(update_fields=["content_hash", "updated_at"])
