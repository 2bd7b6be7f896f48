"""Bytes of a saved page to text, also when the page says something else about itself than it is."""

from __future__ import annotations

import codecs
import re

from mingzheng.law.errors import Refusal

_BOMS = ((codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be"))
_BIG5 = re.compile(rb"""<meta[^>]+charset\s*=\s*["']?\s*big5""", re.IGNORECASE)
_HEAD = 4096


def decode_page(content: bytes, name: str) -> str:
    """Return the text of a page. Raises Refusal when it is empty or no text in an encoding of Chinese pages.

    What a page declares is only a hint, because many declare another encoding than theirs. Text that is valid
    UTF-8 is UTF-8: GB18030 text practically never is. Everything else is GB18030, which contains GBK and GB2312,
    unless the page says Big5.
    """
    if not content.strip():
        raise Refusal(f"文件“{name}”是空的，没有可导入的内容。")
    for mark, encoding in _BOMS:
        if content.startswith(mark):
            return _decode(content[len(mark) :], [encoding], name)
    if b"\x00" in content:
        raise Refusal(f"文件“{name}”不是网页，无法导入。")
    others = ["big5hkscs", "gb18030"] if _BIG5.search(content[:_HEAD]) else ["gb18030", "big5hkscs"]
    return _decode(content, ["utf-8", *others], name)


def _decode(content: bytes, encodings: list[str], name: str) -> str:
    for encoding in encodings:
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    # A page cut off or damaged in a few characters is still that page; anything worse is no text.
    text = min((content.decode(encoding, "replace") for encoding in encodings), key=_damage)
    if _damage(text) <= 1 + len(text) // 10_000:
        return text
    raise Refusal(f"文件“{name}”的文字编码无法识别，请转存为UTF-8或GBK编码后再导入。")


def _damage(text: str) -> int:
    return text.count("\ufffd")
