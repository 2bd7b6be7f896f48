"""Two versions of a body on the reviewer's screen: paragraphs, lists, tables, and what only looks different."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mingzheng.law.errors import Refusal
from mingzheng.publish.comparison.services import compare_html, text_of

FIRST = "<p>为进一步规范政府信息公开工作，现就有关事项通知如下。</p>"
SECOND = "<p>各单位应当于每年3月31日前公布上一年度工作报告。</p>"
THIRD = "<p>本通知自印发之日起施行。</p>"


def test_a_changed_paragraph_is_marked_by_character_and_the_others_stay_plain():
    shown = compare_html(FIRST + SECOND, FIRST + SECOND.replace("3月31日", "1月31日"))
    assert shown == FIRST + ("<p>各单位应当于每年<del>3</del><ins>1</ins>月31日前公布上一年度工作报告。</p>")


def test_a_paragraph_added_or_removed_is_marked_as_a_whole():
    assert compare_html(FIRST + THIRD, FIRST + SECOND + THIRD) == (
        FIRST + f'<p class="comparison-new"><ins>{text_of(SECOND)}</ins></p>' + THIRD
    )
    assert compare_html(FIRST + SECOND, SECOND) == (
        f'<p class="comparison-gone"><del>{text_of(FIRST)}</del></p>' + SECOND
    )


def test_a_changed_paragraph_finds_its_old_version_across_an_insertion():
    shown = compare_html(FIRST + SECOND, FIRST + THIRD + SECOND.replace("应当", "必须"))
    assert f'<p class="comparison-new"><ins>{text_of(THIRD)}</ins></p>' in shown
    assert "各单位<del>应当</del><ins>必须</ins>于每年" in shown


def test_headings_and_lists_keep_the_structure_of_the_new_version():
    old = "<h2>一、总体要求</h2><ul><li>加强领导</li><li>落实责任</li></ul><p>完。</p>"
    new = "<h3>一、总体要求</h3><ol><li>加强组织领导</li><li>落实责任</li></ol><p>完。</p>"
    assert compare_html(old, new) == (
        "<h3>一、总体要求</h3><ol><li>加强<ins>组织</ins>领导</li><li>落实责任</li></ol><p>完。</p>"
    )


TABLE = "<table><tr><th colspan='2'>预算</th></tr><tr><td>教育</td><td>120</td></tr></table>"


def test_tables_of_the_same_shape_are_compared_cell_by_cell():
    assert compare_html(TABLE, TABLE.replace("120", "135")) == (
        '<table><tbody><tr><th colspan="2">预算</th></tr>'
        "<tr><td>教育</td><td><del>120</del><ins>135</ins></td></tr></tbody></table>"
    )


def test_a_table_of_another_shape_is_shown_as_removed_and_added():
    shown = compare_html(TABLE, TABLE.replace("</table>", "<tr><td>卫生</td><td>80</td></tr></table>"))
    assert shown.startswith('<table class="comparison-gone">')
    assert '<table class="comparison-new">' in shown
    assert "<td><ins>卫生</ins></td>" in shown


@pytest.mark.parametrize(
    ("old", "new", "note"),
    [
        (FIRST, FIRST, "内容没有变化"),
        (FIRST, FIRST.replace("规范", "<strong>规范</strong>"), "仅格式有变化"),
        ("<p>要求</p>", "<h2>要求</h2>", "仅格式有变化"),
        # Where a link leads is content, though no character changed.
        ("<p><a href='https://a.cn/'>附件</a></p>", "<p><a href='https://b.cn/'>附件</a></p>", "文字没有变化，链接或图片有变化"),
        ("<p>图<img src='/a.png'></p>", "<p>新图<img src='/b.png'></p>", "链接或图片也有变化"),
    ],
)  # fmt: skip
def test_what_the_marks_cannot_show_is_said_in_one_line(old, new, note):
    assert compare_html(old, new).startswith(f'<p class="comparison-note">{note}</p>')


def test_a_change_of_text_needs_no_note():
    assert "comparison-note" not in compare_html(FIRST, SECOND)


def test_line_breaks_nested_parts_and_loose_text_are_read_as_a_browser_shows_them():
    body = "开头<div>一<br>二<blockquote><p>三  四</p></blockquote>五</div><table><caption>表一</caption><tr><td><p>甲</p><p>乙</p></td></tr></table>"
    assert text_of(body).split("\n") == ["开头", "一", "二", "三 四", "五", "表一", "甲", "乙"]


def test_empty_bodies_are_compared_too():
    assert compare_html("", "<p>甲</p>") == '<p class="comparison-new"><ins>甲</ins></p>'
    assert compare_html("<p>甲</p>", " ") == '<p class="comparison-gone"><del>甲</del></p>'


def test_no_markup_or_attribute_of_a_body_comes_through():
    evil = (
        "<p onclick='x()' style='text-align:center' class='a'>&lt;script&gt;alert(1)&lt;/script&gt;</p>"
        "<script>alert(2)</script><img src=x onerror=alert(3) alt='\"><b>'><td colspan='2&quot; onclick=x'>甲</td>"
    )
    shown = compare_html("<p>无</p>", evil)
    assert re.findall(r"<[^>]*>", re.sub(r"</?(?:p|ins|del)>|<p class=\"comparison-\w+\">", "", shown)) == []
    assert "&lt;script&gt;" in shown
    assert "alert(2)" not in shown


@pytest.mark.parametrize("tag", ["div", "span"])
def test_text_too_deep_for_the_parser_is_refused_rather_than_left_out(tag):
    with pytest.raises(Refusal, match="嵌套超过200层"):
        compare_html("<p>甲</p>", f"<{tag}>" * 300 + "藏" + f"</{tag}>" * 300)
    assert "藏" in compare_html("<p>甲</p>", f"<{tag}>" * 190 + "藏" + f"</{tag}>" * 190)


ANY = st.lists(st.sampled_from(
    [FIRST, SECOND, THIRD, TABLE, "<ul><li>甲</li><li>乙</li></ul>", "<h2>丙</h2>", "丁&amp;<b>", "</p>", "<td>1</td>"]
), max_size=8).map("".join)  # fmt: skip


@given(ANY, ANY)
def test_the_screen_without_the_removed_parts_reads_as_the_new_version(old, new):
    shown = re.sub(r'<p class="comparison-note">.*?</p>|<del>.*?</del>', "", compare_html(old, new))
    assert text_of(shown).split() == text_of(new).split()
