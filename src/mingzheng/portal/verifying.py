"""Whether the public folder holds what was published, nothing less, nothing else, and unchanged."""

from __future__ import annotations

import hashlib
import os
import random
from collections.abc import Container, Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import nullcontext
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from django.conf import settings
from django.utils import timezone
from tqdm import tqdm

from mingzheng.portal.addresses import file_of
from mingzheng.portal.files import public_files
from mingzheng.portal.manifest import Entry, Manifest
from mingzheng.portal.precompress import copied, is_stale, original_of

QUARANTINE: Final = "quarantine"
MANY: Final = 5000  # files that are worth a second process


@dataclass(slots=True)
class Verified:
    """What a look at the public folder found, a sentence each, and how much of it was repaired."""

    findings: list[str] = field(default_factory=list)
    damaged: list[str] = field(default_factory=list)
    """Addresses of pages whose files are lost or changed."""
    foreign: list[str] = field(default_factory=list)
    """Full names of files that nobody published."""
    repaired: int = 0


def inspect(manifest: Manifest, root: Path, sample: int | None = None) -> Verified:
    """Look at every file by size and time; read those that differ and all others, or a ``sample`` of them."""
    found, calm = Verified(), list[Entry]()
    suspects, seen = list[Entry](), set[str]()
    names = {f"{root}/{file_of(entry.path)}": entry for entry in manifest.all()}
    for name in public_files(root):
        entry = names.get(name)
        if entry is None:
            if not _is_copy(root, name, names):
                found.foreign.append(name)
            continue
        seen.add(name)
        state = os.lstat(name)
        is_calm = (state.st_size, state.st_mtime_ns) == (entry.size, entry.mtime_ns)
        (calm if is_calm else suspects).append(entry)
    if sample is not None and sample < len(calm):
        calm = random.sample(calm, sample)
    changed = _changed(root, suspects + calm)
    lost = [entry.path for name, entry in names.items() if name not in seen]
    found.damaged = sorted([*changed, *lost])
    found.findings += [f"页面“{path}”的内容与发布时不一致。" for path in sorted(changed)]
    found.findings += [f"页面“{path}”的文件丢失或无法读取。" for path in sorted(lost)]
    found.findings += [
        f"文件“{Path(name).relative_to(root)}”不是本系统发布的。" for name in sorted(found.foreign)
    ]
    return found


def foreign_files(manifest: Manifest, root: Path) -> list[str]:
    """The full names of files in the public folder that nobody published."""
    known = {f"{root}/{file_of(path)}" for path in manifest.paths()}
    return [name for name in public_files(root) if name not in known and not _is_copy(root, name, known)]


def _is_copy(root: Path, name: str, known: Container[str]) -> bool:
    """Whether this is the compressed copy of a published file, as old as that."""
    original = original_of(name)
    return original is not None and original in known and not is_stale(root, name.removeprefix(f"{root}/"))


def set_aside(root: Path, names: Iterable[str]) -> None:
    """Move files out of the public folder, into the quarantine of the day: nothing is deleted unseen."""
    place = settings.HOME / QUARANTINE / timezone.localtime().strftime("%Y%m%d-%H%M%S-%f")
    for name in names:
        target = place / Path(name).relative_to(root)
        target.parent.mkdir(parents=True, exist_ok=True)
        os.rename(name, target)  # noqa: PTH104 - a link itself, not what it leads to


def _changed(root: Path, entries: list[Entry]) -> list[str]:
    """The addresses of those whose content is not what was published."""
    batches = [(str(root), batch) for batch in _batches(entries)]
    bar = tqdm(total=len(entries), desc="核对页面", unit="个", delay=2, leave=False, disable=None)
    changed: list[str] = []
    with bar, ProcessPoolExecutor(os.cpu_count() or 1) if len(entries) >= MANY else nullcontext() as pool:
        answers = pool.map(_read, batches) if pool else map(_read, batches)
        for (_, batch), answer in zip(batches, answers, strict=True):
            changed += answer
            bar.update(len(batch))
    return changed


def _batches(entries: list[Entry]) -> Iterator[tuple[Entry, ...]]:
    return (tuple(entries[start : start + 1000]) for start in range(0, len(entries), 1000))


def _read(batch: tuple[str, tuple[Entry, ...]]) -> list[str]:
    root, entries = batch
    changed = []
    for entry in entries:
        try:
            handle = os.open(f"{root}/{file_of(entry.path)}", os.O_RDONLY | os.O_NOFOLLOW)
            with os.fdopen(handle, "rb") as file:
                same = hashlib.file_digest(file, "sha256").digest() == entry.sha256
            same = same and all(
                hashlib.sha256(content).digest() == entry.sha256
                for content in copied(root, file_of(entry.path))
            )
        except OSError:
            same = False
        if not same:
            changed.append(entry.path)
    return changed
