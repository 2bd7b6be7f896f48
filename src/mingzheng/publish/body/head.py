"""The head of an official document: issuer's mark, number, title, addressee. Read from the top, line by line."""

from __future__ import annotations

import re

from mingzheng.law.doc_number_text import is_organ
from mingzheng.publish.body.fields import Evidence
from mingzheng.publish.body.lines import Line, doc_no_of, genre_of, is_whole_title, organs_of

_SECRET = re.compile(r"(绝密|机密|秘密)(?:★.*)?")
_COPY = re.compile(
    r"[0-9]{6}|(?:特急|加急|急件|特提|平急|紧急程度[：:].*|份号[：:].*|是否公开[：:].*|公开方式[：:].*)"
)
_SIGNER = re.compile(r"\s*签\s*发\s*人\s*[：:].*")
_CHAPTER = re.compile(
    r"第[一二三四五六七八九十0-9]+[章节条编]|[一二三四五六七八九十]+、|[（(]|目录|前言|附件|[0-9]+[.．、]|[①-⑳]"
)
_TITLE_ISSUER = re.compile(r"(.{4,40}?)(?:关于|印发|转发|批转)")
_ADDRESSED = re.compile(r"政府|办公|局|委|厅|院|单位|公司|部门|街道|中心|同志|[县区镇乡]")
_LONGEST_TITLE_LINE = 60
_LONGEST_PLAIN_TITLE = 80
_LONGEST_ADDRESSEE = 300
_MOST_TITLE_LINES = 3
_SHORTEST_TITLE = 4


class HeadReader:
    """Takes the lines of the head off a list of lines; what they say is added to the evidence."""

    def __init__(self, lines: list[Line], evidence: Evidence) -> None:
        self._lines = lines
        self._evidence = evidence
        self._title: list[Line] = []
        self.taken: list[Line] = []

    def read(self) -> int:
        """Return how many lines the head has, without the addressee, which is part of the text."""
        place = 0
        while place < len(self._lines):
            step = self._step(place)
            if step == 0 and not self._is_stray(place):
                break
            self.taken += self._lines[place : place + step]
            place += step or 1
        self._settle_title()
        if place < len(self._lines):
            self._read_addressee(self._lines[place])
        return place

    def _step(self, place: int) -> int:
        """The number of lines at this place that belong to the head; 0 where the text begins."""
        line = self._lines[place]
        if line.element.tag in ("table", "ul", "ol"):
            return 0
        if secret := _SECRET.fullmatch(line.compact):
            self._evidence.losses.append(f"文件首页标有密级“{secret[1]}”，涉密文件不得公开，请核对。")
            return 1
        if not self._title and _COPY.fullmatch(line.compact):
            return 1
        if number := doc_no_of(_SIGNER.sub("", line.text)):
            self._evidence.add("doc_no", number)
            return 1
        if _SIGNER.fullmatch(line.text):
            return 1
        if not self._title and (organs := self._mark(place)):
            for organ in organs:
                self._evidence.add("issuer", organ)
            return 1
        return self._title_lines(place) if not self._title else 0

    def _is_stray(self, place: int) -> bool:
        """Whether a short line stands above the issuer's mark or the number, as the header of a printed page does."""
        short = len(self._lines[place].compact) <= _LONGEST_TITLE_LINE
        below = range(place + 1, min(place + 4, len(self._lines)))
        return (
            short
            and not self._title
            and any(self._mark(n) or doc_no_of(_SIGNER.sub("", self._lines[n].text)) for n in below)
        )

    def _mark(self, place: int) -> list[str]:
        """The issuers of 某市人民政府文件, or of a letter's head, which names the body alone above the number."""
        line = self._lines[place]
        if line.compact.endswith("文件") and is_organ(line.compact[:-2]):
            return [line.compact[:-2]]
        below = self._lines[place + 1 : place + 5]
        if not any(
            doc_no_of(_SIGNER.sub("", other.text)) or other.compact.endswith("文件") for other in below
        ):
            return []
        return organs_of(line.text)

    def _title_lines(self, place: int) -> int:
        first = self._lines[place]
        read = self._centred_title if first.centred or first.is_heading else self._plain_title
        self._title = read(place)
        return len(self._title)

    def _centred_title(self, place: int) -> list[Line]:
        """Up to three lines in the middle, until the words make a whole title."""
        first, title = self._lines[place], ""
        lines: list[Line] = []
        for line in self._lines[place : place + _MOST_TITLE_LINES]:
            same = line.element.tag == first.element.tag and line.centred == first.centred
            if not same or not _may_be_title(line) or (lines and doc_no_of(line.text)):
                break
            if lines and (is_whole_title(title) or not line.centred):
                break
            lines.append(line)
            title += line.compact
        return lines

    def _plain_title(self, place: int) -> list[Line]:
        """Without a layout: the fewest lines that end as titles do, else the first line if it is short."""
        title = ""
        for count, line in enumerate(self._lines[place : place + _MOST_TITLE_LINES], start=1):
            title += line.compact
            if not _may_be_title(line) or len(title) > _LONGEST_PLAIN_TITLE:
                break
            if is_whole_title(title):
                return self._lines[place : place + count]
        first = self._lines[place]
        short = _SHORTEST_TITLE <= len(first.compact) <= _LONGEST_TITLE_LINE // 2
        return [first] if short and _may_be_title(first) and not self._is_stray(place) else []

    def _settle_title(self) -> None:
        if not self._title:
            return
        title = "".join(_joined(line.text) for line in self._title)
        set_off = self._title[0].centred or self._title[0].is_heading
        self._evidence.add("title", title, sure=set_off and ("关于" in title or is_whole_title(title)))
        code, official = genre_of(title)
        self._evidence.add("genre", code, sure=official)
        issuer = _TITLE_ISSUER.match(title)
        if issuer and is_organ(issuer[1]):
            self._evidence.add("issuer", issuer[1], sure=False)

    def _read_addressee(self, line: Line) -> None:
        text = line.compact
        fits = text.endswith(("：", ":")) and len(text) <= _LONGEST_ADDRESSEE
        if fits and not re.search("[。；]|如下|以下|下列", text):
            self._evidence.add("addressee", text[:-1], sure=_ADDRESSED.search(text) is not None)


def _may_be_title(line: Line) -> bool:
    return (
        line.element.tag in ("p", "h2", "h3", "h4", "h5", "h6")
        and len(line.compact) <= _LONGEST_TITLE_LINE
        and not line.compact.endswith(("。", "；", "：", ":", "，"))
        and not _CHAPTER.match(line.compact)
    )


def _joined(text: str) -> str:
    """A line of a title: blanks between Chinese characters only set the line, those beside Latin words part them."""
    return re.sub(r"(?<=[^\x00-\x7f])\s+|\s+(?=[^\x00-\x7f])", "", text)
