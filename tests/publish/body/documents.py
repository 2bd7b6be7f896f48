"""A red-head document with everything that offices put into one, made with python-docx."""

from __future__ import annotations

import struct
import zlib
from io import BytesIO

import docx
from docx.enum.text import WD_ALIGN_PARAGRAPH as ALIGN
from docx.oxml import OxmlElement, parse_xml
from docx.oxml.ns import nsdecls, qn
from docx.shared import Pt

BODY = (
    "为做好全市防汛工作，现将有关事项通知如下，请各地各部门结合实际，认真组织实施，确保人民群众生命财产安全。"
)
TITLE = ("淮州市人民政府办公室关于印发淮州市", "防汛工作实施办法的通知")


def png(width: int = 2, height: int = 2) -> bytes:
    """A small red picture."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    rows = (b"\0" + b"\xff\0\0" * width) * height
    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", header)
        + chunk(b"IDAT", zlib.compress(rows))
        + chunk(b"IEND", b"")
    )


def line(document, text, align=None, indent=False, style=None):
    paragraph = document.add_paragraph(text, style=style)
    paragraph.alignment = align
    if indent:
        paragraph.paragraph_format.first_line_indent = Pt(32)
    return paragraph


def number(document, paragraph, levels, level=0):
    """Give a paragraph an automatic number; ``levels`` are pairs of Word's number style and text."""
    root = document.part.numbering_part.element
    key = str(900 + len(levels) + sum(map(ord, levels[0][1])))
    if not root.xpath(f"w:num[@w:numId='{key}']"):
        parts = "".join(
            f'<w:lvl w:ilvl="{n}"><w:start w:val="1"/><w:numFmt w:val="{style}"/><w:lvlText w:val="{text}"/></w:lvl>'
            for n, (style, text) in enumerate(levels)
        )
        space = nsdecls("w")
        root.insert(0, parse_xml(f'<w:abstractNum {space} w:abstractNumId="{key}">{parts}</w:abstractNum>'))
        root.append(parse_xml(f'<w:num {space} w:numId="{key}"><w:abstractNumId w:val="{key}"/></w:num>'))
    properties = paragraph._p.get_or_add_pPr().get_or_add_numPr()
    properties.get_or_add_ilvl().val = level
    properties.get_or_add_numId().val = int(key)


def red_head():
    document = docx.Document()
    line(document, "淮州市人民政府办公室文件", ALIGN.CENTER)
    line(document, "淮政办﹝2018﹞12 号", ALIGN.CENTER)
    line(document, "")
    for text in TITLE:
        line(document, text, ALIGN.CENTER)
    line(document, "各县、区人民政府，市政府各部门、各直属单位：")
    line(document, BODY, indent=True)
    for text, level in (("总体要求", 0), ("指导思想", 1), ("基本原则", 1), ("主要任务", 0)):
        paragraph = line(document, text, indent=True)
        number(document, paragraph, [("chineseCounting", "%1、"), ("chineseCounting", "（%2）")], level)
    line(document, "具体分工见下：", indent=True)
    for text in ("查险情", "备物资", "保通信"):
        number(document, line(document, text), [("decimal", "%1.")])
    add_table(document)
    document.add_picture(BytesIO(png()))
    line(document, "附件：防汛责任人名单", indent=True)
    line(document, "淮州市人民政府办公室", ALIGN.RIGHT)
    line(document, "2018年3月5日", ALIGN.RIGHT)
    line(document, "（此件公开发布）", indent=True)
    line(document, "抄送：市委各部门，市人大常委会办公室，市政协办公室。")
    line(document, "淮州市人民政府办公室　　2018年3月6日印发")
    document.sections[0].header.paragraphs[0].text = "内部资料注意保存"
    return document


def add_table(document):
    table = document.add_table(rows=3, cols=3)
    table.cell(0, 0).merge(table.cell(1, 0)).text = "序号"
    table.cell(0, 1).merge(table.cell(0, 2)).text = "任务"
    table.cell(1, 1).text, table.cell(1, 2).text = "内容", "期限"
    for column, text in enumerate(("1", "巡堤查险", "6月底")):
        table.cell(2, column).text = text
    table.cell(0, 1).paragraphs[0].alignment = ALIGN.CENTER
    table.rows[0]._tr.get_or_add_trPr().append(OxmlElement("w:tblHeader"))


def add_text_box(document, text):
    run = document.add_paragraph("框外文字").add_run()
    inside = f"<w:txbxContent><w:p><w:r><w:t>{text}</w:t></w:r></w:p></w:txbxContent>"
    run._r.append(
        parse_xml(
            f'<w:pict {nsdecls("w")} xmlns:v="urn:schemas-microsoft-com:vml"><v:shape><v:textbox>{inside}'
            "</v:textbox></v:shape></w:pict>"
        )
    )


def add_change(document, kept, deleted):
    paragraph = document.add_paragraph("原文")
    for tag, part, text in (("w:ins", "w:t", kept), ("w:del", "w:delText", deleted)):
        change, run, content = OxmlElement(tag), OxmlElement("w:r"), OxmlElement(part)
        change.set(qn("w:id"), "1")
        content.text = text
        run.append(content)
        change.append(run)
        paragraph._p.append(change)
