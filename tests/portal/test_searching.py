"""Words, the index beside the database, and the page of results: what is found, in which order, and what repairs it."""

from __future__ import annotations

import multiprocessing
import os
import signal
from datetime import UTC, datetime

import pytest
from bs4 import BeautifulSoup
from django.test import Client

from mingzheng.city.services import waiting_events
from mingzheng.law.errors import Refusal
from mingzheng.portal import work
from mingzheng.portal.changes import TOPICS
from mingzheng.portal.publisher import publish_changed, publish_full
from mingzheng.portal.searching import words as own_words
from mingzheng.portal.searching.asking import understand
from mingzheng.portal.searching.engine import Engine
from mingzheng.portal.searching.marking import marked, piece_of
from mingzheng.portal.searching.services import Question, find, follow, is_behind, opened, rebuild, sweep
from mingzheng.portal.searching.words import Words
from mingzheng.publish.items.models import Item
from mingzheng.publish.items.services import InterpretationDraft, withdraw_item

LANGUAGE = Words(["政务公开", "示范市财政局", "最低生活保障"], {"低保": "最低生活保障"})


def ids(query="", **limits):
    """What the engine finds."""
    return find(opened(), Question(query, **limits), 0, 50).found.ids


def titles(query, **asked):
    answer = Client().get("/search/", {"q": query, **asked})
    assert answer.status_code == 200
    page = BeautifulSoup(answer.content.decode(), "html.parser")
    return [link.get_text() for link in page.select(".found .entry-title")]


# --- words ---


def test_texts_are_cut_into_words_and_the_words_within_them():
    assert LANGUAGE.cut("推进政务公开。") == ["推进", "政务公开"]
    assert {"政务", "公开", "政务公开"} <= set(LANGUAGE.parts("推进政务公开"))


@pytest.mark.parametrize(
    ("one", "other"), [("ＡＢＣ１２３", "abc123"), ("Word", "word"), ("（2018）", "2018")]
)
def test_widths_and_capitals_are_one(one, other):
    assert LANGUAGE.cut(one) == LANGUAGE.cut(other)


def test_an_everyday_word_asks_for_the_official_one_as_well():
    [ways] = understand("低保", LANGUAGE).words
    assert ["最低生活保障"] in ways


@pytest.mark.parametrize(
    ("typed", "numbers"),
    [
        ("示财[2018]7号", ("示财〔2018〕7号",)),
        ("脱贫攻坚", ()),
        ("003123456/201803-00001", ("003123456/201803-00001",)),
    ],
)
def test_numbers_are_recognised_in_a_question(typed, numbers):
    assert understand(typed, LANGUAGE).numbers == numbers


def test_a_question_of_idle_words_is_still_a_question():
    assert understand("怎么", LANGUAGE).words
    assert [ways[0] for ways in understand("怎么办理低保", LANGUAGE).words] == [["办理"], ["低保"]]


@pytest.mark.parametrize(
    ("line", "said"), [("一", "第1行的“一”不是"), ("低保=", "应写成"), ("a b", "第1行的“a b”不是")]
)
def test_a_wrong_line_of_an_office_s_own_words_is_named(portal, settings, line, said):
    (settings.HOME / own_words.OWN_FILE).write_text(line)
    with pytest.raises(Refusal, match=said):
        rebuild()


# --- the index ---


def test_an_office_s_word_makes_the_index_anew(portal, settings):
    item = portal.publish("办理敬老优待卡的通知")
    sweep()
    assert sweep() == (0, 0)
    (settings.HOME / own_words.OWN_FILE).write_text("老人卡 = 敬老优待卡\n")
    assert sweep().written == 1
    assert ids("老人卡") == [item.pk]


def test_the_index_follows_publication_amendment_and_withdrawal(portal):
    rebuild()
    item = portal.publish("关于召开会议的通知")
    assert follow(waiting_events(TOPICS)) == 1
    assert ids("会议") == [item.pk]
    portal.amend(item, title="关于召开座谈会的通知", body="<p>定于周五。</p>")
    follow(waiting_events(TOPICS))
    assert (ids("会议"), ids("座谈会")) == ([], [item.pk])
    withdraw_item(portal.office, item.pk, "内容有误")
    follow(waiting_events(TOPICS))
    assert ids("座谈会") == []


def test_a_sweep_finds_what_events_did_not_tell(portal):
    kept, changed, hidden = (portal.publish(f"第{n}号通知") for n in "一二三")
    rebuild()
    Item.objects.filter(pk=changed.pk).update(title="改过的公告")
    Item.objects.filter(pk=hidden.pk).update(openness="closed")
    assert sweep() == (1, 1)
    assert sorted(ids()) == [kept.pk, changed.pk]
    assert ids("公告") == [changed.pk]


def test_the_work_builds_the_index_and_keeps_it(portal, monkeypatch):
    monkeypatch.setattr(work, "_swept", {})
    item = portal.publish("关于召开会议的通知")
    said = []
    work.work_once(said.append)
    assert "搜索索引已更新1条，移除0条。" in said
    other = portal.publish("关于放假的公告")
    work.work_once()
    assert sorted(ids()) == [item.pk, other.pk]


def test_while_there_is_no_index_the_page_says_so(portal):
    answer = Client().get("/search/", {"q": "会议"})
    assert answer.status_code == 503
    assert "搜索正在准备" in answer.content.decode()


def test_a_build_that_breaks_off_leaves_the_old_index(portal, monkeypatch):
    portal.bring_in_many(3)
    rebuild()

    def broken(count):
        raise OSError("No space left on device")

    with pytest.raises(OSError, match="space"):
        rebuild(broken)
    assert len(ids()) == 3
    assert rebuild() == 3
    assert len(ids()) == 3


def _write_and_die(folder, texts):
    def dying():
        yield from texts
        os.kill(os.getpid(), signal.SIGKILL)

    Engine(folder).write(dying())


def test_a_killed_writer_leaves_all_readers_what_they_had_and_holds_no_lock(portal, settings):
    portal.bring_in_many(3)
    rebuild()
    index = opened()
    folder = settings.HOME / "search" / index.name
    from mingzheng.portal.searching.texts import Texts

    texts = list(Texts(index.words).of(ids()))
    child = multiprocessing.get_context("fork").Process(target=_write_and_die, args=(folder, texts))
    child.start()
    child.join(30)
    assert child.exitcode == -signal.SIGKILL
    assert len(ids()) == 3
    assert index.engine.write(texts, [text.id for text in texts]) == 3
    assert len(ids()) == 3


def test_two_processes_do_not_write_one_index_at_once(portal, monkeypatch, caplog):
    portal.bring_in_many(1)
    rebuild()
    publish_full()
    held = opened().engine._index.writer(heap_size=15_000_000)
    portal.publish("关于召开会议的通知")
    assert publish_changed().written  # the pages wait for nobody
    assert "another process" in caplog.text
    assert is_behind()
    monkeypatch.setattr(work, "_swept", {})
    work.work_once()
    del held
    work.work_once()
    assert len(ids("会议")) == 1
    assert not is_behind()


def test_what_is_published_is_found_and_what_is_withdrawn_is_not_as_soon_as_the_pages_are_there(portal):
    rebuild()
    publish_full()
    item = portal.publish("关于召开会议的通知")
    publish_changed()
    assert ids("会议") == [item.pk]
    withdraw_item(portal.office, item.pk, "内容有误")
    publish_full()
    assert ids("会议") == []


# --- results ---


def test_filters_limit_and_facets_count(portal):
    portal.bring_in(
        portal.draft("财政预算的会议", unit="czj", published_at=datetime(2017, 3, 1, tzinfo=UTC)),
        portal.draft("县财政预算的会议", unit="hexi-czj", published_at=datetime(2018, 3, 1, tzinfo=UTC)),
        portal.draft("档案的会议", unit="daj", published_at=datetime(2018, 4, 1, tzinfo=UTC)),
    )
    sweep()
    assert set(titles("会议")) == {"财政预算的会议", "县财政预算的会议", "档案的会议"}
    assert titles("会议 预算", year="2017") == ["财政预算的会议"]
    assert titles("会议", unit="hexi") == ["县财政预算的会议"]  # with the units below
    assert titles("会议", kind="document") == []
    assert titles("会议", sort="new")[0] == "档案的会议"
    page = BeautifulSoup(Client().get("/search/", {"q": "会议"}).content.decode(), "html.parser")
    years = {each.a.get_text(): each.span.get_text() for each in page.select(".search-facets li")}
    assert (years["2018年"], years["2017年"]) == ("2", "1")
    chosen = page.find("a", string="2018年")["href"]
    answer = Client().get(chosen)
    assert len(BeautifulSoup(answer.content.decode(), "html.parser").select(".found li")) == 2
    assert "取消这一条件" in answer.content.decode()


def test_an_impossible_filter_counts_as_not_said(portal):
    portal.bring_in_many(1)
    sweep()
    for wrong in (
        {"year": "99999"},
        {"year": "１９９９"},
        {"unit": "nobody\0"},
        {"theme": "'"},
        {"kind": "x"},
        {"sort": "x"},
    ):
        assert titles("动态", **wrong) == ["第1条动态"]


def test_a_word_in_the_title_counts_more_and_what_has_ended_less(portal):
    portal.bring_in(
        portal.draft("其他事项", body="<p>关于养犬管理的说明。</p>"),
        portal.draft("养犬管理的说明", body="<p>正文。</p>"),
    )
    sweep()
    assert titles("养犬")[0] == "养犬管理的说明"


def test_documents_in_force_stand_before_those_that_ended_and_can_be_asked_for_alone(portal):
    for title, no, ends in (("养犬管理办法", 1, "2018-02-01"), ("养犬管理细则", 2, None)):
        portal.publish(
            title, column="ZC0101", doc_no=f"示财〔2018〕{no}号", issuer="示范市财政局",
            expires_on=ends and datetime.fromisoformat(ends).date(),
        )  # fmt: skip
    sweep()
    assert len(titles("养犬管理")) == 2
    assert titles("养犬管理")[0] == "养犬管理细则"
    assert titles("养犬管理", force="1") == ["养犬管理细则"]


def test_an_exact_phrase_is_found_in_its_order_only(portal):
    portal.bring_in(
        portal.draft("一", body="<p>公开预算执行情况。</p>"),
        portal.draft("二", body="<p>执行预算，情况公开。</p>"),
    )
    sweep()
    assert set(titles("预算执行情况")) == {"一", "二"}
    assert titles("“预算执行情况”") == ["一"]
    assert titles('"预算执行情况"') == ["一"]


def test_results_mark_what_was_asked_for_and_carry_no_markup_of_others(portal):
    portal.bring_in(portal.draft("关于<b>养犬</b>的通知", body="<p>" + "前文。" * 60 + "养犬管理要求</p>"))
    sweep()
    said = Client().get("/search/", {"q": "养犬 管理"}).content.decode()
    assert "<mark>" in said
    assert "<b>" not in said
    assert "…" in said


@pytest.mark.parametrize(
    ("text", "words", "expected"),
    [("政务公开", ["公开"], "政务[公开]"), ("ABC", ["abc"], "[ABC]"), ("无", [], "无"), ("㈱公开", ["公开"], "㈱公开"), ("a.c abc", ["a.c"], "[a.c] abc")],
)  # fmt: skip
def test_marks_stand_where_the_words_do(text, words, expected):
    said = "".join(f"[{each['text']}]" if each["marked"] else each["text"] for each in marked(text, words))
    assert said == expected


def test_a_piece_begins_shortly_before_the_word():
    assert piece_of("甲" * 100 + "养犬" + "乙" * 200, ["养犬"]).startswith("…" + "甲" * 24 + "养犬")
    assert piece_of("短文", ["没有"]) == "短文"


def test_an_interpretation_is_of_its_own_kind(portal):
    document = portal.publish(
        "养犬管理办法", column="ZC0101", doc_no="示财〔2018〕9号", issuer="示范市财政局"
    )
    portal.publish(
        "《养犬管理办法》解读",
        column="JD0202",
        interpretation=InterpretationDraft("own", document_id=document.pk),
    )
    sweep()
    assert titles("养犬", kind="document") == ["养犬管理办法"]
    assert titles("养犬", kind="interpretation") == ["《养犬管理办法》解读"]
