"""Saved pages of older sites: what is read, and what is refused."""

from __future__ import annotations

from datetime import date, datetime

import pytest

from mingzheng.law.errors import Refusal
from mingzheng.publish.legacy.decode import decode_page
from mingzheng.publish.legacy.reader import read_content

TEXT = "为贯彻落实上级部署，进一步做好全市防汛工作，现将有关事项通知如下，请认真组织实施。" * 3
TAGGED = f"""<html><head><meta charset="utf-8"><title>关于做好防汛工作的通知_示范市人民政府网站</title>
<meta name="ArticleTitle" content="关于做好防汛工作的通知"><meta name="PubDate" content="2018-06-01 09:30">
<meta name="ContentSource" content="市水利局"><meta name="Url" content="http://www.example.cn/a/b/12.html"></head><body>
<header>导航</header><div class="nav"><a href="/">首页</a></div>
<div class="article"><h1>关于做好防汛工作的通知</h1><p>信息来源：水利局 发布时间：2018-06-01</p>
<div id="zoom"><p style="text-align:center;color:red">示水〔2018〕3号</p><p>{TEXT}</p>
<p><a href="../files/plan.pdf">防汛预案</a> <a href="javascript:alert(1)">点</a><img src="tu.jpg" onerror="x()"></p>
<table><tr><td rowspan="2">区</td><td>人</td></tr><tr><td>3</td></tr></table>
<script>alert(1)</script><div class="share-box">分享到：微博</div></div></div><footer>版权所有</footer></body></html>"""
TABLE = f"""<html><head><title>政策</title></head><body><table><tr>
<td><b>索 引 号：</b></td><td>000014349/2018-00222</td><td><b>主题分类：</b></td><td>水利</td></tr>
<tr><td><b>发文机关：</b></td><td>示范市水利局</td><td><b>成文日期：</b></td><td>2018年05月28日</td></tr>
<tr><td><b>标　　题：</b></td><td colspan="3">关于做好防汛工作的通知</td></tr>
<tr><td><b>发文字号：</b></td><td>示水[2018]3 号</td><td><b>发布日期：</b></td><td>2018年06月01日</td></tr></table>
<table><tr><td><b>主 题 词：</b></td><td></td><td></td></tr></table>
<div><p>{TEXT}</p><p>{TEXT}</p></div></body></html>"""
BARE = f"""<html><head><title>某区人民政府</title></head><body><div>当前位置：首页 -&gt; 区内新闻</div>
<div><div>区里召开防汛调度会</div><div>发布时间：2018-06-01</div><p>{TEXT}</p></div><div>版权所有</div></body></html>"""


def read(text, **options):
    return read_content(text.encode(), "页.html", **options)


def test_the_tags_of_a_modern_page_are_read():
    page = read(TAGGED)
    assert page.title == "关于做好防汛工作的通知"
    assert page.published_at == datetime(2018, 6, 1, 9, 30)
    assert page.content_source == "市水利局"
    assert page.address == "http://www.example.cn/a/b/12.html"


def test_the_body_keeps_text_tables_and_files_and_nothing_that_acts():
    page = read(TAGGED)
    for kept in (TEXT, 'rowspan="2"', '<p style="text-align:center">', 'href="http://www.example.cn/a/files/plan.pdf"',
                 'src="http://www.example.cn/a/b/tu.jpg"'):  # fmt: skip
        assert kept in page.body
    for gone in ("script", "alert", "onerror", "分享", "导航", "版权", "color"):
        assert gone not in page.body
    assert page.attachments == [("防汛预案", "http://www.example.cn/a/files/plan.pdf")]


def test_a_table_of_metadata_is_read():
    page = read(TABLE)
    assert (page.index_no, page.issuer, page.doc_no) == (
        "000014349/2018-00222",
        "示范市水利局",
        "示水〔2018〕3号",
    )
    assert (page.title, page.theme, page.keywords) == ("关于做好防汛工作的通知", "水利", "")
    assert (page.written_on, page.published_at) == (date(2018, 5, 28), datetime(2018, 6, 1))
    assert "索" not in page.body


def test_a_page_without_any_mark_up_has_its_title_above_the_date():
    page = read(BARE)
    assert (page.title, page.published_at) == ("区里召开防汛调度会", datetime(2018, 6, 1))
    assert "版权" not in page.body


def test_links_that_lead_nowhere_are_told_and_taken_out():
    page = read(BARE.replace("</p>", '<a href="a.doc">表</a><img src="x.png"></p>'))
    assert page.doubts == ["有2处链接或图片的地址不完整，已去除"]
    assert "<img" not in page.body
    assert read(BARE.replace("</p>", '<a href="a.doc">表</a></p>'), base="http://old.cn/x/").attachments == [
        ("表", "http://old.cn/x/a.doc")
    ]


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("发布时间：2018-06-01 08:05:09", datetime(2018, 6, 1, 8, 5)),
        ("发布日期:2018年6月1日", datetime(2018, 6, 1)),
        ("【时间：2018/06/01】", datetime(2018, 6, 1)),
        ("来源：水利局　日期：2018.6.1", datetime(2018, 6, 1)),
        ("报名时间：2018-06-01", None),
        ("发布时间：2018-13-40", None),
    ],
)
def test_dates_are_read_as_they_are_written(line, expected):
    assert read(BARE.replace("发布时间：2018-06-01", line)).published_at == expected


def test_an_article_that_is_mostly_a_table_keeps_what_stands_around_it():
    rows = "".join(f"<tr><td>第{n}项</td><td>{'说明文字' * 10}</td></tr>" for n in range(30))
    page = read(
        f"<html><title>关于公布清单的通知</title><body><div><p>现将清单公布如下。</p><table>{rows}</table><p>特此通知。</p></div></body></html>"
    )
    assert "现将清单公布如下" in page.body
    assert "特此通知" in page.body


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", "是空的"),
        (b"   \n", "是空的"),
        (b"\x89PNG\x00\x00", "不是网页"),
        ("<html><body><p>没有标题的页面，" + TEXT + "</p></body></html>", "缺少标题"),
        ("<html><title>栏目列表页面</title><body><ul>" + "<li><a href='a.html'>一条很长的新闻标题在这里</a></li>" * 20 + "</ul></body></html>", "不是一篇文章"),
        ("<html><title>空白的页面标题</title><body></body></html>", "不是一篇文章"),
    ],
)  # fmt: skip
def test_what_is_no_article_is_refused_by_name(content, sentence):
    with pytest.raises(Refusal, match=sentence) as refused:
        read_content(content if isinstance(content, bytes) else content.encode(), "页.html")
    assert "页.html" in refused.value.sentence


@pytest.mark.parametrize("declared", ["utf-8", "gbk", "gb2312", "iso-8859-1", "no-such"])
@pytest.mark.parametrize("real", ["utf-8", "gb18030"])
def test_a_page_is_read_whatever_it_declares_itself_to_be(declared, real):
    if (declared, real) == ("iso-8859-1", "gb18030"):
        pytest.skip("every byte is valid ISO 8859-1: such a page says what it is and is believed")
    text = f'<html><head><meta http-equiv="Content-Type" content="text/html; charset={declared}"></head><body>{TEXT}㐀</body></html>'
    assert TEXT in decode_page(text.encode(real), "页.html")


def test_marks_of_byte_order_are_understood():
    for encoding in ("utf-8-sig", "utf-16"):
        assert decode_page(TEXT.encode(encoding), "页.html") == TEXT


def test_a_page_cut_off_inside_a_character_is_still_read():
    assert decode_page(TEXT.encode()[:-1], "页.html").startswith("为贯彻落实")
