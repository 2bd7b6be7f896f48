"""Word documents: the text, and what a reader does not see at first sight."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from mingzheng.publish.files.package import Package, is_on, remove
from mingzheng.publish.files.report import Findings
from mingzheng.publish.files.safe_xml import attribute, local

STORIES = ("header", "footer", "footnotes", "endnotes")
COMMENTS = ("comments", "commentsExtended", "commentsIds", "commentsExtensible", "people")
INSERTED = ("ins", "moveTo", "cellIns")
DELETED = ("del", "moveFrom", "cellDel")
CHANGED = (
    "rPrChange", "pPrChange", "sectPrChange", "tblPrChange", "tblPrExChange", "tblGridChange", "trPrChange",
    "tcPrChange", "numberingChange", "cellMerge",
)  # fmt: skip
SHOWN = ("t", "sym", "drawing", "pict", "object")
_FETCHING_FIELD = re.compile(r"^\s*(?:DDEAUTO|DDE|INCLUDEPICTURE|INCLUDETEXT|LINK)\b", re.IGNORECASE)


def read_word(package: Package, findings: Findings) -> None:
    """Text and notices of a Word document."""
    hidden_styles = hidden_style_ids(package)
    changes = hidden = fields = 0
    for part in stories(package):
        root = package.tree(part)
        changes += sum(1 for _ in root.iter(*wildcards(*INSERTED, *DELETED, *CHANGED)))
        hidden += sum(1 for _ in hidden_runs(root, hidden_styles))
        fields += sum(1 for _ in fetching_fields(root))
        for line in _lines(root):
            findings.add_text(line + "\n")
    comments = sum(
        1
        for part in package.targets(package.main, "comments")
        for _ in package.tree(part).iter(*wildcards("comment"))
    )
    if changes:
        findings.block("tracked-changes", f"有{changes}处未接受的修订，读者可以看到修改前的内容和修改人。")
    if comments:
        findings.block("comments", f"有{comments}条批注。")
    if hidden:
        findings.block("hidden-text", f"有{hidden}处隐藏文字。")
    if fields:
        findings.block("external-link", f"有{fields}个域会从文件以外读取内容。")
    if package.targets(package.main, "aFChunk"):
        findings.block("embedded-document", "嵌有另一份文档，请在Word中打开并另存后再上传。", removable=False)


def stories(package: Package) -> list[str]:
    """The parts that a reader reads: the body, headers and footers, notes."""
    return list(dict.fromkeys([package.main, *package.targets(package.main, *STORIES)]))


def hidden_style_ids(package: Package) -> frozenset[str]:
    """Styles that hide their text, by themselves or through the style they are based on."""
    hidden: set[str] = set()
    based: dict[str, str] = {}
    for part in package.targets(package.main, "styles"):
        for style in package.tree(part).iter(*wildcards("style")):
            name = attribute(style, "styleId")
            for element in style.iter(*wildcards("vanish", "basedOn")):
                if local(element) == "basedOn":
                    based[name] = attribute(element, "val")
                elif is_on(element):
                    hidden.add(name)
    for _ in based:
        more = {name for name, base in based.items() if base in hidden} - hidden
        if not more:
            break
        hidden |= more
    return frozenset(hidden)


def hidden_runs(root: Any, hidden_styles: frozenset[str]) -> Iterator[Any]:
    """Runs that show nothing on screen though they hold text or a picture."""
    candidates = {run for mark in root.iter(*wildcards("vanish")) if (run := _run_of(mark)) is not None}
    if hidden_styles:
        for style in root.iter(*wildcards("rStyle", "pStyle")):
            if attribute(style, "val") in hidden_styles:
                owner = style.getparent().getparent()
                candidates.update(owner.iter(*wildcards("r")) if local(owner) == "p" else [owner])
    for run in candidates:
        own = next(run.iterfind("{*}rPr/{*}vanish"), None)
        if (own is None or is_on(own)) and any(_shows(element) for element in run.iter(*wildcards(*SHOWN))):
            yield run


def fetching_fields(root: Any) -> Iterator[Any]:
    """Field codes that read from another file or program."""
    for element in root.iter(*wildcards("instrText")):
        if _FETCHING_FIELD.match(element.text or ""):
            yield element
    for element in root.iter(*wildcards("fldSimple")):
        if _FETCHING_FIELD.match(attribute(element, "instr")):
            yield element


def wildcards(*names: str) -> tuple[str, ...]:
    return tuple(f"{{*}}{name}" for name in names)


def _run_of(mark: Any) -> Any:
    """The run that a ``w:vanish`` belongs to; None for styles and paragraph marks."""
    run = mark.getparent().getparent() if mark.getparent() is not None else None
    return run if run is not None and local(run) == "r" else None


def _shows(element: Any) -> bool:
    return local(element) != "t" or bool((element.text or "").strip())


def _lines(root: Any) -> Iterator[str]:
    """Paragraphs and table rows; the cells of a row are parted by tabs, text boxes follow the rest.

    Takes the tree apart, so it comes last.
    """
    remove(root.iter(*wildcards("Fallback", "moveFrom")))
    boxes = list(root.iter(*wildcards("txbxContent")))
    remove(boxes)
    for tree in [root, *boxes]:
        pieces: list[str] = []
        for element in tree.iter(*wildcards("t", "p", "tc", "tr", "tab", "br", "cr", "noBreakHyphen")):
            pieces.append(_piece(element, pieces))
        yield from (line.strip() for line in "".join(pieces).split("\n") if line.strip())


def _piece(element: Any, before: list[str]) -> str:
    name = local(element)
    if name == "t":
        return element.text or ""
    if name == "p":
        return "" if before and before[-1] == "\t" else "\n"
    if name == "noBreakHyphen":
        return "-"
    if name == "tab" and local(element.getparent()) != "r":
        return ""  # a tab stop in the paragraph's properties
    return "\t" if name in {"tc", "tab"} else "\n"
