"""XML of strangers: no entity is resolved, nothing is fetched, a document type definition is refused."""

from __future__ import annotations

import io
from collections.abc import Iterator
from typing import IO, Any

from lxml import etree

from mingzheng.publish.files.limits import limits

_HEAD = 65536


class UnsafeXml(Exception):
    """An XML part that declares entities or is too large to be held in memory."""


def parse(content: bytes, *, recover: bool = False) -> Any:
    """The root element. Raises UnsafeXml, or lxml's error when the text is no XML."""
    if len(content) > limits().xml_tree:
        raise UnsafeXml("内部的XML部件过大")
    _refuse_doctype(content)
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, huge_tree=False, load_dtd=False, recover=recover
    )
    root = etree.fromstring(content, parser)
    if root is None:
        raise ValueError("no root element")
    if root.getroottree().docinfo.internalDTD is not None:
        raise UnsafeXml("内部含有XML实体定义，可能是攻击文件")
    return root


def stream(part: IO[bytes], *tags: str) -> Iterator[Any]:
    """Elements of these local names as they end, in constant memory. Raises as ``parse`` does."""
    head = part.read(_HEAD)
    _refuse_doctype(head)
    source = _Joined(head, part)
    wanted = tuple(f"{{*}}{tag}" for tag in tags)
    for _, element in etree.iterparse(
        source, events=("end",), tag=wanted, resolve_entities=False, no_network=True, huge_tree=False
    ):
        yield element
        element.clear(keep_tail=False)
        parent = element.getparent()
        while parent is not None and element.getprevious() is not None:
            del parent[0]


def tree_bytes(root: Any) -> bytes:
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8", standalone=True)


def local(element: Any) -> str:
    """The name without its namespace: files of the strict standard use other namespaces, same names."""
    tag = element.tag
    return tag.rpartition("}")[2] if isinstance(tag, str) else ""


def attribute(element: Any, name: str) -> str:
    """The attribute of this local name, whatever its namespace, or an empty string."""
    for key, value in element.attrib.items():
        if key.rpartition("}")[2] == name:
            return str(value)
    return ""


def _refuse_doctype(content: bytes) -> None:
    # Zero bytes are dropped so that UTF-16 and UTF-32 are seen through as well.
    head = content[:4096]
    plain = content.replace(b"\0", b"") if b"\0" in head else content
    if b"<!DOCTYPE" in plain or b"<!ENTITY" in plain:
        raise UnsafeXml("内部含有XML实体定义，可能是攻击文件")


class _Joined(io.RawIOBase):
    """The head that was read already, then the rest of the stream."""

    def __init__(self, head: bytes, rest: IO[bytes]) -> None:
        self._head: bytes = head
        self._rest = rest

    def readable(self) -> bool:
        return True

    def read(self, size: int = -1) -> bytes:
        if self._head:
            piece, self._head = self._head[:size], self._head[size:] if size >= 0 else b""
            return piece if size >= 0 else piece + self._rest.read()
        return self._rest.read(size)
