"""What is known of one page, and what a check says about it."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any, Final, Literal, NamedTuple

from mingzheng.measure.sitecheck.links import Address

PageKind = Literal["home", "list", "article", "gone", "other"]
TargetKind = Literal["link", "image", "file", "online", "resource"]
SHOWN_PAGES: Final = 100  # pages named with one finding
MOST_FINDINGS: Final = 2000  # different findings of one kind kept; the others are only counted


class Link(NamedTuple):
    """A link of a page to a place, with its text and, in a list, its date."""

    kind: TargetKind
    address: Address
    text: str
    day: date | None = None


class Page(NamedTuple):
    """What later checks need of a page. ``newest`` and ``dated`` tell of its dated entries up to the day of the check.

    ``links`` and ``prose`` (characters of running text) are kept for the home page, and for lists without a date.
    ``missing`` are the elements that a service guide lacks; None when the page is no guide.
    """

    path: str
    kind: PageKind
    column: str = ""
    column_type: str = ""
    column_page: str = ""
    published: date | None = None
    newest: date | None = None
    dated: int = 0
    says_empty: bool = False
    by_script: bool = False
    links: tuple[Link, ...] | None = None
    prose: int = 0
    missing: tuple[str, ...] | None = None
    domain: str = ""
    id_code: str = ""
    search: bool = False
    site_name: str = ""


class Problem(NamedTuple):
    """A fault that one page shows by itself: its kind (tags, footer, date, …) and what was seen."""

    code: str
    seen: str


class Found(NamedTuple):
    """All that one page tells."""

    page: Page
    problems: list[Problem]
    links: list[Link]


@dataclass(slots=True)
class Seen:
    """One fault with the pages that show it: how many, and the first of them."""

    count: int = 0
    pages: list[str] = field(default_factory=list)

    def add(self, page: str, count: int = 1) -> None:
        self.count += count
        if len(self.pages) < SHOWN_PAGES:
            self.pages.append(page)

    def take(self, other: Seen) -> None:
        self.count += other.count
        self.pages.extend(other.pages[: SHOWN_PAGES - len(self.pages)])


@dataclass(frozen=True, slots=True)
class Finding:
    """What was seen, on how many pages, and what it costs."""

    seen: str
    pages: tuple[str, ...] = ()
    count: int = 1
    points: Decimal = Decimal(0)
    doubt: bool = False
    """A suspicion that a person must judge; it decides nothing."""

    def as_json(self) -> dict[str, Any]:
        return {
            "seen": self.seen,
            "pages": list(self.pages),
            "count": self.count,
            "points": float(self.points),
            "doubt": self.doubt,
        }


@dataclass(slots=True)
class Verdict:
    """What a measure says of one rule. ``met``: a veto's condition holds; ``unseen``: why (part of) it was not checked."""

    findings: list[Finding] = field(default_factory=list)
    met: bool = False
    unseen: str = ""
    left_out: int = 0
