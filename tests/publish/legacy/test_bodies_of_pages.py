"""The body of a saved page: the article whole, nothing of the site around it, and nothing that can act."""

from __future__ import annotations

import pytest
from lxml import html

from mingzheng.publish.legacy.reader import read_content

TEXT = "为贯彻落实上级部署，进一步做好全市防汛工作，现将有关事项通知如下，请认真组织实施。" * 3
PAGE = f"""<html><head><title>关于做好防汛工作的通知</title></head><body><p>发布时间：2018-06-01</p>
<div id="zoom"><p>{TEXT}</p></div><div>版权所有</div></body></html>"""


def read(text, **options):
    return read_content(text.encode(), "页.html", **options)


def test_menus_hidden_copies_and_footers_stay_out_of_a_body_that_nothing_marks():
    menu = "<ul>" + "<li><a href='/a'>政务公开栏目</a></li>" * 9 + "</ul>"
    page = read(
        f"<html><title>区里召开防汛调度会</title><body>{menu}<div>{menu}<p>2018-06-01</p><p>{TEXT}</p><p>{TEXT}</p>"
        f"<div>【打印】【关闭】</div></div><div style='display: none'>{TEXT * 3}</div><div>主办：某局<p>版权所有 某ICP备1号</p></div></body></html>"
    )
    assert page.body.count(TEXT) == 2
    for gone in ("政务公开栏目", "打印", "版权"):
        assert gone not in page.body


def test_what_a_word_processor_calls_its_paragraphs_is_no_reason_to_drop_them():
    page = read(
        PAGE.replace(
            f"<p>{TEXT}</p>", f"<p class='MsoHeader'>第一章</p><p class='fontsize14'>总则</p><p>{TEXT}</p>"
        )
    )
    assert "第一章" in page.body
    assert "总则" in page.body


def test_hundreds_of_unclosed_elements_lose_no_text():
    page = read(PAGE.replace(f"<p>{TEXT}</p>", f"<font><p>{TEXT}</p>" * 400))
    assert page.body.count(TEXT) == 400


def test_a_short_article_is_not_lost_with_the_footer():
    page = read(
        "<html><title>区里召开防汛调度会</title><body><div><div>发布时间：2018-06-01</div><div><p>会议要求各单位落实防汛责任制。</p></div>"
        "<div>版权所有：某区人民政府</div></div></body></html>"
    )
    assert "落实防汛责任制" in page.body
    assert "版权" not in page.body


def test_a_page_that_is_only_a_file_or_a_picture_is_an_article():
    frame = '<html><base href="http://old.cn/"><title>二〇一八年部门预算公开</title><body><div>发布时间：2018-06-01</div><div id="zoom">{}</div></body></html>'
    assert read(frame.format('<a href="/f/1.pdf">预算</a>')).attachments == [
        ("预算", "http://old.cn/f/1.pdf")
    ]
    shown = read(frame.format('<iframe src="/f/2.pdf?v=1"></iframe>'))
    assert shown.attachments == [("2.pdf", "http://old.cn/f/2.pdf?v=1")]
    assert 'src="http://old.cn/1.jpg"' in read(frame.format('<img src="1.jpg">')).body


def test_headings_that_begin_like_a_button_stay():
    page = read(PAGE.replace(f"<p>{TEXT}</p>", f"<p>关闭煤矿名单</p><p>{TEXT}</p><p>打印 关闭 返回顶部</p>"))
    assert "关闭煤矿名单" in page.body
    assert "返回顶部" not in page.body


ATTACKS = [
    '<a href="javascript:alert(1)">x</a>',
    '<a href=" java&#9;script:alert(1)">x</a>',
    '<a href="data:text/html,<script>alert(1)</script>">x</a>',
    '<a href="vbscript:x" onclick="alert(1)">x</a>',
    '<img src="x.png" onerror="alert(1)">',
    '<img src="javascript:alert(1)">',
    "<svg onload=alert(1)><script>alert(1)</script></svg>",
    '<iframe src="http://evil.cn/"></iframe><embed src="http://evil.cn/a.swf">',
    '<form action="http://evil.cn/"><input name="password"></form>',
    '<p style="position:fixed;top:0;left:0;background:url(http://evil.cn/)">x</p>',
    '<p style="text-indent:-9999px">x</p>',
    '<p style="text-align:expression(alert(1))">x</p>',
    '<meta http-equiv="refresh" content="0;url=http://evil.cn/"><base href="http://evil.cn/">',
    "<math><mtext><table><mglyph><style><img src=x onerror=alert(1)></style></table></mtext></math>",
    "&lt;script&gt;alert(1)&lt;/script&gt;",
]


@pytest.mark.parametrize("attack", ATTACKS)
def test_nothing_of_a_page_can_act(attack):
    page = read(PAGE.replace("</p>", f"{attack}</p>", 1), base="http://old.cn/x/")
    root = html.fromstring(f"<div>{page.body}</div>")
    assert TEXT in root.text_content()
    for element in root.iter():
        assert element.tag not in (
            "script",
            "style",
            "iframe",
            "embed",
            "form",
            "input",
            "svg",
            "math",
            "meta",
            "base",
        )
        for name, value in element.attrib.items():
            assert not name.startswith("on")
            assert (
                value.startswith(("http://old.cn/", "noopener"))
                if name in ("href", "src", "rel")
                else name != "style"
            )
