"""The city's and its units' own words: who writes them, when they hold, what they change in a text's findings."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection, transaction
from django.db.utils import DatabaseError
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from mingzheng.city.models import AuditEntry
from mingzheng.city.permissions import NotAllowed
from mingzheng.law.checksums import id_card_check_digit
from mingzheng.law.errors import Refusal
from mingzheng.publish.checks.services import check_text
from mingzheng.publish.words import services
from mingzheng.publish.words.models import WordRule
from mingzheng.publish.words.services import RuleDraft, add_rule, end_rule, import_rules, words_of

ID_CARD = "34040419900307101" + id_card_check_digit("34040419900307101")
TODAY = timezone.localdate()


def draft(kind="typo", wrong="示范式", right="示范市", **more):
    return RuleDraft(kind, wrong, right, **{"reason": "常见错误"} | more)


def found(city, text, unit="czj", on=None):
    return [
        (each.rule, each.severity, each.word)
        for each in check_text(text, "正文", words_of(city.units[unit], on))
    ]


def test_a_rule_of_the_city_holds_in_every_unit_from_its_day_until_it_ends(city):
    office = city.people["office"]
    assert found(city, "示范式财政局") == []
    rule = add_rule(office, draft(active_from=TODAY + timedelta(days=3)))
    assert found(city, "示范式财政局") == []
    later = TODAY + timedelta(days=3)
    for unit in ("city", "czj", "qingshui"):
        assert found(city, "示范式财政局", unit, later) == [("typo", "warn", "示范式")]
    end_rule(office, rule.pk, ends_on=TODAY + timedelta(days=5), reason="不再需要")
    assert found(city, "示范式", on=TODAY + timedelta(days=4)) != []
    assert found(city, "示范式", on=TODAY + timedelta(days=5)) == []
    assert [each.verb for each in AuditEntry.objects.filter(subject=f"word:{rule.pk}")] == [
        "word.added",
        "word.ended",
    ]


def test_a_white_list_holds_in_its_own_unit_alone(city):
    add_rule(city.people["czj-signer"], draft("white", "帐户", "", unit=city.units["czj"]))
    assert found(city, "帐户") == []
    assert found(city, "帐户", "daj") == [("typo", "warn", "帐户")]
    add_rule(city.people["office"], draft("white", "帐号", ""))
    assert found(city, "帐号", "daj") == []


@pytest.mark.parametrize(
    ("severity", "rule"),
    [
        ("block", "forbidden"),
        ("warn", "forbidden"),
        ("note", "outdated"),
    ],  # what stops, what is looked at, what is told
)
def test_a_phrase_carries_its_own_severity_and_reason(city, severity, rule):
    add_rule(city.people["office"], draft("phrase", "老城关镇", "", severity=severity, reason="已更名"))
    [told] = check_text("老城关镇政府", "正文", words_of(city.units["czj"]))
    assert (told.rule, told.severity, told.message) == (rule, severity, "“老城关镇”已更名。")


def test_a_right_word_that_holds_the_wrong_one_is_not_found(city):
    add_rule(city.people["office"], draft(wrong="发改委", right="市发改委"))
    assert found(city, "市发改委") == []
    assert len(found(city, "请发改委办理")) == 1


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"wrong": "字"}, "应为2至60个字"),
        ({"wrong": "长" * 61}, "应为2至60个字"),
        ({"wrong": " \x00 "}, "应为2至60个字"),
        ({"right": ""}, "须写明正确写法"),
        ({"right": "示范式"}, "与错误写法相同"),
        ({"right": "长" * 61}, "超过60个字"),
        ({"reason": " "}, "须写明理由"),
        ({"severity": "fatal"}, "级别有误"),
        ({"kind": "other"}, "类别有误"),
        ({"active_from": TODAY - timedelta(days=1)}, "早于今天"),
        ({"wrong": "13805541234"}, "词语中有手机号"),  # a number as a typo
        ({"kind": "white", "wrong": f"身份证{ID_CARD}号"}, "词语中有"),  # nobody's identity in a list
        ({"wrong": "重复词", "right": "重复的词"}, "已在全市的词表中"),
    ],
)
def test_a_wrong_rule_is_refused(city, change, sentence):
    add_rule(city.people["office"], draft(wrong="重复词", right="另一个词"))
    before = WordRule.objects.count()
    with pytest.raises(Refusal, match=sentence):
        add_rule(city.people["office"], draft(**change))
    assert WordRule.objects.count() == before


@pytest.mark.parametrize(
    ("person", "kind", "unit", "allowed"),
    [
        ("office", "typo", None, True),
        ("office", "white", None, True),
        ("office", "typo", "qingshui", True),
        ("hexi-office", "typo", None, False),  # a county's office does not speak for the city
        ("hexi-office", "typo", "qingshui", True),
        ("czj-signer", "white", "czj", True),
        ("czj-signer", "typo", "czj", False),  # a unit lets words pass, it forbids none
        ("czj-signer", "white", "daj", False),
        ("czj-signer", "white", None, False),
        ("reviewer", "white", "daj", True),
        ("czj-writer", "white", "czj", False),  # who writes does not let themselves pass
        ("auditor", "white", "czj", False),
    ],
)
def test_who_may_write_which_rule(city, person, kind, unit, allowed):
    given = draft(kind, right="示范市" if kind == "typo" else "", unit=city.units[unit] if unit else None)
    if allowed:
        rule = add_rule(city.people[person], given)
        assert end_rule(city.people[person], rule.pk).ends_on == TODAY
    else:
        with pytest.raises(NotAllowed):
            add_rule(city.people[person], given)


def test_what_the_city_forbids_a_unit_does_not_allow_itself(city):
    with pytest.raises(Refusal, match="全市禁用的表述"):
        add_rule(city.people["czj-signer"], draft("white", "台湾政府", "", unit=city.units["czj"]))
    add_rule(city.people["office"], draft("white", "台湾政府", "", unit=city.units["czj"]))
    assert found(city, "台湾政府") == []


def test_a_rule_ends_once_and_not_in_the_past(city):
    office = city.people["office"]
    rule = add_rule(office, draft())
    with pytest.raises(Refusal, match="早于今天"):
        end_rule(office, rule.pk, ends_on=TODAY - timedelta(days=1))
    end_rule(office, rule.pk)
    with pytest.raises(Refusal, match="已定于"):
        end_rule(office, rule.pk)
    with pytest.raises(Refusal, match="没有这条"):
        end_rule(office, 10**12)
    assert add_rule(office, draft()).pk != rule.pk  # what has ended may be written again


@pytest.mark.parametrize(
    "statement", ["UPDATE words_wordrule SET wrong = '改'", "DELETE FROM words_wordrule"]
)
def test_the_database_changes_no_rule(city, statement):
    add_rule(city.people["office"], draft())
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)


def test_a_list_is_compiled_once_per_change(city):
    unit = city.units["czj"]
    add_rule(city.people["office"], draft())
    first = words_of(unit)
    with CaptureQueriesContext(
        connection,
    ) as queries:
        assert words_of(unit) is first
    assert len(queries) == 1
    add_rule(city.people["office"], draft(wrong="另一词", right="另一个词"))
    assert words_of(unit) is not first


def test_a_sheet_is_taken_in_whole_or_not_at_all(city):
    office = city.people["office"]
    rows = [(2, draft()), (3, draft(wrong="字", right="好字")), (4, "没有“某某局”这个单位。")]
    done = import_rules(office, rows)
    assert [(number, sentence[:6]) for number, _, sentence in done.errors] == [
        (3, "词语“字”有"),
        (4, "没有“某某局"),
    ]
    assert WordRule.objects.count() == 0
    assert import_rules(office, rows[:1]).written == 1
    again = import_rules(office, [*rows[:1], (3, draft(wrong="另一词", right="另一个词"))])
    assert (again.written, again.present) == (1, 1)


def test_many_rules_cost_a_text_little(city):
    import time

    phrases = {f"{chr(0x4E00 + n // 90)}{chr(0x5E00 + n % 90)}词": n for n in range(9000)}
    WordRule.objects.bulk_create(
        WordRule(kind="typo", wrong=wrong, right="对", severity="warn", reason="测试", active_from=TODAY,
                 added_by=city.people["office"])
        for wrong in phrases
    )  # fmt: skip
    words, text = words_of(city.units["czj"]), "行政机关公开政府信息，应当坚持以公开为常态。" * 15_000
    started = time.process_time()
    check_text(text, "正文", words)
    assert time.process_time() - started < 0.6  # 1 MB; the bench holds it under 0.3 s on a quiet machine
    assert services.words_of(city.units["czj"]) is words
