"""A copy of an upload without what its reader should not find."""

from __future__ import annotations

import os
import shutil
import tempfile
from pathlib import Path

from mingzheng.law.errors import Refusal
from mingzheng.publish.files.archive import Archive
from mingzheng.publish.files.images import clean_image
from mingzheng.publish.files.inspection import damage_refused, inspect_file
from mingzheng.publish.files.kinds import KINDS
from mingzheng.publish.files.office import clean_common, open_package
from mingzheng.publish.files.pdfs import clean_pdf
from mingzheng.publish.files.report import FileReport, Source, refusal
from mingzheng.publish.files.sheets_cleaning import clean_workbook
from mingzheng.publish.files.slides import clean_slides
from mingzheng.publish.files.word_cleaning import clean_word


def clean_file(path: Path, report: FileReport, target: Path) -> FileReport:
    """Write a clean copy to ``target``, inspect it again and return its report; the original stays as it is.

    Raises Refusal when the copy could not be made clean; ``target`` is then not written.
    """
    if target.exists() and target.samefile(path):
        raise Refusal(f"“{report.name}”的清理副本不能覆盖原文件。")
    source = Source(path, report.name, KINDS[report.kind])
    handle, temporary = tempfile.mkstemp(dir=target.parent, prefix=".clean-")
    os.close(handle)
    copy = Path(temporary)
    try:
        with damage_refused(report.name):
            _write_clean(source, report, copy)
        cleaned = inspect_file(copy, report.name)
        if cleaned.removable:
            left = "".join(notice.sentence for notice in cleaned.removable)
            raise refusal(report.name, f"未能清理干净：{left.rstrip('。')}")
        copy.replace(target)
    finally:
        copy.unlink(missing_ok=True)
    return cleaned


def _write_clean(source: Source, report: FileReport, copy: Path) -> None:
    if not report.removable:
        shutil.copyfile(source.path, copy)
    elif source.kind.group == "image":
        clean_image(source, copy)
    elif source.kind.code == "pdf":
        clean_pdf(source, copy)
    else:
        _clean_package(source, report, copy)


def _clean_package(source: Source, report: FileReport, copy: Path) -> None:
    with Archive(source) as archive:
        package = open_package(source, archive)
        if source.kind.code == "docx":
            clean_word(package)
        elif source.kind.code == "xlsx":
            clean_workbook(source, package, (notice.rule for notice in report.removable))
        else:
            clean_slides(package)
        clean_common(package)
        package.write(copy)
