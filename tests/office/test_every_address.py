"""Every address of the back office × every role × own, foreign and lower unit: open exactly where the table says so."""

from __future__ import annotations

import re
import runpy
from collections import Counter
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

import pytest
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver
from django.utils import timezone
from tests.city.test_permissions import ALLOWED

from mingzheng.city import services as people
from mingzheng.city.models import Role
from mingzheng.city.permissions import CENTRAL
from mingzheng.office import doors
from mingzheng.portal.sites.models import Site, SiteHome
from mingzheng.publish.catalogue.services import column_by_code
from mingzheng.publish.items.services import ItemDraft
from mingzheng.publish.manuscripts import services

TODAY = timezone.localdate()
MARK = {"own": "标记甲甲甲", "lower": "标记乙乙乙", "foreign": "标记丙丙丙"}
UNITS = {"own": "hexi", "lower": "qingshui", "foreign": "czj"}


@dataclass
class World:
    """A person of every role in one unit, and a manuscript and an item in three units."""

    people: dict[str, object] = field(default_factory=dict)
    manuscripts: dict[str, object] = field(default_factory=dict)
    items: dict[str, object] = field(default_factory=dict)
    sites: dict[str, object] = field(default_factory=dict)

    def behind(self, name: str) -> dict[str, object]:
        """The objects that an address of this name is about."""
        return (
            self.items if name in doors.ON_ITEM else self.sites if name in doors.ON_SITE else self.manuscripts
        )


@pytest.fixture
def world(catalogue) -> World:
    made = World()
    for role in Role.values:
        person = people.create_person(None, username=f"at-{role}", name=f"{role}", password=None)
        # The audit chain is one for the whole city.
        unit = catalogue.units["city" if role == "auditor" else "hexi"]
        people.grant(None, person, role, unit, starts_on=TODAY, ends_on=TODAY + timedelta(days=30))
        made.people[role] = person
    for relation, code in UNITS.items():
        made.manuscripts[relation] = services.start(
            catalogue.people["office"], catalogue.units[code], column=column_by_code("TZ01"),
            title=f"{MARK[relation]}稿件", body=f"<p>{MARK[relation]}</p>",
        )  # fmt: skip
        made.manuscripts[relation].save_revision(user=catalogue.people["office"])
        made.items[relation] = catalogue.publish(
            catalogue.people["office"],
            ItemDraft(
                code, "TZ01", f"{MARK[relation]}信息", "<p>正文</p>", openness="on_request",
                non_disclosure_reason="个人隐私",
            ),
        )  # fmt: skip
        unit = catalogue.units[code]
        site = Site.objects.create(
            unit=unit,
            slug=code,
            name=f"{MARK[relation]}网站",
            id_code="0000000001",
            sponsor=unit.name,
            contact="1",
        )
        home = SiteHome.objects.create(site=site)
        home.save_revision(user=catalogue.people["office"])
        made.sites[relation] = site
    return made


def addresses() -> list[tuple[str, str]]:
    """Every pattern below ``/office/``: its name with its namespaces, and its route."""
    found: list[tuple[str, str]] = []

    def walk(patterns, prefix, namespaces):
        for each in patterns:
            route = prefix + str(each.pattern)
            if isinstance(each, URLResolver):
                inner = [*namespaces, each.namespace] if each.namespace else namespaces
                walk(each.url_patterns, route, inner)
            elif isinstance(each, URLPattern):
                found.append((":".join([*namespaces, each.name or ""]), route))

    walk(get_resolver().url_patterns, "/", [])
    return [(name, route) for name, route in found if route.startswith("/office/")]


def fill(route: str, pk: int, revision: int) -> str:
    """An address of this pattern, with an object's number where one is asked for."""
    values = {
        "revision_id": revision, "revision_id_a": "earliest", "revision_id_b": "latest", "verb": "submit",
        "app_label": "manuscripts", "model_name": "manuscript", "object_id": pk, "app_name": "manuscripts",
        "action": "delete", "action_name": "approve", "file_id": 1, "session_id": 1,
    }  # fmt: skip

    def value(match):
        name = match[1].split(":")[-1]
        return str(values.get(name, pk if name == "pk" else 1))

    path = re.sub(r"\(\?P<(\w+)>(?:[^()]|\([^()]*\))*\)", lambda m: value(m), route.replace("\\.", "."))
    path = re.sub(r"<([^<>]+)>", value, path)
    return path.replace("^", "").replace("$", "").replace("\\Z", "").replace("?", "")


def expected(role: str, name: str, relation: str) -> bool:
    """Whether the hand-written table of roles and verbs opens this door."""
    if name in doors.FRAME:
        return True
    if name in doors.ANYWHERE:
        return doors.ANYWHERE[name] in ALLOWED[role]
    verb = doors.ON_MANUSCRIPT.get(name) or doors.ON_ITEM.get(name) or doors.ON_SITE.get(name)
    if verb is None or verb not in ALLOWED[role]:
        return False
    return relation == "own" or (relation == "lower" and role in CENTRAL)


def sign_in(person) -> Client:
    client = Client(raise_request_exception=True)
    client.force_login(person, backend="allauth.account.auth_backends.AuthenticationBackend")
    return client


def inner(routes):
    """Addresses behind the sign-in: not the way in, not the catch-all."""
    return [
        (name, route)
        for name, route in routes
        if name not in doors.OUTSIDE
        and not route.startswith(doors.OUTSIDE_PATHS)
        and name not in ("wagtailadmin_home", "wagtailadmin_logout", "")
        and "password_reset" not in route
        and not route.startswith(("/office/login", "/office/logout"))
    ]


@pytest.mark.parametrize("role", Role.values)
def test_an_address_is_open_exactly_where_the_table_says_so(world, role):
    client = sign_in(world.people[role])
    walked, wrong = Counter(), []
    for name, route in inner(addresses()):
        for relation in UNITS:
            found = world.behind(name)[relation]
            revised = found.home if name in doors.ON_SITE else world.manuscripts[relation]
            revision = revised.latest_revision_id or 1
            path = fill(route, found.pk, revision)
            if name == "office_columns":
                path += f"?unit={world.manuscripts['own'].unit_id}"
            is_open = expected(role, name, relation)
            answer = client.get(path)
            shown = answer.getvalue().decode("utf-8", "replace")
            walked[is_open] += 1
            if not is_open and answer.status_code != 404:
                wrong.append((name, relation, path, answer.status_code, "must be closed"))
            is_missing = answer.status_code == 404 and not {"pk", "file_id"} & set(re.findall(r"\w+", route))
            if is_open and (answer.status_code in (403, 500) or is_missing):
                wrong.append((name, relation, path, answer.status_code, "must be open"))
            for other, mark in MARK.items():
                may_read = other == "own" or (other == "lower" and role in CENTRAL)
                if mark in shown and not may_read:
                    wrong.append((name, relation, path, other, "shows what is not theirs"))
    assert wrong == []
    assert sum(walked.values()) > 600
    assert walked[False] > walked[True]


def test_nobody_comes_in_without_signing_in(world):
    client = Client()
    for name, route in inner(addresses()):
        answer = client.get(fill(route, world.manuscripts["own"].pk, 1))
        assert (answer.status_code, answer.url.split("?")[0]) == (302, "/office/signin/login/"), name


WRITES = doors.ON_MANUSCRIPT | doors.ON_ITEM | doors.ON_SITE


@pytest.mark.parametrize("role", Role.values)
def test_nothing_of_a_foreign_unit_is_changed_by_sending(world, role):
    client = sign_in(world.people[role])
    manuscript, item = world.manuscripts["foreign"], world.items["foreign"]
    before = (
        type(manuscript).objects.filter(pk=manuscript.pk).values().get(),
        type(item).objects.filter(pk=item.pk).values().get(),
    )
    given = {
        "title": "偷换", "body": "<p>偷换</p>", "unit": "1", "reason": "偷换的理由", "key": "x", "opinion": "x",
        "content_hash": manuscript.content_hash, "code": "mistake", "act": "hide",
    }  # fmt: skip
    for name, route in inner(addresses()):
        if name in WRITES:
            found = world.behind(name)["foreign"]
            for verb in ("submit", "drop", "publish", "pass", "return", "urgent", "copy"):
                path = fill(route, found.pk, manuscript.latest_revision_id).replace("/submit/", f"/{verb}/")
                assert client.post(path, given).status_code == 404, name
                if "verb" not in route:
                    break
    after = (
        type(manuscript).objects.filter(pk=manuscript.pk).values().get(),
        type(item).objects.filter(pk=item.pk).values().get(),
    )
    assert after == before


def test_a_posted_unit_column_or_document_of_others_is_not_taken(world, catalogue):
    client = sign_in(world.people["writer"])
    manuscript = world.manuscripts["own"]
    hidden = world.items["foreign"]
    client.post(
        f"/office/manuscripts/edit/{manuscript.pk}/",
        {"title": "改过", "body": "<p>改过</p>", "unit": catalogue.units["czj"].pk, "interprets": hidden.pk,
         "column": column_by_code("ZC0101").pk, "openness": "proactive", "interpretation_level": "own"},
    )  # fmt: skip
    manuscript.refresh_from_db()
    assert manuscript.unit == catalogue.units["hexi"]
    assert manuscript.interprets is None
    assert manuscript.column != column_by_code("ZC0101")


def test_the_revision_of_another_manuscript_is_not_reached_through_ones_own(world):
    client = sign_in(world.people["writer"])
    own, foreign = world.manuscripts["own"], world.manuscripts["foreign"]
    for path in (
        f"/office/manuscripts/history/{own.pk}/revisions/{foreign.latest_revision_id}/revert/",
        f"/office/manuscripts/history/{own.pk}/revisions/{foreign.latest_revision_id}...latest/",
        f"/office/manuscripts/history/{own.pk}/revisions/compare/{foreign.latest_revision_id}...latest/",
    ):
        answer = client.get(path)
        assert answer.status_code == 404
        assert MARK["foreign"] not in answer.content.decode()


@pytest.mark.parametrize(
    "query", ["?q=标记", "?export=xlsx", "?export=csv", "?unit=2", "?state=draft", "results/?q=标记"]
)
def test_lists_searches_filters_and_exports_hold_ones_own_alone(world, query):
    answer = sign_in(world.people["writer"]).get(f"/office/manuscripts/{query}")
    content = answer.getvalue()
    for mark in (MARK["lower"], MARK["foreign"]):
        assert mark.encode() not in content
    if "export=xlsx" in query:
        import io

        from openpyxl import load_workbook

        book = load_workbook(io.BytesIO(content))
        titles = {str(cell.value) for sheet in book for row in sheet.iter_rows() for cell in row}
        assert any(MARK["own"] in title for title in titles)
        assert not any(MARK[other] in title for title in titles for other in ("lower", "foreign"))


def test_the_table_in_the_documents_is_the_one_that_holds():
    page = runpy.run_path("tools/permissions.py")["page"]
    assert Path("docs/permissions.md").read_text("utf-8") == page(), "run tools/permissions.py"
