"""The only door of the checks before publication: a text, a body, the metadata; what was found and how to mend it.

Nothing here reads a database, so that files from outside are checked in the same way (``mingzheng scan``).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from datetime import date

from mingzheng.law.doc_numbers import parse_doc_numbers
from mingzheng.law.personal_data import PersonalData, find_personal_data, mask
from mingzheng.publish.checks.bodies import (
    Body,
    addresses_in,
    check_markup,
    local_files,
    mask_body,
    replace_in_body,
)
from mingzheng.publish.checks.findings import Finding, finding, may_be_kept
from mingzheng.publish.checks.words import WordList, bare, own_words, words_with
from mingzheng.publish.items.drafts import ItemDraft

__all__ = [
    "Finding", "WordList", "addresses_in", "check_body", "check_metadata", "check_text", "finding", "mask_body", "mask_text",
    "may_be_kept", "mended", "own_words", "replace_in_body", "visible_text", "words_with",
]  # fmt: skip

_LOOSE_END = re.compile(r"[，。、；：,.;:！!]$")


def check_text(text: str, place: str, words: WordList | None = None) -> list[Finding]:
    """Personal data and words of the lists (the system's own by default), in the order in which they stand.

    Numbers among the list's right words are public: they are never found.
    """
    words = words or own_words()
    free = words.free_numbers
    personal = [each for each in find_personal_data(text) if not free or bare(each.value) not in free]
    found = words.find(text, place, shown=_starred(text, personal))
    return sorted([*_personal(personal, place), *found], key=lambda each: each.start)


def check_body(source: str, place: str = "正文", words: WordList | None = None) -> list[Finding]:
    """The same for a body (HTML): what readers see, over all markup, and its images and links."""
    if not source.strip():
        return []
    text = visible_text(source)
    return [*check_text(text, place, words), *local_files(text, place), *check_markup(source, place)]


def visible_text(source: str) -> str:
    """What readers of a body (HTML) see; its places are those of ``check_body``'s findings."""
    return Body(source).text


def mask_text(text: str) -> str:
    """The text with all personal data masked that is not a public contact."""
    return mask(text, [each for each in find_personal_data(text) if not each.public_contact])


def mended(text: str, findings: Iterable[Finding]) -> str:
    """The text with what each of these findings of it proposes in the place of what was found."""
    for each in sorted(findings, key=lambda each: each.start, reverse=True):
        text = text[: each.start] + (each.replacement or "") + text[each.end :]
    return text


def check_metadata(draft: ItemDraft, today: date) -> list[Finding]:
    """Document number, dates, title and openness of a draft."""
    return [*_doc_number(draft), *_dates(draft, today), *_title(draft), *_openness(draft)]


def _starred(text: str, personal: Iterable[PersonalData]) -> str:
    """The text, every character of personal data a star: excerpts are cut from it and show none."""
    pieces, last = [], 0
    for each in personal:
        if not each.public_contact:
            pieces += [text[last : each.start], "*" * (each.end - each.start)]
            last = each.end
    return "".join([*pieces, text[last:]])


def _personal(personal: Iterable[PersonalData], place: str) -> Iterator[Finding]:
    for each in personal:
        rule = "public_mobile" if each.public_contact else each.kind
        message = f"发现{each.label}" + (
            "，看来是公开的联系电话，请确认" if each.public_contact else "，发布前须遮盖"
        )
        yield finding(
            rule, place, message, value=each.value, start=each.start, end=each.end, excerpt=each.masked,
            suggestion="" if each.public_contact else f"遮盖为{each.masked}",
            replacement=None if each.public_contact else each.masked,
        )  # fmt: skip


def _doc_number(draft: ItemDraft) -> Iterator[Finding]:
    for number in parse_doc_numbers(draft.doc_no) if draft.doc_no else ():
        if number.status == "repaired":
            yield finding(
                "doc-number", "文号", f"文号“{draft.doc_no}”有缺损", suggestion=f"疑为“{number.normal}”",
                replacement=number.normal,
            )  # fmt: skip
        elif number.status == "unparsed":
            yield finding("doc-number", "文号", f"文号“{draft.doc_no}”不合“机关代字〔年份〕序号号”的格式")
    if draft.doc_no and draft.written_on is None:
        yield finding("missing", "成文日期", "有文号的文件缺少成文日期", suggestion="请填写成文日期")
    if draft.doc_no and not draft.theme:
        yield finding("missing", "主题分类", "有文号的文件缺少主题分类", suggestion="请选择主题分类")


def _dates(draft: ItemDraft, today: date) -> Iterator[Finding]:
    for value, label in ((draft.written_on, "成文日期"), (draft.formed_on, "生成日期")):
        if value is not None and value > today:
            yield finding("dates", label, f"{label}{value}晚于今天；成文在前、发布在后")
    if draft.effective_on and draft.expires_on and draft.expires_on < draft.effective_on:
        yield finding("dates", "失效日期", f"失效日期{draft.expires_on}早于施行日期{draft.effective_on}")


def _title(draft: ItemDraft) -> Iterator[Finding]:
    if 0 < len(draft.title) < 4:
        yield finding("title", "标题", f"标题只有{len(draft.title)}个字", suggestion="请写出完整标题")
    if _LOOSE_END.search(draft.title):
        yield finding("title", "标题", "标题末尾有标点", suggestion="请去掉标题末尾的标点")


def _openness(draft: ItemDraft) -> Iterator[Finding]:
    if draft.openness not in ("proactive", "on_request", "closed"):
        yield finding(
            "openness", "公开属性", "没有确定公开属性", suggestion="请选择主动公开、依申请公开或不予公开"
        )
    elif draft.openness != "proactive" and not draft.non_disclosure_reason.strip():
        label = "依申请公开" if draft.openness == "on_request" else "不予公开"
        yield finding("openness", "公开属性", f"公开属性为“{label}”，须写明理由")
