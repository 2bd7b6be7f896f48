"""What the tests of screens share: a page as somebody reads it."""

from __future__ import annotations

import re
from typing import Any

from bs4 import BeautifulSoup
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext


def english(answer: Any) -> set[str]:
    """The English words that a reader sees, apart from codes and account names."""
    page = BeautifulSoup(answer.content.decode(), "html.parser")
    main = page.select_one(".desk")
    assert main is not None, answer.content.decode()[:2000]
    for code in main.find_all(["code", "script", "datalist"]):
        code.decompose()
    read = [main.get_text(" "), page.title.get_text() if page.title else ""]
    read += [str(tag.get(name) or "") for tag in main.find_all() for name in ("alt", "title", "placeholder")]
    return set(re.findall(r"[A-Za-z]{3,}", " ".join(read)))


def queries(client: Client, address: str, **asked: str) -> list[str]:
    """The statements that a page needs beyond the frame around every page."""
    with CaptureQueriesContext(connection) as frame:
        client.get("/office/delegations/")
    with CaptureQueriesContext(connection) as page:
        assert client.get(address, asked).status_code == 200
    common = {_shape(each["sql"]) for each in frame}
    return [each["sql"] for each in page if _shape(each["sql"]) not in common]


def _shape(sql: str) -> str:
    return re.sub(r"'[^']*'", "?", sql)


def text(answer: Any) -> str:
    """The text of a page's own part."""
    main = BeautifulSoup(answer.content.decode(), "html.parser").select_one(".desk")
    assert main is not None, answer.content.decode()[:2000]
    return " ".join(main.get_text(" ").split())
