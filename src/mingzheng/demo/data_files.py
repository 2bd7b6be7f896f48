"""Reads the data files of the demonstration city."""

from __future__ import annotations

from functools import cache
from importlib import resources
from typing import Any

import yaml


@cache
def read(name: str) -> Any:
    """The content of one file in ``data/``; read once, so nobody changes what it returns."""
    text = (resources.files(__package__) / "data" / name).read_text("utf-8")
    return yaml.load(text, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))
