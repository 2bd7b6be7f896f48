"""Sound and film: that the file is whole; what is said in it is not read."""

from __future__ import annotations

import struct

from mingzheng.publish.files.report import Findings, Source


def read_mp4(source: Source, findings: Findings) -> None:
    """Walk the boxes of the file: each lies inside it, and there is an index. Raises ValueError."""
    size = source.path.stat().st_size
    found = set()
    with source.path.open("rb") as stream:
        position = 0
        while position < size:
            stream.seek(position)
            header = stream.read(16)
            length, name = struct.unpack_from(">I4s", header)
            if length == 1:
                length = struct.unpack_from(">Q", header, 8)[0]
            length = length or size - position
            if length < 8 or position + length > size:
                raise ValueError("box beyond the end")
            found.add(name)
            position += length
    if not {b"moov", b"mdat"} <= found:
        raise ValueError("no index or no content")
    findings.note("no-text", "音视频内容不提取文字，请另行提供文字稿或者字幕。")


def read_mp3(source: Source, findings: Findings) -> None:
    """Look for a frame of sound after the tag. Raises ValueError."""
    with source.path.open("rb") as stream:
        head = stream.read(10)
        start = 0
        if head.startswith(b"ID3") and len(head) == 10:
            start = 10 + (head[6] << 21 | head[7] << 14 | head[8] << 7 | head[9])
        stream.seek(start)
        block = stream.read(1 << 16)
    if not any(block[at] == 0xFF and block[at + 1] & 0xE0 == 0xE0 for at in range(len(block) - 1)):
        raise ValueError("no frame")
    findings.note("no-text", "音视频内容不提取文字，请另行提供文字稿或者字幕。")
