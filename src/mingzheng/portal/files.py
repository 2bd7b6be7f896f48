"""Puts pages into the public folder: each file appears whole or not at all, and is not written when nothing changed."""

from __future__ import annotations

import hashlib
import os
import shutil
import stat
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from mingzheng.portal.addresses import file_of
from mingzheng.portal.manifest import Entry

TEMPORARY: Final = ".tmp"
"""Folder of files being written: on the same file system as the pages, never served, swept before each run."""

_WRITE: Final = os.O_WRONLY | os.O_CREAT | os.O_TRUNC


class PublicFiles:
    """The public folder as one process writes it. Names are relative to the open folder: short for the system."""

    def __init__(self, root: Path) -> None:
        self._root = root
        (root / TEMPORARY).mkdir(exist_ok=True)
        self._folder = os.open(root, os.O_RDONLY | os.O_DIRECTORY)
        self._temporary = f"{TEMPORARY}/{os.getpid()}"
        self._made: set[str] = set()

    def close(self) -> None:
        os.close(self._folder)

    def put(self, path: str, family: str, part: int, content: bytes, known: Entry | None) -> Entry:
        """Make the file of ``path`` hold ``content``; returns ``known`` itself when it does already."""
        digest = hashlib.sha256(content).digest()
        name = file_of(path)
        if known is not None and known.sha256 == digest and self._is_ours(name, known):
            return known
        handle = os.open(self._temporary, _WRITE, 0o644, dir_fd=self._folder)
        try:
            done = os.write(handle, content)
            while done < len(content):
                done += os.write(handle, content[done:])
            mtime_ns = os.fstat(handle).st_mtime_ns
        finally:
            os.close(handle)
        self._make_room(name)
        os.replace(self._temporary, name, src_dir_fd=self._folder, dst_dir_fd=self._folder)
        return Entry(path, family, part, digest, len(content), mtime_ns)

    def _is_ours(self, name: str, known: Entry) -> bool:
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
    """Delete what an interrupted run left half written."""
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
