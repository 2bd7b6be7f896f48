"""Answers as JSON, and errors as one Chinese sentence with the field and the rule that it is about."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import Any, Final

from django.http import HttpResponse
from pydantic import ValidationError

JSON: Final = "application/json; charset=utf-8"


class ApiError(Exception):
    """Something that the interface does not do: status, sentence, and where it lies."""

    def __init__(self, status: int, sentence: str, *, rule: str, field: str | None = None) -> None:
        super().__init__(sentence)
        self.status, self.sentence, self.rule, self.field = status, sentence, rule, field


def told(data: Any, status: int = 200) -> HttpResponse:
    """The data as compact JSON, Chinese as it is."""
    text = json.dumps(data, ensure_ascii=False, separators=(",", ":"))
    return HttpResponse(text.encode("utf-8", "replace"), status=status, content_type=JSON)


def refused(status: int, sentence: str, *, rule: str, field: str | None = None) -> HttpResponse:
    """An error as every caller gets it."""
    return told({"error": {"sentence": sentence, "field": field, "rule": rule}}, status)


# Status -> rule and sentence, for what went wrong before any operation was reached.
BY_STATUS: Final = {
    400: ("request", "服务器无法理解这个请求，请对照接口说明核对。"),
    401: ("key", "请求没有带有效的接口密钥，请在请求头Authorization中写明“Bearer 密钥”。"),
    403: ("permission", "没有办理这项操作的权限。"),
    404: ("not_found", "没有这个地址或者这条记录，请对照接口说明核对。"),
    405: ("method", "这个地址不接受这种请求方法，可用的方法见响应头Allow。"),
    413: ("too_large", "请求的内容超过上限，没有接收；附件较大的请用multipart/form-data提交。"),
    503: ("busy", "系统正忙，本次请求没有办理，请稍后原样再试。"),
}
FAULT: Final = ("fault", "服务器处理时发生错误，请稍后再试；如多次出现，请告知网站主办单位。")


def for_status(status: int) -> HttpResponse:
    """The error of an answer that nobody has worded."""
    rule, sentence = BY_STATUS.get(status, FAULT)
    return refused(status, sentence, rule=rule)


_SENTENCES: Final[Mapping[str, Callable[[str, Mapping[str, Any]], str]]] = {
    "missing": lambda name, ctx: f"缺少“{name}”。",
    "extra_forbidden": lambda name, ctx: f"没有名为“{name}”的项目，请对照接口说明核对。",
    "string_too_long": lambda name, ctx: f"“{name}”超过{ctx.get('max_length')}个字符的上限。",
    "string_too_short": lambda name, ctx: f"“{name}”不能为空。",
    "string_pattern_mismatch": lambda name, ctx: f"“{name}”的格式有误，请对照接口说明核对。",
    "too_long": lambda name, ctx: f"“{name}”超过{ctx.get('max_length')}项的上限。",
    "greater_than_equal": lambda name, ctx: f"“{name}”不能小于{ctx.get('ge')}。",
    "less_than_equal": lambda name, ctx: f"“{name}”不能大于{ctx.get('le')}。",
    "literal_error": lambda name, ctx: f"“{name}”应为{str(ctx.get('expected')).replace(' or ', '、')}之一。",
    "json_invalid": lambda name, ctx: "请求的内容不是合法的JSON。",
}
_KINDS: Final = (
    ("date_", "应为日期，写作2018-03-05的形式"),
    ("int", "应为整数"),
    ("bool", "应为true或者false"),
    ("string", "应为文字"),
    ("list", "应为数组"),
    ("model", "应为对象"),
)


def worded(errors: list[dict[str, Any]]) -> ApiError:
    """What pydantic found, the first of it, as our sentence."""
    first = errors[0]
    path = [str(each) for each in first["loc"][1:]]  # the source stands in front
    if path[:1] == ["asked"]:  # and, where ninja reads it, the name of the operation's argument
        path = path[1:]
    name, kind = ".".join(path)[:60], str(first["type"])
    word = _SENTENCES.get(kind)
    if word is not None:
        sentence = word(name, first.get("ctx") or {})
    else:
        said = next((said for start, said in _KINDS if kind.startswith(start)), "的值有误")
        sentence = f"“{name}”{said}。"
    return ApiError(
        422 if first["loc"][:1] == ("body",) else 400, sentence, rule="invalid", field=name or None
    )


def worded_body(error: ValidationError) -> ApiError:
    """The same of a body that we read ourselves."""
    found = error.errors(include_url=False, include_context=True, include_input=False)
    return worded([{**each, "loc": ("body", *each["loc"])} for each in found])
