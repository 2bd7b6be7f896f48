"""The kinds of file that may be uploaded: anything that is not in this table is refused."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of file; ``group`` names its size limit in ``limits.yaml``."""

    code: str
    label: str
    mime: str
    group: str
    extensions: frozenset[str]


def _kind(code: str, label: str, mime: str, group: str = "document", *others: str) -> Kind:
    return Kind(code, label, mime, group, frozenset({code, *others}))


_OOXML = "application/vnd.openxmlformats-officedocument."
KINDS = {
    kind.code: kind
    for kind in (
        _kind("docx", "Word文档", _OOXML + "wordprocessingml.document"),
        _kind("xlsx", "Excel工作簿", _OOXML + "spreadsheetml.sheet"),
        _kind("pptx", "PowerPoint演示文稿", _OOXML + "presentationml.presentation"),
        _kind("doc", "旧版Word文档", "application/msword"),
        _kind("xls", "旧版Excel工作簿", "application/vnd.ms-excel"),
        _kind("ppt", "旧版PowerPoint演示文稿", "application/vnd.ms-powerpoint"),
        _kind("wps", "WPS文字文档", "application/vnd.ms-works"),
        _kind("et", "WPS表格", "application/vnd.ms-excel"),
        _kind("dps", "WPS演示文稿", "application/vnd.ms-powerpoint"),
        _kind("pdf", "PDF文档", "application/pdf"),
        _kind("ofd", "OFD版式文档", "application/ofd"),
        _kind("txt", "纯文本", "text/plain"),
        _kind("csv", "CSV数据表", "text/csv"),
        _kind("html", "网页", "text/html", "document", "htm"),
        _kind("zip", "ZIP压缩包", "application/zip"),
        _kind("png", "PNG图片", "image/png", "image"),
        _kind("jpg", "JPEG图片", "image/jpeg", "image", "jpeg"),
        _kind("gif", "GIF图片", "image/gif", "image"),
        _kind("webp", "WebP图片", "image/webp", "image"),
        _kind("bmp", "BMP图片", "image/bmp", "image"),
        _kind("mp3", "MP3音频", "audio/mpeg", "media"),
        _kind("mp4", "MP4视频", "video/mp4", "media"),
    )
}
GROUP_LABELS = {"document": "文档", "image": "图片", "media": "音视频"}
