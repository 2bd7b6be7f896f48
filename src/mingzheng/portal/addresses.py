"""Addresses of public pages. An address never changes: it is made of codes, the month of first publication and the id."""

from __future__ import annotations

import re
from datetime import datetime
from typing import Final
from zoneinfo import ZoneInfo

from django.conf import settings

HOME: Final = "/"
UNITS: Final = "/units/"
DOCUMENTS: Final = "/documents/"
GAZETTE: Final = "/gazette/"
TOPICS: Final = "/topics/"
FIGURES: Final = "/figures/"
REPORTS: Final = "/reports/"
NOT_FOUND: Final = "/404.html"
UNAVAILABLE: Final = "/502.html"
FEED: Final = "/feed.xml"
SEARCH: Final = "/search/"
SITES: Final = "/sites/"
NOTICE_CSS: Final = "/notice.css"
NOTICE: Final = "/notice.json"
MAP: Final = "/map/"
ROBOTS: Final = "/robots.txt"
SITEMAP: Final = "/sitemap.xml"
SITEMAP_OF_PORTAL: Final = "/sitemap-portal.xml"
ADVANCED_SEARCH: Final = "/search/advanced/"

GONE: Final = ".gone"
"""What the file of a withdrawn item ends in: a web server sends it with status 410, and never by its own address."""

CITY_TIME: Final = ZoneInfo(settings.TIME_ZONE)

_ITEM = re.compile(r"/info/\d{6}/(\d{1,18})\.html")
_SITE = re.compile(r"/sites/([a-z0-9-]{1,40})/")
_UNIT = re.compile(r"/units/([-\w]+)/")
_FEED = re.compile(r"/units/([-\w]+)/feed\.xml")
_LIST_FEED = re.compile(r"/units/([-\w]+)/([a-z0-9]+)/feed\.xml")
_SITEMAP = re.compile(r"/units/([-\w]+)/sitemap(?:-(\d{4})(?:-([2-9]|[1-9]\d))?)?\.xml")
_LIST = re.compile(r"/units/([-\w]+)/([a-z0-9]+)/(?:p([1-9]\d{0,8})\.html)?")


def city_minute(at: datetime) -> str:
    """``2018-03-05 09:30``: a moment as the city's clocks show it."""
    return at.astimezone(CITY_TIME).isoformat(" ", "minutes")[:16]


def city_year(at: datetime) -> int:
    """The year of a moment in the city's time."""
    return at.astimezone(CITY_TIME).year


def item_path(pk: int, first_published_at: datetime) -> str:
    """``/info/201803/12.html``: the month of first publication, in the city's time."""
    return item_path_of(pk, city_minute(first_published_at))


def item_path_of(pk: int, minute: str) -> str:
    """The same from the minute of first publication, for who needs that as well."""
    return f"/info/{minute[:4]}{minute[5:7]}/{pk}.html"


def gone_path(path: str) -> str:
    """``/info/201803/12.html.gone``: what stands beside the place of a withdrawn item's page."""
    return path + GONE


def site_path(slug: str) -> str:
    """The home of a department's site."""
    return f"{SITES}{slug}/"


def unit_path(code: str) -> str:
    return f"/units/{code}/"


def feed_path(code: str) -> str:
    """A unit's feed of its newest items."""
    return f"/units/{code}/feed.xml"


def list_path(unit_code: str, column_slug: str, number: int | None = None) -> str:
    """The newest page of a column's list, or its page ``number`` counted from the oldest."""
    return f"/units/{unit_code}/{column_slug}/" + (f"p{number}.html" if number else "")


def list_feed_path(unit_code: str, column_slug: str) -> str:
    """The feed of the newest items of a column's list."""
    return f"/units/{unit_code}/{column_slug}/feed.xml"


def sitemap_path(unit_code: str, year: int | None = None, number: int = 1) -> str:
    """The map for search engines of a unit's home and lists, or of its items of ``year``, its file ``number``."""
    part = f"-{year}" + (f"-{number}" if number > 1 else "") if year else ""
    return f"/units/{unit_code}/sitemap{part}.xml"


def report_path(unit_code: str, year: int, scope: str) -> str:
    """A unit's published annual report: its own, or that of everything below it as well."""
    return f"{REPORTS}{unit_code}/{year}/{scope}/"


def read_item(path: str) -> int | None:
    """The item id in an item's address, None for any other address."""
    match = _ITEM.fullmatch(path)
    return int(match[1]) if match else None


def read_gone(path: str) -> int | None:
    """The item id in the address of a withdrawn item's notice, None for any other address."""
    return read_item(path.removesuffix(GONE)) if path.endswith(GONE) else None


def read_unit(path: str) -> str | None:
    """The unit code in the address of a unit's home, None for any other address."""
    match = _UNIT.fullmatch(path)
    return match[1] if match else None


def read_site(path: str) -> str | None:
    """The site's name in the address of its home, None for any other address."""
    match = _SITE.fullmatch(path)
    return match[1] if match else None


def read_feed(path: str) -> str | None:
    """The unit code in the address of a unit's feed, None for any other address."""
    match = _FEED.fullmatch(path)
    return match[1] if match else None


def read_list_feed(path: str) -> tuple[str, str] | None:
    """Unit code and column slug in the address of a list's feed, None for any other address."""
    match = _LIST_FEED.fullmatch(path)
    return (match[1], match[2]) if match else None


def read_sitemap(path: str) -> tuple[str, int | None, int] | None:
    """Unit code, year and number in the address of one of a unit's maps, None for any other address."""
    match = _SITEMAP.fullmatch(path)
    return (match[1], int(match[2]) if match[2] else None, int(match[3] or 1)) if match else None


def read_list(path: str) -> tuple[str, str, int | None] | None:
    """Unit code, column slug and page number in the address of a list page, None for any other address."""
    match = _LIST.fullmatch(path)
    return (match[1], match[2], int(match[3]) if match[3] else None) if match else None


def file_of(path: str) -> str:
    """The file that holds the page, relative to the folder of published pages."""
    return path.lstrip("/") + ("index.html" if path.endswith("/") else "")
