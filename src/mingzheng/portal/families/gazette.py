"""The government gazette (政府公报): all published issues, and each with its contents."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import groupby
from typing import Any, Final

from mingzheng.portal import addresses
from mingzheng.portal.families import Page
from mingzheng.portal.families.facts import CityFacts
from mingzheng.portal.formats import chinese_date
from mingzheng.portal.manifest import SITE_PART
from mingzheng.publish.documents.models import GazetteIssue
from mingzheng.publish.items.models import Item

FAMILY: Final = "gazette"
NAME: Final = "政府公报"
FACT: Final = "gazette"
_PATH: Final = re.compile(rf"{addresses.GAZETTE}(\d{{4}})/([1-9]\d{{0,2}})/")


def issue_path(year: int, number: int) -> str:
    return f"{addresses.GAZETTE}{year}/{number}/"


def gazette_pages(city: CityFacts) -> Iterator[Page]:
    """The page of every published issue; the page of them all is one of the site's own."""
    for issue in _published():
        yield issue_page(city, issue)


def gazette_page(city: CityFacts, path: str) -> Page | None:
    """The page of one issue, None when there is none."""
    match = _PATH.fullmatch(path)
    issue = _published().filter(year=int(match[1]), number=int(match[2])).first() if match else None
    return issue_page(city, issue) if issue else None


def issue_paths() -> list[str]:
    """The address of every published issue."""
    return [issue_path(year, number) for year, number in _published().values_list("year", "number")]


def _published() -> Any:
    return GazetteIssue.objects.exclude(published_at=None).order_by("-year", "-number")


def gazette_home(city: CityFacts) -> Page:
    """All issues by year."""
    issues = [
        {"title": each.title, "url": issue_path(each.year, each.number), "published_on": each.issued_on.isoformat(),
         "year": each.year}
        for each in _published()
    ]  # fmt: skip
    context = {
        "page": _page(city, addresses.GAZETTE, f"{city.root.name}公报"),
        "nav_current": addresses.GAZETTE,
        "crumbs": [{"title": "首页", "url": addresses.HOME}, {"title": NAME}],
        "years": [
            {"year": year, "issues": list(rows)}
            for year, rows in groupby(issues, key=lambda each: each["year"])
        ],
    }
    return Page(addresses.GAZETTE, FAMILY, SITE_PART, city.html(FAMILY, context), (FACT,))


def issue_page(city: CityFacts, issue: GazetteIssue) -> Page:
    """One issue: contents in order below their headings, and how it was corrected."""
    path = issue_path(issue.year, issue.number)
    entries = list(issue.entries.values_list("item_id", "heading"))
    lines = _lines([pk for pk, _ in entries])
    context = {
        "page": _page(city, path, issue.title),
        "crumbs": [
            {"title": "首页", "url": addresses.HOME}, {"title": NAME, "url": addresses.GAZETTE}, {"title": issue.title},
        ],
        "issue": {"title": issue.title, "on": chinese_date(issue.issued_on), "year": issue.year, "number": issue.number},
        "sections": _sections(entries, lines),
        "corrections": [
            {"on": chinese_date(addresses.city_minute(each.at)), "reason": each.reason}
            for each in issue.corrections.all()
        ],
    }  # fmt: skip
    noted = (FACT, *(f"item:{pk}" for pk, _ in entries))
    return Page(path, FAMILY, SITE_PART, city.html(FAMILY, context), noted)


def _sections(entries: list[tuple[int, str]], lines: dict[int, Any]) -> list[dict[str, Any]]:
    withdrawn = {"title": "（该文件已撤回）"}
    return [
        {"heading": heading, "rows": [lines.get(pk, withdrawn) for pk, _ in rows]}
        for heading, rows in groupby(entries, key=lambda entry: entry[1])
    ]


def _lines(ids: list[int]) -> dict[int, dict[str, str]]:
    """The public items of an issue by id: of what was withdrawn since, nothing is said."""
    found = Item.objects.public().filter(pk__in=ids)
    return {
        pk: {"title": title, "doc_no": doc_no, "url": addresses.item_path(pk, at)}
        for pk, title, doc_no, at in found.values_list("id", "title", "doc_no", "first_published_at")
    }


def _page(city: CityFacts, path: str, title: str) -> dict[str, Any]:
    tags = {"name": title, "description": title, "keywords": f"{NAME},{city.root.name}", "type": NAME}
    return {"title": title, "path": path, "url": city.site.address(path), "column": tags}
