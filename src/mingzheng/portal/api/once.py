"""Doing a request once however often it is sent: the mark that it carries (Idempotency-Key) is written down first.

The row of the mark is inserted before anything else in the same transaction. A second request with the same mark waits
for the first one's transaction at the unique constraint (PostgreSQL) or for the only writer (SQLite), then finds the
answer. A request that is refused leaves no mark: sent again, it is judged again.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any, Final

from django.db import IntegrityError, transaction
from django.http import HttpResponse
from django.utils import timezone

from mingzheng.portal.api.answers import JSON, ApiError, told
from mingzheng.portal.api.models import ApiKey, KeptAnswer

KEPT: Final = timedelta(days=3)
_MARK: Final = re.compile(r"[\x21-\x7e]{8,120}")


def checked_mark(mark: str | None) -> str:
    """The mark, if it is one: 8 to 120 visible ASCII characters."""
    if not mark:
        raise ApiError(
            400,
            "请在请求头Idempotency-Key中写明本次提交的唯一标识（如UUID），以免重复提交。",
            rule="idempotency",
        )
    if not _MARK.fullmatch(mark):
        raise ApiError(400, "请求头Idempotency-Key应为8至120个可见的ASCII字符。", rule="idempotency")
    return mark


def digest_of(*parts: Any) -> str:
    """What was asked, as a hash: the same content written another way is the same."""
    text = json.dumps(parts, ensure_ascii=False, sort_keys=True, default=str)
    return hashlib.sha256(text.encode("utf-8", "replace")).hexdigest()


def once(key: ApiKey, mark: str, digest: str, do: Callable[[], tuple[int, dict[str, Any]]]) -> HttpResponse:
    """The answer of ``do``, or the one that was given before under this mark."""
    with transaction.atomic():
        try:
            with transaction.atomic():
                made = KeptAnswer.objects.create(key=key, mark=mark, request=digest)
        except IntegrityError:
            return _again(KeptAnswer.objects.get(key=key, mark=mark), digest)
        status, data = do()
        answer = told(data, status)
        made.status, made.content = status, answer.content.decode()
        made.save(update_fields=["status", "content"])
        KeptAnswer.objects.filter(at__lt=timezone.now() - KEPT).delete()
    return answer


def _again(kept: KeptAnswer, digest: str) -> HttpResponse:
    if kept.request != digest:
        raise ApiError(
            422, "这个Idempotency-Key已经用于内容不同的提交；新的提交请用新的标识。", rule="idempotency"
        )
    headers = {"Idempotency-Replayed": "true"}
    return HttpResponse(kept.content.encode(), status=kept.status, content_type=JSON, headers=headers)
