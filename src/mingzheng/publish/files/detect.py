"""What a file is, by its content; the name only has to agree with it."""

from __future__ import annotations

import re
from pathlib import Path

import puremagic

from mingzheng.publish.files.archive import Archive
from mingzheng.publish.files.kinds import KINDS, Kind
from mingzheng.publish.files.limits import limits
from mingzheng.publish.files.names import extension_of
from mingzheng.publish.files.ole import SIGNATURE, CompoundFile
from mingzheng.publish.files.package import TYPES, Package
from mingzheng.publish.files.plain import decode_head
from mingzheng.publish.files.report import Source, refusal
from mingzheng.publish.files.signatures import is_script, runnable

_HEAD = 8192
_HEADERS = {
    b"\x89PNG\r\n\x1a\n": "png",
    b"\xff\xd8\xff": "jpg",
    b"GIF87a": "gif",
    b"GIF89a": "gif",
    b"BM": "bmp",
}
_HTML = re.compile(
    r"\A\s*(?:<!--.*?-->\s*)*(?:<\?xml[^>]*>\s*)?<(?:!doctype\s+html|html|head|body)\b", re.I | re.S
)
# The same OLE content goes by the name of Microsoft's format or of WPS's.
_OLE_KINDS = (
    ("WordDocument", ("doc", "wps")),
    ("Workbook", ("xls", "et")),
    ("Book", ("xls", "et")),
    ("PowerPoint Document", ("ppt", "dps")),
)
_OOXML_KINDS = (
    ("wordprocessingml.document.main", "docx"),
    ("spreadsheetml.sheet.main", "xlsx"),
    ("presentationml.presentation.main", "pptx"),
    ("presentationml.slideshow.main", "pptx"),
    ("ms-word.document.macroenabled", "docx"),
    ("ms-excel.sheet.macroenabled", "xlsx"),
    ("ms-excel.sheet.binary.macroenabled", "xlsx"),
    ("ms-powerpoint.presentation.macroenabled", "pptx"),
)


def detect(path: Path, name: str) -> Kind:
    """The kind of a file. Raises Refusal for programs, scripts and everything that may not be uploaded."""
    with path.open("rb") as stream:
        head = stream.read(_HEAD)
    if not head:
        raise refusal(name, "是空文件，不能上传")
    if runnable(head):
        raise refusal(name, "的内容是可执行程序，不能上传")
    if extension_of(name) in limits().runnable_extensions:
        raise refusal(name, "是程序或脚本文件，不能上传")
    return KINDS[_code(path, name, head)]


def check_extension(name: str, kind: Kind) -> None:
    """Raises Refusal when the name promises something else than the content is."""
    extension = extension_of(name)
    if not extension:
        raise refusal(name, f"没有扩展名，内容是{kind.label}，请加上扩展名“.{kind.code}”后再上传")
    if extension not in kind.extensions:
        raise refusal(name, f"的内容是{kind.label}，与扩展名“.{extension}”不符，请改正后再上传")


def _code(path: Path, name: str, head: bytes) -> str:
    if head.startswith(b"PK\x03\x04") or head.startswith(b"PK\x05\x06"):
        return _zip_code(path, name)
    if head.startswith(SIGNATURE):
        return _ole_code(path, name)
    if b"%PDF-" in head[:1024]:
        return "pdf"
    for signature, code in _HEADERS.items():
        if head.startswith(signature):
            return code
    if head[:4] == b"RIFF" and head[8:12] == b"WEBP":
        return "webp"
    if head.startswith(b"ID3") or (
        head[0] == 0xFF and head[1:2] > b"\xe0" and _guess(path) in {"mp3", "mpga"}
    ):
        return "mp3"
    if head[4:8] == b"ftyp" and _guess(path) in {"mp4", "m4v", "m4a", "mov"}:
        return "mp4"
    return _text_code(path, name, head)


def _text_code(path: Path, name: str, head: bytes) -> str:
    text = decode_head(head)
    if text is None:
        guess = _guess(path)
        told = f"的内容是“{guess}”格式，" if guess else "的内容无法识别，"
        raise refusal(name, f"{told}不在允许上传的文件类型之内")
    if text.startswith("{\\rtf"):
        raise refusal(name, "的内容是RTF文档，不在允许上传的文件类型之内，请另存为docx后再上传")
    if _HTML.search(text):
        return "html"
    if is_script(text):
        raise refusal(name, "的内容是脚本，不能上传")
    extension = extension_of(name)
    if extension in KINDS and extension not in {"txt", "csv", "html"}:
        raise refusal(name, f"的内容是纯文本，与扩展名“.{extension}”不符，或者文件已经损坏")
    if extension not in {"txt", "csv"}:
        raise refusal(name, "不在允许上传的文件类型之内")
    return extension


def _zip_code(path: Path, name: str) -> str:
    with Archive(Source(path, name, KINDS["zip"])) as archive:
        names = set(archive.names)
        if TYPES in names:
            package = Package(archive)
            found = package.content_types().get(f"/{package.main}".lower(), "")
            for word, code in _OOXML_KINDS:
                if word in found:
                    return code
            raise refusal(name, "是不允许上传的Office文件类型，请另存为docx、xlsx或者pptx后再上传")
    if "OFD.xml" in names:
        return "ofd"
    if names & {"META-INF/MANIFEST.MF", "AndroidManifest.xml", "classes.dex"}:
        raise refusal(name, "的内容是可执行程序，不能上传")
    if "mimetype" in names:
        raise refusal(name, "是开放文档格式，不在允许上传的文件类型之内，请另存为docx、xlsx或者pptx后再上传")
    return "zip"


def _ole_code(path: Path, name: str) -> str:
    if path.stat().st_size > limits().upload["document"]:
        raise refusal(name, "的大小超过文档的上限，不能上传")
    streams = CompoundFile.read(path).names
    if {"EncryptedPackage", "EncryptionInfo"} & streams:
        raise refusal(name, "设有密码，请先解除密码再上传")
    for stream, codes in _OLE_KINDS:
        if stream in streams:
            extension = extension_of(name)
            return extension if extension in codes else codes[0]
    raise refusal(name, "的内容无法识别，不在允许上传的文件类型之内")


def _guess(path: Path) -> str:
    """The extension that puremagic gives to the content, empty when it knows none."""
    try:
        found = puremagic.magic_file(path)
    except (puremagic.PureError, ValueError):
        return ""
    return next((match.extension.lstrip(".") for match in found if match.extension), "")
