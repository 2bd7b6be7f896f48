"""Picture stories (图片报道): a body that is mostly images becomes a row of pictures, each with its words below it.

Nothing of the text is lost or moved before another part of it; a body of any other make stays as it is.
"""

from __future__ import annotations

import re
from html import escape
from typing import Final, NamedTuple

from lxml import etree
from lxml import html as lxml_html
from minijinja import safe

LEAST: Final = 3
"""Fewer images are illustrations."""
MOST_WORDS: Final = 200
"""Characters below one picture; more is an article with images."""
_PLAIN: Final = ("p", "figure", "center")
_CAPTION: Final = re.compile(r"<(/?)figcaption\b")
_IMAGE_ALONE: Final = re.compile(r"<img\b[^>]*>")


class Picture(NamedTuple):
    """One picture with the paragraphs that follow it."""

    image: etree._Element
    words: list[str]


def picture_story(body: str, title: str) -> str | None:
    """The body as a story, marked as safe; None for what is none."""
    if body.count("<img") < LEAST:
        return None
    read = _read(body)
    if read is None:
        return None
    opening, pictures = read
    told = "".join(opening)
    count = len(pictures)
    shown = "".join(_shown(each, number, count, title) for number, each in enumerate(pictures, start=1))
    links = "".join(f'<li><a href="#photo-{number}">{number}</a></li>' for number in range(1, count + 1))
    return safe(
        f'<div class="body" data-body>{told}'
        f'<nav class="story-numbers" aria-label="图片"><p>共{count}张图片</p><ol>{links}</ol></nav>'
        f'<div class="story" role="region" tabindex="0" aria-label="图片报道，共{count}张，可以左右滚动"><ol>{shown}</ol></div></div>'
    )


def _read(body: str) -> tuple[list[str], list[Picture]] | None:
    opening: list[str] = []
    pictures: list[Picture] = []
    for block in lxml_html.fragments_fromstring(body):
        if isinstance(block, str):
            if block.strip():
                return None
            continue
        if block.tag not in _PLAIN or (block.tail or "").strip() or block.find(".//table") is not None:
            return None
        images = list(block.iter("img"))
        words = _without_images(block)
        if images:
            if block.find(".//a//img") is not None or (words and len(images) > 1):
                return None
            pictures += [Picture(image, []) for image in images]
        if words:
            (pictures[-1].words if pictures else opening).append(words)
    is_story = len(pictures) >= LEAST and all(_length(each.words) <= MOST_WORDS for each in pictures)
    return (opening, pictures) if is_story else None


def _without_images(block: lxml_html.HtmlElement) -> str:
    """The block without its images, empty when nothing else is in it."""
    if not str(block.text_content()).strip("\u3000\u00a0 \n\r\t"):
        return ""
    html = _IMAGE_ALONE.sub("", lxml_html.tostring(block, encoding="unicode", with_tail=False))
    inner = html[html.index(">") + 1 : html.rindex("</")]
    return f"<p>{inner}</p>" if block.tag != "figure" else _CAPTION.sub(r"<\1div", inner)


def _length(words: list[str]) -> int:
    return sum(len(re.sub(r"<[^>]*>", "", each)) for each in words)


def _shown(picture: Picture, number: int, count: int, title: str) -> str:
    image, words = picture.image, "".join(picture.words)
    said = (
        (image.get("alt") or "").strip()
        or re.sub(r"<[^>]*>|\s", "", words)[:80]
        or f"{title}，第{number}张图片"
    )
    sizes = "".join(
        f' {name}="{escape(value)}"' for name in ("width", "height") if (value := image.get(name))
    )
    before = f'<a href="#photo-{number - 1}">上一张</a>' if number > 1 else ""
    after = f'<a href="#photo-{number + 1}">下一张</a>' if number < count else ""
    return (
        f'<li id="photo-{number}"><figure><img src="{escape(image.get("src") or "")}" alt="{escape(said)}"{sizes} loading="lazy">'
        f'<figcaption>{words}<p class="story-steps"><span>{number}/{count}</span>{before}{after}</p></figcaption></figure></li>'
    )
