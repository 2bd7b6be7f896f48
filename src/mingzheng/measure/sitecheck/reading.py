"""Reads one page of HTML once, from its first element to its last, into what the checks need to know of it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from sys import intern
from typing import Any, Final
from urllib.parse import urlsplit

from lxml import etree

from mingzheng.law.errors import Refusal
from mingzheng.measure.sitecheck.contents import guide_gaps, missing_annex, pieces, prose, row_of, says_empty
from mingzheng.measure.sitecheck.dates import LONGEST, date_alone, dates_in, month_and_day
from mingzheng.measure.sitecheck.footers import ALL_FIELDS, read_footer
from mingzheng.measure.sitecheck.links import FILE, Address, Hosts, bare_host, host_within, read_address
from mingzheng.measure.sitecheck.model import Found, Link, Page, PageKind, Problem, TargetKind
from mingzheng.measure.sitecheck.tags import COLUMN, CONTENT, Shown, Tags
from mingzheng.publish.legacy.decode import decode_page

LARGEST_PAGE: Final = 5_000_000  # bytes; what is longer is not read
MOST_LINKS: Final = 5000  # of one page
_GONE: Final = re.compile(
    r"\W*(?:404|(?:您|你)?(?:访问|请求|查看)?的?(?:页面|网页|信息|文章|内容)(?:不存在|未找到|找不到|已(?:被)?(?:撤回|撤下|删除|移除|下线))"
    r"|该信息已撤回|(?:page )?not found)",
    re.IGNORECASE,
)
_LABELLED_DATE: Final = re.compile(
    r"发(?:布|表|稿)(?:时间|日期)(?:<[^>]{0,300}>|[^<\d]){0,30}?((?:19|20)\d{2}[-/.年]\d{1,2}[-/.月]\d{1,2})"
)
_BYLINE: Final = re.compile(
    r"发(?:布|表|稿)(?:时间|日期)\s*[：:](?:<[^>]{0,300}>|\s|&nbsp;){0,12}(?:19|20)\d{2}[-/.年]\d"
)
_LOADS_FILE: Final = re.compile(r"download|attach|fileid|/files/", re.IGNORECASE)
_ONLINE: Final = re.compile(r"(?:在线|网上)(?:办理|申报|申请|预约|登记|审批)|我要办")
_SEARCH_NAMES: Final = frozenset(
    ["q", "wd", "qt", "keyword", "keywords", "searchword", "searchkey", "query", "kw", "word"]
)
_SEARCH_WORDS: Final = re.compile(r"搜索|检索|搜一搜|关键[字词]|search", re.IGNORECASE)
_SCRIPTED: Final = re.compile(
    r"ajax|XMLHttpRequest|fetch\(|getJSON|axios|new Vue|createApp|\.load\(", re.IGNORECASE
)
_CHINESE: Final = re.compile(r"[\u4e00-\u9fff]")
_HOMES: Final = frozenset(
    ["/", "/index.html", "/index.htm", "/index.shtml", "/index.jsp", "/index.php", "/default.html"]
)
_OUTSIDE: Final = {"script": "src", "img": "src", "iframe": "src", "frame": "src", "embed": "src", "source": "src",
                   "video": "src", "audio": "src"}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Wanted:
    """What does not differ between pages: the day of the check, the site's hosts, the words of the scheme."""

    on: date
    hosts: Hosts
    guide_elements: dict[str, tuple[str, ...]]
    own_hosts: tuple[str, ...]


class PageReader:
    """Reads pages of one site. Not for several threads at once."""

    def __init__(self, wanted: Wanted) -> None:
        self._wanted = wanted
        self._addresses: dict[str, Address | None] = {}

    def read(self, content: bytes, path: str) -> Found:
        """What the page at ``path`` tells. Raises Refusal when it is no page of text."""
        try:
            if b"\0" in content:
                raise ValueError
            text = content.decode("utf-8")
        except ValueError:  # no UTF-8, or no text at all
            text = decode_page(content, path)
            content = text.encode("utf-8", "replace")
        try:
            root = etree.fromstring(
                content, etree.HTMLParser(encoding="utf-8", remove_comments=True, remove_pis=True)
            )
        except (etree.XMLSyntaxError, ValueError):
            root = None
        if root is None:
            raise Refusal(f"页面“{path}”没有内容。")
        return _Reading(self._wanted, self._address, text, path).of(root)

    def _address(self, raw: str, page: str) -> Address | None:
        """Links of the frame around pages come again on every page."""
        key = raw if raw.startswith(("/", "http")) else f"{page.rpartition('/')[0]} {raw}"
        try:
            return self._addresses[key]
        except KeyError:
            if len(self._addresses) > 200_000:
                self._addresses.clear()
            found = self._addresses[key] = read_address(raw, page, self._wanted.hosts)
            return found


class _Reading:
    """The reading of one page."""

    def __init__(self, wanted: Wanted, address: Any, text: str, path: str) -> None:
        self.wanted, self.address, self.text, self.path = wanted, address, text, path
        self.tags = Tags()
        self.problems: list[Problem] = []
        self.place = path  # from which relative links start
        self.links: dict[tuple[str, str], Link] = {}
        self.followed: set[str] = set()
        self.column = self.column_link = ""
        self.headings: list[str] = []
        self.title = self.lang = ""
        self.viewport = self.search = self.loads_file = self.by_script = False
        self.rows: dict[Any, list[date]] = {}
        self.entries: list[tuple[date, str, str]] = []  # day, raw address, text

    def of(self, root: Any) -> Found:
        self.lang = (root.get("lang") or root.get("xml:lang") or "").strip() if root.tag == "html" else ""
        is_home = self.path in _HOMES
        for element in root.iter():
            tag = element.tag
            if handle := _HANDLERS.get(tag):
                handle(self, element)
            if (text := element.text) and 5 <= len(text) <= LONGEST and tag != "script":
                self._date(element, text, is_home)
            if (text := element.tail) and 5 <= len(text) <= LONGEST:
                self._date(element.getparent(), text, is_home)
        self._read_rows()
        footer = read_footer(self.text)
        kind = self._kind(is_home)
        shown_dates = self._shown_dates(root) if kind == "article" else []
        self.problems += self.tags.problems(Shown(self.headings, shown_dates, footer.id_code, kind))
        if kind != "gone":
            self._common_problems(footer.missing)
        return Found(self._page(root, kind, shown_dates), self.problems, list(self.links.values()))

    # one element each

    def link(self, element: Any) -> None:
        raw = element.get("href")
        if not raw or raw in self.followed:
            return
        self.followed.add(raw)
        text = element.text if not len(element) else "".join(element.itertext())
        text = " ".join((text or "").split())
        if text and text == self.column:
            self.column_link = raw
        online = ("在线" in text or "网上" in text or "我要办" in text) and _ONLINE.search(text)
        self._add("online" if online else "link", raw, text)
        if not self.loads_file and (_LOADS_FILE.search(raw) or ("." in text and FILE.search(text))):
            self.loads_file = True

    def base(self, element: Any) -> None:
        """Relative links start elsewhere."""
        address = self.address(element.get("href") or "", self.path)
        if address and address.inside:
            self.place = address.inside

    def _add(self, kind: TargetKind, raw: str, text: str) -> None:
        if (kind, raw) in self.links or len(self.links) >= MOST_LINKS:
            return
        address = self.address(raw, self.place)
        if address is None:
            return
        if kind == "link" and FILE.search((address.inside or address.outside).partition("?")[0]):
            kind = "file"
            self.loads_file = True
        self.links[kind, raw] = Link(kind, address, text[:100])

    def meta(self, element: Any) -> None:
        name = element.get("name")
        if name:
            self.tags.add(name, element.get("content") or "")
            self.viewport = self.viewport or name.lower() == "viewport"
            self.column = self.column or self.tags["ColumnName"]

    def heading(self, element: Any) -> None:
        self.headings.append("".join(element.itertext()))

    def title_of(self, element: Any) -> None:
        self.title = self.title or (element.text or "").strip()

    def field(self, element: Any) -> None:
        kind = (element.get("type") or "text").lower()
        told = f"{element.get('placeholder') or ''}{element.get('value') or ''}{element.get('title') or ''}"
        named = (element.get("name") or element.get("id") or "").lower() in _SEARCH_NAMES
        self.search = (
            self.search
            or kind == "search"
            or (kind == "text" and (named or bool(_SEARCH_WORDS.search(told))))
        )

    def form(self, element: Any) -> None:
        self.search = self.search or element.get("role") == "search"

    def loads(self, element: Any) -> None:
        """A picture, script or frame: from elsewhere it is a problem, from here it must exist."""
        raw = element.get(_OUTSIDE[element.tag])
        if element.tag == "img":
            if element.get("alt") is None and raw:
                self.problems.append(Problem("alt", f"图片没有替代文字：{raw[:100]}"))
        elif element.tag == "script" and not raw and _SCRIPTED.search(element.text or ""):
            self.by_script = True
        if raw:
            self._resource("image" if element.tag == "img" else "resource", raw)

    def style(self, element: Any) -> None:
        rel, raw = (element.get("rel") or "").lower(), element.get("href")
        if raw and ("stylesheet" in rel or "icon" in rel):
            self._resource("resource", raw)

    def _resource(self, kind: TargetKind, raw: str) -> None:
        address = self.address(raw, self.place)
        if address is None:
            return
        if not address.outside:
            self._add(kind, raw, "")
            return
        try:
            host = urlsplit(address.outside).netloc
        except ValueError:
            return
        if not host_within(host, self.wanted.own_hosts):
            self.problems.append(Problem("outside", f"从外部网站加载内容：{host}"))

    # dates

    def _date(self, element: Any, text: str, is_home: bool) -> None:
        if "20" not in text and "19" not in text and not is_home:
            return
        text = text.strip()
        day = date_alone(text) or (month_and_day(text, self.wanted.on) if is_home else None)
        if day is not None and (row := row_of(element)) is not None:
            self.rows.setdefault(row, []).append(day)

    def _read_rows(self) -> None:
        """One entry a row. A row that also tells when something ends (有效期至) is dated by what has passed."""
        for row, days in self.rows.items():
            links = [row] if row.tag == "a" else row.iter("a")
            told = [("".join(link.itertext()).strip(), link.get("href") or "") for link in links]
            title, raw = max(told, key=lambda pair: len(pair[0]), default=("", ""))
            past = [day for day in days if day <= self.wanted.on]
            if raw:
                self.entries.append((max(past) if past else min(days), raw, " ".join(title.split())[:100]))

    def _shown_dates(self, root: Any) -> list[date]:
        """The date in the line below the title, else every date that a reader sees on the page."""
        labelled = [day for each in _LABELLED_DATE.findall(self.text) for day in dates_in(each)]
        if labelled:
            return labelled[:1]
        return [day for piece in pieces(root) for day in dates_in(piece)]

    def _kind(self, is_home: bool) -> PageKind:
        if is_home:
            return "home"
        if _GONE.match(self.title):
            return "gone"
        if self.tags.any_of(CONTENT):
            return "article"
        if self.tags.any_of(COLUMN):
            return "list"
        if _BYLINE.search(self.text):
            return "article"
        return "list" if len(self.entries) >= 5 and not self.tags.any_of(("SiteName",)) else "other"

    def _common_problems(self, missing_footer: tuple[str, ...]) -> None:
        add = self.problems.append
        if len(missing_footer) >= ALL_FIELDS - 2:  # one or two such words also stand in ordinary text
            add(Problem("footer", "页脚没有规定的要素（如由脚本生成，须人工查看）"))
        else:
            self.problems += [Problem("footer", f"页脚没有{name}") for name in missing_footer]
        if not self.lang:
            add(Problem("lang", "html标签没有lang"))
        elif not self.lang.lower().startswith("zh") and _CHINESE.search(self.title):
            add(Problem("lang", f"lang为“{self.lang[:20]}”，页面却是中文"))
        if not self.viewport:
            add(Problem("viewport", "没有viewport，不适配移动终端"))

    # the page as a whole

    def _page(self, root: Any, kind: PageKind, shown_dates: list[date]) -> Page:
        tags, on = self.tags, self.wanted.on
        page = Page(
            self.path,
            kind,
            column=intern(tags["ColumnName"]),
            column_type=intern(tags["ColumnType"]),
            domain=intern(bare_host(tags["SiteDomain"])),
            id_code=intern(tags["SiteIDCode"]),
            site_name=intern(tags["SiteName"] or (self.title if kind == "home" else "")),
        )
        if kind == "article":
            published = tags.published or next(iter(shown_dates), None)
            if published and published > on:
                self.problems.append(Problem("date", f"发布日期{published}晚于检查日期{on}"))
            column_page = self.address(self.column_link, self.place) if self.column_link else None
            if not self.loads_file and (annex := missing_annex(root, self.text)):
                self.problems.append(Problem("attachment", f"提到“{annex}”，但没有可下载的文件"))
            page = page._replace(
                published=published,
                column_page=intern(column_page.inside) if column_page else "",
                missing=guide_gaps(
                    self.text,
                    tags["ArticleTitle"] or self.title,
                    tags["ColumnName"],
                    self.wanted.guide_elements,
                ),
            )
        elif kind in ("home", "list"):
            page = self._with_entries(page, root)
        return page

    def _with_entries(self, page: Page, root: Any) -> Page:
        on = self.wanted.on
        for day, _, title in self.entries:
            if day > on:
                self.problems.append(Problem("date", f"“{title[:40]}”的日期{day}晚于检查日期{on}"))
        past = [day for day, _, _ in self.entries if day <= on]
        page = page._replace(
            column=page.column or (self._name() if page.kind == "list" else ""),
            newest=max(past, default=None),
            dated=len(past),
            search=self.search,
        )
        if page.kind == "home":
            return page._replace(links=tuple(self._dated_links()))
        if self.entries:
            return page
        if says_empty(root, self.text):
            return page._replace(says_empty=True)
        links = tuple(self.links.values())
        return page._replace(links=links, prose=prose(root), by_script=self.by_script)

    def _dated_links(self) -> Iterator[Link]:
        days: dict[Address | None, date] = {}
        for day, raw, _ in self.entries:
            days[self.address(raw, self.place)] = day
        for link in self.links.values():
            yield link._replace(day=days.get(link.address)) if link.kind in ("link", "file") else link

    def _name(self) -> str:
        """The name of a column that has no tags: its heading, else the first part of the page's title."""
        heading = next((" ".join(each.split()) for each in self.headings if each.strip()), "")
        return (heading or re.split(r"[_\-|—–>]", self.title)[0].strip())[:40]


_HANDLERS: Final = {
    "a": _Reading.link, "area": _Reading.link, "base": _Reading.base, "meta": _Reading.meta, "h1": _Reading.heading,
    "title": _Reading.title_of, "input": _Reading.field, "form": _Reading.form, "link": _Reading.style,
    **dict.fromkeys(_OUTSIDE, _Reading.loads),
}  # fmt: skip
