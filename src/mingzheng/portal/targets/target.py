"""What a target can do. Every target replaces files as wholes; a file is there before its name is recorded."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Final, Protocol

MARK: Final = ".mingzheng"
"""A hidden file at every target: the name of the memory that knows what is there."""


class Unreachable(Exception):
    """The target does not hold all that it should; the text is shown to the operator."""


class Target(Protocol):
    """A place to which files are delivered. Each method raises Unreachable when the target does not answer."""

    spec: str

    def read_mark(self) -> str:
        """The content of the mark, empty when there is none."""

    def write_mark(self, mark: str) -> None: ...

    def listing(self) -> Iterator[str]:
        """The name of every file that is there, hidden ones left out."""

    def put(self, root: Path, names: Sequence[str]) -> None:
        """Deliver these files of the public folder; all of them have arrived when it returns."""

    def remove(self, root: Path, names: Iterable[str]) -> None:
        """Take files away; those that are not there are passed over."""

    def close(self) -> None: ...


def is_hidden(name: str) -> bool:
    return name.startswith(".") or "/." in name
