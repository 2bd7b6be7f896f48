"""What pages tell machines about themselves in the words of schema.org, as scripts of JSON-LD."""

from __future__ import annotations

import json
from typing import Any, Final

from minijinja import safe

_encode: Final = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode
_ESCAPES: Final = str.maketrans({"<": "\\u003c", ">": "\\u003e", "&": "\\u0026"})
CONTEXT: Final = "https://schema.org"


def script(kind: str, **said: Any) -> str:
    """The script, marked as safe: nothing in it can end it. What is empty is left out."""
    data = {"@context": CONTEXT, "@type": kind} | {name: value for name, value in said.items() if value}
    return safe(f'<script type="application/ld+json">{_encode(data).translate(_ESCAPES)}</script>')


def organisation(name: str, **said: str) -> dict[str, str]:
    """A government body as the author or publisher of something."""
    return {"@type": "GovernmentOrganization", "name": name} | {
        key: value for key, value in said.items() if value
    }


def trail(crumbs: list[dict[str, str]], base: str) -> str:
    """The way to a page below the address ``base``."""
    steps = [
        {"@type": "ListItem", "position": number, "name": each["title"]}
        | ({"item": f"{base}{each['url']}"} if each.get("url") else {})
        for number, each in enumerate(crumbs, start=1)
    ]
    return script("BreadcrumbList", itemListElement=steps)
