"""The static publisher: builds every page, or just those that a change touches.

New pages are made beside the public folder and released together: renamed into their places in the order of their
links, what is no longer due removed last. A run that is killed while it builds has changed nothing; one that is
killed during its release is completed by the next. An event of the outbox is finished after the release.

Pages show the catalogue as of the day of the last full build: a city runs one every night. Whether documents hold
is shown as of today; the worker tells once a day which pages that changes.
"""

from __future__ import annotations

import errno
import fcntl
import gc
import json
import logging
import os
from collections import Counter
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
from mingzheng.portal.building import Built, Outcome, build_part, release
from mingzheng.portal.changes import TOPICS, Touched, touched
from mingzheng.portal.families.facts import CityFacts, UnitFacts
from mingzheng.portal.families.pages import pages_of_site, pages_of_unit, render
from mingzheng.portal.files import PublicFiles, sweep
from mingzheng.portal.jobs import services as jobs
from mingzheng.portal.jobs.models import PublishJob
from mingzheng.portal.manifest import SITE_PART, Manifest
from mingzheng.portal.searching.services import follow
from mingzheng.portal.verifying import Verified, foreign_files, inspect, set_aside
from mingzheng.publish.items.models import Item

FEW: Final = 3000
"""Up to so many items, one process is done before others have started."""
FAILED: Final = "failed"  # the manifest's note of single pages that could not be made
FACES: Final = "faces"
log = logging.getLogger(__name__)
Kind = PublishJob.Kind


def publish_full(processes: int | None = None, reason: str = "命令") -> Outcome:
    """Build every page; remove pages that are no longer due, and set files aside that nobody published.

    ``processes`` share the units among them: by default one for each processor, or one for a small city.
    """
    with _publishing() as manifest, _job(Kind.FULL, reason) as outcome:
        events = list(waiting_events(TOPICS))
        _build_all(manifest, processes, outcome)
        _finish(events)
    return outcome


def publish_changed() -> Outcome:
    """Build the pages that the waiting events touch, and what could not be built before.

    All of them when something on every page has changed. Nothing is recorded when there is nothing to do.
    """
    with _publishing() as manifest:
        events = list(waiting_events(TOPICS))
        day = manifest.state("day")
        city = CityFacts(date.fromisoformat(day)) if day else None
        if city is None or not manifest.state(FACES) or (changes := touched(city, manifest, events)) is None:
            with _job(Kind.FULL, _told(events) or "首次发布") as outcome:
                _build_all(manifest, None, outcome)
                _finish(events)
            return outcome
        changes.units |= _other_faces(city, manifest)
        changes.paths.update(json.loads(manifest.state(FAILED) or "[]"))
        if not (events or changes.units or changes.paths or jobs.failing()):
            return Outcome()
        with _job(Kind.CHANGED, _told(events) or "网站的外观或者状态变化") as outcome:
            _build_some(city, manifest, changes, outcome)
            _finish(events)
    return outcome


def verify(sample: int | None = None, *, repair: bool = True) -> Verified:
    """Compare the public folder with the manifest and repair what differs.

    Every file is looked at; its content is read when size or time differ, of all the others, or of a ``sample``.
    Lost and changed pages are made anew, files that nobody published are set aside, never deleted.
    """
    with _publishing() as manifest, _job(Kind.VERIFY, f"抽查{sample}个" if sample else "全面核对") as outcome:
        root = Path(settings.PUBLIC_DIR)
        found = inspect(manifest, root, sample)
        if repair and found.findings:
            set_aside(root, found.foreign)
            city = CityFacts(date.fromisoformat(manifest.state("day") or timezone.localdate().isoformat()))
            with closing(PublicFiles(root)) as files:
                built = Built()
                for path in found.damaged:
                    _put(city, files, built, path, manifest, outcome, anew=True)
                outcome.take(manifest, built)
                release(manifest, files, outcome)
            found.repaired = len(found.foreign) + len(outcome.written) + len(outcome.removed)
    return found


def _told(events: list[OutboxEvent]) -> str:
    """Why a run is made: the events by their kind."""
    counts = Counter(event.topic for event in events)
    return "、".join(f"{topic}×{count}" for topic, count in counts.most_common())


@contextmanager
def _job(kind: PublishJob.Kind, reason: str) -> Iterator[Outcome]:
    """The record of a run: what it did, or why it did not."""
    job, outcome = jobs.begin(kind, reason), Outcome()
    try:
        yield outcome
    except BaseException as error:
        problem = _sentence(error)
        jobs.end(job, problem=problem)
        if isinstance(error, OSError) and error.errno in (errno.ENOSPC, errno.EDQUOT):
            raise Refusal(problem) from error
        raise
    jobs.end(
        job, written=len(outcome.written), removed=len(outcome.removed), unchanged=outcome.unchanged,
        problem="\n".join(outcome.failed),
    )  # fmt: skip


def _sentence(error: BaseException) -> str:
    if isinstance(error, Refusal):
        return error.sentence
    if isinstance(error, OSError) and error.errno in (errno.ENOSPC, errno.EDQUOT):
        return "磁盘空间不足，页面没有发布；已发布的页面保持原样，请清理磁盘后再试。"
    return "发布时程序出错，页面没有全部更新；已发布的页面保持原样，详情见错误日志。"


def _faces(city: CityFacts) -> dict[str, str]:
    """What stands around the pages of each part."""
    faces = {str(pk): city.faces.of(unit).fingerprint for pk, unit in city.units.items()}
    return faces | {str(SITE_PART): city.site.fingerprint}


def _other_faces(city: CityFacts, manifest: Manifest) -> set[int]:
    """The parts whose pages stand in another frame than when they were built: their site changed, opened or closed."""
    built = json.loads(manifest.state(FACES))
    return {int(part) for part, face in _faces(city).items() if built.get(part) != face}


def _finish(events: list[OutboxEvent]) -> None:
    """The pages are there: let what changed be found as well, then forget the events."""
    follow(events)
    finish_events(event.pk for event in events)


def _manifest_path() -> Path:
    return Path(settings.HOME) / "manifest.sqlite3"


@contextmanager
def _publishing() -> Iterator[Manifest]:
    """The manifest, for one publisher at a time. What a killed one had decided is completed, the rest swept."""
    root = Path(settings.PUBLIC_DIR)
    root.mkdir(parents=True, exist_ok=True)
    with (Path(settings.HOME) / "publish.lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise Refusal("另一个发布任务正在进行，请等它结束后再试。") from None
        with closing(Manifest(_manifest_path())) as manifest:
            if manifest.is_decided:
                with closing(PublicFiles(root)) as files:
                    release(manifest, files)
            manifest.give_up()
            manifest.commit()
            sweep(root)
            try:
                yield manifest
            finally:
                if not manifest.is_decided:
                    sweep(root)


def _build_all(manifest: Manifest, processes: int | None, outcome: Outcome) -> None:
    city = CityFacts(timezone.localdate())
    counts = dict(Item.objects.public().order_by().values_list("unit").annotate(Count("pk")))
    total = sum(counts.values())
    if processes is None:
        processes = 1 if total <= FEW else os.cpu_count() or 1
    parts = sorted(city.units, key=lambda pk: (-counts.get(pk, 0), pk))  # the largest are started first
    failed = set[int]()
    for part in manifest.parts() - {SITE_PART, *parts}:
        manifest.leave(manifest.entries(part))
    with tqdm(total=total, desc="生成页面", unit="条", delay=2, leave=False, disable=None) as bar:
        for part, built in _units_built(city, parts, processes):
            outcome.take(manifest, built)
            failed |= {part} if built.failed else set()
            bar.update(counts.get(part, 0))
    root = Path(settings.PUBLIC_DIR)
    with closing(PublicFiles(root)) as files:
        site = build_part(files, pages_of_site(city), manifest.entries(SITE_PART))
        outcome.take(manifest, site)
        failed |= {SITE_PART} if site.failed else set()
        outcome.failed += [_not_built(city, part) for part in sorted(failed)]
        _note_faces(city, manifest, failed)
        manifest.set_state(FAILED, "")
        manifest.set_state("day", city.on.isoformat())
        release(manifest, files, outcome)
    set_aside(root, foreign_files(manifest, root))


def _build_some(city: CityFacts, manifest: Manifest, changes: Touched, outcome: Outcome) -> None:
    single, failed = Built(), set[int]()
    with closing(PublicFiles(settings.PUBLIC_DIR)) as files:
        for part in sorted(changes.units):
            pages = pages_of_unit(UnitFacts(city, city.units[part])) if part else pages_of_site(city)
            built = build_part(files, pages, manifest.entries(part))
            outcome.take(manifest, built)
            failed |= {part} if built.failed else set()
        broken = [
            path for path in sorted(changes.paths) if not _put(city, files, single, path, manifest, outcome)
        ]
        outcome.failed += [_not_built(city, part) for part in sorted(failed)]
        _note_faces(city, manifest, failed)
        manifest.set_state(FAILED, json.dumps(broken) if broken else "")
        outcome.take(manifest, single)
        release(manifest, files, outcome)


def _put(
    city: CityFacts, files: PublicFiles, built: Built, path: str, manifest: Manifest, outcome: Outcome,
    *, anew: bool = False,
) -> bool:  # fmt: skip
    """Stage the page of one address as it is due now; false when it could not be made and stays as it was."""
    known = manifest.get(path)
    try:
        page = render(city, path)
    except Exception:
        log.exception("the page %s was not built and stays as it was", path)
        outcome.failed.append(f"页面“{path}”没有生成，保留原有内容；请检查所属网站的模板。")
        return False
    if page is not None:
        built.put(files, page, None if anew else known)
    elif known is not None:
        built.stale.append(path)
    return True


def _not_built(city: CityFacts, part: int) -> str:
    name = city.units[part].name if part else city.site.name
    return f"“{name}”的页面没有生成，保留原有内容；请检查所属网站的模板。"


def _note_faces(city: CityFacts, manifest: Manifest, failed: set[int]) -> None:
    """What is around the pages now; of parts that failed nothing, so that they are tried again."""
    faces = {part: face for part, face in _faces(city).items() if int(part) not in failed}
    manifest.set_state(FACES, json.dumps(faces))


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
