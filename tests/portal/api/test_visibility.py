"""What is not public is found by no address of the interface, whichever way it is asked for."""

from __future__ import annotations

from datetime import date

import pytest
from django.utils import timezone
from tests.portal.api.test_description import operations

from mingzheng.publish.catalogue.services import column_by_code
from mingzheng.publish.documents.services import relate
from mingzheng.publish.items.models import Item
from mingzheng.publish.items.services import (
    InterpretationDraft,
    erase_item,
    hide_item,
    request_erasure,
    tombstone_item,
)
from mingzheng.publish.manuscripts import services
from mingzheng.publish.placements.services import place

MARK = "隐藏标记"
NUMBER = "示财〔2018〕99号"


@pytest.fixture
def hidden(portal) -> dict[str, Item]:
    """Items that are not public, each tied to public ones by everything that ties."""
    office, made = portal.office, {}
    on = {"written_on": date(2018, 1, 1), "effective_on": date(2018, 1, 1), "column": "ZC0102"}
    for number, way in enumerate(("withdrawn", "tombstone", "erased"), start=1):
        document, newer, older = portal.bring_in(
            portal.draft(
                f"{MARK}{way}", doc_no=f"示财〔2018〕{98 + number}号", keywords=MARK, issuer=MARK, abstract=MARK,
                attachments=[(f"{MARK}.docx", f"/files/{way}.docx")], body=f"<p>{MARK}</p>", source_key=way, **on,
            ),
            portal.draft(f"公开的新文件{number}", doc_no=f"示财〔2018〕{10 + number}号", **on),
            portal.draft(f"公开的旧文件{number}", doc_no=f"示财〔2017〕{10 + number}号", **on),
        )  # fmt: skip
        told = InterpretationDraft("own", document_key=way, document_title=f"{MARK}{way}")
        portal.bring_in(
            portal.draft(f"公开的解读{number}", column="JD0202", interpretation=told),
            portal.draft(f"{MARK}的解读{way}", column="JD0202", interpretation=InterpretationDraft("superior", interpreter=MARK)),
        )  # fmt: skip
        relate(office, newer, document, "amends", date(2018, 2, 1))
        relate(office, document, older, "amends", date(2018, 1, 2))
        place(office, document, document.unit, column_by_code("TZ01"))
        interpretation = Item.objects.get(title=f"{MARK}的解读{way}")
        for item in (document, interpretation):
            if way == "withdrawn":
                hide_item(office, item.pk, code="wrong", reason=MARK)
            elif way == "tombstone":
                tombstone_item(office, item.pk, code="wrong", reason=MARK)
            else:
                request_erasure(office, item.pk, code="privacy", reason=MARK)
                erase_item(portal.city.people["chief"], item.pk)
        made[way] = document
    for openness in ("on_request", "closed"):
        made[openness] = portal.publish(
            f"{MARK}{openness}", doc_no=f"示财〔2018〕20{len(openness)}号", openness=openness,
            non_disclosure_reason=MARK, column="ZC0102",
        )  # fmt: skip
    services.start(office, portal.city.units["czj"], title=f"{MARK}稿件", body=f"<p>{MARK}</p>")
    return made


LISTS = ["/items", "/documents", "/interpretations", "/changes"]
NARROWED = [
    "/items?unit=czj", "/items?unit=city&below=true", "/items?column=ZC", f"/items?doc_no={NUMBER}",
    f"/documents?doc_no={NUMBER}", "/items?year={year}", "/items?in_force_on={today}", "/documents?validity=valid",
    "/documents?normative=true", "/documents?on=2018-06-01", "/interpretations?level=superior",
    "/statistics/{year}/disclosure.items?scope=unit-czj",
]  # fmt: skip


def addresses(hidden) -> list[str]:
    """Every reading address, with every hidden number where one is asked for, and every public one as well."""
    numbers = [item.pk for item in Item.objects.all()]
    today = timezone.localdate()
    made = [each.format(year=today.year, today=today) for each in NARROWED]
    made += [f"/interpretations?document={pk}" for pk in numbers]
    for method, path in operations():
        if method != "get" or path.startswith("/api/v1/submissions"):
            continue
        path = path.removeprefix("/api/v1")
        fillings = {"{item_id}": numbers, "{code}": ["czj", "city"], "{year}": [today.year, 2018]}
        paths = [path]
        for mark, values in fillings.items():
            paths = [
                each.replace(mark, str(value))
                for each in paths
                for value in (values if mark in each else [""])
            ]
        made += [each.replace("{key}", "disclosure.items") for each in paths]
    assert len(made) > 60
    return made


def test_no_address_shows_what_is_hidden(hidden, asking):
    seen = 0
    for address in addresses(hidden):
        cursor = ""
        while cursor is not None:
            mark = "&" if "?" in address else "?"
            paged = any(address.split("?")[0] == each for each in LISTS)
            answer = asking.get(f"{address}{mark}size=200&cursor={cursor}" if paged else address)
            text = answer.content.decode()
            assert MARK not in text, (address, text[:300])
            for pk in (item.pk for item in hidden.values()):
                assert f'/info/201801/{pk}.html"' not in text, address
                assert f'"api":"/api/v1/items/{pk}"' not in text, address
            seen += answer.status_code == 200
            page = answer.json() if answer.status_code == 200 and paged else {}
            cursor = page.get("next") if page.get("more", True) else None
    assert seen > 30


@pytest.mark.parametrize("way", ["withdrawn", "tombstone", "erased", "on_request", "closed"])
def test_a_hidden_item_is_answered_as_one_that_never_was(hidden, asking, way):
    for path in ("/items", "/documents"):
        there, nowhere = asking.get(f"{path}/{hidden[way].pk}"), asking.get(f"{path}/999999")
        assert there.status_code == 404
        assert there.content == nowhere.content


def test_the_tags_of_lists_with_and_without_hidden_items_say_nothing(hidden, asking):
    assert asking.get(f"/items/{hidden['on_request'].pk}").has_header("ETag") is False


def test_the_figures_count_what_is_public(hidden, asking):
    year = timezone.localdate().year
    shown = asking.pages(f"/items?year={year}", "items", 200)
    if shown:
        assert asking.read(f"/statistics/{year}/disclosure.items")["value"] == len(shown)
    assert asking.read("/statistics/2018/disclosure.items")["value"] == len(
        asking.pages("/items?year=2018", "items", 200)
    )
