"""What the public site answers live: QR codes, and the pages for what went wrong."""

from __future__ import annotations

import io
import re
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, Final

import segno
from django.conf import settings
from django.core.exceptions import RequestDataTooBig
from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_GET

from mingzheng.law.errors import Refusal
from mingzheng.portal import addresses
from mingzheng.portal.addresses import file_of
from mingzheng.portal.site import portal_face

_PATH = re.compile(r"(/[A-Za-z0-9_-]+(\.[A-Za-z0-9]+)?)*/?")
_BARE: Final = (
    "<!DOCTYPE html><html lang=zh-CN><meta charset=utf-8><title>{title}</title><h1>{title}</h1><p>{text}</p>"
)


@require_GET
def qr_code(request: HttpRequest) -> HttpResponse:
    """The QR code of one of the site's own pages, as SVG."""
    path = request.GET.get("path", "")
    if len(path) > 200 or not path.startswith("/") or not _PATH.fullmatch(path):
        raise Http404
    image = io.BytesIO()
    segno.make_qr(portal_face().address(path), error="m").save(image, kind="svg", scale=4, border=2)
    headers = {"Cache-Control": "public, max-age=86400"}
    return HttpResponse(image.getvalue(), content_type="image/svg+xml", headers=headers)


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """The published page for unknown addresses, or the same rendered now while nothing is published yet."""
    published = Path(settings.PUBLIC_DIR) / file_of(addresses.NOT_FOUND)
    if published.is_file():
        return HttpResponse(published.read_bytes(), status=404)
    text = "该页面可能已经移动、撤下或者从未存在。请核对网址。"
    return _problem(404, "您访问的页面不存在", text)


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    if isinstance(exception, RequestDataTooBig):
        most = settings.DATA_UPLOAD_MAX_MEMORY_SIZE // 2**20
        return _problem(
            413, "内容过长", f"提交的文字和图片超过{most}MB的上限，没有接收；图片请作为附件上传。"
        )
    return _problem(400, "请求有误", "服务器无法理解这个请求。请核对网址后再试。")


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:
    return _problem(403, "不能访问", "您没有访问该页面的权限。")


def server_error(request: HttpRequest) -> HttpResponse:
    return _problem(
        500, "页面暂时无法显示", "服务器处理时发生错误，请稍后再试。如多次出现，请告知网站主办单位。"
    )


class ShowRefusals:
    """Middleware: what a service refuses is shown as its sentence, never as a fault."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        return _problem(400, "无法办理", exception.sentence) if isinstance(exception, Refusal) else None


def page(family: str, context: Mapping[str, Any], status: int = 200) -> HttpResponse:
    """A live page of ``family`` in the site's shell."""
    return HttpResponse(portal_face().shell.render(family, context), status=status)


def _problem(status: int, title: str, text: str) -> HttpResponse:
    context = {"page": {"title": title}, "code": str(status), "title": title, "message": text}
    try:
        return page("error", context, status)
    except Exception:  # the page for a fault must not depend on what has failed
        return HttpResponse(_BARE.format(title=title, text=text), status=status)
