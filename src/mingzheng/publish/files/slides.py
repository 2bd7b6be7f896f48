"""PowerPoint presentations: the text of the slides, and what the audience does not see."""

from __future__ import annotations

from typing import Any

from mingzheng.publish.files.package import Package, remove
from mingzheng.publish.files.report import Findings
from mingzheng.publish.files.safe_xml import local

_COMMENTS = ("comments", "commentAuthors", "authors")


def read_slides(package: Package, findings: Findings) -> None:
    """Text and notices of a presentation."""
    slides = _slides(package)
    findings.pages = len(slides)
    hidden = notes = comments = 0
    for part in slides:
        root = package.tree(part)
        hidden += _is_hidden(root)
        for line in _lines(root):
            findings.add_text(line + "\n")
        for note in package.targets(part, "notesSlide"):
            notes += _has_notes(package.tree(note))
        for part_comments in package.targets(part, "comments"):
            comments += sum(1 for _ in package.tree(part_comments).iter("{*}cm"))
    if hidden:
        findings.block("hidden-slide", f"有{hidden}张隐藏的幻灯片。")
    if notes:
        findings.block("speaker-notes", f"有{notes}张幻灯片带有演讲者备注。")
    if comments:
        findings.block("comments", f"有{comments}条批注。")


def clean_slides(package: Package) -> None:
    """Take away hidden slides, speaker notes and comments, and make embedded objects plain pictures."""
    hidden = {part for part in _slides(package) if _is_hidden(package.tree(part))}
    main = package.main
    ids = {relation.id for relation in package.relations(main) if relation.target in hidden}
    remove(e for e in package.tree(main).iter("{*}sldId") if ids.intersection(e.attrib.values()))
    package.drop_relations(main, lambda relation: relation.id in ids or relation.kind in _COMMENTS)
    for part in _slides(package):
        package.drop_relations(part, lambda relation: relation.kind in {*_COMMENTS, "notesSlide"})
        for embedded in list(package.tree(part).iter("{*}oleObj")):
            _replace_by_picture(embedded)


def _slides(package: Package) -> list[str]:
    """The slides in their order."""
    parts = {relation.id: relation.target for relation in package.relations(package.main)}
    found = []
    for element in package.tree(package.main).iter("{*}sldId"):
        ids = (value for key, value in element.attrib.items() if key.endswith("elationships}id"))
        part = parts.get(next(ids, ""), "")
        if part in package.archive:
            found.append(part)
    return found


def _is_hidden(slide: Any) -> bool:
    return slide.get("show", "1").lower() in {"0", "false"}


def _has_notes(root: Any) -> bool:
    """Whether the notes say anything; the number of the slide is a field, no text."""
    remove(root.iter("{*}fld"))
    return any((element.text or "").strip() for element in root.iter("{*}t"))


def _lines(root: Any) -> list[str]:
    lines = []
    for paragraph in root.iter("{*}p"):
        line = "".join((e.text or "") if local(e) == "t" else " " for e in paragraph.iter("{*}t", "{*}br"))
        if line.strip():
            lines.append(line.strip())
    return lines


def _replace_by_picture(embedded: Any) -> None:
    frame = next(embedded.iterancestors("{*}graphicFrame"), None)
    if frame is None:
        return
    picture = next(frame.iter("{*}pic"), None)
    if picture is None:
        remove([frame])
    else:
        frame.getparent().replace(frame, picture)
