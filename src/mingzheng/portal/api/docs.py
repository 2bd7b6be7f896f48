"""The documentation page: a guide for programmers and every operation, in the site's shell and without a script."""

from __future__ import annotations

from functools import lru_cache
from importlib import resources
from typing import Any, Final

import yaml
from django.conf import settings
from django.http import HttpResponse

from mingzheng.portal.site import Face, portal_face
from mingzheng.portal.views import page

PATH: Final = "/api/v1/docs"
_TYPES: Final = {
    "string": "文字", "integer": "整数", "number": "数", "boolean": "是否", "array": "数组", "object": "对象", "null": "null"
}  # fmt: skip
_FORMATS: Final = {"date": "日期", "date-time": "时间"}
_METHODS: Final = {"get": "GET", "post": "POST", "put": "PUT", "delete": "DELETE"}


@lru_cache(maxsize=1)
def guide() -> dict[str, Any]:
    """The guide, from ``guide.yaml``: chapters with text and commands. ``{site}`` is the site's address."""
    text = resources.files("mingzheng.portal.api").joinpath("guide.yaml").read_text("utf-8")
    read: dict[str, Any] = yaml.safe_load(text)
    return read


def page_of(description: dict[str, Any]) -> HttpResponse:
    """The page for a description of the interface."""
    site = portal_face()
    title = description["info"]["title"]
    groups: dict[str, list[dict[str, Any]]] = {}
    for address, operations in description["paths"].items():
        for method, operation in operations.items():
            groups.setdefault(operation["tags"][0], []).append(
                _operation(description, address, method, operation)
            )
    parts = description["components"]["schemas"]
    context = {
        "page": {"title": title, "path": PATH, "url": site.address(PATH), "description": description["info"]["description"]},
        "crumbs": [{"title": "首页", "url": "/"}, {"title": title}],
        "heading": title,
        "lede": description["info"]["description"],
        "chapters": [_chapter(site, chapter) for chapter in guide()["chapters"]],
        "groups": [{"name": name, "operations": found} for name, found in groups.items()],
        "models": [_model(name, parts[name]) for name in sorted(parts)],
    }  # fmt: skip
    return page("api", context)


def _chapter(site: Face, chapter: dict[str, Any]) -> dict[str, Any]:
    def filled(text: str) -> str:
        return text.replace("{site}", site.address("")).replace("{limit}", str(settings.API_LIMIT))

    return {
        "title": chapter["title"],
        "blocks": [{kind: filled(text)} for block in chapter["blocks"] for kind, text in block.items()],
    }


def _operation(
    description: dict[str, Any], address: str, method: str, operation: dict[str, Any]
) -> dict[str, Any]:
    answers = operation["responses"]
    success = next(status for status in ("200", "201") if status in answers)
    body = operation.get("requestBody", {}).get("content", {}).get("application/json", {}).get("schema")
    return {
        "id": f"op-{operation['operationId']}",
        "method": _METHODS[method],
        "address": address,
        "summary": operation["summary"],
        "text": operation.get("description", ""),
        "parameters": [
            {
                "name": each["name"],
                "type": _type(each["schema"])[0],
                "place": {"query": "查询", "path": "地址", "header": "请求头"}[each["in"]],
                "required": each.get("required", False),
                "text": each.get("description", each["schema"].get("description", "")),
            }
            for each in operation.get("parameters", ())
        ],
        "body": _type(body)[1] if body else "",
        "answer": _type(answers[success]["content"]["application/json"]["schema"])[1],
        "status": success,
    }


def _model(name: str, schema: dict[str, Any]) -> dict[str, Any]:
    required = set(schema.get("required", ()))
    rows = []
    for field, told in schema.get("properties", {}).items():
        said, model = _type(told)
        text = told.get("description", "")
        rows.append(
            {"name": field, "type": said, "model": model, "text": text, "required": field in required}
        )
    return {"name": name, "text": schema.get("description", ""), "rows": rows}


def _type(schema: dict[str, Any]) -> tuple[str, str]:
    """How a type is said, and the name of the model that it is made of, if any."""
    if "$ref" in schema:
        return "对象", schema["$ref"].rpartition("/")[2]
    if "anyOf" in schema:
        said = [_type(each) for each in schema["anyOf"]]
        names = [name for name, _ in said if name != "null"]
        empty = "或null" if any(name == "null" for name, _ in said) else ""
        return "或".join(names) + empty, next((model for _, model in said if model), "")
    if schema.get("type") == "array":
        inner, model = _type(schema.get("items", {}))
        return f"{inner}的数组" if inner else "数组", model
    return _FORMATS.get(schema.get("format", ""), _TYPES.get(schema.get("type", ""), "")), ""
