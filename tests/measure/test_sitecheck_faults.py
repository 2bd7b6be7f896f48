"""One planted fault each: it is found under its rule, and nothing else is."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from tests.measure import sites
from tests.measure.sites import ON, change, put

from mingzheng.measure.sitecheck import Sheet, judge, load_scheme, read_folder


def check(root: Path, year: str = "2015", **options: object) -> Sheet:
    scheme = load_scheme(year)
    return judge(read_folder(root, scheme, ON, live=["/search/"], processes=1, **options), scheme)


def found(sheet: Sheet) -> list[tuple[str, str]]:
    return [(line.rule.id, finding.seen) for line in sheet.lines for finding in line.findings]


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return sites.build(tmp_path / "site")


@pytest.mark.parametrize("year", ["2015", "2019"])
def test_a_site_without_a_fault_has_no_finding(root: Path, year: str) -> None:
    sheet = check(root, year)
    assert found(sheet) == []
    assert (sheet.score, sheet.passed, sheet.provisional) == (100, True, True)


def _no_title(root: Path) -> None:
    change(root, "zc/1.html", '<meta name="ArticleTitle" content="第1篇政策文件">', "")


def _dated_tag(content: str) -> Callable[[Path], None]:
    return lambda root: change(root, "zc/1.html", 'content="2018-11-01 09:30"', f'content="{content}"')


def _edit(name: str, before: str, after: str) -> Callable[[Path], None]:
    return lambda root: change(root, name, before, after)


def _tombstone(root: Path) -> None:
    put(root, "zc/1.html", sites.page("该信息已撤回_示例市人民政府", "<h1>该信息已撤回</h1>"))


def _no_error_page(root: Path) -> None:
    (root / "404.html").unlink()


def _bare_error_page(root: Path) -> None:
    put(root, "404.html", "<html><body>404</body></html>")


def _second_domain(root: Path) -> None:
    change(root, "rs/1.html", f'content="{sites.DOMAIN}"', 'content="www.qita.gov.cn"')
    change(root, "rs/1.html", f"https://{sites.DOMAIN}/x.html", "https://www.qita.gov.cn/x.html")


def _untagged_column(root: Path) -> None:
    change(root, "jd/index.html", sites.column_tags("政策解读", "政策解读"), "")
    change(root, "jd/1.html", "<h1>", '<a href="/jd/">政策解读</a><h1>')


FAULTS = [
    # links: on the home page 1 point, elsewhere 0.1
    (_edit("index.html", "<ul>", '<ul><a href="/none.html">无</a>'), "S2", "首页链接打不开：/none.html"),
    (_edit("rs/1.html", "正文。", '<a href="../none/?a=1">无</a>'), "S2", "链接打不开：/none/"),
    (_edit("rs/1.html", "正文。", '<img src="a.png" alt="图">'), "S2", "图片打不开：/rs/a.png"),
    (_edit("rs/1.html", "正文。", f'<a href="https://{sites.DOMAIN}/none">无</a>'), "S2", "链接打不开：/none"),
    (_edit("rs/1.html", "正文。", '<a href="//[bad/">无</a>'), "S2", "链接打不开"),
    (_tombstone, "S2", "首页链接打不开：/zc/1.html（信息已撤下）"),
    # attachments and online systems are counted under their own rules
    (_edit("rs/1.html", "正文。", '<a href="/files/x.pdf">表</a>'), "S9", "附件打不开：/files/x.pdf"),
    (_edit("rs/1.html", "正文。", "附件：1.申请表"), "S9", "提到“1.申请表”"),
    (_edit("rs/1.html", "正文。", '<a href="#">附件下载</a>'), "S9", "提到“附件下载”"),
    (_edit("bs/1.html", "办理流程：示例", '办理流程：<a href="/online/">在线办理</a>'), "S10", "在线系统打不开：/online/"),
    # guides
    (_edit("bs/1.html", "办理地点：示例", "示例"), "S8", "办事指南缺少“办理地点”"),
    # tags: there, once, not empty, right
    (_no_title, "A1", "没有标签ArticleTitle"),
    (_untagged_column, "A1", "栏目“政策解读”的列表页没有栏目标签"),
    (_edit("zc/1.html", sites.SITE_TAGS, ""), "A1", "没有网站标签"),
    (_edit("zc/1.html", sites.SITE_TAGS, sites.SITE_TAGS + '<meta name="SiteName" content="又">'), "A1", "标签SiteName出现2次"),
    (_edit("zc/1.html", 'name="ColumnKeywords" content="政策文件"', 'name="ColumnKeywords" content=" "'), "A1", "标签ColumnKeywords内容为空"),
    (_edit("zc/1.html", "<h1>第1篇", "<h1>第一篇"), "A1", "ArticleTitle“第1篇政策文件”与页面标题“第一篇政策文件”不一致"),
    (_dated_tag("2018-11-01"), "A1", "PubDate“2018-11-01”格式不对"),
    (_dated_tag("2018-11-02 09:30"), "A1", "与页面显示的日期2018-11-01不一致"),
    (_edit("zc/1.html", "发布时间：2018-11-01 09:30", ""), "A1", "页面没有显示发布日期"),
    (_edit("zc/1.html", f'content="{sites.CODE}"', 'content="340600"'), "A1", "SiteIDCode“340600”格式不对"),
    (_edit("zc/1.html", f'content="{sites.CODE}"', 'content="3406000002"'), "A1", "与页脚的网站标识码“3406000001”不一致"),
    (_edit("zc/1.html", f'content="https://{sites.DOMAIN}/x.html"', 'content="/x.html"'), "A1", "Url“/x.html”不是完整网址"),
    (_edit("zc/1.html", f'content="https://{sites.DOMAIN}/x.html"', 'content="https://a.cn/x"'), "A1", "不在SiteDomain"),
    # footer
    (_edit("zc/1.html", "皖公网安备", "备案"), "A2", "页脚没有公安机关备案号"),
    (_edit("zc/1.html", "党政机关网站标识", ""), "A2", "页脚没有党政机关网站标识"),
    (_edit("zc/1.html", sites.FOOT, ""), "A2", "页脚没有规定的要素"),
    # the site
    (_second_domain, "A3", "标识码为3406000001的网站用了几个域名"),
    (_no_error_page, "A4", "文件夹中没有404.html"),
    (_bare_error_page, "A4", "提示页没有返回首页的链接"),
    (_edit("index.html", 'role="search" action="/search/"><input type="search" name="q">', "><input>"), "A5", "首页没有站内搜索"),
    (_edit("zc/1.html", "<h1>", '<script src="https://cdn.example.com/a.js"></script><h1>'), "A6", "cdn.example.com"),
    (_edit("zc/1.html", '<meta name="viewport" content="width=device-width">', ""), "A7", "没有viewport"),
    (_edit("zc/1.html", ' lang="zh-CN"', ""), "A8", "没有lang"),
    (_edit("zc/1.html", 'lang="zh-CN"', 'lang="en"'), "A8", "lang为“en”"),
    (_edit("zc/1.html", "正文。", '<img src="/logo.png">'), "A8", "图片没有替代文字：/logo.png"),
]  # fmt: skip


@pytest.mark.parametrize(("plant", "rule", "told"), FAULTS)
def test_a_planted_fault_is_found_and_nothing_else(
    root: Path, plant: Callable[[Path], None], rule: str, told: str
) -> None:
    plant(root)
    seen = found(check(root))
    assert [each for each, _ in seen] == [rule] * len(seen), seen
    assert any(told in text for _, text in seen), seen
