"""The checks of a text, a body and the metadata: what is found, what is not, and what masking leaves alone."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date
from html import unescape
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mingzheng.law.errors import Refusal
from mingzheng.law.personal_data import KINDS
from mingzheng.publish.body.services import clean_html
from mingzheng.publish.checks.bodies import Body
from mingzheng.publish.checks.services import (
    check_body,
    check_metadata,
    check_text,
    mask_body,
    mask_text,
    may_be_kept,
    own_words,
    words_with,
)
from mingzheng.publish.items.drafts import ItemDraft

ID = "340404199003071012"[:17] + "8"
MOBILE = "13805541234"


def rules_of(found: list) -> list[str]:
    return [each.rule for each in found]


def test_findings_stand_in_order_and_show_no_personal_value() -> None:
    text = f"张三{MOBILE}，帐户{MOBILE}，请贯切落实；咨询电话：13905541234"
    found = check_text(text, "正文")
    assert rules_of(found) == ["mobile", "typo", "mobile", "typo", "public_mobile"]
    assert [text[each.start : each.end] for each in found][1::2] == ["帐户", "贯切落实"]
    assert not any(MOBILE[:8] in f"{each}" for each in found)
    assert found[0].replacement == "138****1234"
    assert found[4].replacement is None  # a public contact stays


def test_a_key_finds_the_same_finding_after_other_edits() -> None:
    [before], [after] = check_text(MOBILE, "正文"), check_text(f"前面加一句。{MOBILE}", "正文")
    assert before.key == after.key
    assert before.start != after.start
    assert before.key != check_text(MOBILE, "标题")[0].key


@pytest.mark.parametrize(
    ("text", "allowed"),
    [
        (f"请拨{MOBILE}", ["138 0554 1234"]),  # a number however it is written
        ("本站帐户管理", ["帐户"]),
        ("本站帐户管理", ["本站帐户"]),  # a longer phrase covers the word in it
        ("发布署名文章", []),  # 布署 stands there by chance
        ("环境保护部门负责", []),
    ],
)
def test_what_is_allowed_or_right_is_not_found(text: str, allowed: list[str]) -> None:
    assert check_text(text, "正文", own_words().with_more({}, allowed)) == []


def test_an_allowed_phrase_covers_no_other_place() -> None:
    [found] = check_text("本站帐户和其他帐户", "正文", own_words().with_more({}, ["本站帐户"]))
    assert found.start == 7


@pytest.mark.parametrize("body", [
    '<p>手机138<span style="text-indent:2em">0554</span>1234</p>', "<p>手机138<b>05</b><i>54</i>1234</p>",
    "<p>手机138&nbsp;0554&nbsp;1234</p>", "<p>手机１３８<a href=\"/x\">0554</a>1234</p>",
])  # fmt: skip
def test_a_number_over_several_elements_is_found_and_masked_once(body: str) -> None:
    [found] = check_body(body)
    assert found.rule == "mobile"
    masked = mask_body(body)
    assert Body(masked).text.replace("\n", "") == "手机138****1234"
    assert re.findall("<[^>]*>", masked) == re.findall("<[^>]*>", body)


@pytest.mark.parametrize(
    "body",
    [
        "<p>138</p><p>05541234</p>",
        "<table><tbody><tr><td>138</td><td>05541234</td></tr></tbody></table>",
        "138<br>05541234",
    ],
)
def test_what_stands_in_two_blocks_is_not_one_number(body: str) -> None:
    assert check_body(body) == []


def test_only_the_chosen_finding_is_masked() -> None:
    body = f"<p>张三{MOBILE}，李四13905541234</p>"
    key = check_body(body)[1].key
    assert mask_body(body, {key}) == f"<p>张三{MOBILE}，李四139****1234</p>"
    assert mask_body(body, set()) == body


def test_public_contacts_stay() -> None:
    body = f"<p>咨询电话：{MOBILE}</p>"
    assert mask_body(body) == body
    assert mask_text(f"咨询电话：{MOBILE}，张三13905541234") == f"咨询电话：{MOBILE}，张三139****1234"


PIECES = st.sampled_from([
    MOBILE, ID, "138", "0554", "1234", " ", "&nbsp;", "&amp;", "&lt;b&gt;", "大通区洛河镇", "洛河村3组", "zhang@example.com",
    "<b>", "</b>", "<span style=\"text-indent:2em\">", "</span>", "<p>", "</p>", "<br>", "<td>", "a < b & c", "“引号”",
    '<a href="/x?a=1&b=2&#34;" title="说&gt;明">', "</a>", '<img src="/files/a b.png" alt="图&quot;1&quot;">', "咨询电话：",
])  # fmt: skip
BODIES = st.lists(PIECES, max_size=16).map("".join).map(clean_html)


@given(BODIES)
def test_a_body_comes_back_as_it_was(source: str) -> None:
    body = Body(source)
    assert body.source() == source
    assert body.text.replace("\n", "") == unescape(re.sub(r"<[^>]*>", "", source))


@given(BODIES)
def test_masking_leaves_markup_and_other_text_alone(source: str) -> None:
    masked = mask_body(source)
    assert not {each.rule for each in check_body(masked)} & set(KINDS)
    assert re.findall("<[^>]*>", masked) == re.findall("<[^>]*>", source)
    assert clean_html(masked) == masked
    if not {each.rule for each in check_body(source)} & set(KINDS):
        assert masked == source


def test_images_and_links_are_looked_at() -> None:
    body = (
        '<p><img src="/files/a.png" alt="现场"><img src="/files/b.png"><img src="https://x.example/c.png" alt="图">'
        '<a href="https://example.com/">好</a><a href="/x">好</a><a href="#a">书签</a><a href="附件.docx">附件</a><a>无</a></p>'
    )
    found = check_body(body)
    assert rules_of(found) == ["image-alt", "image-outside", "link-bad", "link-doubt", "link-bad"]
    assert found[0].message == "第2张图片缺少文字说明，读屏软件无法朗读。"
    assert "附件链接“附件”" in found[3].message


DRAFT = ItemDraft("city", "ZC0202", "关于做好防汛工作的通知", "<p>正文</p>")
TODAY = date(2018, 3, 12)


@pytest.mark.parametrize(
    ("change", "rules"),
    [
        ({}, []),
        (
            {
                "doc_no": "淮府办〔2018〕18号",
                "written_on": date(2018, 3, 1),
                "theme": DRAFT.theme or "综合政务",
            },
            [],
        ),
        ({"doc_no": "淮府办〔2018〕18号"}, ["missing", "missing"]),
        (
            {"doc_no": "随便写的", "written_on": date(2018, 3, 1), "theme": DRAFT.theme or "综合政务"},
            ["doc-number"],
        ),
        ({"written_on": date(2018, 3, 13)}, ["dates"]),
        ({"effective_on": date(2018, 4, 1), "expires_on": date(2018, 3, 31)}, ["dates"]),
        ({"title": "通知"}, ["title"]),
        ({"title": "关于做好防汛工作的通知。"}, ["title"]),
        ({"openness": "on_request"}, ["openness"]),
    ],
)
def test_metadata(change: dict, rules: list[str]) -> None:
    assert rules_of(check_metadata(replace(DRAFT, **change), TODAY)) == rules


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("好的: 好\n部: 步\n", "第2行的“部”有误：词条至少两个字。"),
        ("错字: 错字\n", "第1行的“错字”有误：正确写法与错误写法相同。"),
        ("错字:\n", "第1行的“错字”缺少正确写法。"),
        ("错字: 对字\n# 说明\n错字: 别的\n", "第3行的“错字”重复：同一词条只能写一次。"),
        ("旧称: {rule: outdated}\n", "第1行的“旧称”有误：须写明规则"),
        ("旧称: {rule: nothing, reason: 是旧称}\n", "第1行的“旧称”有误：须写明规则"),
        ("旧称: [一, 二]\n", "第1行的“旧称”有误：须写明规则"),
        ("- 错字\n", "第1行有误：应为“错误写法: 正确写法”的对照表。"),
        ("好的: 好\n“: {\n", "行不是合法的YAML。"),
    ],
)
def test_a_wrong_list_is_refused_with_file_and_line(tmp_path: Path, text: str, told: str) -> None:
    words = tmp_path / "本市词表.yaml"
    words.write_text(text, encoding="utf-8")
    with pytest.raises(Refusal) as refused:
        check_text("", "正文", words_with(words))
    assert told in refused.value.sentence
    assert "“本市词表.yaml”" in refused.value.sentence


def test_a_list_of_an_office_adds_and_overrides_and_is_read_again(tmp_path: Path) -> None:
    words = tmp_path / "词表.yaml"
    words.write_text("淮南市政府办: 淮南市政府办公室\n帐户: 户头\n", encoding="utf-8")
    found = check_text("淮南市政府办的帐户", "正文", words_with(words))
    assert [each.replacement for each in found] == ["淮南市政府办公室", "户头"]
    assert check_text("淮南市政府办", "正文") == []
    words.write_text("另一个词: 别的词\n", encoding="utf-8")
    import os

    os.utime(words, (1, 1))
    assert check_text("淮南市政府办", "正文", words_with(words)) == []


def test_a_list_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(Refusal, match="没有词表文件"):
        check_text("", "正文", words_with(tmp_path / "无.yaml"))


def test_the_longest_phrase_wins_at_each_place() -> None:
    assert [each.message for each in own_words().find("请认真贯彻执形", "正文")] == [
        "“请认真贯彻执形”疑为“请认真贯彻执行”之误。"
    ]


def test_no_replacement_is_itself_a_listed_word() -> None:
    phrases = own_words().phrases
    assert sum(phrase.rule == "typo" for phrase in phrases.values()) >= 200
    assert sum(phrase.rule != "typo" for phrase in phrases.values()) >= 60
    for phrase in phrases.values():
        assert list(own_words().find(phrase.replacement or "", "正文")) == []


def test_every_rule_says_whether_it_may_be_kept() -> None:
    assert may_be_kept("typo")
    assert not may_be_kept("image-outside")
