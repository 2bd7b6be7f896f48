"""The gate before every address below ``/api/``: rate limit, CORS, HEAD, OPTIONS, 304, and errors in one form."""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import Final

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.cache import get_conditional_response
from django.utils.http import http_date

from mingzheng.city.client import client_address
from mingzheng.law.errors import Refusal
from mingzheng.portal.api import answers
from mingzheng.portal.api.freshness import State, state_now, tag_of
from mingzheng.portal.api.limits import Allowance, meter
from mingzheng.publish.files.services import check_request_size
from mingzheng.publish.items.validation import UNPRINTABLE

PREFIX: Final = "/api/"
WRITING: Final = "/api/v1/submissions"
LONGEST_QUERY: Final = 4000
_READING: Final = "GET, HEAD, OPTIONS"
_ALL: Final = "GET, HEAD, POST, PUT, DELETE, OPTIONS"
_SEEN: Final = "ETag, Last-Modified, Retry-After, RateLimit-Limit, RateLimit-Remaining, RateLimit-Reset"
log = logging.getLogger(__name__)


class ApiGate:
    """Middleware; addresses elsewhere pass through untouched."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if not request.path.startswith(PREFIX):
            return self.get_response(request)
        head = request.method == "HEAD"
        if head:  # answered as a GET, without its content
            request.method = "GET"
        allowance = meter.count(client_address(request))
        if allowance is not None and allowance.left < 0:
            answer = _too_often(allowance)
        else:
            answer = self._answer(request)
        if allowance is not None:
            answer["RateLimit-Limit"] = str(allowance.limit)
            answer["RateLimit-Remaining"] = str(max(0, allowance.left))
            answer["RateLimit-Reset"] = str(allowance.seconds)
        if is_reading(request):
            answer["Access-Control-Allow-Origin"] = "*"
            answer["Access-Control-Expose-Headers"] = _SEEN
        if head:
            request.method = "HEAD"
            if answer.content:
                answer["Content-Length"] = str(len(answer.content))
                answer.content = b""
        return answer

    def _answer(self, request: HttpRequest) -> HttpResponse:
        allowed = _READING if is_reading(request) else _ALL
        if request.method == "OPTIONS":
            headers = {
                "Allow": allowed, "Access-Control-Allow-Methods": allowed, "Access-Control-Max-Age": "86400",
                "Access-Control-Allow-Headers": "If-None-Match, If-Modified-Since",
            }  # fmt: skip
            return HttpResponse(status=204, headers=headers if is_reading(request) else {"Allow": allowed})
        if not is_reading(request):
            answer = self._checked(request)
            answer["Cache-Control"] = "no-store"
            return answer
        if request.method != "GET":
            answer = answers.for_status(405)
            answer["Allow"] = allowed
            return answer
        state = state_now()
        tag, since = tag_of(state, request.get_full_path()), _whole_seconds(state)
        if request.headers.get("If-None-Match") != "*":
            unchanged = get_conditional_response(request, etag=tag, last_modified=since)
            if unchanged is not None and unchanged.status_code == 304:
                unchanged["ETag"] = tag
                unchanged["Cache-Control"] = "public, no-cache"
                return unchanged
        answer = self._checked(request)
        if answer.status_code == 200:
            answer["ETag"] = tag
            answer["Cache-Control"] = "public, no-cache"
            if since is not None:
                answer["Last-Modified"] = http_date(since)
        return answer

    def _checked(self, request: HttpRequest) -> HttpResponse:
        """The answer of the operation; whatever went wrong on the way to it is said as an error of the interface."""
        try:
            check_request_size([int(request.META.get("CONTENT_LENGTH") or 0)])
        except (Refusal, ValueError):
            return answers.for_status(413)
        query = request.META.get("QUERY_STRING", "")
        if len(query) > LONGEST_QUERY or any(
            UNPRINTABLE.search(value) for values in request.GET.lists() for value in (values[0], *values[1])
        ):
            sentence = f"查询条件过长（超过{LONGEST_QUERY}个字符）或者含有不能显示的控制字符。"
            return answers.refused(400, sentence, rule="request")
        answer = self.get_response(request)
        if answer.status_code >= 400 and not answer.get("Content-Type", "").startswith("application/json"):
            said = answers.for_status(answer.status_code)
            if answer.has_header("Allow"):
                said["Allow"] = answer["Allow"]
            return said
        return answer


def is_reading(request: HttpRequest) -> bool:
    """Whether the address belongs to the open data, which needs no key."""
    return not request.path.startswith(WRITING)


def _whole_seconds(state: State) -> int | None:
    """When the data last changed, for caches that know seconds; None while that second may bring another change."""
    seconds = int(state.since.timestamp())
    return seconds if int(timezone.now().timestamp()) - seconds > 1 else None


def _too_often(allowance: Allowance) -> HttpResponse:
    minutes = max(1, -(-allowance.seconds // 60))
    sentence = f"请求过于频繁，超过每10分钟{allowance.limit}次的上限，请在约{minutes}分钟后再试。"
    answer = answers.refused(429, sentence, rule="rate")
    answer["Retry-After"] = str(allowance.seconds)
    return answer
