"""The checks of a manuscript before it goes on: text, metadata, attachments, doubles; and what was decided about them.

A finding of severity ``block`` stops the way to review until it is mended or, where the rule allows it, kept with a
recorded reason. Findings are computed each time; only decisions are stored.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from django.utils import timezone

from mingzheng.law.errors import Refusal
from mingzheng.law.personal_data import KINDS
from mingzheng.publish.checks.services import (
    Finding,
    WordList,
    check_body,
    check_metadata,
    check_text,
    finding,
    may_be_kept,
)
from mingzheng.publish.items.models import Item, Openness
from mingzheng.publish.manuscripts.contents import as_draft
from mingzheng.publish.manuscripts.models import CheckDecision, Manuscript
from mingzheng.publish.words.services import words_of

BODY = "正文"
PLAIN = {"标题": "title", "内容概述": "abstract"}
"""The places of plain text, and their fields."""


@dataclass(frozen=True, slots=True)
class Checked:
    """A finding, and the decision to keep it if there is one."""

    finding: Finding
    decision: CheckDecision | None
    may_be_kept: bool

    @property
    def is_personal(self) -> bool:
        """Whether it can be masked in one click."""
        return self.finding.rule in KINDS

    @property
    def is_mendable(self) -> bool:
        """Whether the right word can be written in one click."""
        places = (BODY, *PLAIN)
        return bool(self.finding.word and self.finding.replacement and self.finding.place in places)

    @property
    def stops(self) -> bool:
        return self.finding.severity == "block" and self.decision is None


def findings_of(manuscript: Manuscript) -> list[Checked]:
    """Every finding of the present version, the worst first."""
    decided = {decision.key: decision for decision in manuscript.check_decisions.select_related("person")}
    words = words_of(manuscript.unit)
    found = [
        *in_text(manuscript, words),
        *check_metadata(as_draft(manuscript), timezone.localdate()),
        *_in_files(manuscript, words),
        *_doubles(manuscript),
    ]
    order = {"block": 0, "warn": 1, "note": 2}
    checked = [Checked(each, decided.get(each.key), may_be_kept(each.rule)) for each in found]
    return sorted(checked, key=lambda each: (order[each.finding.severity], each.decision is not None))


def require_clear(manuscript: Manuscript) -> None:
    """Raise Refusal when a finding stops the manuscript."""
    stopping = [each.finding for each in findings_of(manuscript) if each.stops]
    if stopping:
        first = stopping[0]
        more = f"等{len(stopping)}处" if len(stopping) > 1 else ""
        raise Refusal(
            f"发布前检查未通过：{first.place}{more}，{first.message.rstrip('。')}；请更正，或写明保留的理由。"
        )


def in_text(manuscript: Manuscript, words: WordList) -> Iterator[Finding]:
    """What is found in the texts that an officer writes: the plain ones, and the body."""
    for place, name in PLAIN.items():
        yield from check_text(getattr(manuscript, name), place, words)
    yield from check_body(manuscript.body, BODY, words)


def _in_files(manuscript: Manuscript, words: WordList) -> Iterator[Finding]:
    for file in manuscript.files.all():
        place = f"附件《{file.name}》" if not file.is_inline else "正文图片"
        yield from check_text(file.text, place, words)
        for notice in file.notices:
            if notice["severity"] != "note":
                yield finding(
                    "hidden", place, notice["sentence"], severity=notice["severity"],
                    suggestion="请清除隐藏内容后再发布",
                )  # fmt: skip


def _doubles(manuscript: Manuscript) -> Iterator[Finding]:
    others = Item.objects.filter(unit=manuscript.unit, status="published")
    if manuscript.item_id:
        others = others.exclude(pk=manuscript.item_id)
    if manuscript.doc_no and others.filter(doc_no=manuscript.doc_no).exists():
        yield finding(
            "double-number", "文号", f"文号“{manuscript.doc_no}”已经发布过", suggestion="请核对文号"
        )
    same = others.filter(title=manuscript.title).order_by("-first_published_at").first()
    if same is not None and manuscript.title:
        day = timezone.localdate(same.first_published_at)
        yield finding(
            "double-title",
            "标题",
            f"{day}已发布过同名信息（{same.index_no}）",
            suggestion="请确认不是重复发布",
        )
        if same.body == manuscript.body and manuscript.body:
            yield finding(
                "double-text",
                "正文",
                f"与{day}发布的信息（{same.index_no}）全文相同",
                suggestion="请确认不是重复发布",
            )
    if manuscript.openness == Openness.CLOSED:
        yield finding("closed", "公开属性", "公开属性为“不予公开”，不会出现在网站上")
