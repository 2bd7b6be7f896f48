"""The fictional city has the structure of a real one, and valid codes."""

import re
from collections import Counter

from mingzheng.demo.structure import units
from mingzheng.law.checksums import is_organisation_code


def test_the_city_has_its_units_by_tier() -> None:
    kinds = Counter((unit.group, unit.kind) for unit in units())
    assert kinds["city", "g"] == 1
    assert kinds["city", "d"] == 53
    assert kinds["city", "e"] == 8
    assert kinds["county", "g"] == 4
    assert kinds["town", "g"] == 35
    assert len(units()) > 300
    assert {unit.tier for unit in units()} == {f"T{number}" for number in range(1, 8)}
    governments = [unit for unit in units() if unit.is_government]
    assert Counter(unit.tier for unit in governments) == {"T1": 1, "T4": 1, "T5": 3, "T6": 23}


def test_codes_are_readable_slugs_and_organisation_codes_are_valid() -> None:
    for unit in units():
        assert re.fullmatch(r"[a-z]+(-[a-z]+)?", unit.code)
        assert len(unit.code) <= 24
        assert is_organisation_code(unit.org_code)
        assert unit.phone.startswith("0000-")
    for value in ("code", "org_code", "name", "word"):
        assert len({getattr(unit, value) for unit in units()}) == len(units()), value


def test_parents_come_before_their_children() -> None:
    seen: set[str | None] = {None}
    for unit in units():
        assert unit.parent in seen
        seen.add(unit.code)
    assert [unit.code for unit in units() if unit.parent is None] == ["city"]


def test_a_countys_departments_carry_its_tier() -> None:
    tier = {unit.code: unit.tier for unit in units()}
    for unit in units():
        if unit.group == "county" and unit.kind == "d":
            assert unit.tier == tier[unit.parent or ""]
