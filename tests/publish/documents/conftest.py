"""Documents of the tests' city, brought in with their dates."""

from __future__ import annotations

from datetime import UTC, datetime
from itertools import count

import pytest

AT = datetime(2018, 5, 2, 1, tzinfo=UTC)


@pytest.fixture
def document(catalogue):
    """Makes a public normative document; ``unit`` and ``column`` and every field of a draft may be given."""
    from mingzheng.publish.items.models import Item
    from mingzheng.publish.items.services import ItemDraft, import_items

    numbers = count(1)

    def make(title, unit="czj", column="ZC0101", **fields):
        number = next(numbers)
        given = {"doc_no": f"示财〔2018〕{number}号", "published_at": AT} | fields
        draft = ItemDraft(unit, column, title, "<p>一。</p>", **given)
        report = import_items(catalogue.people["office"], [draft], source="test")
        assert report.refused == []
        return Item.objects.select_related("unit").get(pk=report.ids[0])

    return make
