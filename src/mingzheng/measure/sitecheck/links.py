"""What an address on a page means: a place inside the site, or one outside it."""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass
from posixpath import normpath
from typing import Final, NamedTuple
from urllib.parse import quote, unquote, urlsplit

LONGEST: Final = 1000  # characters of an address; a longer one is no address
_SCHEMES: Final = ("http", "https")
_OTHER: Final = re.compile(r"(?!https?:)[a-z][a-z0-9+.-]*:", re.IGNORECASE)
FILE: Final = re.compile(r"\.(pdf|docx?|xlsx?|pptx?|wps|et|dps|ofd|zip|rar|7z|txt|csv)$", re.IGNORECASE)
_STRAY: Final = str.maketrans("", "", "\t\r\n")


class Address(NamedTuple):
    """``inside``: the path in the site, as text, with its query; ``outside``: the whole address elsewhere."""

    inside: str = ""
    outside: str = ""


@dataclass(frozen=True, slots=True)
class Hosts:
    """The site's own hosts, in lower case, with port where one is written."""

    own: frozenset[str]

    def __contains__(self, host: str) -> bool:
        return host.lower() in self.own


def read_address(raw: str, page: str, hosts: Collection[str] | Hosts) -> Address | None:
    """The place that ``raw`` names on the page at path ``page``; None for what leads nowhere by HTTP.

    Anchors on the same page, mail, scripts and data lead nowhere. An unreadable address is a place inside that
    does not exist.
    """
    raw = raw.strip().translate(_STRAY)
    if not raw or raw.startswith("#") or _OTHER.match(raw):
        return None
    try:
        parts = urlsplit(raw)
        host = parts.netloc.rpartition("@")[2].lower()
    except ValueError:
        return Address(inside=f"/{raw[:LONGEST]}")
    if host and host not in hosts:
        return Address(outside=raw if parts.scheme else f"https:{raw}")
    path = clean_path(parts.path, page) if parts.path or host else page.partition("?")[0]
    return Address(inside=f"{path}?{parts.query}" if parts.query else path)


def clean_path(path: str, page: str = "/") -> str:
    """An absolute path without ``..`` and percent signs; a folder ends with a slash."""
    path = unquote(path).replace("\\", "/")
    if not path.startswith("/"):
        path = page.partition("?")[0].rpartition("/")[0] + "/" + path
    folder = path.endswith(("/", "/.", "/.."))
    clean = normpath(path).lstrip("/")
    return f"/{clean}/" if folder and clean not in ("", ".") else f"/{clean if clean != '.' else ''}"


def as_url(path: str) -> str:
    """The path as it is sent to a server."""
    plain, mark, query = path.partition("?")
    return quote(plain, safe="/:@!$&'()*+,;=~-._") + mark + quote(query, safe="/:@!$&'()*+,;=~-._?%")


def host_within(host: str, domains: Collection[str]) -> bool:
    """Whether the host is one of the domains or below one."""
    host = host.partition(":")[0].lower()
    return any(host == each or host.endswith(f".{each}") for each in domains)


def bare_host(told: str) -> str:
    """The host in what a page tells as its domain, be it a host or a whole address."""
    return (
        told.strip().lower().partition("://")[2].partition("/")[0]
        if "://" in told
        else told.strip().lower().partition("/")[0]
    )
