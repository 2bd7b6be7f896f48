"""A folder of its own for each benchmark, and a synthetic city in it: units, catalogue, plausible items."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

YEAR_ITEMS = 112_304
UNITS = 320
SENTENCE = (
    "为贯彻落实全市工作部署，结合本单位实际，现将有关事项通知如下，请认真组织实施，并及时公开办理结果。"
)


@contextmanager
def fresh_home() -> Iterator[Path]:
    """An empty installation, gone afterwards: on SQLite, or on the database that ``tools/with_postgres`` has made."""
    with tempfile.TemporaryDirectory(prefix="mingzheng-bench-") as folder:
        os.environ["MINGZHENG_HOME"] = folder
        if not os.environ.get("MINGZHENG_DATABASE_IS_THROWAWAY"):
            os.environ.pop("MINGZHENG_DATABASE", None)
        os.environ["DJANGO_SETTINGS_MODULE"] = "mingzheng.settings"
        import django
        from django.core.management import call_command

        django.setup()
        call_command("migrate", verbosity=0)
        yield Path(folder)


def build_units() -> tuple[Any, list[str]]:
    """A city of ``UNITS`` units with its catalogue; returns the office's account and the units' codes."""
    from mingzheng.city import services as city
    from mingzheng.law.checksums import organisation_check_mark
    from mingzheng.publish.catalogue import services as catalogue

    def unit(number: int, parent: Any, tier: str) -> Any:
        body = f"{number:08}"
        return city.create_unit(
            None,
            code="city" if parent is None else f"u{number}",
            parent=parent,
            org_code=body + organisation_check_mark(body),
            name="示范市人民政府" if parent is None else f"第{number}单位",
            short_name=f"第{number}单位",
            tier=tier,
            active_from=date(2010, 1, 1),
        )

    root = unit(1, None, "T1")
    units = [unit(number, root, ("T2", "T3", "T4", "T6")[number % 4]) for number in range(2, UNITS + 1)]
    office = city.create_person(None, username="office", name="公开办", password=None)
    city.grant(None, office, "office", root, starts_on=date(2010, 1, 1))
    catalogue.load_standard(None)
    return office, [each.code for each in units]


def drafts(codes: list[str], count: int, year: int = 2018) -> Iterator[Any]:
    """``count`` items spread over units, three columns and the year; bodies of about 3 KB."""
    from mingzheng.publish.items.services import ItemDraft

    start = datetime(year, 1, 2, 1, tzinfo=UTC)
    body = "".join(f"<p>{SENTENCE}{number}</p>" for number in range(18))
    columns = ("TZ01", "DT01", "TZ02")
    for number in range(count):
        yield ItemDraft(
            codes[number % len(codes)],
            columns[number % 3],
            f"关于做好第{number}项政务公开工作的通知",
            f"{body}<p>第{number}项</p>",
            published_at=start + timedelta(minutes=number * 500_000 // count),
            source_key=f"{year}-{number}",
        )
