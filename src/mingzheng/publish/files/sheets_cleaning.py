"""A workbook without hidden sheets, hidden rows' and columns' content, comments and pivot caches.

When anything hidden goes, every formula becomes the value that it showed, so that no figure changes.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from mingzheng.publish.files.package import Package, remove
from mingzheng.publish.files.report import Source
from mingzheng.publish.files.safe_xml import local
from mingzheng.publish.files.sheets import (
    COMMENTS,
    Sheet,
    column_of,
    hidden_columns,
    is_hidden_row,
    is_worksheet,
    shared_text,
    sheets,
    visible_texts,
)

_PIVOT = frozenset({"pivotTable", "pivotCacheDefinition"})
_RULES = "{*}dataValidation", "{*}conditionalFormatting", "{*}ext", "{*}definedName"


def clean_workbook(source: Source, package: Package, rules: Iterable[str]) -> None:
    """Take away what the named notices tell of. Raises Refusal when a formula's value was never saved."""
    found = frozenset(rules)
    for sheet in sheets(package):
        _drop_comments(package, sheet)
    if "pivot-cache" in found:
        _drop_pivots(package)
    if "external-link" in found:
        remove(package.tree(package.main).iter("{*}externalReferences"))
    if "embedded-object" in found:
        for sheet in sheets(package):
            remove(package.tree(sheet.part).iter("{*}oleObjects", "{*}controls"))
    if found & {"hidden-sheet", "hidden-rows", "hidden-columns", "external-link"}:
        _drop_hidden(source, package)


def _drop_comments(package: Package, sheet: Sheet) -> None:
    drawings = package.targets(sheet.part, "vmlDrawing")
    package.drop_relations(package.main, lambda relation: relation.kind in COMMENTS)
    if not package.drop_relations(sheet.part, lambda relation: relation.kind in COMMENTS):
        return
    for part in drawings:
        notes = [
            data.getparent()
            for data in package.tree(part).iter("{*}ClientData")
            if data.get("ObjectType") == "Note"
        ]
        remove(notes)


def _drop_pivots(package: Package) -> None:
    remove(package.tree(package.main).iter("{*}pivotCaches"))
    for part in [package.main, *(sheet.part for sheet in sheets(package))]:
        package.drop_relations(part, lambda relation: relation.kind in _PIVOT)


def _drop_hidden(source: Source, package: Package) -> None:
    every = sheets(package)
    gone = [sheet for sheet in every if sheet.hidden]
    kept = [sheet for sheet in every if not sheet.hidden]
    if not kept:
        raise source.refusal("没有可见的工作表，请先取消隐藏要公开的工作表")
    worksheets = [sheet for sheet in kept if is_worksheet(package, sheet)]
    for sheet in worksheets:
        _freeze_formulas(source, package.tree(sheet.part), sheet.name)
        _empty_hidden_cells(package.tree(sheet.part))
    package.drop_relations(package.main, lambda relation: relation.kind == "calcChain")
    if gone:
        _drop_sheets(package, every, gone)
        for part in package.reachable():
            if part.endswith(".xml") and not part.startswith("docProps/"):
                _forget_sheets(package, part, gone)
    _drop_unused_strings(package, worksheets)


def _freeze_formulas(source: Source, root: Any, sheet: str) -> None:
    for formula in list(root.iter("{*}f")):
        cell = formula.getparent()
        if local(cell) != "c":
            continue
        if all(local(child) not in {"v", "is"} for child in cell):
            place = cell.get("r", "")
            raise source.refusal(
                f"的工作表“{sheet}”单元格{place}的公式没有保存计算结果，请用表格软件打开并保存后再清理"
            )
        remove([formula])


def _empty_hidden_cells(root: Any) -> None:
    concealed = {number for columns in root.iterfind("{*}cols") for number in hidden_columns(columns)}
    for row in root.iterfind("{*}sheetData/{*}row"):
        whole = is_hidden_row(row)
        column = 0
        for cell in row:
            column = column_of(cell, column + 1)
            if whole or column in concealed:
                remove(cell.iterfind("*"))
                cell.attrib.pop("t", None)


def _drop_sheets(package: Package, every: list[Sheet], gone: list[Sheet]) -> None:
    """Take sheets out of the workbook; names and views that count sheets by position follow."""
    root = package.tree(package.main)
    names = {sheet.name for sheet in gone}
    positions = [number for number, sheet in enumerate(every) if not sheet.hidden]
    remove(element for element in root.iter("{*}sheet") if element.get("name") in names)
    parts = {sheet.part for sheet in gone}
    package.drop_relations(package.main, lambda relation: relation.target in parts)
    for name in list(root.iter("{*}definedName")):
        scope = name.get("localSheetId")
        if scope is None:
            continue
        if int(scope) in positions:
            name.set("localSheetId", str(positions.index(int(scope))))
        else:
            remove([name])
    for view in root.iter("{*}workbookView"):
        for key in ("activeTab", "firstSheet"):
            old = int(view.get(key, 0))
            view.attrib.pop(key, None)
            if old in positions:
                view.set(key, str(positions.index(old)))


def _forget_sheets(package: Package, part: str, gone: list[Sheet]) -> None:
    """Lists, rules, names and chart series that still read from a sheet that is no longer there."""
    content = package.archive.read(part).decode("utf-8", "replace")
    if not any(sheet.name in content for sheet in gone):
        return
    marks = tuple(f"{quote}{sheet.name}{quote}!" for sheet in gone for quote in ("", "'"))
    root = package.tree(part)
    remove(rule for rule in root.iter(*_RULES) if any(mark in "".join(rule.itertext()) for mark in marks))
    for formula in root.iter("{*}f"):
        if any(mark in (formula.text or "") for mark in marks):
            formula.text = "#REF!"


def _drop_unused_strings(package: Package, kept: list[Sheet]) -> None:
    """Texts of what is gone remain among the shared strings; their places stay so that numbers hold."""
    used = visible_texts(package.tree(sheet.part) for sheet in kept)
    for part in package.targets(package.main, "sharedStrings"):
        for number, element in enumerate(package.tree(part).iter("{*}si")):
            if number not in used and shared_text(element):
                blank = element.makeelement(element.tag.replace("}si", "}t"))
                element[:] = [blank]
