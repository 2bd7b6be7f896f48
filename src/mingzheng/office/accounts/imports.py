"""批量开户: a sheet in, a sheet of initial passwords out, once."""

from __future__ import annotations

import json
from typing import Final

from cryptography.fernet import Fernet, InvalidToken
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.http import content_disposition_header
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from mingzheng.law.errors import Refusal
from mingzheng.office.accounts import sheet
from mingzheng.office.accounts.forms import Units
from mingzheng.office.accounts.views import administrator
from mingzheng.office.guard import access_of

_KEPT: Final = "initial_passwords"  # session key
_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@never_cache
@require_http_methods(["GET", "POST"])
def accounts_import(request: HttpRequest) -> HttpResponse:
    """Take a sheet; say row by row what is wrong, or offer the passwords."""
    context: dict[str, object] = {}
    if request.method == "POST":
        upload = request.FILES.get("sheet")
        try:
            if upload is None:
                raise Refusal("请选择填好的表格。")
            done = sheet.import_accounts(administrator(request), Units(access_of(request)), upload)
            context["done"] = done
            if done.passwords:
                context["key"] = _keep(request, done.passwords)
        except Refusal as refusal:
            context["refused"] = refusal.sentence
    return render(request, "office/accounts/import.html", context)


def _keep(request: HttpRequest, lines: list[tuple[str, str, str, str, str]]) -> str:
    """Keep the passwords for one download; the key stands only on the page, so the session alone tells nothing."""
    key = Fernet.generate_key()
    request.session[_KEPT] = Fernet(key).encrypt(json.dumps(lines).encode()).decode()
    return key.decode()


@never_cache
@require_POST
def accounts_passwords(request: HttpRequest) -> HttpResponse:
    """The sheet of initial passwords, once."""
    kept = request.session.pop(_KEPT, "")
    try:
        lines = json.loads(Fernet(request.POST.get("key", "")).decrypt(kept.encode()))
    except (InvalidToken, ValueError):
        raise Refusal("初始密码表只能下载一次；遗失的，请在各账号页面重置密码。") from None
    return _download(sheet.passwords_sheet(lines), "初始密码.xlsx")


@require_GET
def accounts_form(request: HttpRequest) -> HttpResponse:
    """The empty sheet with the units that the administrator reaches."""
    return _download(sheet.template(Units(access_of(request)).found), "账号导入表.xlsx")


def _download(content: bytes, name: str) -> HttpResponse:
    disposition = content_disposition_header(True, name) or ""
    return HttpResponse(content, content_type=_XLSX, headers={"Content-Disposition": disposition})
