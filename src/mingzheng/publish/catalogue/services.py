"""The only door of the catalogue: which columns a unit has on a day, and every change of them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db import transaction
from django.db.models import F, Max

from mingzheng.city import audit
from mingzheng.city.models import Person, Unit
from mingzheng.city.services import emit, require, root_unit
from mingzheng.law.errors import Refusal
from mingzheng.publish.catalogue import standards
from mingzheng.publish.catalogue.column_specs import ColumnSpec
from mingzheng.publish.catalogue.data_files import DATA, read_yaml
from mingzheng.publish.catalogue.models import CatalogueChange, Column, UnitColumn

ADJUSTABLE = frozenset(
    {"name", "content_requirements", "elements", "check_points", "five_opens", "column_type", "tiers",
     "update_cycle_days", "min_per_period", "statutory_item", "legal_basis", "time_limit",
     "allow_statement", "update_exempt", "sort", "role"}
)  # fmt: skip


@dataclass(slots=True)
class ColumnNode:
    """A column as one unit shows it, with its children in order."""

    column: Column
    name: str
    children: list[ColumnNode] = field(default_factory=list)


def branches(roles: tuple[str, ...]) -> list[int]:
    """Ids of the columns with these roles and of all columns below them."""
    children: dict[int | None, list[int]] = {}
    found: list[int] = []
    for pk, parent_id, role in Column.objects.order_by().values_list("id", "parent_id", "role"):
        children.setdefault(parent_id, []).append(pk)
        if role in roles:
            found.append(pk)
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


def column_by_code(code: str) -> Column:
    """The column with that code (either case); refuses in a sentence that names it."""
    column = Column.objects.filter(code__iexact=code).first()
    if column is None:
        raise Refusal(f"没有代码为“{code}”的栏目，请核对公开目录。")
    return column


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
                    parent=stored.get(spec.parent or ""), effective_from=spec.effective_from, **_fields(spec)
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
                _add(actor, change.column, None, change.on, "added", change.reason)
            else:
                _adjust(actor, column_by_code(change.code), change.on, dict(change.after), change.reason)
        audit.append(actor, "catalogue.changed", "catalogue", {"year": year, "changes": len(changes)})
        emit("catalogue.changed")
    return len(changes)


def add_column(
    actor: Person, spec: ColumnSpec, *, on: date, reason: str, owner: Unit | None = None
) -> Column:
    """Add a column to the standard (city office) or to one unit alone (``owner``), from that day on."""
    require(actor, "catalogue.adjust" if owner else "catalogue.manage", owner or root_unit())
    with transaction.atomic():
        column = _add(actor, spec, owner, on, "added", reason)
        audit.append(
            actor, "column.added", f"column:{column.pk}", {"code": column.code, "on": on, "reason": reason}
        )
        emit("catalogue.changed")
    return column


def adjust_column(actor: Person, column: Column, *, on: date, fields: dict[str, Any], reason: str) -> None:
    """Change name or requirements of a column of the standard, as a dated and reasoned fact."""
    require(actor, "catalogue.manage", root_unit())
    with transaction.atomic():
        _adjust(actor, column, on, fields, reason)
        audit.append(
            actor, "column.adjusted", f"column:{column.pk}", {"fields": sorted(fields), "reason": reason}
        )
        emit("catalogue.changed")


def adjust_for_unit(
    actor: Person, unit: Unit, column: Column, *, kind: str, on: date, reason: str, name: str = ""
) -> UnitColumn:
    """Rename or hide a column of the standard in one unit alone, from that day on."""
    require(actor, "catalogue.adjust", unit)
    if not reason.strip():
        raise Refusal(f"“{unit}”调整栏目“{column}”须写明理由。")
    if kind == UnitColumn.Kind.RENAME and not name.strip():
        raise Refusal(f"“{unit}”为栏目“{column}”更名须填写本级名称。")
    with transaction.atomic():
        adjustment = UnitColumn.objects.create(
            unit=unit, column=column, kind=kind, name=name, reason=reason, effective_from=on
        )
        audit.append(
            actor, "column.adjusted_for_unit", f"column:{column.pk}",
            {"unit": unit.code, "kind": kind, "name": name, "reason": reason},
        )  # fmt: skip
        emit("catalogue.changed")
    return adjustment


def _add(
    actor: Person | None, spec: ColumnSpec, owner: Unit | None, on: date, kind: str, reason: str
) -> Column:
    if Column.objects.filter(code__iexact=spec.code).exists():
        raise Refusal(f"栏目代码“{spec.code}”已被使用，不能重复。")
    parent = column_by_code(spec.parent) if spec.parent else None
    column = Column.objects.create(parent=parent, owner=owner, effective_from=on, **_fields(spec))
    CatalogueChange.objects.create(
        on=on, kind=kind, column=column, level=column.level, unit=owner, reason=reason, actor=actor,
        details={"name": column.name},
    )  # fmt: skip
    return column


def _fields(spec: ColumnSpec) -> dict[str, Any]:
    """A column's own values as its row takes them."""
    row = {name: value for name, value in spec.as_row().items() if name in ADJUSTABLE}
    texts = {name: row[name] or "" for name in ("role", "five_opens", "statutory_item", "legal_basis")}
    return {"code": spec.code, "level": spec.level} | row | texts


def _adjust(actor: Person | None, column: Column, on: date, fields: dict[str, Any], reason: str) -> None:
    unknown = sorted(set(fields) - ADJUSTABLE - {"parent"})
    if unknown or not fields:
        raise Refusal(f"栏目“{column}”的调整内容有误：{'、'.join(unknown) or '没有写明调整什么'}。")
    before = {name: getattr(column, name) for name in fields if name != "parent"}
    if "parent" in fields:
        before["parent"] = column.parent and column.parent.code
        _move(column, column_by_code(fields["parent"]))
    for name, value in fields.items():
        if name != "parent":
            setattr(column, name, "" if value is None and name in ("role", "five_opens") else value)
    column.save()
    CatalogueChange.objects.create(
        on=on, kind="adjusted", column=column, level=column.level, reason=reason, actor=actor,
        details={"before": before, "after": fields},
    )  # fmt: skip


def _move(column: Column, parent: Column) -> None:
    """Hang a column under another parent; it keeps its code, and the levels below it follow."""
    above: Column | None = parent
    while above is not None:
        if above.pk == column.pk:
            raise Refusal(f"栏目“{column}”不能移到自己的下级“{parent}”。")
        above = above.parent
    below, shift = [column], parent.level + 1 - column.level
    while below:
        descendants = list(Column.objects.filter(parent__in=below))
        Column.objects.filter(pk__in=[each.pk for each in descendants]).update(level=F("level") + shift)
        below = descendants
    last = parent.children.aggregate(last=Max("sort"))["last"] or 0
    column.parent, column.level, column.sort = parent, parent.level + 1, last + 10


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
