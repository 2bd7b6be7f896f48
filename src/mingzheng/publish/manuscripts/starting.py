"""A manuscript that begins with a file: what the file says is proposed, the file itself becomes the attachment."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Final

from django.db import transaction

from mingzheng.city.models import Person, Unit
from mingzheng.law.errors import Refusal
from mingzheng.publish.body.services import put_images, start_from_file
from mingzheng.publish.catalogue.services import genre_names_by_code
from mingzheng.publish.files.services import inspect_file, normalise_name
from mingzheng.publish.manuscripts import services
from mingzheng.publish.manuscripts.files import attach, keep_image
from mingzheng.publish.manuscripts.models import Manuscript

KINDS: Final = ("docx", "pdf", "txt", "html")
_CHECKED: Final = {
    "title": "标题", "doc_no": "文号", "issuer": "发文机关", "written_on": "成文日期", "genre": "体裁",
}  # fmt: skip


def start_from(actor: Person, unit: Unit, path: Path, name: str) -> tuple[Manuscript, list[str]]:
    """Begin a manuscript with what a Word, PDF, text or HTML file says.

    Returns it with sentences on what was not taken over or is only guessed. Refuses what is no such file, is
    dangerous, or cannot be read; then nothing is written.
    """
    name = normalise_name(name)
    report = inspect_file(path, name)
    if report.kind not in KINDS:
        raise Refusal(
            f"“{name}”是{report.label}，不能作为底稿；可以从Word（docx）、PDF、文本或网页文件起草。"
        )
    found = start_from_file(path, name)
    with transaction.atomic():
        manuscript = services.start(
            actor, unit, title=(found.title or Path(name).stem)[:200], doc_no=found.doc_no, issuer=found.issuer[:120],
            written_on=found.written_on, genre=genre_names_by_code().get(found.genre, ""), keywords=found.keywords[:200],
        )  # fmt: skip
        addresses = [keep_image(actor, manuscript, image) for image in found.images]
        manuscript.body = put_images(found.body, addresses) if addresses else found.body
        services.save(actor, manuscript)
        attach(actor, manuscript.pk, path, name)
    manuscript.refresh_from_db()
    return manuscript, [*found.losses, *_doubts(found.confidence)]


def _doubts(confidence: Mapping[str, str]) -> list[str]:
    guessed = [label for field, label in _CHECKED.items() if confidence.get(field) == "guessed"]
    absent = [label for field, label in _CHECKED.items() if confidence.get(field) == "absent"]
    sentences = []
    if guessed:
        sentences.append(f"{'、'.join(guessed)}是推断的，请核对。")
    if absent:
        sentences.append(f"文件里没有找到{'、'.join(absent)}，如有请填写。")
    return sentences
