"""The two national lists as data, chosen by date, with an office's own numbers in place of those that are only practice.

``data/common.yaml`` explains the keys, and what an office may write into its own ``site-check.yaml``.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from importlib import resources
from pathlib import Path
from typing import Any, Final, Literal

import yaml

from mingzheng.law.errors import Refusal

YEARS: Final = ("2015", "2019")
OWN_FILE: Final = "site-check.yaml"
LARGEST: Final = 1_000_000  # bytes of an office's own file
_FIXED: Final = "V"  # verified in the document: not the office's to change
_ABOUT: Final = frozenset(
    ["part", "group", "name", "measure", "ev", "rule", "unseen", "document", "problems", "kind"]
)

Part = Literal["veto", "deduct", "advice"]


@dataclass(frozen=True, slots=True)
class Rule:
    """One line of a list. ``numbers`` are its points and thresholds, ``unseen`` what pages can never show of it."""

    id: str
    part: Part
    name: str
    measure: str
    text: str
    document: str
    ev: str
    group: str = ""
    unseen: str = ""
    problems: tuple[str, ...] = ()
    kind: str = ""
    numbers: Mapping[str, Any] = field(default_factory=dict)

    def points(self, name: str, default: int = 0) -> Decimal:
        """A number of points of the rule."""
        return Decimal(str(self.numbers.get(name, default)))

    @property
    def most(self) -> Decimal | None:
        """The most that the rule can cost, None without a limit of its own."""
        return self.points("points") if "points" in self.numbers else None


@dataclass(frozen=True, slots=True)
class ColumnKind:
    """A kind of column: how it is recognised and how long it may stand still."""

    id: str
    title: str
    names: re.Pattern[str]
    types: frozenset[str]
    days: int = 0
    months: int = 0
    group: str = ""
    exempt: bool = False

    @property
    def limit(self) -> str:
        """The time in which it must be updated, in words; empty when it is not judged by age."""
        return f"{self.days}天" if self.days else f"{self.months}个月" if self.months else ""


@dataclass(frozen=True, slots=True)
class Scheme:
    """One national list with everything that the measures need."""

    id: str
    title: str
    document: str
    base: Decimal
    pass_mark: Decimal
    rules: tuple[Rule, ...]
    kinds: tuple[ColumnKind, ...]
    guide_elements: Mapping[str, tuple[str, ...]]
    own_hosts: tuple[str, ...]
    groups: Mapping[str, Decimal]
    bonus: Mapping[str, Any]
    services: Mapping[str, Any]
    changed: tuple[str, ...]
    """What the office's own file changed, for the sheet."""

    def kind_of(self, name: str, column_type: str) -> ColumnKind | None:
        """The kind of a column: by its name, else by its ColumnType."""
        for kind in self.kinds:
            if kind.names.fullmatch(name):
                return kind
        return next((kind for kind in self.kinds if column_type in kind.types), None)


def scheme_year(on: date) -> str:
    """The list in force on that day. Raises Refusal for days before the first one."""
    for year in YEARS:
        told = _own_data(f"{year}.yaml")
        if told["valid_from"] <= on and (told["valid_to"] is None or on <= told["valid_to"]):
            return year
    raise Refusal(
        f"{on.year}年{on.month}月{on.day}日还没有全国政府网站检查指标，最早的一版自2015年3月11日起（国办发〔2015〕15号）。"
    )


def load_scheme(year: str, home: Path | None = None) -> Scheme:
    """The list of that year, with the numbers of the office's own file. Raises Refusal when that file is wrong."""
    told, common = _own_data(f"{year}.yaml"), _own_data("common.yaml")
    changes = _office_file(home / OWN_FILE) if home else {}
    changed: list[str] = []
    for rule_id in told.pop("advice"):
        told["rules"][rule_id] = common["advice"][rule_id] | {"part": "advice"}
    _change_rules(told, changes.pop(told["scheme"], {}), changed, common["column_kinds"])
    for other in YEARS:
        changes.pop(_own_data(f"{other}.yaml")["scheme"], None)
    _change_common(common, changes, changed)
    return Scheme(
        id=told["scheme"],
        title=told["title"],
        document=told["document"],
        base=Decimal(told["base"]),
        pass_mark=Decimal(told["pass_mark"]),
        rules=tuple(_rule(key, each, told["document"]) for key, each in told["rules"].items()),
        kinds=tuple(_kind(key, each) for key, each in common["column_kinds"].items()),
        guide_elements={name: tuple(words) for name, words in common["guide_elements"].items()},
        own_hosts=tuple(common["own_hosts"]),
        groups={name: Decimal(points) for name, points in told.get("groups", {}).items()},
        bonus=told.get("bonus", {}),
        services=told.get("services", {}),
        changed=tuple(changed),
    )


def _own_data(name: str) -> dict[str, Any]:
    text = resources.files("mingzheng.measure.sitecheck").joinpath(f"data/{name}").read_text("utf-8")
    told: dict[str, Any] = yaml.safe_load(text)
    return told


def _rule(key: str, told: dict[str, Any], document: str) -> Rule:
    return Rule(
        id=key,
        part=told["part"],
        name=told["name"],
        measure=told["measure"],
        text=told["rule"],
        document=told.get("document", document),
        ev=told["ev"],
        group=told.get("group", ""),
        unseen=told.get("unseen", ""),
        problems=tuple(told.get("problems", ())),
        kind=told.get("kind", ""),
        numbers={name: value for name, value in told.items() if name not in _ABOUT},
    )


def _kind(key: str, told: dict[str, Any]) -> ColumnKind:
    idle = told.get("idle", {})
    return ColumnKind(
        key,
        told["title"],
        re.compile(told["names"]),
        frozenset(told["types"]),
        idle.get("days", 0),
        idle.get("months", 0),
        told.get("group", ""),
        told.get("exempt", False),
    )


def _office_file(path: Path) -> dict[str, Any]:
    if not path.is_file():
        return {}
    try:
        if path.stat().st_size > LARGEST:
            raise Refusal(f"检查指标设置文件“{path.name}”过大。")
        found = yaml.safe_load(path.read_text("utf-8")) or {}
    except (yaml.YAMLError, UnicodeDecodeError, RecursionError):
        raise Refusal(f"检查指标设置文件“{path.name}”不是合法的YAML。") from None
    if not isinstance(found, dict):
        raise Refusal(f"检查指标设置文件“{path.name}”应当是键值表。")
    known = {
        "column_kinds",
        "guide_elements",
        "own_hosts",
        *(_own_data(f"{y}.yaml")["scheme"] for y in YEARS),
    }
    if unknown := [str(key) for key in found if key not in known]:
        raise Refusal(f"检查指标设置文件“{path.name}”有未知的项目：{'、'.join(unknown)}。")
    return found


def _change_rules(told: dict[str, Any], changes: Any, changed: list[str], kinds: Collection[str]) -> None:
    rules = _table(changes, told["scheme"]).get("rules", {})
    for key, numbers in _table(rules, f"{told['scheme']}的rules").items():
        place = f"{told['scheme']}的{key}"
        if key not in told["rules"]:
            raise Refusal(f"检查指标设置文件“{OWN_FILE}”中没有这条规则：{place}。")
        rule = told["rules"][key]
        if rule["ev"] == _FIXED:
            raise Refusal(
                f"检查指标设置文件“{OWN_FILE}”不能改动{place}：该条依据{told['document']}原文，不由各单位自定。"
            )
        for name, value in _table(numbers, place).items():
            if name in _ABOUT or (name not in rule and name != "points"):
                raise Refusal(f"检查指标设置文件“{OWN_FILE}”中{place}没有“{name}”这一数值。")
            if isinstance(value, dict) and (unknown := [str(each) for each in value if each not in kinds]):
                raise Refusal(f"检查指标设置文件“{OWN_FILE}”中没有这类栏目：{unknown[0]}。")
            rule[name] = _number(value, rule.get(name, 0), f"{place}的{name}")
            changed.append(f"{key}.{name}")


def _change_common(common: dict[str, Any], changes: dict[str, Any], changed: list[str]) -> None:
    for key, fields in _table(changes.get("column_kinds", {}), "column_kinds").items():
        kind = common["column_kinds"].get(key)
        if kind is None:
            raise Refusal(f"检查指标设置文件“{OWN_FILE}”中没有这类栏目：{key}。")
        for name, value in _table(fields, key).items():
            if name not in ("names", "types", "idle", "exempt"):
                raise Refusal(f"检查指标设置文件“{OWN_FILE}”中栏目{key}不能设置“{name}”。")
            if name == "idle" and kind["ev"] == _FIXED:
                raise Refusal(
                    f"检查指标设置文件“{OWN_FILE}”不能改动{kind['title']}的更新期限：该期限依据检查指标原文。"
                )
            kind[name] = _field_of_kind(name, value, f"栏目{key}的{name}")
            changed.append(f"{key}.{name}")
    for name, words in _table(changes.get("guide_elements", {}), "guide_elements").items():
        if name not in common["guide_elements"]:
            raise Refusal(f"检查指标设置文件“{OWN_FILE}”中没有这项办事指南要素：{name}。")
        common["guide_elements"][name] = _words(words, name)
        changed.append(name)
    if "own_hosts" in changes:
        common["own_hosts"] = [*common["own_hosts"], *_words(changes["own_hosts"], "own_hosts")]
        changed.append("own_hosts")


def _field_of_kind(name: str, value: Any, place: str) -> Any:
    if name == "names":
        try:
            re.compile(value)
        except (re.error, TypeError):
            raise Refusal(f"检查指标设置文件“{OWN_FILE}”中{place}不是合法的正则表达式。") from None
        return value
    if name == "types":
        return _words(value, place)
    if name == "exempt":
        return bool(value)
    idle = _table(value, place)
    if list(idle) not in (["days"], ["months"]) or not all(
        type(n) is int and 0 < n < 1200 for n in idle.values()
    ):
        raise Refusal(f"检查指标设置文件“{OWN_FILE}”中{place}应写作“days: 天数”或“months: 月数”。")
    return idle


def _table(value: Any, place: str) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise Refusal(f"检查指标设置文件“{OWN_FILE}”中{place}应当是键值表。")
    return value


def _words(value: Any, place: str) -> list[str]:
    if not isinstance(value, list) or not value or not all(isinstance(each, str) and each for each in value):
        raise Refusal(f"检查指标设置文件“{OWN_FILE}”中{place}应当是一列文字。")
    return value


def _number(value: Any, standing: Any, place: str) -> Any:
    """A number, or for the points by kind of column a table of numbers."""
    if isinstance(standing, dict):
        return standing | {key: _number(each, 0, place) for key, each in _table(value, place).items()}
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value <= 1000:
        raise Refusal(f"检查指标设置文件“{OWN_FILE}”中{place}应当是0到1000的数。")
    return value
