"""The commands ``deadline`` and ``calendar``: exact JSON, readable tables, one Chinese sentence for a refusal."""

from __future__ import annotations

import json
import re

import pytest

from mingzheng.cli import main


def test_json_has_exactly_the_promised_fields(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["deadline", "--received", "2018-02-09", "--extend", "15", "--json"]) == 0
    result = json.loads(capsys.readouterr().out)
    assert list(result) == ["due_on", "rule_set", "trace"]
    assert (result["due_on"], result["rule_set"]) == ("2018-03-28", "regulation-2007")
    assert result["trace"][-1] == {
        "step": "延长答复",
        "from": "2018-03-07",
        "to": "2018-03-28",
        "working_days": 15,
        "article": "国务院令第492号第二十四条第二款",
    }


@pytest.mark.parametrize(
    ("options", "due"),
    [
        ("--received 2018-02-09", "2018-03-07"),  # the default channel is in person
        ("--received 2019-06-03 --pause 2019-06-12:2019-06-27", "2019-07-17"),  # one inquiry
        (
            "--received 2019-06-03 --pause 2019-06-12:2019-06-20 --pause 2019-06-18:2019-06-27",
            "2019-07-17",
        ),  # overlap
        ("--received 2019-06-03 --pause 2019-06-12:", "2019-07-23"),  # not answered yet
        ("--received 2019-06-03 --pause 2019-06-12:2019-07-17:other_organ", "2019-08-06"),  # no limit
        ("--received 2019-06-03 --pause 2019-01-02:2019-01-09", "2019-07-02"),  # outside the clock
        ("--received 2021-09-13 --channel online --confirmed 2021-09-16", "2021-10-20"),  # confirmed later
        (
            "--received 2021-09-13 --channel 网上提交 --confirmed 2021-09-16",
            "2021-10-20",
        ),  # the channel in Chinese
        ("--received 2021-09-16 --corrected 2021-10-12", "2021-11-09"),  # starts again
        (
            "--received 2021-09-16 --correction-asked 2021-09-27 --corrected 2021-10-12",
            "2021-11-09",
        ),  # with its notice
        ("--received 2020-06-01 --extend 20 --extended-on 2020-06-29", "2020-07-28"),  # asked in time
        ("--received 2019-05-14 --rule-set regulation-2019", "2019-06-12"),  # pending at the change of law
        ("--received 2018-03-10", "2018-03-30"),  # received on a Saturday
    ],
)
def test_options_become_facts(options: str, due: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["deadline", *options.split(), "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["due_on"] == due


def test_the_table_shows_each_step_with_its_article(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["deadline", "--received", "2019-06-03", "--pause", "2019-06-12:2019-06-27"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[0].split() == ["步骤", "起", "止", "工作日", "依据"]
    assert lines[3].split() == [
        "征求意见（不计入）",
        "2019-06-12",
        "2019-06-27",
        "11",
        "国务院令第711号第三十三条第三款",
    ]
    assert lines[-1].startswith("最迟答复日期：2019-07-17（星期三）。")


@pytest.mark.parametrize(
    ("options", "named"),
    [
        ("", "--received"),  # nothing given
        ("--received 2018-02-30", "2018-02-30"),  # no such day
        ("--received 20180209", "20180209"),  # another way of writing
        ("--received 2018-02-09 --confirmed someday", "--confirmed"),  # the option is named
        ("--received 2018-02-09 --channel pigeon", "pigeon"),  # no such channel
        ("--received 2018-02-09 --extend 16", "国务院令第492号"),  # too long for the old version
        ("--received 2020-06-01 --extend 21", "国务院令第711号"),  # too long for the new one
        ("--received 2020-06-01 --extend 5 --extend 5", "只能延长一次"),  # a second extension
        ("--received 2020-06-01 --extend -1", "-1"),  # backwards
        ("--received 2020-06-01 --extend 1.5", "1.5"),  # not a whole number
        ("--received 2020-06-01 --extended-on 2020-06-05", "--extend"),  # by how many days?
        ("--received 2020-06-01 --pause 2020-06-05", "--pause"),  # one day is not a pause
        ("--received 2020-06-01 --pause 2020-06-09:2020-06-05", "早于发出日期"),  # backwards
        ("--received 2020-06-01 --pause 2020-06-05:2020-06-09:mayor", "mayor"),  # no such kind
        ("--received 2020-06-01 --corrected 2020-05-05", "第三十条"),  # before the request
        ("--received 2008-04-30", "2008-05-01"),  # before the Regulation
        ("--received 2026-12-20", "2027年"),  # the result is beyond the calendar
        ("--received 2035-01-04", "2035年"),  # the request is beyond the calendar
        ("--received 2020-06-01 --rule-set 2019", "regulation-2019"),  # the known versions are named
    ],
)
def test_a_refusal_is_one_chinese_sentence_and_status_2(
    options: str, named: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["deadline", *options.split()]) == 2
    printed = capsys.readouterr()
    assert printed.out == ""
    assert named in printed.err
    assert printed.err.count("\n") == 1
    assert printed.err.endswith("。\n")


def test_without_a_confirmation_the_day_of_receipt_is_taken_as_confirmed(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert main(["deadline", "--received", "2020-06-01", "--channel", "online", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["due_on"] == "2020-06-30"


@pytest.mark.parametrize(
    ("arguments", "named"),
    [
        ([], "命令"),  # nothing at all
        (["no-such"], "no-such"),
        (["calendar", "--no-such"], "--no-such"),
        (["deadline", "--received"], "--received"),  # the value is missing
        (["check-report"], "文件"),  # a required argument is missing
    ],
)
def test_a_wrong_command_line_is_refused_in_chinese(
    arguments: list[str], named: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as ended:
        main(arguments)
    assert ended.value.code == 2
    printed = capsys.readouterr().err
    assert named in printed
    assert printed.count("\n") == 1
    assert not re.search(r"argument|required|invalid|expected|unrecognized", printed)


def test_a_year_is_listed_with_its_days_and_notices(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["calendar", "2018", "--json"]) == 0
    result = json.loads(capsys.readouterr().out)
    assert list(result) == ["year", "working_days", "off", "make_up", "notices"]
    assert (result["year"], result["working_days"]) == (2018, 250)
    assert [row["date"] for row in result["make_up"]][-1] == "2018-12-29"
    assert result["off"][-1] == {"date": "2018-12-31", "name": "元旦"}
    assert any("2018-12/06" in notice for notice in result["notices"])  # the notice that reaches back


def test_a_year_is_readable_without_json(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["calendar", "2020"]) == 0
    printed = capsys.readouterr().out
    assert printed.startswith("2020年共249个工作日。")
    assert "2020-01-31  星期五  春节" in printed
    assert "2020-01-19  星期日  春节" in printed


@pytest.mark.parametrize(
    ("year", "named"),
    [
        ("2027", "2027年"),  # not announced
        ("2006", "2006年"),  # before the first notice
        ("今年", "今年"),  # not a number
        ("18", "18"),  # two digits
        ("", "四位数字"),  # nothing
    ],
)
def test_an_unknown_year_is_refused(year: str, named: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["calendar", year]) == 2
    assert named in capsys.readouterr().err
