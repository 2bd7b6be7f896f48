"""The only door of the editions: open, plan, discard, adopt, and carry out on the day.

An edition without a unit revises the standard (city openness office); one with a unit revises that unit's own columns.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date
from typing import Any

from django.db import transaction
from django.utils import timezone

from mingzheng.city import audit
from mingzheng.city.models import Person, Unit
from mingzheng.city.services import emit, require, root_unit
from mingzheng.law.errors import Refusal
from mingzheng.publish.catalogue import changing, rules
from mingzheng.publish.catalogue.changing import NORM
from mingzheng.publish.catalogue.editions.field_table import FieldTable
from mingzheng.publish.catalogue.models import CatalogueEdition, EditionChange
from mingzheng.publish.catalogue.standing import Standing, StandingColumn, items_below

State, Kind = CatalogueEdition.State, EditionChange.Kind


def open_edition(
    actor: Person, *, name: str, effective_on: date, reason: str, unit: Unit | None = None
) -> CatalogueEdition:
    """Begin a draft that is to hold from ``effective_on``, today or later."""
    _require(actor, unit)
    with transaction.atomic():
        edition = CatalogueEdition(unit=unit, created_by=actor)
        _head(edition, name, effective_on, reason)
        _audit(actor, "edition.opened", edition)
    return edition


def change_head(actor: Person, pk: int, *, name: str, effective_on: date, reason: str) -> None:
    """Change name, day or reason of a draft."""
    with transaction.atomic():
        edition = _draft(actor, pk)
        _head(edition, name, effective_on, reason)
        _audit(actor, "edition.edited", edition, on=effective_on)


def standing_of(edition: CatalogueEdition) -> Standing:
    """The columns as they will stand when the edition is in force."""
    standing = Standing(edition.effective_on, edition.unit)
    standing.apply(edition.changes.all())
    return standing


def plan_column(actor: Person, pk: int, *, parent: str, code: str = "", values: dict[str, Any]) -> str:
    """Plan a new column below ``parent`` (empty: a first-level one); returns its code, given or the next free one."""
    with transaction.atomic():
        edition = _draft(actor, pk)
        standing = standing_of(edition)
        code = code.strip().upper() or standing.free_code(parent)
        if edition.unit is None:
            rules.check_code(code, parent)
        column = standing.add(code, parent, values)
        rules.check_column(standing, column)
        _note_added(edition, [column])
        _audit(actor, "edition.edited", edition, kind="added", code=code)
    return code


def plan_adjustment(actor: Person, pk: int, code: str, values: dict[str, Any], reason: str = "") -> None:
    """Plan what the norm shall say of a column; what stays as it is, is no change."""
    with transaction.atomic():
        edition = _draft(actor, pk)
        standing = standing_of(edition)
        column = _changeable(edition, standing, code)
        column.values = column.values | {name: values[name] for name in NORM if name in values}
        rules.check_column(standing, column)
        if column.planned == "added":
            edition.changes.filter(code=code).update(
                fields=column.values | {"parent": column.parent}, name=column.name
            )
        else:
            _note_adjusted(edition, column, reason)
        _audit(actor, "edition.edited", edition, kind="adjusted", code=code)


def plan_closure(actor: Person, pk: int, code: str, reason: str) -> int:
    """Plan the end of a column and of everything below it; returns how many columns that closes."""
    with transaction.atomic():
        edition = _draft(actor, pk)
        standing = standing_of(edition)
        _changeable(edition, standing, code)
        branch = standing.branch(code)
        edition.changes.filter(code__in=[each.code for each in branch]).delete()
        closing = [each for each in branch if each.column is not None]
        EditionChange.objects.bulk_create(
            EditionChange(
                edition=edition, kind=Kind.CLOSED, code=each.code, level=each.level,
                name=each.before["name"], reason=reason.strip(),
            )
            for each in closing
        )  # fmt: skip
        _check_closures(edition)
        _audit(actor, "edition.edited", edition, kind="closed", code=code)
    return len(closing)


def drop_change(actor: Person, pk: int, code: str) -> None:
    """Take a planned change back: with a new column go those planned below it, with a closed one open those below."""
    with transaction.atomic():
        edition = _draft(actor, pk)
        standing = standing_of(edition)
        column = standing.columns.get(code)
        below = [code] if column is None else [each.code for each in standing.branch(code)]
        kind = edition.changes.filter(code=code).values_list("kind", flat=True).first()
        if column is not None and kind == Kind.CLOSED:
            above = standing.columns.get(column.parent)
            if above is not None and above.planned == "closed":
                raise Refusal(f"上级栏目“{above.name}”仍在停用之列，请先保留上级栏目。")
        codes = [code] if kind == Kind.ADJUSTED else below
        edition.changes.filter(code__in=codes, kind=kind).delete()
        _audit(actor, "edition.edited", edition, code=code, dropped=True)


def import_field(actor: Person, pk: int, table: FieldTable, *, name: str, parent: str, code: str = "") -> int:
    """Plan a field (领域) of the grass-roots standards with all its matters; returns the number of columns."""
    with transaction.atomic():
        edition = _draft(actor, pk)
        standing = standing_of(edition)
        code = code.strip().upper() or standing.free_code(parent)
        if edition.unit is None:
            rules.check_code(code, parent)
        planned = table.plan(standing, code, parent, name.strip())
        for column in planned:
            rules.check_column(standing, column)
        rules.check_leaves(standing, planned)
        _note_added(edition, planned)
        _audit(actor, "edition.imported", edition, code=code, columns=len(planned))
    return len(planned)


def discard(actor: Person, pk: int) -> None:
    """Give a draft up. It stays in the list with what it planned."""
    with transaction.atomic():
        edition = _draft(actor, pk)
        edition.state = State.DISCARDED
        edition.save(update_fields=["state"])
        _audit(actor, "edition.discarded", edition)


def adopt(actor: Person, pk: int) -> CatalogueEdition:
    """Adopt a draft. On its day, which may be today, it is carried out as a whole."""
    with transaction.atomic():
        root = Unit.objects.select_for_update().get(pk=root_unit().pk)  # one adoption at a time
        edition = _draft(actor, pk)
        rules.not_past(edition.effective_on, f"版次“{edition}”的施行日期")
        check(edition)
        waiting = CatalogueEdition.objects.filter(state=State.ADOPTED, carried_out_at=None, unit=edition.unit)
        if other := waiting.first():
            raise Refusal(
                f"版次“{other}”将于{other.effective_on}施行，在此之前“{edition.unit or root}”不能通过另一版次。"
            )
        edition.state, edition.adopted_by, edition.adopted_at = State.ADOPTED, actor, timezone.now()
        edition.save(update_fields=["state", "adopted_by", "adopted_at"])
        _audit(actor, "edition.adopted", edition, changes=edition.changes.count(), on=edition.effective_on)
        if edition.effective_on <= timezone.localdate():
            _carry_out(edition)
    return edition


def check(edition: CatalogueEdition) -> None:
    """Refuse what keeps an edition from being adopted, in the order in which it is best mended."""
    changes = list(edition.changes.all())
    if not changes:
        raise Refusal(f"版次“{edition}”没有任何变动，不必通过。")
    standing = standing_of(edition)
    if standing.lost:
        names = "、".join(f"{each.name}（{each.code}）" for each in standing.lost[:5])
        raise Refusal(f"版次“{edition}”所涉栏目{names}已经变化，请撤销这些变动后重新提出。")
    planned = [column for column in standing.columns.values() if column.planned in ("added", "adjusted")]
    for column in planned:
        rules.check_column(standing, column)
    rules.check_leaves(standing, planned)
    _check_closures(edition)


def carry_out_due(progress: Callable[[CatalogueEdition, str], object] = lambda edition, problem: None) -> int:
    """Carry out the adopted editions whose day has come; returns their number.

    ``progress`` is told each edition and why it could not be carried out, empty when it was.
    """
    due = CatalogueEdition.objects.filter(
        state=State.ADOPTED, carried_out_at=None, effective_on__lte=timezone.localdate()
    )
    done = 0
    for pk in due.order_by("effective_on", "pk").values_list("pk", flat=True):
        try:
            with transaction.atomic():
                edition = CatalogueEdition.objects.select_for_update().get(pk=pk)
                if edition.carried_out_at is None:
                    _carry_out(edition)
                    done += 1
        except Refusal as refusal:
            progress(edition, refusal.sentence)
        else:
            progress(edition, "")
    return done


def _carry_out(edition: CatalogueEdition) -> None:
    actor, on = edition.adopted_by, edition.effective_on
    # Closed branches end from below, new ones begin from above: the order of the levels either way.
    for change in edition.changes.order_by("level", "pk"):
        reason = change.reason or edition.reason
        if change.kind == Kind.ADDED:
            values = {name: change.fields[name] for name in NORM}
            fact = changing.add(
                actor, change.code, parent=change.fields["parent"], owner=edition.unit, on=on,
                values=values, reason=reason,
            )  # fmt: skip
        else:
            column = changing.column_by_code(change.code)
            if change.kind == Kind.ADJUSTED:
                fact = changing.adjust(actor, column, on, change.fields, reason)
            else:
                fact = changing.close(actor, column, on, reason)
        change.fact = fact
        change.save(update_fields=["fact"])
    edition.carried_out_at = timezone.now()
    edition.save(update_fields=["carried_out_at"])
    _audit(actor, "catalogue.changed", edition, changes=edition.changes.count(), on=on)
    emit("catalogue.changed")


def _require(actor: Person, unit: Unit | None) -> None:
    require(actor, "catalogue.adjust" if unit else "catalogue.manage", unit or root_unit())


def _draft(actor: Person, pk: int) -> CatalogueEdition:
    edition = CatalogueEdition.objects.select_for_update(of=("self",)).select_related("unit").get(pk=pk)
    _require(actor, edition.unit)
    if edition.state != State.DRAFT:
        raise Refusal(f"版次“{edition}”{edition.get_state_display()}，不能再改动。")
    return edition


def _head(edition: CatalogueEdition, name: str, effective_on: date, reason: str) -> None:
    if not name.strip() or not reason.strip():
        raise Refusal("目录版次须有名称和修订理由。")
    rules.not_past(effective_on, "施行日期")
    edition.name, edition.effective_on, edition.reason = name.strip(), effective_on, reason.strip()
    edition.save()


def _changeable(edition: CatalogueEdition, standing: Standing, code: str) -> StandingColumn:
    column = standing.get(code)
    if column.planned == "closed":
        raise Refusal(f"栏目“{column.name}”已列入停用，请先撤销停用。")
    if column.planned != "added" and column.owner_id != edition.unit_id:
        if edition.unit is None:
            raise Refusal(f"栏目“{column.name}”是单位自设的栏目，由该单位调整。")
        raise Refusal(f"栏目“{column.name}”是全市标准的栏目，“{edition.unit}”只能更名或者停用于本级。")
    return column


def _note_added(edition: CatalogueEdition, columns: Iterable[StandingColumn]) -> None:
    EditionChange.objects.bulk_create(
        EditionChange(
            edition=edition, kind=Kind.ADDED, code=column.code, name=column.name, level=column.level,
            fields=column.values | {"parent": column.parent},
        )
        for column in columns
    )  # fmt: skip


def _note_adjusted(edition: CatalogueEdition, column: StandingColumn, reason: str) -> None:
    before = column.before
    changed = {name: value for name, value in column.values.items() if value != before[name]}
    if not changed:
        edition.changes.filter(code=column.code).delete()
        return
    edition.changes.update_or_create(
        code=column.code,
        defaults={
            "kind": Kind.ADJUSTED, "name": before["name"], "level": column.level, "fields": changed,
            "reason": reason.strip(),
        },
    )  # fmt: skip


def _check_closures(edition: CatalogueEdition) -> None:
    closing = edition.changes.filter(kind=Kind.CLOSED, reason="")
    published = items_below(closing.values_list("code", flat=True))
    for change in closing:
        if number := published.get(change.code):
            raise Refusal(f"栏目“{change.name}”下有{number}条已发布信息，停用须写明理由。")


def _audit(actor: Person | None, verb: str, edition: CatalogueEdition, **facts: Any) -> None:
    unit = edition.unit.code if edition.unit else None
    audit.append(actor, verb, f"edition:{edition.pk}", {"name": edition.name, "unit": unit} | facts)
