"""Which requests are readings. The rules are few, and all of them are here.

1. A reading is told by the script of a page that is being looked at (``POST``). Asking for a number is none.
2. Who names no program (``User-Agent``), or one of ``data/agents.yaml``, is no reader.
3. A page fetched ahead (``Sec-Purpose``, ``Purpose``, ``X-Moz``, ``X-Purpose``) is not yet read.
4. A request that another site's page makes in the reader's browser (``Sec-Fetch-Site``) is not ours.
5. Only pages that are public count.
6. The same reader of the same page counts once in half an hour; the half hour runs from the reading that counted.
7. A reader counts for thirty readings a minute at most, one address (a school, an office, a whole house) for three
   hundred.

A reader is a hash of address and program with a salt of the day (:mod:`mingzheng.portal.reading.buffer`). Readers
without scripts are not counted: a picture in their place would count every fetch of every robot. The figures are
therefore a lower bound.
"""

from __future__ import annotations

import hashlib
import re
from enum import StrEnum
from functools import cache
from importlib import resources
from ipaddress import ip_address
from typing import Final, NamedTuple

import yaml
from django.http.request import HttpHeaders

WINDOW: Final = 30 * 60  # seconds
MINUTE: Final = 60  # seconds
PER_READER: Final = 30  # readings a minute
PER_ADDRESS: Final = 300  # readings a minute
_AHEAD: Final = ("Sec-Purpose", "Purpose", "X-Moz", "X-Purpose")
_AHEAD_VALUE: Final = re.compile("prefetch|prerender|preview", re.IGNORECASE)


class Verdict(StrEnum):
    """What became of a request that told a reading."""

    COUNTED = "counted"
    NO_PROGRAM = "no program named"
    ROBOT = "a robot"
    AHEAD = "fetched ahead"
    FOREIGN = "made by another site's page"
    AGAIN = "read within the window"
    TOO_FAST = "more than a reader reads"


class Reader(NamedTuple):
    """Who reads, for one day, on one machine."""

    source: bytes
    """Hash of the address."""
    reader: bytes
    """Hash of the address and the program."""


def why_not(headers: HttpHeaders) -> Verdict | None:
    """Why the request is no reading by what it says of itself (rules 2 to 4); None when it may be one."""
    program = headers.get("User-Agent", "").strip()
    if not program:
        return Verdict.NO_PROGRAM
    if _robots().search(program.lower()):
        return Verdict.ROBOT
    if any(_AHEAD_VALUE.search(headers.get(name, "")) for name in _AHEAD):
        return Verdict.AHEAD
    if headers.get("Sec-Fetch-Site", "same-origin") != "same-origin":
        return Verdict.FOREIGN
    return None


@cache
def _robots() -> re.Pattern[str]:
    words = yaml.safe_load((resources.files(__package__) / "data" / "agents.yaml").read_text("utf-8"))
    return re.compile("|".join(words["robots"]))


def reader_of(address: str, program: str, salt: bytes) -> Reader:
    """The reader behind an address and a program. Nobody who lacks the day's salt can make or compare it."""
    where = _network(address).encode()
    return Reader(_hash(salt, where), _hash(salt, where + b"\0" + program.encode("utf-8", "replace")))


def _hash(salt: bytes, text: bytes) -> bytes:
    return hashlib.blake2b(text, key=salt, digest_size=8).digest()


def _network(address: str) -> str:
    """An IPv6 address without its second half, which a device changes by itself."""
    try:
        found = ip_address(address)
    except ValueError:
        return address
    if found.version == 6:
        return str(found.ipv4_mapped or f"{found.exploded[:19]}::")
    return str(found)
