"""The text side of document numbers 发文字号: widths, brackets, numerals and agency names.

GB/T 9704-2012, 7.2.5: agency code, year and serial; the year in full, in the six-cornered brackets
〔〕 (U+3014, U+3015); the serial without padding zeros (不编虚位) and without 第.
"""

from __future__ import annotations

import re
import unicodedata

HAN = "〇㐀-䶿一-鿿"

_OPENING = "〔﹝[［【(（﹙{｛﹛<＜〈⟨〖〘〚❲⦗「『"
_CLOSING = "〕﹞]］】)）﹚}｝﹜>＞〉⟩〗〙〛❳⦘」』"


def _one_to_one() -> dict[int, str]:
    """Map each odd character to one plain character, so that positions in a text are kept."""
    table: dict[int, str] = {}
    # Full-width forms; Kangxi radicals and compatibility ideographs as PDF extraction writes them.
    for start, end in ((0xFF01, 0xFF5F), (0x2E80, 0x2FE0), (0xF900, 0xFB00)):
        for point in range(start, end):
            plain = unicodedata.normalize("NFKC", chr(point))
            if len(plain) == 1 and plain != chr(point):
                table[point] = plain
    table.update({ord(mark): "-" for mark in "‐‑‒–—―−－﹣"})
    table.update({ord(mark): "〔" for mark in _OPENING})
    table.update({ord(mark): "〕" for mark in _CLOSING})
    table.update({ord(mark): " " for mark in "\u200b\u200c\u200d\u200e\u200f\u2060\ufeff\u00ad"})
    table.update({ord("號"): "号", ord("○"): "〇", ord("◯"): "〇", ord("\u00b7"): "·"})
    return table


_TABLE = _one_to_one()
_SPACE = re.compile(r"\s+")


_TITLE_YEAR = re.compile("[《“”\"‘’'](\\s*[12][0-9]{3}\\s*)[》“”\"‘’']")
# 财政部 税务总局公告: joint bodies are set apart by a space in print, by 、 in running text.
_JOINT = re.compile(
    rf"(?<=[部局厅委署院会行])\s(?=\s*(?!令|公告|通告|第)[{HAN}]{{2,}}[\s{HAN}]*?(?:令|公告|通告)\s*[第〔12])"
)
_NEXT = re.compile(rf"(?<=[0-9])\s(?=\s*[{HAN}]{{1,16}}\s?〔\s*[12][0-9]{{3}})")


def plain(text: str) -> str:
    """Return ``text`` with plain widths and every bracket written 〔 or 〕; the length is unchanged."""
    text = text.translate(_TABLE)
    return _TITLE_YEAR.sub(r"〔\1〕", text)


def plain_field(text: str) -> str:
    """Return ``plain(text)`` of a field, where spaces that part names or numbers become 、."""
    text = plain(text)
    return _NEXT.sub("、", _JOINT.sub("、", text)) if _SPACE.search(text) else text


def tidy(text: str) -> str:
    """Return the field ``text`` in plain widths and brackets with all spaces removed."""
    return _SPACE.sub("", plain_field(text))


_ODD_BRACKETS = frozenset(_OPENING + _CLOSING) - frozenset("〔〕")
_ODD_WIDTH = re.compile("[\uff10-\uff19\uff21-\uff3a\uff41-\uff5a\u2e80-\u2fdf\uf900-\ufaff]")
_ODD_SPACE = re.compile("[\\s\u200b-\u200f\u2060\ufeff\u00ad]")


def spelling_codes(raw: str) -> list[str]:
    """Return the codes of plain spelling differences in ``raw``: brackets, width, spaces."""
    codes = ["brackets"] if not _ODD_BRACKETS.isdisjoint(raw) or _TITLE_YEAR.search(raw) else []
    if _ODD_WIDTH.search(raw):
        codes.append("width")
    if _ODD_SPACE.search(raw):
        codes.append("spaces")
    return codes


# --- numerals -------------------------------------------------------------------------------------

CHINESE_DIGITS = "〇零一二三四五六七八九十百廿卅"
_DIGIT = {mark: value for value, mark in enumerate("〇一二三四五六七八九")} | {"零": 0}
_NUMERALS = "〇一二三四五六七八九"


def number_of(digits: str) -> int | None:
    """Return the value of Arabic or Chinese numerals below 1000 (四十一, 一二〇); None when malformed."""
    if digits.isascii():
        return int(digits) if digits.isdigit() else None
    if not any(mark in "十百廿卅" for mark in digits):
        values = [_DIGIT.get(mark) for mark in digits]
        return None if None in values else int("".join(map(str, values)))
    digits = digits.replace("廿", "二十").replace("卅", "三十")
    match = re.fullmatch(
        r"(?:([一二三四五六七八九])百)?(?:[〇零]?([一二三四五六七八九]?)(十))?[〇零]?([一二三四五六七八九]?)",
        digits,
    )
    if not match:
        return None
    hundreds, tens, ten, ones = match.groups()
    return _DIGIT.get(hundreds, 0) * 100 + (_DIGIT.get(tens, 1) * 10 if ten else 0) + _DIGIT.get(ones, 0)


def chinese(value: int) -> str:
    """Return 1 to 99 in Chinese numerals, as terms of a congress are written (十三届)."""
    tens, ones = divmod(value, 10)
    head = "" if not tens else ("" if tens == 1 else _NUMERALS[tens]) + "十"
    return head + (_NUMERALS[ones] if ones else "")


def year_of(digits: str) -> tuple[int | None, str]:
    """Return the year and how it was written: "", "short" (94), "chinese" (二〇一五) or "ocr" (2O15)."""
    if digits.isascii() and digits.isdigit():
        year = int(digits)
        if len(digits) == 2:
            # Two-digit years were usual until the 1990s; the state's own numbering starts in 1949.
            return (1900 + year if year >= 49 else 2000 + year), "short"
        return (year if 1949 <= year <= 2099 else None), ""
    repaired = re.sub("[Oo]", "0", digits)
    how = "ocr" if repaired != digits or any(mark.isascii() for mark in digits) else "chinese"
    joined = "".join(str(_DIGIT.get(mark, mark)) for mark in repaired)
    if not (joined.isascii() and joined.isdigit()):
        return None, how
    return (int(joined) if 1949 <= int(joined) <= 2099 else None), how


# --- agencies -------------------------------------------------------------------------------------

_ORGAN = re.compile(
    r"(?:政府|办公[厅室]|[局厅署院部委]|委员会|海关|银行|总行|分行|支行|主席|军区|大会|监管会|中心|总队|支队)$"
)
# Words of a sentence that stand before a number and are never part of an agency code.
_SENTENCE = re.compile(
    r"^.*(?:(?:贯彻|落实|执行|实施)(?!办|组|领导|专班|专项)|根据|依据|按照|依照|参照|遵照|对照|印发|下发|转发|制发|摘自"
    r"|制定|出台|发布的?|公布的?|颁布|修订|废止|替代|代替|通过|关于|以及|包括|其中|文件|通知|意见|(?:管理|实施|暂行|试行)办法|规定|方案|条例"
    r"|决定|详见|参见|附件|解读|上级|原有|分别|先后|同时|[的了与被按着把]|(?<![数票证单收占])据|见(?!义)|是(?!否)|在(?![线建册职校]))"
)
_COLLOQUIAL = re.compile(
    r"^[我本该全](?:[局厅委办院校部](?!办)|[省市县区州](?!人民|政府|人大)|(?=[省市县区州]))"
)
# Small words before a body named in full, unless they begin the name of a place or body.
_SMALL = re.compile(
    r"^(?:以及|和(?![田平县龙政硕林布顺])|及|并|由|向(?!阳)|对(?!外)|经(?!济)|以|从(?![化江])|自(?!然|治|贡)|将(?!乐)"
    r"|于(?![都田洪])|为|至|遵(?!义)|原(?![平阳州]))+"
)
_NAMED_ORGAN = re.compile(r"^.*(?:人民政府|政府办公[厅室]|国务院办公厅|国务院|委员会办公[厅室])(?=.{2})")
_PROVINCE = re.compile(
    r"^(?:河北|山西|辽宁|吉林|黑龙江|江苏|浙江|安徽|福建|江西|山东|河南|湖北|湖南|广东|海南|四川|贵州|云南|陕西|甘肃"
    r"|青海|台湾)省(?=[" + HAN + r"]{2,4}(?<!城|都|集|超|股)市(?!场|政|容|区|级|域|民|县|管))"
)
_REPEATED = re.compile(r"^(.{2,9}?(?:省|市|自治区))(.{2,20}?(?:局|厅|委员会|委))(?=\1.{2})")
_TERM = re.compile(rf"(?<![0-9])(第?)([0-9]{{1,2}}|[{CHINESE_DIGITS}]{{1,3}})届")
_BARE = re.compile(r"^(?:省|市|县|区|州|盟|旗|自治[区州县])?(?:人民)?政府$")


def is_organ(name: str) -> bool:
    """Tell a named body (上海市地方税务局, 国务院) from an agency code (沪府发)."""
    return (len(name) >= 3 and _ORGAN.search(name) is not None) or name == "政府"


def cut_sentence(head: str) -> str:
    """Drop sentence words before an agency: 根据国办发 becomes 国办发; may return an empty string."""
    head = _SENTENCE.sub("", head)
    return _COLLOQUIAL.sub("", head)


def cut_title_end(head: str) -> str:
    """Drop the end of a title before an agency in a field (的通知沪府发), never nearly all of it.

    A code may itself end in such a word (明电通知〔2018〕3号): less than two characters left means so.
    """
    rest = cut_sentence(head)
    return rest if len(rest) > 1 else head


def cut_small_words(head: str) -> str:
    """Drop 和, 由, 向 and the like before a body named in full."""
    return _SMALL.sub("", head)


def cut_named_organ(head: str) -> str:
    """Drop a body named in full before its own code: 国务院办公厅国办发 becomes 国办发."""
    rest = _NAMED_ORGAN.sub("", head)
    return head if re.search("办公|公告|通告|公报|令|决定", rest) or is_organ(rest) else rest


def with_chinese_terms(name: str) -> str:
    """Write the term of a congress in Chinese numerals: 第8届 becomes 第八届."""

    def written(match: re.Match[str]) -> str:
        value = number_of(match[2])
        return f"{match[1]}{chinese(value)}届" if value and value < 100 else match[0]

    return _TERM.sub(written, name) if "届" in name else name


def organ_name(name: str) -> tuple[str, list[str]]:
    """Return the one spelling of a body named in full, and the codes of what was changed.

    A place with its 政府 is written 人民政府; the bare 市政府 of spoken style stays as it is, and
    市人民政府 joins it. The state's name before a body, and a province before its city, are dropped.
    """
    codes: list[str] = []
    full = with_chinese_terms(name).replace("人大常委会", "人民代表大会常务委员会")
    parts = full.split("、")
    for index, part in enumerate(parts):
        part = re.sub("^原?(?:中华人民共和国)+(?=.)|^原(?=国家)", "", part)
        part = "国务院" if part == "国" else _PROVINCE.sub("", part)  # 国令第707号
        if part.endswith("政府"):
            if _BARE.match(part):
                part = part.replace("人民政府", "政府")
            elif not part.endswith("人民政府"):
                part = part.removesuffix("政府") + "人民政府"
        parts[index] = part
    full = "、".join(parts)
    if full != name:
        codes.append("agency-name")
    if repeated := _REPEATED.match(full):
        full = f"{repeated[0]}、{full[repeated.end() :]}"
        codes.append("agency-separator-lost")
    return full, codes


def lost_genre(organ: str, year: int | None) -> str:
    """Return the genre a body's bare 第N号 can only have, or an empty string when it is open.

    Governments number orders (令) without a year. Standing committees publish by 公告. Tax offices and
    customs number orders without a year and notices (公告) by year, so a year tells which.
    """
    if organ.endswith("政府") and year is None:
        return "令"
    if organ.endswith(("人民代表大会常务委员会", "人民代表大会")):
        return "公告"
    if year is not None and organ.endswith(("税务局", "税务总局", "海关", "海关总署")):
        return "公告"
    return ""
