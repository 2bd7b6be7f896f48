"""Bytes of a saved page to text, also when the page says something else about itself than it is."""

from __future__ import annotations

import codecs
import re

from mingzheng.law.errors import Refusal

_DECLARED = re.compile(rb"""<meta[^>]+charset\s*=\s*["']?\s*([-\w]+)""", re.IGNORECASE)
_BOMS = ((codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be"))
_HEAD = 4096


def decode_page(content: bytes, name: str) -> str:
    """Return the text of a page. Raises Refusal when it is empty or no text in an encoding of Chinese pages.

    Text that is valid UTF-8 is UTF-8, whatever the page declares: GB18030 text practically never is. Otherwise the
    declared encoding counts, then GB18030, which contains GBK and GB2312.
    """
    if not content.strip():
        raise Refusal(f"文件“{name}”是空的，没有可导入的内容。")
    for mark, encoding in _BOMS:
        if content.startswith(mark):
            content = content[len(mark) :]
            return _strict(content, encoding, name)
    if b"\x00" in content:
        raise Refusal(f"文件“{name}”不是网页，无法导入。")
    declared = _DECLARED.search(content[:_HEAD])
    candidates = ["utf-8", *([declared[1].decode("ascii", "ignore")] if declared else []), "gb18030", "big5"]
    for encoding in candidates:
        try:
            return content.decode(encoding)
        except (UnicodeDecodeError, LookupError):
            continue
    # A page cut off in the middle of a character is still that page; anything worse is no text.
    text = content.decode("utf-8", "replace")
    if text.count("\ufffd") <= 1 + len(text) // 10_000:
        return text
    raise Refusal(f"文件“{name}”的文字编码无法识别，请转存为UTF-8或GBK编码后再导入。")


def _strict(content: bytes, encoding: str, name: str) -> str:
    try:
        return content.decode(encoding)
    except UnicodeDecodeError:
        raise Refusal(f"文件“{name}”的文字编码与其标记不符，请转存为UTF-8编码后再导入。") from None
