"""The only door of the counting of readings."""

from __future__ import annotations

from mingzheng.portal.reading.folding import fold
from mingzheng.portal.reading.pages import SECTIONS, places
from mingzheng.portal.reading.statistics import ItemSum, Part, Period, Sums, Visits, most_read, visits

__all__ = ["SECTIONS", "ItemSum", "Part", "Period", "Sums", "Visits", "fold", "most_read", "places", "visits"]
