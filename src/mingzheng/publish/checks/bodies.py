"""A body as its readers see it, and the places of a found piece in its markup."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass

from lxml import html as lxml_html
from lxml.html import HtmlElement

from mingzheng.law.personal_data import find_personal_data
from mingzheng.publish.checks.findings import Finding, finding

_BREAKS = frozenset(
    {"p", "div", "br", "tr", "td", "th", "li", "h2", "h3", "h4", "h5", "h6", "table", "blockquote"}
)
_FILE = re.compile(r"\.(?:docx?|xlsx?|pdf|wps|et|zip|rar)$", re.IGNORECASE)


@dataclass(slots=True)
class _Run:
    """A text node: where its text begins in the visible text, and how to put another in its place."""

    element: HtmlElement
    is_tail: bool
    start: int

    @property
    def text(self) -> str:
        return (self.element.tail if self.is_tail else self.element.text) or ""

    def put(self, text: str) -> None:
        if self.is_tail:
            self.element.tail = text
        else:
            self.element.text = text


class Body:
    """One sanitised body, taken apart."""

    def __init__(self, source: str) -> None:
        self.root: HtmlElement = lxml_html.fragment_fromstring(source, create_parent="div")
        self._runs: list[_Run] = []
        pieces: list[str] = []
        length = 0
        for element, is_tail in _nodes(self.root):
            if not is_tail and element.tag in _BREAKS and pieces and not pieces[-1].endswith("\n"):
                pieces.append("\n")
                length += 1
            run = _Run(element, is_tail, length)
            if run.text:
                self._runs.append(run)
                pieces.append(run.text)
                length += len(run.text)
        self.text = "".join(pieces)

    def replace(self, start: int, end: int, new: str) -> None:
        """Put ``new`` where these characters stand, whatever markup lies between them."""
        for run in self._runs:
            first, last = max(start, run.start), min(end, run.start + len(run.text))
            if first >= last:
                continue
            text = run.text
            run.put(text[: first - run.start] + new + text[last - run.start :])
            new = ""

    def source(self) -> str:
        """The markup again, without the parent that was put around it."""
        inner = self.root.text or ""
        from html import escape

        return escape(inner, quote=False) + "".join(
            lxml_html.tostring(child, encoding="unicode") for child in self.root
        )


def _nodes(root: HtmlElement) -> Iterator[tuple[HtmlElement, bool]]:
    """Every text node in the order of reading."""
    yield root, False
    for child in root:
        if isinstance(child.tag, str):
            yield from _nodes(child)
        yield child, True


def mask_body(source: str, keys: Collection[str] | None = None, place: str = "正文") -> str:
    """Mask the personal data of the body, or those whose findings have these keys, and nothing else."""
    if not source.strip():
        return source
    body = Body(source)
    found = [each for each in find_personal_data(body.text) if not each.public_contact]
    if keys is not None:
        found = [each for each in found if finding(each.kind, place, "", value=each.value).key in keys]
    if not found:
        return source
    for each in reversed(found):
        body.replace(each.start, each.end, each.masked)
    return body.source()


def check_markup(body: Body, place: str) -> Iterator[Finding]:
    """Images that were not uploaded or say nothing, and links that lead nowhere."""
    for number, image in enumerate(body.root.iter("img"), start=1):
        address = (image.get("src") or "").strip()
        if not address.startswith("/files/"):
            yield finding(
                "image-outside", place, f"第{number}张图片没有上传到本系统", value=address,
                suggestion="请在编辑器中重新插入这张图片",
            )  # fmt: skip
        if not (image.get("alt") or "").strip():
            yield finding(
                "image-alt", place, f"第{number}张图片缺少文字说明，读屏软件无法朗读", value=f"{number}{address}",
                suggestion="请为图片填写说明",
            )  # fmt: skip
    for link in body.root.iter("a"):
        address, words = (link.get("href") or "").strip(), "".join(link.itertext())[:30]
        if not address or address.startswith(("#", "file:", "javascript:")):
            yield finding("link-bad", place, f"链接“{words}”没有可以打开的地址", value=words + address)
        elif "://" not in address and not address.startswith(("/", "mailto:", "tel:")):
            kind = "附件链接" if _FILE.search(address) else "链接"
            yield finding(
                "link-doubt", place, f"{kind}“{words}”是相对地址，发布后打不开", value=words + address,
                suggestion="请上传附件或改用完整网址",
            )  # fmt: skip
