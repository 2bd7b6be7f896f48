"""The columns of a site: which list pages make one, when it was last updated, and whether it is empty."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Final

from mingzheng.measure.sitecheck.dates import is_idle
from mingzheng.measure.sitecheck.model import Page
from mingzheng.measure.sitecheck.schemes import ColumnKind, Scheme
from mingzheng.measure.sitecheck.site import Site

_FRAME_SHARE: Final = 0.5  # a link on this share of the site's lists belongs to the frame around them
_LITTLE_PROSE: Final = 30  # characters; a column with more text than this holds something


@dataclass(slots=True)
class Column:
    """One column: ``newest`` is the date of its latest item, None when no item shows one; ``empty`` also by suspicion."""

    name: str
    kind: ColumnKind | None
    path: str
    newest: date | None
    state: str  # "", "empty", "unsure" (may be filled by a script)

    def idle(self, on: date) -> bool:
        """Whether it should have been updated and was not; what shows no date at all was not (国办发〔2015〕15号)."""
        kind = self.kind
        if kind is None or kind.exempt or not kind.limit or self.state:
            return False
        return self.newest is None or is_idle(self.newest, on, days=kind.days, months=kind.months)


def columns_of(site: Site, scheme: Scheme) -> list[Column]:
    """All columns, in the order of their addresses. Lists of one name, one in or below the folder of the other, are one."""
    groups: dict[tuple[str, str], list[Page]] = {}
    roots: dict[str, str] = {}  # of each name, the folder of its last column
    lists = [(_folder(page), page) for page in site.pages if page.kind == "list"]
    for folder, page in sorted(lists, key=lambda each: (each[1].column, each[0], each[1].path)):
        root = roots.get(page.column)
        if root is None or not folder.startswith(root):
            root = roots[page.column] = folder
        groups.setdefault((root, page.column), []).append(page)
    published = {page.path: page.published for page in site.pages if page.published}
    frame = _frame_links(site, published)
    return [
        _column(pages, scheme, site, published, frame)
        for _, pages in sorted(groups.items(), key=lambda each: each[0])
    ]


def _folder(page: Page) -> str:
    return page.path.partition("?")[0].rpartition("/")[0] + "/"


def _column(
    pages: list[Page], scheme: Scheme, site: Site, published: dict[str, date], frame: frozenset[str]
) -> Column:
    first = min(pages, key=lambda page: (len(page.path), page.path))
    days = [page.newest for page in pages if page.newest]
    days += [day for page in pages for day in _linked_days(page, published, frame) if day <= site.on]
    state = "" if days else _state(pages, frame)
    return Column(
        first.column,
        scheme.kind_of(first.column, first.column_type),
        first.path,
        max(days, default=None),
        state,
    )


def _linked_days(page: Page, published: dict[str, date], frame: frozenset[str]) -> Iterator[date]:
    """The dates of the articles that a list without dates leads to."""
    for link in page.links or ():
        day = published.get(link.address.inside)
        if day and link.address.inside not in frame:
            yield day


def _frame_links(site: Site, articles: Collection[str]) -> frozenset[str]:
    """Links on half of the lists, and those of the home page that lead to no article: the frame, not a column's own."""
    lists = [page for page in site.pages if page.kind == "list" and page.links is not None]
    counts = Counter(path for page in lists for path in {link.address.inside for link in page.links or ()})
    common = {path for path, count in counts.items() if count > 1 and count >= _FRAME_SHARE * len(lists)}
    home = site.home
    on_home = {link.address.inside for link in (home.links if home and home.links else ())}
    return frozenset(common | on_home.difference(articles))


def _state(pages: list[Page], frame: frozenset[str]) -> str:
    if any(page.dated for page in pages):
        return ""
    if any(page.says_empty for page in pages):
        return "empty"
    for page in pages:
        folder = page.path.partition("?")[0]
        own = [
            link
            for link in page.links or ()
            if link.kind != "resource"
            and link.address.inside not in frame
            and not _is_above(link.address.inside, folder)
        ]
        if own or page.prose >= _LITTLE_PROSE:
            return ""
    return "unsure" if any(page.by_script for page in pages) else "empty"


def _is_above(path: str, folder: str) -> bool:
    """Whether the link leads to the page itself or to a folder above it."""
    return path.endswith("/") and folder.startswith(path)
