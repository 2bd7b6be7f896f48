"""From ``publish_urgently`` (a publication that waits for nobody) to the last file in place: seconds of one publication, and the pages that it touched.

``python -m bench.one_item [--items N]``: in a synthetic city of N items that is already published.
"""

from __future__ import annotations

import argparse
import statistics
import time
from datetime import date

from bench.city import build_units, drafts, fresh_home

ROUNDS = 10


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--items", type=int, default=20_000)
    items = parser.parse_args().items
    with fresh_home():
        from mingzheng.city import services as city
        from mingzheng.portal.publisher import publish_changed, publish_full
        from mingzheng.publish.items.services import ItemDraft, import_items, publish_urgently

        office, codes = build_units()
        duty = city.create_person(None, username="duty", name="应急发布员", password=None)
        city.grant(None, duty, "duty", city.root_unit(), starts_on=date(2010, 1, 1), downwards=True)
        import_items(office, drafts(codes, items), source="bench")
        publish_full()
        wall, cpu = [], []
        for number in range(ROUNDS):
            started, spent = time.perf_counter(), time.process_time()
            draft = ItemDraft(codes[0], "TZ01", f"第{number}号通知", "<p>正文。</p>")
            publish_urgently(duty, draft, reason="测量发布的快慢")
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
