"""Builds the pages of one part into the public folder, and tells what became of each."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from mingzheng.portal.families import Page
from mingzheng.portal.files import PublicFiles
from mingzheng.portal.manifest import Entry, Manifest


@dataclass(slots=True)
class Built:
    """What a build did: new entries with the facts they noted, unchanged pages, and pages that are no longer due."""

    entries: list[Entry] = field(default_factory=list)
    noted: list[tuple[str, str]] = field(default_factory=list)
    unchanged: int = 0
    stale: list[str] = field(default_factory=list)

    def put(self, files: PublicFiles, page: Page, known: Entry | None) -> None:
        """Write the page unless it is in place already."""
        entry = files.put(page.path, page.family, page.part, page.content, known)
        if entry is known:
            self.unchanged += 1
            return
        self.entries.append(entry)
        self.noted += [(page.path, fact) for fact in page.facts]


@dataclass(slots=True)
class Outcome:
    """The result of a whole run, with the addresses of pages that were written or removed."""

    written: list[str] = field(default_factory=list)
    removed: list[str] = field(default_factory=list)
    unchanged: int = 0

    def take(self, manifest: Manifest, built: Built) -> None:
        """Record what was built, after its files are in place."""
        manifest.record(built.entries, built.noted)
        manifest.commit_many()
        self.written += [entry.path for entry in built.entries]
        self.unchanged += built.unchanged

    def remove(self, manifest: Manifest, files: PublicFiles, paths: Iterable[str]) -> None:
        """Delete pages that are no longer due, the files first."""
        stale = list(paths)
        for path in stale:
            files.remove(path)
        manifest.forget(stale)
        manifest.commit()
        self.removed += stale


def build_part(files: PublicFiles, pages: Iterable[Page], known: dict[str, Entry]) -> Built:
    """Write all the pages of one part; what is known of the part beyond them is stale."""
    built = Built()
    for page in pages:
        built.put(files, page, known.pop(page.path, None))
    built.stale = list(known)
    return built
