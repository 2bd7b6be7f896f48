"""The page of one item."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator
from datetime import date, datetime
from typing import Any, Final, NamedTuple

from django.db.models import Q, QuerySet

from mingzheng.portal import addresses
from mingzheng.portal.families import Page
from mingzheng.portal.families.facts import CityFacts, Place, UnitFacts
from mingzheng.portal.families.standing import counterparts, document_record, notices
from mingzheng.portal.formats import body_block, chinese_date
from mingzheng.portal.linked_data import organisation, script
from mingzheng.portal.stories import picture_story
from mingzheng.publish.documents.services import Validity
from mingzheng.publish.items.models import Attachment, Interpretation, Item

FAMILY: Final = "item"
BODY_PLACE: Final = b"<!--body-->"
"""Where the template leaves room for the body: most of the page, and finished already. No other text can hold it."""
NEWS: Final = frozenset({"news", "work_news", "leader_activity", "announcement"})
"""Roles of columns whose items are news."""
_FORCE: Final = {
    Validity.VALID: "InForce",
    Validity.AMENDED: "InForce",
    Validity.PENDING: "NotInForce",
    Validity.EXPIRED: "NotInForce",
    Validity.REPEALED: "NotInForce",
}
FORMS: Final = {form.value: form.label for form in Interpretation.Form}


_LINKABLE = re.compile(r"https?://|/(?!/)")
Link = dict[str, Any]


class Row(NamedTuple):
    """The public columns of an item, as they come from the database: no model object per row."""

    id: int
    unit_id: int
    column_id: int
    first_published_at: datetime
    title: str
    index_no: str
    doc_no: str
    issuer: str
    is_statement: bool
    theme: str
    keywords: str
    abstract: str
    written_on: date | None
    effective_on: date | None
    expires_on: date | None
    repealed_on: date | None
    amended_at: datetime | None
    content_source: str
    source_url: str
    body: str


def rows_of(chosen: Q) -> Iterator[Row]:
    """The public items of the choice by column and time, which is the order of an index: they stream."""
    found = Item.objects.public().filter(chosen).order_by("column_id", "first_published_at", "id")
    return map(Row._make, found.values_list(*Row._fields).iterator(chunk_size=500))


class Related:
    """Attachments and interpretations of the chosen items: all of one unit, or a single one."""

    def __init__(self, *, interpretations: bool = True, **chosen: int) -> None:
        self.attachments: dict[int, list[dict[str, str]]] = defaultdict(list)
        self.about: dict[int, Interpretation] = {}
        self.interprets: dict[int, list[Link]] = defaultdict(list)
        self.interpreted_by: dict[int, list[Link]] = defaultdict(list)
        for file in Attachment.objects.filter(is_inline=False, **_below("item", chosen)):
            name, _, ext = file.name.rpartition(".")
            known = bool(name) and ext.isalnum() and len(ext) <= 5
            self.attachments[file.item_id].append(
                {"name": file.name, "url": link_target(file.url), "ext": ext if known else ""}
            )
        if interpretations:
            self._read_interpretations(chosen)

    def _read_interpretations(self, chosen: dict[str, int]) -> None:
        told = Interpretation.objects.order_by("item__first_published_at", "item_id")
        own, of_own = told.filter(**_below("item", chosen)), told.filter(**_below("document", chosen))
        self.about = {each.item_id: each for each in own}
        documents = _links(own, "document_id") if self.about else {}
        for each in self.about.values():
            if each.document_id in documents:
                self.interprets[each.item_id].append(documents[each.document_id])
        pairs = list(of_own.values_list("document_id", "item_id"))
        items = _links(of_own, "item_id") if pairs else {}
        for document_id, item_id in pairs:
            if document_id is not None and item_id in items:
                self.interpreted_by[document_id].append(items[item_id])


def _links(told: QuerySet[Interpretation], end: str) -> dict[int, Link]:
    """Links to the items at one end of these interpretations, the public ones only."""
    public = Item.objects.public().filter(pk__in=told.order_by().values(end))
    return {
        pk: {
            "id": pk, "title": title, "url": addresses.item_path(pk, at),
            "date": addresses.city_minute(at)[:10],
        }
        for pk, at, title in public.values_list("id", "first_published_at", "title")
    }  # fmt: skip


def link_target(url: str) -> str:
    """The address if a page may link to it: one of this site's own or of the web. Anything else could act."""
    return url if _LINKABLE.match(url) else ""


def _below(relation: str, chosen: dict[str, int]) -> dict[str, int]:
    return {f"{relation}__{name}": value for name, value in chosen.items()}


def item_page(facts: UnitFacts, row: Row, related: Related) -> Page:
    """Render the page of one item."""
    city, site = facts.city, facts.site
    place = facts.place(row.column_id)
    published = addresses.city_minute(row.first_published_at)
    path = addresses.item_path_of(row.id, published)
    address = site.address(path)
    files = related.attachments.get(row.id)
    interprets, by = related.interprets.get(row.id, ()), related.interpreted_by.get(row.id, ())
    context = {
        "page": {
            "title": row.title,
            "path": path,
            "url": address,
            "column": place.tags,
            "article": {
                "title": row.title,
                "pub_date": published,
                "source": row.content_source,
                "keywords": row.keywords,
                "author": row.issuer,
                "description": row.abstract,
                "url": address,
            },
        },
        "trail": place.trail_below,
        "meta": _record(city, facts, row, published, related.about.get(row.id)),
        "standing": notices(facts, row),
        "ld": _linked_data(facts, place, row, address),
        "views_id": row.id,
        "source_url": link_target(row.source_url),
        "attachments": files,
        "media": _media(files) if files else (),
        "related": {"interprets": interprets, "interpreted_by": by} if interprets or by else None,
    }
    noted = tuple(f"item:{each['id']}" for each in (*interprets, *by)) + counterparts(facts, row.id)
    body = picture_story(row.body, row.title) or body_block(row.body)
    html = facts.html(FAMILY, context).replace(BODY_PLACE, body.encode(), 1)
    return Page(path, FAMILY, facts.unit.pk, html, noted)


def _media(files: list[dict[str, str]]) -> list[dict[str, str]]:
    """Sound and films among the files, with the still picture and the captions that have the name of a film."""
    by_name = {each["name"].lower(): each["url"] for each in files}

    def beside(name: str, *kinds: str) -> str:
        return next((by_name[f"{name}.{kind}"] for kind in kinds if f"{name}.{kind}" in by_name), "")

    found = []
    for each in files:
        if each["url"] and each["ext"].lower() in ("mp4", "mp3"):
            name = each["name"].lower().rpartition(".")[0]
            found.append(
                each | {"poster": beside(name, "jpg", "jpeg", "png", "webp"), "captions": beside(name, "vtt")}
            )
    return found


def _linked_data(facts: UnitFacts, place: Place, row: Row, address: str) -> str:
    """A document is legislation, what stands in the news an article of them."""
    validity, unit = facts.validity(row), organisation(facts.unit.name)
    said = {
        "url": address,
        "datePublished": addresses.city_minute(row.first_published_at)[:10],
        "dateModified": addresses.city_minute(row.amended_at or row.first_published_at)[:10],
        "inLanguage": "zh-CN",
        "description": row.abstract,
        "publisher": unit,
    }
    if validity is None:
        kind = "NewsArticle" if place.column.role in NEWS else "Article"
        return script(kind, headline=row.title, author=unit, **said)
    return script(
        "Legislation", name=row.title, legislationIdentifier=row.doc_no,
        legislationDate=row.written_on and row.written_on.isoformat(), legislationLegalForce=_FORCE[validity],
        legislationPassedBy=organisation(row.issuer or facts.unit.name), **said,
    )  # fmt: skip


def _record(
    city: CityFacts, facts: UnitFacts, row: Row, published: str, about: Interpretation | None
) -> list[tuple[str, str, bool]]:
    """The metadata table (元数据) in the order of the national policy library; the flag marks digits."""
    record = [("索引号", row.index_no, True)]
    if row.theme:
        record.append(("主题分类", city.themes.get(row.theme, row.theme), False))
    record.append(("发布机构", facts.unit.name, False))
    if row.issuer and row.issuer != facts.unit.name:
        record.append(("发文机关", row.issuer, False))
    if row.doc_no:
        record.append(("文号", row.doc_no, True))
    if row.written_on:
        record.append(("成文日期", chinese_date(row.written_on), True))
    record.append(("发布日期", chinese_date(published), True))
    record += document_record(facts, row)
    if row.keywords:
        record.append(("关键词", row.keywords, False))
    return record + (_interpretation(about) if about else [])


def _interpretation(about: Interpretation) -> list[tuple[str, str, bool]]:
    record = [("解读形式", FORMS[about.form], False)]
    if about.interpreter:
        record.append(("解读人", about.interpreter, False))
    if about.document_id is None and about.document_title:
        number = f"（{about.document_no}）" if about.document_no else ""
        record.append(("解读文件", f"{about.document_title}{number}", False))
    return record
