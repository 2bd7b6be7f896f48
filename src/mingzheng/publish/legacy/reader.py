"""Reads a saved page of an older government site: its metadata, clean body and attachments."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from urllib.parse import urljoin, urlsplit

from lxml import etree, html
from lxml.html import HtmlElement

from mingzheng.law.doc_numbers import parse_doc_numbers
from mingzheng.law.errors import Refusal
from mingzheng.publish.legacy.body import find_body, letters, tidy, without_active_parts
from mingzheng.publish.legacy.decode import decode_page
from mingzheng.publish.legacy.labels import labelled, line_above_publication, moment, squeeze, text_of
from mingzheng.publish.legacy.sanitise import clean_html

FILES = re.compile(r"\.(pdf|docx?|xlsx?|pptx?|wps|et|ofd|zip|rar|7z|txt|csv)$", re.IGNORECASE)
_SITE_SUFFIX = re.compile(r"\s*[-_|—－]+\s*[^-_|—－]*(政府|网站|门户|网|平台|局|委员会)[^-_|—－]*$")
FEWEST_LETTERS = 15


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
        root = html.document_fromstring(re.sub(r"^\s*<\?xml[^>]*\?>", "", text))
    except (etree.ParserError, ValueError) as error:
        raise Refusal(f"文件“{name}”中没有网页内容。") from error
    meta = _meta(root)
    title_tag = squeeze(root.findtext(".//title"))
    address = meta.get("url") or _canonical(root)
    without_active_parts(root)
    values = labelled(root)
    title = meta.get("articletitle") or values.get("title") or _headline(root, title_tag)
    if not title:
        raise Refusal(f"“{name}”缺少标题；每条信息须有名称。")
    container = find_body(root)
    if container is None or letters(container) < FEWEST_LETTERS or _mostly_links(container):
        raise Refusal(f"“{name}”不是一篇文章，没有可导入的正文。")
    page = Page(name, title, "", address=address if _is_address(address) else "")
    _take(page, meta, values)
    tidy(container)
    _take_body(page, container, page.address or base)
    return page


def _meta(root: HtmlElement) -> dict[str, str]:
    """The page's tags (国办发〔2017〕47号附件) by lower-case name, the first non-empty of each."""
    found: dict[str, str] = {}
    for element in root.iter("meta"):
        name, content = (element.get("name") or "").lower(), squeeze(element.get("content"))
        if name and content:
            found.setdefault(name, content)
    return found


def _canonical(root: HtmlElement) -> str:
    for link in root.iter("link"):
        if (link.get("rel") or "").lower() == "canonical":
            return link.get("href") or ""
    return ""


def _is_address(text: str) -> bool:
    try:
        parts = urlsplit(text)
    except ValueError:
        return False
    return parts.scheme in ("http", "https") and bool(parts.netloc) and parts.path not in ("", "/")


def _headline(root: HtmlElement, title_tag: str) -> str:
    """The heading that repeats in the title of the window, else that title without the site's name."""
    for name in ("h1", "h2", "h3"):
        for heading in root.iter(name):
            text = text_of(heading)
            if len(text) > 4 and text in title_tag:
                return text
    lone = [text_of(heading) for heading in root.iter("h1")]
    if len(lone) == 1 and len(lone[0]) > 4:
        return lone[0]
    named = [text_of(element) for element in root.iter() if _named_title(element)]
    if len(named) == 1 and 4 < len(named[0]) <= 200:
        return named[0]
    without_site = _SITE_SUFFIX.sub("", title_tag)
    if without_site != title_tag and len(without_site) > 4:
        return without_site
    return line_above_publication(root) or title_tag


def _named_title(element: HtmlElement) -> bool:
    names = f"{element.get('id') or ''} {element.get('class') or ''}".lower()
    return isinstance(element.tag, str) and bool(
        re.search(r"(article|news|content|detail|text)[-_]?(title|tit|bt)\b", names)
    )


def _mostly_links(container: HtmlElement) -> bool:
    """Whether the place is a list of links rather than an article."""
    links = sum(
        len(text_of(link)) for link in container.iter("a") if not FILES.search(link.get("href") or "")
    )
    return links > 1.5 * letters(container)


def _take(page: Page, meta: dict[str, str], values: dict[str, str]) -> None:
    page.index_no = values.get("index_no", "").replace(" ", "")
    page.theme = values.get("theme", "")
    page.issuer = values.get("issuer", "") or meta.get("author", "")
    page.keywords = values.get("keywords", "")
    page.content_source = meta.get("contentsource") or values.get("content_source", "")
    _take_doc_no(page, values.get("doc_no", ""))
    for name in ("written_on", "effective_on", "expires_on", "repealed_on"):
        if told := moment(values.get(name, "")):
            setattr(page, name, told[0].date())
    _take_publication(page, meta.get("pubdate", ""), values.get("published_at", ""))


def _take_doc_no(page: Page, text: str) -> None:
    """The canonical spelling; a repaired number is told, one that cannot be read is left out and told."""
    numbers = parse_doc_numbers(text)
    page.doc_no = "、".join(number.normal for number in numbers if number.status != "unparsed")
    if any(number.status == "unparsed" for number in numbers):
        page.doubts.append(f"文号“{text}”无法识别，没有登记")
    elif any(number.status == "repaired" for number in numbers):
        page.doubts.append(f"文号“{text}”有缺损，按“{page.doc_no}”登记，请核对")


def _take_publication(page: Page, tag: str, line: str) -> None:
    """The tag counts; where it has no time of day, that of the same day in the line below the title is added."""
    told = [found for found in (moment(tag), moment(line)) if found]
    if told:
        first, exact = told[0]
        for other, other_exact in told[1:]:
            if not exact and other_exact and other.date() == first.date():
                first = other
        page.published_at = first


def _take_body(page: Page, container: HtmlElement, base: str) -> None:
    lost = 0
    for element, attribute, link, _ in list(container.iterlinks()):
        if element.tag not in ("a", "img") or attribute not in ("href", "src"):
            continue
        target = _absolute(link, base)
        if target is None:
            lost += 1
            element.drop_tag() if element.tag == "a" else element.drop_tree()
            continue
        element.set(attribute, target)
        if element.tag == "a" and FILES.search(urlsplit(target).path):
            name = text_of(element) or Path(urlsplit(target).path).name
            if (name, target) not in page.attachments:
                page.attachments.append((name, target))
    if lost:
        page.doubts.append(f"有{lost}处链接或图片的地址不完整，已去除")
    inner = (container.text or "") + "".join(html.tostring(child, encoding="unicode") for child in container)
    page.body = clean_html(inner).strip()


def _absolute(link: str, base: str) -> str | None:
    link = link.strip()
    if link.startswith(("mailto:", "tel:")):
        return link
    try:
        target = urljoin(base, link) if base else link
        return target if urlsplit(target).scheme in ("http", "https") and urlsplit(target).netloc else None
    except ValueError:
        return None
