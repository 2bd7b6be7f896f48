"""Rule sets by date: the Regulation on government information disclosure (政府信息公开条例) as parameters.

国务院令第492号 applies from 2008-05-01 to 2019-05-14, 国务院令第711号 from 2019-05-15. Each parameter is
data with its document number and article; no number of the law stands anywhere else in the program.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import lru_cache
from typing import Any

from mingzheng.law.data_files import load_yaml
from mingzheng.law.errors import Refusal

_FILES = ("rules/regulation-2007.yaml", "rules/regulation-2019.yaml")


class Channel(StrEnum):
    """The ways in which a request reaches the office."""

    IN_PERSON = "in_person"
    REGISTERED_MAIL = "registered_mail"
    ORDINARY_MAIL = "ordinary_mail"
    ONLINE = "online"
    FAX = "fax"
    EMAIL = "email"
    ORAL = "oral"

    @property
    def label(self) -> str:
        return _CHANNEL_LABELS[self]


_CHANNEL_LABELS = {
    Channel.IN_PERSON: "当面提交",
    Channel.REGISTERED_MAIL: "挂号信或快递",
    Channel.ORDINARY_MAIL: "平常信函",
    Channel.ONLINE: "网上提交",
    Channel.FAX: "传真",
    Channel.EMAIL: "电子邮件",
    Channel.ORAL: "口头申请",
}


class ReceiptDay(StrEnum):
    """Which day counts as the day of receipt."""

    SUBMITTED = "submitted"
    CONFIRMED = "confirmed"
    CONFIRMED_OR_SUBMITTED = "confirmed_or_submitted"


@dataclass(frozen=True)
class Parameter:
    """One rule as a value; ``value`` None means that this version of the text fixes none."""

    key: str
    value: Any
    unit: str
    document: str
    article: str
    note: str = ""

    @property
    def citation(self) -> str:
        """Document number and article, e.g. 国务院令第711号第三十条."""
        return f"{self.document}{self.article}"


@dataclass(frozen=True)
class ReceiptRule:
    """How the day of receipt is fixed for one channel, and the source of that rule."""

    counts: ReceiptDay
    citation: str


@dataclass(frozen=True)
class RuleSet:
    """One version of the Regulation, in force from ``in_force`` through ``until`` (None: still in force)."""

    key: str
    title: str
    document: str
    in_force: date
    until: date | None
    parameters: Mapping[str, Parameter]
    receipt: Mapping[Channel, ReceiptRule]

    def covers(self, day: date) -> bool:
        return self.in_force <= day and (self.until is None or day <= self.until)

    def days(self, key: str) -> int:
        """Return a period in working days that this version fixes. Raises Refusal when it fixes none."""
        days = self.days_if_fixed(key)
        if days is None:
            raise Refusal(f"《{self.title}》没有规定期限“{key}”（{self.citation(key)}）。")
        return days

    def days_if_fixed(self, key: str) -> int | None:
        """Return a period in working days, or None where this version fixes no number."""
        value = self.parameters[key].value
        return None if value is None else int(value)

    def citation(self, key: str) -> str:
        """Return document number and article of one parameter."""
        return self.parameters[key].citation


def _read(name: str) -> RuleSet:
    data = load_yaml(name)
    document = data["document"]
    parameters = {
        key: Parameter(
            key=key,
            value=tuple(row["value"]) if isinstance(row["value"], list) else row["value"],
            unit=row.get("unit", ""),
            document=row.get("document", document),
            article=row["article"],
            note=row.get("note", ""),
        )
        for key, row in data["parameters"].items()
    }
    receipt = {
        Channel(channel): ReceiptRule(
            ReceiptDay(row["counts"]), row.get("document", document) + row["article"]
        )
        for channel, row in data["receipt"].items()
    }
    return RuleSet(
        key=data["key"],
        title=data["title"],
        document=document,
        in_force=data["in_force"],
        until=data["until"],
        parameters=parameters,
        receipt=receipt,
    )


@lru_cache(maxsize=1)
def rule_sets() -> tuple[RuleSet, ...]:
    """Return every version of the Regulation, oldest first."""
    return tuple(_read(name) for name in _FILES)


def rule_set_on(day: date) -> RuleSet:
    """Return the version in force on ``day``. Raises Refusal for days before 2008-05-01 (第492号第三十八条)."""
    for rule_set in rule_sets():
        if rule_set.covers(day):
            return rule_set
    raise Refusal(
        f"{day}早于2008-05-01，《政府信息公开条例》尚未施行（国务院令第492号第三十八条），没有可适用的期限。"
    )


def rule_set_named(key: str) -> RuleSet:
    """Return the version with this key (``regulation-2007``, ``regulation-2019``). Raises Refusal."""
    for rule_set in rule_sets():
        if rule_set.key == key:
            return rule_set
    known = "、".join(rule_set.key for rule_set in rule_sets())
    raise Refusal(f"没有名为“{key}”的规则版本；可用：{known}。")
