"""已发布信息: the list, one item, and the acts on it. Whoever may do them is asked again by the services."""

from __future__ import annotations

from typing import Final

from django import forms
from django.contrib import messages
from django.http import FileResponse, HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from mingzheng.city import audit
from mingzheng.law.errors import Refusal
from mingzheng.office.guard import access_of
from mingzheng.office.items import export, screens
from mingzheng.office.items.filters import ItemFilter, page_of
from mingzheng.office.manuscripts.screens import written_at
from mingzheng.office.manuscripts.views import person_of
from mingzheng.publish.items import services
from mingzheng.publish.items.models import Item
from mingzheng.publish.manuscripts import services as manuscripts

PAGE: Final = 20
_SHEET: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
ACTS: Final = (
    ("hide", "从网站隐藏", "所有页面和列表都不再显示，原网址答复“已撤回”；以后可以恢复发布。"),
    ("tombstone", "撤回并在原网址说明", "列表不再显示，原网址保留说明页，写明撤回日期、发布机构和原因；以后可以恢复发布。"),
    ("anonymise", "遮盖个人信息", "遮盖标题、正文和附件名称中的身份证号、手机号等，信息继续公开；附件内容须另行核对。"),
    ("erase", "申请彻底清除", "由另一人在7日内确认后，标题、正文、附件和稿件全部删除，不能恢复；索引号和日期保留。"),
)  # fmt: skip


class WithdrawForm(forms.Form):
    """Which act, for which coded reason, and why in words."""

    act = forms.ChoiceField(label="处理方式", choices=[(code, name) for code, name, _ in ACTS])
    code = forms.ChoiceField(label="原因")
    reason = forms.CharField(label="理由", max_length=200)

    def __init__(self, *arguments: object, **options: object) -> None:
        super().__init__(*arguments, **options)  # type: ignore[arg-type]
        found = services.withdrawal_reasons().values()
        self.fields["code"] = forms.ChoiceField(
            label="原因", choices=[("", "请选择"), *((each.code, each.name) for each in found)]
        )


@require_GET
def items(request: HttpRequest) -> HttpResponse:
    """One page of items, the newest first; pages go on from the last one shown."""
    form = ItemFilter(access_of(request), request.GET)
    valid = form.is_valid()
    before = request.GET.get("before", "")
    rows, following = page_of(form.items() if valid else Item.objects.none(), before, PAGE)
    asked = request.GET.copy()
    asked.pop("before", None)
    context = {
        "form": form,
        "valid": valid,
        "rows": [screens.row(each) for each in rows],
        "next": following,
        "later": bool(before),
        "asked": asked.urlencode(),
        "most": export.MOST,
        "may_choose": access_of(request).anywhere("item.withdraw"),
    }
    return render(request, "office/items/list.html", context)


@require_POST
def items_export(request: HttpRequest) -> HttpResponseBase:
    """The items asked for, as a table. That it was taken is recorded."""
    form = ItemFilter(access_of(request), request.POST)
    if not form.is_valid():
        raise Refusal("筛选条件有误，请改正后再导出。")
    found = form.items()
    export.check_size(found)
    kind = "csv" if request.POST.get("kind") == "csv" else "xlsx"
    audit.append(person_of(request), "items.exported", "items", {"filters": form.said()})
    name = f"信息清单{timezone.localdate():%Y%m%d}.{kind}"
    if kind == "xlsx":
        return FileResponse(export.workbook(found), as_attachment=True, filename=name, content_type=_SHEET)
    disposition = content_disposition_header(True, name) or ""
    return StreamingHttpResponse(
        export.lines(found),
        content_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": disposition},
    )


@require_GET
def item(request: HttpRequest, pk: int) -> HttpResponse:
    """One item with where it came from and what may be done with it."""
    found = get_object_or_404(Item.objects.select_related("unit", "column"), pk=pk)
    return render(request, "office/items/item.html", screens.item_page(access_of(request), found))


@require_POST
def item_amend(request: HttpRequest, pk: int) -> HttpResponse:
    """Go on in the manuscript that changes the item: the open one, or a new one."""
    return redirect(written_at(manuscripts.amend(person_of(request), pk)))


@require_http_methods(["GET", "POST"])
def item_withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    """Take an item away, in one of four ways."""
    found = get_object_or_404(Item.objects.select_related("unit"), pk=pk)
    form = WithdrawForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            messages.success(request, _do(request, found, **form.cleaned_data))
            return redirect("office_item", pk=pk)
        except Refusal as refusal:
            form.add_error(None, refusal.sentence)
    reasons = services.withdrawal_reasons().values()
    context = {"item": found, "form": form, "acts": ACTS, "reasons": reasons}
    return render(request, "office/items/withdraw.html", context)


def _do(request: HttpRequest, item: Item, *, act: str, code: str, reason: str) -> str:
    """Do the act; returns what to tell."""
    actor = person_of(request)
    if act == "anonymise":
        services.anonymise_item(actor, item.pk, reason=reason)
        return "已遮盖个人信息，公开页面即将更新。"
    if act == "erase":
        services.request_erasure(actor, item.pk, code=code, reason=reason)
        return "已提出彻底清除的申请，请另一位有撤回权限的人员在7日内确认。"
    take = services.tombstone_item if act == "tombstone" else services.hide_item
    take(actor, item.pk, code=code, reason=reason)
    return f"《{item.title}》已撤回，公开页面即将更新。"


class EndingForm(forms.Form):
    """When it goes off the site."""

    at = forms.DateTimeField(
        label="下线时间", required=False, input_formats=["%Y-%m-%dT%H:%M", "%Y-%m-%d %H:%M"]
    )


@require_POST
def item_ending(request: HttpRequest, pk: int) -> HttpResponse:
    """Say when an item goes off by itself."""
    form = EndingForm(request.POST)
    if not form.is_valid():
        raise Refusal("下线时间有误，请按“年-月-日 时:分”填写。")
    found = services.set_ending(person_of(request), pk, form.cleaned_data["at"])
    until = f"将于{timezone.localtime(found.ends_at):%Y-%m-%d %H:%M}下线" if found.ends_at else "长期公开"
    messages.success(request, f"《{found.title}》{until}。")
    return redirect("office_item", pk=pk)


@require_POST
def item_restore(request: HttpRequest, pk: int) -> HttpResponse:
    """Put a withdrawn item back."""
    found = services.restore_item(person_of(request), pk, reason=request.POST.get("reason", ""))
    messages.success(request, f"《{found.title}》已恢复发布，公开页面即将更新。")
    return redirect("office_item", pk=pk)


@require_POST
def item_erase(request: HttpRequest, pk: int) -> HttpResponse:
    """Confirm what somebody else asked for."""
    manuscripts.erase(person_of(request), pk)
    messages.success(request, "内容已彻底清除，索引号和日期保留。")
    return redirect("office_item", pk=pk)
