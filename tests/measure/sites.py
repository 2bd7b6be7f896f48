"""A small site without a fault, in a folder, for tests that plant one fault each."""

from __future__ import annotations

from datetime import date
from pathlib import Path

ON = date(2018, 12, 31)
DOMAIN, CODE = "www.shili.gov.cn", "3406000001"
ELEMENTS = ("事项名称", "设定依据", "申请条件", "办理材料", "办理地点", "办理时间", "联系电话", "办理流程")

FOOT = f"""<footer><a href="/map/">网站地图</a> <a href="https://zfwzgl.www.gov.cn/exposure/jiucuo.html?site_code={CODE}">我为政府网站找错</a>
<p>主办单位：示例市人民政府 联系方式：0000-1234567 网站标识码：<b>{CODE}</b> 皖ICP备00000001号 皖公网安备 34060000000001号</p>
<p>党政机关网站标识</p></footer>"""
SITE_TAGS = f"""<meta name="SiteName" content="示例市人民政府"><meta name="SiteDomain" content="{DOMAIN}"><meta name="SiteIDCode" content="{CODE}">"""
NAV = """<nav><a href="/">首页</a><a href="/xw/">工作动态</a><a href="/tz/">通知公告</a><a href="/letters/">咨询投诉</a></nav>"""


def page(title: str, body: str, tags: str = "", *, head: str = "") -> str:
    """A whole page of the site around ``body``."""
    return f"""<!DOCTYPE html><html lang="zh-CN"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>{title}</title>{SITE_TAGS}{tags}{head}</head><body>{NAV}{body}{FOOT}</body></html>"""


def column_tags(name: str, kind: str) -> str:
    return "".join(
        f'<meta name="{tag}" content="{value}">'
        for tag, value in (
            ("ColumnName", name), ("ColumnDescription", f"{name}栏目"), ("ColumnKeywords", name), ("ColumnType", kind),
        )
    )  # fmt: skip


def article(name: str, kind: str, number: int, day: str, body: str = "<p>正文。</p>") -> str:
    title = f"第{number}篇{name}"
    tags = column_tags(name, kind) + (
        f'<meta name="ArticleTitle" content="{title}"><meta name="PubDate" content="{day} 09:30">'
        f'<meta name="ContentSource" content="示例市人民政府"><meta name="Url" content="https://{DOMAIN}/x.html">'
    )
    return page(title, f"<h1>{title}</h1><p>发布时间：{day} 09:30 来源：示例市人民政府</p>{body}", tags)


def column(name: str, kind: str, rows: list[tuple[str, str, str]]) -> str:
    """A list page: rows of address, title and date."""
    lines = "".join(f'<li><a href="{url}">{title}</a><span>{day}</span></li>' for url, title, day in rows)
    return page(name, f"<h1>{name}</h1><ul>{lines or '<li>暂无信息</li>'}</ul>", column_tags(name, kind))


COLUMNS = (
    # folder, ColumnName, ColumnType, days of its items
    ("xw", "工作动态", "工作动态", [f"2018-12-{day}" for day in range(20, 30)]),
    ("tz", "通知公告", "工作动态", ["2018-12-01"]),
    ("zc", "政策文件", "政策文件", ["2018-11-01"]),
    ("rs", "人事信息", "信息公开目录", ["2018-06-01"]),
    ("jd", "政策解读", "政策解读", ["2018-10-08"]),
    ("zj", "意见征集", "征集调查", [f"2018-0{month}-15" for month in range(2, 9)]),
    ("ft", "在线访谈", "在线访谈", [f"2018-0{month}-16" for month in range(2, 9)]),
)


def build(root: Path) -> Path:
    """Write the site: home, columns with their articles, a service guide, a letters page, a map and an error page."""
    links = []
    for folder, name, kind, days in COLUMNS:
        rows = []
        for number, day in enumerate(days, start=1):
            put(root, f"{folder}/{number}.html", article(name, kind, number, day))
            rows.append((f"/{folder}/{number}.html", f"第{number}篇{name}", day))
        put(root, f"{folder}/index.html", column(name, kind, rows))
        links += rows
    put(
        root,
        "bs/1.html",
        article(
            "办事指南", "办事服务", 1, "2018-05-02", "".join(f"<p>{each}：示例</p>" for each in ELEMENTS)
        ),
    )
    put(root, "bs/index.html", column("办事指南", "办事服务", [("1.html", "第1篇办事指南", "2018-05-02")]))
    put(
        root,
        "letters/index.html",
        page("咨询投诉", "<h1>咨询投诉</h1><p>请写信给我们，我们会在规定的时间内答复您的来信和咨询。</p>"),
    )
    put(
        root,
        "map/index.html",
        page("网站地图", '<a href="/zc/">政策文件</a><a href="/rs/">人事信息</a><a href="/bs/">办事</a>'),
    )
    put(root, "files/表.docx", "PK")
    search = '<form role="search" action="/search/"><input type="search" name="q"></form>'
    lines = "".join(f'<li><a href="{url}">{title}</a><span>{day}</span></li>' for url, title, day in links)
    put(root, "index.html", page("示例市人民政府", f'{search}<img src="/logo.png" alt=""><ul>{lines}</ul>'))
    put(root, "logo.png", "PNG")
    put(root, "404.html", page("页面不存在", '<h1>页面不存在</h1><a href="/">返回首页</a>'))
    return root


def put(root: Path, name: str, text: str | bytes) -> None:
    path = root / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(text if isinstance(text, bytes) else text.encode())


def change(root: Path, name: str, before: str, after: str) -> None:
    """Plant a fault: replace a piece that must be there."""
    text = (root / name).read_text("utf-8")
    assert before in text, f"{name}: {before}"
    put(root, name, text.replace(before, after))
