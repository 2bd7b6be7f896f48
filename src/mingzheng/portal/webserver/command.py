"""``mingzheng webserver-config``: prints the configuration of the web server in front."""

from __future__ import annotations

import argparse
import sys
from typing import Any

import django

DONE = 0


def register(commands: Any) -> None:
    """Add the command to the console script."""
    parser = commands.add_parser(
        "webserver-config",
        help="生成网页服务器配置",
        description="按本系统的网站、域名和各项上限，生成网页服务器的完整配置，输出到屏幕。网站开通、关停或者更换域名后重新生成。",
    )
    parser.add_argument("kind", choices=("nginx", "caddy"), metavar="服务器", help="nginx或者caddy")
    parser.add_argument(
        "--app", default="127.0.0.1:8000", metavar="地址", help="应用的地址，默认127.0.0.1:8000"
    )
    parser.add_argument("--host", default="", metavar="IP", help="只在这个地址监听，默认为本机全部地址")
    parser.add_argument("--port", type=int, default=80, metavar="端口", help="默认80")
    parser.add_argument(
        "--brotli", action="store_true", help="使用预压缩的br文件；nginx须装有libnginx-mod-http-brotli-static"
    )
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Print the configuration."""
    django.setup()
    from mingzheng.portal.webserver.services import Place, configuration

    place = Place(arguments.host, arguments.port, arguments.app, arguments.brotli)
    sys.stdout.write(configuration(arguments.kind, place))
    return DONE
