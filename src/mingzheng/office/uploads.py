"""How much one request may bring, decided by what it says of itself: nothing of it is read or stored before."""

from __future__ import annotations

import re

from django.http import HttpRequest

from mingzheng.law.errors import Refusal
from mingzheng.publish.files.limits import MB, limits
from mingzheng.publish.files.services import check_request_size

_ATTACHING = re.compile(r"/office/manuscripts/\d+/files/")
_FIELDS = 2 * MB  # what a form's other fields and the edges between its parts may add to a file


def check_length(request: HttpRequest) -> None:
    """Raises Refusal when the request is longer than anything that its address takes."""
    try:
        length = int(request.META.get("CONTENT_LENGTH") or 0)
    except ValueError:
        raise Refusal("请求的长度标示有误，请重新提交。") from None
    check_request_size([length])
    # Films and recordings come as attachments; every other address takes documents alone.
    largest = limits().upload["document"]
    if not _ATTACHING.fullmatch(request.path) and length > largest + _FIELDS:
        raise Refusal(
            f"提交的内容有{length // MB}MB，超过{largest // MB}MB的上限，没有接收；请压缩或者拆分后再提交。"
        )
