"""What an audit entry says, in the words of the screen."""

from __future__ import annotations

from functools import lru_cache
from importlib import resources
from typing import Any

import yaml
from django.utils import timezone

from mingzheng.city.models import AuditEntry, Role

Words = dict[str, Any]


@lru_cache(maxsize=1)
def words() -> dict[str, Words]:
    """Labels of verbs, subjects, fields and values."""
    text = resources.files("mingzheng.office.audit").joinpath("data/words.yaml").read_text("utf-8")
    loaded: dict[str, Words] = yaml.safe_load(text)
    return loaded


def entry_facts(entry: AuditEntry) -> dict[str, Any]:
    """One line of the list: when, who, what, on what."""
    return {
        "pk": entry.pk,
        "at": f"{timezone.localtime(entry.at):%Y-%m-%d %H:%M:%S}",
        "actor": str(entry.actor) if entry.actor else "系统",
        "username": entry.actor.username if entry.actor else "",
        "verb": words()["verbs"].get(entry.verb, entry.verb),
        "subject": subject_text(entry.subject),
        "address": entry.payload.get("address", "") if isinstance(entry.payload, dict) else "",
    }


def subject_text(subject: str) -> str:
    """``item:12`` as 信息12号."""
    kind, _, name = subject.partition(":")
    label = words()["subjects"].get(kind, kind)
    if name == "unknown":
        return f"未知{label}"
    return f"{label}{name}号" if name.isdigit() else f"{label}{name}"


def payload_lines(payload: Any) -> list[tuple[str, str, bool]]:
    """What the entry holds, line by line: label, value, and whether the value is a code."""
    if not isinstance(payload, dict):
        return [("内容", str(payload), True)]
    return [(_word(key), _value(key, value), _is_code(key)) for key, value in payload.items()]


def _is_code(key: str) -> bool:
    return key not in ("role", "by", "fields", "reason", "title", "steps", "filters")


def _value(key: str, value: Any) -> str:
    if value is None or value == "":
        return "无"
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, list):
        return "、".join(_value(key, each) for each in value) or "无"
    if isinstance(value, dict):
        return "；".join(f"{_word(name)}：{_value(name, each)}" for name, each in value.items()) or "无"
    if key == "role" and value in Role.values:
        return str(Role(value).label)
    if key == "fields":
        return _word(str(value))
    return str(words()["values"].get(key, {}).get(value, value))


def _word(name: str) -> str:
    return str(words()["fields"].get(name, name))
