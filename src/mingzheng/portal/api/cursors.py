"""Cursors: where a page ended, by the keys of its last row, so that new rows never move what follows."""

from __future__ import annotations

import base64
import binascii
from datetime import UTC, datetime, timedelta
from typing import Final

from django.db.models import Q

from mingzheng.portal.api.answers import ApiError

LONGEST: Final = 120
_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_LARGEST: Final = 2**63 - 1
_LATEST: Final = 253_402_300_799_000_000  # microseconds: the last of the year 9999


def sealed(kind: str, *numbers: int) -> str:
    """The cursor of a list: ``kind`` says which list, so that none is taken for another's."""
    text = ":".join([kind, *map(str, numbers)])
    return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")


def opened(kind: str, cursor: str, count: int) -> tuple[int, ...]:
    """The numbers in a cursor; raises ApiError for what is none of this list."""
    try:
        if len(cursor) > LONGEST or not cursor.isascii():
            raise ValueError
        text = base64.b64decode(cursor + "=" * (-len(cursor) % 4), b"-_", validate=True).decode("ascii")
        name, *parts = text.split(":")
        if (
            name != kind
            or len(parts) != count
            or not all(each.isdigit() and len(each) < 20 for each in parts)
        ):
            raise ValueError
        numbers = tuple(map(int, parts))
        if any(number > _LARGEST for number in numbers):
            raise ValueError
    except (ValueError, binascii.Error, UnicodeDecodeError):
        raise ApiError(
            400, "游标有误：请原样使用上一页返回的next，不要自行拼写。", rule="cursor", field="cursor"
        ) from None
    return numbers


def of_moment(at: datetime) -> int:
    """A moment as whole microseconds, which both databases keep."""
    return (at - _EPOCH) // timedelta(microseconds=1)


def moment(number: int) -> datetime:
    return _EPOCH + timedelta(microseconds=min(number, _LATEST))


def older_than(kind: str, cursor: str, path: str = "") -> Q:
    """The condition of what follows in a list of items, the newest first."""
    if not cursor:
        return Q()
    number, pk = opened(kind, cursor, 2)
    at, field = moment(number), f"{path}first_published_at"
    # The first half lets an index begin at the right place.
    return Q(**{f"{field}__lte": at}) & (Q(**{f"{field}__lt": at}) | Q(**{f"{path}id__lt": pk}))
