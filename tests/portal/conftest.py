"""A tiny city that publishes: helpers to import, publish and look at what came out."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

START = datetime(2018, 1, 2, 1, 0, tzinfo=UTC)


@dataclass
class Portal:
    """The city with an empty public folder of its own."""

    city: object
    home: Path

    @property
    def public(self) -> Path:
        return self.home / "public"

    @property
    def office(self):
        return self.city.people["office"]

    def draft(self, title: str, unit: str = "czj", column: str = "DT01", **fields):
        from mingzheng.publish.items.services import ItemDraft

        return ItemDraft(unit, column, title, fields.pop("body", f"<p>{title}的正文。</p>"), **fields)

    def publish(self, title: str, **fields):
        return self.city.publish(self.office, self.draft(title, **fields))

    def amend(self, item, **changes):
        return self.city.amend(self.office, item, **changes)

    def bring_in(self, *drafts):
        """Import drafts; those without a date get successive days of 2018. Returns the items."""
        from mingzheng.publish.items.models import Item
        from mingzheng.publish.items.services import import_items

        for number, draft in enumerate(drafts):
            draft.published_at = draft.published_at or START + timedelta(days=number)
        report = import_items(self.office, drafts, source="test")
        assert report.refused == []
        return [Item.objects.get(pk=pk) for pk in report.ids]

    def bring_in_many(self, count: int, **fields):
        return self.bring_in(*(self.draft(f"第{number}条动态", **fields) for number in range(1, count + 1)))

    def read(self, path: str) -> str:
        from mingzheng.portal.addresses import file_of

        return (self.public / file_of(path)).read_text("utf-8")

    def has(self, path: str) -> bool:
        from mingzheng.portal.addresses import file_of

        return (self.public / file_of(path)).is_file()

    def path(self, item) -> str:
        from mingzheng.portal.addresses import item_path

        return item_path(item.pk, item.first_published_at)

    def files(self) -> dict[str, bytes]:
        found = (path for path in self.public.rglob("*") if path.is_file())
        return {str(path.relative_to(self.public)): path.read_bytes() for path in found}


@pytest.fixture
def use_home(settings, tmp_path) -> Callable[[str], Path]:
    """Moves the installation's folder to a fresh one of that name."""

    def use(name: str) -> Path:
        home = tmp_path / name
        home.mkdir()
        settings.HOME, settings.PUBLIC_DIR = home, home / "public"
        return home

    return use


@pytest.fixture
def portal(catalogue, use_home) -> Portal:
    return Portal(catalogue, use_home("home"))
