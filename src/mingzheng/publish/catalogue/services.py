"""The only door of the catalogue: which columns a unit has on a day, and every change of them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db import transaction
from django.db.models import Max, Q
from django.utils import timezone

from mingzheng.city import audit
from mingzheng.city.models import OutboxEvent, Person, Unit
from mingzheng.city.services import emit, require, root_unit
from mingzheng.law.errors import Refusal
from mingzheng.publish.catalogue import changing, rules, standards
from mingzheng.publish.catalogue.changing import NORM, column_by_code
from mingzheng.publish.catalogue.column_specs import ColumnSpec
from mingzheng.publish.catalogue.data_files import DATA, read_yaml
from mingzheng.publish.catalogue.models import CatalogueChange, Column, UnitColumn
from mingzheng.publish.catalogue.standing import Standing, items_below

__all__ = [
    "NORM",
    "CatalogueView", "ColumnNode", "add_column", "add_own_column", "adjust_column", "adjust_for_unit", "announce_due", "apply_changes",
    "audience_names", "branch_of", "close_own_column", "column_by_code", "end_adjustment", "genre_names", "genre_names_by_code",
    "load_standard", "theme_names",
]  # fmt: skip


@dataclass(slots=True)
class ColumnNode:
    """A column as one unit shows it, with its children in order."""

    column: Column
    name: str
    children: list[ColumnNode] = field(default_factory=list)


def branches(roles: tuple[str, ...]) -> list[int]:
    """Ids of the columns with these roles and of all columns below them."""
    rows = list(Column.objects.order_by().values_list("id", "parent_id", "role"))
    return _with_below([pk for pk, _, role in rows if role in roles], ((pk, above) for pk, above, _ in rows))


def branch_of(pk: int) -> list[int]:
    """The id of a column and of all columns below it."""
    return _with_below([pk], Column.objects.order_by().values_list("id", "parent_id"))


def _with_below(found: list[int], pairs: Iterable[tuple[int, int | None]]) -> list[int]:
    children: dict[int | None, list[int]] = {}
    for pk, parent_id in pairs:
        children.setdefault(parent_id, []).append(pk)
    for pk in found:  # grows while it is read: the branch below each
        found += [child for child in children.get(pk, ()) if child not in found]
    return found


class CatalogueView:
    """The whole catalogue in memory (a few hundred columns): answers for every unit without a query."""

    def __init__(self) -> None:
        self.columns: dict[int, Column] = {column.pk: column for column in Column.objects.all()}
        self.by_code: dict[str, Column] = {column.code: column for column in self.columns.values()}
        self._adjustments: dict[int, list[UnitColumn]] = {}
        for adjustment in UnitColumn.objects.all():
            self._adjustments.setdefault(adjustment.unit_id, []).append(adjustment)

    def shows(self, unit: Unit, column: Column, on: date) -> bool:
        """Whether the unit has this column on that day."""
        if column.owner_id is None:
            if unit.tier not in column.tiers:
                return False
        elif column.owner_id != unit.pk:
            return False
        if column.effective_from > on or (column.effective_to and column.effective_to <= on):
            return False
        if any(a.kind == "hide" and a.column_id == column.pk for a in self._in_force(unit, on)):
            return False
        return column.parent_id is None or self.shows(unit, self.columns[column.parent_id], on)

    def name_of(self, unit: Unit, column: Column, on: date) -> str:
        """The column's name in this unit on that day."""
        for adjustment in self._in_force(unit, on):
            if adjustment.kind == "rename" and adjustment.column_id == column.pk:
                return adjustment.name
        return column.name

    def tree(self, unit: Unit, on: date) -> list[ColumnNode]:
        """The unit's columns as a tree, in order."""
        nodes = {
            column.pk: ColumnNode(column, self.name_of(unit, column, on))
            for column in self.columns.values()
            if self.shows(unit, column, on)
        }
        roots: list[ColumnNode] = []
        for node in nodes.values():
            parent = nodes.get(node.column.parent_id or 0)
            (parent.children if parent else roots).append(node)
        return roots

    def _in_force(self, unit: Unit, on: date) -> Iterable[UnitColumn]:
        for adjustment in self._adjustments.get(unit.pk, ()):
            if adjustment.effective_from <= on and (
                not adjustment.effective_to or on < adjustment.effective_to
            ):
                yield adjustment


def load_standard(actor: Person | None) -> int:
    """Load the column standard into an empty catalogue; returns the number of columns."""
    if Column.objects.exists():
        raise Refusal("公开目录已经建立，新的要求请以目录变动逐项登记。")
    specs = standards.load_columns()
    with transaction.atomic():
        stored: dict[str, Column] = {}
        for level in sorted({spec.level for spec in specs}):
            columns = [
                Column(
                    parent=stored.get(spec.parent or ""),
                    code=spec.code,
                    level=spec.level,
                    effective_from=spec.effective_from,
                    **changing.row_of(spec),
                )
                for spec in specs
                if spec.level == level
            ]
            stored |= {column.code: column for column in Column.objects.bulk_create(columns)}
        CatalogueChange.objects.bulk_create(
            CatalogueChange(
                on=column.effective_from, kind="initial", column=column, level=column.level, actor=actor
            )
            for column in stored.values()
        )
        audit.append(actor, "catalogue.loaded", "catalogue", {"columns": len(specs)})
        emit("catalogue.changed")
    return len(specs)


def apply_changes(actor: Person | None, year: int) -> int:
    """Apply the dated change orders of a year's revision of the standard; returns their number."""
    changes = standards.load_changes(year)
    with transaction.atomic():
        for change in changes:
            if change.kind == "added":
                _add(actor, change.column, None, change.on, change.reason)
            else:
                changing.adjust(
                    actor, column_by_code(change.code), change.on, dict(change.after), change.reason
                )
        audit.append(actor, "catalogue.changed", "catalogue", {"year": year, "changes": len(changes)})
        emit("catalogue.changed")
    return len(changes)


def add_column(
    actor: Person, spec: ColumnSpec, *, on: date, reason: str, owner: Unit | None = None
) -> Column:
    """Add a column to the standard (city office) or to one unit alone (``owner``), from that day on."""
    require(actor, "catalogue.adjust" if owner else "catalogue.manage", owner or root_unit())
    with transaction.atomic():
        column = _add(actor, spec, owner, on, reason)
        audit.append(
            actor, "column.added", f"column:{column.pk}", {"code": column.code, "on": on, "reason": reason}
        )
        emit("catalogue.changed")
    return column


def _add(actor: Person | None, spec: ColumnSpec, owner: Unit | None, on: date, reason: str) -> Column:
    fact = changing.add(
        actor, spec.code, parent=spec.parent, owner=owner, on=on, values=changing.row_of(spec), reason=reason
    )
    return fact.column


def adjust_column(actor: Person, column: Column, *, on: date, fields: dict[str, Any], reason: str) -> None:
    """Change name or requirements of a column of the standard, as a dated and reasoned fact."""
    require(actor, "catalogue.manage", root_unit())
    with transaction.atomic():
        changing.adjust(actor, column, on, fields, reason)
        audit.append(
            actor, "column.adjusted", f"column:{column.pk}", {"fields": sorted(fields), "reason": reason}
        )
        emit("catalogue.changed")


def add_own_column(
    actor: Person, unit: Unit, *, parent: str, values: dict[str, Any], on: date, reason: str
) -> Column:
    """Give a unit a column of its own below ``parent`` (empty: at the top); what ``values`` lacks is the parent's."""
    require(actor, "catalogue.adjust", unit)
    _check_reason(reason, f"“{unit}”自设栏目")
    rules.not_past(on, "启用日期")
    with transaction.atomic():
        standing = Standing(on, unit)
        planned = standing.add(standing.free_code(parent), parent, values)
        rules.check_column(standing, planned)
        rules.check_leaves(standing, [planned])
        fact = changing.add(
            actor, planned.code, parent=parent, owner=unit, on=on, values=planned.values, reason=reason
        )
        audit.append(
            actor, "column.added", f"column:{fact.column_id}",
            {"code": planned.code, "unit": unit.code, "on": on, "reason": reason},
        )  # fmt: skip
        emit("catalogue.changed")
    return fact.column


def close_own_column(actor: Person, column: Column, *, on: date, reason: str) -> int:
    """End a unit's own column and what hangs below it; returns how many. ``on`` is the first day without them."""
    if column.owner is None:
        raise Refusal(f"栏目“{column}”是全市标准的栏目，只能通过目录版次停用。")
    require(actor, "catalogue.adjust", column.owner)
    rules.not_past(on, "停用日期")
    with transaction.atomic():
        branch = Standing(on, column.owner).branch(column.code)
        published = items_below([each.code for each in branch])
        if not reason.strip():
            said = f"栏目“{column}”下有{sum(published.values())}条已发布信息，" if published else ""
            raise Refusal(f"{said}停用栏目“{column}”须写明理由。")
        for each in branch:
            changing.close(actor, column_by_code(each.code), on, reason)
        audit.append(
            actor, "column.closed", f"column:{column.pk}",
            {"code": column.code, "columns": len(branch), "on": on, "reason": reason},
        )  # fmt: skip
        emit("catalogue.changed")
    return len(branch)


def adjust_for_unit(
    actor: Person,
    unit: Unit,
    column: Column,
    *,
    kind: str,
    on: date,
    reason: str,
    name: str = "",
    until: date | None = None,
) -> UnitColumn:
    """Rename or hide a column of the standard in one unit alone, from that day on; ``until`` is the first day without."""
    require(actor, "catalogue.adjust", unit)
    _check_reason(reason, f"“{unit}”调整栏目“{column}”")
    if kind == UnitColumn.Kind.RENAME and not name.strip():
        raise Refusal(f"“{unit}”为栏目“{column}”更名须填写本级名称。")
    if until is not None and until <= on:
        raise Refusal(f"“{unit}”调整栏目“{column}”的结束日期{until}应当晚于开始日期{on}。")
    if column.owner_id is not None:
        raise Refusal(f"“{column}”不是全市标准的栏目，不必作本级调整。")
    if unit.tier not in column.tiers:
        raise Refusal(f"“{unit}”（{unit.get_tier_display()}）的公开目录没有栏目“{column}”。")
    overlapping = UnitColumn.objects.filter(
        Q(effective_to=None) | Q(effective_to__gt=on), unit=unit, column=column, kind=kind
    )
    if until is not None:
        overlapping = overlapping.filter(effective_from__lt=until)
    with transaction.atomic():
        Unit.objects.select_for_update().get(pk=unit.pk)  # two adjustments at once would not see each other
        if overlapping.exists():
            raise Refusal(
                f"“{unit}”对栏目“{column}”在这段时间已有{UnitColumn.Kind(kind).label}，请先结束它。"
            )
        adjustment = UnitColumn.objects.create(
            unit=unit, column=column, kind=kind, name=name.strip(), reason=reason,
            effective_from=on, effective_to=until,
        )  # fmt: skip
        audit.append(
            actor, "column.adjusted_for_unit", f"column:{column.pk}",
            {"unit": unit.code, "kind": kind, "name": name, "on": on, "to": until, "reason": reason},
        )  # fmt: skip
        emit("catalogue.changed")
    return adjustment


def end_adjustment(actor: Person, adjustment: UnitColumn, *, on: date) -> None:
    """End a unit's adjustment: ``on`` is the first day without it, so the column is again as the standard has it."""
    require(actor, "catalogue.adjust", adjustment.unit)
    rules.not_past(on, "结束日期")
    with transaction.atomic():
        row = UnitColumn.objects.select_for_update().get(pk=adjustment.pk)
        if row.effective_to is not None and row.effective_to <= on:
            raise Refusal(
                f"对栏目“{row.column}”的{row.get_kind_display()}到{row.effective_to}为止，不必再结束。"
            )
        # One that has not begun never will.
        row.effective_to = max(on, row.effective_from)
        row.save(update_fields=["effective_to"])
        audit.append(
            actor, "column.adjustment_ended", f"column:{row.column_id}",
            {"unit": row.unit.code, "kind": row.kind, "to": row.effective_to},
        )  # fmt: skip
        emit("catalogue.changed")


def announce_due() -> bool:
    """Announce a change of the catalogue when a column or an adjustment began or ended by its date since the last one."""
    today = timezone.localdate()
    days = [
        day
        for model in (Column, UnitColumn)
        for field_name in ("effective_from", "effective_to")
        if (
            day := model.objects.filter(**{f"{field_name}__lte": today}).aggregate(day=Max(field_name))["day"]
        )
    ]
    last = OutboxEvent.objects.filter(topic="catalogue.changed").order_by("-id").first()
    if not days or last is None or timezone.localdate(last.created_at) >= max(days):
        return False
    emit("catalogue.changed")
    return True


def _check_reason(reason: str, what: str) -> None:
    if not reason.strip():
        raise Refusal(f"{what}须写明理由。")


def theme_names() -> dict[str, str]:
    """What a city's pages show for each theme code (主题分类): ``4`` and, with its class before it, ``4.1``."""
    names: dict[str, str] = {}
    for theme in read_yaml(DATA, "themes.yaml")["themes"]:
        own = theme.get("local_name", theme["name"])
        names[theme["code"]] = own
        names |= {code: f"{own}/{name}" for code, name in theme.get("sub_themes", {}).items()}
    return names


def genre_names() -> list[str]:
    """The genres (体裁) that an item may have, in order."""
    return [genre["name"] for genre in read_yaml(DATA, "genres.yaml")["genres"]]


def genre_names_by_code() -> dict[str, str]:
    """The name of each genre by its code."""
    return {genre["code"]: genre["name"] for genre in read_yaml(DATA, "genres.yaml")["genres"]}


def audience_names() -> list[str]:
    """Whom an item may be for (服务对象), in order."""
    return [audience["name"] for audience in read_yaml(DATA, "genres.yaml")["audiences"]]
