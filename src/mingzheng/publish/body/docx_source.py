"""Word documents as HTML: mammoth does the text, tables and pictures; what it does not know is added.

Mammoth drops alignment, indents and the style of numbers. So each paragraph gets a token as its first
characters, and behind mammoth the token becomes what Word's own clipboard would say of that paragraph. Headings,
lists and indents are then made in one place for pasted and uploaded text, ``word_html``.
"""

from __future__ import annotations

import re
from io import BytesIO
from pathlib import Path
from typing import Any

import docx
import mammoth
from docx.opc.constants import RELATIONSHIP_TYPE as RELATION
from docx.oxml.ns import qn
from docx.oxml.parser import OxmlElement

from mingzheng.law.errors import Refusal
from mingzheng.publish.body.docx_losses import take_out
from mingzheng.publish.body.docx_numbers import Numbers
from mingzheng.publish.body.sources import Source

_TOKEN = re.compile("\ue000([0-9]+)\ue001")
_PARAGRAPH = re.compile(f"<p>{_TOKEN.pattern}")
_NOTE_LINK = re.compile(r'\s*<a href="#[^"]*">↑</a>|<a (?:href="#[^"]*"|id="[^"]*"|\s)+>(\[\d+\])?</a>')
_ALIGNMENTS = {"center": "center", "right": "right", "end": "right"}
_FAR_RIGHT = 3600  # twips (6.35 cm); a short line that begins there is a signature or a date
_SHORT_LINE = 40


def read_docx(path: Path, name: str) -> Source:
    """The text of a Word document. Raises Refusal when the file is none."""
    try:
        document = docx.Document(str(path))
    except Exception as error:  # python-docx lets errors of zip, XML and of its own through
        raise Refusal(f"文件“{name}”不是完好的DOCX文件，请在Word或者WPS中打开并另存后再上传。") from error
    losses = take_out(document)
    layout = _Layout(document)
    openings = []
    for paragraph in document.element.body.iter(qn("w:p")):
        openings.append(layout.opening(paragraph))
        _put_token(paragraph, len(openings) - 1)
    content = BytesIO()
    document.save(content)
    result = mammoth.convert_to_html(content, style_map="u => u", include_embedded_style_map=False)
    html = _PARAGRAPH.sub(lambda token: openings[int(token[1])], result.value)
    return Source(_NOTE_LINK.sub(r"\1", _TOKEN.sub("", html)), losses)


def _put_token(paragraph: Any, number: int) -> None:
    """Mark a paragraph, and take the style and number off it that mammoth would make something else of."""
    run, text = OxmlElement("w:r"), OxmlElement("w:t")
    text.text = f"\ue000{number}\ue001"
    run.append(text)
    properties = paragraph.find(qn("w:pPr"))
    paragraph.insert(0 if properties is None else 1, run)
    if properties is not None:
        for known in [*properties.iterfind(qn("w:pStyle")), *properties.iterfind(qn("w:numPr"))]:
            properties.remove(known)


class _Layout:
    """What a paragraph looks like by its own properties and those of its style, and of the styles behind it."""

    def __init__(self, document: Any) -> None:
        styles = document.styles.element
        self._styles = {style.get(qn("w:styleId")): style for style in styles.iterfind(qn("w:style"))}
        self._default = next(
            (
                key
                for key, style in self._styles.items()
                if style.get(qn("w:type")) == "paragraph"
                and style.get(qn("w:default")) in ("1", "true", "on")
            ),
            "",
        )
        try:
            self._numbers = Numbers(document.part.part_related_by(RELATION.NUMBERING).element)
        except KeyError:
            self._numbers = Numbers(None)

    def opening(self, paragraph: Any) -> str:
        """The opening tag in Word's manner, with the number that Word shows."""
        chain = self._chain(paragraph)
        indent = _merged(chain, "w:ind")
        declared = []
        alignment = _ALIGNMENTS.get(_merged(chain, "w:jc").get("val", ""))
        first = _twips(indent, "firstLine", "firstLineChars")
        begins = first + _twips(indent, "left", "leftChars") + _twips(indent, "start", "startChars")
        if (
            not alignment
            and begins >= _FAR_RIGHT
            and len("".join(paragraph.itertext()).strip()) <= _SHORT_LINE
        ):
            alignment = "right"
        if alignment:
            declared.append(f"text-align:{alignment}")
        elif first > 0:
            declared.append("text-indent:2em")
        outline = _merged(chain, "w:outlineLvl").get("val", "")
        if outline.isdigit() and int(outline) < 6:
            declared.append(f"mso-outline-level:{int(outline) + 1}")
        mark, level = self._mark(chain, paragraph)
        if mark:
            declared.append(f"mso-list:l0 level{level + 1}")
            mark = f'<span style="mso-list:Ignore">{mark}</span>'
        title = "MsoTitle" if self._style_name(paragraph) in ("title", "标题") else "MsoNormal"
        return f'<p class="{title}" style="{";".join(declared)}">{mark}'

    def _chain(self, paragraph: Any) -> list[Any]:
        """The properties that apply, the farthest style first, the paragraph's own last."""
        own = paragraph.find(qn("w:pPr"))
        chain = [] if own is None else [own]
        seen: set[str] = set()
        key = self._style_id(paragraph)
        while key in self._styles and key not in seen:
            seen.add(key)
            style = self._styles[key]
            if (properties := style.find(qn("w:pPr"))) is not None:
                chain.append(properties)
            based = style.find(qn("w:basedOn"))
            key = "" if based is None else based.get(qn("w:val")) or ""
        return chain[::-1]

    def _style_id(self, paragraph: Any) -> str:
        return str(paragraph.style or self._default)

    def _style_name(self, paragraph: Any) -> str:
        style = self._styles.get(self._style_id(paragraph))
        name = None if style is None else style.find(qn("w:name"))
        return "" if name is None else (name.get(qn("w:val")) or "").lower()

    def _mark(self, chain: list[Any], paragraph: Any) -> tuple[str, int]:
        number, level = self._numbers.by_style.get(self._style_id(paragraph), ("", 0))
        for properties in chain:
            for found in properties.iterfind(f"{qn('w:numPr')}/*"):
                value = found.get(qn("w:val")) or ""
                if found.tag == qn("w:numId"):
                    number = value
                elif found.tag == qn("w:ilvl") and value in "012345678":
                    level = int(value or 0)
        return self._numbers.next_mark(number, level), level


def _merged(chain: list[Any], name: str) -> dict[str, str]:
    values: dict[str, str] = {}
    for properties in chain:
        for element in properties.iterfind(qn(name)):
            values |= {key.rpartition("}")[2]: value for key, value in element.attrib.items()}
    return values


def _twips(indent: dict[str, str], length: str, characters: str) -> int:
    """A length in twips; a count of hundredths of characters, where given, wins (a character is about 16 points)."""
    for name, unit in ((characters, 3.2), (length, 1.0)):
        value = indent.get(name, "")
        if value.isdigit() and int(value):
            return round(int(value) * unit)
    return 0
