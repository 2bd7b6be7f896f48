"""A Word document without revisions, comments, hidden text and fields that read from elsewhere."""

from __future__ import annotations

from typing import Any

from mingzheng.publish.files.package import Package, remove
from mingzheng.publish.files.safe_xml import attribute, local
from mingzheng.publish.files.word import (
    CHANGED,
    COMMENTS,
    DELETED,
    INSERTED,
    SHOWN,
    fetching_fields,
    hidden_runs,
    hidden_style_ids,
    stories,
    wildcards,
)

_MOVE_MARKS = tuple(
    f"{kind}Range{end}"
    for kind in ("moveFrom", "moveTo", "customXmlIns", "customXmlDel")
    for end in ("Start", "End")
)
_COMMENT_MARKS = ("commentRangeStart", "commentRangeEnd", "commentReference", "annotationRef")


def clean_word(package: Package) -> None:
    """Accept every revision and remove what a reader should not find."""
    hidden_styles = hidden_style_ids(package)
    for part in stories(package):
        root = package.tree(part)
        accept_revisions(root)
        remove(root.iter(*wildcards(*_COMMENT_MARKS)))
        for run in list(hidden_runs(root, hidden_styles)):
            remove(run.iter(*wildcards(*SHOWN)))
        for field in list(fetching_fields(root)):
            _silence(field)
        package.drop_relations(part, lambda relation: relation.kind in COMMENTS)
    for part in package.targets(package.main, "settings"):
        remove(package.tree(part).iter(*wildcards("trackRevisions")))


def accept_revisions(root: Any) -> None:
    """The document as it would be with every revision accepted."""
    for paragraph in list(root.iter(*wildcards("p"))):
        if next(paragraph.iterfind("{*}pPr/{*}rPr/{*}del"), None) is not None or (
            next(paragraph.iterfind("{*}pPr/{*}rPr/{*}moveFrom"), None) is not None
        ):
            _join_with_next(paragraph)
    for row in list(root.iter(*wildcards("tr"))):
        if next(row.iterfind("{*}trPr/{*}del"), None) is not None:
            remove([row])
    for mark in list(root.iter(*wildcards("cellDel"))):
        remove([mark.getparent().getparent()])
    remove(root.iter(*wildcards("del", "moveFrom", *CHANGED, *_MOVE_MARKS)))
    for element in list(root.iter(*wildcards(*INSERTED))):
        _unwrap(element)
    _repair_tables(root)


def _join_with_next(paragraph: Any) -> None:
    """A deleted paragraph mark: what is left of the paragraph stands before the next one's content."""
    kept = [child for child in paragraph if local(child) not in {"pPr", *DELETED}]
    following = paragraph.getnext()
    if following is not None and local(following) == "p":
        has_properties = len(following) > 0 and local(following[0]) == "pPr"
        following[1 if has_properties else 0 : 1 if has_properties else 0] = kept
        remove([paragraph])
    elif not kept and len(paragraph.getparent()) > 1:
        remove([paragraph])
    else:
        remove(paragraph.iterfind("{*}pPr/{*}rPr/{*}del"))


def _unwrap(element: Any) -> None:
    parent = element.getparent()
    position = parent.index(element)
    parent[position : position + 1] = list(element)


def _repair_tables(root: Any) -> None:
    """Word opens no table without rows, no row without cells and no cell without a last paragraph."""
    for row in list(root.iter(*wildcards("tr"))):
        if next(row.iter(*wildcards("tc")), None) is None:
            remove([row])
    for table in list(root.iter(*wildcards("tbl"))):
        if next(table.iter(*wildcards("tr")), None) is None:
            remove([table])
    for cell in root.iter(*wildcards("tc")):
        if len(cell) == 0 or local(cell[-1]) != "p":
            cell.append(cell.makeelement(cell.tag.replace("}tc", "}p")))


def _silence(field: Any) -> None:
    """The field keeps the result that it shows and loses the code that reads it anew."""
    if local(field) == "instrText":
        field.text = ""
        return
    for key in list(field.attrib):
        if attribute(field, "instr") and key.endswith("}instr"):
            field.set(key, "")
