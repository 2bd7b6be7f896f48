"""Label and value pairs of a page: 索 引 号：… in a table of metadata, 来源：… in the line below a title."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime
from typing import NamedTuple

from lxml import etree
from lxml.html import HtmlElement

# The wording of the 2009 guideline, of the national policy library and of provincial practice since 2015.
LABELS = {
    "索引号": "index_no", "信息索引号": "index_no",
    "主题分类": "theme", "分类": "theme", "信息分类": "theme",
    "发文机关": "issuer", "发文单位": "issuer", "制发机关": "issuer", "发文机构": "issuer",
    "发布机构": "publisher", "发布机关": "publisher", "发布单位": "publisher", "公开主体": "publisher",
    "成文日期": "written_on", "成文时间": "written_on", "生成日期": "written_on", "制发日期": "written_on",
    "标题": "title", "名称": "title", "信息名称": "title",
    "发文字号": "doc_no", "文号": "doc_no", "文件编号": "doc_no",
    "发布日期": "published_at", "发布时间": "published_at", "公开日期": "published_at", "公开时间": "published_at",
    "发表时间": "published_at", "发稿时间": "published_at", "发文日期": "issued_on", "时间": "day", "日期": "day",
    "主题词": "keywords", "关键词": "keywords",
    "来源": "content_source", "信息来源": "content_source", "文章来源": "content_source", "稿件来源": "content_source",
    "实施日期": "effective_on", "施行日期": "effective_on", "生效日期": "effective_on", "生效时间": "effective_on",
    "失效日期": "expires_on", "失效时间": "expires_on", "废止日期": "repealed_on", "废止时间": "repealed_on",
}  # fmt: skip
# Fields that only a record of metadata has; an article's own table may well have a column 名称.
RECORD = frozenset(["index_no", "issuer", "publisher", "doc_no", "written_on", "theme"])

_SPACE = re.compile(r"[\s\u3000\xa0]+")
_NAMES = "|".join(sorted(LABELS, key=len, reverse=True))
_INLINE = re.compile(rf"(?<![\u4e00-\u9fff])({_NAMES})[：:]\s*")
INFO_LINE = re.compile(
    r"[\s【\[（(]*(?:发布时间|发布日期|发表时间|发稿时间|来源|信息来源|文章来源|稿件来源|索引号|作者|浏览次数|点击数|访问量)\s*[：:]"
)
# Lines that belong to the site: sharing, paging, and rows of nothing but buttons.
WIDGET = re.compile(
    r"[\s【\[（(]*(?:(?:扫一扫|分享到|上一[篇条页]|下一[篇条页]|责任编辑|当前位置|您?现?在?的位置|浏览次数|点击数|访问量|我要纠错).*"
    r"|(?:(?:打印|关闭|返回|收藏|加入收藏|字体|字号|大|中|小|分享|纠错|本页|此页|正文|窗口|顶部|首页|上一页|网页|页面|"
    r"相关|链接|稿件|文章|新闻|阅读|附件)[\s|｜:：、/【】\[\]（）()]*)+)"
)
_MOMENT = re.compile(
    r"(?<!\d)((?:19|20)\d{2})\s*[年\-/.]\s*(\d{1,2})\s*[月\-/.]\s*(\d{1,2})(?!\d)(?:\s*日)?(?:[T\s]+(\d{1,2}):(\d{2})(?::\d{2})?)?"
)
_LONGEST = 300
_LONGEST_LABEL = 16
_LONGEST_HEADING = 40
_FRAMES = frozenset(["html", "body", "table", "tbody", "thead", "tr", "ul", "ol", "dl"])
_GROUPS = ("table", "ul", "ol", "dl", "div")


class Pair(NamedTuple):
    """A label's field and its value. ``group`` is the table or list of a label without a colon, else None."""

    field: str
    value: str
    group: HtmlElement | None


def squeeze(text: str | None) -> str:
    """``text`` with every run of white space as one space."""
    return _SPACE.sub(" ", text or "").strip()


def text_of(element: HtmlElement) -> str:
    return squeeze(str(element.text_content()))


def short_text(element: HtmlElement, limit: int) -> str | None:
    """The element's text, or None where it has more than ``limit`` characters; stops reading there."""
    pieces, length = [], 0
    for piece in element.itertext():
        pieces.append(piece)
        length += len(piece.strip())
        if length > limit:
            return None
    text = squeeze("".join(pieces))
    return text if len(text) <= limit else None


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
    """The first non-empty value of each label on the page.

    A label without a colon counts only in a group of three: alone it may be the head of a column of data. A
    title counts only beside a field of a record, which may be empty.
    """
    every = list(_pairs(root))
    pairs = [pair for pair in every if pair.value and len(pair.value) <= _LONGEST]
    groups: dict[HtmlElement, set[str]] = {}
    for pair in pairs:
        if pair.group is not None:
            groups.setdefault(pair.group, set()).add(pair.field)
    found: dict[str, str] = {}
    for pair in pairs:
        if pair.group is None or len(groups[pair.group]) >= 3:
            found.setdefault(pair.field, pair.value)
    if RECORD.isdisjoint(pair.field for pair in every if pair.group is None or pair.field in found):
        found.pop("title", None)
    return found


def _pairs(root: HtmlElement) -> Iterator[Pair]:
    for element in root.iter():
        if element.tag in _FRAMES:
            continue
        told = squeeze(element.text)
        if _label(told) is None and len(element):
            told = short_text(element, _LONGEST_LABEL) or ""
        if label := _label(told):
            group = None if told.endswith(("：", ":")) else next(element.iterancestors(*_GROUPS), root)
            yield Pair(label, value := _value_beside(element), None if value[:1] in "：:" else group)
            continue
        for text in (element.text, *(child.tail for child in element)):
            if text and ("：" in text or ":" in text):
                yield from _inline(squeeze(text))


def _inline(line: str) -> Iterator[Pair]:
    """Labels with their values in one line of text, each value ending where the next label begins."""
    marks = list(_INLINE.finditer(line))
    starts = [*(mark.start() for mark in marks), len(line)]
    for number, mark in enumerate(marks, start=1):
        value = line[mark.end() : starts[number]].strip(" |｜【】[]")
        if value:
            yield Pair(LABELS[mark[1]], value, None)


def _label(text: str) -> str | None:
    """The field whose label is all of ``text``, colons and spacing between characters aside."""
    if not text or len(text) > _LONGEST_LABEL:
        return None
    return LABELS.get(_SPACE.sub("", text).strip("：:【】[]"))


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
        if beside is not None:
            return "" if _label(text_of(beside)) else text_of(beside)
        parent = element.getparent()
        if parent is None or parent.tag in _FRAMES or _label(text_of(parent)) is None:
            return ""
        element = parent
    return ""


def line_above_publication(root: HtmlElement, body: HtmlElement) -> str:
    """The line above 发布时间：…, which is where older pages without any mark-up put the title; empty when there is none.

    A line of the body does not count where the date stands below the body.
    """
    above, above_inside = "", False
    for line, inside in _lines(root, body):
        fields = {LABELS[mark[1]] for mark in _INLINE.finditer(line)}
        if not fields.isdisjoint(("published_at", "day")) or _MOMENT.fullmatch(line):
            return "" if above_inside and not inside else above
        if 4 <= len(line) <= 100 and not (fields or _label(line) or WIDGET.fullmatch(line)):
            above, above_inside = line, inside
    return ""


def date_under_title(root: HtmlElement, body: HtmlElement) -> datetime | None:
    """The only date above the first paragraph that stands alone or behind a mere 时间：, as under many titles."""
    found = set()
    for line, inside in _lines(root, body):
        if inside and len(line) > _LONGEST_HEADING:
            break
        alone = line.strip("[]【】()（） ")
        days = [alone] if _MOMENT.fullmatch(alone) else []
        days += [pair.value for pair in _inline(line) if pair.field == "day"]
        found |= {told[0] for day in days if (told := moment(day))}
    return found.pop() if len(found) == 1 else None


def _lines(root: HtmlElement, body: HtmlElement) -> Iterator[tuple[str, bool]]:
    """Each piece of text that is no link, in the order of the page, and whether it stands in the body."""
    inside, links = False, 0
    for event, element in etree.iterwalk(root, events=("start", "end")):
        step = 1 if event == "start" else -1
        if element is body:
            inside = event == "start"
        if element.tag == "a":
            links += step
        line = squeeze(element.text if event == "start" else element.tail)
        if line and not links:
            yield line, inside
