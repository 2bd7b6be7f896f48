"""What a file tells about a document, field by field, and how sure each is."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import Any, Literal

from mingzheng.publish.body.images import InlineImage

Confidence = Literal["found", "guessed", "absent"]
LABELS = {
    "title": "标题", "doc_no": "发文字号", "issuer": "发文机关", "written_on": "成文日期", "addressee": "主送机关",
    "genre": "体裁", "keywords": "关键词",
}  # fmt: skip


@dataclass(slots=True)
class Start:
    """What a draft starts with. ``genre`` is a code of the catalogue, ``doc_no`` in the canonical spelling.

    Images of ``body`` stand as ``src="upload:<n>"`` until ``put_images``. ``losses`` are sentences for the writer,
    ``confidence`` says of each field whether it was found, guessed or is absent.
    """

    title: str = ""
    doc_no: str = ""
    issuer: str = ""
    written_on: date | None = None
    addressee: str = ""
    genre: str = ""
    keywords: str = ""
    body: str = ""
    images: list[InlineImage] = field(default_factory=list)
    losses: list[str] = field(default_factory=list)
    confidence: dict[str, Confidence] = field(default_factory=lambda: dict.fromkeys(LABELS, "absent"))


class Evidence:
    """The candidates for each field. One value fills a field; two leave it empty, and a sentence names both."""

    def __init__(self) -> None:
        self._candidates: dict[str, dict[Any, Confidence]] = {}
        self.losses: list[str] = []

    def add(self, name: str, value: Any, *, sure: bool = True) -> None:
        if value:
            known = self._candidates.setdefault(name, {})
            known[value] = "found" if sure or known.get(value) == "found" else "guessed"

    def has(self, name: str) -> bool:
        return name in self._candidates

    def fill(self, start: Start) -> None:
        for name, candidates in self._candidates.items():
            if len(candidates) == 1:
                [(value, confidence)] = candidates.items()
                setattr(start, name, value)
                start.confidence[name] = confidence
            else:
                shown = "、".join(f"“{_shown(value)}”" for value in candidates)
                self.losses.append(
                    f"{LABELS[name]}有{len(candidates)}种写法：{shown}，没有自动填写，请核对后填写。"
                )
        start.losses += self.losses


def _shown(value: Any) -> str:
    return f"{value.year}年{value.month}月{value.day}日" if isinstance(value, date) else str(value)
