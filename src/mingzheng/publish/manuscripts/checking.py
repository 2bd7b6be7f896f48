"""The checks of a manuscript before it goes on: text, metadata, attachments, doubles; and what was decided about them.

A finding of severity ``block`` stops the way to review until it is mended or, where the rule allows it, kept with a
recorded reason. Findings are computed each time; only decisions are stored.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from django.db.models import Q, QuerySet, prefetch_related_objects
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
from mingzheng.publish.doubles.services import print_of
from mingzheng.publish.items.models import Item, Openness
from mingzheng.publish.manuscripts.asked import check_column
from mingzheng.publish.manuscripts.contents import as_draft
from mingzheng.publish.manuscripts.interpreting import interpretation_findings
from mingzheng.publish.manuscripts.links import check_links
from mingzheng.publish.manuscripts.models import CLOSED, CheckDecision, Manuscript, State
from mingzheng.publish.words.services import words_of

_NOT_TWICE = "请确认不是重复发布"
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
    prefetch_related_objects([manuscript], "files")  # several checks read them
    decided = {decision.key: decision for decision in manuscript.check_decisions.select_related("person")}
    words = words_of(manuscript.unit)
    found = [
        *in_text(manuscript, words),
        *check_metadata(as_draft(manuscript), timezone.localdate()),
        *_in_files(manuscript, words),
        *_published_before(manuscript),
        *_openness(manuscript),
        *check_links(manuscript),
        *check_column(manuscript),
        *_doubles(manuscript),
        *interpretation_findings(manuscript),
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
        yield from check_text(file.name, f"{place}的名称", words)
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
    if manuscript.title and (same := _latest(others.filter(title=manuscript.title))):
        yield finding(
            "double-title", "标题", f"{same[1]}已发布过同名信息（{same[0]}）", suggestion=_NOT_TWICE
        )
    digest = print_of(manuscript.body)
    if digest and (same := _latest(others.filter(text_print__digest=digest))):
        yield finding(
            "double-text", "正文", f"与{same[1]}发布的信息（{same[0]}）内容相同", suggestion=_NOT_TWICE
        )
    yield from _being_written_twice(manuscript)


def _latest(found: QuerySet[Item]) -> tuple[str, date] | None:
    """The index number of the newest of these items, and the day on which it came out."""
    row = found.order_by("-first_published_at").values_list("index_no", "first_published_at").first()
    return (row[0], timezone.localdate(row[1])) if row else None


def _being_written_twice(manuscript: Manuscript) -> Iterator[Finding]:
    same = Q(title=manuscript.title) if manuscript.title else Q(pk__in=[])
    if manuscript.doc_no:
        same |= Q(doc_no=manuscript.doc_no)
    others = Manuscript.objects.filter(same, unit=manuscript.unit).exclude(pk=manuscript.pk)
    other = others.exclude(state__in=CLOSED).order_by("pk").values_list("writer__name", "state").first()
    if other:
        state = State(other[1]).label
        yield finding(
            "double-manuscript",
            "标题",
            f"{other[0]}另有一份标题或文号相同的稿件（{state}）",
            suggestion=_NOT_TWICE,
        )


def _openness(manuscript: Manuscript) -> Iterator[Finding]:
    if manuscript.openness == Openness.CLOSED:
        yield finding("closed", "公开属性", "公开属性为“不予公开”，不会出现在网站上")


def _published_before(manuscript: Manuscript) -> Iterator[Finding]:
    """An amendment does not date a document after the day on which it was published."""
    if manuscript.item is None or manuscript.written_on is None:
        return
    day = timezone.localdate(manuscript.item.first_published_at)
    if day < manuscript.written_on <= timezone.localdate():
        yield finding(
            "dates", "成文日期", f"成文日期{manuscript.written_on}晚于首次发布日期{day}；成文在前、发布在后"
        )
