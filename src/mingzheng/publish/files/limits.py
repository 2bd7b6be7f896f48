"""The limits of ``limits.yaml``, in bytes, characters and pixels."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources

import yaml

MB = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Limits:
    """Sizes are bytes unless the name says otherwise."""

    upload: Mapping[str, int]
    request: int
    name_characters: int
    text_characters: int
    pixels: int
    archive_entries: int
    archive_total: int
    archive_entry: int
    archive_ratio: int
    archive_ratio_from: int
    xml_tree: int
    runnable_extensions: frozenset[str]


@cache
def limits() -> Limits:
    """The limits in force."""
    data = yaml.safe_load((resources.files("mingzheng.publish.files") / "limits.yaml").read_text("utf-8"))
    archive = data["archive"]
    return Limits(
        upload={group: size * MB for group, size in data["upload_mb"].items()},
        request=data["request_mb"] * MB,
        name_characters=data["name_characters"],
        text_characters=data["text_characters"],
        pixels=data["image_megapixels"] * 1_000_000,
        archive_entries=archive["entries"],
        archive_total=archive["total_mb"] * MB,
        archive_entry=archive["entry_mb"] * MB,
        archive_ratio=archive["ratio"],
        archive_ratio_from=archive["ratio_from_mb"] * MB,
        xml_tree=archive["tree_mb"] * MB,
        runnable_extensions=frozenset(data["runnable_extensions"]),
    )
