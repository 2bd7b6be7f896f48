"""Compressed copies: the same bytes, the time of their file, gone with it; nothing for what gains nothing."""

from __future__ import annotations

import gzip
import os
from pathlib import Path

import brotli
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mingzheng.law.errors import Refusal
from mingzheng.portal import precompress

TEXT = ("公开信息" * 500).encode()


@pytest.fixture
def put(tmp_path, settings):
    """Writes a file as the publisher does, with its copies."""
    settings.PRECOMPRESS = "gzip,br"

    def write(name: str, content: bytes = TEXT, mtime_ns: int = 1_700_000_000_123_456_789) -> Path:
        file = tmp_path / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(content)
        os.utime(file, ns=(mtime_ns, mtime_ns))
        precompress.compress(tmp_path, name, content)
        return file

    return write


def copies(root: Path) -> set[str]:
    return {str(path.relative_to(root)) for path in root.rglob("*") if path.suffix in (".gz", ".br", ".copy")}


def test_a_copy_holds_the_same_bytes_and_the_same_time(put, tmp_path):
    file = put("units/index.html")
    zipped, brotlied = tmp_path / "units/index.html.gz", tmp_path / "units/index.html.br"
    assert gzip.decompress(zipped.read_bytes()) == TEXT
    assert brotli.decompress(brotlied.read_bytes()) == TEXT
    assert zipped.stat().st_mtime_ns == brotlied.stat().st_mtime_ns == file.stat().st_mtime_ns


@pytest.mark.parametrize(
    ("name", "content", "expected"),
    [
        ("info/201801/1.html", TEXT, {".gz"}),  # an item page: brotli costs more than it saves
        ("info/201801/1.html.gone", TEXT, {".gz"}),  # a page, sent with 410
        ("index.html", TEXT, {".gz", ".br"}),
        ("units/czj/dt01/index.html", TEXT, {".gz", ".br"}),
        ("assets/site.css", TEXT, {".gz"}),
        ("index.html", b"x" * 1024, set()),  # one packet
        ("index.html", b"x" * 1025, {".gz", ".br"}),
        ("assets/logo.png", TEXT, set()),  # compressed already
        ("files/ab/x.txt", TEXT, set()),  # its author's bytes
    ],
)
def test_copies_are_made_of_what_gains_by_it(put, tmp_path, name, content, expected):
    put(name, content)
    assert copies(tmp_path) == {name + suffix for suffix in expected}


@pytest.mark.parametrize(("setting", "expected"), [("", set()), ("gzip", {".gz"}), ("br", {".br"})])
def test_a_way_that_is_switched_off_makes_none_and_clears_the_old_ones(
    put, tmp_path, settings, setting, expected
):
    put("index.html")
    settings.PRECOMPRESS = setting
    put("index.html", TEXT + b"x")
    assert copies(tmp_path) == {f"index.html{suffix}" for suffix in expected}


def test_a_page_that_became_short_loses_its_copies(put, tmp_path):
    put("index.html")
    put("index.html", b"short")
    assert copies(tmp_path) == set()


def test_copies_go_with_their_file_and_others_stay(put, tmp_path):
    put("a/index.html")
    put("b/index.html")
    (tmp_path / "files").mkdir()
    (tmp_path / "files/x.txt.gz").write_bytes(b"somebody's archive")
    precompress.drop(tmp_path, "a/index.html")
    precompress.drop(tmp_path, "files/x.txt")
    assert copies(tmp_path) == {"b/index.html.gz", "b/index.html.br", "files/x.txt.gz"}


def test_a_stale_copy_is_known_by_its_time(put, tmp_path, settings):
    put("index.html")
    assert not precompress.is_stale(tmp_path, "index.html.gz")
    (tmp_path / "index.html").write_bytes(b"changed by hand")
    assert precompress.is_stale(tmp_path, "index.html.gz")
    put("index.html")
    settings.PRECOMPRESS = "gzip"
    assert precompress.is_stale(tmp_path, "index.html.br")
    (tmp_path / "index.html").unlink()
    assert precompress.is_stale(tmp_path, "index.html.gz")
    assert not precompress.is_stale(tmp_path, "index.html")
    assert not precompress.is_stale(tmp_path, "files/x.txt.gz")


def test_an_old_copy_never_outlives_a_failed_write(put, tmp_path, monkeypatch):
    put("index.html")

    def full(*args, **options):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "write_bytes", full)
    with pytest.raises(OSError, match="No space"):
        precompress._put(tmp_path, "index.html.gz", b"new", 1)
    assert not (tmp_path / "index.html.gz").exists()


def test_an_unknown_way_is_refused(settings):
    settings.PRECOMPRESS = "gzip,zip"
    with pytest.raises(Refusal, match=r"“zip”无法识别"):
        precompress.ways()


@given(st.binary(max_size=5000))
def test_whatever_the_bytes_they_come_back(content):
    assert gzip.decompress(precompress._gzip(content)) == content
    assert brotli.decompress(precompress._brotli(content)) == content


def test_copies_are_released_verified_and_removed_with_their_pages(portal, settings):
    from mingzheng.portal.publisher import publish_changed, publish_full, verify
    from mingzheng.publish.items.services import withdraw_item

    settings.PRECOMPRESS = "gzip,br"
    [item] = portal.bring_in_many(1)
    publish_full()
    page = portal.public / portal.path(item).lstrip("/")
    assert page.with_name(f"{page.name}.gz").is_file()
    assert (portal.public / "index.html.br").is_file()
    assert verify().findings == []
    copy = portal.public / "index.html.gz"
    stamp = copy.stat()
    copy.write_bytes(b"spoiled")
    os.utime(copy, ns=(stamp.st_atime_ns, stamp.st_mtime_ns))
    assert verify().findings == ["页面“/”的内容与发布时不一致。"]
    assert verify().findings == []
    withdraw_item(portal.office, item.pk, "内容有误")
    publish_changed()
    assert not page.with_name(f"{page.name}.gz").exists()
