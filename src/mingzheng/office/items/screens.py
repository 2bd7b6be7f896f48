"""What the screens of an item show: facts gathered for the templates, nothing decided."""

from __future__ import annotations

from typing import Any

from django.utils import timezone
from django.utils.safestring import mark_safe

from mingzheng.city.models import AuditEntry, Person
from mingzheng.city.permissions import Access
from mingzheng.office.manuscripts.screens import column_place, fact_line, minute, shown_at
from mingzheng.office.placements import screens as placements
from mingzheng.portal.services import item_path
from mingzheng.publish.catalogue.services import theme_names
from mingzheng.publish.items.models import ErasureRequest, Item, Openness, Status
from mingzheng.publish.items.services import open_request, withdrawal_reasons
from mingzheng.publish.reviews.models import ReviewFact


def row(item: Item) -> dict[str, Any]:
    """One line of the list."""
    return {"item": item, "at": minute(item.first_published_at), "status": status(item)}


def status(item: Item) -> dict[str, str]:
    """The status as a coloured label."""
    look = {Status.PUBLISHED: "fine", Status.ERASED: "late"}.get(Status(item.status), "soon")
    return {"look": look, "label": item.get_status_display()}


def item_page(access: Access, item: Item) -> dict[str, Any]:
    """One item with its text, files, manuscripts and reviews, and what this person may do now."""
    manuscripts = list(item.manuscripts.select_related("writer").defer("body").order_by("-pk"))
    asked = open_request(item)
    public = item.status == Status.PUBLISHED and item.openness == Openness.PROACTIVE
    return {
        "item": item,
        "status": status(item),
        "public_at": item_path(item.pk, item.first_published_at) if public else "",
        "facts": facts_of(item),
        "body": mark_safe(item.body),
        "files": item.attachments.filter(is_inline=False),
        "manuscripts": [{"manuscript": each, "url": shown_at(each), "at": minute(each.updated_at)}
                        for each in manuscripts],
        "reviews": [fact_line(fact) for fact in reviews_of(item)],
        "withdrawn": withdrawn(item),
        "erasure": asked,
        "ending": f"{timezone.localtime(item.ends_at):%Y-%m-%dT%H:%M}" if item.ends_at else "",
        "may": allowed(access, item, asked),
        "places": placements.card(access, item),
    }  # fmt: skip


def facts_of(item: Item) -> list[tuple[str, str]]:
    """The metadata that the item has, in the order of the public page."""
    record = [
        ("索引号", item.index_no), ("发布机构", item.unit.name), ("栏目", column_place(item.column)),
        ("文号", item.doc_no), ("发文机关", item.issuer), ("主题分类", theme_names().get(item.theme, item.theme)),
        ("体裁", item.genre), ("服务对象", item.audience), ("关键词", item.keywords), ("内容概述", item.abstract),
        ("成文日期", item.written_on), ("施行日期", item.effective_on), ("失效日期", item.expires_on),
        ("废止日期", item.repealed_on), ("公开属性", item.get_openness_display()),
        ("不予公开理由", item.non_disclosure_reason), ("信息来源", item.content_source),
        ("首次发布", minute(item.first_published_at)), ("修改时间", minute(item.amended_at)),
    ]  # fmt: skip
    return [(label, str(value)) for label, value in record if value]


def reviews_of(item: Item) -> list[ReviewFact]:
    """The decisions by which the item and its amendments went out, as the audit chain names them; oldest first."""
    verbs = ("item.published", "item.amended")
    entries = AuditEntry.objects.filter(subject=f"item:{item.pk}", verb__in=verbs)
    out = [payload["review"] for payload in entries.values_list("payload", flat=True)]
    facts = ReviewFact.objects.filter(review__in=out).select_related("actor", "principal", "review")
    return list(facts.order_by("pk"))


def withdrawn(item: Item) -> dict[str, str] | None:
    """When and why the item was taken off; None while it is out."""
    if item.status == Status.PUBLISHED:
        return None
    told = withdrawal_reasons().get(item.withdrawal_code)
    cause = told.name if told else "其他"
    return {"at": minute(item.withdrawn_at), "cause": cause, "reason": item.withdrawal_reason}


def allowed(access: Access, item: Item, asked: ErasureRequest | None) -> dict[str, bool]:
    """The acts that are open to this person now; the services decide again when one is done."""
    withdraws = access.may("item.withdraw", item.unit)
    out, erased = item.status == Status.PUBLISHED, item.status == Status.ERASED
    first = asked is not None and isinstance(access.person, Person) and asked.asked_by == access.person
    return {
        "amend": out and access.may("manuscript.write", item.unit),
        "withdraw": withdraws and not erased,
        "ending": withdraws and out,
        "restore": withdraws and not out and not erased,
        "erase": withdraws and asked is not None and not first,
    }
