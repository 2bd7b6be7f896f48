"""The desk's lists, searches and forms: milliseconds of a page, in an empty city and in a full one, and their ratio.

``python -m bench.desk [--items N] [--manuscripts M] [--rounds R]``. Also counts the queries of publishing one
manuscript. The goals: p95 of a page in the full city at most twice that of the empty one; at most 40 queries.
"""

from __future__ import annotations

import argparse
import math
import os
import statistics
import time
from typing import Any

from bench.city import YEAR_ITEMS, build_units, drafts, fresh_home

MANUSCRIPTS = "/office/manuscripts"
SECRECY = {"conclusion": "可以公开", "basis": "不涉及国家秘密、商业秘密和个人隐私。"}


def pages(manuscript_id: int) -> dict[str, str]:
    """The pages that are measured, by name. What is searched for is rare or absent: nothing ends the search early."""
    return {
        "items: list": "/office/items/",
        "items: one unit": "/office/items/?unit=u2",
        "items: one column": "/office/items/?column=DT01",
        "items: withdrawn": "/office/items/?status=withdrawn",
        "items: search the city, frequent": "/office/items/?q=政务公开",
        "items: search the city, absent": "/office/items/?q=查无此事",
        "items: search one unit, absent": "/office/items/?unit=u2&q=查无此事",
        "manuscripts: list": f"{MANUSCRIPTS}/",
        "manuscripts: drafts": f"{MANUSCRIPTS}/?state=draft",
        "manuscripts: search": f"{MANUSCRIPTS}/?q=政务公开",
        "manuscripts: edit form": f"{MANUSCRIPTS}/edit/{manuscript_id}/",
    }


def measure(client: Any, address: str, rounds: int) -> tuple[float, float]:
    """Median and 95th percentile of the milliseconds of one page; the first, cold one is not counted.

    CPU time where the database is part of the process; the clock on the wall where it has processes of its own.
    """
    from django.db import connection

    clock = time.process_time if connection.vendor == "sqlite" else time.perf_counter
    spent = []
    for number in range(rounds + 1):
        started = clock()
        answer = client.get(address)
        if answer.status_code != 200:
            raise SystemExit(f"{address} answered {answer.status_code}")
        if number:
            spent.append((clock() - started) * 1000)
    spent.sort()
    return statistics.median(spent), spent[math.ceil(len(spent) * 0.95) - 1]


def write(writer: Any, unit: Any, column: Any, number: int) -> Any:
    from mingzheng.publish.manuscripts import services

    return services.start(
        writer, unit, column=column, title=f"关于第{number}项政务公开工作的通知", body=f"<p>第{number}项。</p>"
    )  # fmt: skip


def people(root: Any) -> dict[str, Any]:
    """One person for each step of a review, and a writer."""
    from datetime import date

    from mingzheng.city import services

    made = {}
    for role in ("writer", "reviewer", "secrecy", "signer"):
        made[role] = services.create_person(None, username=role, name=role, password=None)
        services.grant(None, made[role], role, root, starts_on=date(2010, 1, 1), downwards=role != "writer")
    return made


def queries_of_publishing(who: dict[str, Any], manuscript: Any) -> int:
    """Lead a manuscript through its review and count the statements of the last act, publication."""
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    from mingzheng.publish.manuscripts import services

    review = services.submit(who["writer"], manuscript.pk)
    for role in ("reviewer", "secrecy", "signer"):
        secrecy = SECRECY if role == "secrecy" else None
        services.pass_step(who[role], manuscript.pk, content_hash=review.content_hash, secrecy=secrecy)
    with CaptureQueriesContext(connection) as captured:
        services.publish(who["signer"], manuscript.pk)
    return len(captured)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--items", type=int, default=YEAR_ITEMS)
    parser.add_argument("--manuscripts", type=int, default=2000)
    parser.add_argument("--rounds", type=int, default=20)
    arguments = parser.parse_args()
    os.environ["MINGZHENG_REQUIRE_SECOND_FACTOR"] = ""  # the pages are measured, not the way to them
    with fresh_home():
        from django.conf import settings
        from django.db import connection
        from django.test import Client

        from mingzheng.city.services import root_unit
        from mingzheng.publish.catalogue.services import column_by_code
        from mingzheng.publish.items.services import import_items

        settings.ALLOWED_HOSTS = ["testserver"]
        office, codes = build_units()
        root, column = root_unit(), column_by_code("TZ01")
        who = people(root)
        client = Client()
        client.force_login(office)
        first = write(who["writer"], root, column, 0)
        measured = pages(first.pk)
        empty = {name: measure(client, address, arguments.rounds) for name, address in measured.items()}
        import_items(office, drafts(codes, arguments.items), source="bench")
        for number in range(1, arguments.manuscripts):
            write(who["writer"], root, column, number)
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")
        print(f"on {connection.vendor}")
        print(f"ms, median / p95 of {arguments.rounds}: one manuscript and no item | "
              f"{arguments.manuscripts:,} manuscripts and {arguments.items:,} items | ratio of the p95")  # fmt: skip
        for name, address in measured.items():
            full = measure(client, address, arguments.rounds)
            print(f"{name:34} {empty[name][0]:7.1f} /{empty[name][1]:7.1f} | {full[0]:7.1f} /{full[1]:7.1f} | "
                  f"{full[1] / empty[name][1]:5.2f}")  # fmt: skip
        print(f"publishing one manuscript: {queries_of_publishing(who, first)} queries (goal: at most 40)")


if __name__ == "__main__":
    main()
