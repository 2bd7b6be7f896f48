"""Another web server by rsync, over SSH or to its own service. New files appear together, after all have arrived."""

from __future__ import annotations

import os
import subprocess
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Final

from mingzheng.portal.targets.target import MARK, Unreachable, is_hidden

_SECONDS: Final = 60  # without a sign of life
_SSH: Final = "ssh -o BatchMode=yes -o ConnectTimeout=10"
_COMMON: Final = (
    "rsync",
    "--times",
    "--ignore-times",
    "--chmod=D755,F644",
    f"--timeout={_SECONDS}",
)
# What changed is known already, so times are not compared: a page may change twice within a second.
_LIST: Final = ("--from0", "--files-from=-")
_PARTIAL: Final = 23  # among others: a file is not there


class RsyncTarget:
    def __init__(self, spec: str, place: str) -> None:
        self.spec, self._place = spec, place.rstrip("/") + "/"

    def read_mark(self) -> str:
        with tempfile.TemporaryDirectory() as folder:
            done = self._run([*_COMMON, "--", f"{self._place}{MARK}", f"{folder}/"], missing=True)
            mark = Path(folder) / MARK
            return mark.read_text("ascii", "replace").strip() if done and mark.is_file() else ""

    def write_mark(self, mark: str) -> None:
        with tempfile.TemporaryDirectory() as folder:
            (Path(folder) / MARK).write_text(mark)
            self._run([*_COMMON, "--", f"{folder}/{MARK}", self._place])

    def listing(self) -> Iterator[str]:
        listed = self._run(
            [
                *_COMMON,
                "--recursive",
                "--list-only",
                "--no-human-readable",
                "--8-bit-output",
                "--",
                self._place,
            ]
        )
        for line in listed.decode("utf-8", "surrogateescape").splitlines():
            kind, _, rest = line.partition(" ")
            name = rest.split(maxsplit=3)[-1] if kind.startswith("-") else ""
            if name and not is_hidden(name):
                yield name

    def put(self, root: Path, names: Sequence[str]) -> None:
        self._run([*_COMMON, *_LIST, "--delay-updates", "--", f"{root}/", self._place], names)

    def remove(self, root: Path, names: Iterable[str]) -> None:
        self._run([*_COMMON, *_LIST, "--delete-missing-args", "--", f"{root}/", self._place], names)

    def close(self) -> None:
        pass

    def _run(self, command: list[str], names: Iterable[str] = (), missing: bool = False) -> bytes:
        given = b"".join(os.fsencode(name) + b"\0" for name in names)
        try:
            # By the environment: the option would send rsync's own service through SSH as well.
            environment = {"RSYNC_RSH": _SSH, **os.environ}
            done = subprocess.run(command, input=given, capture_output=True, check=False, env=environment)
        except FileNotFoundError:
            raise Unreachable("本机没有安装rsync") from None
        if done.returncode == 0 or (missing and done.returncode == _PARTIAL):
            return done.stdout or b" "
        lines = done.stderr.decode("utf-8", "replace").strip().splitlines()
        raise Unreachable(f"rsync没有完成（{done.returncode}）：{lines[0] if lines else '没有说明'}")
