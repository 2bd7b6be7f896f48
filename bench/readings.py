"""Telling a reading, against an empty view behind the same middleware: ``python -m bench.readings [--seconds N]``.

Two processes of the application (the standard library's plain server), ``wrk`` in front; every request is another reader
on another address, so that each is counted. A third process adds up meanwhile, as ``mingzheng work`` does.
"""

from __future__ import annotations

import argparse
import os
import re
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Callable
from datetime import date
from typing import Any
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer

from bench.city import build_units, drafts, fresh_home

PROCESSES, CONNECTIONS, ITEMS = 2, 8, 2000
LUA = """
local pages = {{{pages}}}
request = function()
  local page = pages[math.random(#pages)]
  wrk.headers["User-Agent"] = "Mozilla/5.0 reader " .. math.random(1000000)
  wrk.headers["X-Forwarded-For"] = "10." .. math.random(255) .. "." .. math.random(255) .. "." .. math.random(255)
  return wrk.format("POST", page)
end
"""


class _Quiet(WSGIRequestHandler):
    def log_message(self, format: str, *args: Any) -> None:
        pass


def forked(act: Callable[[], object]) -> int:
    """Do it in a child; returns its id."""
    child = os.fork()
    if not child:
        try:
            act()
        finally:
            os._exit(0)
    return child


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=int, default=8)
    seconds = parser.parse_args().seconds
    os.environ["MINGZHENG_PROXIES"] = "1"
    with fresh_home() as home:
        from django.core.wsgi import get_wsgi_application
        from django.db import connections
        from django.http import HttpResponse
        from django.urls import path
        from django.views.decorators.csrf import csrf_exempt

        from mingzheng import urls
        from mingzheng.portal.addresses import item_path
        from mingzheng.portal.reading.models import ItemDay
        from mingzheng.portal.reading.services import Part, Period, fold
        from mingzheng.publish.items.models import Item
        from mingzheng.publish.items.services import import_items

        empty_view = csrf_exempt(lambda request: HttpResponse(status=204))
        urls.urlpatterns.insert(0, path("empty", empty_view))
        office, codes = build_units()
        import_items(office, drafts(codes, ITEMS), source="bench")
        pages = [item_path(pk, at) for pk, at in Item.objects.values_list("pk", "first_published_at")]
        with socket.socket() as listening:
            listening.bind(("127.0.0.1", 0))
            listening.listen(128)
            connections.close_all()

            def serve() -> None:
                server = WSGIServer(listening.getsockname(), _Quiet, bind_and_activate=False)
                server.socket, server.server_name, server.server_port = listening, "localhost", 0
                server.setup_environ()
                server.set_app(get_wsgi_application())
                server.serve_forever()

            def add_up() -> None:
                while True:
                    time.sleep(2)
                    fold()

            children = [*(forked(serve) for _ in range(PROCESSES)), forked(add_up)]
            try:
                base = f"http://127.0.0.1:{listening.getsockname()[1]}"
                empty = _wrk(base, ["/empty"], seconds)
                beacon = _wrk(base, [f"/-/views?page={page}" for page in pages], seconds)
            finally:
                for child in children:
                    os.kill(child, signal.SIGKILL)
                    os.waitpid(child, 0)
        fold()
        counted = Part(Period(date(2020, 1, 1), date(9999, 12, 30))).total().items
        print(f"empty view   {empty[0]:8.0f} requests/s   p99 {empty[1]}")
        print(
            f"a reading    {beacon[0]:8.0f} requests/s   p99 {beacon[1]}   {beacon[0] / empty[0]:.2f} of the empty view"
        )
        print(f"told {beacon[2]}, counted {counted} in {ItemDay.objects.count()} rows, on {home.name}")


def _wrk(base: str, pages: list[str], seconds: int) -> tuple[float, str, int]:
    """Requests a second, 99th percentile, and requests answered."""
    with tempfile.NamedTemporaryFile("w", suffix=".lua") as script:
        script.write(LUA.format(pages=",".join(f'"{page}"' for page in pages)))
        script.flush()
        command = ["wrk", "-t1", f"-c{CONNECTIONS}", f"-d{seconds}s", "--latency", "-s", script.name, base]
        told = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    assert "Non-2xx" not in told, told
    found = [
        re.search(each, told) for each in (r"Requests/sec:\s+([\d.]+)", r"99%\s+(\S+)", r"(\d+) requests in")
    ]
    rate, slow, answered = (each[1] if each else "0" for each in found)
    return float(rate), slow, int(answered)


if __name__ == "__main__":
    main()
