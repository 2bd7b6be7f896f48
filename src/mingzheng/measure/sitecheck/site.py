"""Everything that was seen of one site: its pages, their problems, and the links that lead nowhere."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from datetime import date
from typing import Any, NamedTuple

from mingzheng.measure.sitecheck.model import MOST_FINDINGS, Page, Problem, Seen, TargetKind


class Dead(NamedTuple):
    """A link that leads nowhere: its kind, where it should lead, its text and what came instead."""

    kind: TargetKind
    target: str
    text: str
    why: str


@dataclass(slots=True)
class ErrorPage:
    """What an address that does not exist gets: ``status`` 0 in a folder; ``own`` when it is a page of the site."""

    status: int
    own: bool
    seen: str


@dataclass(slots=True)
class Site:
    """One site as it was read. ``complete``: every page that the site links to was read."""

    address: str
    on: date
    pages: list[Page] = field(default_factory=list)
    problems: dict[Problem, Seen] = field(default_factory=dict)
    left_out: Counter[str] = field(default_factory=Counter)
    """Problems beyond ``MOST_FINDINGS`` different ones of their kind."""
    dead: dict[Dead, Seen] = field(default_factory=dict)
    dead_on_home: set[Dead] = field(default_factory=set)
    dead_beyond: int = 0
    outside: dict[str, Seen] = field(default_factory=dict)
    is_folder: bool = False
    has_home: bool = True
    complete: bool = True
    error_page: ErrorPage | None = None
    hosts: set[str] = field(default_factory=set)
    unseen: list[str] = field(default_factory=list)
    """What of the site was not read, and why, in sentences."""
    suspicions: list[tuple[str, str]] = field(default_factory=list)
    """Pages whose date may have been made up, with what was seen."""
    remembered: bool = False
    _kinds: Counter[str] = field(default_factory=Counter)

    @property
    def home(self) -> Page | None:
        return next((page for page in self.pages if page.kind == "home"), None)

    def add_problem(self, problem: Problem, seen: Seen) -> None:
        """Note a problem with the pages that show it."""
        known = self.problems.get(problem)
        if known is None:
            if self._kinds[problem.code] >= MOST_FINDINGS:
                self.left_out[problem.code] += seen.count
                return
            self._kinds[problem.code] += 1
            known = self.problems[problem] = Seen()
        known.take(seen)

    def add_dead(self, dead: Dead, seen: Seen, on_home: bool) -> None:
        """Note a dead link with the pages that have it."""
        if dead not in self.dead and len(self.dead) >= MOST_FINDINGS:
            self.dead_beyond += 1
            return
        self.dead.setdefault(dead, Seen()).take(seen)
        if on_home:
            self.dead_on_home.add(dead)

    def facts(self) -> dict[str, Any]:
        """What the sheet says of the reading itself."""
        kinds = Counter(page.kind for page in self.pages)
        return {
            "pages": len(self.pages),
            "articles": kinds["article"],
            "lists": kinds["list"],
            "guides": sum(1 for page in self.pages if page.missing is not None),
            "complete": self.complete,
        }
