"""The clock of a disclosure request: known due dates, receipt, correction, pauses, extension and their trace."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mingzheng.law.calendar import CalendarUnknown, default_calendar, is_working_day, working_days_between
from mingzheng.law.deadlines import (
    ClockNotRunning,
    Correction,
    Extension,
    Facts,
    FeeNotice,
    Pause,
    PauseKind,
    correction_notice_due,
    light,
    publication_due,
    trace_deadline,
)
from mingzheng.law.errors import Refusal
from mingzheng.law.rules import Channel


def day(text: str) -> date:
    return date.fromisoformat(text)


def pause(sent: str, returned: str | None = None, kind: PauseKind = PauseKind.THIRD_PARTY) -> Pause:
    return Pause(day(sent), day(returned) if returned else None, kind)


@pytest.mark.parametrize(
    ("received", "extend", "due"),
    [
        ("2018-02-09", 0, "2018-03-07"),  # old version, across Spring Festival
        ("2018-02-09", 15, "2018-03-28"),  # the longest extension of the old version
        ("2018-04-03", 0, "2018-04-25"),  # Tomb-Sweeping Day with a make-up Sunday
        ("2018-09-20", 0, "2018-10-17"),  # Mid-Autumn and National Day
        ("2018-12-20", 0, "2019-01-11"),  # a make-up Saturday that the next year's notice fixes
        ("2019-05-14", 0, "2019-06-04"),  # the last day of the old version
        ("2019-05-15", 0, "2019-06-13"),  # the first day of the new version
        ("2019-09-25", 0, "2019-10-28"),  # National Day with two make-up days
        ("2020-01-20", 0, "2020-02-25"),  # the prolonged Spring Festival
        ("2025-01-20", 0, "2025-02-21"),  # Spring Festival of eight days
        ("2021-03-06", 0, "2021-04-02"),  # received on a Saturday: day 1 is the Monday
        ("2021-03-07", 0, "2021-04-02"),  # received on the Sunday after it
        ("2019-06-03", 20, "2019-07-30"),  # the longest extension of the new version
        ("2019-06-03", 1, "2019-07-03"),  # the shortest extension
    ],
)
def test_known_due_dates(received: str, extend: int, due: str) -> None:
    extensions = (Extension(extend),) if extend else ()
    assert trace_deadline(Facts(day(received), extensions=extensions)).due_on == day(due)


def test_the_correction_notice_has_seven_working_days() -> None:
    assert correction_notice_due(day("2021-09-16")) == day("2021-09-27")
    with pytest.raises(Refusal, match="国务院令第492号"):
        correction_notice_due(day("2018-09-17"))


def test_publication_has_twenty_working_days() -> None:
    assert publication_due(day("2018-04-28")) == day("2018-05-29")


@pytest.mark.parametrize(
    ("channel", "received", "confirmed", "receipt"),
    [
        (Channel.IN_PERSON, "2020-03-02", None, "2020-03-02"),  # the day of submission
        (Channel.IN_PERSON, "2020-03-02", "2020-03-04", "2020-03-02"),  # a later talk changes nothing
        (Channel.REGISTERED_MAIL, "2020-03-02", None, "2020-03-02"),  # the day of signature
        (Channel.ORDINARY_MAIL, "2020-03-02", "2020-03-03", "2020-03-03"),  # confirmed with the applicant
        (Channel.ORDINARY_MAIL, "2018-03-02", "2018-03-05", "2018-03-05"),  # the same before 2019
        (Channel.ONLINE, "2020-03-02", "2020-03-05", "2020-03-05"),  # both sides confirm
        (Channel.ONLINE, "2018-03-02", None, "2018-03-02"),  # before 2019 the office's own rule
        (Channel.ONLINE, "2018-03-02", "2018-03-05", "2018-03-05"),  # or the day of confirmation
        (Channel.EMAIL, "2020-03-02", "2020-03-05", "2020-03-05"),  # e-mail is an internet channel since 2019
        (Channel.EMAIL, "2018-03-02", "2018-03-05", "2018-03-02"),  # before, the day the mail system had it
        (Channel.FAX, "2020-03-02", "2020-03-05", "2020-03-05"),  # both sides confirm
        (Channel.FAX, "2018-03-02", "2018-03-05", "2018-03-05"),  # and so before 2019
        (Channel.ORAL, "2020-03-02", None, "2020-03-02"),  # the day on which it was written down
    ],
)
def test_the_day_of_receipt_depends_on_the_channel(
    channel: Channel, received: str, confirmed: str | None, receipt: str
) -> None:
    deadline = trace_deadline(Facts(day(received), channel, day(confirmed) if confirmed else None))
    assert deadline.receipt_on == deadline.clock_from == day(receipt)
    assert deadline.due_on == trace_deadline(Facts(day(receipt))).due_on


@pytest.mark.parametrize(
    ("channel", "received"),
    [
        (Channel.ONLINE, "2020-03-02"),  # no confirmation, no receipt
        (Channel.EMAIL, "2020-03-02"),
        (Channel.FAX, "2020-03-02"),
        (Channel.ORDINARY_MAIL, "2020-03-02"),
        (Channel.ORDINARY_MAIL, "2018-03-02"),  # the old version wants it too
        (Channel.FAX, "2018-03-02"),
    ],
)
def test_without_the_confirmation_that_the_rule_wants_no_clock_runs(channel: Channel, received: str) -> None:
    with pytest.raises(ClockNotRunning, match="确认之日"):
        trace_deadline(Facts(day(received), channel))


def test_a_letter_confirmed_after_the_change_of_law_falls_under_the_new_version() -> None:
    deadline = trace_deadline(Facts(day("2019-05-14"), Channel.ORDINARY_MAIL, day("2019-05-15")))
    assert deadline.rule_set.key == "regulation-2019"
    assert deadline.due_on == day("2019-06-13")


def test_a_case_may_choose_its_version_against_the_date() -> None:
    facts = Facts(day("2019-05-14"), rule_set="regulation-2019")
    assert trace_deadline(facts).due_on == day("2019-06-12")
    with pytest.raises(Refusal, match="1999"):
        trace_deadline(replace(facts, rule_set="1999"))


def test_the_period_starts_again_with_the_corrected_request() -> None:
    facts = Facts(day("2021-09-16"), correction=Correction(day("2021-10-12"), asked_on=day("2021-09-27")))
    deadline = trace_deadline(facts)
    assert deadline.clock_from == day("2021-10-12")
    assert deadline.due_on == trace_deadline(Facts(day("2021-10-12"))).due_on
    assert [step.step for step in deadline.trace] == [
        "收到申请",
        "告知补正",
        "补正后重新起算",
        "法定答复期限",
    ]


def test_a_correction_keeps_the_version_of_the_first_receipt() -> None:
    deadline = trace_deadline(Facts(day("2019-05-06"), correction=Correction(day("2019-05-20"))))
    assert deadline.rule_set.key == "regulation-2007"
    assert deadline.due_on == day("2019-06-11")


def test_the_period_starts_again_with_the_payment_of_the_fee() -> None:
    facts = Facts(day("2021-03-01"), fee=FeeNotice(day("2021-03-08"), day("2021-03-15")))
    deadline = trace_deadline(facts)
    assert deadline.clock_from == day("2021-03-15")
    assert deadline.due_on == trace_deadline(Facts(day("2021-03-15"))).due_on


def test_an_inquiry_is_left_out_after_the_day_of_sending() -> None:
    deadline = trace_deadline(Facts(day("2019-06-03"), pauses=(pause("2019-06-12", "2019-06-27"),)))
    assert deadline.due_on == day("2019-07-17")
    assert [(step.step, step.working_days) for step in deadline.trace] == [
        ("收到申请", 0),
        ("法定答复期限", 6),
        ("征求意见（不计入）", 11),
        ("法定答复期限（续）", 14),
    ]


@pytest.mark.parametrize(
    ("pauses", "due"),
    [
        (
            (pause("2019-06-12", "2019-06-27"), pause("2019-06-12", "2019-06-27")),
            "2019-07-17",
        ),  # twice the same
        ((pause("2019-06-12", "2019-06-20"), pause("2019-06-18", "2019-06-27")), "2019-07-17"),  # overlapping
        ((pause("2019-06-12", "2019-06-20"), pause("2019-06-20", "2019-06-27")), "2019-07-17"),  # touching
        (
            (pause("2019-06-12", "2019-06-27"), pause("2019-06-14", "2019-06-17")),
            "2019-07-17",
        ),  # one inside another
        ((pause("2019-04-01", "2019-04-10"),), "2019-07-02"),  # over before the clock starts
        ((pause("2019-05-28", "2019-06-04"),), "2019-07-03"),  # began before it: only one day lies inside
        ((pause("2019-07-02", "2019-07-12"),), "2019-07-02"),  # sent on the last day
        ((pause("2019-09-02", "2019-09-12"),), "2019-07-02"),  # long after the last day
        ((pause("2019-06-12", "2019-06-12"),), "2019-07-02"),  # answered on the spot
        ((pause("2019-06-15", "2019-06-16"),), "2019-07-02"),  # only a weekend
        ((pause("2019-06-12", "2019-12-31"),), "2019-07-23"),  # ends after 15 working days at the latest
        ((pause("2019-06-12"),), "2019-07-23"),  # no answer: the same
        (
            (pause("2019-06-12", "2019-12-31", PauseKind.CO_MAKER),),
            "2019-07-23",
        ),  # silence of a co-maker is consent
        (
            (Pause(day("2019-06-12"), None, delivered_on=day("2019-06-14")),),
            "2019-07-25",
        ),  # 15 days from delivery
        (
            (pause("2019-06-12", "2019-07-17", PauseKind.OTHER_ORGAN),),
            "2019-08-06",
        ),  # other organs have no limit
    ],
)
def test_only_days_of_inquiry_inside_the_clock_are_left_out_once(pauses: tuple[Pause, ...], due: str) -> None:
    for order in (pauses, pauses[::-1]):
        assert trace_deadline(Facts(day("2019-06-03"), pauses=order)).due_on == day(due)


def test_before_2019_only_third_parties_stop_the_clock_and_have_no_limit() -> None:
    facts = Facts(day("2018-04-03"), pauses=(pause("2018-04-10", "2018-05-31"),))
    assert trace_deadline(facts).due_on == day("2018-06-15")
    other = replace(facts, pauses=(pause("2018-04-10", "2018-05-31", PauseKind.OTHER_ORGAN),))
    deadline = trace_deadline(other)
    assert deadline.due_on == day("2018-04-25")
    assert ("征求意见（不影响期限）", 0) in [(step.step, step.working_days) for step in deadline.trace]


def test_an_open_inquiry_without_a_limit_leaves_the_date_open() -> None:
    with pytest.raises(ClockNotRunning, match="尚未答复"):
        trace_deadline(Facts(day("2018-04-03"), pauses=(pause("2018-04-10"),)))
    with pytest.raises(ClockNotRunning, match="尚未答复"):
        trace_deadline(Facts(day("2019-06-03"), pauses=(pause("2019-06-12", None, PauseKind.OTHER_ORGAN),)))


def test_the_limit_of_an_inquiry_shows_in_the_trace() -> None:
    steps = trace_deadline(Facts(day("2019-06-03"), pauses=(pause("2019-06-12"),))).trace
    limit = next(step for step in steps if step.step == "征求意见最迟答复日")
    assert (limit.end, limit.working_days, limit.article) == (
        day("2019-07-03"),
        15,
        "国务院令第711号第三十二条",
    )


def test_an_inquiry_during_the_extension_is_left_out_too() -> None:
    facts = Facts(
        day("2019-06-03"),
        pauses=(pause("2019-07-08", "2019-07-12"),),
        extensions=(Extension(10, day("2019-06-28")),),
    )
    deadline = trace_deadline(facts)
    assert deadline.due_on == day("2019-07-22")
    assert [step.step for step in deadline.trace][-3:] == ["延长答复", "征求意见（不计入）", "延长答复（续）"]


NEW, OLD = Facts(day("2020-06-01")), Facts(day("2018-06-04"))


@pytest.mark.parametrize(
    ("facts", "reason"),
    [
        (
            replace(NEW, extensions=(Extension(21),)),
            "1至20个工作日.*国务院令第711号第三十三条第二款",
        ),  # too long
        (
            replace(OLD, extensions=(Extension(16),)),
            "1至15个工作日.*国务院令第492号第二十四条第二款",
        ),  # too long then
        (replace(NEW, extensions=(Extension(0),)), "1至20个工作日"),  # nothing
        (replace(NEW, extensions=(Extension(-5),)), "1至20个工作日"),  # backwards
        (replace(NEW, extensions=(Extension(5), Extension(5))), "只能延长一次.*第三十三条"),  # a second one
        (replace(NEW, extensions=(Extension(5, day("2020-06-30")),)), "期限届满"),  # on the last day
        (replace(NEW, extensions=(Extension(5, day("2020-05-29")),)), "收到申请"),  # before the request
        (
            replace(NEW, pauses=(pause("2020-06-05", "2020-06-04"),)),
            "早于发出日期.*第三十三条第三款",
        ),  # backwards
        (
            replace(
                NEW, pauses=(Pause(day("2020-06-05"), day("2020-06-09"), delivered_on=day("2020-06-10")),)
            ),
            "送达日期",  # answered before it arrived
        ),
        (replace(NEW, confirmed_on=day("2020-05-29")), "确认日期.*第三十一条"),  # confirmed before it came
        (
            replace(NEW, correction=Correction(day("2020-05-29"))),
            "早于收到申请之日.*第三十条",
        ),  # corrected before
        (
            replace(NEW, correction=Correction(day("2020-06-03"), asked_on=day("2020-06-04"))),
            "早于告知补正之日",  # corrected before it was asked for
        ),
        (
            replace(NEW, correction=Correction(None, asked_on=day("2020-06-11"))),
            "最迟2020-06-10.*第三十条",
        ),  # too late
        (
            replace(NEW, correction=Correction(None, asked_on=day("2020-05-29"))),
            "早于收到申请之日",
        ),  # too early
        (replace(NEW, fee=FeeNotice(day("2020-06-03"), day("2020-06-04"))), "2021-01-01"),  # no tariff yet
        (
            Facts(day("2021-03-01"), fee=FeeNotice(day("2021-03-08"), day("2021-04-07"))),
            "20个工作日内，最迟为2021-04-06",  # paid too late: deemed abandoned
        ),
        (Facts(day("2008-04-30")), "2008-05-01"),  # before the Regulation
    ],
)
def test_facts_against_the_rule_are_refused_with_the_article(facts: Facts, reason: str) -> None:
    with pytest.raises(Refusal, match=reason):
        trace_deadline(facts)


def test_the_latest_lawful_days_are_accepted() -> None:
    asked_on_last_day = Correction(day("2020-06-15"), asked_on=day("2020-06-10"))
    assert trace_deadline(replace(NEW, correction=asked_on_last_day)).clock_from == day("2020-06-15")
    assert trace_deadline(replace(NEW, extensions=(Extension(20, day("2020-06-29")),))).due_on == day(
        "2020-07-28"
    )


@pytest.mark.parametrize(
    "facts",
    [
        replace(
            NEW, correction=Correction(None, asked_on=day("2020-06-05"))
        ),  # waiting for the corrected request
        Facts(day("2021-03-01"), fee=FeeNotice(day("2021-03-08"))),  # waiting for the payment
    ],
)
def test_while_the_applicant_is_awaited_no_clock_runs(facts: Facts) -> None:
    with pytest.raises(ClockNotRunning):
        trace_deadline(facts)


def test_a_due_date_beyond_the_known_calendar_is_never_guessed() -> None:
    with pytest.raises(CalendarUnknown, match="2027年"):
        trace_deadline(Facts(day("2026-12-10")))
    arrangement = {
        "year": 2027,
        "notices": ["测试用通知"],
        "holidays": [{"name": "元旦", "off": ["2027-01-01"]}],
    }
    extended = default_calendar().with_data([arrangement])
    assert trace_deadline(Facts(day("2026-12-10")), extended).due_on == day("2027-01-08")


@pytest.mark.parametrize(
    ("today", "colour"),
    [
        ("2018-02-26", "green"),  # more than five working days left
        ("2018-02-28", "yellow"),  # exactly five
        ("2018-03-05", "red"),  # exactly two
        ("2018-03-07", "red"),  # the due day itself
        ("2018-03-08", "black"),  # overdue
    ],
)
def test_the_light_tells_how_near_the_due_date_is(today: str, colour: str) -> None:
    assert light(day("2018-03-07"), day(today)) == colour


# --- properties -----------------------------------------------------------------------------------

RECEIVED = st.dates(date(2008, 6, 1), date(2024, 12, 31))


@st.composite
def cases(draw: st.DrawFn) -> Facts:
    received = draw(RECEIVED)
    spans = draw(st.lists(st.tuples(st.integers(-40, 90), st.integers(0, 30)), max_size=4))
    pauses = []
    for offset, length in spans:
        sent = received + timedelta(days=offset)
        # At most 15 working days, so that no limit ends the inquiry before its answer.
        pauses.append(Pause(sent, sent + timedelta(days=min(length, 15))))
    extend = draw(st.integers(0, 15))
    return Facts(received, pauses=tuple(pauses), extensions=(Extension(extend),) if extend else ())


def due_by_walking(facts: Facts) -> date:
    """The same rule, one day at a time."""
    left = 15 if facts.received_on < date(2019, 5, 15) else 20
    left += sum(extension.days for extension in facts.extensions)
    at = facts.received_on
    while left:
        at += timedelta(days=1)
        asked = any(pause.sent_on < at <= (pause.returned_on or at) for pause in facts.pauses)
        left -= is_working_day(at) and not asked
    return at


@given(cases())
def test_the_due_date_agrees_with_a_walk_day_by_day(facts: Facts) -> None:
    assert trace_deadline(facts).due_on == due_by_walking(facts)


@given(cases(), st.randoms())
def test_the_order_of_inquiries_does_not_matter(facts: Facts, chance) -> None:
    shuffled = list(facts.pauses)
    chance.shuffle(shuffled)
    assert trace_deadline(replace(facts, pauses=tuple(shuffled))).due_on == trace_deadline(facts).due_on


@given(cases())
def test_an_inquiry_never_brings_the_due_date_forward(facts: Facts) -> None:
    assert trace_deadline(facts).due_on >= trace_deadline(replace(facts, pauses=())).due_on


@given(cases())
def test_the_steps_of_the_clock_join_up_and_add_up(facts: Facts) -> None:
    deadline = trace_deadline(facts)
    clock = [
        step
        for step in deadline.trace
        if not step.step.startswith(("收到", "征求意见最迟", "征求意见（不影响"))
    ]
    assert clock[0].start == deadline.clock_from
    assert clock[-1].end == deadline.due_on
    assert all(before.end == after.start for before, after in pairwise(clock))
    used = sum(step.working_days for step in clock if not step.step.startswith("征求意见"))
    longer = sum(extension.days for extension in facts.extensions)
    assert used == deadline.rule_set.days("reply_days") + longer
    assert all(step.working_days == working_days_between(step.start, step.end) for step in clock)
    assert is_working_day(deadline.due_on)
    assert all(step.article.startswith("国") for step in deadline.trace)
