"""The directory and streams of OLE compound files (.doc, .xls, .ppt, .wps, .et), read as far as checks need."""

from __future__ import annotations

import struct
from collections.abc import Iterator
from pathlib import Path

from mingzheng.publish.files.report import Findings, Source, listed

SIGNATURE = bytes.fromhex("d0cf11e0a1b11ae1")
_LAST_REGULAR = 0xFFFFFFFA
_STREAM_LIMIT = 64 * 1024 * 1024
_XLS_FILEPASS, _XLS_BOUNDSHEET = 0x002F, 0x0085
_XLS_MACRO_SHEET = 1
_WORD_ENCRYPTED = 0x0100
_PPT_ENCRYPTED = 0xF3D1C4DF


class CompoundFile:
    """Streams by name. Raises ValueError or struct.error when the file is damaged."""

    def __init__(self, content: bytes) -> None:
        if not content.startswith(SIGNATURE) or len(content) < 512:
            raise ValueError("no compound file")
        self._content = content
        sector_shift, mini_shift = struct.unpack_from("<HH", content, 30)
        if sector_shift not in (9, 12) or mini_shift != 6:
            raise ValueError("unknown sector size")
        self._sector = 1 << sector_shift
        self._mini_sector = 1 << mini_shift
        directory, _, self._mini_cutoff, mini_fat = struct.unpack_from("<IIII", content, 48)
        self._fat = self._read_fat()
        self._entries: dict[str, tuple[int, int]] = {}
        self._root = (0, 0)
        self._read_directory(directory)
        self._mini_fat = _numbers(self._chain(mini_fat)) if mini_fat < _LAST_REGULAR else ()
        self._mini: bytes | None = None

    @classmethod
    def read(cls, path: Path) -> CompoundFile:
        return cls(path.read_bytes())

    @property
    def names(self) -> frozenset[str]:
        """Names of streams and storages, at any depth."""
        return frozenset(self._entries)

    def stream(self, name: str, at_most: int = _STREAM_LIMIT) -> bytes:
        """The first bytes of a stream, empty when there is none of this name."""
        start, size = self._entries.get(name, (0, 0))
        size = min(size, at_most)
        if size == 0:
            return b""
        if self._entries[name][1] >= self._mini_cutoff:
            return self._chain(start, size)
        if self._mini is None:
            self._mini = self._chain(self._root[0], self._root[1])
        pieces = []
        for number in _walk(start, self._mini_fat, size // self._mini_sector + 1):
            pieces.append(self._mini[number * self._mini_sector : (number + 1) * self._mini_sector])
        return b"".join(pieces)[:size]

    def _read_fat(self) -> tuple[int, ...]:
        sectors = list(struct.unpack_from("<109I", self._content, 76))
        (following,) = struct.unpack_from("<I", self._content, 68)
        for _ in range(len(self._content) // self._sector):
            if following >= _LAST_REGULAR:
                break
            numbers = _numbers(self._block(following))
            sectors.extend(numbers[:-1])
            following = numbers[-1]
        used = dict.fromkeys(number for number in sectors if number < _LAST_REGULAR)
        return _numbers(b"".join(self._block(number) for number in used))

    def _read_directory(self, start: int) -> None:
        table = self._chain(start)
        for position in range(0, len(table) - 127, 128):
            length, kind = struct.unpack_from("<HB", table, position + 64)
            if kind == 0 or not 2 <= length <= 64:
                continue
            name = table[position : position + length - 2].decode("utf-16-le", "replace")
            first, size = struct.unpack_from("<II", table, position + 116)
            if kind == 5:
                self._root = (first, size)
            else:
                self._entries.setdefault(name, (first, size))

    def _block(self, number: int) -> bytes:
        begin = (number + 1) * self._sector
        block = self._content[begin : begin + self._sector]
        if not block:
            raise ValueError("sector beyond the end")
        return block.ljust(self._sector, b"\0")

    def _chain(self, start: int, size: int | None = None) -> bytes:
        most = len(self._content) // self._sector + 1 if size is None else size // self._sector + 1
        data = b"".join(self._block(number) for number in _walk(start, self._fat, most))
        return data if size is None else data[:size]


def read_ole(source: Source, findings: Findings) -> None:
    """Refuse macros and passwords in an old office file, report its hidden sheets; its text is not read."""
    file = CompoundFile.read(source.path)
    if "_VBA_PROJECT" in file.names or "_VBA_PROJECT_CUR" in file.names:
        raise source.refusal("含有宏，请删除宏或者另存为不含宏的格式后再上传")
    if _is_encrypted(file):
        raise source.refusal("设有密码，请先解除密码再上传")
    hidden = []
    for name, state, kind in _sheets(file):
        if kind == _XLS_MACRO_SHEET:
            raise source.refusal("含有Excel 4.0宏表，请删除宏表后再上传")
        if state:
            hidden.append(name)
    if hidden:
        findings.block("hidden-sheet", f"有{len(hidden)}个隐藏的工作表：{listed(hidden)}。", removable=False)
    findings.warn(
        "old-format",
        f"{source.kind.label}不能提取文字，也不能检查和清除批注、修订、作者等信息，建议另存为新版格式后上传。",
        removable=False,
    )


def _is_encrypted(file: CompoundFile) -> bool:
    word = file.stream("WordDocument", 16)
    if len(word) >= 12 and struct.unpack_from("<H", word, 10)[0] & _WORD_ENCRYPTED:
        return True
    slides = file.stream("Current User", 16)
    if len(slides) == 16 and struct.unpack_from("<I", slides, 12)[0] == _PPT_ENCRYPTED:
        return True
    encrypted_streams = {"EncryptedPackage", "EncryptionInfo", "EncryptedSummary"}
    return bool(encrypted_streams & file.names) or any(
        record == _XLS_FILEPASS for record, _ in _xls_records(file)
    )


def _sheets(file: CompoundFile) -> Iterator[tuple[str, int, int]]:
    """Name, hidden state (0 visible) and type of each sheet of an .xls or .et file."""
    for record, data in _xls_records(file):
        if record != _XLS_BOUNDSHEET or len(data) < 8:
            continue
        length, wide = data[6], data[7] & 1
        raw = data[8 : 8 + length * (2 if wide else 1)]
        yield raw.decode("utf-16-le" if wide else "latin-1", "replace"), data[4] & 3, data[5]


def _xls_records(file: CompoundFile) -> Iterator[tuple[int, bytes]]:
    """The records of the workbook's first section, where sheets and passwords are declared."""
    content = file.stream("Workbook") or file.stream("Book")
    position = 0
    while position + 4 <= len(content):
        record, length = struct.unpack_from("<HH", content, position)
        yield record, content[position + 4 : position + 4 + length]
        if record == 0x000A:
            return
        position += 4 + length


def _numbers(content: bytes) -> tuple[int, ...]:
    return struct.unpack(f"<{len(content) // 4}I", content[: len(content) // 4 * 4])


def _walk(start: int, table: tuple[int, ...], at_most: int) -> Iterator[int]:
    """The chain of sectors from ``start``; ends by itself even when the chain is a circle."""
    number = start
    for _ in range(at_most):
        if number >= _LAST_REGULAR:
            return
        if number >= len(table):
            raise ValueError("chain leaves the table")
        yield number
        number = table[number]
