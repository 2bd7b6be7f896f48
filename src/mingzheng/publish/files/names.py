"""Names of uploaded files, made safe to store, show and download."""

from __future__ import annotations

import re
import unicodedata

from mingzheng.law.errors import Refusal
from mingzheng.publish.files.limits import limits

# Cc control, Cf format (bidi overrides, zero-width), Co private, Cs surrogate, Zl and Zp line ends.
_UNSEEN = frozenset({"Cc", "Cf", "Co", "Cs", "Zl", "Zp"})
_FORBIDDEN = re.compile(r'[<>:"|?*]')


def normalise_name(name: str) -> str:
    """Return the name without path, unseen characters and characters that Windows forbids.

    At most 120 characters remain, the extension among them. Raises Refusal when there is no name left.
    """
    last = re.split(r"[/\\]", name)[-1]
    seen = "".join(sign for sign in last if unicodedata.category(sign) not in _UNSEEN)
    clean = " ".join(_FORBIDDEN.sub("_", unicodedata.normalize("NFC", seen)).split()).strip(" .")
    stem, dot, extension = clean.rpartition(".")
    if not dot:
        stem, extension = clean, ""
    if not stem.strip(" ."):
        raise Refusal("文件没有名称，请命名后再上传。")
    room = limits().name_characters - len(dot + extension)
    if room < 1:
        raise Refusal("文件的扩展名过长，请改正文件名后再上传。")
    return stem[:room].rstrip(" .") + dot + extension


def extension_of(name: str) -> str:
    """The extension in small letters without its dot, empty when there is none."""
    return name.rpartition(".")[2].lower() if "." in name else ""
