"""The review route of a unit on a day: its own, else that of the nearest unit above, else the default."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from functools import lru_cache
from importlib import resources
from typing import Any, NotRequired, TypedDict

import yaml
from django.db import transaction

from mingzheng.city import audit
from mingzheng.city.models import Person, Unit
from mingzheng.city.permissions import require
from mingzheng.law.errors import Refusal
from mingzheng.publish.reviews.models import ReviewRoute

VERBS = ("manuscript.review", "manuscript.secrecy", "manuscript.sign")


class Step(TypedDict):
    """One step: its name, the verb that it needs, and whether the secrecy review is recorded in it."""

    name: str
    verb: str
    secrecy: NotRequired[bool]


@lru_cache(maxsize=1)
def _default() -> list[Step]:
    text = resources.files("mingzheng.publish.reviews").joinpath("data/route.yaml").read_text("utf-8")
    return check_steps(yaml.safe_load(text))


def check_steps(steps: list[Any]) -> list[Step]:
    """The steps, if they are a lawful route: a secrecy review in exactly one step, and sign-off at the end."""
    if not steps:
        raise Refusal("审核流程至少要有一个环节。")
    for number, step in enumerate(steps, start=1):
        if not str(step.get("name", "")).strip() or step.get("verb") not in VERBS:
            raise Refusal(f"审核流程第{number}个环节没有名称，或者没有写明由哪种角色办理。")
    if steps[-1]["verb"] != "manuscript.sign":
        raise Refusal("审核流程的最后一个环节必须是签发。")
    if sum(bool(step.get("secrecy")) for step in steps) != 1:
        raise Refusal("审核流程中须有且只有一个环节进行保密审查（政府信息公开条例第十七条）。")
    return steps


def route_for(unit: Unit, on: date) -> list[Step]:
    """The steps that hold for the unit on that day."""
    found = routes_in_force([unit], on)[unit.pk]
    return list(found.steps) if found else default_steps()


def default_steps() -> list[Step]:
    """The steps of a unit for which no route was set, neither its own nor above it."""
    return list(_default())


def routes_in_force(units: Iterable[Unit], on: date) -> dict[int, ReviewRoute | None]:
    """By unit id, the route that holds on that day: the latest of the nearest unit that has one; one query."""
    chains = {unit.pk: _upwards(unit.path) for unit in units}
    paths = {path for chain in chains.values() for path in chain}
    routes = ReviewRoute.objects.filter(unit__path__in=paths, effective_from__lte=on).select_related("unit")
    latest = {route.unit.path: route for route in routes.order_by("effective_from")}
    return {
        pk: next((latest[path] for path in chain if path in latest), None) for pk, chain in chains.items()
    }


def _upwards(path: str) -> list[str]:
    """A unit's path and those of the units above it, the nearest first."""
    above = [path[:end] for end, mark in enumerate(path) if mark == "/"]
    return [path, *reversed(above)]


def set_route(actor: Person, unit: Unit, steps: list[Step], *, effective_from: date) -> ReviewRoute:
    """Prescribe another route from that day on; reviews that run keep theirs."""
    require(actor, "route.manage", unit)
    check_steps(steps)
    with transaction.atomic():
        route, _ = ReviewRoute.objects.update_or_create(
            unit=unit, effective_from=effective_from, defaults={"steps": steps}
        )
        audit.append(
            actor, "route.set", f"unit:{unit.pk}",
            {"from": effective_from, "steps": [step["name"] for step in steps]},
        )  # fmt: skip
    return route
