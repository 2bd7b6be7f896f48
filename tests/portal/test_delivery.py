"""Delivery to a folder, by rsync and to an S3 store: everything arrives, only differences are sent, nothing is lost."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import boto3
import pytest
from moto.server import ThreadedMotoServer

from mingzheng.cli import main
from mingzheng.law.errors import Refusal
from mingzheng.portal.publisher import publish_changed, publish_full
from mingzheng.portal.targets import services
from mingzheng.portal.targets.folder import FolderTarget
from mingzheng.portal.targets.services import deliver
from mingzheng.portal.targets.specs import digest_of, targets_of
from mingzheng.publish.items.services import withdraw_item

pytestmark = pytest.mark.once
BUCKET = "pages"


def free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return free.getsockname()[1]


@dataclass
class Folder:
    spec: str
    folder: Path

    def files(self) -> dict[str, bytes]:
        found = (path for path in self.folder.rglob("*") if path.is_file())
        names = {str(path.relative_to(self.folder)): path.read_bytes() for path in found}
        return {name: content for name, content in names.items() if not name.startswith(".")}

    def put(self, name: str, content: bytes) -> None:
        (self.folder / name).write_bytes(content)

    def empty(self) -> None:
        shutil.rmtree(self.folder)
        self.folder.mkdir()


@dataclass
class Store:
    spec: str
    client: object

    def files(self) -> dict[str, bytes]:
        return {
            name.removeprefix("www/"): self.client.get_object(Bucket=BUCKET, Key=name)["Body"].read()
            for name in self._names()
            if not name.startswith("www/.")
        }

    def _names(self) -> list[str]:
        pages = self.client.get_paginator("list_objects_v2").paginate(Bucket=BUCKET)
        return [each["Key"] for page in pages for each in page.get("Contents", ())]

    def put(self, name: str, content: bytes) -> None:
        self.client.put_object(Bucket=BUCKET, Key=f"www/{name}", Body=content)

    def empty(self) -> None:
        for name in self._names():
            self.client.delete_object(Bucket=BUCKET, Key=name)


@pytest.fixture
def folder(tmp_path) -> Folder:
    place = tmp_path / "www"
    place.mkdir()
    return Folder(f"folder:{place}", place)


@pytest.fixture
def rsync(tmp_path) -> Iterator[Folder]:
    place, port = tmp_path / "rsynced", free_port()
    place.mkdir()
    file = tmp_path / "rsyncd.conf"
    file.write_text(
        f"use chroot = no\nuid = {os.getuid()}\ngid = {os.getgid()}\nlog file = {tmp_path}/rsyncd.log\n"
        f"[www]\npath = {place}\nread only = no\n"
    )
    command = [
        "rsync",
        "--daemon",
        "--no-detach",
        "--address=127.0.0.1",
        f"--port={port}",
        f"--config={file}",
    ]
    daemon = subprocess.Popen(command)
    try:
        for _ in range(100):
            try:
                socket.create_connection(("127.0.0.1", port), 1).close()
                break
            except OSError:
                time.sleep(0.05)
        yield Folder(f"rsync:rsync://127.0.0.1:{port}/www", place)
    finally:
        daemon.terminate()
        daemon.wait(10)


@pytest.fixture
def s3(monkeypatch) -> Iterator[Store]:
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "test")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "test")
    server = ThreadedMotoServer("127.0.0.1", 0)
    server.start()
    try:
        _, port = server.get_host_and_port()
        endpoint = f"http://127.0.0.1:{port}"
        client = boto3.client("s3", endpoint_url=endpoint, region_name="us-east-1")
        client.create_bucket(Bucket=BUCKET)
        store = Store(f"s3://{BUCKET}/www?endpoint={endpoint}&region=us-east-1", client)
        yield store
        store.empty()
    finally:
        server.stop()


@pytest.fixture(params=["folder", "rsync", "s3"])
def target(request, settings):
    found = request.getfixturevalue(request.param)
    settings.TARGETS = found.spec
    return found


@pytest.fixture
def items(portal):
    items = portal.bring_in_many(3)
    publish_full()
    return items


def published(portal) -> dict[str, bytes]:
    return {name: content for name, content in portal.files().items() if not name.startswith(".")}


def outcome(**options) -> tuple[int, int, str]:
    [told] = deliver(**options)
    return told.sent, told.removed, told.problem


def test_everything_arrives_and_then_only_what_changed(portal, items, target):
    pages = len(published(portal))
    assert outcome() == (pages, 0, "")
    assert target.files() == published(portal)
    assert outcome(at_once=True) == (0, 0, "")
    portal.publish("新的消息")
    written = publish_changed().written
    assert outcome() == (len(written), 0, "")
    withdraw_item(portal.office, items[0].pk, "有误")
    publish_changed()
    sent, removed, problem = outcome()
    assert (removed, problem) == (1, "")
    assert 0 < sent < pages
    assert target.files() == published(portal)


def test_an_emptied_target_is_filled_again(portal, items, target):
    deliver()
    target.empty()
    assert outcome(at_once=True) == (len(published(portal)), 0, "")
    assert target.files() == published(portal)


def test_a_lost_memory_is_made_up_for(portal, items, target):
    deliver()
    shutil.rmtree(portal.home / "targets")
    withdraw_item(portal.office, items[0].pk, "有误")
    publish_changed()
    assert outcome()[1:] == (1, "")
    assert target.files() == published(portal)


def test_a_place_with_other_contents_is_left_alone(portal, items, target):
    target.put("report.txt", b"somebody's work")
    sent, removed, problem = outcome()
    assert (sent, removed) == (0, 0)
    assert "report.txt" in problem
    assert target.files() == {"report.txt": b"somebody's work"}


def test_what_others_changed_in_the_public_folder_is_never_spread(portal, items, target):
    name = portal.path(items[0])[1:]
    (portal.public / name).write_text("defaced")
    sent, _, problem = outcome()
    assert sent == len(published(portal)) - 1
    assert problem == "有1个文件与发布记录不一致，没有交付"
    assert name not in target.files()
    (portal.public / name).unlink()
    publish_full()
    assert outcome(at_once=True) == (1, 0, "")


def test_a_target_that_is_down_holds_up_no_other_and_catches_up(portal, items, folder, tmp_path, settings):
    late = tmp_path / "late"
    settings.TARGETS = (
        f"folder:{late}\n{folder.spec} rsync:rsync://127.0.0.1:{free_port()}/www"
        f" s3://{BUCKET}/?endpoint=http://127.0.0.1:{free_port()}"
    )
    missing, good, unheard, dead = deliver()
    assert missing.problem == f"文件夹“{late}”不存在"
    assert (good.sent, good.problem) == (len(published(portal)), "")
    assert unheard.problem.startswith("rsync没有完成")
    assert dead.problem.startswith("存储没有应答")
    late.mkdir()
    assert deliver()[0].problem == f"文件夹“{late}”不存在"  # its time has not come
    assert deliver(at_once=True)[0].sent == len(published(portal))
    assert Folder("", late).files() == published(portal)


def test_a_target_that_stays_down_is_asked_less_and_less_often(
    portal, items, tmp_path, settings, monkeypatch
):
    settings.TARGETS = f"folder:{tmp_path / 'missing'}"
    now, asked = [1000.0], []
    monkeypatch.setattr(services.time, "time", lambda: now[0])
    monkeypatch.setattr(
        FolderTarget,
        "read_mark",
        lambda self, real=FolderTarget.read_mark: (asked.append(now[0]), real(self)),
    )
    while now[0] < 1160:
        deliver()
        now[0] += 1
    assert asked == [1000, 1005, 1015, 1035, 1075, 1155]


def test_nothing_is_compared_while_nothing_was_published(portal, items, folder, settings, monkeypatch):
    settings.TARGETS = folder.spec
    deliver()
    monkeypatch.setattr(services, "_attempt", lambda *given: 1 / 0)
    assert outcome() == (0, 0, "")


def test_a_killed_delivery_goes_on_where_it_was(portal, items, folder, settings, monkeypatch):
    settings.TARGETS = folder.spec
    monkeypatch.setattr(services, "BATCH", 3)
    child = os.fork()
    if child == 0:
        calls = []

        def dies(self, root, names, real=FolderTarget.put):
            calls.append(names)
            if len(calls) == 4:
                real(self, root, names[:1])
                os._exit(9)
            real(self, root, names)

        FolderTarget.put = dies
        deliver()
        os._exit(0)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 9
    there = len(folder.files())
    sent, _, problem = outcome()
    assert (sent, problem) == (len(published(portal)) - there + 1, "")
    assert folder.files() == published(portal)


def test_what_links_lead_to_is_there_before_the_links_and_removal_is_last(
    portal, items, folder, settings, monkeypatch
):
    settings.TARGETS = folder.spec
    done = []
    put, remove = FolderTarget.put, FolderTarget.remove
    monkeypatch.setattr(
        FolderTarget, "put", lambda self, root, names: (done.extend(names), put(self, root, names))
    )
    monkeypatch.setattr(
        FolderTarget, "remove", lambda self, root, names: (done.append("removal"), remove(self, root, names))
    )
    deliver()
    order = [
        done.index(name)
        for name in ("assets/site.css", portal.path(items[0])[1:], "units/czj/dt01/index.html", "index.html")
    ]
    assert order == sorted(order)
    done.clear()
    withdraw_item(portal.office, items[0].pk, "有误")
    publish_changed()
    deliver()
    assert done[-1] == "removal"
    assert len(done) > 3


def test_compressed_copies_go_with_their_page(portal, items, folder, settings):
    settings.TARGETS, settings.PRECOMPRESS = folder.spec, "gzip"
    name = portal.path(items[0])[1:]
    from mingzheng.portal.precompress import compress, drop

    compress(portal.public, name, (portal.public / name).read_bytes())
    deliver()
    assert folder.files()[f"{name}.gz"] == (portal.public / f"{name}.gz").read_bytes()
    assert (folder.folder / name).stat().st_mtime_ns == (folder.folder / f"{name}.gz").stat().st_mtime_ns
    withdraw_item(portal.office, items[0].pk, "有误")
    drop(portal.public, name)
    publish_changed()
    deliver()
    assert not {name, f"{name}.gz"} & folder.files().keys()


def test_a_store_is_told_types_and_how_long_to_keep(portal, items, s3, settings):
    settings.TARGETS = s3.spec
    withdraw_item(portal.office, items[0].pk, "有误")
    publish_full()
    deliver()
    for name, kind, cache in (
        ("index.html", "text/html; charset=utf-8", "no-cache"),
        (f"{portal.path(items[0])[1:]}.gone", "text/html; charset=utf-8", "no-cache"),
        ("assets/site.css", "text/css; charset=utf-8", "public, max-age=86400"),
        ("notice.json", "application/json; charset=utf-8", "no-cache"),
    ):
        head = s3.client.head_object(Bucket=BUCKET, Key=f"www/{name}")
        assert (head["ContentType"], head["CacheControl"]) == (kind, cache), name


def test_two_deliveries_to_one_target_do_not_meet(portal, items, folder, settings):
    settings.TARGETS = folder.spec
    path = portal.home / "targets" / f"{digest_of(folder.spec)}.lock"
    path.parent.mkdir()
    with services._alone(path) as alone:
        assert alone
        assert outcome() == (0, 0, "另一个任务正在向这个目标交付")
    assert outcome()[2] == ""


def test_a_full_disk_is_told_in_a_sentence_and_retried(portal, items, folder, settings, monkeypatch):
    settings.TARGETS = folder.spec

    def full(*given, **options):
        raise OSError(28, "No space left on device", "/srv/www/x")

    with monkeypatch.context() as patch:
        patch.setattr(shutil, "copyfile", full)
        assert outcome()[2] == "无法写入“/srv/www/x”：No space left on device"
    assert outcome(at_once=True)[2] == ""
    assert folder.files() == published(portal)


@pytest.mark.parametrize(
    "spec",
    ["folder:www", "folder:", "rsync:", "rsync:-e sh", "rsync:-e/bin/sh", "rsync:host", "ftp://x/", "s3://", "s3://B/x",
     "s3://pages/?endpoint=ftp://x", "s3://pages/?key=1", "s3://pages/?endpoint=http://a:b@x/", "/srv/www"],
)  # fmt: skip
def test_a_target_that_cannot_be_read_is_refused(spec):
    with pytest.raises(Refusal, match="有误"):
        targets_of(spec)


def test_a_target_named_twice_is_served_once(tmp_path):
    assert len(targets_of(f"folder:{tmp_path} folder:{tmp_path}\n")) == 1


def test_the_command_tells_what_became_of_each_target(portal, items, folder, settings, capsys):
    assert main(["deliver"]) == 0
    assert "没有需要交付的目标" in capsys.readouterr().out
    settings.TARGETS = f"{folder.spec} folder:{folder.folder}/missing"
    assert main(["deliver"]) == 1
    first, second = capsys.readouterr().out.splitlines()
    assert first == f"{folder.spec}：送达{len(published(portal))}个文件，移除0个文件。"
    assert second.endswith("没有完成：文件夹“" + f"{folder.folder}/missing”不存在。")
    assert main(["publish", "--changed"]) == 0
    assert "送达0个文件" in capsys.readouterr().out


def test_no_key_of_a_store_is_shown():
    assert services.shown("s3://pages/x?endpoint=http://h&region=r") == "s3://pages/x"
