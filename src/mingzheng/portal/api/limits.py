"""How often one address may ask: counted in spans of ten minutes, by a hash of the day, with one write for many requests.

A process counts by itself and adds to the common count every ``STEP`` requests, so that most visitors are never
written down, and the limit of a busy one is overrun by at most that many for each process.
"""

from __future__ import annotations

import ipaddress
import logging
import threading
from typing import Final, NamedTuple

from django.conf import settings
from django.db import OperationalError, connection
from django.utils import timezone
from django.utils.crypto import salted_hmac

from mingzheng.portal.api.models import RateCount

SPAN: Final = 600  # seconds
STEP: Final = 25  # requests
MOST_VISITORS: Final = 50_000  # that one process remembers within a span
_SALT: Final = "mingzheng.portal.api.limits"
_ADD: Final = (
    'INSERT INTO api_ratecount ("span", "visitor", "count") VALUES (%s, %s, %s) '
    'ON CONFLICT ("span", "visitor") DO UPDATE SET "count" = api_ratecount."count" + excluded."count" RETURNING "count"'
)
log = logging.getLogger(__name__)


class Allowance(NamedTuple):
    """What an address may still ask for in this span; ``left`` is negative when it asked for too much."""

    limit: int
    left: int
    seconds: int
    """Until the span ends."""


class Meter:
    """Counts requests. One for each process; safe between its threads."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._span = 0
        self._common: dict[str, int] = {}
        self._own: dict[str, int] = {}

    def count(self, address: str | None) -> Allowance | None:
        """Count one request of an address; None when there is no limit."""
        limit: int = settings.API_LIMIT
        if not limit:
            return None
        now = timezone.now()
        span = int(now.timestamp()) // SPAN
        visitor = visitor_of(address or "", timezone.localdate(now).isoformat())
        with self._lock:
            if span != self._span or len(self._own) > MOST_VISITORS:
                self._span, self._common, self._own = span, {}, {}
            own = self._own[visitor] = self._own.get(visitor, 0) + 1
            asked = self._common.get(visitor, 0) + own
        if own >= STEP and (common := _added(span, visitor, own)) is not None:
            with self._lock:
                if self._span == span:
                    self._own[visitor] -= own
                    self._common[visitor] = asked = common
        return Allowance(limit, limit - asked, (span + 1) * SPAN - int(now.timestamp()))


def visitor_of(address: str, day: str) -> str:
    """A name for an address that holds for one day and cannot be led back to it. IPv6 counts by its network (/64)."""
    try:
        read = ipaddress.ip_address(address)
    except ValueError:
        read = None
    if isinstance(read, ipaddress.IPv6Address):
        address = str(ipaddress.ip_network((read, 64), strict=False))
    return salted_hmac(f"{_SALT}/{day}", address, algorithm="sha256").hexdigest()[:32]


def _added(span: int, visitor: str, number: int) -> int | None:
    """The common count after adding to it; None when the database could not take it now, which stops nobody."""
    try:
        with connection.cursor() as cursor:
            cursor.execute(_ADD, [span, visitor, number])
            (count,) = cursor.fetchone()
        if count == number:  # the first word of this visitor: time to forget the spans before
            RateCount.objects.filter(span__lt=span).delete()
    except OperationalError:
        log.warning("requests could not be counted")
        return None
    return int(count)


meter = Meter()
