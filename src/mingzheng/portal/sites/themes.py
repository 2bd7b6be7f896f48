"""How a site looks: design tokens (main colour, accent, banner, logo) over the one style sheet of the platform.

A colour must stand out from white by 4.5 to 1, so that no choice makes text unreadable (GB/T 37668, WCAG 2.2 AA).
"""

from __future__ import annotations

import re
from typing import Any, Final

from mingzheng.law.errors import Refusal

PALETTES: Final = {
    "#9c1418": "朱红", "#0b4485": "靛蓝", "#1b5e3f": "松绿", "#7a3e0c": "赭石", "#4a2f7a": "黛紫", "#14566b": "石青",
    "#37474f": "墨灰",
}  # fmt: skip
DEFAULT: Final = "#9c1418"
PICTURES: Final = ("banner", "logo")
LEAST_CONTRAST: Final = 4.5
_COLOUR: Final = re.compile(r"#[0-9a-f]{6}")
_PACK: Final = re.compile(r"[a-z0-9][a-z0-9-]{0,30}")


def read_theme(*, colour: str, banner: str = "", logo: str = "", pack: str = "") -> dict[str, str]:
    """The tokens of a theme as they are kept. ``banner`` and ``logo`` are addresses of kept files; ``pack`` is the
    name of a folder of own templates. Raises Refusal for a colour on which white text cannot be read."""
    colour = (colour or DEFAULT).strip().lower()
    if not _COLOUR.fullmatch(colour):
        raise Refusal(f"颜色“{colour[:20]}”有误，应写成“#”加六位十六进制数。")
    if (found := contrast(colour)) < LEAST_CONTRAST:
        raise Refusal(
            f"颜色“{colour}”与白色文字的对比度只有{found:.1f}，低于{LEAST_CONTRAST}，请选深一些的颜色。"
        )
    if pack and not _PACK.fullmatch(pack):
        raise Refusal(f"模板名“{pack[:30]}”有误，应由小写字母、数字和短横组成。")
    return {"colour": colour, "banner": banner, "logo": logo, "pack": pack}


def css_of(theme: dict[str, Any]) -> str:
    """The tokens as a style sheet; empty for the platform's own look."""
    colour, banner = theme.get("colour", DEFAULT), theme.get("banner", "")
    if colour == DEFAULT and not banner:
        return ""
    rules = f":root{{--red:{colour};--red-deep:{darker(colour)}}}\n"
    if banner:
        rules += f'.top{{background:var(--white) url("{banner}") right center/auto 100% no-repeat}}\n'
    return rules


def darker(colour: str) -> str:
    """The colour with four fifths of its light."""
    return "#" + "".join(f"{int(int(colour[at : at + 2], 16) * 0.78):02x}" for at in (1, 3, 5))


def contrast(colour: str) -> float:
    """The contrast of a colour with white, 1 to 21 (WCAG 2.2)."""
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    light = [each / 12.92 if each <= 0.04045 else ((each + 0.055) / 1.055) ** 2.4 for each in parts]
    return 1.05 / (0.2126 * light[0] + 0.7152 * light[1] + 0.0722 * light[2] + 0.05)
