"""The work calendar: which days are worked, and counting in working days.

Source: the State Council's yearly holiday notices (one data file per arrangement, each with the addresses
of its notices) on top of Monday to Friday. Make-up days 调休上班日 are working days. A year without an
arrangement is never guessed: every question that touches one raises ``CalendarUnknown``.

The notice for a year may reach into the December before it, so the last days of the newest known year can
still change; results follow by themselves once the next arrangement is imported (``with_data``).

Counting convention (国务院令第711号第三十三条 and the common rule of procedure): the given day is day 0, the
next working day is day 1. Everything is a look-up in one prefix-sum table: a few million scalar and tens
of millions of vectorised answers per second.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property, lru_cache
from importlib import resources
from itertools import accumulate
from typing import TYPE_CHECKING, Any

from mingzheng.law.errors import Refusal

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Days = NDArray[np.datetime64]
    Counts = NDArray[np.int64]

_ONE_DAY = timedelta(days=1)
_UNIX_EPOCH = date(1970, 1, 1).toordinal()  # day 0 of datetime64[D]


class CalendarUnknown(Refusal):
    """A year whose holiday arrangement has not been entered; ``year`` names it."""

    def __init__(self, year: int) -> None:
        super().__init__(f"{year}年的节假日安排尚未录入，不能推算工作日；请先导入国务院办公厅当年的通知。")
        self.year = year


@dataclass(frozen=True)
class DayNote:
    """One day that a notice names, with the holiday it belongs to."""

    day: date
    name: str


@dataclass(frozen=True)
class Arrangement:
    """One year's holiday arrangement: days off, make-up days, and the notices it was read from."""

    year: int
    notices: tuple[str, ...]
    off: tuple[DayNote, ...]
    make_up: tuple[DayNote, ...]

    @classmethod
    def from_data(cls, data: Mapping[str, Any]) -> Arrangement:
        """Read ``{"year", "notices", "holidays": [{"name", "off": [day or "from/to"], "make_up": [day]}]}``.

        Raises Refusal when the data lacks a notice, has a malformed day, a day outside the year (and the
        December before it), or a day that is both off and worked.
        """
        year = data.get("year")
        if not isinstance(year, int) or not 1950 <= year <= 9000:
            raise Refusal(f"节假日安排的年份“{year}”有误，应为四位数字。")
        notices = tuple(data.get("notices") or ())
        if not notices:
            raise Refusal(f"{year}年的节假日安排没有注明来源通知，不能导入。")
        off: list[DayNote] = []
        make_up: list[DayNote] = []
        for holiday in data.get("holidays") or ():
            name = str(holiday.get("name", ""))
            off += [DayNote(day, name) for span in holiday.get("off", ()) for day in _days_of(year, span)]
            make_up += [
                DayNote(day, name) for span in holiday.get("make_up", ()) for day in _days_of(year, span)
            ]
        if not off:
            raise Refusal(f"{year}年的节假日安排没有任何放假日，不能导入。")
        for day in sorted({note.day for note in off} & {note.day for note in make_up}):
            raise Refusal(f"{year}年的节假日安排把{day}既列为放假又列为上班，请核对通知。")
        return cls(year, notices, tuple(off), tuple(make_up))


def _days_of(year: int, span: str) -> list[date]:
    """Return the days of ``2019-10-01/2019-10-07`` or of the single day ``2019-10-01``."""
    first_text, _, last_text = str(span).partition("/")
    try:
        first, last = date.fromisoformat(first_text), date.fromisoformat(last_text or first_text)
    except ValueError:
        raise Refusal(
            f"{year}年的节假日安排中日期“{span}”有误，应写作2019-10-01或2019-10-01/2019-10-07。"
        ) from None
    if not date(year - 1, 12, 1) <= first <= last <= date(year, 12, 31):
        raise Refusal(f"{year}年的节假日安排中日期“{span}”不在当年（或上年12月）之内。")
    return [first + _ONE_DAY * index for index in range((last - first).days + 1)]


@dataclass(frozen=True)
class YearTable:
    """What the calendar knows of one calendar year; ``working_days`` is the year's total."""

    year: int
    off: tuple[DayNote, ...]
    make_up: tuple[DayNote, ...]
    working_days: int
    notices: tuple[str, ...]


class WorkCalendar:
    """An immutable calendar over consecutive years with known arrangements."""

    def __init__(self, arrangements: Iterable[Arrangement]) -> None:
        """Build the table; a later item replaces an earlier one of the same year.

        Raises CalendarUnknown for a gap between the years, Refusal when there are none.
        """
        self.arrangements = {item.year: item for item in sorted(arrangements, key=lambda item: item.year)}
        if not self.arrangements:
            raise Refusal("工作日历没有任何年份的节假日安排。")
        self.first_year, self.last_year = min(self.arrangements), max(self.arrangements)
        for year in range(self.first_year, self.last_year):
            if year not in self.arrangements:
                raise CalendarUnknown(year)
        # What each named day is, in the order of the notices: a later notice overrides an earlier one.
        self._named: dict[date, tuple[bool, str]] = {}
        for item in self.arrangements.values():
            self._named.update({note.day: (False, note.name) for note in item.off})
            self._named.update({note.day: (True, note.name) for note in item.make_up})
        self._first = date(self.first_year, 1, 1).toordinal()
        self._size = date(self.last_year, 12, 31).toordinal() - self._first + 1
        worked = [(self._first + index - 1) % 7 < 5 for index in range(self._size)]
        for day, (is_worked, _) in self._named.items():
            if 0 <= day.toordinal() - self._first < self._size:
                worked[day.toordinal() - self._first] = is_worked
        # _before[i]: working days before day i of the table; _working[k]: the k-th working day.
        self._before = list(accumulate(worked, initial=0))
        self._working = [index for index, is_worked in enumerate(worked) if is_worked]

    @classmethod
    def from_data(cls, years: Iterable[Mapping[str, Any]]) -> WorkCalendar:
        """Build a calendar of exactly these arrangements (see ``Arrangement.from_data`` for the form)."""
        return cls([Arrangement.from_data(data) for data in years])

    def with_data(self, years: Iterable[Mapping[str, Any]]) -> WorkCalendar:
        """Return a calendar with these arrangements added to, or put in place of, the known ones."""
        return WorkCalendar([*self.arrangements.values(), *(Arrangement.from_data(data) for data in years)])

    def is_working_day(self, day: date) -> bool:
        """Tell whether ``day`` is worked. Raises CalendarUnknown."""
        index = self._index(day)
        return self._before[index + 1] > self._before[index]

    def add_working_days(self, day: date, n: int) -> date:
        """Return the ``n``-th working day after ``day``; before it when ``n`` is negative; ``day`` itself for 0.

        ``day`` need not be worked and is never counted. Raises CalendarUnknown when ``day`` or the result
        lies outside the known years.
        """
        index = self._index(day)
        if n == 0:
            return date.fromordinal(self._first + index)
        rank = self._before[index + 1] + n - 1 if n > 0 else self._before[index] + n
        if rank < 0:
            raise CalendarUnknown(self.first_year - 1)
        if rank >= len(self._working):
            raise CalendarUnknown(self.last_year + 1)
        return date.fromordinal(self._first + self._working[rank])

    def working_days_between(self, start: date, end: date) -> int:
        """Return the number of working days in (start, end]; negative when ``end`` lies before ``start``.

        Raises CalendarUnknown.
        """
        return self._before[self._index(end) + 1] - self._before[self._index(start) + 1]

    def year_table(self, year: int) -> YearTable:
        """Return the days named for one calendar year, its working-day total and the notices behind it.

        Days that the next year's notice names in this December belong to this year. Raises CalendarUnknown.
        """
        if year not in self.arrangements:
            raise CalendarUnknown(year)
        named = sorted((day, *what) for day, what in self._named.items() if day.year == year)
        follower = self.arrangements.get(year + 1)
        reaching_back = follower and any(note.day.year == year for note in (*follower.off, *follower.make_up))
        return YearTable(
            year=year,
            off=tuple(DayNote(day, name) for day, is_worked, name in named if not is_worked),
            make_up=tuple(DayNote(day, name) for day, is_worked, name in named if is_worked),
            working_days=self._before[self._index(date(year, 12, 31)) + 1]
            - self._before[self._index(date(year, 1, 1))],
            notices=self.arrangements[year].notices
            + (follower.notices if follower and reaching_back else ()),
        )

    def _index(self, day: date) -> int:
        index = day.toordinal() - self._first
        if not 0 <= index < self._size:
            raise CalendarUnknown(day.year)
        return index

    # --- the same three questions over arrays of datetime64[D] ----------------------------------------

    def are_working_days(self, days: Days) -> NDArray[np.bool_]:
        """Tell for each day whether it is worked. Raises CalendarUnknown; Refusal for an empty date (NaT)."""
        before = self._arrays[0]
        index = self._indexes(days)
        return before[index + 1] > before[index]

    def add_working_days_to(self, days: Days, n: int | Counts) -> Days:
        """``add_working_days`` over arrays; ``n`` is one number or one per day. Raises as the scalar does."""
        import numpy as np

        before, working = self._arrays
        index = self._indexes(days)
        step = np.asarray(n, dtype=np.int64)
        rank = np.where(step > 0, before[index + 1] + step - 1, before[index] + step)
        moved = np.broadcast_to(step != 0, rank.shape)
        if (rank[moved] < 0).any():
            raise CalendarUnknown(self.first_year - 1)
        if (rank[moved] >= len(working)).any():
            raise CalendarUnknown(self.last_year + 1)
        result = np.where(moved, working[np.where(moved, rank, 0)], index)
        return (result + (self._first - _UNIX_EPOCH)).astype("datetime64[D]")

    def working_days_between_all(self, starts: Days, ends: Days) -> Counts:
        """``working_days_between`` over arrays. Raises as the scalar does; Refusal for an empty date (NaT)."""
        before = self._arrays[0]
        return before[self._indexes(ends) + 1] - before[self._indexes(starts) + 1]

    @cached_property
    def _arrays(self) -> tuple[Counts, Counts]:
        import numpy as np

        return np.array(self._before, dtype=np.int64), np.array(self._working, dtype=np.int64)

    def _indexes(self, days: Days) -> Counts:
        import numpy as np

        given = np.asarray(days, dtype="datetime64[D]")
        if np.isnat(given).any():
            raise Refusal("日期中有空值，不能推算工作日；请先补全日期。")
        index = given.astype(np.int64) - (self._first - _UNIX_EPOCH)
        outside = given[(index < 0) | (index >= self._size)]
        if outside.size:
            raise CalendarUnknown(int(outside.ravel()[0].astype("datetime64[Y]").astype(np.int64)) + 1970)
        return index


@lru_cache(maxsize=1)
def default_calendar() -> WorkCalendar:
    """Return the calendar of the arrangements that come with the program (2007 to 2026), built once."""
    folder = resources.files("mingzheng.law") / "data" / "calendar"
    files = sorted(
        (file for file in folder.iterdir() if file.name.endswith(".json")), key=lambda file: file.name
    )
    return WorkCalendar.from_data(json.loads(file.read_text("utf-8")) for file in files)


def is_working_day(day: date) -> bool:
    """``WorkCalendar.is_working_day`` of the default calendar."""
    return default_calendar().is_working_day(day)


def add_working_days(day: date, n: int) -> date:
    """``WorkCalendar.add_working_days`` of the default calendar."""
    return default_calendar().add_working_days(day, n)


def working_days_between(start: date, end: date) -> int:
    """``WorkCalendar.working_days_between`` of the default calendar."""
    return default_calendar().working_days_between(start, end)


def are_working_days(days: Days) -> NDArray[np.bool_]:
    """``WorkCalendar.are_working_days`` of the default calendar."""
    return default_calendar().are_working_days(days)


def add_working_days_to(days: Days, n: int | Counts) -> Days:
    """``WorkCalendar.add_working_days_to`` of the default calendar."""
    return default_calendar().add_working_days_to(days, n)


def working_days_between_all(starts: Days, ends: Days) -> Counts:
    """``WorkCalendar.working_days_between_all`` of the default calendar."""
    return default_calendar().working_days_between_all(starts, ends)
