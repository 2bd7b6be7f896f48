"""All year figures of the whole city at full scale, against one bare count over the same index."""

from __future__ import annotations

import time

from bench.city import YEAR_ITEMS, build_units, drafts, fresh_home

YEAR_BEFORE = 101_783
ROUNDS = 3


def main() -> None:
    with fresh_home():
        from django.db import connection

        from mingzheng.measure.services import year_figures
        from mingzheng.publish.items.services import import_items

        office, codes = build_units()
        import_items(office, drafts(codes, YEAR_BEFORE, 2017), source="2017")
        import_items(office, drafts(codes, YEAR_ITEMS, 2018), source="2018")
        anchor = []
        figures = []
        for _ in range(ROUNDS):
            started = time.perf_counter()
            with connection.cursor() as cursor:
                cursor.execute(
                    "SELECT count(*) FROM items_item WHERE first_published_at >= '2017-12-31 16:00:00' "
                    "AND first_published_at < '2018-12-31 16:00:00' AND status = 'published' AND openness = 'proactive'"
                )
                [counted] = cursor.fetchone()
            anchor.append(time.perf_counter() - started)
            started = time.perf_counter()
            tables = year_figures(2018)
            figures.append(time.perf_counter() - started)
        assert tables[0].lines[-1].now.value == counted == YEAR_ITEMS
        lines = sum(len(table.lines) for table in tables)
        print(f"one bare count of the year's items: {min(anchor):.3f} s")
        print(f"all year figures of the whole city ({lines} lines, two years each): {min(figures):.3f} s")
        print(
            f"year figures: {min(figures):.2f} s (goal: under 2 s), {min(figures) / min(anchor):.0f}x one bare count"
        )


if __name__ == "__main__":
    main()
