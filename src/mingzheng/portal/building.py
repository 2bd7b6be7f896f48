"""Builds the pages of one part beside the public folder, and tells what became of each."""

from __future__ import annotations

import logging
from collections.abc import Iterable
from dataclasses import dataclass, field

from mingzheng.portal.families import Page
from mingzheng.portal.files import PublicFiles
from mingzheng.portal.manifest import Entry, Manifest, Staged

log = logging.getLogger(__name__)


@dataclass(slots=True)
class Built:
    """What a build did: new files with the facts they noted, unchanged pages, and pages that are no longer due."""

    staged: list[Staged] = field(default_factory=list)
    noted: list[tuple[str, str]] = field(default_factory=list)
    unchanged: int = 0
    stale: list[str] = field(default_factory=list)
    failed: bool = False
    """Nothing of the part was built: its pages stay as they were."""

    def put(self, files: PublicFiles, page: Page, known: Entry | None) -> None:
        """Stage the page unless it is in place already."""
        staged = files.stage(page.path, page.family, page.part, page.content, known)
        if staged is None:
            self.unchanged += 1
            return
        self.staged.append(staged)
        self.noted += [(page.path, fact) for fact in page.facts]


@dataclass(slots=True)
class Outcome:
    """The result of a whole run, with the addresses of pages that were written or removed."""

    written: list[str] = field(default_factory=list)
    removed: list[str] = field(default_factory=list)
    unchanged: int = 0
    failed: list[str] = field(default_factory=list)
    """What could not be built, a sentence each; its pages stay as they were."""

    def take(self, manifest: Manifest, built: Built) -> None:
        """Note what was built, for the release."""
        manifest.stage(built.staged, built.noted)
        manifest.leave(built.stale)
        self.unchanged += built.unchanged


def build_part(files: PublicFiles, pages: Iterable[Page], known: dict[str, Entry]) -> Built:
    """Stage all the pages of one part; what is known of the part beyond them is stale.

    A fault of one part, such as a theme that does not compile, leaves the others alone. Faults of the disk do not.
    """
    built = Built()
    try:
        for page in pages:
            built.put(files, page, known.pop(page.path, None))
    except OSError:
        raise
    except Exception:
        log.exception("a part was not built and keeps its pages")
        files.drop(built.staged)
        return Built(failed=True)
    built.stale = list(known)
    return built


def release(manifest: Manifest, files: PublicFiles, outcome: Outcome | None = None) -> None:
    """Carry out what the journal says: new files into their places, what is linked first; removals last.

    Begun once, it is completed by whatever run comes next.
    """
    if not manifest.is_decided:
        manifest.decide()
    lost = []
    for staged in manifest.staged():
        if not files.place(staged):
            lost.append(staged.entry.path)
        elif outcome is not None:
            outcome.written.append(staged.entry.path)
    for path in manifest.leaving():
        files.remove(path)
        if outcome is not None:
            outcome.removed.append(path)
    manifest.lose(lost)
    manifest.settle()
