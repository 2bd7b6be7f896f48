"""Images: what a camera or a program wrote beside the picture, and a copy without it."""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from mingzheng.publish.files.limits import limits
from mingzheng.publish.files.report import Findings, Source

_FORMATS = {"jpg": "JPEG", "png": "PNG", "gif": "GIF", "webp": "WEBP", "bmp": "BMP"}
_ORIENTATION, _GPS, _MAKER, _MODEL, _ARTIST = 0x0112, 0x8825, 0x010F, 0x0110, 0x013B
_REMARKS = ("comment", "xmp", "XML:com.adobe.xmp", "photoshop")


def read_image(source: Source, findings: Findings) -> None:
    """Notices on the place, the camera and remarks. Raises Refusal for more pixels than a page needs."""
    with _opened(source) as image:
        exif = image.getexif()
        told = [str(exif[tag]).strip("\0 ") for tag in (_MAKER, _MODEL, _ARTIST) if tag in exif]
        place = bool(exif.get_ifd(_GPS))
        remarks = any(image.info.get(key) for key in _REMARKS) or bool(getattr(image, "text", None))
        image.load()
    if place:
        findings.block("image-location", "照片中记有拍摄地点的经纬度。")
    if len(exif):
        about = f"（{'、'.join(told)[:60]}）" if told else ""
        findings.warn("image-exif", f"照片中记有拍摄设备、时间等信息{about}。")
    if remarks:
        findings.warn("image-remarks", "图片中带有文字备注或者编辑软件的信息。")


def clean_image(source: Source, target: Path) -> None:
    """Write the picture alone, upright as it is shown; colours and animation stay."""
    from PIL import ImageOps

    with _opened(source) as image:
        options: dict[str, Any] = {"format": _FORMATS[source.kind.code]}
        if image.info.get("icc_profile"):
            options["icc_profile"] = image.info["icc_profile"]
        if getattr(image, "is_animated", False):
            options |= {"save_all": True, "duration": image.info.get("duration", 100)}
            options["loop"] = image.info.get("loop", 0)
            bare: Any = image
        else:
            turned = image.getexif().get(_ORIENTATION, 1) != 1
            bare = ImageOps.exif_transpose(image) if turned else image
            if source.kind.code == "jpg":
                options |= {"quality": 92, "subsampling": 0} if turned else {"quality": "keep"}
            if source.kind.code == "webp":
                options["quality"] = 92
        for key in ("exif", *_REMARKS):
            bare.info.pop(key, None)
        bare.save(target, exif=b"", **options)


@contextmanager
def _opened(source: Source) -> Iterator[Any]:
    from PIL import Image

    with warnings.catch_warnings():
        # Our own limit is checked below, before any pixel is decoded.
        warnings.simplefilter("ignore", Image.DecompressionBombWarning)
        try:
            with Image.open(source.path, formats=[_FORMATS[source.kind.code]]) as image:
                if image.width * image.height * getattr(image, "n_frames", 1) > limits().pixels:
                    raise Image.DecompressionBombError
                yield image
        except Image.DecompressionBombError as error:
            raise source.refusal(f"的像素超过{limits().pixels // 10_000}万，不能上传") from error
