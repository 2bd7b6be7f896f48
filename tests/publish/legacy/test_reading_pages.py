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
LIST = (
    "<html><title>通知公告栏目的列表</title><body><div><a href='/'>首页</a></div><ul>"
    + "<li><a href='a.html'>关于做好某项重要工作的通知</a><span>2018-06-01</span></li>" * 20
    + "</ul><div>共56条信息</div><div>版权所有：某区人民政府</div></body></html>"
)
LETTERS = (
    "<html><title>咨询投诉选登页面</title><body><ul>"
    + f"<li><div>留言内容：{TEXT}</div><div>留言时间：2018-06-01</div><div>回复时间：2018-06-05</div></li>"
    * 4
    + "</ul></body></html>"
)


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


@pytest.mark.parametrize(
    ("window", "title"),
    [
        ("关于印发规划的通知_示范市人民政府门户网站", "关于印发规划的通知"),
        ("关于印发规划的通知 - 示范市水利局", "关于印发规划的通知"),
        ("示范市政府信息公开|关于印发规划的通知", "关于印发规划的通知"),
        (
            "示范市水利局2018-2020年工作规划",
            "示范市水利局2018-2020年工作规划",
        ),  # no site's name before the hyphen
        ("让群众满意——记示范市民政局", "让群众满意——记示范市民政局"),
    ],
)
def test_the_name_of_the_site_is_no_part_of_a_title(window, title):
    assert read(f"<title>{window}</title><body>{LINE}{ARTICLE}").title == title


def test_a_heading_of_the_column_is_no_title():
    shown = "<h1>通知公告</h1><h1>正文</h1><p>关于防汛的通知</p><div>通知公告栏</div>"
    assert read(f"<title>关于防汛的通知</title><body>{shown}{LINE}{ARTICLE}").title == "关于防汛的通知"


LINE = "<div>来源：水利局　发布时间：2018-06-01</div>"
ARTICLE = f"<div><p>{TEXT}</p><p>{TEXT}</p></div>"
LAYOUTS = {
    "the whole page is one form": f"<title>某局</title><body><form id='f'><input name='s'><h1>区里召开防汛调度会</h1>{LINE}{ARTICLE}</form>",
    "the heading stands in a header": f"<title>某局</title><body><main><header><h1>区里召开防汛调度会</h1>{LINE}</header>{ARTICLE}</main>",
    "the site's name comes first": f"<title>示范市政府网-区里召开防汛调度会</title><body>{LINE}{ARTICLE}",
    "everything is a table": f"<title>某局</title><body><table><tr><td><a href='/'>首页</a></td></tr><tr><td>区里召开防汛调度会</td></tr>"
    f"<tr><td>{LINE}</td></tr><tr><td>{ARTICLE}</td></tr></table>",
    "the text is broken by lines": f"<title>区里召开防汛调度会</title><body><div>{LINE}<div>{TEXT}<br><br>{TEXT}</div></div>",
    "values stand in spans": "<title>区里召开防汛调度会</title><body><div><span>来源：</span><span>水利局</span><span>发布时间：</span>"
    f"<span>2018-06-01</span></div>{ARTICLE}",
    "the tag og:title tells it": f'<meta property="og:title" content="区里召开防汛调度会"><title>某局</title><body>{LINE}{ARTICLE}',
}  # fmt: skip


@pytest.mark.parametrize("layout", LAYOUTS.values(), ids=LAYOUTS.keys())
def test_pages_of_any_layout_are_read(layout):
    page = read(f"<html><head><meta charset='utf-8'>{layout}<div>版权所有：某区人民政府</div></body></html>")
    assert (page.title, page.content_source) == ("区里召开防汛调度会", "水利局")
    assert page.published_at == datetime(2018, 6, 1)
    assert page.body.count(TEXT) == 2
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
        ("2018-06-01 08:05　", datetime(2018, 6, 1, 8, 5)),  # a date alone under the title
        ("报名时间：2018-06-01", None),
        ("发布时间：2018-13-40", None),
    ],
)
def test_dates_are_read_as_they_are_written(line, expected):
    page = BARE.replace("某区人民政府", "区里召开防汛调度会_某区人民政府网站")
    assert read(page.replace("发布时间：2018-06-01", line)).published_at == expected


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
        (bytes(range(128, 256)) * 9, "文字编码无法识别"),
        (BARE.replace("区里召开防汛调度会", ""), "缺少标题"),
        (BARE.replace("区里召开防汛调度会", "").replace("发布时间：2018-06-01", ""), "没有标题和发布日期，不是一篇文章"),
        (LIST, "不是一篇文章"),
        (LIST.replace("<ul>", "<h1>通知公告栏目</h1><p>发布时间：2018-06-01</p><ul>"), "不是一篇文章"),
        (LETTERS, "不是一篇文章"),
        ("<html><title>空白的页面标题</title><body></body></html>", "不是一篇文章"),
        ("<html><title>框架的页面标题</title><frameset><frame src='a.html'></frameset></html>", "不是一篇文章"),
    ],
)  # fmt: skip
def test_what_is_no_article_is_refused_by_name(content, sentence):
    with pytest.raises(Refusal, match=sentence) as refused:
        read_content(content if isinstance(content, bytes) else content.encode(), "页.html")
    assert "页.html" in refused.value.sentence


@pytest.mark.parametrize("declared", ["utf-8", "gbk", "gb2312", "iso-8859-1", "idna", "no-such"])
@pytest.mark.parametrize("real", ["utf-8", "gb18030"])
def test_a_page_is_read_whatever_it_declares_itself_to_be(declared, real):
    text = f'<html><head><meta http-equiv="Content-Type" content="text/html; charset={declared}"></head><body>{TEXT}㐀</body></html>'
    assert TEXT in decode_page(text.encode(real), "页.html")


def test_a_page_that_says_big5_is_believed():
    text = "<meta charset=big5><p>政府資訊公開條例規定辦理</p>"
    assert decode_page(text.encode("big5"), "页.html") == text


def test_marks_of_byte_order_are_understood():
    for encoding in ("utf-8-sig", "utf-16"):
        assert decode_page(TEXT.encode(encoding), "页.html") == TEXT


def test_a_page_cut_off_inside_a_character_is_still_read():
    assert decode_page(TEXT.encode()[:-1], "页.html").startswith("为贯彻落实")
    assert decode_page(TEXT.encode("gbk")[:-1], "页.html").startswith("为贯彻落实")


# --- metadata that is easily mistaken ---------------------------------------------------------------


def test_a_table_of_data_is_no_record_of_the_page():
    table = "<table><tr><td>序号</td><td>名称</td><td>金额</td><td>文号</td><td>来源</td></tr><tr><td>1</td><td>甲</td><td>2</td><td>乙</td><td>丙</td></tr></table>"
    page = read(BARE.replace("</p>", f"</p>{table}", 1))
    assert (page.title, page.doc_no, page.content_source) == ("区里召开防汛调度会", "", "")
    assert "<td>甲</td>" in page.body


def test_a_record_without_colons_is_read_and_is_no_part_of_the_body():
    record = (
        "<table><tr><td>索引号</td><td>003110926/201806-00001</td><td>发布机构</td><td>示范市水利局</td></tr>"
        "<tr><td>文号</td><td>示水〔2018〕3号</td><td>发布日期</td><td>2018-06-01</td></tr></table>"
    )
    page = read(f"<html><title>关于防汛的通知</title><body><div>{record}<p>{TEXT}</p></div></body></html>")
    assert (page.index_no, page.issuer, page.doc_no) == (
        "003110926/201806-00001",
        "示范市水利局",
        "示水〔2018〕3号",
    )
    assert page.body == f"<p>{TEXT}</p>"


def test_a_date_in_the_text_is_no_date_of_publication():
    page = BARE.replace("某区人民政府", "区里召开防汛调度会_某区人民政府网站").replace(
        "发布时间：2018-06-01", ""
    )
    assert (
        read(page.replace("</p>", "</p><p>时间：2018年3月5日</p><p>2018年3月1日</p>", 1)).published_at is None
    )


def test_what_is_guessed_is_told():
    page = read(TAGGED.replace("防汛预案</a>", "防汛预案</a>"))
    assert page.doc_no == "示水〔2018〕3号"
    assert page.doubts == [
        "文号“示水〔2018〕3号”取自正文开头，页面没有标明",
        "有1处链接或图片的地址不完整，已去除",
    ]
    page = read(BARE.replace("发布时间：2018-06-01", "2018-06-01"))
    assert page.doubts == ["发布日期2018-06-01取自标题下方，页面没有写明是发布日期"]


@pytest.mark.parametrize(
    ("head", "address"),
    [
        ('<link rel="canonical" href="http://old.cn/a/1.html">', "http://old.cn/a/1.html"),
        ('<meta property="og:url" content="http://old.cn/a/2.html">', "http://old.cn/a/2.html"),
        ("<!-- saved from url=(0022)http://old.cn/a/3.html -->", "http://old.cn/a/3.html"),
        ('<link rel="canonical" href="http://old.cn/">', ""),  # the home page is no article's address
        ('<meta name="Url" content="javascript:alert(1)">', ""),
    ],
)
def test_links_start_from_the_address_that_the_page_tells(head, address):
    page = read(BARE.replace("<head>", f"<head>{head}").replace("</p>", '<a href="b.doc">表</a></p>', 1))
    assert page.address == address
    assert page.attachments == ([("表", "http://old.cn/a/b.doc")] if address else [])
