"""The only door of files: inspect an upload, clean it, scan it for viruses, store it."""

from __future__ import annotations

from mingzheng.publish.files.cleaning import clean_file
from mingzheng.publish.files.inspection import check_request_size, inspect_file
from mingzheng.publish.files.names import normalise_name
from mingzheng.publish.files.report import FileReport, Notice
from mingzheng.publish.files.storage import remove_file, store_file, stored_path
from mingzheng.publish.files.viruses import scan_for_viruses

__all__ = [
    "FileReport", "Notice", "check_request_size", "clean_file", "inspect_file", "normalise_name",
    "remove_file", "scan_for_viruses", "store_file", "stored_path",
]  # fmt: skip
