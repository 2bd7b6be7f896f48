"""Small real files with everything in them that an inspection must find."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from pathlib import Path

import openpyxl
import pikepdf
from docx import Document
from docx.oxml import parse_xml
from openpyxl.comments import Comment
from PIL import Image, PngImagePlugin

W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'


def rewrite(
    path: Path, changes: dict[str, Callable[[bytes], bytes]], added: dict[str, bytes] | None = None
) -> Path:
    """Write the container again with some of its entries changed and others added."""
    with zipfile.ZipFile(path) as old:
        entries = {name: old.read(name) for name in old.namelist()}
    for name, change in changes.items():
        entries[name] = change(entries[name])
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as new:
        for name, content in {**entries, **(added or {})}.items():
            new.writestr(name, content)
    return path


def replace(old: str, new: str) -> Callable[[bytes], bytes]:
    def change(content: bytes) -> bytes:
        assert old.encode() in content
        return content.replace(old.encode(), new.encode(), 1)

    return change


def plain_docx(path: Path, text: str = "关于征求意见的通知") -> Path:
    document = Document()
    document.core_properties.author = ""
    document.core_properties.comments = ""
    document.core_properties.title = ""
    document.add_paragraph(text)
    document.save(str(path))
    return path


def docx_with_everything(path: Path) -> Path:
    """A document with a table, a header, revisions, a comment, hidden text, a linked image and properties."""
    document = Document()
    document.core_properties.author = "张三丰"
    document.core_properties.comments = ""
    document.core_properties.last_modified_by = "李四光"
    document.sections[0].header.paragraphs[0].text = "页眉文字"
    paragraph = document.add_paragraph("正文第一段")
    document.add_comment(paragraph.runs, text="此处领导尚未同意", author="王五", initials="W")
    table = document.add_table(rows=2, cols=2)
    for row, words in zip(table.rows, (("姓名", "金额"), ("某单位", "100")), strict=True):
        for cell, word in zip(row.cells, words, strict=True):
            cell.text = word
    pieces = (
        '<w:p {W}><w:r><w:t>预算</w:t></w:r><w:del w:id="1" w:author="王五"><w:r><w:delText>九百</w:delText></w:r>'
        '</w:del><w:ins w:id="2" w:author="王五"><w:r><w:t>八百</w:t></w:r></w:ins><w:r><w:t>万元</w:t></w:r></w:p>',
        '<w:p {W}><w:moveFrom w:id="3" w:author="王五"><w:r><w:t>原处的话</w:t></w:r></w:moveFrom></w:p>',
        '<w:p {W}><w:pPr><w:rPr><w:del w:id="4" w:author="王五"/></w:rPr></w:pPr><w:r><w:t>前半句</w:t></w:r></w:p>',
        "<w:p {W}><w:r><w:t>后半句</w:t></w:r></w:p>",
        "<w:p {W}><w:r><w:rPr><w:vanish/></w:rPr><w:t>看不见的话</w:t></w:r></w:p>",
        '<w:p {W}><w:r><w:rPr><w:b/><w:rPrChange w:id="5" w:author="王五"><w:rPr/></w:rPrChange></w:rPr>'
        "<w:t>加粗</w:t></w:r></w:p>",
        '<w:p {W}><w:r><w:fldChar w:fldCharType="begin"/></w:r><w:r><w:instrText> DDEAUTO excel x </w:instrText></w:r>'
        '<w:r><w:fldChar w:fldCharType="end"/></w:r></w:p>',
        '<w:p {W} xmlns:wps="urn:w" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships">'
        "<w:r><w:pict><w:txbxContent><w:p><w:r><w:t>文本框里的话</w:t></w:r></w:p></w:txbxContent></w:pict></w:r>"
        '<w:r><w:drawing><wps:blip r:link="rIdOut"/></w:drawing></w:r></w:p>',
    )
    for piece in pieces:
        document.element.body.insert(len(document.element.body) - 1, parse_xml(piece.replace("{W}", W)))
    document.save(str(path))
    link = (
        '<Relationship Id="rIdOut" TargetMode="External" Target="http://example.org/a.png" '
        'Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/image"/></Relationships>'
    )
    return rewrite(path, {"word/_rels/document.xml.rels": replace("</Relationships>", link)})


def xlsx_with_everything(path: Path) -> Path:
    """A workbook with hidden sheets, a hidden row and column, a comment, a formula and an author."""
    book = openpyxl.Workbook()
    book.properties.creator = "张三丰"
    sheet = book.active
    sheet.title = "汇总"
    sheet.append(["单位", "金额", "经办人手机"])
    sheet.append(["某单位", 100, "13800000000"])
    sheet.append(["隐藏单位", 200, "13900000000"])
    sheet["A1"].comment = Comment("内部口径", "王五")
    sheet["B4"] = "=SUM(底稿!A1:A2)"
    sheet.row_dimensions[3].hidden = True
    sheet.column_dimensions["C"].hidden = True
    draft = book.create_sheet("底稿", 0)
    draft.append(["底稿机密"])
    draft.sheet_state = "hidden"
    book.create_sheet("很隐藏").sheet_state = "veryHidden"
    book.active = 1
    book.save(path)
    # openpyxl saves no results of formulas, as Excel would.
    return rewrite(path, {"xl/worksheets/sheet2.xml": replace("</f><v></v>", "</f><v>300</v>")})


def pdf_with_everything(path: Path) -> Path:
    """A PDF with text, properties, a script, an attachment, a remark and a link."""
    pdf = pikepdf.new()
    page = pdf.add_blank_page(page_size=(300, 300))
    page.Contents = pdf.make_stream(b"BT /F1 12 Tf 20 200 Td (Annual report) Tj ET")
    page.Resources = pikepdf.Dictionary(
        Font=pikepdf.Dictionary(
            F1=pikepdf.Dictionary(
                Type=pikepdf.Name.Font, Subtype=pikepdf.Name.Type1, BaseFont=pikepdf.Name.Helvetica
            )
        )
    )
    box = pikepdf.Array([10, 10, 50, 50])
    remark = pikepdf.Dictionary(
        Type=pikepdf.Name.Annot, Subtype=pikepdf.Name.Text, Rect=box, Contents="leave out"
    )
    link = pikepdf.Dictionary(
        Type=pikepdf.Name.Annot,
        Subtype=pikepdf.Name.Link,
        Rect=box,
        A=pikepdf.Dictionary(S=pikepdf.Name.URI, URI="https://example.org/"),
    )
    page.Annots = pikepdf.Array([pdf.make_indirect(remark), pdf.make_indirect(link)])
    pdf.Root.OpenAction = pikepdf.Dictionary(S=pikepdf.Name.JavaScript, JS="app.alert(1)")
    pdf.attachments["draft.txt"] = b"inner secret"
    with pdf.open_metadata() as metadata:
        metadata["dc:creator"] = ["Zhang San"]
    pdf.docinfo["/Author"] = "张三"
    pdf.save(path)
    return path


def photo(path: Path) -> Path:
    """A photograph that lies on its side and knows where it was taken."""
    image = Image.new("RGB", (60, 40), "white")
    image.paste("red", (0, 0, 30, 40))
    exif = Image.Exif()
    exif[0x0112] = 6
    exif[0x010F] = "Camera Works"
    exif.get_ifd(0x8825).update({1: "N", 2: (33.0, 38.0, 0.0), 3: "E", 4: (116.0, 58.0, 0.0)})
    image.save(path, exif=exif, quality=95)
    return path


def png_with_remarks(path: Path) -> Path:
    remarks = PngImagePlugin.PngInfo()
    remarks.add_text("Author", "Zhang San")
    Image.new("RGBA", (20, 10), (0, 0, 255, 128)).save(path, pnginfo=remarks)
    return path


def zip_of(path: Path, members: dict[str, bytes]) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return path


def zip_bytes(members: dict[str, bytes]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return buffer.getvalue()
