"""Reads a live site: breadth first from its home page, politely, within limits of pages and seconds.

Only the site's own hosts are read. ``robots.txt`` is obeyed; addresses that it closes, and what the limits leave out,
are named as not read.
"""

from __future__ import annotations

import secrets
import time
from collections import Counter, deque
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from typing import Final
from urllib.parse import urlsplit
from urllib.robotparser import RobotFileParser

from mingzheng.law.errors import Refusal
from mingzheng.measure.sitecheck.fetching import Answer, Fetcher, is_inner_host
from mingzheng.measure.sitecheck.folder import error_page_of
from mingzheng.measure.sitecheck.links import Hosts, as_url, clean_path
from mingzheng.measure.sitecheck.model import Found, Link, Page, Seen, TargetKind
from mingzheng.measure.sitecheck.reading import PageReader, Wanted
from mingzheng.measure.sitecheck.schemes import Scheme
from mingzheng.measure.sitecheck.site import Dead, ErrorPage, Site

_AGENT: Final = "mingzheng-check-site"
_ROBOTS_SIZE: Final = 512_000  # bytes
_LONGEST_DELAY: Final = 10.0  # seconds between requests, whatever robots.txt wants
_VARIANTS: Final = 50  # addresses that differ in their query alone; more is a trap or a calendar
_DEEPEST: Final = 20  # folders in a path
_WAITING: Final = 200_000  # addresses noted to be read

Progress = Callable[[int, int], object]
_PAGE_LIKE: Final = ("link", "online")


@dataclass(frozen=True, slots=True)
class Limits:
    """How much of a live site is read: pages, seconds, requests a second."""

    pages: int
    seconds: float
    rate: float
    timeout: float | None = None


@dataclass(slots=True)
class _Target:
    """An address inside the site and the pages that link to it."""

    kind: TargetKind
    seen: Seen = field(default_factory=Seen)
    on_home: bool = False
    why: str | None = None  # None: not asked yet; empty: it is there


def read_site(
    start: str,
    scheme: Scheme,
    on: date,
    limits: Limits,
    *,
    external: bool = False,
    progress: Progress | None = None,
) -> Site:
    """The live site at that address. Raises Refusal when its home page does not answer."""
    return _Crawl(start, scheme, on, limits, external, progress).run()


class _Crawl:
    def __init__(
        self, start: str, scheme: Scheme, on: date, limits: Limits, external: bool, progress: Progress | None
    ) -> None:
        try:
            parts = urlsplit(start)
            host, valid = parts.hostname or "", parts.port is None or parts.port > 0
        except ValueError:
            host, valid = "", False
        if not host or not valid:
            raise Refusal(f"网址“{start}”有误，应写作https://www.example.gov.cn/。")
        self.inner = is_inner_host(host)
        self.fetcher = Fetcher(frozenset([host.lower()]) if self.inner else frozenset())
        if limits.timeout:
            self.fetcher.timeout = limits.timeout
        self.origin = f"{parts.scheme.lower()}://{parts.netloc.rpartition('@')[2]}"
        self.home = clean_path(parts.path or "/")
        self.limits, self.progress, self.external = limits, progress, external
        self.scheme, self.on = scheme, on
        self.site = Site(start, on)
        self.targets: dict[str, _Target] = {}
        self.variants: Counter[str] = Counter()
        self.waiting: deque[str] = deque()
        self.asked = self.closed = self.trapped = 0
        self.pause = 1 / limits.rate
        self.last = 0.0
        self.deadline = time.monotonic() + limits.seconds
        self.robots: RobotFileParser | None = None

    def run(self) -> Site:
        answer = self._home()
        self.robots = self._read_robots()
        self._error_page()
        self._take(self.home, answer)
        while self.waiting and not self._spent():
            path = self.waiting.popleft()
            if not self._allowed(path):
                self.closed += 1
                self.targets[path].why = ""
                continue
            self._ask(path)
        self._finish()
        return self.site

    # the parts of a visit

    def _home(self) -> Answer:
        """The home page; where it redirects to decides which host is the site's."""
        answer = self._request(self.home)
        if answer.status != 200 or not answer.is_page:
            why = answer.why or (f"答复{answer.status}" if answer.status != 200 else "不是网页")
            raise Refusal(f"无法访问首页“{self.site.address}”：{why}。")
        parts = urlsplit(answer.url)
        self.origin = f"{parts.scheme}://{parts.netloc}"
        self.home = clean_path(parts.path or "/")
        hosts = {parts.netloc.lower(), urlsplit(self.site.address).netloc.rpartition("@")[2].lower()}
        if self.inner:  # a site before it opens names the domain that it will have
            first = PageReader(self._wanted(hosts)).read(answer.body, "/")
            hosts |= {first.page.domain} - {""}
        bare = {host.removeprefix("www.") for host in hosts}
        self.site.hosts = bare | {f"www.{host}" for host in bare}
        self.reader = PageReader(self._wanted(self.site.hosts))
        return answer

    def _wanted(self, hosts: set[str]) -> Wanted:
        return Wanted(
            self.on, Hosts(frozenset(hosts)), dict(self.scheme.guide_elements), self.scheme.own_hosts
        )

    def _read_robots(self) -> RobotFileParser | None:
        answer = self._request("/robots.txt", _ROBOTS_SIZE)
        robots = RobotFileParser()
        if answer.status in (401, 403):
            robots.parse(["User-agent: *", "Disallow: /"])
        elif answer.status == 200 and answer.kind in ("", "text/plain"):
            robots.parse(answer.body.decode("utf-8", "replace").splitlines())
            delay = robots.crawl_delay(_AGENT)
            if delay:
                self.pause = max(self.pause, min(float(delay), _LONGEST_DELAY))
        else:
            return None
        return robots

    def _error_page(self) -> None:
        """Ask for what cannot exist."""
        answer = self._request(f"/mingzheng-{secrets.token_hex(8)}.html")
        if answer.status == 200:
            self.site.error_page = ErrorPage(
                200, False, "不存在的网址也返回200，没有404提示；错链因此可能查不全"
            )
        elif answer.status in (404, 410):
            self.site.error_page = error_page_of(answer.body.decode("utf-8", "replace"), answer.status)
        else:
            told = answer.why or f"返回{answer.status}"
            self.site.error_page = ErrorPage(answer.status, False, f"不存在的网址没有404提示：{told}")

    def _ask(self, path: str) -> None:
        target = self.targets[path]
        if target.kind in _PAGE_LIKE:
            answer = self._request(path)
            target.why = self._why(answer)
            if not target.why and self._own(answer.url) and answer.is_page and answer.body:
                self._take(path, answer)
        else:
            target.why = self._why(self._request(path, head=True))

    def _why(self, answer: Answer) -> str:
        return answer.why or ("" if answer.status < 400 else f"答复{answer.status}")

    def _take(self, path: str, answer: Answer) -> None:
        path = "/" if path == self.home else path
        try:
            found = self.reader.read(answer.body, path)
        except Refusal as refusal:
            self.site.unseen.append(refusal.sentence)
            return
        if found.page.kind == "gone":
            self.targets[path].why = "页面说明内容不存在或已撤下"
        self.site.pages.append(found.page)
        for problem in set(found.problems):
            self.site.add_problem(problem, _once(path))
        self._follow(found.page, found)
        if self.progress:
            self.progress(
                len(self.site.pages), min(self.limits.pages, len(self.site.pages) + len(self.waiting))
            )

    def _follow(self, page: Page, found: Found) -> None:
        for place, link in {_place(link): link for link in reversed(found.links)}.items():
            if link.address.outside:
                if self.external and link.kind != "resource":
                    self.site.outside.setdefault(place, Seen()).add(page.path)
                continue
            if place in ("/", self.home) or (target := self._target(place, link)) is None:
                continue
            target.seen.add(page.path)
            target.on_home |= page.kind == "home"

    def _target(self, place: str, link: Link) -> _Target | None:
        known = self.targets.get(place)
        if known is None:
            plain = place.partition("?")[0]
            self.variants[plain] += 1
            if (
                self.variants[plain] > _VARIANTS
                or plain.count("/") > _DEEPEST
                or len(self.waiting) >= _WAITING
            ):
                self.trapped += 1
                return None
            known = self.targets[place] = _Target(link.kind)
            self.waiting.append(place)
        return known

    def _finish(self) -> None:
        site = self.site
        for place, target in self.targets.items():
            if target.why:
                site.add_dead(Dead(target.kind, place, "", target.why), target.seen, target.on_home)
        if left := len(self.waiting):
            site.complete = False
            site.unseen.append(
                f"已到限度（{self.limits.pages}个页面或{self.limits.seconds:g}秒），另有{left}个网址没有访问"
            )
        if self.closed:
            site.complete = False
            site.unseen.append(f"robots.txt不允许访问的网址{self.closed}个")
        if self.trapped:
            site.complete = False
            site.unseen.append(f"只在参数上不同、层级过深或者过多的网址{self.trapped}个没有访问")

    # one request

    def _request(self, path: str, most: int | None = None, head: bool = False) -> Answer:
        wait = self.last + self.pause - time.monotonic()
        if wait > 0:
            time.sleep(wait)
        self.last = time.monotonic()
        self.asked += 1
        url = self.origin + as_url(path)
        if head:
            return self.fetcher.head(url)
        return self.fetcher.get(url) if most is None else self.fetcher.get(url, most)

    def _allowed(self, path: str) -> bool:
        return self.robots is None or self.robots.can_fetch(_AGENT, self.origin + as_url(path))

    def _own(self, url: str) -> bool:
        return urlsplit(url).netloc.lower() in self.site.hosts

    def _spent(self) -> bool:
        return len(self.site.pages) >= self.limits.pages or time.monotonic() > self.deadline


def _place(link: Link) -> str:
    return link.address.outside or link.address.inside


def _once(path: str) -> Seen:
    seen = Seen()
    seen.add(path)
    return seen


def check_outside(
    site: Site, seconds: float, progress: Progress | None = None, fetcher: Fetcher | None = None
) -> None:
    """Ask every outside address that the site links to by HEAD, and note those that do not answer."""
    fetcher = fetcher or Fetcher()
    deadline = time.monotonic() + seconds
    for number, (url, seen) in enumerate(sorted(site.outside.items())):
        if time.monotonic() > deadline:
            site.unseen.append(f"时间已到，外部链接只检查了{number}个，共{len(site.outside)}个")
            return
        answer = fetcher.head(url)
        if answer.status == 0 or answer.status in (404, 410) or answer.status >= 500:
            site.add_dead(
                Dead("link", url, "", answer.why or f"答复{answer.status}"), seen, "/" in seen.pages
            )
        if progress:
            progress(number + 1, len(site.outside))
