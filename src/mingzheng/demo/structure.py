"""The units of the fictional city: one government, its departments and enterprises, four counties with theirs, 35 towns."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Any

from mingzheng.demo.data_files import read
from mingzheng.law.checksums import organisation_check_mark

# The demonstration's mark: no real organisation code begins so.
MARK = "SF"


@dataclass(frozen=True)
class UnitSpec:
    """A unit as the city's file describes it. ``kind``: g government or town, d department, e enterprise."""

    number: int
    code: str
    name: str
    short: str
    tier: str
    kind: str
    parent: str | None
    domain: str
    word: str
    region: str
    area: str
    gov: str
    is_government: bool

    @property
    def org_code(self) -> str:
        body = f"{MARK}{self.number:06}"
        return body + organisation_check_mark(body)

    @property
    def phone(self) -> str:
        return f"0000-{1000000 + self.number * 17}"

    @property
    def address(self) -> str:
        return f"{self.area}为民路{self.number}号"

    @property
    def code_of_county(self) -> str | None:
        """The county that the unit is, or belongs to; None for the city's own units."""
        if self.group == "county" and self.kind == "g":
            return self.code
        return None if self.group == "city" else self.parent

    @property
    def group(self) -> str:
        """The level in which the annual report counts the unit."""
        return {"T1": "city", "T2": "city", "T3": "city", "T4": "county", "T5": "county"}.get(
            self.tier, "town"
        )


@cache
def units() -> tuple[UnitSpec, ...]:
    """All units, parents before children."""
    return tuple(_Builder().build())


class _Builder:
    def __init__(self) -> None:
        self.data = read("city.yaml")
        self.made: list[UnitSpec] = []

    def build(self) -> list[UnitSpec]:
        city = self.data["city"]
        self.city = city["short"]
        self.gov, self.area, self.region = city["name"], city["short"], city["region"]
        self.add(
            city["code"],
            city["name"],
            city["short"],
            city["tier"],
            "g",
            None,
            city["domain"],
            city["word"],
            True,
        )
        for code, name, short, tier, domain, word, _ in self.data["departments"]:
            self.add(code, self.city + name, "市" + short, tier, "d", "city", domain, "示" + word)
        for code, name, short, domain, word in self.data["enterprises"]:
            self.add(code, self.city + name, short, "T3", "e", "city", domain, "示" + word)
        for county in self.data["counties"]:
            self.county(county)
        return self.made

    def county(self, county: dict[str, Any]) -> None:
        code, name, tier, word = county["code"], county["name"], county["tier"], county["word"]
        self.gov, self.area, self.region = f"{name}人民政府", name, county["region"]
        self.add(code, self.gov, name, tier, "g", "city", "general", word, True)
        for part, own, short, _, domain, own_word, everywhere in self.data["departments"]:
            if everywhere:
                self.add(
                    f"{code}-{part}", name + own, name[-1] + short, tier, "d", code, domain, word + own_word
                )
        for number, (town, town_name, town_word) in enumerate(county["towns"], start=1):
            street = town_name.endswith("街道")
            self.area, self.region = town_name, f"{county['region']}{100 + number}"
            full = f"{town_name}办事处" if street else f"{town_name}人民政府"
            self.add(
                town,
                full,
                town_name,
                "T7" if street else "T6",
                "g",
                code,
                "town",
                word + town_word,
                not street,
            )

    def add(
        self, code: str, name: str, short: str, tier: str, kind: str, parent: str | None, domain: str, word: str,
        is_government: bool = False,
    ) -> None:  # fmt: skip
        self.made.append(
            UnitSpec(
                len(self.made) + 1, code, name, short, tier, kind, parent, domain, word, self.region, self.area,
                self.gov, is_government,
            )
        )  # fmt: skip
