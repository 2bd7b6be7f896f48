"""Runs every benchmark in a process of its own: ``python -m bench [name …]``."""

from __future__ import annotations

import subprocess
import sys

NAMES = (
    "bulk_import",
    "year_figures",
    "one_item",
    "desk",
    "scan",
    "sheet_import",
    "search",
    "readings",
    "full_build",
)


def main() -> int:
    """Run the named benchmarks, all by default; 1 when one of them failed."""
    failed = [
        name for name in sys.argv[1:] or NAMES if not all(_runs(command) for command in _commands(name))
    ]
    return 1 if failed else 0


def _commands(name: str) -> list[list[str]]:
    """The desk is measured on both databases."""
    command = [sys.executable, "-m", f"bench.{name}"]
    return [command, ["tools/with_postgres", *command]] if name == "desk" else [command]


def _runs(command: list[str]) -> bool:
    return subprocess.run(command).returncode == 0


if __name__ == "__main__":
    sys.exit(main())
