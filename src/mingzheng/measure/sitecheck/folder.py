"""Reads a folder of pages, a site as it is published or saved, in several processes.

A folder with a home page is a whole site: root-relative links lead to its files, and a link without a file is dead.
A folder without one is a heap of saved pages, whose links say nothing.
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field
from datetime import date
from multiprocessing import get_context
from pathlib import Path
from typing import Final

from mingzheng.law.errors import Refusal
from mingzheng.measure.sitecheck.links import Address, Hosts, bare_host
from mingzheng.measure.sitecheck.model import Link, Page, Problem, Seen
from mingzheng.measure.sitecheck.reading import LARGEST_PAGE, PageReader, Wanted
from mingzheng.measure.sitecheck.schemes import Scheme
from mingzheng.measure.sitecheck.site import Dead, ErrorPage, Site

LIVE_PATHS: Final = ("/search/", "/figures/", "/reports/", "/files/", "/office/", "/-/")
"""What our own portal answers by program: a public folder of ours has no files there."""
_PAGES: Final = (".html", ".htm", ".shtml")
_INDEX: Final = ("index.html", "index.htm", "index.shtml")
_ERROR_PAGES: Final = ("404.html", "404.htm", "404.shtml", "404/index.html")
_CHUNK: Final = 400  # pages given to a process at once
_HEAD: Final = 4096  # bytes in which a page's title stands
_TOMBSTONE: Final = re.compile(
    "<title>\\s*(?:404|该信息已撤回|(?:页面|网页|信息)(?:不存在|已(?:撤回|撤下|删除)))".encode()
)
_TAG_DOMAIN: Final = re.compile(
    rb"""<meta\s+name=["']?SiteDomain["']?\s+content=["']([^"'>]{1,200})["']""", re.IGNORECASE
)

Progress = Callable[[int, int], object]


@dataclass(slots=True)
class _Part:
    """What one process read."""

    pages: list[Page] = field(default_factory=list)
    problems: dict[Problem, Seen] = field(default_factory=dict)
    dead: dict[Dead, Seen] = field(default_factory=dict)
    dead_on_home: set[Dead] = field(default_factory=set)
    outside: dict[str, Seen] = field(default_factory=dict)
    unread: list[str] = field(default_factory=list)
    live_links: int = 0


def read_folder(
    folder: Path, scheme: Scheme, on: date, *, live: Sequence[str] = (), most: int | None = None,
    external: bool = False, processes: int | None = None, progress: Progress | None = None,
) -> Site:  # fmt: skip
    """The site in the folder. ``live``: beginnings of paths that a program answers. Raises Refusal without pages."""
    root = folder.resolve()
    files = frozenset(_files(root))
    pages = sorted(name for name in files if name.lower().endswith(_PAGES))
    if not pages:
        raise Refusal(f"文件夹“{folder}”中没有网页。")
    home = next((name for name in _INDEX if name in files), None)
    site = Site(str(folder), on, is_folder=True, has_home=home is not None)
    error = next((name for name in _ERROR_PAGES if name in files), None)
    pages = [name for name in pages if name not in _ERROR_PAGES]
    if most is not None and len(pages) > most:
        site.unseen.append(f"共有{len(pages)}个页面，只读了{most}个")
        site.complete = False
        pages = ([home] if home else []) + [name for name in pages if name != home][: most - bool(home)]
    site.hosts = _hosts(root / (home or pages[0]))
    if home is None:
        site.complete = False
        site.unseen.append("文件夹中没有首页（index.html），不是完整的网站，不检查链接、首页和栏目")
    site.error_page = _error_page(root, error)
    wanted = Wanted(on, Hosts(frozenset(site.hosts)), dict(scheme.guide_elements), scheme.own_hosts)
    job = _Job(root, files, wanted, tuple(live), home is not None, external)
    _read(site, job, pages, processes or os.cpu_count() or 1, progress)
    return site


def path_of(name: str) -> str:
    """The path that a visitor asks for to get the file."""
    folder, _, last = name.rpartition("/")
    if last in _INDEX:
        return f"/{folder}/" if folder else "/"
    return f"/{name}"


def _files(root: Path) -> Iterator[str]:
    """Every file below the folder, relative to it; nothing hidden, nothing that a link leads to outside."""
    waiting = [""]
    while waiting:
        folder = waiting.pop()
        with os.scandir(root / folder) as entries:
            for entry in entries:
                if entry.name.startswith("."):
                    continue
                name = f"{folder}/{entry.name}" if folder else entry.name
                if entry.is_dir(follow_symlinks=False):
                    waiting.append(name)
                elif entry.is_file() and (
                    not entry.is_symlink() or Path(entry.path).resolve().is_relative_to(root)
                ):
                    yield name


def _hosts(page: Path) -> set[str]:
    """The hosts of the site, as its own pages name it."""
    with page.open("rb") as file:
        found = _TAG_DOMAIN.findall(file.read(_HEAD * 4))
    domains = {bare_host(each.decode("utf-8", "replace")) for each in found}
    return domains | {each.removeprefix("www.") for each in domains} - {""}


def _error_page(root: Path, name: str | None) -> ErrorPage:
    if name is None:
        return ErrorPage(0, False, "文件夹中没有404.html")
    text = (root / name).read_bytes()[:LARGEST_PAGE].decode("utf-8", "replace")
    return error_page_of(text, 0)


def error_page_of(text: str, status: int) -> ErrorPage:
    """What the page says for an address that does not exist."""
    leads_home = re.search(r"""href\s*=\s*["']?(?:https?://[^/"'\s>]+)?/(?:index\.s?html?)?["'\s>]""", text)
    if not leads_home:
        return ErrorPage(status, False, "提示页没有返回首页的链接")
    return ErrorPage(status, True, "")


# one process each


@dataclass(frozen=True, slots=True)
class _Job:
    root: Path
    files: frozenset[str]
    wanted: Wanted
    live: tuple[str, ...]
    whole: bool
    external: bool


class _Worker:
    """Reads pages of the folder in one process."""

    def __init__(self, job: _Job, gone: frozenset[str]) -> None:
        self.job, self.gone = job, gone
        self.reader = PageReader(job.wanted)
        self.known: dict[str, str] = {}

    def read(self, names: Sequence[str]) -> _Part:
        part = _Part()
        for name in names:
            path = path_of(name)
            content = self._content(name, part)
            if content is None:
                continue
            try:
                found = self.reader.read(content, path)
            except Refusal as refusal:
                part.unread.append(refusal.sentence)
                continue
            part.pages.append(found.page)
            for problem in set(found.problems):
                part.problems.setdefault(problem, Seen()).add(path)
            if self.job.whole:
                self._links(part, found.page, found.links)
        return part

    def _content(self, name: str, part: _Part) -> bytes | None:
        try:
            with (self.job.root / name).open("rb", buffering=0) as file:
                size = os.fstat(file.fileno()).st_size
                if size > LARGEST_PAGE:
                    part.unread.append(f"页面“{name}”超过{LARGEST_PAGE // 1_000_000} MB，没有读取。")
                    return None
                return file.read(size)
        except OSError:
            part.unread.append(f"无法读取“{name}”。")
            return None

    def _links(self, part: _Part, page: Page, links: Sequence[Link]) -> None:
        dead = set()
        for link in links:
            if link.address.outside:
                if self.job.external and link.kind != "resource":
                    part.outside.setdefault(link.address.outside, Seen()).add(page.path)
                continue
            why = self._why_dead(link.address)
            if why == "live":
                part.live_links += 1
            elif why:
                dead.add(Dead(link.kind, link.address.inside, "", why))
        for each in dead:
            part.dead.setdefault(each, Seen()).add(page.path)
            if page.kind == "home":
                part.dead_on_home.add(each)

    def _why_dead(self, address: Address) -> str:
        path = address.inside.partition("?")[0]
        if path not in self.known:
            self.known[path] = self._look(path)
        return self.known[path]

    def _look(self, path: str) -> str:
        if path.startswith(self.job.live):
            return "" if self._file(path) else "live"
        name = self._file(path)
        if name is None:
            return "没有这个文件"
        return "信息已撤下" if name in self.gone else ""

    def _file(self, path: str) -> str | None:
        name = path.lstrip("/")
        candidates = [name] if name and not name.endswith("/") else []
        folder = name.rstrip("/")
        candidates += [f"{folder}/{index}" if folder else index for index in _INDEX]
        return next((each for each in candidates if each in self.job.files), None)


def tombstones(job: _Job, names: Sequence[str]) -> list[str]:
    """The pages that only say that something is gone."""
    found = []
    for name in names:
        try:
            with (job.root / name).open("rb") as file:
                if _TOMBSTONE.search(file.read(_HEAD)):
                    found.append(name)
        except OSError:
            continue
    return found


_job: _Job
_worker: _Worker


def _start(job: _Job) -> None:
    global _job
    _job = job


def _start_reading(job: _Job, gone: frozenset[str]) -> None:
    global _worker
    _worker = _Worker(job, gone)


def _tombstones_of(names: Sequence[str]) -> list[str]:
    return tombstones(_job, names)


def _part_of(names: Sequence[str]) -> _Part:
    return _worker.read(names)


def _read(site: Site, job: _Job, names: list[str], processes: int, progress: Progress | None) -> None:
    chunks = [names[start : start + _CHUNK] for start in range(0, len(names), _CHUNK)]
    done = 0
    for part in _parts(job, chunks, processes):
        done += len(part.pages) + len(part.unread)
        _take(site, part)
        if progress:
            progress(min(done, len(names)), len(names))


def _parts(job: _Job, chunks: list[list[str]], processes: int) -> Iterator[_Part]:
    if processes == 1 or len(chunks) == 1:
        worker = _Worker(job, frozenset(name for chunk in chunks for name in tombstones(job, chunk)))
        yield from map(worker.read, chunks)
        return
    context = get_context("fork")
    with ProcessPoolExecutor(processes, context, _start, (job,)) as pool:
        gone = frozenset(name for found in pool.map(_tombstones_of, chunks) for name in found)
    with ProcessPoolExecutor(processes, context, _start_reading, (job, gone)) as pool:
        yield from pool.map(_part_of, chunks)


def _take(site: Site, part: _Part) -> None:
    site.pages += part.pages
    for problem, seen in part.problems.items():
        site.add_problem(problem, seen)
    for dead, seen in part.dead.items():
        site.add_dead(dead, seen, dead in part.dead_on_home)
    for url, seen in part.outside.items():
        site.outside.setdefault(url, Seen()).take(seen)
    site.unseen += part.unread[: 20 - len(site.unseen)]
    if part.live_links and not any("实时应答" in each for each in site.unseen):
        site.unseen.append("由程序实时应答的网址（检索、数据、年报等）不在文件夹中，须检查运行中的网站")
