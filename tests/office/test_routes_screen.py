"""审核流程: an openness office sets the steps of the units that it reaches."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from tests.office.pages import english, queries, text

from mingzheng.publish.reviews.models import ReviewRoute
from mingzheng.publish.reviews.services import route_for, set_route

LIST = "/office/routes/"
TODAY = timezone.localdate()
SHORT = [("保密审查", "manuscript.secrecy", True), ("签发", "manuscript.sign", False)]


@pytest.fixture
def office(city: Any) -> Client:
    client = Client()
    client.force_login(city.people["office"])
    return client


def filled(
    steps: list[tuple[str, str, bool]], day: Any = TODAY, numbers: tuple[int, ...] = ()
) -> dict[str, str]:
    """The form as a browser sends it."""
    form = {"step-TOTAL_FORMS": "6", "step-INITIAL_FORMS": "6", "effective_from": str(day)}
    for line in range(6):
        name, verb, secrecy = steps[line] if line < len(steps) else ("", "", False)
        number = numbers[line] if line < len(numbers) else line + 1
        form |= {f"step-{line}-number": str(number), f"step-{line}-name": name, f"step-{line}-verb": verb}
        if secrecy:
            form[f"step-{line}-secrecy"] = "on"
    return form


@pytest.mark.parametrize("username", ["admin", "auditor", "czj-writer", "czj-signer", "chief"])
def test_only_offices_come_in(city: Any, client: Client, username: str) -> None:
    client.force_login(city.people[username])
    for address in ("", f"{city.units['czj'].pk}/"):
        assert client.get(LIST + address).status_code == 404


def test_own_and_inherited_routes_are_told_apart(city: Any, office: Client) -> None:
    steps = [{"name": name, "verb": verb, "secrecy": secrecy} for name, verb, secrecy in SHORT]
    set_route(city.people["office"], city.units["hexi"], steps, effective_from=TODAY)
    set_route(city.people["office"], city.units["czj"], steps, effective_from=TODAY + timedelta(days=3))
    shown = text(office.get(LIST))
    assert len(queries(office, LIST)) <= 4
    assert f"河西县人民政府 保密审查 保密员 保密审查 签发 签发人 本单位 {TODAY}起" in shown
    assert "清水镇人民政府 保密审查 保密员 保密审查 签发 签发人 沿用 河西县人民政府" in shown
    assert "示范市档案局 初审 审核员" in shown
    assert f"沿用 全市默认流程 {TODAY + timedelta(days=3)}起另有流程" in shown
    assert "财政局" not in text(office.get(LIST, {"q": "档案"}))


def test_steps_are_set_by_their_numbers(city: Any, office: Client) -> None:
    czj = city.units["czj"]
    form = filled([SHORT[1], SHORT[0]], numbers=(2, 1))
    assert office.post(f"{LIST}{czj.pk}/", form).status_code == 302
    assert [step["name"] for step in route_for(czj, TODAY)] == ["保密审查", "签发"]
    assert "本单位设置过的流程" in text(office.get(f"{LIST}{czj.pk}/"))


@pytest.mark.parametrize(
    ("form", "sentence"),
    [
        (filled([]), "至少要有一个环节"),
        (filled(SHORT[:1]), "最后一个环节必须是签发"),
        (filled(SHORT[1:]), "有且只有一个环节进行保密审查"),
        (filled([("", "manuscript.secrecy", True), SHORT[1]]), "第1个环节没有名称"),
        (filled(SHORT, TODAY - timedelta(days=1)), "启用日期不能早于今天"),
        (filled([("初审", "item.publish", True), SHORT[1]]), "item.publish"),
        ({"effective_from": str(TODAY)}, ""),  # a form without its lines
    ],
)
def test_what_is_refused_is_said_at_the_form(
    city: Any, office: Client, form: dict[str, str], sentence: str
) -> None:
    answer = office.post(f"{LIST}{city.units['czj'].pk}/", form)
    assert answer.status_code == 200
    assert sentence in text(answer)
    assert not ReviewRoute.objects.exists()


def test_a_county_office_stays_in_the_county(city: Any, client: Client) -> None:
    client.force_login(city.people["hexi-office"])
    assert "示范市财政局" not in text(client.get(LIST))
    assert client.get(f"{LIST}{city.units['czj'].pk}/").status_code == 404
    assert client.post(f"{LIST}{city.units['czj'].pk}/", filled(SHORT)).status_code == 404
    assert client.post(f"{LIST}{city.units['qingshui'].pk}/", filled(SHORT)).status_code == 302


def test_no_page_speaks_english(city: Any, office: Client) -> None:
    assert english(office.get(LIST)) == set()
    assert english(office.get(f"{LIST}{city.units['czj'].pk}/")) == set()
    assert english(office.post(f"{LIST}{city.units['czj'].pk}/", {})) == set()
