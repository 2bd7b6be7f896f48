"""Fetches one address of a site that may be hostile: everything is bounded, and no address leads into the inner network.

A request has one deadline for all of it, so that neither slow headers nor a dripping body holds the check up; bodies
are read and unpacked up to a limit. A host is looked up once and the connection goes to the address that was checked,
so that a second answer of the name service changes nothing.
"""

from __future__ import annotations

import http.client
import ipaddress
import socket
import ssl
import threading
import zlib
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Final, NamedTuple
from urllib.parse import urljoin, urlsplit

from mingzheng.measure.sitecheck.links import LONGEST
from mingzheng.measure.sitecheck.reading import LARGEST_PAGE

TIMEOUT: Final = 15.0  # seconds for a whole answer, the limit of 国办发〔2015〕15号
MOST_REDIRECTS: Final = 5
_AGENT: Final = "mingzheng-check-site (+政府网站自查)".encode().decode("latin-1")
_REDIRECTS: Final = (301, 302, 303, 307, 308)
_CHUNK: Final = 65536


class Answer(NamedTuple):
    """What came: status 0 and ``why`` when nothing did. ``url`` is where redirects ended."""

    url: str
    status: int
    kind: str = ""
    body: bytes = b""
    why: str = ""

    @property
    def is_page(self) -> bool:
        return self.kind in ("", "text/html", "application/xhtml+xml")


class _Trouble(Exception):
    """Why there is no answer, in words."""


@dataclass(slots=True)
class Fetcher:
    """Fetches by GET and HEAD. ``inner``: hosts in a private network that may be asked, because the start was one."""

    inner: frozenset[str] = frozenset()
    timeout: float = TIMEOUT
    _context: ssl.SSLContext = field(default_factory=ssl.create_default_context)

    def get(self, url: str, most: int = LARGEST_PAGE) -> Answer:
        """The answer to GET, its body up to ``most`` bytes when it is a page of text."""
        return self._follow("GET", url, most)

    def head(self, url: str) -> Answer:
        """The answer to HEAD, or to GET without its body where a server does not know HEAD."""
        answer = self._follow("HEAD", url, 0)
        return self._follow("GET", url, 0) if answer.status in (403, 405, 501) else answer

    def _follow(self, method: str, url: str, most: int) -> Answer:
        for _ in range(MOST_REDIRECTS + 1):
            try:
                answer, location = self._once(method, url, most)
            except _Trouble as trouble:
                return Answer(url, 0, why=str(trouble))
            except (TimeoutError, ssl.SSLError, OSError, http.client.HTTPException, ValueError) as error:
                return Answer(
                    url, 0, why=f"{self.timeout:g}秒内没有答复" if _timed_out(error) else _words(error)
                )
            if answer.status not in _REDIRECTS or not location:
                return answer
            try:
                url = urljoin(url, location)
            except ValueError:
                return Answer(url, 0, why="跳转的网址有误")
            if len(url) > LONGEST:
                return Answer(url[:LONGEST], 0, why="跳转的网址过长")
        return Answer(url, 0, why=f"跳转超过{MOST_REDIRECTS}次")

    def _once(self, method: str, url: str, most: int) -> tuple[Answer, str]:
        parts = urlsplit(url)
        if parts.scheme not in ("http", "https") or not parts.hostname:
            raise _Trouble("不是http(s)网址")
        connection = self._connect(parts.scheme, parts.hostname, parts.port)
        watch = _Watch(connection, self.timeout)
        try:
            answer, location = self._exchange(connection, method, url, most)
        except Exception:
            if watch.is_over():
                raise TimeoutError from None
            raise
        finally:
            watch.end()
        if watch.is_over():  # what was cut off looks like an answer that ended
            raise TimeoutError
        return answer, location

    def _exchange(
        self, connection: http.client.HTTPConnection, method: str, url: str, most: int
    ) -> tuple[Answer, str]:
        parts = urlsplit(url)
        target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
        host = parts.netloc.rpartition("@")[2]
        headers = {"User-Agent": _AGENT, "Accept-Encoding": "gzip", "Accept": "*/*", "Host": host}
        connection.request(method, target, headers=headers)
        response = connection.getresponse()
        kind = (response.getheader("Content-Type") or "").partition(";")[0].strip().lower()
        answer = Answer(url, response.status, kind)
        if method == "GET" and most and (answer.is_page or kind == "text/plain"):
            answer = answer._replace(body=_body(response, most))
        return answer, response.getheader("Location") or ""

    def _connect(self, scheme: str, host: str, port: int | None) -> http.client.HTTPConnection:
        port = port or (443 if scheme == "https" else 80)
        address = self._look_up(host, port)
        sock = socket.create_connection((address, port), timeout=self.timeout)
        if scheme == "https":
            try:
                sock = self._context.wrap_socket(sock, server_hostname=host)
            except BaseException:
                sock.close()
                raise
        connection = http.client.HTTPConnection(host, port, timeout=self.timeout)
        connection.sock = sock
        return connection

    def _look_up(self, host: str, port: int) -> str:
        """An address of the host. None of its addresses may be in an inner network, unless the start itself was."""
        try:
            found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
        except (OSError, UnicodeError):
            raise _Trouble("域名无法解析") from None
        addresses = [str(each[4][0]) for each in found]
        if host.lower() not in self.inner and not all(is_public(each) for each in addresses):
            raise _Trouble("指向内部网络的地址，没有访问")
        return addresses[0]


def is_public(address: str) -> bool:
    """Whether the IP address is one of the open internet."""
    ip = ipaddress.ip_address(address.partition("%")[0])
    mapped = getattr(ip, "ipv4_mapped", None) or getattr(ip, "sixtofour", None)
    return ip.is_global and not ip.is_multicast and (mapped is None or mapped.is_global)


def is_inner_host(host: str) -> bool:
    """Whether any address of the host is in an inner network."""
    try:
        found = socket.getaddrinfo(host, None, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError):
        return False
    return not all(is_public(str(each[4][0])) for each in found)


class _Watch:
    """Ends a connection whose time is up: whoever waits for it stops waiting."""

    def __init__(self, connection: http.client.HTTPConnection, seconds: float) -> None:
        self._connection, self._over = connection, threading.Event()
        self._sock = connection.sock  # the connection lets go of it once the answer begins
        self._timer = threading.Timer(seconds, self._cut)
        self._timer.daemon = True
        self._timer.start()

    def _cut(self) -> None:
        self._over.set()
        with suppress(OSError):
            self._sock.shutdown(socket.SHUT_RDWR)

    def is_over(self) -> bool:
        return self._over.is_set()

    def end(self) -> None:
        self._timer.cancel()
        self._connection.close()
        self._sock.close()


def _body(response: http.client.HTTPResponse, most: int) -> bytes:
    """Up to ``most`` bytes of the body, unpacked; raises when there is more, or when it is cut short."""
    encoding = (response.getheader("Content-Encoding") or "").strip().lower()
    if encoding not in ("", "identity", "gzip", "deflate"):
        raise _Trouble(f"不支持的压缩方式“{encoding[:20]}”")
    unpack = (
        zlib.decompressobj(47) if encoding in ("gzip", "deflate") else None
    )  # 47: gzip or zlib, whichever it is
    body, size = [], 0
    while chunk := response.read1(_CHUNK):
        while chunk:
            plain = chunk if unpack is None else _unpack(unpack, chunk, most + 1 - size)
            size += len(plain)
            if size > most:
                raise _Trouble(f"页面超过{most // 1_000_000} MB，没有读完")
            body.append(plain)
            chunk = unpack.unconsumed_tail if unpack is not None else b""
    if response.length:
        raise _Trouble("内容没有传完")
    return b"".join(body)


def _unpack(unpack: zlib._Decompress, chunk: bytes, most: int) -> bytes:
    try:
        return unpack.decompress(chunk, most)
    except zlib.error:
        raise _Trouble("压缩的内容已损坏") from None


def _timed_out(error: Exception) -> bool:
    return isinstance(error, TimeoutError) or "timed out" in str(error)


def _words(error: Exception) -> str:
    if isinstance(error, ssl.SSLError):
        return "证书或加密连接有误"
    if isinstance(error, ConnectionRefusedError):
        return "拒绝连接"
    if isinstance(error, http.client.RemoteDisconnected | http.client.IncompleteRead | ConnectionError):
        return "连接中断"
    return "没有正确答复"
