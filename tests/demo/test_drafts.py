"""The texts read as whole, their tables add up, their dates keep the rules."""

import re
from collections import Counter, defaultdict
from datetime import time

import pytest

from mingzheng.demo.drafting import drafts
from mingzheng.demo.figures import wanted
from mingzheng.demo.routing import routes
from mingzheng.law.calendar import is_working_day, working_days_between
from mingzheng.law.doc_numbers import EXACT, parse_doc_numbers
from mingzheng.publish.catalogue.services import theme_names
from mingzheng.publish.items.drafts import ItemDraft

YEAR = 2018


@pytest.fixture(scope="module")
def items() -> list[ItemDraft]:
    return list(drafts(YEAR, "small"))


def test_the_same_items_come_every_time(items: list[ItemDraft]) -> None:
    assert list(drafts(YEAR, "small")) == items
    assert len(items) == wanted(YEAR, "small").total


def test_no_slot_is_left_open_and_sentences_end_well(items: list[ItemDraft]) -> None:
    for item in items:
        text = item.title + item.body + item.keywords + item.abstract
        assert not re.search(r"[{}]|None|。，|。；|，，|。。|，。|、。", text), item.title


def test_bodies_have_a_readable_length(items: list[ItemDraft]) -> None:
    lengths = [len(re.sub("<[^>]+>", "", item.body)) for item in items]
    assert min(lengths) >= 280
    assert max(lengths) <= 1500


def test_titles_are_not_repeated_within_a_unit(items: list[ItemDraft]) -> None:
    assert max(Counter((item.unit_code, item.title) for item in items).values()) == 1
    assert max(Counter(item.source_key for item in items).values()) == 1


def _numbers(row: str) -> list[str]:
    return re.findall(r"<td>(.*?)</td>", row)


def test_the_sums_of_tables_add_up(items: list[ItemDraft]) -> None:
    checked = 0
    for item in items:
        for table in re.findall(r"<tbody>(.*?)</tbody>", item.body):
            rows = [_numbers(row) for row in re.findall(r"<tr>(.*?)</tr>", table)]
            if rows[-1][0] != "合计":
                continue
            for place, total in enumerate(rows[-1]):
                if re.fullmatch(r"\d+(\.\d+)?", total):
                    column = sum(round(float(row[place]) * 100) for row in rows[:-1])
                    assert column == round(float(total) * 100), item.title
                    checked += 1
    assert checked > 200


def test_sums_named_in_the_text_are_those_of_the_table(items: list[ItemDraft]) -> None:
    budgets = [item for item in items if "支出总预算" in item.body]
    assert budgets
    for item in budgets:
        named = re.search(r"支出总预算([\d.]+)万元", item.body)
        total = re.search(r"合计</td>.*?<td>([\d.]+)</td></tr></tbody>", item.body)
        assert named
        assert total
        assert named[1] == total[1]


def test_items_are_published_on_working_days_in_office_hours(items: list[ItemDraft]) -> None:
    since = {route.column.code: route.column.effective_from for route in routes(YEAR)}
    last = None
    for item in items:
        moment = item.published_at
        assert moment is not None
        assert moment.year == YEAR
        assert is_working_day(moment.date())
        assert time(8, 30) <= moment.time() <= time(17, 30)
        assert moment.date() > since[item.column_code]
        assert item.written_on is None or item.written_on <= moment.date()
        assert last is None or last <= moment
        last = moment


def test_documents_have_numbers_of_their_own(items: list[ItemDraft]) -> None:
    numbers: dict[str, list[str]] = defaultdict(list)
    for item in items:
        if item.doc_no:
            [number] = parse_doc_numbers(item.doc_no)
            assert number.status == EXACT
            numbers[item.unit_code].append(item.doc_no)
            assert item.issuer
            assert item.abstract
            assert item.written_on
    assert all(len(set(found)) == len(found) for found in numbers.values())
    words = {unit: {number.partition("〔")[0] for number in found} for unit, found in numbers.items()}
    everywhere = [word for found in words.values() for word in found]
    assert len(set(everywhere)) == len(everywhere)


def test_own_interpretations_follow_their_documents_within_three_working_days(items: list[ItemDraft]) -> None:
    published = {item.source_key: item for item in items}
    own = [item for item in items if item.interpretation and item.interpretation.level == "own"]
    assert own
    for item in own:
        assert item.interpretation
        document = published[item.interpretation.document_key]
        assert document.doc_no == item.interpretation.document_no
        assert document.unit_code == item.unit_code
        assert item.published_at
        assert document.published_at
        assert document.published_at <= item.published_at
        assert working_days_between(document.published_at.date(), item.published_at.date()) <= 3
    assert max(Counter(item.interpretation.document_key for item in own if item.interpretation).values()) == 1


def test_participants_are_as_many_as_wanted(items: list[ItemDraft]) -> None:
    figures = wanted(YEAR, "small")
    meetings = [item for item in items if item.column_code == "ZH0102" and item.participants]
    assert [len(item.participants) for item in meetings] == [3, 4]
    assert [item.published_at.date() for item in meetings if item.published_at] == [
        meeting.day for meeting in figures.meetings
    ]
    press = [item for item in items if item.column_code == "XF0102"]
    assert sum(len(item.participants) for item in press) == figures.press_participants


def test_themes_are_known(items: list[ItemDraft]) -> None:
    assert {item.theme for item in items} <= set(theme_names())
