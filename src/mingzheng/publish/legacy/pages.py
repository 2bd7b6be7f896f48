"""Saved pages as drafts for the import: one page or a folder of them."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

from mingzheng.law.errors import Refusal
from mingzheng.law.index_numbers import is_index_number
from mingzheng.publish.catalogue.services import theme_names
from mingzheng.publish.items.drafts import ItemDraft
from mingzheng.publish.items.models import Item
from mingzheng.publish.legacy.reader import Page, read_content

LONGEST_KEY = 200  # characters of an item's source key
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
    doubts: list[str] = field(default_factory=list)


def read_drafts(files: list[Path], unit_code: str, column_code: str, base: str = "") -> Iterator[Read]:
    """Read each file into a draft for the unit's column; a file that cannot be read is told and the others go on."""
    told: dict[str, str] = {}  # title by address
    holders = IndexHolders()
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
        if page.address and told.setdefault(page.address, page.title) != page.title:
            page.doubts.append("页面所写网址与另一篇文章相同，未采用")
            page.address = ""
        draft = _draft(page, content, unit_code, column_code)
        if draft.index_no and holders.hold_other(draft):
            page.doubts.append(f"索引号“{draft.index_no}”已被另一条信息使用，另行编号")
            draft.index_no = ""
        yield Read(path.name, draft, doubts=page.doubts)


class IndexHolders:
    """Which information holds an index number, among what is stored and what was read before."""

    def __init__(self) -> None:
        self._read: dict[str, tuple[str, str]] = {}

    def hold_other(self, draft: ItemDraft) -> bool:
        """Whether the draft's number belongs to other information, of another source and title.

        The same title under the same number is the same information: the import refuses it as a repetition.
        """
        own = (draft.source_key, draft.title)
        stored = Item.objects.filter(index_no=draft.index_no).values_list("source_key", "title").first()
        holder = self._read.setdefault(draft.index_no, stored or own)
        return holder[0] != own[0] and holder[1] != own[1]


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
        theme=theme_code(page.theme),
        keywords=page.keywords[:200],
        effective_on=page.effective_on,
        expires_on=page.expires_on,
        repealed_on=page.repealed_on,
        content_source=(page.content_source or page.issuer)[:120],
        source_url=page.address,
        source_key=_source_key(page.address, content),
        index_no=page.index_no,
        attachments=page.attachments,
    )


def _source_key(address: str, content: bytes) -> str:
    """What tells the page from every other: its address, else its content, under whatever file name it is saved."""
    if address and len(address) <= LONGEST_KEY:
        return address
    return f"sha256:{hashlib.sha256(address.encode() or content).hexdigest()}"


def theme_code(text: str) -> str:
    """The code of a theme as pages write it, class and sub-theme apart by any sign; empty when it is none of the 22."""
    themes = _themes()
    parts = [part.strip() for part in re.split(r"[\\/>|,，;；]+", text) if part.strip()]
    if len(parts) >= 2 and (code := themes.get(f"{parts[0]}/{parts[1]}")):
        return code
    return themes.get(parts[0], "") if parts else ""


@cache
def _themes() -> dict[str, str]:
    return {name: code for code, name in theme_names().items()}
