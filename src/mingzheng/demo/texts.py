"""Kinds of texts and their slots: a text is a Python format string whose slots are filled when they are first named."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from random import Random
from typing import Any

from mingzheng.demo.data_files import read
from mingzheng.demo.structure import UnitSpec
from mingzheng.demo.words import Domain, Voice

_FILES = ("texts-documents.yaml", "texts-units.yaml", "texts-power.yaml", "texts-public.yaml")


@dataclass(frozen=True)
class Kind:
    """A kind of text: titles to choose from, paragraphs (each with its alternatives) and fixed metadata.

    A kind whose titles tell of different scenes has as many alternatives of its first paragraph: each title
    names its scene.
    """

    name: str
    titles: tuple[tuple[int, str], ...]
    scenes: bool
    body: tuple[tuple[str, ...], ...]
    genre: str
    audience: str
    document: bool
    policy: bool
    house: bool
    lag: bool
    months: tuple[int, ...]


@cache
def kinds() -> dict[str, Kind]:
    """All kinds by name."""
    found = {name: _kind(name, told) for file in _FILES for name, told in read(file).items()}
    found["none"] = _kind("none", {"titles": [], "body": []})
    return found


def _kind(name: str, told: dict[str, Any]) -> Kind:
    body = tuple(
        tuple(_paragraph(text) for text in (entry if isinstance(entry, list) else [entry]))
        for entry in told["body"]
    )
    scenes = bool(told["titles"]) and isinstance(told["titles"][0], list)
    groups = told["titles"] if scenes else [told["titles"]]
    return Kind(
        name,
        tuple((scene, title) for scene, titles in enumerate(groups) for title in titles),
        scenes,
        body,
        told.get("genre", "其他"),
        told.get("audience", "社会公众"),
        told.get("document", False),
        told.get("policy", False),
        told.get("house", False),
        told.get("lag", False),
        tuple(told.get("months", ())),
    )


def _paragraph(text: str) -> str:
    return text if text.startswith(("<", "{t_")) else f"<p>{text}</p>"


class Number:
    """Fills ``{n:12-60}`` with another whole number from 12 to 60 at every mention."""

    __slots__ = ("rng",)
    _bounds: dict[str, tuple[int, int]] = {}

    def __init__(self, rng: Random) -> None:
        self.rng = rng

    def __format__(self, bounds: str) -> str:
        found = self._bounds.get(bounds)
        if found is None:
            first, last = bounds.split("-")
            found = self._bounds[bounds] = int(first), int(last)
        low, high = found
        return str(low + int(self.rng.random() * (high - low + 1)))


@dataclass(frozen=True)
class About:
    """What a text is about: who writes in which column, in which field, on which day, about which month."""

    unit: UnitSpec
    column: str
    domain: str
    field: Domain
    voice: Voice
    day: date
    lag: bool

    @property
    def told(self) -> date:
        """A day of the month that the text tells of: with ``lag`` the month before its own."""
        return self.day.replace(day=1) - timedelta(days=1) if self.lag else self.day


class Slots(dict[str, Any]):
    """The slots of one text: a slot is made when it is first named and stays the same for title and body."""

    def __init__(
        self, rng: Random, about: About, make: Callable[[Slots, str], Any], given: dict[str, Any]
    ) -> None:
        super().__init__(given)
        self.about = about
        self.rng = rng
        self._make = make
        self["n"] = Number(rng)
        self["scene"] = 0

    def __missing__(self, name: str) -> Any:
        value = self[name] = self._make(self, name)
        return value


def compose_body(kind: Kind, slots: Slots) -> str:
    """The body as HTML, one alternative of every paragraph."""
    choice = slots.rng.choice
    first, *rest = kind.body
    opening = first[slots["scene"]] if kind.scenes else choice(first)
    chosen = [opening, *(texts[0] if len(texts) == 1 else choice(texts) for texts in rest)]
    return smooth("".join([text.format_map(slots) for text in chosen]))


def smooth(text: str) -> str:
    """The text without the words that a topic's end and its frame both bring: 档案管理 and 管理办法."""
    for twice in ("管理", "服务", "工作", "建设", "改革"):
        text = text.replace(twice + twice, twice)
    return text
