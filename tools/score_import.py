"""Scores the reading of saved pages against known metadata: ``python tools/score_import.py FOLDER``.

FOLDER holds pages and, for exact scores, a ``metadata.json`` with file, title, index_number, release_office and
release_number. Without it, what was read is listed for a person to look at.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

from mingzheng.law.errors import Refusal
from mingzheng.publish.legacy.reader import Page, read_page

FIELDS = {
    "title": "title",
    "index_number": "index_no",
    "release_office": "issuer",
    "release_number": "doc_no",
}


def main() -> int:
    """Print the table of fields, or the list of pages; 1 when a field is below 95 %."""
    folder = Path(sys.argv[1])
    known = folder / "metadata.json"
    if not known.exists():
        for path in sorted(folder.glob("*.htm*")):
            sys.stdout.write(f"{path.name[:30]:32}{_line(path)}\n")
        return 0
    right = dict.fromkeys([*FIELDS, "date", "body"], 0)
    wanted = json.loads(known.read_text("utf-8"))
    for entry in wanted:
        page = read_page(folder / entry["file"])
        for field, attribute in FIELDS.items():
            got = getattr(page, attribute)
            if _plain(got) == _plain(entry[field]):
                right[field] += 1
            else:
                sys.stdout.write(f"{entry['file']} {field}: 应为“{entry[field]}”，读作“{got}”\n")
        right["date"] += page.published_at is not None and page.written_on is not None
        right["body"] += len(page.body) > 100
    for field, count in right.items():
        sys.stdout.write(f"{field:16}{count:>4}/{len(wanted)}{count / len(wanted):>8.1%}\n")
    return int(any(count < 0.95 * len(wanted) for count in right.values()))


def _plain(text: str) -> str:
    return "".join(text.split())


def _line(path: Path) -> str:
    try:
        page: Page = read_page(path)
    except Refusal as refusal:
        return refusal.sentence
    return (
        f"{page.published_at}  {page.title}｜{page.content_source}｜{page.issuer}｜{page.doc_no}｜{page.index_no}｜"
        f"正文{len(page.body)}字符、附件{len(page.attachments)}个｜{'；'.join(page.doubts)}"
    )


if __name__ == "__main__":
    sys.exit(main())
