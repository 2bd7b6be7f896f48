"""批量送审、批量发布: each manuscript is decided by itself, and only those that the person may decide."""

from __future__ import annotations

import pytest
from django.test import Client
from tests.office.pages import english, text

from mingzheng.publish.catalogue.services import column_by_code
from mingzheng.publish.items.models import Item
from mingzheng.publish.manuscripts import services
from mingzheng.publish.manuscripts.models import Manuscript

SECRECY = {"conclusion": "可以公开", "basis": "不涉及国家秘密、商业秘密和个人隐私。"}


def at(verb):
    return f"/office/manuscripts/bulk/{verb}/"


@pytest.fixture
def write(catalogue):
    def started(title, unit="czj", person="czj-writer", body="<p>定于周五召开会议。</p>"):
        column = column_by_code("TZ01")
        return services.start(
            catalogue.people[person], catalogue.units[unit], column=column, title=title, body=body
        )

    return started


@pytest.fixture
def sign_in(catalogue):
    def enter(username):
        client = Client()
        client.force_login(catalogue.people[username])
        return client

    return enter


def signed(catalogue, manuscript):
    review = services.submit(catalogue.people["czj-writer"], manuscript.pk)
    for name in ("reviewer", "secrecy", "chief"):
        services.pass_step(
            catalogue.people[name], manuscript.pk, content_hash=review.content_hash,
            secrecy=SECRECY if name == "secrecy" else None,
        )  # fmt: skip
    return manuscript


def states(*manuscripts):
    return [Manuscript.objects.get(pk=each.pk).state for each in manuscripts]


def test_good_ones_are_handed_in_and_the_others_told_why(write, sign_in):
    good, bad = (
        write("关于召开会议的通知"),
        write("身份证通知", body="<p>340104199003070017 联系13905512345</p>"),
    )
    answer = sign_in("czj-writer").post(at("submit"), {"chosen": [good.pk, bad.pk]})
    assert states(good, bad) == ["in_review", "draft"]
    told = text(answer)
    assert "已办理1份，未办理1份" in told
    assert "发布前检查未通过" in told
    assert not english(answer)


def test_what_is_signed_goes_out_and_nothing_else(catalogue, write, sign_in):
    ready, draft = signed(catalogue, write("关于召开会议的通知")), write("另一份通知")
    sign_in("chief").post(at("publish"), {"chosen": [ready.pk, draft.pk]})
    assert states(ready, draft) == ["published", "draft"]
    assert [item.title for item in Item.objects.all()] == ["关于召开会议的通知"]


def test_manuscripts_of_other_units_are_neither_shown_nor_touched(catalogue, write, sign_in):
    foreign = write("河西的通知", "hexi", "hexi-office")
    answer = sign_in("czj-writer").post(at("submit"), {"chosen": [foreign.pk]})
    assert "河西的通知" not in answer.content.decode()
    assert states(foreign) == ["draft"]


@pytest.mark.parametrize(
    ("username", "verb", "status"),
    [
        ("czj-writer", "submit", 200), ("czj-writer", "publish", 404), ("chief", "publish", 200),
        ("auditor", "submit", 404), ("office", "nothing", 404), ("admin", "publish", 404),
    ],
)  # fmt: skip
def test_the_page_is_there_for_who_may_do_the_act(catalogue, sign_in, username, verb, status):
    assert sign_in(username).get(at(verb)).status_code == status


@pytest.mark.parametrize("chosen", [[], ["x"], ["99999999999999999999"], ["-1"], ["１"]])
def test_without_a_choice_nothing_is_done(write, sign_in, chosen):
    manuscript = write("关于召开会议的通知")
    answer = sign_in("czj-writer").post(at("submit"), {"chosen": chosen})
    assert answer.status_code == 200
    assert "没有选中稿件" in text(answer)
    assert states(manuscript) == ["draft"]
