"""The lock names every package with its hashes and no index host, so that any mirror serves it."""

from __future__ import annotations

import re
import sys
from pathlib import Path

LOCK = Path(__file__).parent.parent / "requirements.lock"


def main() -> int:
    """Print what is wrong with the lock; 1 when anything is."""
    text = LOCK.read_text("utf-8")
    faults = [
        f"names a host: {line}"
        for line in text.splitlines()
        if re.search(r"https?://|--(extra-)?index", line)
    ]
    entries = re.split(r"\n(?=\S)", re.sub(r"(?m)^\s*#.*\n", "", text))
    faults += [
        f"has no hash: {entry.split()[0]}"
        for entry in entries
        if "==" in entry and "--hash=sha256:" not in entry
    ]
    for fault in faults:
        sys.stderr.write(f"requirements.lock {fault}\n")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
