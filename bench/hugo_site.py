"""The same city as a Hugo site: same items, lists of twenty, and shell, the shell in cached partials."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

CONFIG = """
baseURL = "https://www.example.gov.cn/"
title = "示范市人民政府"
timeZone = "Asia/Shanghai"
disableKinds = ["taxonomy", "term", "RSS", "sitemap", "robotsTXT", "404"]
[pagination]
pagerSize = 20
path = "p"
disableAliases = true
[security]
allowContent = [".*"]
"""
BASE = """<!DOCTYPE html>
<html lang="zh-CN">
<head>
{{ partialCached "head.html" . }}
<title>{{ .Title }}_{{ site.Title }}</title>
{{ with .CurrentSection.Params.column }}<meta name="ColumnName" content="{{ .name }}">
<meta name="ColumnDescription" content="{{ .description }}">
<meta name="ColumnKeywords" content="{{ .keywords }}">
<meta name="ColumnType" content="{{ .type }}">{{ end }}
{{ block "tags" . }}{{ end }}
</head>
<body>
{{ partialCached "header.html" . }}
<nav class="crumbs wrap" aria-label="当前位置"><ol>
{{ range .Ancestors.Reverse }}<li><a href="{{ .RelPermalink }}">{{ .Title }}</a></li>
{{ end }}<li><span aria-current="page">{{ if .IsPage }}正文{{ else }}{{ .Title }}{{ end }}</span></li>
</ol></nav>
<main id="main" class="wrap" tabindex="-1">
{{ block "main" . }}{{ end }}
</main>
{{ partialCached "footer.html" . }}
</body>
</html>
"""
PAGE = """{{ define "tags" }}<meta name="ArticleTitle" content="{{ .Title }}">
<meta name="PubDate" content="{{ .Date.Format "2006-01-02 15:04" }}">
<meta name="ContentSource" content="{{ .Params.source }}">
{{ with .Params.subjects }}<meta name="Keywords" content="{{ . }}">{{ end }}
{{ with .Description }}<meta name="Description" content="{{ . }}">{{ end }}
<meta name="Url" content="{{ .Permalink }}">{{ end }}
{{ define "main" }}<article class="item">
<dl class="record">
<div><dt>索引号</dt><dd class="num">{{ .Params.index_no }}</dd></div>
{{ with .Params.theme }}<div><dt>主题分类</dt><dd>{{ . }}</dd></div>{{ end }}
<div><dt>发布机构</dt><dd>{{ .Params.unit }}</dd></div>
{{ with .Params.doc_no }}<div><dt>文号</dt><dd class="num">{{ . }}</dd></div>{{ end }}
{{ with .Params.written_on }}<div><dt>成文日期</dt><dd class="num">{{ . }}</dd></div>{{ end }}
<div><dt>发布日期</dt><dd class="num">{{ .Date.Format "2006年1月2日" }}</dd></div>
{{ with .Params.subjects }}<div><dt>关键词</dt><dd>{{ . }}</dd></div>{{ end }}
</dl>
<h1>{{ .Title }}</h1>
<div class="byline">
<p><span>来源：{{ .Params.source }}</span> <span>发布时间：<time datetime="{{ .Date.Format "2006-01-02 15:04" }}">{{ .Date.Format "2006-01-02 15:04" }}</time></span> <span class="views" data-views-id="{{ .Params.id }}" hidden></span></p>
<div class="tools">{{ partialCached "tools.html" . }}
<details class="qr"><summary>扫一扫</summary><div class="qr-box"><img loading="lazy" src="/-/qr?path={{ .RelPermalink | urlquery }}" alt="本页二维码" width="160" height="160"><p>扫描二维码，在手机上查看本页</p></div></details></div>
</div>
<div class="body indent" data-body>{{ .Content }}</div>
<p class="print-only">本页网址：{{ .Permalink }}</p>
</article>{{ end }}
"""
SECTION = """{{ define "main" }}{{ $top := index .Ancestors.Reverse 3 | default . }}{{ $unit := .Params.unit }}
<div class="page-head"><p class="page-kicker">{{ $unit }}</p><h1>{{ .Title }}</h1></div>
<div class="with-side">
<nav class="side side-nav" aria-label="栏目">{{ partialCached "side.html" . $top.RelPermalink }}</nav>
<div class="content">
{{ with .Params.column }}<details class="standard"><summary>本栏目公开标准</summary><dl><div><dt>公开内容要求</dt><dd>{{ .description }}</dd></div></dl></details>{{ end }}
{{ with .Params.below }}<nav class="below" aria-label="下级栏目"><ul>{{ range . }}<li><a href="{{ .url }}">{{ .name }}</a></li>{{ end }}</ul></nav>{{ end }}
{{ $pages := .Paginate .RegularPagesRecursive.ByDate.Reverse }}
<table class="item-table" role="table"><caption class="vh">{{ .Title }}信息列表</caption>
<thead role="rowgroup"><tr role="row"><th role="columnheader" scope="col" class="c-no">索引号</th><th role="columnheader" scope="col" class="c-title">名称</th><th role="columnheader" scope="col" class="c-date">发布日期</th></tr></thead>
<tbody role="rowgroup">
{{ range $pages.Pages }}<tr role="row"><td role="cell" class="c-no">{{ .Params.index_no }}</td><td role="cell" class="c-title"><a href="{{ .RelPermalink }}">{{ .Title }}</a></td><td role="cell" class="c-date"><time datetime="{{ .Date.Format "2006-01-02" }}">{{ .Date.Format "2006-01-02" }}</time></td></tr>
{{ end }}</tbody></table>
<nav class="pager" aria-label="分页"><ul>{{ with $pages.Prev }}<li><a href="{{ .URL }}" rel="prev">上一页</a></li>{{ end }}{{ range first 4 $pages.Pagers }}<li><a href="{{ .URL }}">{{ .PageNumber }}</a></li>{{ end }}{{ with $pages.Next }}<li><a href="{{ .URL }}" rel="next">下一页</a></li>{{ end }}</ul></nav>
</div></div>{{ end }}
"""
SIDE = """{{ $here := . }}{{ $unit := index .Ancestors.Reverse 2 }}<ul class="side-tree">
{{ range $unit.Sections }}<li><a href="{{ .RelPermalink }}">{{ .Title }}</a>
{{ if or (eq . $here) ($here.IsDescendant .) }}<ul>{{ range .Sections }}<li><a href="{{ .RelPermalink }}">{{ .Title }}</a></li>{{ end }}</ul>{{ end }}</li>
{{ end }}</ul>
"""
UNIT = """{{ define "main" }}<div class="page-head"><h1>{{ .Title }}</h1></div>
<ul class="entries">
{{ range first 10 .RegularPagesRecursive.ByDate.Reverse }}<li><a class="entry-title" href="{{ .RelPermalink }}">{{ .Title }}</a></li>
{{ end }}</ul>{{ end }}
"""
PLAIN = '{{ define "main" }}<h1>{{ .Title }}</h1>{{ end }}\n'
TOOLS = """<span class="tool-size" role="group" aria-label="正文字号" hidden>字号：<button type="button" data-size="l">大</button><button type="button" data-size="m">中</button><button type="button" data-size="s">小</button></span>
<button type="button" class="tool-print" data-print hidden>打印</button>
"""


def write_site(folder: Path) -> None:
    """Write configuration, templates and content for every public item of the installation's city."""
    from django.utils import timezone

    from mingzheng.portal.families.facts import CityFacts
    from mingzheng.portal.families.pages import pages_of_site

    city = CityFacts(timezone.localdate())
    _write(folder / "hugo.toml", CONFIG)
    shell = next(page.content.decode() for page in pages_of_site(city) if page.path == "/404.html")
    layouts = {
        "baseof.html": BASE, "page.html": PAGE, "section.html": SECTION, "home.html": PLAIN, "unit.html": UNIT,
        "_partials/head.html": _between(shell, "<head>\n", "<title>"),
        "_partials/header.html": _between(shell, "<body>\n", "<main"),
        "_partials/footer.html": _between(shell, "</main>\n", "</body>"),
        "_partials/tools.html": TOOLS, "_partials/side.html": SIDE,
    }  # fmt: skip
    for name, text in layouts.items():
        _write(folder / "layouts" / name, text)
    _content(folder / "content" / "units" / "_index.html", {"title": "单位名录", "layout": "home"})
    for unit_id in city.units:
        _write_unit(folder / "content" / "units", city.unit_facts(unit_id))


def _write_unit(folder: Path, facts: Any) -> None:
    """A unit is a section; its columns are sections below each other, as in the catalogue."""
    from django.db.models import Q

    from mingzheng.portal.addresses import item_path
    from mingzheng.portal.families.items import rows_of

    unit = facts.unit.name
    home = folder / facts.unit.code
    _content(home / "_index.html", {"title": unit, "layout": "unit"})
    for column_id in facts.counts:
        place = facts.place(column_id)
        # Hugo's own .Sections costs it 5 ms a page; given like this, its lists are several times as fast.
        below = [facts.place(pk) for pk in facts.city.children_of(column_id) if pk in facts.counts]
        links = [{"name": each.name, "url": each.path} for each in below]
        front = {"title": place.name, "unit": unit, "column": place.tags, "below": links}
        _content(_folder_of(home, facts, column_id) / "_index.html", front)
    for row in rows_of(Q(unit=facts.unit)):
        front = {
            "title": row.title, "date": row.first_published_at.isoformat(), "id": row.id, "unit": unit,
            "url": item_path(row.id, row.first_published_at), "source": row.content_source,
            "index_no": row.index_no, "doc_no": row.doc_no, "theme": facts.city.themes.get(row.theme, ""),
            "subjects": row.keywords, "description": row.abstract, "written_on": str(row.written_on or ""),
        }  # fmt: skip
        _content(_folder_of(home, facts, row.column_id) / f"{row.id}.html", front, row.body)


def _folder_of(home: Path, facts: Any, column_id: int) -> Path:
    slugs = [facts.place(pk).column.slug for pk in reversed(facts.city.chain(column_id))]
    return home.joinpath(*slugs)


def _content(path: Path, front: dict[str, Any], body: str = "") -> None:
    _write(path, json.dumps(front, ensure_ascii=False) + "\n\n" + body)


def _between(text: str, start: str, end: str) -> str:
    found = re.search(f"{re.escape(start)}(.*?){re.escape(end)}", text, re.DOTALL)
    assert found is not None
    return found[1]


def _write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, "utf-8")
