"""ZIP containers of strangers: every size is checked in the directory first and counted again while reading."""

from __future__ import annotations

import zipfile
from pathlib import Path
from types import TracebackType
from typing import IO

from mingzheng.publish.files.limits import MB, limits
from mingzheng.publish.files.report import Source

_BLOCK = 1 << 18
_ENTRY_SIGNATURE = b"PK\x01\x02"
_ENCRYPTED = 0x1


class Archive:
    """A ZIP file whose directory has passed every check. Raises Refusal on opening when it has not."""

    def __init__(self, source: Source) -> None:
        self.source = source
        if _count(source.path, _ENTRY_SIGNATURE) > limits().archive_entries:
            raise source.refusal(f"内部的文件超过{limits().archive_entries}个，不能上传")
        self._zip = zipfile.ZipFile(source.path)
        self._entries = {entry.filename: entry for entry in self._zip.infolist() if not entry.is_dir()}
        self._check_directory()

    def __enter__(self) -> Archive:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._zip.close()

    @property
    def names(self) -> list[str]:
        return list(self._entries)

    def __contains__(self, name: str) -> bool:
        return name in self._entries

    def size(self, name: str) -> int:
        return self._entries[name].file_size

    def open(self, name: str) -> IO[bytes]:
        """The entry as a stream, which never yields more than the directory declares."""
        return self._zip.open(self._entries[name])

    def read(self, name: str) -> bytes:
        """A whole entry; call it for parts that are held in memory only."""
        if self.size(name) > limits().xml_tree:
            raise self.source.refusal(f"内部的“{name}”超过{limits().xml_tree // MB}MB，无法检查")
        with self.open(name) as stream:
            return stream.read()

    def verify(self) -> None:
        """Read every entry to its end: sizes and checksums are what the directory says."""
        total = 0
        for name in self._entries:
            with self.open(name) as stream:
                while block := stream.read(_BLOCK):
                    total += len(block)
                    if total > limits().archive_total:
                        raise self._bomb()

    def _check_directory(self) -> None:
        rules = limits()
        entries = self._entries.values()
        if len(self._entries) != sum(not entry.is_dir() for entry in self._zip.infolist()):
            raise self.source.refusal("内部有重名的文件，不能上传")
        for entry in entries:
            if entry.flag_bits & _ENCRYPTED:
                raise self.source.refusal("设有密码，请先解除密码再上传")
            parts = entry.filename.replace("\\", "/").split("/")
            if ".." in parts or parts[0] == "" or ":" in parts[0]:
                raise self.source.refusal("内部的文件路径指向外部目录，不能上传")
            if entry.file_size > rules.archive_entry:
                raise self._bomb()
            big = entry.file_size > rules.archive_ratio_from
            if big and entry.file_size > rules.archive_ratio * max(entry.compress_size, 1):
                raise self._bomb()
        packed = sum(entry.compress_size for entry in entries)
        # Entries that share the same packed bytes are the other way to build a bomb.
        if (
            packed > self.source.path.stat().st_size
            or sum(e.file_size for e in entries) > rules.archive_total
        ):
            raise self._bomb()

    def _bomb(self) -> Exception:
        return self.source.refusal("解压后体积异常（疑似压缩炸弹），不能上传")


def _count(path: Path, signature: bytes) -> int:
    """How often the signature occurs: no directory can list more entries, whatever its header claims."""
    count, tail = 0, b""
    with path.open("rb") as stream:
        while block := stream.read(_BLOCK):
            count += (tail + block).count(signature)
            tail = block[-(len(signature) - 1) :]
    return count
