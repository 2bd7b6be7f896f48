"""Index numbers 索引号: reading, checking and writing them by a pattern that each city chooses.

Source: 政府信息公开目录系统实施指引(试行): organisation code, slash, year, hyphen, serial (20 characters).
Local schemes differ, so the form is a pattern:

    {code}/{year}-{serial:05}            the national form        000014349/2018-00222
    {code}/{year}{month:02}-{serial:05}  numbered by month        003110926/201510-00216
    {class}-{year}-{serial:04}           by class of information  A01-2018-0007

Fields are ``year`` (four digits), ``month``, ``serial`` (``:0N`` is the number of digits) and any text field
of capital letters and digits. A number never changes and is never used again; gaps are allowed.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import date

from mingzheng.law.errors import Refusal

NATIONAL = "{code}/{year}-{serial:05}"
MONTHLY = "{code}/{year}{month:02}-{serial:05}"

# What is accepted from other systems, whatever the city's own pattern.
_ACCEPTED = re.compile(r"([0-9A-Z]{5,18})/((?:19|20)[0-9]{2})(0[1-9]|1[0-2])?-([0-9]{4,6})")
_FIELD = re.compile(r"\{([a-z_]+)(?::0([1-9]))?\}")
_TEXT = re.compile(r"[0-9A-Z]+")
_NUMBERS = {"year": 4, "month": 2, "serial": 5}
_SHAPES = {"year": "(?:19|20)[0-9]{2}", "month": "0[1-9]|1[0-2]", "code": "[0-9A-Z]{5,18}"}


@dataclass(frozen=True)
class IndexNumber:
    """An index number taken apart; ``month`` is None where the number has none; ``texts`` are the text fields."""

    texts: dict[str, str]
    year: int
    month: int | None
    serial: int

    @property
    def code(self) -> str:
        """The organisation code, or an empty text where the pattern has none."""
        return self.texts.get("code", "")


def parse_index_number(text: str) -> IndexNumber:
    """Take apart an index number of the national or the monthly form. Raises Refusal for any other form."""
    match = _ACCEPTED.fullmatch(text)
    if not match:
        raise Refusal(f"索引号“{text}”格式有误，应为“机构代码/年份（月份）-流水号”，如000014349/2018-00222。")
    code, year, month, serial = match.groups()
    return IndexNumber({"code": code}, int(year), int(month) if month else None, int(serial))


def is_index_number(text: str) -> bool:
    """Tell whether ``text`` is an index number of the national or the monthly form."""
    return _ACCEPTED.fullmatch(text) is not None


@dataclass(frozen=True)
class IndexPattern:
    """A city's own form of index numbers. Raises Refusal for a pattern without year or serial, or a bad field."""

    text: str = NATIONAL
    _widths: dict[str, int] = field(init=False, repr=False, compare=False, default_factory=dict)
    _regex: re.Pattern[str] = field(init=False, repr=False, compare=False, default=_ACCEPTED)

    def __post_init__(self) -> None:
        regex, at, open_ended = "", 0, False
        for match in _FIELD.finditer(self.text):
            name, width = match.groups()
            if open_ended and match.start() == at:
                raise Refusal(f"索引号规则“{self.text}”中字段“{name}”之前须有分隔符，否则无法拆分。")
            if name in self._widths:
                raise Refusal(f"索引号规则“{self.text}”中字段“{name}”重复。")
            if width and name in ("year", "month") and int(width) != _NUMBERS[name]:
                raise Refusal(f"索引号规则“{self.text}”中字段“{name}”应为{_NUMBERS[name]}位。")
            if width and name not in _NUMBERS:
                raise Refusal(f"索引号规则“{self.text}”中字段“{name}”不是数字，不能规定位数。")
            self._widths[name] = int(width or _NUMBERS.get(name, 0))
            shape = f"[0-9]{{{self._widths[name]}}}" if name == "serial" else _SHAPES.get(name, "[0-9A-Z]+?")
            regex += f"{re.escape(self.text[at : match.start()])}(?P<{name}>{shape})"
            at, open_ended = match.end(), name not in _NUMBERS
        regex += re.escape(self.text[at:])
        rest = _FIELD.sub("", self.text)
        if "{" in rest or "}" in rest or not {"year", "serial"} <= set(self._widths):
            raise Refusal(f"索引号规则“{self.text}”有误，须含{{year}}和{{serial}}，如{NATIONAL}。")
        object.__setattr__(self, "_regex", re.compile(regex))

    def format(self, on: date, serial: int, **texts: str) -> str:
        """Return the number with this serial for an item of this date, e.g. ``format(day, 222, code="000014349")``.

        Hyphens in a code are dropped and letters written in capitals. Raises Refusal for a missing, unknown or
        malformed field and for a serial that has more digits than the pattern (the counter is exhausted).
        """
        wanted = {name for name in self._widths if name not in _NUMBERS}
        if wanted != set(texts):
            names = "、".join(sorted(wanted ^ set(texts)))
            raise Refusal(f"索引号规则“{self.text}”所需字段与所给不符：{names}。")
        width = self._widths["serial"]
        if not 1 <= serial < 10**width:
            raise Refusal(f"索引号流水号{serial}超出规则“{self.text}”的{width}位，请改用位数更多的规则。")
        values = {name: value.replace("-", "").upper() for name, value in texts.items()}
        values |= {"year": f"{on.year:04}", "month": f"{on.month:02}", "serial": f"{serial:0{width}}"}
        number = _FIELD.sub(lambda match: values[match[1]], self.text)
        if not self._regex.fullmatch(number) or not all(_TEXT.fullmatch(values[name]) for name in wanted):
            raise Refusal(f"索引号“{number}”不合规则“{self.text}”，机构代码应为5至18位大写字母或数字。")
        return number

    def parse(self, number: str) -> IndexNumber:
        """Take apart a number of this pattern. Raises Refusal for a number of another form."""
        match = self._regex.fullmatch(number)
        if not match:
            raise Refusal(f"索引号“{number}”不合本市规则“{self.text}”。")
        parts = match.groupdict()
        month = parts.get("month")
        texts = {name: value for name, value in parts.items() if name not in _NUMBERS}
        return IndexNumber(texts, int(parts["year"]), int(month) if month else None, int(parts["serial"]))

    def accepts(self, number: str) -> bool:
        """Tell whether a number has the form of this pattern."""
        return self._regex.fullmatch(number) is not None

    def period_key(self, on: date) -> str:
        """Return the period within which serials count: ``201807`` where the pattern has a month, else ``2018``."""
        return f"{on.year:04}{on.month:02}" if "month" in self._widths else f"{on.year:04}"
