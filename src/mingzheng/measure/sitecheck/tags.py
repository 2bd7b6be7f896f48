"""The page tags of 国办发〔2017〕47号: there once, not empty, and saying what the page shows."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from datetime import date
from typing import Final, NamedTuple
from urllib.parse import urlsplit

from mingzheng.measure.sitecheck.dates import dates_in
from mingzheng.measure.sitecheck.links import bare_host, host_within
from mingzheng.measure.sitecheck.model import Problem

SITE: Final = ("SiteName", "SiteDomain", "SiteIDCode")
COLUMN: Final = ("ColumnName", "ColumnDescription", "ColumnKeywords", "ColumnType")
CONTENT: Final = ("ArticleTitle", "PubDate", "ContentSource")
_KNOWN: Final = {name.lower(): name for name in (*SITE, *COLUMN, *CONTENT, "Url")}
ID_CODE: Final = re.compile(r"\d{10}|bm\d{8}")
_PUB_DATE: Final = re.compile(r"\d{4}-\d{2}-\d{2} \d{2}:\d{2}")
_SPACE: Final = re.compile(r"[\s\u3000\xa0]+")
_SHOWN: Final = 60  # characters of a value in a finding


class Shown(NamedTuple):
    """What the page shows beside its tags: headings, dates, the footer's code."""

    headings: Sequence[str]
    dates: Sequence[date]
    id_code: str
    kind: str


class Tags:
    """The tags of one page: every value of each, as often as it stands there."""

    def __init__(self) -> None:
        self._values: dict[str, list[str]] = {}

    def add(self, name: str, content: str) -> None:
        if known := _KNOWN.get(name.lower()):
            self._values.setdefault(known, []).append(content.strip())

    def __getitem__(self, name: str) -> str:
        return next(iter(self._values.get(name, ())), "")

    def __contains__(self, name: str) -> bool:
        return name in self._values

    def any_of(self, names: Sequence[str]) -> bool:
        return any(name in self._values for name in names)

    @property
    def published(self) -> date | None:
        return next(dates_in(self["PubDate"]), None)

    def problems(self, shown: Shown) -> Iterator[Problem]:
        """Everything that is wrong with the tags of a page of that kind."""
        if shown.kind == "gone":
            return
        required: tuple[str, ...] = SITE
        if shown.kind == "article" or self.any_of((*COLUMN, *CONTENT)):
            required += COLUMN
        if shown.kind == "article":
            required += CONTENT
        yield from map(_problem, self._presence(required))
        yield from map(_problem, self._content(shown))

    def _presence(self, required: Sequence[str]) -> Iterator[str]:
        missing = [name for name in required if name not in self._values]
        for group, title in ((SITE, "网站标签"), (COLUMN, "栏目标签"), (CONTENT, "内容标签")):
            if set(group) <= set(missing):
                yield f"没有{title}（{'、'.join(group)}）"
                missing = [name for name in missing if name not in group]
        yield from (f"没有标签{name}" for name in missing)
        for name in (*required, "Url"):
            values = self._values.get(name, ())
            if len(values) > 1:
                yield f"标签{name}出现{len(values)}次"
            elif values and not values[0]:
                yield f"标签{name}内容为空"

    def _content(self, shown: Shown) -> Iterator[str]:
        code = self["SiteIDCode"]
        if code and not ID_CODE.fullmatch(code):
            yield f"SiteIDCode“{_short(code)}”格式不对，应为10位数字，或bm加8位数字"
        elif code and shown.id_code and code != shown.id_code:
            yield f"SiteIDCode“{code}”与页脚的网站标识码“{shown.id_code}”不一致"
        title = _squeeze(self["ArticleTitle"])
        if title and shown.headings and title not in map(_squeeze, shown.headings):
            yield f"ArticleTitle“{_short(self['ArticleTitle'])}”与页面标题“{_short(shown.headings[-1])}”不一致"
        yield from self._pub_date(shown)
        yield from self._url()

    def _pub_date(self, shown: Shown) -> Iterator[str]:
        told = self["PubDate"]
        if not told:
            return
        if not _PUB_DATE.fullmatch(told):
            yield f"PubDate“{_short(told)}”格式不对，应为YYYY-MM-DD HH:MM"
        day = self.published
        if day is None:
            return
        if not shown.dates:
            yield "页面没有显示发布日期"
        elif day not in shown.dates:
            yield f"PubDate“{_short(told)}”与页面显示的日期{shown.dates[0]}不一致"

    def _url(self) -> Iterator[str]:
        url, domain = self["Url"], bare_host(self["SiteDomain"])
        if not url:
            return
        try:
            parts = urlsplit(url)
            host, scheme = parts.netloc.lower(), parts.scheme
        except ValueError:
            host = scheme = ""
        if scheme not in ("http", "https") or not host:
            yield f"Url“{_short(url)}”不是完整网址"
        elif domain and not host_within(host, [domain.partition(":")[0]]):
            yield f"Url“{_short(url)}”不在SiteDomain“{_short(domain)}”之内"


def _problem(seen: str) -> Problem:
    return Problem("tags", seen)


def _squeeze(text: str) -> str:
    return _SPACE.sub("", text)


def _short(text: str) -> str:
    text = " ".join(text.split())
    return text if len(text) <= _SHOWN else text[:_SHOWN] + "…"
