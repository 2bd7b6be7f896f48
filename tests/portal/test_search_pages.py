"""Suggestions, other spellings, grouping, the form, the open interface, hot words, and what nobody should type."""

from __future__ import annotations

import multiprocessing
import os
import signal
from datetime import UTC, datetime, timedelta

import pytest
from bs4 import BeautifulSoup
from django.test import Client
from django.utils import timezone

from mingzheng.city.services import waiting_events
from mingzheng.portal.changes import TOPICS
from mingzheng.portal.hot_words import services as hot
from mingzheng.portal.hot_words.models import AskedWord
from mingzheng.portal.searching import projection
from mingzheng.portal.searching.names import Name, Names, make
from mingzheng.portal.searching.services import follow, opened, rebuild, sweep
from mingzheng.portal.searching.sounds import letters_of, sound_of
from mingzheng.portal.searching.titles import names_of
from mingzheng.portal.searching.words import Words
from mingzheng.publish.items.models import Item
from mingzheng.publish.items.services import InterpretationDraft, withdraw_item

WORDS = Words(["政务公开", "不动产登记", "居住证"], {})


def page_of(**asked):
    answer = Client().get("/search/", asked)
    assert answer.status_code == 200
    return BeautifulSoup(answer.content.decode(), "html.parser")


def titles(**asked):
    return [link.get_text() for link in page_of(**asked).select(".found .entry-title")]


def lede(**asked):
    return page_of(**asked).select_one(".page-lede").get_text()


def told(**asked):
    return Client().get("/search.json", asked).json()


def suggested(typed):
    return Client().get("/search/suggest.json", {"q": typed}).json()["suggestions"]


# --- sounds and names ---


@pytest.mark.parametrize(
    ("word", "whole", "initials"),
    [
        ("政务公开", "zhengwugongkai", "zwgk"),
        ("银行", "yinhang", "yh"),  # the same sign as in the next row, read otherwise
        ("行政", "xingzheng", "xz"),
        ("2018年", "2018nian", "2018n"),
    ],
)
def test_words_sound_as_they_are_read(word, whole, initials):
    assert sound_of([word]) == (whole, initials)


@pytest.mark.parametrize(
    ("typed", "letters"),
    [("zhengwu gongkai", "zhengwugongkai"), ("xi'an", "xian"), ("ＺＷＧＫ", "zwgk"), ("政务", ""), ("a", ""),
     ("abc123", ""), ("a" * 61, "")],
)  # fmt: skip
def test_letters_that_may_be_pinyin(typed, letters):
    assert letters_of(typed) == letters


@pytest.mark.parametrize(
    ("title", "name"),
    [
        ("中华人民共和国献血法", "献血法"),
        ("示范市人民政府办公室关于印发养犬管理办法的通知", "养犬管理办法的通知"),
        ("《养犬管理办法》解读", "养犬管理办法"),
        ("关于通知", "关于通知"),  # nothing is left of so short a title
    ],
)
def test_titles_are_remembered_without_their_beginning(title, name):
    assert name in names_of(title)
    assert names_of(title)[0] == title


@pytest.fixture
def names(tmp_path):
    made = [Name("示范市不动产登记中心", "unit", 2)]
    titles = [
        Name(f"关于{text}的通知", "title", number, number)
        for number, text in enumerate(["居住证办理", "居住环境整治", "政务公开工作"], start=1)
    ]
    make(tmp_path / "names", WORDS, made, titles)
    return Names(tmp_path / "names")


@pytest.mark.parametrize(
    ("typed", "first"),
    [
        ("居住", "关于居住环境整治的通知"),  # the newest of two
        ("juzhuz", "关于居住证办理的通知"),
        ("zwgkgz", "关于政务公开工作的通知"),
        ("示范市不", "示范市不动产登记中心"),
        ("%", None),
        ("没有", None),
    ],
)
def test_names_are_found_by_their_beginning_its_sound_and_its_initials(names, typed, first):
    found = [each.text for each in names.beginning_with(typed, 10)]
    assert (found[0] if found else None) == first


def test_words_are_found_by_sound_by_initials_and_by_their_neighbours(names):
    assert names.spoken("zhengwugongkai") == ["政务公开"]
    assert names.spoken("juzhuzhengzhengwugongkai") == ["居住证", "政务公开"]
    assert names.spoken("zzzz") == []
    assert names.initialled("bdcdj") == "不动产登记"
    assert names.initialled("zw") == ""
    for typed in ("政务公天", "政务公", "政务开公", "政务的公开"):
        assert "政务公开" in names.neighbours(typed)


# --- what was typed otherwise ---


def test_pinyin_and_initials_find_and_the_page_says_how_they_were_taken(portal):
    portal.bring_in(portal.draft("关于推进政务公开的通知"), portal.draft("放假的公告"))
    sweep()
    for typed in ("zhengwugongkai", "zhengwu gongkai", "zwgk"):
        assert titles(q=typed) == ["关于推进政务公开的通知"]
        assert "已按拼音理解为“政务公开”" in lede(q=typed)


def test_letters_that_texts_have_are_asked_for_as_they_are(portal):
    portal.bring_in(portal.draft("关于ppp项目的通知"), portal.draft("品牌评选的公告"))
    sweep()
    assert titles(q="PPP") == ["关于ppp项目的通知"]


@pytest.mark.parametrize("typed", ["正务公开", "政务公天", "政务工开"])
def test_another_spelling_is_offered_and_never_taken_silently(portal, typed):
    portal.bring_in(portal.draft("关于推进政务公开的通知"))
    sweep()
    link = page_of(q=typed).select_one(".search-meant a")
    assert link.get_text() == "政务公开"
    page = BeautifulSoup(Client().get(link["href"]).content.decode(), "html.parser")
    assert len(page.select(".found > li")) == 1


def test_no_other_spelling_is_offered_where_enough_is_found(portal):
    portal.bring_in_many(6)
    sweep()
    assert page_of(q="动态").select_one(".search-meant") is None


def test_words_that_nothing_has_together_are_looked_for_apart_and_the_page_says_so(portal):
    portal.bring_in(portal.draft("养老保险的通知"), portal.draft("放假的公告"))
    sweep()
    assert titles(q="养老保险 图书馆") == ["养老保险的通知"]
    assert "没有同时包含全部词语" in lede(q="养老保险 图书馆")


# --- suggestions and the city's visibility ---


def test_suggestions_follow_publication_and_never_name_what_was_withdrawn(portal):
    rebuild()
    item = portal.publish("关于敬老优待卡的通知")
    follow(waiting_events(TOPICS))
    assert suggested("敬老优待") == ["关于敬老优待卡的通知"]
    assert suggested("jlyd") == ["关于敬老优待卡的通知"]
    withdraw_item(portal.office, item.pk, "内容有误")
    assert suggested("敬老优待") == []  # before the index knows
    follow(waiting_events(TOPICS))
    assert opened().names.beginning_with("敬老优待", 10) == []


def test_units_are_suggested_before_titles(portal):
    portal.bring_in(portal.draft("财政局的通知"))
    sweep()
    assert suggested("财政局")[0] == "财政局"
    assert "示范市财政局" in suggested("sfsczj")


# --- policy and interpretation ---


@pytest.fixture
def policy(portal):
    document = portal.publish(
        "养犬管理办法", column="ZC0101", doc_no="示财〔2018〕9号", issuer="示范市财政局"
    )
    told = portal.publish(
        "《养犬管理办法》解读", column="JD0202", body="<p>犬只登记怎么办。</p>",
        interpretation=InterpretationDraft("own", document_id=document.pk),
    )  # fmt: skip
    sweep()
    return document, told


def test_an_interpretation_stands_under_its_document_and_not_beside_it(policy):
    page = page_of(q="养犬管理")
    assert "共找到 1 条" in page.select_one(".page-lede").get_text()
    assert [row.get_text() for row in page.select(".found .entry-title")] == ["养犬管理办法"]
    assert page.select_one(".search-beside").get_text() == "解读《养犬管理办法》解读"
    kinds = {each["value"]: each["count"] for each in told(q="养犬管理")["facets"]["kind"]}
    assert kinds == {"document": 1, "interpretation": 1}


def test_an_interpretation_that_is_found_alone_leads_to_its_document(policy):
    for asked in ({"q": "犬只登记"}, {"q": "养犬", "kind": "interpretation"}, {"column": "jd0202"}):
        [row] = told(**asked)["results"]
        assert row["title"] == "《养犬管理办法》解读"
        assert row["beside"][0]["title"] == "养犬管理办法"


def test_an_interpretation_stands_alone_once_its_document_is_withdrawn(portal, policy):
    withdraw_item(portal.office, policy[0].pk, "内容有误")
    follow(waiting_events(TOPICS))
    [row] = told(q="养犬管理")["results"]
    assert (row["title"], row["beside"]) == ("《养犬管理办法》解读", [])
    assert sweep() == (0, 0)


# --- lists, dates, the form ---


def test_a_list_is_limited_by_days_without_words_newest_first(portal):
    portal.bring_in(
        *(
            portal.draft(f"{day}日动态", published_at=datetime(2018, 3, day, 3, tzinfo=UTC))
            for day in (1, 2, 3)
        ),
        portal.draft("2日通知", column="TZ01", published_at=datetime(2018, 3, 2, 3, tzinfo=UTC)),
    )
    sweep()
    asked = {"column": "dt01", "unit": "czj", "since": "2018-03-02", "until": "2018-03-03"}
    assert titles(**asked) == ["3日动态", "2日动态"]
    assert told(**asked)["total"] == 2
    assert page_of(**asked).h1.get_text() == "查找结果"
    assert titles(**asked | {"since": "2018-03-03", "until": "2018-03-02"}) == ["3日动态", "2日动态"]


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ({"q": "预算"}, {"预算公开", "决算", "会议"}),
        ({"q": "预算", "in": "title"}, {"预算公开"}),
        ({"q": "预算", "without": "执行 会议"}, {"预算公开"}),
        ({"exact": "预算执行情况"}, {"决算"}),
        ({"q": "预算", "exact": "执行情况"}, {"决算"}),
        ({"number": "示财[2018]9号"}, {"会议"}),
        ({"q": "决算", "number": "示财[2018]9号"}, set()),
        ({"number": "不是文号"}, set()),
        ({"unit": "hexi"}, {"决算"}),
    ],
)
def test_every_field_of_the_form_limits(portal, asked, found):
    portal.bring_in(
        portal.draft("预算公开"),
        portal.draft("决算", body="<p>预算执行情况。</p>", unit="hexi-czj"),
        portal.draft("会议", body="<p>研究预算。</p>", doc_no="示财〔2018〕9号", issuer="示范市财政局"),
    )
    sweep()
    assert {row["title"] for row in told(**asked)["results"]} == found


def test_the_form_keeps_what_was_asked(portal):
    page = BeautifulSoup(
        Client().get("/search/advanced/", {"q": '"><script>', "unit": "czj", "in": "title", "force": "1"}).content.decode(),
        "html.parser",
    )  # fmt: skip
    assert page.select_one("#f-q")["value"] == '"><script>'
    assert page.select_one("#f-unit option[selected]")["value"] == "czj"
    assert page.select_one("#f-in").has_attr("checked")
    assert {field["name"] for field in page.select(".search-form [name]")} == {
        "q", "exact", "without", "number", "in", "unit", "column", "theme", "kind", "since", "until", "sort", "force",
    }  # fmt: skip


# --- what nobody should type ---

HOSTILE = [
    "x" * 10_000, "预算" * 5_000, "a AND b OR NOT (c", "title:预算 +a -b ^2 ~3", '"', "“", '""', "' OR 1=1 --",
    "'; DROP TABLE items_item; --", "<script>alert(1)</script>", "{{7*7}}{% raw %}", "%00\0", "*", "?", "[1 TO 2]",
    "😀🏛️", "\u202e\ufeff", "　", "..", "\ud800".encode("utf-8", "replace").decode(), "〔〕号", "1" * 300,
]  # fmt: skip


@pytest.mark.parametrize("field", ["q", "exact", "without", "number"])
@pytest.mark.parametrize("typed", HOSTILE, ids=range(len(HOSTILE)))
def test_whatever_is_typed_is_a_question_and_nothing_of_it_is_markup(portal, field, typed):
    portal.bring_in(portal.draft("预算公开"))
    sweep()
    client = Client()
    answer = client.get("/search/", {"q": "预算", field: typed})
    assert answer.status_code == 200
    assert "<script>alert" not in answer.content.decode()
    assert client.get("/search.json", {"q": "预算", field: typed}).status_code in (200, 400)
    assert client.get("/search/suggest.json", {"q": typed}).status_code == 200
    assert client.get("/search/advanced/", {field: typed}).status_code == 200


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"year": "99999"}, "年份“99999”无法识别"),
        ({"year": "１９９９"}, "年份“１９９９”无法识别"),
        ({"unit": "nobody\0"}, "发布机构“nobody”无法识别"),
        ({"column": "../etc"}, "栏目“../etc”无法识别"),
        ({"theme": "'"}, "主题“'”无法识别"),
        ({"kind": "x"}, "类型“x”无法识别"),
        ({"since": "2018-02-30"}, "起始日期“2018-02-30”无法识别"),
        ({"until": "昨天"}, "截止日期“昨天”无法识别"),
        ({"since": "2019-01-01", "until": "2018-01-01"}, "起始日期晚于截止日期"),
        ({"sort": "x"}, "排序“x”无法识别"),
        ({"in": "x"}, "查找范围“x”无法识别"),
        ({"page": "0"}, "页码“0”无法识别"),
        ({"page": "-1"}, "页码“-1”无法识别"),
        ({"page": "²"}, "页码“²”无法识别"),
        ({"page": "9" * 40}, "页码应为1至500的整数"),
        ({"page": "400"}, "没有第400页"),
        ({"q": "动态" * 101}, "搜索词超过200个字"),
    ],
)
def test_what_cannot_be_is_said_on_the_page_and_refused_by_the_interface(portal, wrong, said):
    portal.bring_in(portal.draft("第1条动态", published_at=datetime(2018, 6, 1, tzinfo=UTC)))
    sweep()
    page = page_of(**{"q": "动态"} | wrong)
    assert said in page.select_one(".search-notes").get_text()
    assert wrong.keys() & {"since", "q"} or page.select(".found .entry-title")
    answer = Client().get("/search.json", {"q": "动态"} | wrong)
    if wrong.get("page") == "400":
        assert (answer.status_code, answer.json()["page"]) == (200, 1)
    else:
        assert answer.status_code == 400
        assert any(said in sentence for sentence in answer.json()["errors"])


def test_the_interface_tells_when_nothing_is_asked_and_when_there_is_no_index(portal):
    assert Client().get("/search.json").status_code == 400
    assert Client().get("/search.json", {"q": "动态"}).status_code == 503
    assert suggested("动态") == []


# --- hot words ---


def ask(word, *, askers=1, first=0):
    for number in range(first, first + askers):
        Client(REMOTE_ADDR=f"10.0.0.{number}").get("/search/", {"q": word})


def test_a_word_is_hot_once_enough_people_ask_for_it_on_several_days(portal, settings, monkeypatch):
    portal.bring_in(portal.draft("关于推进政务公开的通知"))
    sweep()
    real, day = timezone.localdate, timezone.localdate()
    for back in (4, 3, 2):
        monkeypatch.setattr(
            timezone, "localdate", lambda at=None, back=back: real(at) if at else day - timedelta(days=back)
        )
        ask("政务公开", askers=2)
        assert hot.hot_words(10) == []
        hot.count_noted()
    assert hot.hot_words(10) == ["政务公开"]
    assert "政务公开" in page_of().select_one(".search-hot").get_text()
    (settings.HOME / hot.BLOCKED).write_text("政务 # 本单位决定不展示\n")
    assert hot.hot_words(10) == []


def test_one_asker_counts_once_a_day(portal):
    portal.bring_in(portal.draft("关于推进政务公开的通知"))
    sweep()
    for _ in range(5):
        ask("政务公开")
    assert hot.count_noted() == 1
    assert hot.count_noted() == 0


@pytest.mark.parametrize("typed", ["张三丰", "13800138000", "政务公开 张三丰", "没有的词", "zwgk", "公"])
def test_what_may_be_about_a_person_or_finds_nothing_is_not_counted(portal, settings, typed):
    portal.bring_in(portal.draft("关于推进政务公开的通知", body="<p>张三丰的电话13800138000。</p>"))
    sweep()
    ask(typed)
    assert not (settings.HOME / "search" / "asked.txt").exists()
    assert not AskedWord.objects.exists()


# --- killed while it is made ---


def _rebuild_and_die(step: int) -> None:
    """Kill this process at a step of a rebuild: before the texts, among them, with the names, before the swap, after."""

    def die(*_: object, **__: object) -> None:
        os.kill(os.getpid(), signal.SIGKILL)

    if step == 0:
        projection.Texts.of = die
    elif step == 2:
        projection.make = die
    elif step == 3:
        projection._point_at = die
    elif step == 4:
        projection.shutil.rmtree = die
    rebuild(die if step == 1 else lambda count: None)


@pytest.mark.once
@pytest.mark.parametrize("step", range(5))
def test_a_rebuild_killed_at_any_step_leaves_an_index_that_answers_and_the_next_one_completes(
    portal, settings, step
):
    portal.bring_in_many(3)
    rebuild()
    Item.objects.filter(title="第2条动态").update(openness="closed")
    child = multiprocessing.get_context("fork").Process(target=_rebuild_and_die, args=(step,))
    child.start()
    child.join(60)
    assert child.exitcode == -signal.SIGKILL
    total = told(q="动态")["total"]
    assert total == (2 if step == 4 else 3)  # after the swap the new one answers
    assert len(titles(q="动态")) == 2  # what was closed is shown by neither
    assert sweep().removed == total - 2
    assert rebuild() == 2
    assert told(q="动态")["total"] == 2
    assert len(list((settings.HOME / "search").glob("index-*"))) == 1
