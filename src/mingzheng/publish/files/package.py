"""Office Open XML packages: parts and the relations between them, to read and to write again without some."""

from __future__ import annotations

import posixpath
import zipfile
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import unquote

from mingzheng.publish.files.archive import Archive
from mingzheng.publish.files.safe_xml import attribute, local, parse, tree_bytes

ROOT = ""
TYPES = "[Content_Types].xml"
_BLOCK = 1 << 18


@dataclass(frozen=True, slots=True)
class Relation:
    """``kind`` is the last word of the relation's type; ``target`` a part's name or an outside address."""

    id: str
    kind: str
    target: str
    external: bool


class Package:
    """A package that notes changed parts; ``write`` leaves out every part that nothing refers to any more."""

    def __init__(self, archive: Archive) -> None:
        self.archive = archive
        self._trees: dict[str, Any] = {}

    def tree(self, part: str) -> Any:
        """The part's root element. Changes made to it are written by ``write``."""
        if part not in self._trees:
            self._trees[part] = parse(self.archive.read(part), recover=part.endswith(".vml"))
        return self._trees[part]

    def relations(self, part: str) -> list[Relation]:
        """The relations that start from a part that the package has; ``ROOT`` for the package itself."""
        file = _relations_file(part)
        if file not in self.archive:
            return []
        found = []
        for element in self.tree(file).iter("{*}Relationship"):
            external = element.get("TargetMode", "").lower() == "external"
            target = element.get("Target", "")
            if not external:
                target = _resolve(part, target)
            kind = element.get("Type", "").rstrip("/").rpartition("/")[2]
            found.append(Relation(element.get("Id", ""), kind, target, external))
        return found

    def targets(self, part: str, *kinds: str) -> list[str]:
        """Parts inside the package that ``part`` refers to by one of these kinds."""
        return [
            relation.target
            for relation in self.relations(part)
            if relation.kind in kinds and not relation.external and relation.target in self.archive
        ]

    @property
    def main(self) -> str:
        """The name of the document part. Raises ValueError when there is none."""
        found = self.targets(ROOT, "officeDocument")
        if len(found) != 1:
            raise ValueError("no document part")
        return found[0]

    def reachable(self) -> list[str]:
        """Every part that a chain of relations leads to, nearest first."""
        seen: dict[str, None] = {}
        waiting = [ROOT]
        while waiting:
            for relation in self.relations(waiting.pop(0)):
                if not relation.external and relation.target in self.archive and relation.target not in seen:
                    seen[relation.target] = None
                    waiting.append(relation.target)
        return list(seen)

    def content_types(self) -> dict[str, str]:
        """Content type by ``/part`` or by ``.extension``, in small letters."""
        found = {}
        for element in self.tree(TYPES):
            key = element.get("PartName") or f".{element.get('Extension', '')}"
            found[key.lower()] = element.get("ContentType", "").lower()
        return found

    def drop_relations(self, part: str, unwanted: Callable[[Relation], bool]) -> set[str]:
        """Take relations away and return their ids."""
        dropped = {relation.id for relation in self.relations(part) if unwanted(relation)}
        if dropped:
            remove(
                e for e in self.tree(_relations_file(part)).iter("{*}Relationship") if e.get("Id") in dropped
            )
        return dropped

    def write(self, target: Path) -> None:
        """Write the reachable parts and their relations to ``target``."""
        kept = self.reachable()
        names = [TYPES, *(_relations_file(part) for part in [ROOT, *kept])]
        listed = {f"/{part}".lower() for part in kept}
        remove(
            element
            for element in self.tree(TYPES).iter("{*}Override")
            if element.get("PartName", "").lower() not in listed
        )
        with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as out:
            for name in [*names, *kept]:
                if name in self.archive:
                    self._write_part(out, name)

    def _write_part(self, out: zipfile.ZipFile, name: str) -> None:
        # A fixed date, so that the copy does not tell when each part was edited.
        entry = zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0))
        entry.compress_type = zipfile.ZIP_DEFLATED
        if name in self._trees:
            out.writestr(entry, tree_bytes(self._trees[name]))
            return
        with self.archive.open(name) as stream, out.open(entry, "w") as copy:
            while block := stream.read(_BLOCK):
                copy.write(block)


def remove(elements: Iterable[Any]) -> None:
    """Take elements out of their tree, keeping the text that follows them."""
    for element in list(elements):
        parent = element.getparent()
        if parent is None:
            continue
        if element.tail:
            before = element.getprevious()
            if before is None:
                parent.text = (parent.text or "") + element.tail
            else:
                before.tail = (before.tail or "") + element.tail
        parent.remove(element)


def unlink(root: Any, ids: set[str], whole: Iterable[str]) -> None:
    """Forget relation ids: elements named in ``whole`` go with them, of others the attribute only."""
    goes = frozenset(whole)
    for element in list(root.iter("{*}*")):
        keys = [key for key, value in element.attrib.items() if "elationships}" in key and value in ids]
        if keys and local(element) in goes:
            remove([element])
        for key in keys:
            del element.attrib[key]


def is_on(element: Any) -> bool:
    """Whether a toggle such as ``w:vanish`` is switched on: absent value means yes."""
    return attribute(element, "val").lower() not in {"0", "false", "off", "none"}


def _relations_file(part: str) -> str:
    folder, name = posixpath.split(part)
    return posixpath.join(folder, "_rels", f"{name}.rels")


def _resolve(part: str, target: str) -> str:
    path = unquote(target)
    if not path.startswith("/"):
        path = posixpath.join("/", posixpath.dirname(part), path)
    return posixpath.normpath(path).lstrip("/")
