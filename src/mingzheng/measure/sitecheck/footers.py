"""What must stand at the foot of every page (国办发〔2017〕47号): the site's marks, codes, sponsor, contact and map."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Final, NamedTuple

_LENGTH: Final = 8000  # characters at the end of a page that count as its foot when nothing marks it
_LONGEST: Final = 60_000
_START: Final = re.compile(
    r"""<(?:footer\b|(?:div|section|table|ul)\b[^>]{0,200}?(?:id|class)\s*=\s*["'][^"'>]{0,60}?(?:foot|bottom|copyright|banquan))""",
    re.IGNORECASE,
)
# Each field, with what shows that it is there; marks and 找错 are often pictures or scripts of the central services.
_FIELDS: Final = {
    "党政机关网站标识": re.compile(r"党政机关|conac|_ideConac|gov_?red|dzjg|dangzheng", re.IGNORECASE),
    "“我为政府网站找错”": re.compile(r"找错|jiucuo|zfwzgl|zfwzzc", re.IGNORECASE),
    "网站标识码": re.compile(r"标识码"),
    "ICP备案号": re.compile(r"ICP[备证]", re.IGNORECASE),
    "公安机关备案号": re.compile(r"公网安备"),
    "主办单位": re.compile(r"主\s*办|版权所有"),
    "联系方式": re.compile(r"联系|电话|邮箱|热线"),
    "站点地图": re.compile(r"(?:网站|站点)地图|网站导航|sitemap", re.IGNORECASE),
}
_CODE: Final = re.compile(r"标识码(?:<[^>]{0,200}>|[^<0-9a-z]){0,12}((?:bm)?\d{6,12})", re.IGNORECASE)


class Footer(NamedTuple):
    """The fields that a foot lacks, and the site code that it shows."""

    missing: tuple[str, ...]
    id_code: str


def read_footer(page: str) -> Footer:
    """The foot of a page's HTML."""
    return _read(page[footer_start(page) :])


def footer_start(page: str) -> int:
    """Where the foot of a page's HTML begins."""
    at = page.rfind("<footer")
    if at >= 0:
        return at
    begin = max(0, len(page) - _LONGEST)
    half = max(begin, len(page) // 2)
    found = _START.search(page, half)
    return min(found.start(), len(page) - 1) if found else max(begin, len(page) - _LENGTH)


@lru_cache(maxsize=64)
def _read(foot: str) -> Footer:
    """Nearly all pages of a site have the same foot."""
    missing = tuple(name for name, sign in _FIELDS.items() if not sign.search(foot))
    code = _CODE.search(foot)
    return Footer(missing, code[1] if code else "")


ALL_FIELDS: Final = len(_FIELDS)
