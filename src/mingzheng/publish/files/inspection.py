"""The inspection of an upload: what it is, what it says, what it hides."""

from __future__ import annotations

import errno
import logging
import struct
import tempfile
import zipfile
import zlib
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

from lxml import etree

from mingzheng.law.errors import Refusal
from mingzheng.publish.files.archive import Archive
from mingzheng.publish.files.detect import check_extension, detect
from mingzheng.publish.files.hashing import sha256_of
from mingzheng.publish.files.images import read_image
from mingzheng.publish.files.kinds import GROUP_LABELS, KINDS
from mingzheng.publish.files.limits import MB, limits
from mingzheng.publish.files.media import read_mp3, read_mp4
from mingzheng.publish.files.names import normalise_name
from mingzheng.publish.files.ofd import read_ofd
from mingzheng.publish.files.office import open_package, read_common
from mingzheng.publish.files.ole import read_ole
from mingzheng.publish.files.package import Package
from mingzheng.publish.files.pdfs import read_pdf
from mingzheng.publish.files.plain import read_html, read_text
from mingzheng.publish.files.report import FileReport, Findings, Notice, Source, refusal
from mingzheng.publish.files.safe_xml import UnsafeXml
from mingzheng.publish.files.sheets import read_workbook
from mingzheng.publish.files.slides import read_slides
from mingzheng.publish.files.word import read_word

_LOG = logging.getLogger(__name__)

# What the readers below raise for a damaged file: each names it in its own way.
_DAMAGE = (
    zipfile.BadZipFile, zlib.error, etree.LxmlError, struct.error, ValueError, LookupError, EOFError,
    NotImplementedError, OSError, SyntaxError, ArithmeticError, RuntimeError, AttributeError, TypeError,
)  # fmt: skip
_PACKAGES: dict[str, Callable[[Package, Findings], None]] = {
    "docx": read_word,
    "xlsx": read_workbook,
    "pptx": read_slides,
}
_FILES: dict[str, Callable[[Source, Findings], None]] = {
    **dict.fromkeys(("doc", "xls", "ppt", "wps", "et", "dps"), read_ole),
    **dict.fromkeys(("png", "jpg", "gif", "webp", "bmp"), read_image),
    **dict.fromkeys(("txt", "csv"), read_text),
    "html": read_html,
    "pdf": read_pdf,
    "mp3": read_mp3,
    "mp4": read_mp4,
}


def inspect_file(path: Path, name: str = "") -> FileReport:
    """Say what an upload is, its text and what it hides. ``name`` is the uploader's, else the path's.

    Raises Refusal for programs, scripts, macros, passwords, damaged, oversized and unknown files.
    """
    return _inspect(path, normalise_name(name or path.name), in_archive=False)


def check_request_size(sizes: Iterable[int]) -> None:
    """Raises Refusal when the files of one request, in bytes, are too much together."""
    if sum(sizes) > limits().request:
        raise Refusal(f"一次上传的文件合计不得超过{limits().request // MB}MB，请分次上传。")


@contextmanager
def damage_refused(name: str) -> Iterator[None]:
    """Turn what a reader raises for a damaged file into a Refusal."""
    try:
        yield
    except UnsafeXml as error:
        raise refusal(name, f"{error}，不能上传") from error
    except _DAMAGE as error:
        if isinstance(error, OSError) and error.errno not in (None, errno.EINVAL):
            raise  # the disk's fault, not the file's
        _LOG.info("damaged upload", exc_info=error)
        raise refusal(name, "已损坏或者格式不规范，无法读取，请用原软件打开并另存后再上传") from error


def _inspect(path: Path, name: str, *, in_archive: bool) -> FileReport:
    size = path.stat().st_size
    findings = Findings()
    with damage_refused(name):
        kind = detect(path, name)
        limit = limits().upload[kind.group]
        if size > limit:
            raise refusal(name, f"超过{GROUP_LABELS[kind.group]}的大小上限{limit // MB}MB，不能上传")
        check_extension(name, kind)
        if in_archive and kind.code == "zip":
            raise refusal(name, "是压缩包中的压缩包，请解压后再上传")
        _read(Source(path, name, kind), findings)
    return FileReport(
        name, kind.code, kind.label, kind.mime, size, sha256_of(path), findings.text, findings.pages,
        tuple(findings.notices),
    )  # fmt: skip


def _read(source: Source, findings: Findings) -> None:
    code = source.kind.code
    if code in _FILES:
        _FILES[code](source, findings)
        return
    with Archive(source) as archive:
        archive.verify()
        if code in _PACKAGES:
            package = open_package(source, archive)
            _PACKAGES[code](package, findings)
            read_common(package, findings)
        elif code == "ofd":
            read_ofd(archive, findings)
        else:
            _read_members(archive, findings)


def _read_members(archive: Archive, findings: Findings) -> None:
    """Inspect each file of a ZIP archive by itself: the archive is as good as the worst of them."""
    if not archive.names:
        raise archive.source.refusal("是空的压缩包，不能上传")
    with tempfile.TemporaryDirectory(prefix="mingzheng-zip-") as folder:
        unpacked = Path(folder) / "member"
        for member in archive.names:
            with archive.open(member) as stream, unpacked.open("wb") as copy:
                while block := stream.read(1 << 20):
                    copy.write(block)
            label = normalise_name(member)
            report = _inspect(unpacked, f"{archive.source.name}/{label}", in_archive=True)
            findings.add_text(f"{label}\n{report.text}\n")
            findings.notices.extend(
                Notice(notice.rule, notice.severity, f"压缩包内的“{label}”：{notice.sentence}", False)
                for notice in report.notices
            )


assert set(_FILES) | set(_PACKAGES) | {"ofd", "zip"} == set(KINDS)
