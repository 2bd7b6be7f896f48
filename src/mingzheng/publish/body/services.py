"""The only door of the body: any HTML made clean, images of a pasted text, a first draft from a file."""

from __future__ import annotations

from mingzheng.publish.body.fields import Confidence, Start
from mingzheng.publish.body.images import InlineImage, Taken, put_images, take_images
from mingzheng.publish.body.sanitise import clean_html
from mingzheng.publish.body.start import start_from_file

__all__ = [
    "Confidence", "InlineImage", "Start", "Taken", "clean_html", "put_images", "start_from_file", "take_images",
]  # fmt: skip
