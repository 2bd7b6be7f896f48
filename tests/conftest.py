"""A small city for the tests of every room: a government, two departments, a county with a town; and its people."""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

import pytest

from mingzheng.law.checksums import organisation_check_mark

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
    # username, role, unit
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


@pytest.fixture(scope="session")
def home() -> Path:
    return Path(os.environ["MINGZHENG_HOME"])


@pytest.fixture
def city(db: None) -> City:
    """Units and people, without a catalogue."""
    from mingzheng.city import services

    made = City()
    for number, (code, parent, name, tier, government) in enumerate(UNITS, start=1):
        body = f"{number:08}"
        made.units[code] = services.create_unit(
            None,
            code=code,
            parent=made.units.get(parent),
            org_code=body + organisation_check_mark(body),
            name=name,
            short_name=name.removeprefix("示范市"),
            tier=tier,
            is_government=government,
            active_from=START,
        )
    for username, role, unit in PEOPLE:
        person = services.create_person(None, username=username, name=username, password=None)
        services.grant(None, person, role, made.units[unit], starts_on=START)
        made.people[username] = person
    return made


@pytest.fixture
def catalogue(city: City) -> City:
    """The city with its column standard and the changes of 2018."""
    from mingzheng.publish.catalogue import services

    services.load_standard(None)
    services.apply_changes(None, 2018)
    return city
