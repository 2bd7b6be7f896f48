"""One document number 发文字号: its model, its grammar, and its one spelling of GB/T 9704-2012, 7.2.5.

The standard form is 机关代字〔年份〕序号号, for example 淮政办〔2018〕18号. Orders and announcements
(命令、公告、通告) carry 第N号 after the issuing body: 国务院令第711号, 财政部公告2015年第5号. Whatever
is changed on the way is listed in ``repairs``; nothing is changed silently.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from mingzheng.law import doc_number_text as words

EXACT, NORMALISED, REPAIRED, UNPARSED = "exact", "normalised", "repaired", "unparsed"

#: Only the spelling differs; the number reads the same.
SPELLING = {
    "brackets": "括号写法不规范，年份应使用六角括号〔〕",
    "inner-brackets": "机关代字中的括号已统一为圆括号",
    "width": "含有全角数字或字母，已改为半角",
    "spaces": "含有多余空格，已删除",
    "label": "含有“发文字号”等栏目名称，已删除",
    "leading-zero": "序号不编虚位，前面的0已删除",
    "ordinal": "序号前不加“第”字，已删除",
    "order": "各部分的次序不规范，已按规范次序排列",
    "numerals": "中文数字已改为阿拉伯数字",
    "suffix-word": "“号”后的“文”“文件”等字不属于发文字号，已删除",
    "stray": "含有多余的符号，已删除",
    "separator": "标点位置不当，已按规范书写",
    "leading-text": "发文字号前的文字不属于发文字号，未计入",
    "trailing-text": "号码后的文字不属于发文字号，未计入",
    "sub-number": "序号带有附号或写成连续号码，原样保留，请核对",
    "agency-name": "机关名称的写法已统一",
    "agency-missing": "缺少机关代字，未予补充",
    "genre-missing": "缺少文种（令、公告、通告等），未予补充",
    "year-missing": "缺少年份，未予补充",
    "spelling": "写法不规范，已统一",
}
#: Something was lost in the text and is restored by inference; a person should look at it.
RESTORED = {
    "left-bracket-lost": "年份前的左括号缺失，已补充",
    "right-bracket-lost": "年份后的右括号缺失，年份按四位数字截取，请核对序号",
    "brackets-lost": "年份的括号缺失，年份按四位数字截取，请核对序号",
    "mark-lost": "末尾的“号”字缺失，已补充",
    "ordinal-lost": "序号前的“第”字缺失，已补充",
    "year-mark-lost": "年份后的“年”字缺失，已补充",
    "year-short": "年份应用四位数字，已补全",
    "genre-lost": "缺少文种，已按该机关的编号惯例补充",
    "agency-separator-lost": "两个机关名称之间的顿号缺失，已补充",
    "agency-inherited": "后一个号码省略了机关代字或年份，已沿用前一个号码的内容",
    "ocr-digit": "年份中混有字母或汉字，已按数字识别",
}
#: Not understood: the raw text is kept as it is.
REASONS = {
    "no-serial": "缺少序号，无法确认发文字号",
    "no-number": "未发现发文字号",
    "zero-serial": "序号为0，不是有效的发文字号",
    "bad-year": "年份不在1949年至2099年之间，无法确认",
    "bad-agency": "机关代字含有无法识别的字符",
    "case-number": "这是法院案号，不是发文字号",
    "unclear": "写法无法识别，请人工核对",
}


@dataclass(frozen=True, slots=True)
class Repair:
    """One thing that was changed or is missing: a code and a Chinese sentence."""

    code: str
    message: str


@dataclass(frozen=True, slots=True)
class DocNumber:
    """One document number.

    ``form`` is "code" (机关代字), "serial" (机关代字 without a year), "order" (令), "announcement" (公告),
    "notice" (通告), "decision" (决定), "organ" (a body named in full without a genre) or "unknown".
    ``normal`` is the canonical spelling; of an unparsed number it is only the raw text without spaces,
    with brackets made equal. Two spellings of one number have equal ``normal``.
    """

    agency: str
    year: int | None
    serial: int | None
    form: str
    status: str
    repairs: tuple[Repair, ...]
    raw: str
    normal: str


_FORMS = {"令": "order", "公告": "announcement", "通告": "notice", "决定": "decision"}
_CN = words.CHINESE_DIGITS
_YEAR = r"(?:[12][0-9Oo〇]{3}|[一二][〇零九Oo0][〇零一二三四五六七八九Oo0]{2})"
_SERIAL = rf"(?:[0-9]{{1,6}}|[{_CN}]{{1,7}})"
_END = r"(?=[〔〕?·.。]*(?:$|[、,;/]))"
NUMBER = re.compile(
    rf"""(?P<head>[^号]*?)
    (?:
      (?P<open>〔[〔〕]*)(?P<y1>{_YEAR}|[0-9]{{2}}(?=年|〕))(?P<nian>年?)(?P<close>[〔〕]*)   # 〔2018〕 〔2018
      | (?<![0-9])(?P<y2>{_YEAR}|[0-9]{{2}})(?=〕)〕+                                                 # 2018〕
      | (?<![0-9])(?P<y3>{_YEAR}|[0-9]{{2}})年                                            # 2018年
      | (?<![0-9])(?P<y4>19[0-9]{{2}}|20[0-9]{{2}})-?(?=第|[0-9]{{1,5}}号|[{words.HAN}]{{1,4}}公告第)             # 201818号
      | (?=〔?第〔?{_SERIAL}[号〕]|[0-9]{{1,6}}号)                                         # 第51号
    )
    (?P<odd>[、,]?)(?P<mid>(?:(?![号第])[{words.HAN}A-Za-z]|〔(?:(?![号第])[{words.HAN}]){{1,4}}〕){{0,24}}?)
    〔?(?P<di>第?)〔?(?P<minus>-?)
    (?P<serial>{_SERIAL})(?:-(?P<sub>[0-9]{{1,4}}))?〕?
    (?:(?P<hao>号)|{_END})〕*
    (?P<post>令|公告|通告)?(?P<part>之[一二三四五六七八九十])?(?P<suffix>文件|文(?![{words.HAN}]))?〕*
    """,
    re.VERBOSE,
)
GENRE = re.compile(r"^(?P<organ>.*?)(?P<genre>命令|令|(?:挂牌|招标|拍卖)?公告|通告|决定)$")
_TERM = re.compile(rf"〔第?((?:[0-9]{{1,2}}|[{_CN}]{{1,3}})届)〕?$")
_JUNK = re.compile(rf"^[^{words.HAN}A-Za-z0-9〔]+")
_JUNK_END = re.compile(rf"[^{words.HAN}A-Za-z0-9〕]+$")
_STRAY_DIGITS = re.compile(r"[0-9](?![0-9]*届)")  # in a name without a year: a damaged year
_AGENCY = re.compile(
    rf"(?=〔?[{words.HAN}A-Za-z])(?:[{words.HAN}A-Za-z0-9、·]|〔[{words.HAN}A-Za-z0-9]{{1,8}}〕)*"
)


def unparsed(raw: str, code: str) -> DocNumber:
    """Return a number that was not understood, with the reason of that code."""
    repair = Repair(code, REASONS[code])
    return DocNumber("", None, None, "unknown", UNPARSED, (repair,), raw, words.tidy(raw))


class Reading:
    """One matched number on its way to its canonical spelling."""

    def __init__(self, match: re.Match[str], raw: str, labelled: bool) -> None:
        self.match, self.raw = match, raw
        self.term = ""  # 〔八届〕 of a congress, between 公告 and 第27号
        self.codes: list[str] = ["label"] if labelled else []

    def number(self) -> DocNumber:
        match = self.match
        agency = self._agency(match["head"])
        year, serial = self._year(), words.number_of(match["serial"])
        if agency is None:
            return unparsed(self.raw, "bad-agency")
        if year is None and not match["di"] and match["head"].endswith("〔"):
            return unparsed(self.raw, "bad-year")  # 〔201号: part of the year is lost
        if year is None and _STRAY_DIGITS.search(agency):
            return unparsed(self.raw, "unclear" if "〔" not in agency else "bad-year")
        if year == -1:
            return unparsed(self.raw, "bad-year")
        if not serial:
            return unparsed(self.raw, "unclear" if serial is None else "zero-serial")
        if match["odd"] and agency:
            return unparsed(self.raw, "unclear")
        if match["odd"]:
            self.codes.append("separator")
        if not match["serial"].isascii():
            self.codes.append("numerals")
        elif match["serial"][0] == "0":
            self.codes.append("leading-zero")
        if not match["hao"]:
            self.codes.append("mark-lost")
        if match["sub"]:
            self.codes.append("sub-number")
        if match["suffix"]:
            self.codes.append("suffix-word")
        return self._written(agency, year, serial)

    # --- parts ------------------------------------------------------------------------------------

    def _agency(self, head: str) -> str | None:
        """Return the agency with sentence words and stray marks removed; None when it is no name."""
        if term := _TERM.search(head):
            head = head[: term.start()]
            self.term = f"〔{words.with_chinese_terms(term[1])}〕"
        trimmed = _JUNK_END.sub("", _JUNK.sub("", head))
        while trimmed.count("〔") > trimmed.count("〕") and "〔" in trimmed:
            before, trimmed = trimmed.split("〔", 1)
            self.codes.append("leading-text" if before else "stray")
        trimmed = _JUNK.sub("", trimmed)
        if trimmed != head and "stray" not in self.codes:
            self.codes.append("stray")
        parts = re.split(r"[《》“”\"‘’':,;。!?]", trimmed)
        cut = _JUNK.sub("", words.cut_title_end(parts[-1]))
        if not words.is_organ(cut):
            cut = words.cut_named_organ(cut)
        if cut != trimmed:
            self.codes.append("leading-text")
        return cut if not cut or _AGENCY.fullmatch(cut) else None

    def _year(self) -> int | None:
        """Return the year, None when the number carries none, -1 when it is out of range."""
        match = self.match
        digits = match["y1"] or match["y2"] or match["y3"] or match["y4"]
        if not digits:
            return None
        year, how = words.year_of(digits)
        if how:
            self.codes.append({"short": "year-short", "chinese": "numerals", "ocr": "ocr-digit"}[how])
        return year if year is not None else -1

    def _bracketed(self) -> bool:
        match = self.match
        return bool(match["open"] and not match["nian"]) or bool(match["y2"])

    # --- forms ------------------------------------------------------------------------------------

    def _written(self, agency: str, year: int | None, serial: int) -> DocNumber:
        match, mid = self.match, self.match["mid"]
        if mid and not agency:
            mid = self._agency(mid) or ""
        if match["post"]:
            if agency:
                self.codes.append("order")
            return self._issued(agency + mid, match["post"], year, serial)
        genre = GENRE.match(mid) if mid else None
        issuer = agency or (genre["organ"] if genre else "")
        if genre and (not issuer or words.is_organ(issuer)):
            self.codes.append("order")
            return self._issued(agency + genre["organ"], genre["genre"], year, serial)
        if not mid and (genre := GENRE.match(agency)):
            organ = genre["organ"]
            if not organ or not self._bracketed() or words.is_organ(organ):
                return self._issued(organ, genre["genre"], year, serial)
        if not mid and not self._bracketed() and (words.is_organ(agency) or (not agency and match["y3"])):
            return self._issued(agency, "", year, serial)
        return self._coded(agency + self.term, mid, year, serial)

    def _issued(self, organ: str, genre: str, year: int | None, serial: int) -> DocNumber:
        """Write an order or announcement: 国务院令第711号, 财政部公告2015年第5号."""
        match = self.match
        genre = "令" if genre == "命令" else genre
        named = organ
        organ = words.cut_sentence(organ).lstrip("、")
        organ = re.sub("^.*政府令(?=.)", "", organ)  # 上海市人民政府令沪府令第23号: both ways at once
        if organ != named:
            self.codes.append("leading-text")
        organ, codes = words.organ_name(organ)
        self.codes += codes
        if not genre and (genre := words.lost_genre(organ, year)):
            self.codes.append("genre-lost")
        elif not genre:
            self.codes.append("genre-missing")
        if not organ:
            self.codes.append("agency-missing")
        if self._bracketed():
            self.codes.append("brackets")
        elif match["y4"]:
            self.codes.append("year-mark-lost")
        if not match["di"] and not self._bracketed():
            self.codes.append("ordinal-lost")
        dated = f"{year}年" if year else ""
        normal = f"{organ.replace('〔', '（').replace('〕', '）')}{genre}{self.term}{dated}第{serial}{self._tail()}"
        return self._done(
            organ,
            year,
            serial,
            _FORMS.get(genre.removeprefix("挂牌").removeprefix("招标").removeprefix("拍卖"), "organ"),
            normal,
        )

    def _coded(self, agency: str, series: str, year: int | None, serial: int) -> DocNumber:
        """Write a number with an agency code: 淮政办〔2018〕18号; without a year 京房落字第216号."""
        match = self.match
        if series and not agency:
            # 〔1993〕财工61号: the year stood first in older numbering.
            agency, series = series, ""
            self.codes.append("order")
        agency, series = (part.replace("〔", "（").replace("〕", "）") for part in (agency, series))
        if not agency:
            self.codes.append("agency-missing")
        if year is None:
            if not match["di"] and (not agency or re.fullmatch("19[0-9]{2}|20[0-9]{2}", match["serial"])):
                return unparsed(self.raw, "no-serial")
            if not match["di"]:
                self.codes.append("ordinal-lost")
            self.codes.append("year-missing")
            return self._done(agency, None, serial, "serial", f"{agency}{series}第{serial}{self._tail()}")
        self._note_brackets()
        if match["di"]:
            self.codes.append("ordinal")
        if match["nian"] or match["minus"]:
            self.codes.append("stray")
        return self._done(agency, year, serial, "code", f"{agency}〔{year}〕{series}{serial}{self._tail()}")

    def _note_brackets(self) -> None:
        match = self.match
        if match["y4"]:
            self.codes.append("brackets-lost")
        elif match["y2"]:
            self.codes.append("left-bracket-lost")
        elif match["y1"] and not match["close"] and not match["nian"]:
            self.codes.append("right-bracket-lost")
        elif match["y3"]:
            self.codes.append("brackets")
        elif len(match["open"]) > 1 or len(match["close"]) > 1:
            self.codes.append("stray")

    def _tail(self) -> str:
        sub, part = self.match["sub"], self.match["part"]
        return (f"-{sub}" if sub else "") + "号" + (part or "")

    def _done(self, agency: str, year: int | None, serial: int, form: str, normal: str) -> DocNumber:
        if "〔" in agency or "（" in agency:
            agency = agency.replace("〔", "（").replace("〕", "）")
            if agency not in self.raw:
                self.codes.append("inner-brackets")
        if "、" in agency and "、" not in self.raw and "agency-separator-lost" not in self.codes:
            self.codes.append("separator")
        if normal != self.raw:
            self.codes += words.spelling_codes(self.raw)
            self.codes = self.codes or ["spelling"]
        status = EXACT
        if self.codes:
            status = REPAIRED if any(code in RESTORED for code in self.codes) else NORMALISED
        sentences = SPELLING | RESTORED
        repairs = tuple(Repair(code, sentences[code]) for code in dict.fromkeys(self.codes))
        return DocNumber(agency, year, serial, form, status, repairs, self.raw, normal)
