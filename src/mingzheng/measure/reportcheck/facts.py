"""What the tables of a report state, under one name each, so that running text can be held against it."""

from __future__ import annotations

from dataclasses import dataclass, field

DISCLOSED = "主动公开信息数"
RECEIVED = "收到申请数"
CARRIED_IN = "上年结转数"
CLOSED = "办结数"
CARRIED_OUT = "结转下年数"
FACE, FAX, EMAIL, ONLINE, LETTER = "当面申请数", "传真申请数", "电子邮件申请数", "网上申请数", "信函申请数"
REPLIED, AGREED, AGREED_IN_PART, REFUSED = "答复数", "同意公开数", "同意部分公开数", "不同意公开数"
GRANTED, GRANTED_IN_PART, DENIED = "予以公开数", "部分公开数", "不予公开数"
GRANTED_AT_ALL = "予以公开及部分公开数"
UNABLE, UNPROCESSED, OTHERWISE = "无法提供数", "不予处理数", "其他处理数"
FEES_UNPAID = "逾期未缴费而不再处理数"
REVIEWS, SUITS = "行政复议数", "行政诉讼数"
NORMS_MADE, NORMS_REPEALED, NORMS_VALID = "规范性文件制发数", "规范性文件废止数", "规范性文件现行有效数"


@dataclass(frozen=True)
class Fact:
    """One figure of a table and where it stands."""

    value: int
    place: str
    row: str


@dataclass
class Facts:
    """The figures of all tables of a report by name."""

    by_name: dict[str, Fact] = field(default_factory=dict)

    def add(self, name: str, value: int, place: str, row: str) -> None:
        self.by_name.setdefault(name, Fact(value, place, row))

    def value(self, name: str) -> int | None:
        fact = self.by_name.get(name)
        return fact.value if fact else None
