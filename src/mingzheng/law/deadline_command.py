"""``mingzheng deadline``: the due date of a disclosure request, with each step and its article."""

from __future__ import annotations

import argparse
import json
from datetime import date
from typing import TYPE_CHECKING

from mingzheng.law.console import WEEKDAYS, read_day, write, write_table
from mingzheng.law.errors import Refusal

if TYPE_CHECKING:
    from mingzheng.law.deadlines import Deadline, Facts, Pause
    from mingzheng.law.rules import Channel

    Commands = argparse._SubParsersAction[argparse.ArgumentParser]


def register(commands: Commands) -> None:
    """Add ``deadline`` to the console script."""
    parser = commands.add_parser(
        "deadline", help="推算依申请公开的答复期限", description="推算依申请公开的答复期限，逐步列明依据"
    )
    parser.add_argument("--received", metavar="日期", help="收到日期，如2018-02-09")
    parser.add_argument(
        "--channel",
        default="in_person",
        metavar="方式",
        help="提交方式：in_person（当面，默认）、registered_mail、ordinary_mail、online、fax、email、oral",
    )
    parser.add_argument(
        "--confirmed",
        metavar="日期",
        help="与申请人确认的日期（平常信函、传真、网上提交等）；未填写时以收到日期为确认之日",
    )
    parser.add_argument("--correction-asked", metavar="日期", help="告知补正的日期")
    parser.add_argument("--corrected", metavar="日期", help="收到补正申请的日期")
    parser.add_argument("--extend", action="append", default=[], metavar="工作日", help="延长答复的工作日数")
    parser.add_argument("--extended-on", metavar="日期", help="批准并告知延长答复的日期")
    parser.add_argument(
        "--pause",
        action="append",
        default=[],
        metavar="发出:答复[:对象]",
        help="征求意见的起止日期，可多次填写；对象为third_party（第三方，默认）、co_maker或other_organ",
    )
    parser.add_argument(
        "--rule-set", metavar="版本", help="指定适用的条例版本:regulation-2007或regulation-2019"
    )
    parser.add_argument("--json", action="store_true", help="以JSON格式输出")
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Print the due date and its trace; refusals leave by exception."""
    # Imported here so that other commands do not read the rule files.
    from mingzheng.law.deadlines import trace_deadline

    deadline = trace_deadline(_facts(arguments))
    if arguments.json:
        write(json.dumps(deadline.as_dict(), ensure_ascii=False, indent=2))
    else:
        _write_deadline(deadline)
    return 0


def _facts(arguments: argparse.Namespace) -> Facts:
    from mingzheng.law.deadlines import Correction, Extension, Facts

    if not arguments.received:
        raise Refusal("推算答复期限须填写收到日期，如--received 2018-02-09。")
    asked = _optional_day(arguments.correction_asked, "--correction-asked")
    corrected = _optional_day(arguments.corrected, "--corrected")
    extended_on = _optional_day(arguments.extended_on, "--extended-on")
    if extended_on and not arguments.extend:
        raise Refusal("填写了--extended-on而未填写--extend，请补填延长答复的工作日数。")
    return Facts(
        received_on=read_day(arguments.received, "--received"),
        channel=_channel(arguments.channel),
        # On the command line the day of receipt is the day that counts unless a later confirmation is named.
        confirmed_on=read_day(arguments.confirmed or arguments.received, "--confirmed"),
        correction=Correction(corrected, asked) if asked or corrected else None,
        pauses=tuple(_pause(text) for text in arguments.pause),
        extensions=tuple(Extension(_extension_days(text), extended_on) for text in arguments.extend),
        rule_set=arguments.rule_set,
    )


def _optional_day(text: str | None, option: str) -> date | None:
    return None if text is None else read_day(text, option)


def _channel(text: str) -> Channel:
    """Return the channel by its code or its Chinese label."""
    from mingzheng.law.rules import Channel

    for channel in Channel:
        if text in (channel.value, channel.label):
            return channel
    known = "、".join(f"{channel.value}({channel.label})" for channel in Channel)
    raise Refusal(f"没有名为“{text}”的提交方式；可用：{known}。")


def _extension_days(text: str) -> int:
    digits = text.removeprefix("-").removeprefix("+")
    if not (digits.isascii() and digits.isdigit() and len(digits) < 10):
        raise Refusal(f"--extend的工作日数“{text}”有误，应为整数。")
    return int(text)


def _pause(text: str) -> Pause:
    """Read ``sent:returned`` or ``sent:returned:kind``; an empty second day is an inquiry not yet answered."""
    from mingzheng.law.deadlines import Pause, PauseKind

    parts = text.split(":")
    if len(parts) not in (2, 3):
        raise Refusal(f"--pause的内容“{text}”有误，应写作“发出日期:答复日期”，如2019-06-12:2019-06-27。")
    kinds = {kind.value: kind for kind in PauseKind}
    kind = parts[2] if len(parts) == 3 else PauseKind.THIRD_PARTY.value
    if kind not in kinds:
        raise Refusal(f"--pause的征求对象“{kind}”有误；可用：{'、'.join(kinds)}。")
    return Pause(
        sent_on=read_day(parts[0], "--pause"),
        returned_on=read_day(parts[1], "--pause") if parts[1] else None,
        kind=kinds[kind],
    )


def _write_deadline(deadline: Deadline) -> None:
    rows = [("步骤", "起", "止", "工作日", "依据")]
    rows += [
        (step.step, str(step.start), str(step.end), str(step.working_days), step.article)
        for step in deadline.trace
    ]
    write_table(rows)
    rules, due = deadline.rule_set, deadline.due_on
    write(
        f"最迟答复日期：{due}（星期{WEEKDAYS[due.weekday()]}）。适用《{rules.title}》（{rules.document}）。"
    )
