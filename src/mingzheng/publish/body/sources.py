"""Files without a layout of their own, TXT and HTML, as HTML for the sanitiser."""

from __future__ import annotations

from dataclasses import dataclass, field
from html import escape
from pathlib import Path

from mingzheng.law.errors import Refusal
from mingzheng.publish.legacy.decode import decode_page


@dataclass(slots=True)
class Source:
    """A file's text as HTML in the manner of Word's clipboard, and sentences about what did not come along."""

    html: str
    losses: list[str] = field(default_factory=list)


def read_plain(path: Path, name: str) -> Source:
    """A text file: each line is a paragraph; blanks before it are its indent."""
    lines = _text(path, name).expandtabs(4).splitlines()
    return Source("".join(f'<p class="MsoNormal">{_with_blanks(line)}</p>' for line in lines if line.strip()))


def read_web_page(path: Path, name: str) -> Source:
    """A page that Word, WPS or a browser saved. Menus of a site's page are not taken off: that is the import's work."""
    return Source(_text(path, name))


def _text(path: Path, name: str) -> str:
    content = path.read_bytes()
    if b"\x00" in content and not content.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise Refusal(f"文件“{name}”不是文本文件，不能从它开始起草。")
    return decode_page(content, name)


def _with_blanks(line: str) -> str:
    text = line.lstrip(" ")
    return "\xa0" * (len(line) - len(text)) + escape(text.rstrip())
