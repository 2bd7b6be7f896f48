"""The measures of publishing. Items are counted by the role of their column, never by its name, which may change."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import Any

from django.db.models import Q, QuerySet
from django.utils import timezone

from mingzheng.law.calendar import working_days_between
from mingzheng.measure.registry import Rows, measure
from mingzheng.measure.scopes import Scope
from mingzheng.publish.catalogue.models import CatalogueChange
from mingzheng.publish.catalogue.services import branches
from mingzheng.publish.documents.services import ended_by, normative_documents
from mingzheng.publish.items.models import Interpretation, Item, Participant, is_public

INTERPRETATION_DAYS = 3
"""Working days within which an own policy is interpreted (国办发〔2016〕80号附件)."""
_SURELY_LATE = timedelta(days=60)
"""No arrangement of holidays stretches three working days this far; beyond it the calendar need not know the years."""


def items_of(scope: Scope) -> QuerySet[Item]:
    """The public items that were first published in the scope."""
    return Item.objects.public().filter(scope.within("first_published_at"), scope.of_units("unit"))


def items_in(*roles: str) -> Rows:
    """Rows of a measure: the scope's items in columns of these roles."""

    def rows(scope: Scope) -> QuerySet[Any]:
        return items_of(scope).filter(column__in=branches(roles))

    return rows


@measure(
    "disclosure.items", "主动公开政府信息", "条",
    definition="当年首次发布、现仍公开的主动公开信息；同一信息只计一次，撤回的不计。",
)  # fmt: skip
def disclosed_items(scope: Scope) -> QuerySet[Item]:
    return items_of(scope)


# key, label, counting word, roles
_BY_ROLE = (
    ("documents.normative_published", "公开行政规范性文件", "件", ("normative_document",)),
    ("documents.other_published", "公开其他文件", "件", ("other_document",)),
    ("decisions.solicitations", "重大决策和规范性文件意见征集", "件", ("solicitation",)),
    ("decisions.meetings", "公众列席政府会议", "次", ("meeting_attendance",)),
    ("power.results", "行政权力运行结果", "条", ("power_result", "permit_penalty")),
    ("power.permits", "行政许可信息", "条", ("permit",)),
    ("power.penalties", "行政处罚信息", "条", ("penalty",)),
    ("power.coercion", "行政强制信息", "条", ("coercion",)),
    ("response.issues", "回应关切", "期", ("hot_topic_response", "leader_response", "opinion_response")),
    ("press.transcripts", "新闻发布会实录", "期", ("press_transcript",)),
    ("interviews.transcripts", "在线访谈实录", "期", ("interview_transcript",)),
    ("requests.catalogue_entries", "依申请公开目录信息", "条", ("request_catalogue",)),
    ("finance.items", "财政资金信息", "条", ("finance",)),
    ("personnel.items", "人事信息", "条", ("personnel",)),
    ("statistics.items", "统计信息", "条", ("statistics",)),
)
for _key, _label, _word, _roles in _BY_ROLE:
    measure(_key, _label, _word, definition=f"当年首次发布、现仍公开的“{_label}”类栏目信息。")(
        items_in(*_roles)
    )


# A conference is filed in the column itself or by its transcript; what is announced before it is no conference.
_CONFERENCE = ("press_conference", "press_transcript")


@measure("press.conferences", "新闻发布会", "次", definition="当年发布的新闻发布会信息和实录，发布预告不计。")
def press_conferences(scope: Scope) -> QuerySet[Item]:
    return items_of(scope).filter(column__role__in=_CONFERENCE)


def interpretations_of(scope: Scope) -> QuerySet[Interpretation]:
    return Interpretation.objects.filter(
        scope.within("item__first_published_at"), scope.of_units("item__unit"), is_public("item__")
    )


_PIECE = {"unit_word": "篇", "unit_field": "item__unit_id"}


@measure("interpretation.all", "政策解读", **_PIECE, definition="当年发布的政策解读，含转载上级的和本级的。")
def interpretations(scope: Scope) -> QuerySet[Interpretation]:
    return interpretations_of(scope)


@measure("interpretation.superior", "转载上级政策解读", **_PIECE, definition="当年转载的上级机关政策解读。")
def superior_interpretations(scope: Scope) -> QuerySet[Interpretation]:
    return interpretations_of(scope).filter(level="superior")


@measure("interpretation.own", "本级政策解读", **_PIECE, definition="当年对本级政策文件所作的解读。")
def own_interpretations(scope: Scope) -> QuerySet[Interpretation]:
    return interpretations_of(scope).filter(level="own")


def interpretations_by(form: str) -> Rows:
    """Rows of a measure: the scope's interpretations of one form."""

    def rows(scope: Scope) -> QuerySet[Any]:
        return interpretations_of(scope).filter(form=form)

    return rows


measure(
    "interpretation.leader",
    "负责人专访和解读",
    **_PIECE,
    definition="当年由有关负责人接受专访或者撰文所作的解读。",
)(interpretations_by("leader"))
for _form in Interpretation.Form:
    if _form != Interpretation.Form.LEADER:
        measure(
            f"interpretation.{_form.value}", _form.label, **_PIECE, definition=f"当年以“{_form.label}”形式发布的解读。"
        )(interpretations_by(_form.value))  # fmt: skip


@measure(
    "interpretation.timely", "及时发布的本级政策解读", **_PIECE,
    definition=f"本级政策解读中，在所解读的文件公开后{INTERPRETATION_DAYS}个工作日之内发布的。",
)  # fmt: skip
def timely_interpretations(scope: Scope) -> QuerySet[Interpretation]:
    own = own_interpretations(scope).exclude(document=None)
    dates = own.values_list("pk", "document__first_published_at", "item__first_published_at")
    timely = [
        pk
        for pk, document_at, item_at in dates
        if _is_timely(timezone.localdate(document_at), timezone.localdate(item_at))
    ]
    return Interpretation.objects.filter(pk__in=timely)


def _is_timely(document_on: date, interpreted_on: date) -> bool:
    if interpreted_on - document_on > _SURELY_LATE:
        return False
    return working_days_between(document_on, interpreted_on) <= INTERPRETATION_DAYS


def uninterpreted(documents: QuerySet[Item]) -> QuerySet[Item]:
    """The documents that no public own interpretation tells of."""
    told = Interpretation.objects.filter(is_public("item__"), level="own").exclude(document=None)
    return documents.exclude(pk__in=told.values("document"))


def late_since(on: date) -> date:
    """The first day whose documents may still wait for their interpretation on ``on``; what is older is late."""
    day = on
    while working_days_between(day, on) <= INTERPRETATION_DAYS:
        day -= timedelta(days=1)
    return day + timedelta(days=1)


@measure(
    "interpretation.missing", "逾期未解读的规范性文件", "件",
    definition=f"当年公开、公开后满{INTERPRETATION_DAYS}个工作日仍没有本级解读的行政规范性文件，至今日。",
)  # fmt: skip
def missing_interpretations(scope: Scope) -> QuerySet[Item]:
    first = timezone.make_aware(datetime.combine(late_since(timezone.localdate()), time.min))
    documents = items_of(scope).filter(column__in=branches(("normative_document",)))
    return uninterpreted(documents.filter(first_published_at__lt=first))


def participants_of(scope: Scope) -> QuerySet[Participant]:
    return Participant.objects.filter(
        scope.within("item__first_published_at"), scope.of_units("item__unit"), is_public("item__")
    )


@measure(
    "press.attendance", "有关负责人出席新闻发布会", "人次", unit_field="item__unit_id",
    definition="当年新闻发布会信息和实录中列明的发布人，每人每次计一人次。",
)  # fmt: skip
def press_attendance(scope: Scope) -> QuerySet[Participant]:
    return participants_of(scope).filter(item__column__role__in=_CONFERENCE)


@measure(
    "decisions.attendees", "列席政府会议的利益相关方和公众代表", "人次", unit_field="item__unit_id",
    definition="当年公众列席会议信息中列明的列席人，每人每次计一人次。",
)  # fmt: skip
def meeting_attendees(scope: Scope) -> QuerySet[Participant]:
    return participants_of(scope).filter(item__column__in=branches(("meeting_attendance",)))


def documents_of(scope: Scope) -> QuerySet[Item]:
    """Documents of the scope's units, whenever made. One begins on the day it is dated, else with its publication, and
    ends with its repeal or expiry, whichever comes first; so made, ended and valid ones of the years add up.
    """
    return normative_documents().filter(scope.of_units("unit"))


@measure(
    "documents.normative_made", "本年制发行政规范性文件", "件", definition="成文日期在当年的行政规范性文件。"
)
def normative_made(scope: Scope) -> QuerySet[Item]:
    undated = Q(written_on=None) & scope.within("first_published_at")
    return documents_of(scope).filter(scope.on_days("written_on") | undated)


@measure(
    "documents.normative_repealed", "本年废止行政规范性文件", "件",
    definition="当年废止或者因有效期届满而失效的行政规范性文件，以先到者为准，只计一次；未写明有效期的按五年计。",
)  # fmt: skip
def normative_repealed(scope: Scope) -> QuerySet[Item]:
    before = scope.first_day - timedelta(days=1)
    return documents_of(scope).filter(ended_by(scope.last_day)).exclude(ended_by(before))


@measure(
    "documents.normative_valid",
    "现行有效行政规范性文件",
    "件",
    definition="截至当年12月31日已经制发，尚未废止或者失效的行政规范性文件，含已公布而尚未施行的；未写明有效期的按五年计。",
)
def normative_valid(scope: Scope) -> QuerySet[Item]:
    made = Q(written_on__lte=scope.last_day) | Q(written_on=None, first_published_at__lt=scope.ends_at)
    return documents_of(scope).filter(made).exclude(ended_by(scope.last_day))


def catalogue_changes(scope: Scope, kind: str) -> QuerySet[CatalogueChange]:
    """Changes of the city's standard; what one unit changes for itself counts with that unit."""
    changes = CatalogueChange.objects.filter(scope.on_days("on"), kind=kind)
    return changes if scope.unit is None and scope.group is None else changes.filter(scope.of_units("unit"))


_COLUMN = {"unit_word": "个", "unit_field": "unit_id"}


@measure(
    "catalogue.columns_added", "新增公开目录", **_COLUMN, definition="当年新增的目录栏目，首次编制的不计。"
)
def columns_added(scope: Scope) -> QuerySet[CatalogueChange]:
    return catalogue_changes(scope, "added")


@measure("catalogue.columns_added_l1", "新增一级主栏目", **_COLUMN, definition="当年新增的一级栏目。")
def columns_added_first(scope: Scope) -> QuerySet[CatalogueChange]:
    return catalogue_changes(scope, "added").filter(level=1)


@measure("catalogue.columns_added_l2", "新增二级子目录", **_COLUMN, definition="当年新增的二级栏目。")
def columns_added_second(scope: Scope) -> QuerySet[CatalogueChange]:
    return catalogue_changes(scope, "added").filter(level=2)


@measure(
    "catalogue.columns_added_l3", "新增三级以下子目录", **_COLUMN, definition="当年新增的三级及以下栏目。"
)
def columns_added_deeper(scope: Scope) -> QuerySet[CatalogueChange]:
    return catalogue_changes(scope, "added").filter(level__gte=3)


@measure(
    "catalogue.columns_adjusted",
    "调整子目录",
    **_COLUMN,
    definition="当年更名、移动或者变更要求的栏目，逐次计数。",
)
def columns_adjusted(scope: Scope) -> QuerySet[CatalogueChange]:
    return catalogue_changes(scope, "adjusted")
