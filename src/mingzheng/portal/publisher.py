"""The static publisher: builds every page, or just those that a change touches.

A page is in place before the manifest records it, and an event of the outbox is finished after both. So a run
that is killed at any moment leaves whole pages only, and the next run completes its work.

Pages show the catalogue as of the day of the last full build: a city runs one every night. Whether documents hold
is shown as of today; the worker tells once a day which pages that changes.
"""

from __future__ import annotations

import fcntl
import gc
import hashlib
import json
import os
from collections.abc import Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor, as_completed
from contextlib import closing, contextmanager
from datetime import date
from multiprocessing import get_context
from pathlib import Path
from typing import Final

from django.conf import settings
from django.db import connections
from django.db.models import Count
from django.utils import timezone
from tqdm import tqdm

from mingzheng.city.models import OutboxEvent
from mingzheng.city.services import finish_events, waiting_events
from mingzheng.law.errors import Refusal
from mingzheng.portal.addresses import file_of
from mingzheng.portal.building import Built, Outcome, build_part
from mingzheng.portal.changes import TOPICS, Touched, touched
from mingzheng.portal.families.facts import CityFacts, UnitFacts
from mingzheng.portal.families.pages import pages_of_site, pages_of_unit, render
from mingzheng.portal.files import PublicFiles, public_files, sweep
from mingzheng.portal.manifest import SITE_PART, Manifest
from mingzheng.portal.searching.services import follow
from mingzheng.publish.items.models import Item

FEW: Final = 3000
"""Up to so many items, one process is done before others have started."""


def publish_full(processes: int | None = None) -> Outcome:
    """Build every page; remove pages that are no longer due and files that nobody published.

    ``processes`` share the units among them: by default one for each processor, or one for a small city.
    """
    with _publishing() as manifest:
        events = list(waiting_events(TOPICS))
        outcome = _build_all(manifest, processes)
        _finish(events)
    return outcome


def publish_changed() -> Outcome:
    """Build the pages that the waiting events touch; all of them when something on every page has changed."""
    with _publishing() as manifest:
        events = list(waiting_events(TOPICS))
        day = manifest.state("day")
        city = CityFacts(date.fromisoformat(day)) if day else None
        if (
            city is None
            or not manifest.state("faces")
            or (changes := touched(city, manifest, events)) is None
        ):
            outcome = _build_all(manifest, None)
        else:
            changes.units |= _other_faces(city, manifest)
            outcome = _build_some(city, manifest, changes)
        _finish(events)
    return outcome


def _faces(city: CityFacts) -> dict[str, str]:
    """What stands around the pages of each part."""
    faces = {str(pk): city.faces.of(unit).fingerprint for pk, unit in city.units.items()}
    return faces | {str(SITE_PART): city.site.fingerprint}


def _other_faces(city: CityFacts, manifest: Manifest) -> set[int]:
    """The parts whose pages stand in another frame than when they were built: their site changed, opened or closed."""
    built = json.loads(manifest.state("faces"))
    return {int(part) for part, face in _faces(city).items() if built.get(part) != face}


def _finish(events: list[OutboxEvent]) -> None:
    """The pages are there: let what changed be found as well, then forget the events."""
    follow(events)
    finish_events(event.pk for event in events)


def verify() -> Iterator[str]:
    """Compare every file with the manifest; yields a sentence for each that was changed, lost or added."""
    root = Path(settings.PUBLIC_DIR)
    with closing(Manifest(_manifest_path())) as manifest:
        known = set[str]()
        for path, sha256 in manifest.hashes():
            file = root / file_of(path)
            known.add(str(file))
            try:
                if hashlib.sha256(file.read_bytes()).digest() != sha256:
                    yield f"页面“{path}”的内容与发布时不一致。"
            except OSError:
                yield f"页面“{path}”的文件丢失或无法读取。"
        for name in public_files(root):
            if name not in known:
                yield f"文件“{Path(name).relative_to(root)}”不是本系统发布的。"


def _manifest_path() -> Path:
    return Path(settings.HOME) / "manifest.sqlite3"


@contextmanager
def _publishing() -> Iterator[Manifest]:
    """The manifest, for one publisher at a time; what a killed one left half written is swept."""
    root = Path(settings.PUBLIC_DIR)
    root.mkdir(parents=True, exist_ok=True)
    with (Path(settings.HOME) / "publish.lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise Refusal("另一个发布任务正在进行，请等它结束后再试。") from None
        sweep(root)
        with closing(Manifest(_manifest_path())) as manifest:
            yield manifest


def _build_all(manifest: Manifest, processes: int | None) -> Outcome:
    city = CityFacts(timezone.localdate())
    counts = dict(Item.objects.public().order_by().values_list("unit").annotate(Count("pk")))
    total = sum(counts.values())
    if processes is None:
        processes = 1 if total <= FEW else os.cpu_count() or 1
    parts = sorted(city.units, key=lambda pk: (-counts.get(pk, 0), pk))  # the largest are started first
    outcome, stale = Outcome(), set[str]()
    for part in manifest.parts() - {SITE_PART, *parts}:
        stale |= set(manifest.entries(part))
    with tqdm(total=total, desc="生成页面", unit="条", delay=2, leave=False, disable=None) as bar:
        for part, built in _units_built(city, parts, processes):
            outcome.take(manifest, built)
            stale |= set(built.stale)
            bar.update(counts.get(part, 0))
    with closing(PublicFiles(settings.PUBLIC_DIR)) as files:
        site = build_part(files, pages_of_site(city), manifest.entries(SITE_PART))
        outcome.take(manifest, site)
        outcome.remove(manifest, files, stale | set(site.stale))
    _remove_foreign(manifest)
    manifest.set_state("faces", json.dumps(_faces(city)))
    manifest.set_state("day", city.on.isoformat())
    manifest.commit()
    return outcome


def _build_some(city: CityFacts, manifest: Manifest, changes: Touched) -> Outcome:
    outcome, single, stale = Outcome(), Built(), set[str]()
    with closing(PublicFiles(settings.PUBLIC_DIR)) as files:
        for part in sorted(changes.units):
            pages = pages_of_unit(UnitFacts(city, city.units[part])) if part else pages_of_site(city)
            built = build_part(files, pages, manifest.entries(part))
            outcome.take(manifest, built)
            stale |= set(built.stale)
        for path in sorted(changes.paths):
            page, known = render(city, path), manifest.get(path)
            if page is not None:
                single.put(files, page, known)
            elif known is not None:
                stale.add(path)
        manifest.set_state("faces", json.dumps(_faces(city)))
        # Recorded at once: a column counts as new to the navigation until all pages show it.
        outcome.take(manifest, single)
        outcome.remove(manifest, files, stale)
    return outcome


class _Worker:
    """One process of a full build; made once in each."""

    current: _Worker

    def __init__(self, city: CityFacts) -> None:
        self.city = city
        self.files = PublicFiles(settings.PUBLIC_DIR)
        self.manifest = Manifest(_manifest_path())

    def close(self) -> None:
        self.files.close()
        self.manifest.close()

    def build(self, part: int) -> tuple[int, Built]:
        facts = UnitFacts(self.city, self.city.units[part])
        return part, build_part(self.files, pages_of_unit(facts), self.manifest.entries(part))


def _start_worker(city: CityFacts) -> None:
    gc.disable()  # a page leaves no cycles behind, and the process ends with the build
    _Worker.current = _Worker(city)


def _build_unit(part: int) -> tuple[int, Built]:
    return _Worker.current.build(part)


def _units_built(city: CityFacts, parts: Iterable[int], processes: int) -> Iterator[tuple[int, Built]]:
    if processes == 1:
        with closing(_Worker(city)) as worker:
            yield from map(worker.build, parts)
        return
    connections.close_all()  # a database connection must not cross into another process
    gc.freeze()  # what the processes share stays shared: nobody writes marks of the collector into it
    with ProcessPoolExecutor(processes, get_context("fork"), _start_worker, (city,)) as pool:
        for job in as_completed([pool.submit(_build_unit, part) for part in parts]):
            yield job.result()


def _remove_foreign(manifest: Manifest) -> None:
    root = settings.PUBLIC_DIR
    known = {f"{root}/{file_of(path)}" for path, _ in manifest.hashes()}
    for name in public_files(root):
        if name not in known:
            Path(name).unlink()
