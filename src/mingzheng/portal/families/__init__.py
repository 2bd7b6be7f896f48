"""Page families: each says which pages exist, what each shows, and on which facts it depends.

``pages_of_unit`` streams everything that one unit publishes, for complete builds; ``render`` makes any single
page from its address, for changes. Both use the same functions, so both give the same bytes.
"""

from __future__ import annotations

from typing import NamedTuple


class Page(NamedTuple):
    """A rendered page. ``facts`` are what it depends on beyond what its address tells."""

    path: str
    family: str
    part: int
    content: bytes
    facts: tuple[str, ...] = ()
