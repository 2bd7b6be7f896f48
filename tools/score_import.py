"""Scores the reading of saved pages: ``python tools/score_import.py FOLDER``.

FOLDER holds pages and, for exact scores, a ``metadata.json`` with file, title, index_number, release_office and
release_number. Without it, what was read is listed for a person to look at, with the share that is sensible.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

from mingzheng.law.errors import Refusal
from mingzheng.publish.legacy.reader import Page, read_page

FIELDS = {
    "title": "title",
    "index_number": "index_no",
    "release_office": "issuer",
    "release_number": "doc_no",
}
GOAL = 0.95


def main() -> int:
    """Print the table of fields, or the list of pages; 1 when a field is below 95 %, 2 when there is nothing to read."""
    if len(sys.argv) != 2 or not Path(sys.argv[1]).is_dir():
        sys.stderr.write("用法：python tools/score_import.py 存放网页的文件夹\n")
        return 2
    folder = Path(sys.argv[1])
    known = folder / "metadata.json"
    if known.exists():
        return score(folder, json.loads(known.read_text("utf-8")))
    listing(folder)
    return 0


def score(folder: Path, wanted: list[dict[str, Any]]) -> int:
    """Compare each page with its metadata; every miss is printed before the table."""
    right = dict.fromkeys([*FIELDS, "published", "written", "body"], 0)
    for entry in wanted:
        page = read(folder / entry["file"])
        if page is None:
            continue
        for field, attribute in FIELDS.items():
            got = getattr(page, attribute)
            if _plain(got) == _plain(entry[field]):
                right[field] += 1
            else:
                sys.stdout.write(f"{entry['file']} {field}: 应为“{entry[field]}”，读作“{got}”\n")
        # The metadata tells no dates; a page must at least have them, in the right order.
        right["published"] += page.published_at is not None
        right["written"] += (
            page.written_on is not None
            and page.published_at is not None
            and page.written_on <= page.published_at.date()
        )
        right["body"] += len(page.body) > 100
    for field, count in right.items():
        sys.stdout.write(f"{field:16}{count:>4}/{len(wanted)}{count / len(wanted):>8.1%}\n")
    return int(any(count < GOAL * len(wanted) for count in right.values()))


def listing(folder: Path) -> None:
    """One line a page, and how many came out with a title, a date and a body."""
    paths = sorted(folder.glob("*.htm*"))
    pages = [page for path in paths if (page := read(path))]
    whole = [page for page in pages if page.published_at and page.title and len(page.body) > 100]
    for page in pages:
        sys.stdout.write(f"{page.name[:30]:32}{_line(page)}\n")
    sys.stdout.write(
        f"共{len(paths)}页：标题、日期、正文齐全{len(whole)}页，读出而不齐全{len(pages) - len(whole)}页，"
        f"拒绝{len(paths) - len(pages)}页。\n"
    )


def read(path: Path) -> Page | None:
    """The page, or None and its refusal printed."""
    try:
        return read_page(path)
    except Refusal as refusal:
        sys.stdout.write(f"{path.name[:30]:32}拒绝：{refusal.sentence}\n")
        return None


def _plain(text: str) -> str:
    return "".join(text.split())


def _line(page: Page) -> str:
    return (
        f"{page.published_at}  {page.title}｜{page.content_source}｜{page.issuer}｜{page.doc_no}｜{page.index_no}｜"
        f"正文{len(page.body)}字符、附件{len(page.attachments)}个｜{'；'.join(page.doubts)}"
    )


if __name__ == "__main__":
    sys.exit(main())
