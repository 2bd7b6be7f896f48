"""Images within a text: taken out as bytes for upload, and put back by their addresses."""

from __future__ import annotations

import base64
import binascii
import re
import warnings
from collections.abc import Sequence
from dataclasses import dataclass
from html import escape
from io import BytesIO
from typing import NamedTuple
from urllib.parse import unquote_to_bytes

from lxml.html import HtmlElement
from PIL import Image

from mingzheng.law.errors import Refusal
from mingzheng.publish.body.sanitise import WAITING_SCHEME
from mingzheng.publish.body.trees import drop, inner, parse
from mingzheng.publish.files.limits import MB, limits

_TYPES = {"PNG": "image/png", "JPEG": "image/jpeg", "GIF": "image/gif", "WEBP": "image/webp"}
_SUFFIXES = {"PNG": "png", "JPEG": "jpg", "GIF": "gif", "WEBP": "webp"}
_DISK = r"[a-z]:[\\/]|\\\\"
_INSIDE = re.compile(rf"data:|file:|{WAITING_SCHEME}:|src\s*=\s*[\"']?(?:{_DISK})", re.IGNORECASE)
_LOCAL = re.compile(rf"file:|{_DISK}", re.IGNORECASE)
_WAITING = re.compile(rf'(<img\b[^<>]*?\bsrc="){WAITING_SCHEME}:(\d+)(")')


@dataclass(frozen=True, slots=True)
class InlineImage:
    """A picture that stood in a text: its bytes, media type, a name for its file, and its alternative text."""

    content: bytes
    content_type: str
    name: str
    alt: str


class Taken(NamedTuple):
    """A text without its pictures, the pictures in order, and a sentence about each that is lost."""

    html: str
    images: list[InlineImage]
    losses: list[str]


class _Lost(Exception):
    """Why a picture cannot be taken over, as the second half of a sentence."""


def take_images(html: str) -> Taken:
    """Take the pictures that stand in a text itself (data URIs) out of it; ``src="upload:<n>"`` holds the place.

    PNG, JPEG, GIF and WebP are taken, up to the limits of an uploaded image. Any other, and pictures on the
    writer's own computer, are dropped with a sentence. To be done before ``clean_html``.
    """
    if not _INSIDE.search(html):
        return Taken(html, [], [])
    root = parse(html)
    images: list[InlineImage] = []
    losses: list[str] = []
    lost_ones: list[HtmlElement] = []
    for number, element in enumerate(list(root.iter("img")), start=1):
        source = (element.get("src") or "").strip()
        try:
            if _LOCAL.match(source):
                raise _Lost("在您的电脑上，未能随文粘贴，请单独上传")
            if source[:5].lower() == "data:":
                images.append(_image(element, source, len(images) + 1))
                element.set("src", f"{WAITING_SCHEME}:{len(images) - 1}")
            elif source.lower().startswith(f"{WAITING_SCHEME}:"):
                raise _Lost("的内容已经丢失，请重新上传")
        except _Lost as lost:
            losses.append(f"第{number}张图片{lost}。")
            lost_ones.append(element)
    drop(root, lost_ones)
    return Taken(inner(root), images, losses)


def put_images(html: str, urls: Sequence[str]) -> str:
    """Fill the addresses of uploaded pictures in, in the order of ``take_images``. Raises Refusal for one without."""

    def filled(match: re.Match[str]) -> str:
        number = int(match[2])
        if number >= len(urls) or not urls[number]:
            raise Refusal(f"第{number + 1}张图片还没有上传，正文不能保存。")
        return f"{match[1]}{escape(urls[number])}{match[3]}"

    return _WAITING.sub(filled, html)


def _image(element: HtmlElement, source: str, number: int) -> InlineImage:
    content = _content(source)
    greatest = limits().upload["image"]
    if len(content) > greatest:
        raise _Lost(f"有{len(content) / MB:.1f}MB，超过{greatest // MB}MB的上限，请缩小后单独上传")
    kind = _checked_kind(content)
    return InlineImage(
        content, _TYPES[kind], f"图片{number}.{_SUFFIXES[kind]}", (element.get("alt") or "").strip()
    )


def _content(source: str) -> bytes:
    head, comma, data = source.partition(",")
    try:
        if not comma or not head.lower().endswith(";base64"):
            raise binascii.Error
        return base64.b64decode(b"".join(unquote_to_bytes(data).split()), validate=True)
    except binascii.Error as error:
        raise _Lost("的数据不完整，未能保存，请单独上传") from error


def _checked_kind(content: bytes) -> str:
    """The picture's format by its content, whatever the text calls it."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", Image.DecompressionBombWarning)  # our own limit is checked below
            with Image.open(BytesIO(content), formats=list(_TYPES)) as image:
                pixels, kind = image.width * image.height, str(image.format)
                if pixels <= limits().pixels:
                    image.verify()
    except Image.DecompressionBombError:
        pixels, kind = limits().pixels + 1, ""
    except Exception as error:  # Pillow raises many kinds for damaged files, SyntaxError among them
        raise _Lost("不是有效的PNG、JPEG、GIF或者WebP图片，未能保存，请另存为这些格式后单独上传") from error
    if pixels > limits().pixels:
        raise _Lost(f"超过{limits().pixels // 10_000}万像素的上限，请缩小后单独上传")
    return kind
