"""What the demonstration city must show, at a scale, and what its rows really show."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from mingzheng.demo.data_files import read

GROUPS = ("city", "county", "town")
# Columns whose items make up a figure of the city group: those with these roles and all below them.
ROLES: dict[str, tuple[str, ...]] = {
    "solicitation": ("solicitation",),
    "request_catalogue": ("request_catalogue",),
    "responses": ("hot_topic_response", "leader_response", "opinion_response"),
    "interview_transcript": ("interview_transcript",),
    "press_transcript": ("press_transcript",),
    "power_results": ("power_result", "permit_penalty"),
}


@dataclass(frozen=True)
class Meeting:
    """An executive meeting that interested persons attended."""

    number: int
    day: date
    participants: int


@dataclass(frozen=True)
class Interpretations:
    """Interpretations of one tier group; ``leader`` of the ``own`` ones are given by leading officials."""

    superior: int
    own: int
    leader: int


@dataclass(frozen=True)
class Wanted:
    """The figures of one year at one scale."""

    year: int
    scale: str
    items: dict[str, int]
    interpretations: dict[str, Interpretations]
    city_columns: dict[str, int]
    press_participants: int
    meetings: tuple[Meeting, ...]
    columns: dict[str, int]
    growth: dict[str, Decimal]

    @property
    def total(self) -> int:
        return sum(self.items.values())

    def rows(self) -> list[Row]:
        """Every figure in the order of the report."""
        told, city = self.interpretations, self.city_columns
        return [
            Row("主动公开政府信息", self.total, "disclosure.items"),
            Row("　市政府及市直单位", self.items["city"], "disclosure.items", "city"),
            Row("　县区政府及其部门", self.items["county"], "disclosure.items", "county"),
            Row("　镇政府（街道办）", self.items["town"], "disclosure.items", "town"),
            *self._growth(),
            Row("政策解读", sum(each.superior + each.own for each in told.values()), "interpretation.all"),
            Row("　市本级", told["city"].superior + told["city"].own, "interpretation.all", "city"),
            Row("　市本级转载上级", told["city"].superior, "interpretation.superior", "city"),
            Row("　市本级解读本级", told["city"].own, "interpretation.own", "city"),
            Row("　市本级在3个工作日内解读", told["city"].own, "interpretation.timely", "city"),
            Row("　负责人专访和解读", sum(each.leader for each in told.values()), "interpretation.leader"),
            Row("新闻发布会（市本级）", city["press_transcript"], "press.conferences", "city"),
            Row("　出席发布会人次", self.press_participants, "press.attendance"),
            Row("　发布会实录", city["press_transcript"], "press.transcripts", "city"),
            Row("在线访谈实录（市本级）", city["interview_transcript"], "interviews.transcripts", "city"),
            Row("意见征集（市本级）", city["solicitation"], "decisions.solicitations", "city"),
            Row("列席政府会议人次", sum(each.participants for each in self.meetings), "decisions.attendees"),
            Row("行政权力运行结果（市本级）", city["power_results"], "power.results", "city"),
            Row("回应关切（市本级）", city["responses"], "response.issues", "city"),
            Row("依申请公开目录（市本级）", city["request_catalogue"], "requests.catalogue_entries", "city"),
            Row("新增目录栏目", self.columns["added"], "catalogue.columns_added"),
            Row("　一级", self.columns["first_level"], "catalogue.columns_added_l1"),
            Row("　二级", self.columns["second_level"], "catalogue.columns_added_l2"),
            Row("　三级以下", self.columns["deeper"], "catalogue.columns_added_l3"),
            Row("调整目录栏目", self.columns["adjusted"], "catalogue.columns_adjusted"),
        ]

    def _growth(self) -> list[Row]:
        names = {"city": "市政府及市直单位", "county": "县区政府及其部门", "town": "镇政府（街道办）"}
        return [
            Row(f"　{names[group]}同比（%）", percent, "disclosure.items", group, is_growth=True)
            for group, percent in self.growth.items()
        ]


@dataclass(frozen=True)
class Row:
    """A figure: its label, what it must be, and the measure and scope that count it."""

    label: str
    wanted: int | Decimal
    measure: str
    scope: str = "all"
    is_growth: bool = False


def years() -> list[int]:
    """The years that the demonstration knows, earliest first."""
    return sorted(read("figures-2018.yaml")["years"])


def wanted(year: int, scale: str) -> Wanted:
    """The figures of a year at ``scale`` (full or small): divided, rounded, none fallen to zero."""
    data = read("figures-2018.yaml")
    divisor = data["scales"][scale]
    own: dict[str, Any] = data["years"][year]

    def scaled(number: int) -> int:
        return max(1, round(number / divisor)) if number else 0

    return Wanted(
        year=year,
        scale=scale,
        items={group: scaled(own["items"][group]) for group in GROUPS},
        interpretations={
            group: Interpretations(**{key: scaled(n) for key, n in own["interpretations"][group].items()})
            for group in GROUPS
        },
        city_columns={key: scaled(number) for key, number in own["city_columns"].items()},
        press_participants=scaled(own["press_participants"]),
        meetings=tuple(Meeting(**each) for each in own["meetings"]),
        columns=own["columns"],
        # A fiftieth of two years does not grow by the same percentage: rounding is coarser than the figure.
        growth={key: Decimal(value) for key, value in own["growth"].items()} if divisor == 1 else {},
    )


def figures_got(year: int, rows: list[Row]) -> list[int | Decimal | None]:
    """What the measures count for these figures, each from the rows of the database."""
    from mingzheng.measure.services import YearCounts, growth_of, parse_scope

    now, before = YearCounts(year), YearCounts(year - 1)

    def got(row: Row) -> int | Decimal | None:
        scope = parse_scope(str(year), row.scope)
        value = now.value(row.measure, scope)
        return growth_of(value, before.value(row.measure, scope)) if row.is_growth else value

    return [got(row) for row in rows]
