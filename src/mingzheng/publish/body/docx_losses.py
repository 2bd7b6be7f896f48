"""What of a Word document does not belong into a body: taken out, and said to the writer in a sentence each."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from docx.opc.constants import RELATIONSHIP_TYPE as RELATION
from docx.oxml.ns import qn
from lxml import etree

_MATH = "{http://schemas.openxmlformats.org/officeDocument/2006/math}oMath"
_ALTERNATE = "{http://schemas.openxmlformats.org/markup-compatibility/2006}AlternateContent"
_DIAGRAMS = re.compile(r"/(?:chart|diagram|chartex)$")
_PAGE_NUMBER = re.compile(r"[\s—\-－–·第页共/0-9]*")
_SHOWN = 40  # characters of a lost text that its sentence shows


def take_out(document: Any) -> list[str]:
    """Remove text boxes, hidden text and tables of contents in place; the sentences tell these and all else lost."""
    body = document.element.body
    return [
        *_quoted("文本框中的文字{}未带入正文，请核对后补充。", _take_text_boxes(body)),
        *_quoted("隐藏文字{}未带入正文。", _take_hidden(body)),
        *_quoted("目录{}未带入正文。", _take_contents(document, body)),
        *_quoted("页眉页脚{}未带入正文。", _margins(document)),
        *_counted("有{}条批注，未带入正文。", _comments(document)),
        *_counted("有{}处公式，未带入正文，请以图片形式补充。", len(list(body.iter(_MATH)))),
        *_counted("有{}个图表或者示意图，未带入正文，请以图片形式补充。", _diagrams(body)),
        *_counted("有{}张图片只是链接，未带入正文，请单独上传。", _linked(body)),
        *_counted("有{}处修订尚未接受，已按接受修订以后的文字带入，请核对。", _changes(body)),
    ]


def _quoted(sentence: str, texts: list[str]) -> list[str]:
    whole = " ".join(" ".join(text.split()) for text in texts if text.strip())
    short = whole[:_SHOWN] + "……" if len(whole) > _SHOWN else whole
    return [sentence.format(f"“{short}”")] if whole else []


def _counted(sentence: str, count: int) -> list[str]:
    return [f"文件中{sentence.format(count)}"] if count else []


def _text(element: Any) -> str:
    return "".join(node.text or "" for node in element.iter(qn("w:t")))


def _remove(element: Any) -> None:
    parent = element.getparent()
    if parent is not None:
        parent.remove(element)


def _take_text_boxes(body: Any) -> list[str]:
    """Drawings with text in them go as a whole; of the two forms that Word writes of each, one is read."""
    frames = dict.fromkeys(_frame(box) for box in body.iter(qn("w:txbxContent")))
    texts = []
    for frame in frames:
        forms = [form for form in frame if next(form.iter(qn("w:txbxContent")), None) is not None]
        boxes = (forms[0] if frame.tag == _ALTERNATE else frame).iter(qn("w:txbxContent"))
        texts += [_text(box) for box in boxes]
        _remove(frame)
    return texts


def _frame(box: Any) -> Any:
    outer = next(box.iterancestors(_ALTERNATE), None)
    return outer if outer is not None else next(box.iterancestors(qn("w:pict"), qn("w:drawing")), box)


def _take_hidden(body: Any) -> list[str]:
    runs = [mark.getparent().getparent() for mark in body.iter(qn("w:vanish")) if _is_on(mark)]
    hidden = [run for run in runs if run.tag == qn("w:r")]
    texts = [_text(run) for run in hidden]
    for run in hidden:
        _remove(run)
    return texts


def _is_on(mark: Any) -> bool:
    return mark.get(qn("w:val")) not in ("0", "false", "off")


def _take_contents(document: Any, body: Any) -> list[str]:
    names = {style.style_id: (style.name or "").lower() for style in document.styles}
    lines = [p for p in body.iter(qn("w:p")) if names.get(p.style or "", "").startswith("toc ")]
    texts = [_text(line) for line in lines]
    for line in lines:
        for part in list(line):  # the empty paragraph stays: a cell or a document may not lose its last one
            line.remove(part)
    return texts


def _margins(document: Any) -> list[str]:
    texts = dict.fromkeys(
        _text(_root(relation.target_part))
        for relation in document.part.rels.values()
        if relation.reltype in (RELATION.HEADER, RELATION.FOOTER)
    )
    return [text for text in texts if not _PAGE_NUMBER.fullmatch(text)]


def _comments(document: Any) -> int:
    parts = [
        relation.target_part
        for relation in document.part.rels.values()
        if relation.reltype == RELATION.COMMENTS
    ]
    return sum(1 for part in parts for _ in _root(part).iter(qn("w:comment")))


def _root(part: Any) -> Any:
    return etree.fromstring(part.blob, etree.XMLParser(resolve_entities=False, no_network=True))


def _diagrams(body: Any) -> int:
    return sum(1 for data in body.iter(qn("a:graphicData")) if _DIAGRAMS.search(data.get("uri") or ""))


def _linked(body: Any) -> int:
    return sum(
        1 for blip in body.iter(qn("a:blip")) if blip.get(qn("r:link")) and not blip.get(qn("r:embed"))
    )


def _changes(body: Any) -> int:
    return sum(1 for _ in _iter_changes(body))


def _iter_changes(body: Any) -> Iterator[Any]:
    yield from body.iter(qn("w:ins"), qn("w:del"), qn("w:moveFrom"), qn("w:moveTo"))
