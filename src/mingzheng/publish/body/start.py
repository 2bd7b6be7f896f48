"""A first draft from an office's file: its text as a clean body, and what its head and end say about it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from lxml.html import HtmlElement

from mingzheng.law.errors import Refusal
from mingzheng.publish.body.fields import Evidence, Start
from mingzheng.publish.body.head import HeadReader
from mingzheng.publish.body.images import take_images
from mingzheng.publish.body.lines import lines_of
from mingzheng.publish.body.sanitise import clean_waiting_html
from mingzheng.publish.body.sources import Source, read_plain, read_web_page
from mingzheng.publish.body.tail import imprint, read_signature
from mingzheng.publish.body.trees import drop, inner, parse

_OLD = (".doc", ".wps", ".rtf", ".odt", ".docm", ".dotx", ".ofd")


def start_from_file(path: Path, name: str) -> Start:
    """Read a DOCX, PDF, TXT or HTML file that has passed the inspection of uploads; ``name`` is the writer's own.

    Raises Refusal for other kinds, and for files without any text. A field with two candidates stays empty.
    """
    source = _reader(name)(path, name)
    taken = take_images(source.html)
    root = parse(clean_waiting_html(taken.html))
    if not str(root.text_content()).strip() and not taken.images:
        raise Refusal(f"文件“{name}”中没有文字，不能从它开始起草。")
    start = Start(images=taken.images, losses=[*source.losses, *taken.losses])
    _read_fields(root, start)
    start.body = clean_waiting_html(inner(root)).strip()
    return start


def _reader(name: str) -> Callable[[Path, str], Source]:
    """The reader for the file's kind; the libraries for Word and PDF load only when a file needs them."""
    suffix = Path(name).suffix.lower()
    if suffix == ".docx":
        from mingzheng.publish.body.docx_source import read_docx

        return read_docx
    if suffix == ".pdf":
        from mingzheng.publish.body.pdf_source import read_pdf

        return read_pdf
    if suffix in (".html", ".htm"):
        return read_web_page
    if suffix == ".txt":
        return read_plain
    advice = "请另存为DOCX后再上传" if suffix in _OLD else "可以使用DOCX、PDF、TXT和HTML文件"
    raise Refusal(f"不能从文件“{name}”开始起草，{advice}。")


def _read_fields(root: HtmlElement, start: Start) -> None:
    """Fill the fields, and remove from the tree what they replace: the head and the imprint."""
    evidence = Evidence()
    lines = list(lines_of(root))
    printed = imprint(lines)
    rest = [line for line in lines if line not in printed]
    head = HeadReader(rest, evidence)
    begins = head.read()
    read_signature(rest[begins:], evidence)
    if printed:
        evidence.losses.append("版记（抄送、印发等）未带入正文。")
    drop(root, (line.element for line in [*head.taken, *printed]))
    evidence.fill(start)
