"""What a document owes its interpretation, and an interpretation its readers: the plan, the form, words of its own.

同步组织、同步审签、同步部署: the plan is handed in with the document, the interpretation follows within three working days.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from mingzheng.publish.catalogue.models import Column
from mingzheng.publish.checks.services import Finding, finding, visible_text
from mingzheng.publish.items.models import Interpretation
from mingzheng.publish.manuscripts.models import Manuscript

DOCUMENTS: Final = "normative_document"
MEDIA: Final = frozenset({"mp3", "mp4"})
SHORTEST_TRANSCRIPT: Final = 100  # characters
SHINGLE: Final = 12  # characters that stand in both texts
TAKEN_OVER: Final = 0.7  # share of an interpretation that may stand in its document
_QUESTION: Final = re.compile(r"(?:^|\n)\s*(?:问|记者|主持人)\s*[：:]")
_ANSWER: Final = re.compile(r"(?:^|\n)\s*(?:答|[\u4e00-\u9fa5]{2,12})\s*[：:]")
_BLANK: Final = re.compile(r"\s+")
_SPOKEN: Final = (
    Interpretation.Form.QUESTIONS,
    Interpretation.Form.INTERVIEW,
    Interpretation.Form.CONFERENCE,
)


def interpretation_findings(manuscript: Manuscript) -> Iterator[Finding]:
    """What is missing in the plan of a document, or in an interpretation."""
    if needs_plan(manuscript):
        yield from _plan(manuscript)
    if manuscript.interpretation_level == Interpretation.Level.OWN:
        yield from _form(manuscript)
        yield from _taken_over(manuscript)


def needs_plan(manuscript: Manuscript) -> bool:
    """Whether it is a new normative document, which is handed in with a plan of its interpretation."""
    return not manuscript.is_amendment and not manuscript.is_statement and _has_role(manuscript.column)


def _has_role(column: Column | None) -> bool:
    while column is not None:
        if column.role == DOCUMENTS:
            return True
        column = column.parent
    return False


def _plan(manuscript: Manuscript) -> Iterator[Finding]:
    if manuscript.plan_waiver.strip():
        yield finding("plan", "解读方案", f"不作解读，理由是“{manuscript.plan_waiver}”", severity="note")
        return
    given = {
        "解读提纲": manuscript.plan_outline.strip(), "解读形式": manuscript.plan_forms,
        "第一解读人": manuscript.plan_interpreter.strip(), "计划发布解读的日期": manuscript.plan_on,
    }  # fmt: skip
    missing = [name for name, value in given.items() if not value]
    if missing:
        yield finding(
            "plan", "解读方案", f"规范性文件须随文报送解读方案，还缺{'、'.join(missing)}",
            suggestion="请在“政策解读”页填写，或者写明不作解读的理由",
        )  # fmt: skip


def _form(manuscript: Manuscript) -> Iterator[Finding]:
    form, text = manuscript.interpretation_form, visible_text(manuscript.body)
    kinds = {file.kind for file in manuscript.files.all() if not file.is_inline}
    if form == Interpretation.Form.AUDIO_VIDEO:
        if not kinds & MEDIA:
            yield finding("form", "附件", "音视频解读没有音频或者视频文件", suggestion="请上传MP3或者MP4文件")
        if len(text) < SHORTEST_TRANSCRIPT:
            yield finding(
                "transcript",
                "正文",
                "音视频解读没有文字稿",
                suggestion="请把文字稿写入正文，方便听障人员阅读",
            )
    if form == Interpretation.Form.GRAPHIC and "<img" not in manuscript.body:
        yield finding("form", "正文", "图解中没有图片", suggestion="请在正文中插入图片并写替代文本")
    if form in _SPOKEN and not (_QUESTION.search(text) and _ANSWER.search(text)):
        label = Interpretation.Form(form).label
        yield finding("form", "正文", f"{label}中没有问答实录", suggestion="请按“问：……”“答：……”分段写明")


def _taken_over(manuscript: Manuscript) -> Iterator[Finding]:
    """An interpretation that mostly repeats its document explains nothing."""
    document = manuscript.interprets
    if document is None:
        return
    own, source = (_BLANK.sub("", visible_text(body)) for body in (manuscript.body, document.body))
    pieces = [own[at : at + SHINGLE] for at in range(0, len(own) - SHINGLE + 1, SHINGLE)]
    if len(pieces) < 10:
        return
    share = sum(piece in source for piece in pieces) / len(pieces)
    if share > TAKEN_OVER:
        yield finding(
            "excerpt", "正文", f"解读中约{share:.0%}的文字与所解读的文件相同",
            suggestion="请用自己的话说明背景、措施和对群众的影响",
        )  # fmt: skip
