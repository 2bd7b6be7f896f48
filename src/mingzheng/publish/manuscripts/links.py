"""Links of a manuscript that lead nowhere: to pages and files that this site does not have, and to the desk itself.

Whether a page is there, the folder of published pages tells; addresses outside are looked at, never opened.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import unquote, urlsplit

from django.conf import settings
from django.urls import Resolver404, resolve

from mingzheng.publish.checks.services import Finding, addresses_in, finding, visible_text
from mingzheng.publish.items.models import Attachment
from mingzheng.publish.manuscripts.models import Manuscript

PLACE = "正文"
_FILES, _DESK = "/files/", "/office/"
_ANNEX = re.compile(r"(?:^|\n)\s*附件\s*[一二三四五六七八九十0-9]{0,3}\s*[:：.．、]")


def check_links(manuscript: Manuscript) -> Iterator[Finding]:
    """Dead links of the body, and annexes that it names and nobody attached."""
    if not manuscript.body.strip():
        return
    inside = [
        (path, words)
        for address, words in addresses_in(manuscript.body)
        if (path := _own_path(address)) is not None
    ]
    yield from _dead(manuscript, inside)
    attached = any(not file.is_inline for file in manuscript.files.all())
    linked = any(path.startswith(_FILES) for path, _ in inside)
    older = manuscript.item is not None and manuscript.item.attachments.filter(is_inline=False).exists()
    if not (attached or linked or older) and _ANNEX.search(visible_text(manuscript.body)):
        yield finding(
            "attachment-missing",
            "附件",
            "正文写有附件，但没有上传附件",
            suggestion="请上传附件，附件已在正文中的写明理由",
        )


def _dead(manuscript: Manuscript, inside: list[tuple[str, str]]) -> Iterator[Finding]:
    kept = {file.url for file in manuscript.files.all()}
    asked = {path for path, _ in inside if path.startswith(_FILES)} - kept
    if asked:
        public = Attachment.objects.filter(url__in=asked, url__startswith=_FILES, item__status="published")
        kept |= set(public.values_list("url", flat=True))
    for path, words in inside:
        if path.startswith(_DESK):
            fault = "指向工作平台的页面，公众打不开"
        elif path.startswith(_FILES):
            fault = "" if path in kept else "指向的附件不存在"
        else:
            fault = "" if _is_there(path) else "指向的本站页面不存在"
        if fault:
            yield finding(
                "link-dead",
                PLACE,
                f"链接“{words}”{fault}",
                value=words + path,
                suggestion="请重新上传或改正链接",
            )


def _own_path(address: str) -> str | None:
    """The path of an address on this site, None for any other address."""
    try:
        parts = urlsplit(address)
    except ValueError:
        return None
    if parts.scheme in ("http", "https"):
        return unquote(parts.path) or "/" if (parts.hostname or "") in settings.ALLOWED_HOSTS else None
    is_path = address.startswith("/") and not address.startswith("//")
    return unquote(parts.path) if is_path and not parts.scheme else None


def _is_there(path: str) -> bool:
    """Whether the site has the page; where nothing has been published yet, nothing is known to be missing."""
    root = Path(settings.PUBLIC_DIR).resolve()
    if "\x00" in path or not (root / "index.html").is_file():
        return "\x00" not in path
    target = (root / path.lstrip("/")).resolve()
    if target.is_relative_to(root) and (target.is_file() or (target / "index.html").is_file()):
        return True
    try:
        resolve(path)
    except Resolver404:
        return False
    return True
