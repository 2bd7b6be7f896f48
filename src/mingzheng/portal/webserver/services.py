"""Writes the whole configuration of nginx or Caddy for this installation, from its sites and limits.

The web server answers everything but the live addresses from the public folder alone, so that pages are read also
while the application is down. A domain is a line of a map: its ``/`` is the home of its site.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from django.conf import settings
from minijinja import Environment

from mingzheng.law.errors import Refusal
from mingzheng.portal import addresses
from mingzheng.portal.site import closed_domains, domains
from mingzheng.publish.files.limits import limits

KINDS: Final = {"nginx": "nginx.conf", "caddy": "Caddyfile"}
LIVE: Final = ("search", "figures", "reports", "-", "api")
"""First folders of the addresses that the application answers for citizens; see :mod:`mingzheng.portal.urls`."""
DESK: Final = ("office", "office-static")
"""Those of the back office."""

# Bodies carry alignment and indents as attributes, nothing else is inline; browsers that do not tell elements from
# attributes follow the first line. Pages frame nothing and are framed by nobody.
CONTENT_POLICY: Final = "; ".join(
    (
        "default-src 'self'",
        "style-src 'self' 'unsafe-inline'",
        "style-src-elem 'self'",
        "style-src-attr 'unsafe-inline'",
        "img-src 'self' data:",
        "object-src 'none'",
        "base-uri 'none'",
        "form-action 'self'",
        "frame-ancestors 'none'",
    )
)
_TEMPLATES: Final = Path(__file__).parent / "templates"
_HOST = re.compile(r"[a-z0-9]([a-z0-9.-]*[a-z0-9])?")
_APP = re.compile(r"([A-Za-z0-9.-]+|\[[0-9a-fA-F:]+\]):([0-9]{1,5})")
_TARGET = re.compile(r"(https?://[A-Za-z0-9.-]+(:[0-9]{1,5})?)?/(?!/)[A-Za-z0-9/._~%?&=+@,:-]*")
_ROOT = re.compile(r"[^\x00-\x1f\"'`$\\{};]+")


@dataclass(frozen=True, slots=True)
class Place:
    """Where the web server listens (every address of the machine when ``host`` is empty), and where the application does."""

    host: str = ""
    port: int = 80
    app: str = "127.0.0.1:8000"
    brotli: bool = False


def configuration(kind: str, place: Place) -> str:
    """The text of the configuration file. Raises Refusal for what cannot stand in one."""
    template = KINDS[kind]
    environment = Environment(
        loader=lambda name: (_TEMPLATES / name).read_text("utf-8"),
        auto_escape_callback=lambda name: False,
        undefined_behavior="strict",
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    return environment.render_template(template, **_facts(place))


def _facts(place: Place) -> dict[str, Any]:
    _check(place)
    homes = [(_host(domain), home) for domain, home in domains()]
    named = {domain for domain, _ in homes}
    closed = [(_host(domain), _target(domain, to)) for domain, to in closed_domains() if domain not in named]
    own = [host for host in settings.ALLOWED_HOSTS if _HOST.fullmatch(host) and host not in named]
    root = str(settings.PUBLIC_DIR)
    if not _ROOT.fullmatch(root):
        raise Refusal(f"公开页面文件夹“{root}”含有网页服务器配置中不能使用的字符，请换一个位置。")
    return {
        "host": place.host,
        "port": place.port,
        "app": place.app,
        "brotli": place.brotli,
        "root": root,
        "homes": homes,
        "closed": closed,
        "hosts": [*(domain for domain, _ in homes), *own],
        "live": LIVE,
        "desk": DESK,
        "policy": CONTENT_POLICY,
        "gone": addresses.GONE,
        "not_found": addresses.NOT_FOUND,
        "unavailable": addresses.UNAVAILABLE,
        "small_body": "100k",
        "desk_body_mb": limits().request // 2**20 + 1,  # the files of one request, and its fields
    }


def _check(place: Place) -> None:
    if not 0 < place.port < 65536:
        raise Refusal(f"端口“{place.port}”有误，应在1到65535之间。")
    if place.host and not re.fullmatch(r"[0-9]{1,3}(\.[0-9]{1,3}){3}|\[[0-9a-fA-F:]+\]", place.host):
        raise Refusal(f"监听地址“{place.host}”有误，应为本机的一个IP地址。")
    found = _APP.fullmatch(place.app)
    if found is None or not 0 < int(found[2]) < 65536:
        raise Refusal(f"应用地址“{place.app}”有误，应写作127.0.0.1:8000。")


def _host(domain: str) -> str:
    if not _HOST.fullmatch(domain):
        raise Refusal(f"域名“{domain}”有误，只能由小写字母、数字、点和连字符组成；请在网站管理中更正。")
    return domain


def _target(domain: str, target: str) -> str:
    if not _TARGET.fullmatch(target):
        raise Refusal(f"网站“{domain}”关停后转到的地址“{target}”有误，应为完整网址或者以“/”开头。")
    return target
