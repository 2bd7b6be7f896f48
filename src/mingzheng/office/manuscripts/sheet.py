"""The review sheet (审签单): who signed what on which version, as a Word file to print and file."""

from __future__ import annotations

import io
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_GET
from docx import Document
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml.ns import qn
from docx.shared import Cm, Pt

from mingzheng.office.guard import access_of
from mingzheng.office.manuscripts import screens
from mingzheng.publish.manuscripts import services
from mingzheng.publish.manuscripts.models import Manuscript
from mingzheng.publish.reviews.services import facts_of

DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


@require_GET
def download(request: HttpRequest, pk: int) -> HttpResponse:
    """The sheet of one manuscript."""
    manuscript = services.manuscript_of(access_of(request), pk)
    headers = {"Content-Disposition": f'attachment; filename="shenqian-{pk}.docx"'}
    return HttpResponse(review_sheet(manuscript), content_type=DOCX, headers=headers)


def review_sheet(manuscript: Manuscript) -> bytes:
    """The sheet as the content of a Word file."""
    document = Document()
    section = document.sections[0]
    section.page_width, section.page_height = Cm(21), Cm(29.7)
    section.left_margin = section.right_margin = Cm(2.4)
    normal = document.styles["Normal"]
    normal.font.name, normal.font.size = "仿宋", Pt(12)
    normal.element.get_or_add_rPr().get_or_add_rFonts().set(qn("w:eastAsia"), "仿宋")
    title = document.add_paragraph()
    title.alignment = WD_ALIGN_PARAGRAPH.CENTER
    run = title.add_run("政府信息公开审签单")
    run.bold, run.font.size, run.font.name = True, Pt(20), "宋体"
    _set_chinese_font(run._element.get_or_add_rPr(), "宋体")
    _facts_table(document, manuscript)
    document.add_paragraph()
    _record_table(document, manuscript)
    review = services.review_of(manuscript)
    version = review.content_hash if review else manuscript.content_hash
    note = document.add_paragraph()
    note.add_run(f"稿件编号：{manuscript.pk}　　版本校验值：{version}").font.size = Pt(8)
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def _facts_table(document: Any, manuscript: Manuscript) -> None:
    item = manuscript.item
    rows = [
        ("信息名称", manuscript.title),
        ("公开单位", str(manuscript.unit)),
        ("公开栏目", screens.column_place(manuscript.column)),
        ("文号", manuscript.doc_no),
        ("公开属性", manuscript.get_openness_display()),
        ("内容摘要", manuscript.abstract or screens.plain(manuscript.body, 150)),
        ("附件", "、".join(file.name for file in manuscript.files.filter(is_inline=False)) or "无"),
        ("起草人", f"{manuscript.writer}{'（第三方运维）' if manuscript.by_operator else ''}"),
        ("状态", manuscript.get_state_display()),
    ]
    if item is not None:
        rows.append(("索引号", item.index_no))
    if manuscript.non_disclosure_reason:
        rows.append(("不予公开理由", manuscript.non_disclosure_reason))
    table = document.add_table(rows=0, cols=2, style="Table Grid")
    table.autofit = False
    for label, text in rows:
        cells = table.add_row().cells
        _fill(cells[0], label, Cm(3), bold=True)
        _fill(cells[1], text, Cm(13.2))


def _record_table(document: Any, manuscript: Manuscript) -> None:
    widths = (Cm(3.6), Cm(3.6), Cm(5.6), Cm(3.4))
    table = document.add_table(rows=1, cols=4, style="Table Grid")
    table.autofit = False
    for cell, label, width in zip(
        table.rows[0].cells, ("环节", "办理人", "意见", "时间"), widths, strict=True
    ):
        _fill(cell, label, width, bold=True)
    for fact in facts_of(manuscript.subject):
        shown = screens.fact_line(fact)
        person = f"{shown['actor']}（代{shown['principal']}）" if shown["principal"] else shown["actor"]
        opinion = "\n".join(text for text in (shown["secrecy"], shown["opinion"]) if text) or "同意"
        if fact.kind in ("submitted", "released"):
            opinion = f"版本{shown['version']}"
        texts = (shown["what"], person, opinion, shown["at"])
        for cell, text, width in zip(table.add_row().cells, texts, widths, strict=True):
            _fill(cell, text, width)


def _set_chinese_font(properties: Any, name: str) -> None:
    """Word takes the font of Chinese text from an attribute of its own."""
    properties.get_or_add_rFonts().set(qn("w:eastAsia"), name)


def _fill(cell: Any, text: str, width: Any, *, bold: bool = False) -> None:
    cell.width = width
    run = cell.paragraphs[0].add_run(text)
    run.bold, run.font.size = bold, Pt(11)
