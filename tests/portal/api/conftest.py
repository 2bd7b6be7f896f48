"""Asking the open interface as other systems do: by HTTP, with and without a key."""

from __future__ import annotations

import json
import os
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

ON_POSTGRES = os.environ.get("MINGZHENG_DATABASE", "").startswith("postgres")


@dataclass
class Asking:
    """A client of the interface."""

    client: Client = field(default_factory=Client)
    key: str = ""

    def send(self, method: str, path: str, **options: Any):
        headers = {"Authorization": f"Bearer {self.key}"} if self.key else {}
        headers |= options.pop("headers", {})
        return self.client.generic(method, f"/api/v1{path}", headers=headers, **options)

    def get(self, path: str, **headers: str):
        return self.send("GET", path, headers=headers)

    def read(self, path: str) -> Any:
        answer = self.get(path)
        assert answer.status_code == 200, answer.content.decode()[:500]
        return json.loads(answer.content)

    def refused(self, path: str, **headers: str) -> tuple[int, dict[str, Any]]:
        answer = self.get(path, **headers)
        return answer.status_code, json.loads(answer.content)["error"]

    def pages(self, path: str, name: str, size: int = 50) -> list[Any]:
        """All rows of a list, page after page."""
        rows, cursor = [], ""
        mark = "&" if "?" in path else "?"
        while cursor is not None:
            page = self.read(f"{path}{mark}size={size}&cursor={cursor}")
            assert len(page[name]) <= size
            rows += page[name]
            cursor = page["next"]
        return rows

    def queries(self, path: str) -> int:
        with CaptureQueriesContext(connection) as found:
            self.read(path)
        return len(found)

    def submit(self, mark: str = "mark-0001", **given: Any):
        content = {
            "column": "DT01",
            "title": "关于开放接口的说明",
            "body": "<p>自即日起提供接口。</p>",
        } | given
        return self.post("/submissions", content, mark)

    def post(self, path: str, content: Any, mark: str = ""):
        headers = {"Idempotency-Key": mark} if mark else {}
        return self.send(
            "POST", path, data=json.dumps(content), content_type="application/json", headers=headers
        )


@pytest.fixture(autouse=True)
def _fresh_counts():
    """Every test begins with all that an address may ask for."""
    from mingzheng.portal.api import limits

    limits.meter.__init__()


@pytest.fixture
def asking() -> Asking:
    return Asking()


@pytest.fixture
def with_key(catalogue):
    """Makes a client with a key of a unit."""
    from mingzheng.portal.api.services import open_key

    def make(code: str = "czj", *, downwards: bool = False, days: int = 30, name: str = "业务系统") -> Asking:
        _, told = open_key(
            catalogue.people["admin"], catalogue.units[code], name=name, downwards=downwards,
            expires_on=timezone.localdate() + timedelta(days=days),
        )  # fmt: skip
        return Asking(key=told)

    return make


def pass_all(city, manuscript_id: int) -> None:
    """Lead a manuscript that was handed in through its whole review."""
    from mingzheng.publish.manuscripts import services
    from mingzheng.publish.manuscripts.models import Manuscript

    digest = Manuscript.objects.get(pk=manuscript_id).content_hash
    services.pass_step(city.people["reviewer"], manuscript_id, content_hash=digest)
    secrecy = {"conclusion": "可以公开", "basis": "不涉及国家秘密、商业秘密和个人隐私。"}
    services.pass_step(city.people["secrecy"], manuscript_id, content_hash=digest, secrecy=secrecy)
    services.pass_step(city.people["chief"], manuscript_id, content_hash=digest)
