"""The whole back office is in Chinese: every open address is read, for each role, as a person would read it."""

from __future__ import annotations

import re

import pytest
from bs4 import BeautifulSoup
from tests.office.test_every_address import addresses, fill, inner, sign_in, world  # noqa: F401

from mingzheng.city.models import Role
from mingzheng.office import doors

# File types, and what has no other name.
KNOWN = {
    "JavaScript", "doc", "docx", "pdf", "ofd", "xls", "xlsx", "csv", "txt", "html", "zip", "png", "jpg", "Word", "Excel", "PDF",
    "Word（docx）", "WPS", "TOTP", "IP", "URL", "Esc", "Ctrl", "Shift", "Alt", "SHA", "sha256", "CSV", "XLSX", "KB", "MB", "ICP", "gov", "WEBP", "JPG", "PNG",
}  # fmt: skip


def read(page: BeautifulSoup) -> set[str]:
    """The English words of a page, those of a screen reader and of empty fields among them."""
    for hidden in page.find_all(["script", "style", "template", "code", "svg", "kbd", "datalist", "dialog"]):
        hidden.decompose()
    said = [page.get_text(" ")]
    said += [
        str(tag.get(name) or "")
        for tag in page.find_all()
        for name in ("alt", "title", "placeholder", "aria-label")
    ]
    return set(re.findall(r"[A-Za-z]{3,}", " ".join(said)))


@pytest.mark.once
@pytest.mark.parametrize("role", Role.values)
def test_no_open_page_has_an_english_word(world, role):  # noqa: F811
    client = sign_in(world.people[role])
    names = {word for value in [*Role.values, "czj-signer", "czj-writer", "hexi-office", "chief", "at"]
             for word in re.findall(r"[A-Za-z]{3,}", value)}  # fmt: skip
    wrong, pages = {}, 0
    for name, route in inner(addresses()):
        found = world.behind(name)["own"]
        revised = found.home if name in doors.ON_SITE else world.manuscripts["own"]
        answer = client.get(fill(route, found.pk, revised.latest_revision_id))
        if (
            name in ("office_preview", f"{doors.HOME}:revisions_view")
            or answer.status_code != 200
            or not answer.headers.get("Content-Type", "").startswith("text/html")
        ):
            continue
        pages += 1
        if words := read(BeautifulSoup(answer.getvalue().decode(), "html.parser")) - KNOWN - names:
            wrong[name] = sorted(words)
    assert not wrong, str(wrong)
    assert pages > 1
