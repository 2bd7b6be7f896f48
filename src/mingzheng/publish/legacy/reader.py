"""Reads a saved page of an older government site: its metadata, clean body and attachments."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import date, datetime
from html import escape
from itertools import islice
from pathlib import Path
from urllib.parse import urljoin, urlsplit

from lxml import etree, html
from lxml.html import HtmlElement

from mingzheng.law.doc_numbers import parse_doc_numbers
from mingzheng.law.errors import Refusal
from mingzheng.publish.body.services import clean_html
from mingzheng.publish.legacy.body import entries, find_body, is_file, tidy, weigh, without_active_parts
from mingzheng.publish.legacy.decode import decode_page
from mingzheng.publish.legacy.labels import RECORD, date_under_title, labelled, moment, squeeze, text_of
from mingzheng.publish.legacy.title import find_title

FEWEST_LETTERS = 15
FEWEST_ENTRIES = 3  # that make a list of a page
LONGEST_ADDRESS = 500  # characters of an attachment's address; longer ones are no files but sessions
OWN_SITE = ("本网", "本站", "本网站")  # what a site calls itself, which is wrong on any other
_SAVED_FROM = re.compile(r"<!--\s*saved from url=\(\d+\)(\S+)")
_BLANKS = re.compile(r"[ \t\r\n]{2,}")
_HEAD_OF_BODY = 4  # lines of the body in which a document's own number stands


@dataclass(slots=True)
class Page:
    """What a page says of its article. ``doubts`` are the things that were guessed, in Chinese."""

    name: str
    title: str
    body: str
    address: str = ""
    index_no: str = ""
    theme: str = ""
    issuer: str = ""
    doc_no: str = ""
    keywords: str = ""
    content_source: str = ""
    written_on: date | None = None
    published_at: datetime | None = None
    effective_on: date | None = None
    expires_on: date | None = None
    repealed_on: date | None = None
    attachments: list[tuple[str, str]] = field(default_factory=list)
    doubts: list[str] = field(default_factory=list)


def read_page(path: Path, base: str = "") -> Page:
    """Read the page in the file. Raises Refusal when it cannot be read, or holds no article."""
    try:
        content = path.read_bytes()
    except OSError as error:
        raise Refusal(f"无法读取文件“{path.name}”。") from error
    return read_content(content, path.name, base)


def read_content(content: bytes, name: str, base: str = "") -> Page:
    """Read a page from its bytes; ``base`` is the address that relative links start from if the page names none."""
    text = decode_page(content, name)
    try:
        # Old pages leave hundreds of elements unclosed, one inside the other; the usual parser would lose their text.
        parser = html.HTMLParser(huge_tree=True)
        root = html.document_fromstring(re.sub(r"^\s*<\?xml[^>]*\?>", "", text), parser=parser)
    except (etree.ParserError, ValueError) as error:
        raise Refusal(f"文件“{name}”中没有网页内容。") from error
    meta = _meta(root)
    window = squeeze(root.findtext(".//title"))
    address = _address(root, meta, text)
    own_base = root.find(".//base[@href]")
    without_active_parts(root)
    values = labelled(root)
    listing = (
        "articletitle" not in meta
        and RECORD.isdisjoint(values)
        and sum(1 for _ in entries(root)) >= FEWEST_ENTRIES
    )
    body = find_body(root)
    title = (
        meta.get("articletitle")
        or values.get("title")
        or find_title(root, body, window, meta.get("og:title", ""))
    )
    page = Page(name, title, "", address=address)
    _take(page, meta, values)
    if page.published_at is None and (found := date_under_title(root, body)):
        page.published_at = found
        page.doubts.append(f"发布日期{found:%Y-%m-%d}取自标题下方，页面没有写明是发布日期")
    in_doubt = listing and (page.published_at is None or not title)
    if in_doubt or _is_empty(body) or (listing and _is_filled_by_entries(body)):
        raise Refusal(f"“{name}”不是一篇文章，没有可导入的正文。")
    if not title and page.published_at is None:
        raise Refusal(f"“{name}”没有标题和发布日期，不是一篇文章。")
    if not title:
        raise Refusal(f"“{name}”缺少标题；每条信息须有名称。")
    tidy(body, title)
    if not page.doc_no:
        _take_doc_no_of_body(page, body)
    start = page.address or base
    if own_base is not None:
        start = urljoin(start, own_base.get("href") or "")
    page.attachments = _attachments(root, start)
    _take_body(page, body, start)
    return page


def _meta(root: HtmlElement) -> dict[str, str]:
    """The page's tags (国办发〔2017〕47号附件) by lower-case name, the first non-empty of each."""
    found: dict[str, str] = {}
    for element in root.iter("meta"):
        name = (element.get("name") or element.get("property") or "").lower()
        if name and (content := squeeze(element.get("content"))):
            found.setdefault(name, content)
    return found


def _address(root: HtmlElement, meta: dict[str, str], text: str) -> str:
    """The page's own address, if it tells one: by its tags, or as browsers note it in what they save."""
    canonical = [link.get("href") or "" for link in root.iter("link") if link.get("rel") == "canonical"]
    saved = _SAVED_FROM.search(text[:2000])
    candidates = (meta.get("url", ""), *canonical, meta.get("og:url", ""), saved[1] if saved else "")
    return next((each for each in candidates if _is_address(each)), "")


def _is_address(text: str) -> bool:
    try:
        parts = urlsplit(text)
    except ValueError:
        return False
    return parts.scheme in ("http", "https") and bool(parts.netloc) and parts.path not in ("", "/")


def _is_empty(body: HtmlElement) -> bool:
    """Whether the place holds neither text nor a picture nor a file, or mostly links to other pages."""
    own = weigh(body)[body]
    links = [link for link in body.iter("a") if not is_file(link)]
    if own < FEWEST_LETTERS:
        return body.find(".//img") is None and len(links) == len(list(body.iter("a")))
    return sum(len(text_of(link)) for link in links) > 1.5 * own


def _is_filled_by_entries(body: HtmlElement) -> bool:
    return sum(map(len, entries(body))) > len(text_of(body)) / 2


def _take(page: Page, meta: dict[str, str], values: dict[str, str]) -> None:
    page.index_no = values.get("index_no", "").replace(" ", "")
    page.theme = values.get("theme", "")
    page.issuer = values.get("issuer") or values.get("publisher", "")
    page.keywords = values.get("keywords", "")
    page.content_source = meta.get("contentsource") or values.get("content_source", "")
    if page.content_source in OWN_SITE:
        page.content_source = meta.get("sitename", "")
    _take_doc_no(page, values.get("doc_no", ""))
    for name in ("written_on", "effective_on", "expires_on", "repealed_on"):
        if told := moment(values.get(name, "")):
            setattr(page, name, told[0].date())
    published = values.get("published_at", "") or values.get("issued_on", "")
    _take_publication(page, meta.get("pubdate", ""), published)


def _take_doc_no(page: Page, text: str) -> None:
    """The canonical spelling; a repaired number is told, one that cannot be read is left out and told."""
    numbers = parse_doc_numbers(text)
    page.doc_no = "、".join(number.normal for number in numbers if number.status != "unparsed")
    if any(number.status == "unparsed" for number in numbers):
        page.doubts.append(f"文号“{text}”无法识别，没有登记")
    elif any(number.status == "repaired" for number in numbers):
        page.doubts.append(f"文号“{text}”有缺损，按“{page.doc_no}”登记，请核对")


def _take_doc_no_of_body(page: Page, body: HtmlElement) -> None:
    """Where no record tells it, a document's number stands alone in the first lines (GB/T 9704-2012)."""
    lines = (line for text in body.itertext() if (line := squeeze(text)))
    for line in islice(lines, _HEAD_OF_BODY):
        numbers = parse_doc_numbers(line) if line.endswith("号") and len(line) <= 30 else []
        if len(numbers) == 1 and numbers[0].status in ("exact", "normalised"):
            page.doc_no = numbers[0].normal
            page.doubts.append(f"文号“{page.doc_no}”取自正文开头，页面没有标明")
            return


def _take_publication(page: Page, tag: str, line: str) -> None:
    """The tag counts; where it has no time of day, that of the same day in the line below the title is added."""
    told = [found for found in (moment(tag), moment(line)) if found]
    if told:
        first, exact = told[0]
        for other, other_exact in told[1:]:
            if not exact and other_exact and other.date() == first.date():
                first = other
        page.published_at = first


def _take_body(page: Page, body: HtmlElement, base: str) -> None:
    lost = 0
    for element, attribute, link, _ in list(body.iterlinks()):
        if element.tag not in ("a", "img") or attribute not in ("href", "src"):
            continue
        target = _absolute(link, base)
        if target is not None:
            element.set(attribute, target)
            continue
        lost += 1
        element.drop_tag() if element.tag == "a" else element.drop_tree()
    if lost:
        page.doubts.append(f"有{lost}处链接或图片的地址不完整，已去除")
    inner = escape(body.text or "") + "".join(html.tostring(child, encoding="unicode") for child in body)
    page.body = clean_html(_BLANKS.sub(" ", inner)).strip()


def _attachments(root: HtmlElement, base: str) -> list[tuple[str, str]]:
    """The files that the page offers, in the body or in a list of attachments beside it, each once."""
    found: dict[str, str] = {}
    for link in root.iter("a"):
        target = _absolute(link.get("href") or "", base) if is_file(link) else None
        if target and len(target) <= LONGEST_ADDRESS:
            found.setdefault(target, text_of(link) or Path(urlsplit(target).path).name)
    return [(name, target) for target, name in found.items()]


def _absolute(link: str, base: str) -> str | None:
    link = link.strip()
    if link.startswith(("mailto:", "tel:")):
        return link
    try:
        target = urljoin(base, link) if base else link
        return target if urlsplit(target).scheme in ("http", "https") and urlsplit(target).netloc else None
    except ValueError:
        return None
