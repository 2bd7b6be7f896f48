"""From ``publish_item`` to the last file in place: seconds of one publication, and the pages that it touched.

``python -m bench.one_item [--items N]``: in a synthetic city of N items that is already published.
"""

from __future__ import annotations

import argparse
import statistics
import time

from bench.city import build_units, drafts, fresh_home

ROUNDS = 10


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--items", type=int, default=20_000)
    items = parser.parse_args().items
    with fresh_home():
        from mingzheng.portal.publisher import publish_changed, publish_full
        from mingzheng.publish.items.services import ItemDraft, import_items, publish_item

        office, codes = build_units()
        import_items(office, drafts(codes, items), source="bench")
        publish_full()
        wall, cpu = [], []
        for number in range(ROUNDS):
            started, spent = time.perf_counter(), time.process_time()
            publish_item(office, ItemDraft(codes[0], "TZ01", f"第{number}号通知", "<p>正文。</p>"))
            outcome = publish_changed()
            wall.append(time.perf_counter() - started)
            cpu.append(time.process_time() - spent)
    for path in outcome.written + outcome.removed:
        print(path)
    print(
        f"one item among {items:,}: {len(outcome.written)} pages in {statistics.median(wall):.3f} s "
        f"({statistics.median(cpu):.3f} CPU s), median of {ROUNDS}, longest {max(wall):.3f} s"
    )


if __name__ == "__main__":
    main()
