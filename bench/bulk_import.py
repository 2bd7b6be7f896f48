"""A year's items through every rule of publication, against a bare ``executemany`` of the same rows."""

from __future__ import annotations

import gc
import resource
import sqlite3
import time
from pathlib import Path

from bench.city import YEAR_ITEMS, build_units, drafts, fresh_home


def main() -> None:
    with fresh_home() as home:
        from django.db import connection

        from mingzheng.publish.items.services import import_items

        office, codes = build_units()
        source = list(drafts(codes, YEAR_ITEMS))
        gc.freeze()  # the benchmark's own rows are no work for the import's collector
        wall, cpu = time.perf_counter(), time.process_time()
        report = import_items(office, iter(source), source="bench")
        imported = time.process_time() - cpu, time.perf_counter() - wall
        assert (report.written, report.refused) == (YEAR_ITEMS, [])
        connection.close()
        bare = [_bare(home) for _ in range(3)]
    best = min(bare)
    print(f"{'':24}{'CPU s':>9}{'wall s':>9}{'rows/CPU-s':>12}")
    for name, (cpu, wall) in (("import_items", imported), ("bare executemany", best)):
        print(f"{name:24}{cpu:>9.2f}{wall:>9.2f}{YEAR_ITEMS / cpu:>12,.0f}")
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(
        f"bulk import of {YEAR_ITEMS:,} items: {imported[0] / best[0]:.2f}x the bare executemany (goal: at most 3x)"
    )
    print(f"peak memory {peak:,.0f} MB, the benchmark's own copy of all rows included")


def _bare(home: Path) -> tuple[float, float]:
    """Insert the stored rows into an empty copy of the same table with the same indexes; CPU and wall seconds."""
    target = home / "bare.sqlite3"
    target.unlink(missing_ok=True)
    with sqlite3.connect(home / "mingzheng.sqlite3") as stored:
        rows = stored.execute("SELECT * FROM items_item").fetchall()
        schema = stored.execute(
            "SELECT sql FROM sqlite_master WHERE tbl_name = 'items_item' AND sql NOT NULL"
        ).fetchall()
    bare = sqlite3.connect(target, isolation_level=None)
    bare.executescript("PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA cache_size=-65536;")
    for (statement,) in schema:
        bare.execute(statement)
    marks = ", ".join("?" * len(rows[0]))
    wall, cpu = time.perf_counter(), time.process_time()
    bare.execute("BEGIN IMMEDIATE")
    bare.executemany(f"INSERT INTO items_item VALUES ({marks})", rows)
    bare.execute("COMMIT")
    spent = time.process_time() - cpu, time.perf_counter() - wall
    bare.close()
    return spent


if __name__ == "__main__":
    main()
