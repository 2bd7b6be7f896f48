"""Pages of pictures, films and headings: they can be read without pictures, without sound and in order."""

from __future__ import annotations

import pytest
from bs4 import BeautifulSoup

from mingzheng.portal.formats import body_block
from mingzheng.portal.publisher import publish_full
from mingzheng.portal.stories import picture_story

PICTURES = "<p>今天举行开工仪式。</p>" + "".join(
    f'<p><img src="/files/{n}.jpg"></p><p>第{n}张的说明<b>重点</b></p>' for n in (1, 2, 3)
)


def test_a_body_of_pictures_is_shown_one_by_one_with_their_words():
    page = BeautifulSoup(picture_story(PICTURES, "开工"), "html.parser")
    shown = page.select(".story li")
    assert [each.img["src"] for each in shown] == ["/files/1.jpg", "/files/2.jpg", "/files/3.jpg"]
    assert [each.img["alt"] for each in shown] == ["第1张的说明重点", "第2张的说明重点", "第3张的说明重点"]
    assert "第2张的说明" in shown[1].figcaption.get_text()
    assert [link["href"] for link in shown[1].select("a")] == ["#photo-1", "#photo-3"]
    assert page.get_text().index("今天举行") < page.get_text().index("第1张")


@pytest.mark.parametrize(
    "body",
    [
        PICTURES.replace("/files/3", "/files/9").replace('<img src="/files/9.jpg">', ""),  # two pictures
        PICTURES + "<table><tr><td>表</td></tr></table>",  # a table would have to go somewhere
        PICTURES + f"<p>{'很长的正文。' * 60}</p>",  # an article with images
        PICTURES + "没有段落的文字",
        PICTURES + "<h2>小标题</h2>",
        PICTURES.replace('<img src="/files/1.jpg">', '<a href="/x/"><img src="/files/1.jpg"></a>'),
        "<p>没有图片。</p>",
        "",
    ],
)
def test_any_other_body_stays_as_it_is(body):
    assert picture_story(body, "开工") is None


def test_nothing_of_a_story_is_lost_and_its_words_stay_escaped():
    body = PICTURES + '<p><img src="/files/4.jpg" alt="&quot;&gt;&lt;b&gt;"> 同段&lt;说明&gt;</p>'
    story = picture_story(body, '题"<i>')
    assert BeautifulSoup(story, "html.parser").select(".story li")[3].img["alt"] == '"><b>'
    assert "<i>" not in story
    figure = picture_story(
        PICTURES + '<figure><img src="/5.jpg"><figcaption>图注</figcaption></figure>', "题"
    )
    assert figure.count("<figcaption>") == 4
    assert "<div>图注</div>" in figure
    for words in ("今天举行开工仪式。", "第3张的说明", "同段&lt;说明&gt;"):
        assert story.count(words) >= 1


@pytest.mark.parametrize(
    ("given", "expected"),
    [("h3 h4 h3", "h2 h3 h2"), ("h2 h4", "h2 h3"), ("h4", "h2"), ("h3 h2 h3", "h2 h2 h3"), ("h2 h3 h4 h5 h6", "h2 h3 h4 h5 h6")],
)  # fmt: skip
def test_headings_of_a_body_begin_below_the_title_and_leave_none_out(given, expected):
    html = body_block("".join(f"<{tag}>题</{tag}><p>文</p>" for tag in given.split()))
    found = [
        each.name for each in BeautifulSoup(html, "html.parser").find_all(["h2", "h3", "h4", "h5", "h6"])
    ]
    assert " ".join(found) == expected


def test_an_image_without_a_text_gets_one_and_others_keep_theirs():
    html = body_block('<p><img src="/a.png"><img src="/b.png" alt="流程图"></p>')
    assert [each["alt"] for each in BeautifulSoup(html, "html.parser").find_all("img")] == [
        "正文图片",
        "流程图",
    ]


def test_a_film_has_its_still_its_captions_and_a_way_to_take_it_along(portal):
    names = ("会议.mp4", "会议.jpg", "会议.vtt", "录音.mp3", "通知.pdf")
    [item] = portal.bring_in(
        portal.draft("新闻发布会", attachments=[(name, f"/files/{n}") for n, name in enumerate(names)])
    )
    publish_full()
    page = BeautifulSoup(portal.read(portal.path(item)), "html.parser")
    assert (page.video["src"], page.video["poster"]) == ("/files/0", "/files/1")
    assert (page.track["src"], page.track["kind"]) == ("/files/2", "captions")
    assert [link["href"] for link in page.select(".media a[download]")] == ["/files/0", "/files/3"]
    assert page.audio["src"] == "/files/3"
    assert len(page.select(".files li")) == 5
