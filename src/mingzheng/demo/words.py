"""The words that slots and tables draw from: the lists of ``data/words.yaml`` and names built of their parts."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from random import Random

from mingzheng.demo.data_files import read
from mingzheng.demo.structure import UnitSpec, units


@cache
def lists() -> dict[str, list[str]]:
    """Every word list by name."""
    found: dict[str, list[str]] = dict(read("words.yaml"))
    found["persons"] = [surname + given for surname in found["surnames"] for given in found["given"]]
    found["villages"] = [head + "村" for head in found["village_heads"]]
    found["communities"] = [head + "小区" for head in found["community_heads"]]
    found["companies"] = [head + tail for head in found["company_heads"] for tail in found["company_tails"]]
    found["builders"] = [head + tail for head in found["company_heads"] for tail in found["builder_tails"]]
    return found


@dataclass(frozen=True)
class Domain:
    """A field of work as ``data/domains.yaml`` describes it."""

    name: str
    theme: str
    topics: tuple[str, ...]
    acts: tuple[str, ...]
    results: tuple[str, ...]
    words: dict[str, list[str]]  # its own lists of permits, offences and matters, where it has any


@cache
def domains() -> dict[str, Domain]:
    """Fields of work by their key."""
    own = read("regulation.yaml")
    return {
        key: Domain(
            each["name"],
            each["theme"],
            tuple(each["topics"]),
            tuple(each["acts"]),
            tuple(each["results"]),
            own.get(key, {}),
        )
        for key, each in read("domains.yaml").items()
    }


@dataclass(frozen=True)
class Voice:
    """How a unit speaks of itself: its people, its places, its superior."""

    head: str
    deputies: tuple[str, ...]
    places: tuple[str, ...]
    superior: str
    here: str
    office: str
    places_list: str


_HEADS = (
    ("公司", "总经理"), ("医院", "院长"), ("学院", "院长"), ("局", "局长"), ("街道办事处", "主任"),
    ("镇人民政府", "镇长"), ("市人民政府", "市长"), ("县人民政府", "县长"), ("区人民政府", "区长"),
)  # fmt: skip
_BELOW = {"city": "各县区人民政府", "county": "各镇人民政府（街道办事处）", "town": "各村（居）民委员会"}


@cache
def voice(unit: UnitSpec) -> Voice:
    """The unit's voice; its people are the same in every text."""
    rng = Random(unit.code)
    names = rng.sample(lists()["persons"], 4)
    title = next((title for end, title in _HEADS if unit.name.endswith(end)), "主任")
    here = {"city": "我市", "county": "我" + unit.area[-1], "town": "我镇" if unit.tier == "T6" else "我街道"}
    return Voice(
        head=title + names[0],
        deputies=tuple(f"副{title}{name}" for name in names[1:]),
        places=_places(unit, rng),
        superior={"city": "省", "county": "示范市"}.get(unit.group, unit.gov.removesuffix("人民政府")),
        here=here[unit.group],
        office=f"{unit.name}办公室" if unit.kind == "g" and unit.is_government else unit.name,
        places_list=_BELOW[unit.group],
    )


def _places(unit: UnitSpec, rng: Random) -> tuple[str, ...]:
    if unit.group == "town":
        return tuple(rng.sample(lists()["villages"], 9))
    if unit.group == "county":
        return tuple(
            each.short for each in units() if each.group == "town" and each.parent == unit.code_of_county
        )
    counties = [each.short for each in units() if each.group == "county" and each.kind == "g"]
    towns = [each.short for each in units() if each.group == "town"]
    return (*counties, *rng.sample(towns, 6))
