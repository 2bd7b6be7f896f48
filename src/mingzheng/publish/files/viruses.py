"""Asks the city's virus scanner (clamd) about a file, by its INSTREAM command."""

from __future__ import annotations

import socket
import struct
from pathlib import Path

from django.conf import settings

from mingzheng.publish.files.report import refusal

_BLOCK = 1 << 16
_TIMEOUT = 60.0


def scan_for_viruses(path: Path) -> None:
    """Raises Refusal when the scanner finds a virus, and also when it does not answer properly.

    The setting ``MINGZHENG_CLAMD`` is ``host:port`` or the path of a socket; without it nothing is scanned.
    """
    address = getattr(settings, "MINGZHENG_CLAMD", "")
    if not address:
        return
    try:
        answer = _ask(address, path)
    except (OSError, ValueError) as error:
        raise refusal(path.name, "未能完成病毒扫描（扫描服务没有应答），暂不能上传") from error
    if answer.endswith("FOUND"):
        virus = answer.removeprefix("stream:").removesuffix("FOUND").strip()
        raise refusal(path.name, f"含有病毒{virus}，不能上传")
    if answer != "stream: OK":
        raise refusal(path.name, f"未能完成病毒扫描（扫描服务答复“{answer[:60]}”），暂不能上传")


def _ask(address: str, path: Path) -> str:
    with _connected(address) as scanner, path.open("rb") as stream:
        scanner.sendall(b"zINSTREAM\0")
        while block := stream.read(_BLOCK):
            scanner.sendall(struct.pack(">I", len(block)) + block)
        scanner.sendall(struct.pack(">I", 0))
        answer = b""
        while not answer.endswith(b"\0") and (piece := scanner.recv(4096)):
            answer += piece
    return answer.decode("utf-8", "replace").strip("\0\n ")


def _connected(address: str) -> socket.socket:
    if address.startswith("/"):
        scanner = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        scanner.settimeout(_TIMEOUT)
        scanner.connect(address)
        return scanner
    host, _, port = address.rpartition(":")
    return socket.create_connection((host.strip("[]"), int(port)), timeout=_TIMEOUT)
