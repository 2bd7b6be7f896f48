"""What the text of a page says: its pieces, the rows of its lists, the elements of a service guide, missing annexes."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import lru_cache
from typing import Any, Final

from mingzheng.measure.sitecheck.footers import footer_start

EMPTY: Final = re.compile(
    r"暂无(?:相关)?(?:信息|内容|数据|文章|文件|记录|资料)|没有(?:找到)?(?:相关|任何)?(?:信息|内容|数据|记录|文章)"
    r"|(?:栏目|内容|页面)(?:正在)?(?:建设|更新|完善)中|正在建设|敬请期待"
)
_ANNEX: Final = re.compile(
    r"附件\s*[\d一二三四五六七八九十]{0,2}\s*[：:]\s*([^\n]{2,40})|((?:附件|表格|样表)下载|下载(?:附件|表格|样表))"
)
_ANNEX_HERE: Final = re.compile(r"^\s*附\s*件\s*[\d一二三四五六七八九十]{0,2}\s*$", re.MULTILINE)
_FOOT_WORDS: Final = re.compile(r"备案|ICP|版权|主办|承办|标识码|邮编|浏览器|分辨率|维护")
_GUIDE: Final = re.compile(r"(?:办事|服务|办理|申办|申领|申请)(?:服务)?指南")
_TAG: Final = re.compile(r"<[^>]{0,2000}>")
_ROWS: Final = frozenset(["li", "tr", "dd", "dl"])
_BLOCKS: Final = frozenset(["a", "p", "div", "section", "article"])
_HALF: Final = 4  # labels of a guide's eight elements
_PROSE: Final = 15  # characters from which a piece of text is a sentence rather than a label
_SHORT: Final = 20  # characters; a longer piece is no note that something is empty


def row_of(element: Any) -> Any:
    """The row of a list that the element stands in: the nearest one with a link, at most four steps up."""
    fallback = None
    for _ in range(4):
        if element is None:
            break
        tag = element.tag
        if tag in _ROWS:
            return element if element.find(".//a") is not None else fallback
        if fallback is None and (tag == "a" or (tag in _BLOCKS and element.find(".//a") is not None)):
            fallback = element
        element = element.getparent()
    return fallback


def pieces(root: Any, links: bool = True) -> Iterator[str]:
    """The pieces of text that a reader sees, without those of links when they are not wanted."""
    body = root.find("body")
    for element in (body if body is not None else root).iter():
        tag = element.tag
        if tag not in ("script", "style", "noscript", "template") and (links or tag != "a") and element.text:
            inside_link = not links and any(True for _ in element.iterancestors("a"))
            if not inside_link and (text := element.text.strip()):
                yield text
        if element.tail and (text := element.tail.strip()):
            yield text


def says_empty(root: Any, page: str) -> bool:
    """Whether a short piece of the page says that there is nothing."""
    return bool(EMPTY.search(page)) and any(
        len(piece) <= _SHORT and EMPTY.search(piece) for piece in pieces(root)
    )


def prose(root: Any) -> int:
    """The characters of running text outside links and foot."""
    return sum(
        len(piece)
        for piece in pieces(root, links=False)
        if len(piece) >= _PROSE and not _FOOT_WORDS.search(piece)
    )


def missing_annex(root: Any, page: str) -> str:
    """The annex or form that the page mentions without having it on the page; empty when there is none."""
    if "附件" not in page and "下载" not in page:
        return ""
    text = "\n".join(pieces(root))
    mention = _ANNEX.search(text)
    if mention is None or _ANNEX_HERE.search(text):
        return ""
    return (mention[1] or mention[2]).strip()[:40]


def guide_gaps(
    page: str, title: str, column: str, elements: Mapping[str, tuple[str, ...]]
) -> tuple[str, ...] | None:
    """What a service guide lacks, None for another page.

    A page is a guide when its title or its column says so, or when it has half of the labels.
    """
    called = bool(_GUIDE.search(title)) or bool(_GUIDE.fullmatch(column))
    text = page[max(0, page.find("<h1"), page.find("<body")) : footer_start(page)]
    if not called and sum(1 for words in elements.values() if any(word in text for word in words)) < _HALF:
        return None
    plain = _TAG.sub("\n", text)
    labels = {name for name, label in _labels(tuple(elements.items())) if label.search(plain)}
    if not called and len(labels) < _HALF:
        return None
    here = {name for name, words in elements.items() if any(word in plain for word in words)}
    here.add(next(iter(elements)))  # its heading names the matter
    return tuple(name for name in elements if name not in here)


@lru_cache(maxsize=4)
def _labels(elements: tuple[tuple[str, tuple[str, ...]], ...]) -> tuple[tuple[str, re.Pattern[str]], ...]:
    """Each element with what shows it as a label: at the start of a line, alone or before a colon."""
    start = r"(?m)^[ \t\u3000]*(?:[（(]?[\d一二三四五六七八九十]{1,2}[）)、.．]\s*)?"
    return tuple(
        (name, re.compile(rf"{start}(?:{'|'.join(map(re.escape, words))})\s*(?:[：:]|$)"))
        for name, words in elements
    )
