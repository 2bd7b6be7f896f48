"""What an inspection finds: the report of one file and its notices."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from mingzheng.law.errors import Refusal
from mingzheng.publish.files.kinds import Kind
from mingzheng.publish.files.limits import limits

Severity = Literal["block", "warn", "note"]


@dataclass(frozen=True, slots=True)
class Notice:
    """One thing that the reader of the published file should not find, or that the officer should know.

    ``block``: must be cleaned before publication; ``warn``: somebody must look; ``note``: for information.
    """

    rule: str
    severity: Severity
    sentence: str
    removable: bool


@dataclass(frozen=True, slots=True)
class FileReport:
    """What a file is and what it hides. ``size`` in bytes; ``pages`` are pages of a PDF or OFD, or slides."""

    name: str
    kind: str
    label: str
    mime: str
    size: int
    sha256: str
    text: str
    pages: int | None
    notices: tuple[Notice, ...]

    @property
    def removable(self) -> tuple[Notice, ...]:
        """The notices that ``clean_file`` takes away."""
        return tuple(notice for notice in self.notices if notice.removable)


@dataclass(frozen=True, slots=True)
class Source:
    """A file under inspection, with the name that sentences call it by."""

    path: Path
    name: str
    kind: Kind

    def refusal(self, rule: str) -> Refusal:
        return refusal(self.name, rule)


@dataclass(slots=True)
class Findings:
    """What a reader has gathered so far; text beyond the limit is dropped and a notice says so."""

    pages: int | None = None
    notices: list[Notice] = field(default_factory=list)
    _pieces: list[str] = field(default_factory=list)
    _room: int = field(default_factory=lambda: limits().text_characters)

    @property
    def full(self) -> bool:
        return self._room < 0

    @property
    def text(self) -> str:
        return "".join(self._pieces)

    def add_text(self, piece: str) -> None:
        if self.full:
            return
        self._pieces.append(piece[: self._room])
        self._room -= len(piece)
        if self.full:
            count = limits().text_characters // 10_000
            self.note("text-cut", f"文字超过{count}万字，超出部分未纳入检索和检查。")

    def block(self, rule: str, sentence: str, removable: bool = True) -> None:
        self.notices.append(Notice(rule, "block", sentence, removable))

    def warn(self, rule: str, sentence: str, removable: bool = True) -> None:
        self.notices.append(Notice(rule, "warn", sentence, removable))

    def note(self, rule: str, sentence: str, removable: bool = False) -> None:
        self.notices.append(Notice(rule, "note", sentence, removable))


def refusal(name: str, rule: str) -> Refusal:
    return Refusal(f"“{name}”{rule}。")


def listed(names: Iterable[str], at_most: int = 5) -> str:
    """Names in quotation marks, the first few of them."""
    every = list(names)
    shown = "".join(f"“{name[:40]}”" for name in every[:at_most])
    return shown + ("等" if len(every) > at_most else "")
