"""Where files are kept: under the hash of their content, written once and never changed."""

from __future__ import annotations

import os
import re
import tempfile
from pathlib import Path

from mingzheng.law.errors import Refusal
from mingzheng.publish.files.detect import detect
from mingzheng.publish.files.hashing import sha256_of
from mingzheng.publish.files.kinds import KINDS

_KEY = re.compile(r"([0-9a-f]{2})/\1[0-9a-f]{62}\.([a-z0-9]{2,4})")
_BLOCK = 1 << 20


def store_file(path: Path, home: Path, name: str = "") -> str:
    """Keep a copy under ``home``/files and return its key, such as ``ab/abcdef….pdf``.

    The extension is that of the content; plain text is told apart by ``name``, the uploader's, else the path's. A file
    that is there already is not written again.
    """
    digest = sha256_of(path)
    key = f"{digest[:2]}/{digest}.{detect(path, name or path.name).code}"
    target = stored_path(home, key)
    if target.exists():
        return key
    target.parent.mkdir(parents=True, exist_ok=True)
    handle, temporary = tempfile.mkstemp(dir=target.parent, prefix=".incoming-")
    try:
        with os.fdopen(handle, "wb") as copy, path.open("rb") as stream:
            while block := stream.read(_BLOCK):
                copy.write(block)
            copy.flush()
            os.fsync(copy.fileno())
        Path(temporary).chmod(0o644)
        Path(temporary).replace(target)
    except BaseException:
        Path(temporary).unlink(missing_ok=True)
        raise
    return key


def remove_file(home: Path, key: str) -> None:
    """Remove a kept file for good. Whoever asks has made sure that nothing refers to it."""
    stored_path(home, key).unlink(missing_ok=True)


def stored_path(home: Path, key: str) -> Path:
    """Where the file of this key is kept. Raises Refusal for anything that is no key."""
    found = _KEY.fullmatch(key)
    if not found or found.group(2) not in KINDS:
        raise Refusal(f"“{key[:80]}”不是有效的附件编号。")
    return home / "files" / key
