"""The rules that every item must pass, whichever way it comes in; each refusal is one Chinese sentence."""

from __future__ import annotations

import re
from datetime import date, datetime
from operator import attrgetter

from django.utils import timezone

from mingzheng.city.models import Unit
from mingzheng.law.doc_numbers import parse_doc_numbers
from mingzheng.law.errors import Refusal
from mingzheng.law.index_numbers import is_index_number
from mingzheng.publish.body.services import clean_html
from mingzheng.publish.catalogue.models import Column
from mingzheng.publish.catalogue.services import CatalogueView
from mingzheng.publish.items.drafts import ItemDraft
from mingzheng.publish.items.models import Interpretation, Openness

# Field, its label and its greatest length in characters, as the tables hold them.
LIMITS = (
    ("title", "标题", 200), ("issuer", "发文机关", 120), ("theme", "主题分类", 8), ("genre", "体裁", 20),
    ("audience", "服务对象", 20), ("keywords", "关键词", 200), ("content_source", "信息来源", 120),
    ("source_url", "来源网址", 500), ("source_key", "来源标识", 200), ("doc_no", "文号", 80),
    ("non_disclosure_reason", "不予公开理由", 200),
)  # fmt: skip
_limited = attrgetter(*(name for name, _, _ in LIMITS))
MAX_BODY = 2_000_000
# Control signs, halves of pairs, and what Unicode keeps for no use: no database, document and feed carry them all.
UNPRINTABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
LEVELS = frozenset(Interpretation.Level.values)
FORMS = frozenset(Interpretation.Form.values)


class ItemRefused(Refusal):
    """An item breaks a rule; ``reason`` is the sentence without its full stop, for lists of refused rows."""

    def __init__(self, reason: str) -> None:
        self.reason = reason.rstrip("。")
        super().__init__(f"{self.reason}。")


class Rules:
    """What an item is checked against: units, columns, the day. Made once per request or import."""

    def __init__(self, now: datetime | None = None) -> None:
        self.now = now or timezone.now()
        self.zone = timezone.get_current_timezone()
        self.today = timezone.localdate(self.now)
        self.units = {unit.code: unit for unit in Unit.objects.all()}
        self.catalogue = CatalogueView()
        self._shown: dict[tuple[str, str], Column | str] = {}

    def place(self, draft: ItemDraft) -> tuple[Unit, Column]:
        """The unit and column of a draft; refuses a column that the unit does not have."""
        key = (draft.unit_code, draft.column_code)
        found = self._shown.get(key)
        if found is None:
            found = self._shown[key] = self._find(*key)
        if isinstance(found, str):
            raise ItemRefused(found)
        return self.units[draft.unit_code], found

    def _find(self, unit_code: str, column_code: str) -> Column | str:
        unit = self.units.get(unit_code)
        if unit is None:
            return f"没有代码为“{unit_code}”的单位"
        column = self.catalogue.by_code.get(column_code.upper())
        if column is None:
            return f"没有代码为“{column_code}”的栏目"
        if not self.catalogue.shows(unit, column, self.today):
            return f"“{unit}”（{unit.get_tier_display()}）的公开目录没有栏目“{column}”"
        return column

    def check(self, draft: ItemDraft) -> None:
        """Check and tidy one draft in place. Raises :class:`ItemRefused`; the body is sanitised last."""
        draft.title = " ".join(draft.title.split())
        if not draft.title:
            raise ItemRefused("缺少标题；每条信息须有名称")
        for (_, label, limit), value in zip(LIMITS, _limited(draft), strict=True):
            if len(value) > limit:
                raise ItemRefused(f"{label}有{len(value)}个字符，超过{limit}个字符的上限")
            if UNPRINTABLE.search(value):
                raise ItemRefused(f"{label}含有不能显示的控制字符，无法保存")
        if UNPRINTABLE.search(draft.abstract):
            raise ItemRefused("内容概述含有不能显示的控制字符，无法保存")
        self._check_dates(draft)
        if draft.doc_no:
            draft.doc_no = checked_doc_no(draft.doc_no)
        if draft.index_no and not is_index_number(draft.index_no):
            raise ItemRefused(f"索引号“{draft.index_no}”不合“代码/年份-流水号”的格式")
        if draft.openness != "proactive":
            _check_openness(draft)
        if draft.interpretation is not None:
            _check_interpretation(draft)
        if len(draft.body) > MAX_BODY:
            raise ItemRefused(f"正文有{len(draft.body)}个字符，超过{MAX_BODY}个字符的上限")
        draft.body = clean_html(draft.body)
        if not draft.body.strip() and not draft.attachments:
            raise ItemRefused("正文为空且没有附件；没有内容的信息不能发布")

    def _check_dates(self, draft: ItemDraft) -> None:
        published = draft.published_at
        if published is None:
            published = draft.published_at = self.now
        elif published.tzinfo is None:
            published = draft.published_at = timezone.make_aware(published)
        if published > self.now:
            raise ItemRefused(
                f"发布时间{timezone.localtime(published):%Y-%m-%d %H:%M}晚于现在；不得使用将来的日期"
            )
        if not (draft.written_on or draft.formed_on or draft.effective_on):
            return
        day = published.astimezone(self.zone).date()
        for value, label in ((draft.written_on, "成文日期"), (draft.formed_on, "生成日期")):
            if value is not None and value > day:
                raise ItemRefused(f"{label}{value}晚于发布日期{day}；成文在前、发布在后")
        ends: date | None = draft.expires_on or draft.repealed_on
        if ends and draft.effective_on and ends < draft.effective_on:
            raise ItemRefused(f"失效日期{ends}早于施行日期{draft.effective_on}")


def checked_doc_no(text: str) -> str:
    """The canonical spelling of a document number. Refuses one that is broken rather than repairing it silently."""
    numbers = parse_doc_numbers(text)
    for number in numbers:
        if number.status == "repaired":
            raise ItemRefused(f"文号“{text}”有缺损，疑为“{number.normal}”，请核对原文后更正")
        if number.status == "unparsed":
            raise ItemRefused(f"文号“{text}”不合“机关代字〔年份〕序号号”的格式")
    normal = "、".join(number.normal for number in numbers)
    if len(normal) > 80:
        raise ItemRefused(f"文号有{len(normal)}个字符，超过80个字符的上限")
    return normal


def _check_openness(draft: ItemDraft) -> None:
    if draft.openness not in Openness.values:
        raise ItemRefused(f"公开属性“{draft.openness}”有误，应为主动公开、依申请公开或不予公开")
    if not draft.non_disclosure_reason.strip():
        raise ItemRefused(f"公开属性为“{Openness(draft.openness).label}”，须写明理由")


def _check_interpretation(draft: ItemDraft) -> None:
    told = draft.interpretation
    assert told is not None
    if told.level not in LEVELS:
        raise ItemRefused(f"政策解读的级别“{told.level}”有误，应为上级政策解读或本级政策解读")
    if told.form not in FORMS:
        raise ItemRefused(f"政策解读的形式“{told.form}”有误")
    if told.level == "own" and not (told.document_id or told.document_key or told.document_no):
        raise ItemRefused("本级政策解读须指明所解读的文件")
