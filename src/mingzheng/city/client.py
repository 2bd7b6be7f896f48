"""Where a request comes from; one answer for lock-outs, the session list, the audit chain, rate limits and the counting of readings."""

from __future__ import annotations

from allauth.core.internal.httpkit import get_client_ip
from django.core.exceptions import ImproperlyConfigured
from django.http import HttpRequest


def client_address(request: HttpRequest) -> str | None:
    """The client's address as our outermost proxy saw it (MINGZHENG_PROXIES), or the connection's own."""
    try:
        address: str | None = get_client_ip(request)
    except ImproperlyConfigured:  # fewer proxies than configured: somebody came past them
        address = request.META.get("REMOTE_ADDR")
    return address
