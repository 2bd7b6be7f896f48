"""A small city for the tests of every room: a government, two departments, a county with a town; and its people."""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

import pytest

from mingzheng.law.checksums import organisation_check_mark
from tests.kept_rows import once

START = date(2016, 1, 1)
UNITS = (
    # code, parent, name, tier, government
    ("city", None, "示范市人民政府", "T1", True),
    ("czj", "city", "示范市财政局", "T2", False),
    ("daj", "city", "示范市档案局", "T3", False),
    ("hexi", "city", "河西县人民政府", "T4", True),
    ("hexi-czj", "hexi", "河西县财政局", "T4", False),
    ("qingshui", "hexi", "清水镇人民政府", "T6", True),
)
PEOPLE = (
    # username, role, unit; the three that review reach down from the root
    ("reviewer", "reviewer", "city"),
    ("secrecy", "secrecy", "city"),
    ("chief", "signer", "city"),
    ("duty", "duty", "city"),
    ("office", "office", "city"),
    ("auditor", "auditor", "city"),
    ("admin", "admin", "city"),
    ("czj-signer", "signer", "czj"),
    ("czj-writer", "writer", "czj"),
    ("hexi-office", "office", "hexi"),
)


@dataclass
class City:
    """The tests' city: units by code, people by username."""

    units: dict[str, object] = field(default_factory=dict)
    people: dict[str, object] = field(default_factory=dict)

    def review(self, draft) -> None:
        """Lead exactly this draft through a whole review."""
        from dataclasses import replace

        from mingzheng.publish.items.services import content_hash
        from mingzheng.publish.items.validation import Rules
        from mingzheng.publish.reviews import services

        checked, rules = replace(draft), Rules()
        rules.place(checked)
        rules.check(checked)
        digest = content_hash(checked)
        review = services.submit(
            self.people["office"], unit=self.units[draft.unit_code], subject=f"test:{digest[:20]}",
            title=checked.title, content_hash=digest, authors=[],
        )  # fmt: skip
        services.pass_step(self.people["reviewer"], review.pk, content_hash=digest)
        secrecy = {"conclusion": "可以公开", "basis": "不涉及国家秘密、商业秘密和个人隐私。"}
        services.pass_step(self.people["secrecy"], review.pk, content_hash=digest, secrecy=secrecy)
        services.pass_step(self.people["chief"], review.pk, content_hash=digest)

    def publish(self, actor, draft):
        """Review and publish a draft."""
        from mingzheng.publish.items.services import publish_item

        self.review(draft)
        return publish_item(actor, draft)

    def amend(self, actor, item, **changes):
        """Review and make a change of a published item."""
        from dataclasses import replace

        from mingzheng.publish.items.models import Item
        from mingzheng.publish.items.services import amend_item, draft_of

        before = draft_of(Item.objects.get(pk=item.pk))
        if changes and all(hasattr(before, name) for name in changes):
            self.review(replace(before, **changes))
        return amend_item(actor, item.pk, **changes)


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """On PostgreSQL, run what uses the database; what runs ``once`` has run on SQLite already."""
    if not os.environ.get("MINGZHENG_DATABASE", "").startswith("postgres"):
        return

    def runs(item: pytest.Item) -> bool:
        uses = {"db", "transactional_db"} & set(getattr(item, "fixturenames", ()))
        return bool(uses or item.get_closest_marker("django_db")) and not item.get_closest_marker("once")

    config.hook.pytest_deselected(items=[item for item in items if not runs(item)])
    items[:] = [item for item in items if runs(item)]


@pytest.fixture(scope="session")
def home() -> Path:
    return Path(os.environ["MINGZHENG_HOME"])


@pytest.fixture
def city(db: None) -> City:
    """Units and people, without a catalogue."""
    from mingzheng.city.models import Person, Unit

    once("city", _make_city)
    made = City()
    for unit in Unit.objects.select_related("parent").order_by("pk"):
        made.units[unit.code] = unit
    for person in Person.objects.order_by("pk"):
        made.people[person.username] = person
    return made


def _make_city() -> None:
    from mingzheng.city import services

    units = {}
    for number, (code, parent, name, tier, government) in enumerate(UNITS, start=1):
        body = f"{number:08}"
        units[code] = services.create_unit(
            None,
            code=code,
            parent=units.get(parent),
            org_code=body + organisation_check_mark(body),
            name=name,
            short_name=name.removeprefix("示范市"),
            tier=tier,
            is_government=government,
            active_from=START,
        )
    for username, role, unit in PEOPLE:
        person = services.create_person(None, username=username, name=username, password=None)
        downwards = role in ("reviewer", "secrecy", "duty") or username == "chief"
        services.grant(None, person, role, units[unit], starts_on=START, downwards=downwards)


@pytest.fixture
def catalogue(city: City) -> City:
    """The city with its column standard and the changes of 2018."""
    once("catalogue", _make_catalogue)
    return city


def _make_catalogue() -> None:
    from mingzheng.publish.catalogue import services

    services.load_standard(None)
    services.apply_changes(None, 2018)
