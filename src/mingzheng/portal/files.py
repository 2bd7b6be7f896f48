"""Puts pages into the public folder: first beside, then by renaming, so that each file appears whole or not at all."""

from __future__ import annotations

import hashlib
import itertools
import os
import shutil
import stat
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Final

from mingzheng.portal.addresses import file_of
from mingzheng.portal.manifest import Entry, Staged
from mingzheng.portal.precompress import compress, drop, ways

TEMPORARY: Final = ".tmp"
"""Folder of files that wait for their release: on the same file system as the pages, never served."""

_numbers = itertools.count(1)  # with the process's own number, no two staged files are called alike
_WRITE: Final = os.O_WRONLY | os.O_CREAT | os.O_TRUNC


class PublicFiles:
    """The public folder as one process writes it. Names are relative to the open folder: short for the system."""

    def __init__(self, root: Path) -> None:
        self._root = root
        (root / TEMPORARY).mkdir(exist_ok=True)
        self._folder = os.open(root, os.O_RDONLY | os.O_DIRECTORY)
        self._made: set[str] = set()
        self._compresses = bool(ways())

    def close(self) -> None:
        os.close(self._folder)

    def stage(self, path: str, family: str, part: int, content: bytes, known: Entry | None) -> Staged | None:
        """Write ``content`` beside, for the file of ``path``; None when that holds it already."""
        digest = hashlib.sha256(content).digest()
        if known is not None and known.sha256 == digest and self.is_ours(file_of(path), known):
            return None
        name = f"{os.getpid()}-{next(_numbers)}"
        handle = os.open(f"{TEMPORARY}/{name}", _WRITE, 0o644, dir_fd=self._folder)
        try:
            done = os.write(handle, content)
            while done < len(content):
                done += os.write(handle, content[done:])
            mtime_ns = os.fstat(handle).st_mtime_ns
        finally:
            os.close(handle)
        return Staged(Entry(path, family, part, digest, len(content), mtime_ns), name)

    def place(self, staged: Staged) -> bool:
        """Put a staged file into its place; false when it is neither beside nor there: somebody else took it."""
        entry, name = staged.entry, file_of(staged.entry.path)
        self._make_room(name)
        try:
            os.replace(f"{TEMPORARY}/{staged.name}", name, src_dir_fd=self._folder, dst_dir_fd=self._folder)
        except FileNotFoundError:
            if not self.is_ours(name, entry):
                return False
        if self._compresses:
            compress(self._root, name, (self._root / name).read_bytes())
        return True

    def drop(self, staged: Iterable[Staged]) -> None:
        """Delete staged files that will not be released."""
        for each in staged:
            (self._root / TEMPORARY / each.name).unlink(missing_ok=True)

    def is_ours(self, name: str, known: Entry) -> bool:
        """Whether the file is still the one that was put there, by its size and time of change."""
        try:
            found = os.stat(name, dir_fd=self._folder, follow_symlinks=False)
        except OSError:
            return False
        return stat.S_ISREG(found.st_mode) and (found.st_size, found.st_mtime_ns) == (
            known.size,
            known.mtime_ns,
        )

    def remove(self, path: str) -> None:
        """Delete the file of ``path`` and the folders that it leaves empty."""
        file = self._root / file_of(path)
        drop(self._root, file_of(path))
        file.unlink(missing_ok=True)
        self._made.clear()
        for folder in file.parents:
            if folder == self._root or any(folder.iterdir()):
                return
            folder.rmdir()

    def _make_room(self, name: str) -> None:
        folder = name.rpartition("/")[0]
        if folder in self._made:
            return
        try:
            (self._root / folder).mkdir(parents=True, exist_ok=True)
        except (FileExistsError, NotADirectoryError):
            _clear_way(self._root, self._root / folder)
            (self._root / folder).mkdir(parents=True)
        self._made.add(folder)


def _clear_way(root: Path, folder: Path) -> None:
    """Delete somebody else's file that stands where one of our folders belongs."""
    for each in (folder, *folder.parents):
        if each != root and root in each.parents and (each.is_file() or each.is_symlink()):
            each.unlink()


def sweep(root: Path) -> None:
    """Delete what an interrupted run left beside."""
    shutil.rmtree(root / TEMPORARY, ignore_errors=True)


def public_files(root: Path) -> Iterator[str]:
    """The full name of every file and link under the public folder, without the temporary ones."""
    waiting = [str(root)]
    while waiting:
        folder = waiting.pop()
        with os.scandir(folder) as found:
            for entry in found:
                if entry.is_dir(follow_symlinks=False):
                    if entry.path != f"{root}/{TEMPORARY}":
                        waiting.append(entry.path)
                else:
                    yield entry.path
