"""Bodies are made clean once and for all: nothing that can act, everything that carries meaning."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from mingzheng.publish.body.services import clean_html

TEXT = "为贯彻落实上级部署，进一步做好全市防汛工作，现将有关事项通知如下，请认真组织实施。" * 3


def test_merged_cells_and_small_indents_are_kept():
    body = '<table><tbody><tr><td colspan="2" rowspan="3">甲</td></tr></tbody></table><p style="text-indent:2em;text-align:right">乙</p>'
    assert clean_html(body) == body


_TAGS = ["p", "div", "table", "thead", "tbody", "tr", "td", "th", "ul", "ol", "li", "span", "b", "font", "h1", "h2", "a",
         "center", "section", "button", "o:p", "v:shape", "xml", "sub", "pre", "caption", "form", "svg"]  # fmt: skip
_ATTRIBUTES = ["", ' class="MsoNormal"', " class=MsoTitle", ' align="right"', " style='text-indent:32.0pt'",
               ' style="text-align:center;mso-outline-level:2"', " style='mso-list:l0 level1 lfo1'",
               " style='mso-list:Ignore'", " rowspan=2", " style='display:none'", ' href="/a"']  # fmt: skip
_TEXTS = ["甲", "一、", "1.", "2.", "·", "&nbsp;&nbsp;", "\u3000\u3000", " ", "<br>", "<img src=a.png>", "<![if !x]>", "<",
          "<!--[if gte mso 9]>", "<![endif]-->", "&lt;p&gt;", "mso-", "\x0b", "&#8;", '"']  # fmt: skip


def _element(children):
    return st.builds(
        lambda tag, attribute, inside, closed: (
            f"<{tag}{attribute}>{''.join(inside)}{f'</{tag}>' if closed else ''}"
        ),
        st.sampled_from(_TAGS),
        st.sampled_from(_ATTRIBUTES),
        st.lists(children, max_size=4),
        st.booleans(),
    )


@given(st.lists(st.recursive(st.sampled_from(_TEXTS), _element, max_leaves=20), max_size=4).map("".join))
@settings(max_examples=400, deadline=None)
def test_a_clean_body_comes_back_as_it_is(html):
    clean = clean_html(html)
    assert clean_html(clean) == clean


def test_ordinary_html_is_not_rearranged():
    body = "<p>&nbsp;&nbsp;甲</p><p></p><span>乙</span>"
    assert clean_html(body) == body


def test_older_editors_marks_of_alignment_and_rank_are_kept():
    assert clean_html('<p align="right">2018年3月5日</p>') == '<p style="text-align:right">2018年3月5日</p>'
    assert clean_html("<h1>通知</h1><h2>总则</h2>") == "<h2>通知</h2><h3>总则</h3>"
