"""A folder: of another disk, or of another web server by a network file system. It must exist, so that a mount that is
missing is noticed."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from mingzheng.portal.targets.target import MARK, Unreachable, is_hidden

_TEMPORARY: Final = ".tmp"


class FolderTarget:
    def __init__(self, spec: str, folder: Path) -> None:
        self.spec, self._folder = spec, folder

    def read_mark(self) -> str:
        with _told():
            if not self._folder.is_dir():
                raise Unreachable(f"文件夹“{self._folder}”不存在")
            mark = self._folder / MARK
            return mark.read_text("ascii", "replace").strip() if mark.is_file() else ""

    def write_mark(self, mark: str) -> None:
        with _told():
            self._replace(MARK, mark.encode())

    def listing(self) -> Iterator[str]:
        with _told():
            for folder, folders, names in os.walk(self._folder):
                folders[:] = [name for name in folders if not is_hidden(name)]
                relative = Path(folder).relative_to(self._folder)
                yield from (str(relative / name) for name in names if not is_hidden(name))

    def put(self, root: Path, names: Sequence[str]) -> None:
        with _told():
            for name in names:
                self._replace(name, root / name)

    def _replace(self, name: str, content: Path | bytes) -> None:
        place = self._folder / name
        temporary = self._folder / _TEMPORARY / str(os.getpid())
        temporary.parent.mkdir(exist_ok=True)
        if isinstance(content, bytes):
            temporary.write_bytes(content)
        else:
            shutil.copyfile(content, temporary)
            shutil.copystat(content, temporary)
        place.parent.mkdir(parents=True, exist_ok=True)
        temporary.replace(place)

    def remove(self, root: Path, names: Iterable[str]) -> None:
        with _told():
            for name in names:
                file = self._folder / name
                file.unlink(missing_ok=True)
                for folder in file.parents:
                    if folder == self._folder or not folder.is_dir() or any(folder.iterdir()):
                        break
                    folder.rmdir()

    def close(self) -> None:
        shutil.rmtree(self._folder / _TEMPORARY, ignore_errors=True)


@contextmanager
def _told() -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise Unreachable(
            f"无法写入“{error.filename or '目标文件夹'}”：{os.strerror(error.errno or 0)}"
        ) from error
