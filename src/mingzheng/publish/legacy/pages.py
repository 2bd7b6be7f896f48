"""Saved pages as drafts for the import: one page or a folder of them."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from mingzheng.law.errors import Refusal
from mingzheng.law.index_numbers import is_index_number
from mingzheng.publish.items.drafts import ItemDraft
from mingzheng.publish.legacy.reader import Page, read_content

SUFFIXES = frozenset({".html", ".htm", ".shtml", ".xhtml"})


def pages_at(path: Path) -> list[Path]:
    """The page, or the pages of the folder in order of their names. Refuses a path that holds none."""
    if path.is_file():
        return [path]
    if not path.is_dir():
        raise Refusal(f"没有“{path}”这个文件或文件夹。")
    found = sorted(each for each in path.rglob("*") if each.suffix.lower() in SUFFIXES and each.is_file())
    if not found:
        raise Refusal(f"文件夹“{path}”里没有网页文件（html、htm）。")
    return found


@dataclass(slots=True)
class Read:
    """What became of one file: a draft, or the sentence that refuses it; and what was guessed on the way."""

    name: str
    draft: ItemDraft | None = None
    refused: str = ""
    doubts: tuple[str, ...] = ()


def read_drafts(files: list[Path], unit_code: str, column_code: str, base: str = "") -> Iterator[Read]:
    """Read each file into a draft for the unit's column; a file that cannot be read is told and the others go on."""
    for path in files:
        try:
            try:
                content = path.read_bytes()
            except OSError as error:
                raise Refusal(f"无法读取文件“{path.name}”。") from error
            page = read_content(content, path.name, base)
            if page.published_at is None:
                raise Refusal(f"“{path.name}”没有可识别的发布日期；导入的信息须保留原发布日期。")
        except Refusal as refusal:
            yield Read(path.name, refused=refusal.sentence)
            continue
        yield Read(path.name, _draft(page, content, unit_code, column_code), doubts=tuple(page.doubts))


def _draft(page: Page, content: bytes, unit_code: str, column_code: str) -> ItemDraft:
    if page.index_no and not is_index_number(page.index_no):
        page.doubts.append(f"索引号“{page.index_no}”不合格式，另行编号")
        page.index_no = ""
    return ItemDraft(
        unit_code,
        column_code,
        page.title,
        page.body,
        published_at=page.published_at,
        written_on=page.written_on,
        doc_no=page.doc_no,
        issuer=page.issuer[:120],
        keywords=page.keywords[:200],
        effective_on=page.effective_on,
        expires_on=page.expires_on,
        repealed_on=page.repealed_on,
        content_source=page.content_source[:120],
        source_url=page.address,
        source_key=page.address or f"sha256:{hashlib.sha256(content).hexdigest()}",
        index_no=page.index_no,
        attachments=page.attachments,
    )
