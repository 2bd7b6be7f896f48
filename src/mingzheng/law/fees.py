"""The processing fee 信息处理费 for clearly excessive requests (国务院令第711号第四十二条, 国办函〔2020〕109号).

Two progressive scales, of which the office chooses one per request: by item or by page. Amounts are whole
yuan. The tariff applies from 2021-01-01; before that day no processing fee could be charged.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Any

from mingzheng.law.data_files import load_yaml
from mingzheng.law.errors import Refusal


@dataclass(frozen=True)
class Band:
    """Units ``first`` to ``last`` (None: open) at ``price`` yuan; every ``tier`` units it rises by ``step``."""

    first: int
    last: int | None
    price: int
    tier: int = 0
    step: int = 0

    def charge(self, units: int) -> int:
        """Return the yuan for those of ``units`` that fall into this band."""
        inside = (units if self.last is None else min(units, self.last)) - self.first + 1
        if inside <= 0:
            return 0
        if not self.tier:
            return inside * self.price
        full, rest = divmod(inside, self.tier)
        return self.tier * (full * self.price + self.step * full * (full - 1) // 2) + rest * (
            self.price + self.step * full
        )


@dataclass(frozen=True)
class Scale:
    """One progressive scale and the article that fixes it."""

    article: str
    bands: tuple[Band, ...]

    def charge(self, units: int) -> int:
        return sum(band.charge(units) for band in self.bands)


@dataclass(frozen=True)
class Tariff:
    """A version of the tariff; ``payment_days`` are working days after receipt of the fee notice."""

    key: str
    document: str
    in_force: date
    until: date | None
    payment_days: int
    items: Scale
    pages: Scale


def _scale(data: Mapping[str, Any]) -> Scale:
    return Scale(
        data["article"],
        tuple(
            Band(row["from"], row["up_to"], row["price"], row.get("tier", 0), row.get("step", 0))
            for row in data["bands"]
        ),
    )


@lru_cache(maxsize=1)
def tariffs() -> tuple[Tariff, ...]:
    """Return every version of the tariff, oldest first."""
    return tuple(
        Tariff(
            key=row["key"],
            document=row["document"],
            in_force=row["in_force"],
            until=row["until"],
            payment_days=row["payment_days"],
            items=_scale(row["items"]),
            pages=_scale(row["pages"]),
        )
        for row in load_yaml("fees.yaml")
    )


def tariff_on(day: date) -> Tariff:
    """Return the tariff in force on ``day``. Raises Refusal before 2021-01-01."""
    for tariff in tariffs():
        if tariff.in_force <= day and (tariff.until is None or day <= tariff.until):
            return tariff
    raise Refusal(f"{day}没有施行中的信息处理费标准；国办函〔2020〕109号自{tariffs()[0].in_force}起施行。")


def item_fee(items: int, on: date, earlier_this_month: int = 0) -> int:
    """Return the fee in yuan for ``items`` more items of one applicant in the calendar month of ``on``.

    ``earlier_this_month`` are the items the applicant has already asked for in that month
    (国办函〔2020〕109号第四条). Raises Refusal for a negative number or a day without a tariff.
    """
    if items < 0 or earlier_this_month < 0:
        raise Refusal(f"申请件数不能为负数（{tariff_on(on).document}第四条）。")
    scale = tariff_on(on).items
    return scale.charge(earlier_this_month + items) - scale.charge(earlier_this_month)


def page_fee(pages: int, on: date) -> int:
    """Return the fee in yuan for ``pages`` of one request (国办函〔2020〕109号第五条).

    Raises Refusal for a negative number or a day without a tariff.
    """
    if pages < 0:
        raise Refusal(f"页数不能为负数（{tariff_on(on).document}第五条）。")
    return tariff_on(on).pages.charge(pages)
