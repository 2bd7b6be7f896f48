"""Text files, data tables and web pages: their encoding and their text."""

from __future__ import annotations

import codecs
from typing import Any

from mingzheng.publish.files.report import Findings, Source
from mingzheng.publish.files.signatures import has_active_html, is_script

_BLOCK = 1 << 20
_UNICODE_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_CONTROLS = frozenset(map(chr, range(32))) - set("\t\n\r\f\x1a\x1b")


def decode_head(head: bytes) -> str | None:
    """The text of a file's first bytes, or None when it is no text. A sign cut in two at the end is dropped."""
    for encoding in _encodings(head):
        try:
            text = codecs.getincrementaldecoder(encoding)().decode(head)
        except UnicodeDecodeError:
            continue
        if not _CONTROLS.intersection(text):
            return text
    return None


def read_text(source: Source, findings: Findings) -> None:
    """The text of a .txt or .csv file in UTF-8, UTF-16 or GB 18030."""
    text = _decode(source)
    if is_script(text[:_BLOCK]):
        raise source.refusal("的内容是脚本，不能上传")
    findings.add_text(text)


def read_html(source: Source, findings: Findings) -> None:
    """The visible text of a web page. Raises Refusal when the page would run anything."""
    from lxml import html

    text = _decode(source)
    if has_active_html(text):
        raise source.refusal("是含有脚本或者嵌入内容的网页，不能上传")
    root: Any = html.document_fromstring(
        text.encode(), parser=html.HTMLParser(encoding="utf-8", no_network=True)
    )
    for element in root.xpath("//style|//head/*[not(self::title)]|//comment()"):
        element.drop_tree()
    lines = (" ".join(piece.split()) for piece in root.itertext())
    findings.add_text("\n".join(line for line in lines if line))


def _decode(source: Source) -> str:
    content = source.path.read_bytes()
    for encoding in _encodings(content):
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise source.refusal("的文字编码无法识别，请另存为UTF-8编码后再上传")


def _encodings(content: bytes) -> list[str]:
    for mark, encoding in _UNICODE_MARKS:
        if content.startswith(mark):
            return [encoding]
    return ["utf-8", "gb18030"]
