"""The small web server for trying the system on one machine: published files first, Django for everything else.

A city's web servers do the same with their own means: files from the public folder, ``/-/`` and what has no
file to Django.
"""

from __future__ import annotations

import mimetypes
import os
import stat
from collections.abc import Callable, Iterable
from http import HTTPStatus
from pathlib import Path
from socketserver import ThreadingMixIn
from typing import Any, Final
from urllib.parse import quote
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer, make_server
from wsgiref.util import FileWrapper

from django.conf import settings
from django.contrib.staticfiles import finders
from django.core.wsgi import get_wsgi_application
from django.db import connections

from mingzheng.portal.addresses import GONE, gone_path

Environ = dict[str, Any]
StartResponse = Callable[..., Any]
Application = Callable[[Environ, StartResponse], Iterable[bytes]]

_TEXT: Final = ("text/", "application/javascript", "image/svg+xml", "application/json", "application/xml")
_HEADERS: Final = (("X-Content-Type-Options", "nosniff"), ("X-Frame-Options", "DENY"))


def find_file(root: Path, path: str) -> Path | None:
    """The published file of an address, None when there is none.

    No segment may begin with a dot, so nothing above the folder and no hidden file is ever reached; neither is
    anything that a link leads to outside the folder, nor what is sent in the place of another file only.
    """
    if path.endswith(GONE):
        return None
    return _file_below(root, path)


def find_gone(root: Path, path: str) -> Path | None:
    """What stands at an address whose page was withdrawn, None when there never was one."""
    return None if path.endswith(GONE) else _file_below(root, gone_path(path))


def _file_below(root: Path, path: str) -> Path | None:
    segments = path.lstrip("/").split("/")
    if any(part.startswith(".") or "\\" in part or "\0" in part for part in segments):
        return None
    name = root.joinpath(*segments)
    if path.endswith("/"):
        name = name / "index.html"
    try:
        real = name.resolve(strict=True)
    except (OSError, ValueError):
        return None
    return real if real.is_file() and real.is_relative_to(root.resolve()) else None


def content_type(name: str) -> str:
    """With what type a file of that name is sent; the notice of a withdrawn item is a page."""
    kind = mimetypes.guess_type(name.removesuffix(GONE))[0] or "application/octet-stream"
    return f"{kind}; charset=utf-8" if kind.startswith(_TEXT) else kind


class Files:
    """Serves the public folder; what is not there is left to ``fallback``."""

    def __init__(self, root: Path, fallback: Application) -> None:
        self._root = root
        self._fallback = fallback

    def __call__(self, environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
        if environ["REQUEST_METHOD"] not in ("GET", "HEAD"):
            return self._fallback(environ, start_response)
        path = environ["PATH_INFO"].encode("latin-1").decode("utf-8", "replace")
        file = find_file(self._root, path)
        if file is not None:
            return _send(file, environ, start_response)
        gone = find_gone(self._root, path)
        if gone is not None:
            return _send(gone, environ, start_response, status=HTTPStatus.GONE)
        if not path.endswith("/") and path.lstrip("/") and find_file(self._root, f"{path}/"):
            start_response("301 Moved Permanently", [("Location", quote(f"/{path.strip('/')}/"))])
            return []
        return self._fallback(environ, start_response)


def _send(
    file: Path,
    environ: Environ,
    start_response: StartResponse,
    cache: str = "no-cache",
    status: HTTPStatus = HTTPStatus.OK,
) -> Iterable[bytes]:
    kind = content_type(file.name)
    body = file.open("rb")
    size = os.fstat(body.fileno())[stat.ST_SIZE]
    headers = [
        ("Content-Type", kind),
        ("Content-Length", str(size)),
        ("Cache-Control", cache),
        *_HEADERS,
    ]
    start_response(f"{status.value} {status.phrase}", headers)
    if environ["REQUEST_METHOD"] == "HEAD":
        body.close()
        return []
    return FileWrapper(body, 65536)


class OfficeAssets:
    """Serves the scripts, styles and images of the back office from the packages that bring them."""

    def __init__(self, fallback: Application) -> None:
        self._fallback = fallback

    def __call__(self, environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
        path = environ["PATH_INFO"]
        if path.startswith(settings.STATIC_URL) and environ["REQUEST_METHOD"] in ("GET", "HEAD"):
            name = finders.find(path.removeprefix(settings.STATIC_URL))
            if isinstance(name, str) and Path(name).is_file():
                return _send(Path(name), environ, start_response, cache="max-age=3600")
        return self._fallback(environ, start_response)


def application() -> Application:
    """The published pages with Django behind them."""
    return OfficeAssets(Files(Path(settings.PUBLIC_DIR), get_wsgi_application()))


class _Server(ThreadingMixIn, WSGIServer):
    daemon_threads = True

    def process_request_thread(self, request: Any, client_address: Any) -> None:
        super().process_request_thread(request, client_address)
        connections.close_all()  # those of this thread, which answers no other request


class _QuietHandler(WSGIRequestHandler):
    """Keeps no log: visitors' addresses are nobody's business on a trial machine."""

    def log_message(self, format: str, *args: Any) -> None:
        pass


def serve(host: str, port: int, announce: Callable[[str], object]) -> None:
    """Serve until interrupted; ``announce`` is told the address once the port is open."""
    with make_server(host, port, application(), _Server, _QuietHandler) as server:
        announce(f"http://{host}:{port}/")
        try:
            server.serve_forever()
        except KeyboardInterrupt:
            return
