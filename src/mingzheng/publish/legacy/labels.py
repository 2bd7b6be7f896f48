"""Label and value pairs of a page: 索 引 号：… in a table of metadata, 来源：… in the line below a title."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime

from lxml.html import HtmlElement

LABELS = {
    "索引号": "index_no", "信息索引号": "index_no",
    "主题分类": "theme", "分类": "theme", "信息分类": "theme",
    "发文机关": "issuer", "发布机构": "issuer", "发文单位": "issuer", "发布机关": "issuer", "制发机关": "issuer",
    "公开主体": "issuer",
    "成文日期": "written_on", "生成日期": "written_on", "制发日期": "written_on",
    "标题": "title", "名称": "title", "信息名称": "title",
    "发文字号": "doc_no", "文号": "doc_no", "文件编号": "doc_no",
    "发布日期": "published_at", "发布时间": "published_at", "公开日期": "published_at", "发表时间": "published_at",
    "时间": "published_at", "日期": "published_at",
    "主题词": "keywords", "关键词": "keywords",
    "来源": "content_source", "信息来源": "content_source", "文章来源": "content_source", "稿件来源": "content_source",
    "实施日期": "effective_on", "施行日期": "effective_on", "生效日期": "effective_on",
    "失效日期": "expires_on", "废止日期": "repealed_on",
}  # fmt: skip

_SPACE = re.compile(r"[\s\u3000\xa0]+")
_INLINE = re.compile(rf"(?<![\u4e00-\u9fff])({'|'.join(sorted(LABELS, key=len, reverse=True))})[：:]\s*")
_MOMENT = re.compile(
    r"((?:19|20)\d{2})\s*[年\-/.]\s*(\d{1,2})\s*[月\-/.]\s*(\d{1,2})(?:\s*日)?(?:[\s ]+(\d{1,2}):(\d{2})(?::\d{2})?)?"
)
_LONGEST = 300
_FRAMES = frozenset(["html", "body", "table", "tbody", "thead", "tr", "ul", "ol", "dl"])


def squeeze(text: str | None) -> str:
    """``text`` with every run of white space as one space."""
    return _SPACE.sub(" ", text or "").strip()


def text_of(element: HtmlElement) -> str:
    return squeeze(str(element.text_content()))


def moment(text: str) -> tuple[datetime, bool] | None:
    """The first date in ``text``, without zone, and whether a time of day stands with it; None when there is none."""
    for match in _MOMENT.finditer(text):
        year, month, day, hour, minute = (int(part) if part else 0 for part in match.groups())
        try:
            return datetime(year, month, day, hour, minute), match[4] is not None
        except ValueError:
            continue
    return None


def labelled(root: HtmlElement) -> dict[str, str]:
    """The first non-empty value of each label on the page."""
    found: dict[str, str] = {}
    for field, value in _pairs(root):
        if value and len(value) <= _LONGEST:
            found.setdefault(field, value)
    return found


def _pairs(root: HtmlElement) -> Iterator[tuple[str, str]]:
    for element in root.iter():
        if not isinstance(element.tag, str) or element.tag in _FRAMES:
            continue
        label = _label(squeeze(element.text)) or (_label(text_of(element)) if len(element) else None)
        if label:
            yield label, _value_beside(element)
            continue
        for text in (element.text, *(child.tail for child in element)):
            yield from _inline(squeeze(text))


def _inline(line: str) -> Iterator[tuple[str, str]]:
    """Labels with their values in one line of text, each value ending where the next label begins."""
    marks = list(_INLINE.finditer(line))
    starts = [*(mark.start() for mark in marks), len(line)]
    for number, mark in enumerate(marks, start=1):
        value = line[mark.end() : starts[number]].strip(" |｜【】[]")
        if value:
            yield LABELS[mark[1]], value


def _label(text: str) -> str | None:
    """The field whose label is all of ``text``, colons and spacing between characters aside."""
    if not text or len(text) > 16:
        return None
    return LABELS.get(_SPACE.sub("", text).strip("：:【】[]").replace("　", ""))


def _value_beside(element: HtmlElement) -> str:
    """What stands after a label: the text behind it, or the next cell, or the cell next to its own."""
    if tail := squeeze(element.tail).lstrip("：:"):
        return tail
    if inner := squeeze("".join(str(child.text_content()) + (child.tail or "") for child in element)):
        text = text_of(element)
        if _label(text) is None:
            return inner
    for _ in range(2):
        beside = element.getnext()
        while beside is not None and not isinstance(beside.tag, str):
            beside = beside.getnext()
        if beside is not None:
            return "" if _label(text_of(beside)) else text_of(beside)
        parent = element.getparent()
        if parent is None or parent.tag in _FRAMES or _label(text_of(parent)) is None:
            return ""
        element = parent
    return ""


def line_above_publication(root: HtmlElement) -> str:
    """The line above 发布时间：…, which is where older pages without any mark-up put the title; empty when there is none."""
    above = ""
    for text in root.itertext():
        line = squeeze(text)
        match = _INLINE.match(line)
        if match and LABELS[match[1]] == "published_at":
            return above
        if 4 <= len(line) <= 100:
            above = line
    return ""
