"""The operations of ``/api/v1`` put together, its errors, and its description as OpenAPI 3.1."""

from __future__ import annotations

import json
import logging
from functools import lru_cache
from typing import Any, Final

from django.core.exceptions import RequestDataTooBig, SuspiciousOperation
from django.db import OperationalError
from django.http import Http404, HttpRequest, HttpResponse, UnreadablePostError
from django.http.multipartparser import MultiPartParserError
from django.urls import URLPattern, URLResolver, path, re_path
from django.views.decorators.csrf import csrf_exempt
from ninja import NinjaAPI
from ninja.errors import AuthenticationError, ValidationError

from mingzheng.city.permissions import NotAllowed
from mingzheng.law.errors import Refusal
from mingzheng.portal.api import (
    answers,
    changes,
    city,
    docs,
    documents,
    items,
    schemas,
    statistics,
    submissions,
)
from mingzheng.portal.api.answers import ApiError

VERSION: Final = "1"
_REF: Final = "#/components/schemas/{model}"
_ABOUT: Final = (
    "全市政府信息公开的统一信息资源库。公开数据不需要密钥；提交稿件须有接口密钥。"
    "全部文字为UTF-8，日期为YYYY-MM-DD，时间带时区。"
)
log = logging.getLogger(__name__)

api = NinjaAPI(
    title="政府信息公开开放接口", version=VERSION, description=_ABOUT, openapi_url=None, docs_url=None,
    urls_namespace="api",
)  # fmt: skip
for _room in (city, items, documents, changes, statistics, submissions):
    api.add_router("", _room.router)


@api.exception_handler(ApiError)
def _ours(request: HttpRequest, error: ApiError) -> HttpResponse:
    return answers.refused(error.status, error.sentence, rule=error.rule, field=error.field)


@api.exception_handler(Refusal)
def _refusal(request: HttpRequest, error: Refusal) -> HttpResponse:
    if isinstance(error, NotAllowed):
        return answers.refused(403, error.sentence, rule="permission")
    return answers.refused(422, error.sentence, rule="refused")


@api.exception_handler(ValidationError)
def _invalid(request: HttpRequest, error: ValidationError) -> HttpResponse:
    return _ours(request, answers.worded(error.errors))


@api.exception_handler(AuthenticationError)
def _no_key(request: HttpRequest, error: AuthenticationError) -> HttpResponse:
    answer = answers.for_status(401)
    answer["WWW-Authenticate"] = "Bearer"
    return answer


@api.exception_handler(Http404)
def _missing(request: HttpRequest, error: Http404) -> HttpResponse:
    return answers.for_status(404)


@api.exception_handler(OperationalError)
def _busy(request: HttpRequest, error: OperationalError) -> HttpResponse:
    """A lock that was not given in time. Nothing was kept; the same request may be sent again."""
    log.exception("the database was busy")
    answer = answers.for_status(503)
    answer["Retry-After"] = "30"
    return answer


@api.exception_handler(Exception)
def _fault(request: HttpRequest, error: Exception) -> HttpResponse:
    if isinstance(error, RequestDataTooBig):
        return answers.for_status(413)
    if isinstance(error, (SuspiciousOperation, MultiPartParserError, UnreadablePostError)):
        return answers.for_status(400)
    log.exception("fault in the interface")
    return answers.for_status(500)


@csrf_exempt
def nowhere(request: HttpRequest, rest: str = "") -> HttpResponse:
    """Whatever else is asked for below ``/api/``."""
    return answers.for_status(404)


def openapi(request: HttpRequest) -> HttpResponse:
    """The description of the interface, OpenAPI 3.1."""
    return answers.told(description())


def docs_page(request: HttpRequest) -> HttpResponse:
    """The same for people."""
    return docs.page_of(description())


@lru_cache(maxsize=1)
def description() -> dict[str, Any]:
    """The OpenAPI document: what ninja knows of the operations, with bodies, headers and errors put in."""
    made: dict[str, Any] = json.loads(json.dumps(api.get_openapi_schema(path_prefix="api/v1/")))
    parts = made["components"]["schemas"]
    for model in (schemas.ErrorAnswer, schemas.NewSubmission, schemas.Content):
        schema = model.model_json_schema(ref_template=_REF)
        parts |= schema.pop("$defs", {})
        parts[model.__name__] = schema
    for address, operations in made["paths"].items():
        for method, operation in operations.items():
            writes = address.startswith("/api/v1/submissions")
            errors = {"400": "参数有误", "404": "没有这条记录", "429": "请求过于频繁"}
            if writes:
                errors |= {
                    "401": "没有有效的密钥",
                    "403": "没有权限",
                    "409": "稿件的状态不允许",
                    "422": "内容有误",
                }
            for status, said in errors.items():
                operation["responses"].setdefault(status, _error(said))
            for answer in operation["responses"].values():
                answer["description"] = _CHINESE.get(answer["description"], answer["description"])
            if method == "get" and not writes:
                operation["responses"]["304"] = {"description": "自上次读取后没有变化（请求头If-None-Match）"}
    _bodies(made["paths"])
    return made


_CHINESE: Final = {"OK": "成功", "Created": "已接收"}


def _error(said: str) -> dict[str, Any]:
    content = {"application/json": {"schema": {"$ref": _REF.format(model="ErrorAnswer")}}}
    return {"description": said, "content": content}


def _bodies(paths: dict[str, Any]) -> None:
    submit, revise = paths["/api/v1/submissions"]["post"], paths["/api/v1/submissions/{submission_id}"]["put"]
    new, content = ({"$ref": _REF.format(model=name)} for name in ("NewSubmission", "Content"))
    file = {
        "type": "string",
        "contentMediaType": "application/octet-stream",
        "description": "附件，可以有多个",
    }
    parts = {
        "type": "object",
        "properties": {"manuscript": new, "file": {"type": "array", "items": file}},
        "required": ["manuscript"],
    }
    submit["requestBody"] = {
        "required": True,
        "content": {"application/json": {"schema": new}, "multipart/form-data": {"schema": parts}},
    }
    revise["requestBody"] = {"required": True, "content": {"application/json": {"schema": content}}}
    submit["parameters"] = [
        *submit["parameters"],
        {
            "in": "header", "name": "Idempotency-Key", "required": True,
            "schema": {"type": "string", "minLength": 8, "maxLength": 120},
            "description": "本次提交的唯一标识，如UUID；8至120个可见的ASCII字符",
        },
    ]  # fmt: skip


urlpatterns: list[URLPattern | URLResolver] = [
    path("api/v1/openapi.json", openapi),
    path("api/v1/docs", docs_page),
    path("api/v1/", api.urls),
    re_path(r"^api/(?P<rest>.*)$", nowhere),
]
