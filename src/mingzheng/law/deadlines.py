"""The clock of one disclosure request: facts in, due date and its trace out.

Sources: 国务院令第711号 arts 30-34, 国务院令第492号 art 24, 国办公开办函〔2015〕207号 and, for fees,
国办函〔2020〕109号; every number comes from the rule set in force on the day of receipt. Periods are in
working days, the day of an event is day 0, and the reply must leave by the end of the due day.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any

from mingzheng.law.calendar import WorkCalendar, default_calendar
from mingzheng.law.errors import Refusal
from mingzheng.law.fees import tariff_on
from mingzheng.law.rules import Channel, ReceiptDay, RuleSet, rule_set_named, rule_set_on

REPLY = "法定答复期限"
EXTENDED = "延长答复"
PAUSED = "征求意见（不计入）"
UNAFFECTED = "征求意见（不影响期限）"


class ClockNotRunning(Refusal):
    """No due date can be told yet: a fact that the rule needs has not happened."""


class PauseKind(StrEnum):
    """Whose opinion is asked."""

    THIRD_PARTY = "third_party"
    CO_MAKER = "co_maker"
    OTHER_ORGAN = "other_organ"


# The parameter that limits how long each kind may take; other organs have no limit of their own.
_LIMITS = {PauseKind.THIRD_PARTY: "third_party_days", PauseKind.CO_MAKER: "co_maker_days"}


@dataclass(frozen=True)
class Correction:
    """The one request for correction 补正: when it was asked for, and when the corrected request came in."""

    corrected_on: date | None
    asked_on: date | None = None


@dataclass(frozen=True)
class FeeNotice:
    """A fee notice 收费通知: when the applicant received it, and when the fee was paid."""

    received_on: date
    paid_on: date | None = None


@dataclass(frozen=True)
class Pause:
    """One inquiry 征求意见: sent, received by the one asked (the day of sending when unknown), answered."""

    sent_on: date
    returned_on: date | None = None
    kind: PauseKind = PauseKind.THIRD_PARTY
    delivered_on: date | None = None


@dataclass(frozen=True)
class Extension:
    """An extension 延期 by ``days`` working days, approved and notified on ``asked_on`` (None: in time)."""

    days: int
    asked_on: date | None = None


@dataclass(frozen=True)
class Facts:
    """What happened to one request. ``rule_set`` overrides the choice by date for a case pending in between."""

    received_on: date
    channel: Channel = Channel.IN_PERSON
    confirmed_on: date | None = None
    correction: Correction | None = None
    fee: FeeNotice | None = None
    pauses: tuple[Pause, ...] = ()
    extensions: tuple[Extension, ...] = ()
    rule_set: str | None = None


@dataclass(frozen=True)
class TraceStep:
    """One step from one day to another; ``working_days`` is what lies in (start, end], 0 where nothing moves."""

    step: str
    start: date
    end: date
    working_days: int
    article: str

    def as_dict(self) -> dict[str, Any]:
        return {
            "step": self.step,
            "from": self.start.isoformat(),
            "to": self.end.isoformat(),
            "working_days": self.working_days,
            "article": self.article,
        }


@dataclass(frozen=True)
class Deadline:
    """The due date with the reasons for it. ``receipt_on`` is day 0 by law, ``clock_from`` day 0 of the last clock."""

    due_on: date
    rule_set: RuleSet
    trace: tuple[TraceStep, ...]
    receipt_on: date
    clock_from: date

    def as_dict(self) -> dict[str, Any]:
        """The open form of a deadline; dates in ISO 8601."""
        return {
            "due_on": self.due_on.isoformat(),
            "rule_set": self.rule_set.key,
            "trace": [step.as_dict() for step in self.trace],
        }


def trace_deadline(facts: Facts, calendar: WorkCalendar | None = None) -> Deadline:
    """Return the due date of the reply and each step to it.

    Raises Refusal for facts that the rule forbids (naming the article), ClockNotRunning while a needed fact
    is missing, CalendarUnknown when a step leaves the known calendar.
    """
    calendar = calendar or default_calendar()
    rules, received = _receive(facts, calendar)
    restarts = _restarts(facts, rules, received.end, calendar)
    clock_from = restarts[-1].end if restarts else received.end

    inquiries = [_inquiry(pause, rules, calendar) for pause in facts.pauses]
    spans = _union(inquiry.span for inquiry in inquiries if inquiry.counted_out)
    running = _run(clock_from, rules.days("reply_days"), spans, _names(REPLY, rules, "reply_days"), calendar)
    if facts.extensions:
        due, days = running[-1].end, _extension_days(facts.extensions, rules, received.end, running[-1].end)
        running += _run(due, days, spans, _names(EXTENDED, rules, "extension_days_max"), calendar)
    due = running[-1].end

    asides: list[TraceStep] = []
    for inquiry in inquiries:
        if not inquiry.counted_out or max(inquiry.span[0], clock_from) >= min(inquiry.span[1], due):
            asides.append(TraceStep(UNAFFECTED, *inquiry.span, 0, rules.citation("excluded_from_clock")))
        elif inquiry.latest:
            asides.append(inquiry.latest)
    return Deadline(due, rules, (received, *restarts, *asides, *running), received.end, clock_from)


def correction_notice_due(receipt_on: date, calendar: WorkCalendar | None = None) -> date:
    """Return the last day to ask for correction: 7 working days after receipt (国务院令第711号第三十条).

    Raises Refusal under the version of 2007, which fixes no number; CalendarUnknown.
    """
    days = rule_set_on(receipt_on).days("correction_notice_days")
    return (calendar or default_calendar()).add_working_days(receipt_on, days)


def publication_due(formed_on: date, calendar: WorkCalendar | None = None) -> date:
    """Return the last day to publish: 20 working days after forming or change (第492号第十八条, 第711号第二十六条).

    Raises Refusal before 2008-05-01; CalendarUnknown.
    """
    days = rule_set_on(formed_on).days("proactive_publish_days")
    return (calendar or default_calendar()).add_working_days(formed_on, days)


def light(due_on: date, today: date, calendar: WorkCalendar | None = None) -> str:
    """Return how near a due date is: green (more than 5 working days left), yellow, red (2 or fewer), black (overdue)."""
    if today > due_on:
        return "black"
    left = (calendar or default_calendar()).working_days_between(today, due_on)
    return "red" if left <= 2 else "yellow" if left <= 5 else "green"


# --- day 0 ----------------------------------------------------------------------------------------


def _receive(facts: Facts, calendar: WorkCalendar) -> tuple[RuleSet, TraceStep]:
    """Return the rule set in force on the day of receipt, and the step that ends on that day."""
    override = rule_set_named(facts.rule_set) if facts.rule_set else None
    rule = (override or rule_set_on(facts.received_on)).receipt[facts.channel]
    if facts.confirmed_on and facts.confirmed_on < facts.received_on:
        raise Refusal(f"确认日期{facts.confirmed_on}早于收到日期{facts.received_on}（{rule.citation}）。")
    receipt_on = facts.received_on
    if rule.counts is not ReceiptDay.SUBMITTED and facts.confirmed_on:
        receipt_on = facts.confirmed_on
    elif rule.counts is ReceiptDay.CONFIRMED:
        raise ClockNotRunning(
            f"以{facts.channel.label}方式提出的申请，以与申请人确认之日为收到申请之日（{rule.citation}）；请填写确认日期。"
        )
    rules = override or rule_set_on(receipt_on)
    return rules, _step("收到申请", facts.received_on, receipt_on, rule.citation, calendar)


def _restarts(facts: Facts, rules: RuleSet, receipt_on: date, calendar: WorkCalendar) -> list[TraceStep]:
    """Return the steps that move day 0: to the corrected request, then to the payment of a fee."""
    steps: list[TraceStep] = []
    if facts.correction:
        steps += _correction_steps(facts.correction, rules, receipt_on, calendar)
    if facts.fee:
        steps.append(_payment_step(facts.fee, steps[-1].end if steps else receipt_on, calendar))
    return steps


def _correction_steps(
    correction: Correction, rules: RuleSet, receipt_on: date, calendar: WorkCalendar
) -> list[TraceStep]:
    article = rules.citation("clock_after_correction")
    notice_article = rules.citation("correction_notice_days")
    asked, corrected = correction.asked_on, correction.corrected_on
    steps: list[TraceStep] = []
    if asked:
        if asked < receipt_on:
            raise Refusal(f"告知补正的日期{asked}早于收到申请之日{receipt_on}（{notice_article}）。")
        limit = rules.days_if_fixed("correction_notice_days")
        last = asked if limit is None else calendar.add_working_days(receipt_on, limit)
        if asked > last:
            raise Refusal(
                f"告知补正应在收到申请后{limit}个工作日内，最迟{last}，实际为{asked}（{notice_article}）。"
            )
        steps.append(_step("告知补正", receipt_on, asked, notice_article, calendar))
    if corrected is None:
        raise ClockNotRunning(f"尚未收到补正的申请，答复期限自收到补正的申请之日起计算（{article}）。")
    previous = asked or receipt_on
    if corrected < previous:
        what = "告知补正之日" if asked else "收到申请之日"
        raise Refusal(f"收到补正申请的日期{corrected}早于{what}{previous}（{article}）。")
    return [*steps, _step("补正后重新起算", previous, corrected, article, calendar)]


def _payment_step(fee: FeeNotice, clock_from: date, calendar: WorkCalendar) -> TraceStep:
    tariff = tariff_on(fee.received_on)
    if fee.received_on < clock_from:
        raise Refusal(
            f"收到收费通知的日期{fee.received_on}早于答复期限起算之日{clock_from}（{tariff.document}）。"
        )
    if fee.paid_on is None:
        raise ClockNotRunning(f"信息处理费尚未缴纳，答复期限自缴费次日起重新计算（{tariff.document}）。")
    last = calendar.add_working_days(fee.received_on, tariff.payment_days)
    if not fee.received_on <= fee.paid_on <= last:
        raise Refusal(
            f"缴费日期{fee.paid_on}不在收到收费通知（{fee.received_on}）后{tariff.payment_days}个工作日内，"
            f"最迟为{last}（{tariff.document}）。"
        )
    return _step("缴费后重新起算", clock_from, fee.paid_on, tariff.document, calendar)


# --- pauses and extension -------------------------------------------------------------------------

Span = tuple[date, date]  # the days (start, end]


@dataclass(frozen=True)
class _Inquiry:
    """A pause under a rule set: its days, whether they are left out, and the limit where that ended it."""

    span: Span
    counted_out: bool
    latest: TraceStep | None = None


def _inquiry(pause: Pause, rules: RuleSet, calendar: WorkCalendar) -> _Inquiry:
    """Judge one inquiry; an answer after the rule's limit, or none, ends it on the limit's last day."""
    article = rules.citation("excluded_from_clock")
    sent, returned, delivered = pause.sent_on, pause.returned_on, pause.delivered_on or pause.sent_on
    if returned and returned < sent:
        raise Refusal(f"征求意见的答复日期{returned}早于发出日期{sent}（{article}）。")
    if not sent <= delivered <= (returned or delivered):
        raise Refusal(
            f"征求意见书的送达日期{delivered}不在发出日期{sent}与答复日期{returned or '（未答复）'}之间（{article}）。"
        )
    if pause.kind.value not in rules.parameters["excluded_from_clock"].value:
        return _Inquiry((sent, returned or sent), counted_out=False)
    key = _LIMITS.get(pause.kind)
    limit = rules.days_if_fixed(key) if key else None
    if key and limit is not None:
        last = calendar.add_working_days(delivered, limit)
        if returned is None or returned > last:
            latest = _step("征求意见最迟答复日", delivered, last, rules.citation(key), calendar)
            return _Inquiry((sent, last), counted_out=True, latest=latest)
    if returned is None:
        raise ClockNotRunning(f"{sent}发出的征求意见尚未答复，答复期限暂不能确定（{article}）。")
    return _Inquiry((sent, returned), counted_out=True)


def _union(spans: Iterable[Span]) -> list[Span]:
    """Merge overlapping and touching spans; empty ones vanish."""
    merged: list[Span] = []
    for start, end in sorted(span for span in spans if span[0] < span[1]):
        if merged and start <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((start, end))
    return merged


def _extension_days(extensions: Sequence[Extension], rules: RuleSet, receipt_on: date, due: date) -> int:
    """Return the days of the one extension. Raises Refusal for a second, a too long, or a late one."""
    article = rules.citation("extension_days_max")
    longest = rules.days("extension_days_max")
    if len(extensions) > 1:
        raise Refusal(f"答复期限只能延长一次，所填为{len(extensions)}次（{article}）。")
    extension = extensions[0]
    if not 1 <= extension.days <= longest:
        raise Refusal(f"延长答复的期限应为1至{longest}个工作日，所填为{extension.days}个（{article}）。")
    if extension.asked_on and not receipt_on <= extension.asked_on < due:
        raise Refusal(
            f"延长答复应在收到申请（{receipt_on}）之后、期限届满（{due}）之前批准并告知，所填为{extension.asked_on}（{article}）。"
        )
    return extension.days


# --- running --------------------------------------------------------------------------------------


@dataclass(frozen=True)
class _Names:
    """How the steps of one period are called, and the articles of the period and of the pauses."""

    step: str
    article: str
    pause_article: str


def _names(step: str, rules: RuleSet, key: str) -> _Names:
    return _Names(step, rules.citation(key), rules.citation("excluded_from_clock"))


def _run(
    start: date, days: int, spans: Sequence[Span], names: _Names, calendar: WorkCalendar
) -> list[TraceStep]:
    """Use up ``days`` working days after ``start``, leaving the spans out; the last step ends on the due day."""
    steps: list[TraceStep] = []
    at, left, name = start, days, names.step
    for span_start, span_end in spans:
        pause_from = max(span_start, at)
        # A pause that is over, or that starts when the last day is reached, moves nothing.
        if span_end <= pause_from or pause_from >= calendar.add_working_days(at, left):
            continue
        if pause_from > at:
            steps.append(_step(name, at, pause_from, names.article, calendar))
            left -= steps[-1].working_days
            name = f"{names.step}（续）"
        steps.append(_step(PAUSED, pause_from, span_end, names.pause_article, calendar))
        at = span_end
    return [*steps, _step(name, at, calendar.add_working_days(at, left), names.article, calendar)]


def _step(name: str, start: date, end: date, article: str, calendar: WorkCalendar) -> TraceStep:
    return TraceStep(name, start, end, calendar.working_days_between(start, end), article)
