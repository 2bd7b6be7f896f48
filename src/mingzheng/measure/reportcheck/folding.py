"""Folding of the many spellings of one character, so that the rules below see one.

Reports come from web pages, scans and converters: full-width digits, Kangxi radicals in place of characters
(⼀ ⽂ ⺠), traditional characters. Every fold is one character to one, so positions stay those of the original.
"""

from __future__ import annotations

import unicodedata

# Radicals that Unicode does not map to their characters; converters of PDF files emit them.
_RADICALS = dict(
    zip(
        "⺠⻅⻔⻓⻚⻋⻢⻛⻘⻩⻥⻝⻉⻄⻆⻬⻰⻳⺟⻁⻜⻦⻨⻮⻪⻣⺫⺝⻌⺮⻤⻙",
        "民见门长页车马风青黄鱼食贝西角齐龙龟母虎飞鸟麦齿鼻骨目月辶竹鬼韦",
        strict=True,
    )
)

# Traditional characters that occur in the words the rules look for.
_TRADITIONAL = dict(
    zip(
        "條類佔開請報報數萬億總個項處復覆辦結與電長網機構眾績計議訟訴態業務場講關對應單獎額費門戶幾況導間轉載該級區縣鎮鄉黨員會謂給還並營維糾審決為無質樣維調號檔規範範發聞體訪視頻實戰標準證權責",
        "条类占开请报报数万亿总个项处复复办结与电长网机构众绩计议讼诉态业务场讲关对应单奖额费门户几况导间转载该级区县镇乡党员会谓给还并营维纠审决为无质样维调号档规范范发闻体访视频实战标准证权责",
        strict=True,
    )
)

# Punctuation to one form; quotes and brackets keep their kind.
_PUNCTUATION = {
    "，": ",", "﹐": ",", "；": ";", "﹔": ";", "：": ":", "﹕": ":", "∶": ":", "（": "(", "）": ")", "﹙": "(", "﹚": ")",
    "％": "%", "﹪": "%", "．": ".", "！": "!", "？": "?", "＋": "+", "－": "-", "−": "-", "–": "-", "＝": "=", "／": "/",
    "｜": "|", "│": "|", "┃": "|", "〇": "〇", "○": "〇", "＂": '"', "　": " ", "\u00a0": " ", "\t": " ", "～": "~",
}  # fmt: skip


def _fold_character(character: str) -> str:
    for table in (_RADICALS, _TRADITIONAL, _PUNCTUATION):
        if character in table:
            return table[character]
    if unicodedata.category(character) == "No":  # ① is an item mark, not the figure 1
        return character
    folded = unicodedata.normalize("NFKC", character)
    return folded if len(folded) == 1 else character


_CACHE: dict[str, str] = {}


def fold(text: str) -> str:
    """``text`` with each character in one spelling; the length does not change."""
    for character in set(text):
        if character not in _CACHE:
            _CACHE[character] = _fold_character(character)
    return "".join([_CACHE[character] for character in text])
