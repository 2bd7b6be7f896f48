"""What Word and WPS put on the clipboard survives with its meaning, and nothing of the program."""

from __future__ import annotations

import pytest

from mingzheng.publish.body.services import clean_html

HEAD = """<html xmlns:o="urn:schemas-microsoft-com:office:office"><head><meta name=Generator content="Microsoft Word 15">
<!--[if gte mso 9]><xml><w:WordDocument><w:View>Normal</w:View></w:WordDocument></xml><![endif]-->
<style><!-- p.MsoNormal {mso-style-parent:"";} --></style></head><body lang=ZH-CN><!--StartFragment-->"""


def paste(text):
    """What is left of a paste, without the line breaks between paragraphs."""
    clean = clean_html(HEAD + text + "<!--EndFragment--></body></html>")
    assert clean_html(clean) == clean
    return clean.replace("\n", "")


def entry(mark, text, level=1):
    return (
        f"<p class=MsoListParagraph style='margin-left:21.0pt;text-indent:-21.0pt;mso-list:l0 level{level} lfo1'>"
        f"<![if !supportLists]><span lang=EN-US style='mso-list:Ignore'>{mark}<span style='font:7.0pt \"Times New Roman\"'>"
        f"&nbsp;&nbsp; </span></span><![endif]>{text}<o:p></o:p></p>\n"
    )


def test_nothing_of_the_program_is_left():
    clean = paste(
        "<div class=WordSection1><p class=MsoNormal style='mso-layout-grid-align:none'><span style='font-family:仿宋_GB2312;"
        "mso-bidi-font-family:Arial'>甲<span lang=EN-US><o:p></o:p></span></span><font color=red>乙</font></p>"
        "<v:shape id=a><v:imagedata src='a'/></v:shape><w:sdt>丙</w:sdt></div>"
    )
    assert clean == "<p>甲乙</p>丙"


def test_indents_become_two_characters_however_they_were_made():
    for made in (
        "<p class=MsoNormal style='text-indent:32.0pt;mso-char-indent-count:2.0'>甲</p>",
        "<p class=MsoNormal style='text-indent:2em'>甲</p>",
        "<p class=MsoNormal><span>&nbsp;&nbsp;&nbsp;&nbsp;甲</span></p>",
        "<p class=MsoNormal>　　甲</p>",
    ):
        assert paste(made) == '<p style="text-indent:2em">甲</p>'
    assert paste("<p class=MsoNormal style='text-indent:-21.0pt'>甲</p>") == "<p>甲</p>"


def test_blanks_before_bold_text_are_an_indent_too():
    assert paste("<p class=MsoNormal><b>　　甲</b>乙</p>") == '<p style="text-indent:2em"><b>甲</b>乙</p>'


def test_alignment_stays_and_a_date_pushed_right_by_blanks_stands_right():
    assert paste("<p class=MsoNormal align=center>甲</p>") == '<p style="text-align:center">甲</p>'
    assert (
        paste(f"<p class=MsoNormal>{'　' * 12}2018年3月5日</p>")
        == '<p style="text-align:right">2018年3月5日</p>'
    )


def test_titles_and_outline_levels_become_headings():
    assert paste("<p class=MsoTitle align=center>题</p>") == '<h2 style="text-align:center">题</h2>'
    assert paste("<p class=MsoNormal style='mso-outline-level:2'>节</p>") == "<h3>节</h3>"
    assert paste("<p class=MsoHeading1>章</p>") == "<h2>章</h2>"
    assert paste("<h1>章</h1><h2>节</h2>") == "<h2>章</h2><h3>节</h3>"


def test_a_long_paragraph_with_an_outline_level_is_no_heading():
    assert paste(f"<p class=MsoNormal style='mso-outline-level:1'>{'甲' * 80}</p>").startswith("<p>")


def test_empty_paragraphs_go():
    assert paste("<p class=MsoNormal>甲</p>" + "<p class=MsoNormal><o:p>&nbsp;</o:p></p>" * 3) == "<p>甲</p>"


def test_hidden_text_and_comments_are_not_pasted():
    assert paste(
        "<p class=MsoNormal>甲<span style='display:none;mso-hide:all'>密</span></p>"
        "<div style='mso-element:comment-list'><p class=MsoCommentText>批注</p></div>"
    ) == "<p>甲</p>"  # fmt: skip


def test_bullets_and_plain_numbers_become_lists():
    assert paste(entry("l", "甲") + entry("l", "乙")) == "<ul><li>甲</li><li>乙</li></ul>"
    assert paste(entry("1.", "甲") + entry("2.", "乙")) == "<ol><li>甲</li><li>乙</li></ol>"
    assert paste(entry("3.", "甲") + entry("4.", "乙")) == '<ol start="3"><li>甲</li><li>乙</li></ol>'
    nested = paste(entry("·", "甲") + entry("1.", "子", 2) + entry("2.", "丑", 2) + entry("·", "乙"))
    assert nested == "<ul><li>甲<ol><li>子</li><li>丑</li></ol></li><li>乙</li></ul>"


@pytest.mark.parametrize(
    "marks",
    [
        ("一、", "二、"),  # no browser numbers in this way with the pause mark
        ("（一）", "（二）"),
        ("第一条", "第二条"),
        ("1、", "2、"),
        ("1.", "3."),  # a number is missing: a list would show 2
        ("1.",),  # the number of a single paragraph
        ("一、", "1.", "2."),  # the outline of one document stays in one manner
    ],
)
def test_other_numbers_stay_in_the_text(marks):
    clean = paste("".join(entry(mark, "甲") for mark in marks))
    assert "<li>" not in clean
    for mark in marks:
        assert f"{mark}甲" in clean or f"{mark} 甲" in clean


def test_tables_keep_merged_cells_headers_and_alignment():
    clean = paste(
        "<table class=MsoTableGrid border=1 style='mso-yfti-tbllook:1184'><thead><tr style='mso-yfti-irow:0'>"
        "<td width=84 rowspan=2 valign=top><p class=MsoNormal>序号</p></td><td colspan=2><p class=MsoNormal align=center>任务"
        "<o:p></o:p></p></td></tr></thead><tr><td>内容</td><td>期限</td></tr><tr><td>1</td><td align=right>2</td><td>"
        "<p class=MsoNormal><o:p>&nbsp;</o:p></p></td></tr><![if !supportMisalignedColumns]><tr height=0><td width=84></td></tr>"
        "<![endif]></table>"
    )
    assert clean == (
        '<table><thead><tr><th rowspan="2"><p>序号</p></th><th colspan="2"><p style="text-align:center">任务</p></th></tr>'
        "<tr><th>内容</th><th>期限</th></tr></thead>"
        '<tbody><tr><td>1</td><td style="text-align:right">2</td><td></td></tr></tbody></table>'
    )


def test_nothing_in_the_clipboard_can_act():
    clean = paste("<p class=MsoNormal onclick='a()'><a href='javascript:a()'>甲</a><script>a()</script></p>")
    assert "javascript" not in clean
    assert "onclick" not in clean
    assert "script" not in clean
