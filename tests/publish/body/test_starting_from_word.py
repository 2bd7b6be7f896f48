"""A draft started from a Word document: its fields, its body, and a word on all that did not come along."""

from __future__ import annotations

import shutil
import subprocess
from datetime import date

import docx
import pytest
from docx.enum.text import WD_ALIGN_PARAGRAPH as ALIGN
from docx.shared import Pt
from tests.publish.body.documents import BODY, add_change, add_text_box, line, number, png, red_head

from mingzheng.law.errors import Refusal
from mingzheng.publish.body.services import clean_html, put_images, start_from_file

OFFICE = shutil.which("soffice")


@pytest.fixture
def start(tmp_path):
    def started(document):
        path = tmp_path / "a"
        document.save(path)
        return start_from_file(path, "通知.docx")

    return started


def test_every_field_of_a_red_head_document_is_found(start):
    draft = start(red_head())
    assert draft.title == "淮州市人民政府办公室关于印发淮州市防汛工作实施办法的通知"
    assert draft.doc_no == "淮政办〔2018〕12号"
    assert draft.issuer == "淮州市人民政府办公室"
    assert draft.written_on == date(2018, 3, 5)
    assert draft.addressee == "各县、区人民政府，市政府各部门、各直属单位"
    assert draft.genre == "notice"
    assert draft.keywords == ""
    assert draft.confidence == {
        **dict.fromkeys(("title", "doc_no", "issuer", "written_on", "addressee", "genre"), "found"),
        "keywords": "absent",
    }


def test_the_body_begins_with_the_addressee_and_has_no_imprint(start):
    draft = start(red_head())
    assert draft.body.startswith("<p>各县、区人民政府，市政府各部门、各直属单位：</p>")
    for gone in ("文件", "12号", "防汛工作实施办法", "抄送", "印发", "内部资料"):
        assert gone not in draft.body
    assert draft.losses == ["页眉页脚“内部资料注意保存”未带入正文。", "版记（抄送、印发等）未带入正文。"]


def test_layout_that_means_something_is_kept(start):
    body = start(red_head()).body
    assert f'<p style="text-indent:2em">{BODY}</p>' in body
    assert (
        '<p style="text-align:right">淮州市人民政府办公室</p><p style="text-align:right">2018年3月5日</p>'
        in body
    )
    assert (
        '<th rowspan="2"><p>序号</p></th><th colspan="2"><p style="text-align:center">任务</p></th>' in body
    )
    assert "<tr><th><p>内容</p></th><th><p>期限</p></th></tr></thead>" in body


def test_numbers_that_word_writes_by_itself_are_in_the_text(start):
    body = start(red_head()).body
    for text in ("一、总体要求", "（一）指导思想", "（二）基本原则", "二、主要任务"):
        assert f'<p style="text-indent:2em">{text}</p>' in body
    assert "<ol><li>查险情</li><li>备物资</li><li>保通信</li></ol>" in body


def test_pictures_wait_for_their_upload(start):
    draft = start(red_head())
    assert [image.content for image in draft.images] == [png()]
    body = put_images(draft.body, ["/media/1.png"])
    assert '<img src="/media/1.png">' in body
    assert clean_html(body) == body


def test_what_is_not_taken_over_is_said(start):
    document = docx.Document()
    line(document, "关于防汛工作的通知", ALIGN.CENTER)
    add_text_box(document, "框内文字")
    add_change(document, "留下", "删掉")
    document.add_paragraph("公开").add_run("不公开").font.hidden = True
    remark = document.add_paragraph("有批注的话。")
    document.add_comment(remark.runs, text="核实", author="某人")
    draft = start(document)
    assert draft.body == "<p>框外文字</p><p>原文留下</p><p>公开</p><p>有批注的话。</p>"
    assert draft.losses == [
        "文本框中的文字“框内文字”未带入正文，请核对后补充。",
        "隐藏文字“不公开”未带入正文。",
        "文件中有1条批注，未带入正文。",
        "文件中有2处修订尚未接受，已按接受修订以后的文字带入，请核对。",
    ]


def test_alignment_and_indents_of_styles_count(start):
    document = docx.Document()
    body_style = document.styles.add_style("公文正文", 1)
    body_style.paragraph_format.first_line_indent = Pt(32)
    right = document.styles.add_style("公文落款", 1)
    right.base_style = body_style
    right.paragraph_format.alignment = ALIGN.RIGHT
    line(document, "标题在此", style="Title")
    line(document, "章", style="Heading 1")
    line(document, BODY, style="公文正文")
    line(document, "2018年3月5日", style="公文落款")
    draft = start(document)
    assert draft.title == "标题在此"
    assert draft.body == (
        f'<h2>章</h2><p style="text-indent:2em">{BODY}</p><p style="text-align:right">2018年3月5日</p>'
    )


def test_a_date_pushed_to_the_right_by_its_indent_stands_right(start):
    document = red_head()
    line(document, "淮州市某局").paragraph_format.left_indent = Pt(220)
    assert '<p style="text-align:right">淮州市某局</p>' in start(document).body


def test_circled_and_legal_numbers_are_those_of_word(start):
    document = docx.Document()
    for _ in range(2):
        number(document, line(document, "甲"), [("decimalEnclosedCircle", "%1")])
    for level in (0, 1, 1):
        number(document, line(document, "乙"), [("chineseCounting", "第%1章"), ("decimal", "%1.%2")], level)
    body = start(document).body
    for text in ("① 甲", "② 甲", "第一章 乙", "一.1 乙", "一.2 乙"):
        assert text in body


def test_two_issuers_leave_the_field_empty_with_a_sentence(start):
    document = docx.Document()
    line(document, "淮州市人民政府文件", ALIGN.CENTER)
    line(document, "淮政〔2018〕3号", ALIGN.CENTER)
    line(document, "关于防汛工作的意见", ALIGN.CENTER)
    line(document, BODY)
    line(document, "淮州市人民政府办公室", ALIGN.RIGHT)
    line(document, "二〇一八年三月五日", ALIGN.RIGHT)
    draft = start(document)
    assert (draft.issuer, draft.confidence["issuer"]) == ("", "absent")
    assert draft.losses == [
        "发文机关有2种写法：“淮州市人民政府”、“淮州市人民政府办公室”，没有自动填写，请核对后填写。"
    ]
    assert (draft.written_on, draft.genre) == (date(2018, 3, 5), "opinion")


def test_a_secret_document_is_told(start):
    document = docx.Document()
    for text in ("机密★1年", "特急", "淮州市人民政府文件", "淮政〔2018〕3号  签发人：某某", "关于某事的请示"):
        line(document, text, ALIGN.CENTER)
    line(document, BODY)
    draft = start(document)
    assert "文件首页标有密级“机密”，涉密文件不得公开，请核对。" in draft.losses
    assert (draft.doc_no, draft.genre, draft.issuer) == ("淮政〔2018〕3号", "request", "淮州市人民政府")


def test_dates_of_annexes_are_not_the_documents_own(start):
    document = red_head()
    line(document, "附件")
    line(document, "2017年1月1日", ALIGN.RIGHT)
    assert start(document).written_on == date(2018, 3, 5)


def test_a_file_that_is_no_word_document_is_refused(tmp_path):
    path = tmp_path / "a"
    path.write_bytes(b"PK\x03\x04")
    with pytest.raises(Refusal, match=r"文件“通知.docx”不是完好的DOCX文件"):
        start_from_file(path, "通知.docx")
    with pytest.raises(Refusal, match="请另存为DOCX后再上传"):
        start_from_file(path, "通知.doc")


def convert(path, kind):
    home = f"-env:UserInstallation=file://{path.parent}/office"
    command = [
        OFFICE,
        "--headless",
        "--writer",
        home,
        "--convert-to",
        kind,
        "--outdir",
        path.parent / "out",
        path,
    ]
    subprocess.run(command, check=True, timeout=120, capture_output=True)


@pytest.mark.skipif(OFFICE is None, reason="LibreOffice is not installed")
def test_documents_of_another_office_program_are_read(tmp_path):
    red_head().save(tmp_path / "a.docx")
    made = start_from_file(tmp_path / "a.docx", "a.docx")
    html = (
        "<html><meta charset=utf-8><p align=center>淮州市人民政府文件<p align=center>淮政〔2018〕3号"
        "<p align=center>关于防汛工作的通知<p>各县区人民政府：<p style='text-indent:32pt'>现通知如下。"
        "<table border=1><tr><td rowspan=2>甲<td colspan=2>乙<tr><td>丙<td>丁</table><ul><li>子<li>丑</ul>"
        "<p align=right>淮州市人民政府<p align=right>2018年3月5日"
    )
    (tmp_path / "b.html").write_text(html, "utf-8")
    convert(tmp_path / "b.html", "docx:MS Word 2007 XML")
    convert(tmp_path / "a.docx", "pdf")
    draft = start_from_file(tmp_path / "out" / "b.docx", "b.docx")
    assert (draft.title, draft.doc_no, draft.issuer) == (
        "关于防汛工作的通知",
        "淮政〔2018〕3号",
        "淮州市人民政府",
    )
    assert draft.written_on == date(2018, 3, 5)
    for part in ('rowspan="2"', 'colspan="2"', "<ul><li>", '<p style="text-align:right">2018年3月5日</p>',
                 '<p style="text-indent:2em">现通知如下。</p>'):  # fmt: skip
        assert part in draft.body
    printed = start_from_file(tmp_path / "out" / "a.pdf", "a.pdf")
    for name in ("title", "doc_no", "issuer", "written_on", "addressee", "genre"):
        assert getattr(printed, name) == getattr(made, name)
    assert BODY in printed.body
