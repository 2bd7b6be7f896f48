"""Departments' own systems hand in manuscripts: the desk's rules, the desk's checks, the desk's reviews."""

from __future__ import annotations

import base64
import json
import os
import subprocess
import sys
import threading
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connections
from django.utils import timezone
from tests.portal.api.conftest import ON_POSTGRES, Asking, pass_all

from mingzheng.city import services as people
from mingzheng.city.models import AuditEntry, Person
from mingzheng.law.errors import Refusal
from mingzheng.portal.api.models import ApiKey, KeptAnswer, Submission
from mingzheng.portal.api.once import KEPT
from mingzheng.portal.api.services import open_key, revoke_key
from mingzheng.publish.items.models import Item
from mingzheng.publish.items.services import withdraw_item
from mingzheng.publish.manuscripts import services
from mingzheng.publish.manuscripts.models import Manuscript

TODAY = timezone.localdate()
PUT = {"column": "DT01", "title": "改正后的标题", "body": "<p>改正后的正文。</p>"}


def put(asking: Asking, pk: int, **given):
    content = json.dumps(PUT | given)
    return asking.send("PUT", f"/submissions/{pk}", data=content, content_type="application/json")


def error(answer) -> dict:
    return answer.json()["error"]


# --- the way of a manuscript


def test_what_is_submitted_waits_for_review_and_is_public_only_after_it(portal, with_key, asking):
    system = with_key()
    answer = system.submit(reference="OA-2018-77", keywords="接口")
    assert answer.status_code == 201
    receipt = answer.json()
    assert (receipt["state"], receipt["problem"]) == ("in_review", "")
    assert Item.objects.count() == 0
    found = system.read(f"/submissions/{receipt['id']}")
    assert (found["reference"], found["unit"]["code"], found["url"]) == ("OA-2018-77", "czj", None)
    assert found["waiting_for"]
    pass_all(portal.city, receipt["id"])
    assert system.read(f"/submissions/{receipt['id']}")["state"] == "approved"
    item = services.publish(portal.city.people["czj-signer"], receipt["id"])
    found = system.read(f"/submissions/{receipt['id']}")
    assert (found["state"], found["index_no"]) == ("published", item.index_no)
    assert found["url"].endswith(portal.path(item))
    assert asking.read(f"/items/{item.pk}")["title"] == "关于开放接口的说明"
    withdraw_item(portal.office, item.pk, "内容有误")
    assert system.read(f"/submissions/{receipt['id']}")["url"] is None


def test_a_key_cannot_review_sign_or_publish(portal, with_key):
    system = with_key()
    pk = system.submit().json()["id"]
    person = ApiKey.objects.get().person
    digest = Manuscript.objects.get(pk=pk).content_hash
    with pytest.raises(Refusal):
        services.pass_step(person, pk, content_hash=digest)
    with pytest.raises(Refusal):
        services.publish(person, pk)
    assert person.has_usable_password() is False


def test_what_the_checks_stop_is_kept_as_a_draft_with_its_findings(portal, with_key):
    system = with_key()
    receipt = system.submit(body="<p>联系人身份证号11010519491231002X。</p>").json()
    assert (receipt["state"], Item.objects.count()) == ("draft", 0)
    assert "发布前检查未通过" in receipt["problem"]
    stopping = [each for each in system.read(f"/submissions/{receipt['id']}")["findings"] if each["stops"]]
    assert stopping
    assert stopping[0]["place"] == "正文"
    assert "11010519491231002X" not in json.dumps(stopping)
    again = put(system, receipt["id"])
    assert (again.json()["state"], again.json()["problem"]) == ("in_review", "")


BROKEN = [
    # what is given, status, the field that is named, part of the sentence
    ({"column": "NIX"}, 422, "column", "没有栏目“NIX”"),
    ({"column": ""}, 422, "column", "没有栏目"),
    ({"title": ""}, 422, "title", "不能为空"),
    ({"title": "题" * 201}, 422, "title", "超过200个字符"),
    ({"title": "   "}, 422, None, "缺少标题"),
    ({"body": ""}, 422, None, "正文为空"),
    ({"titel": "拼错"}, 422, "titel", "没有名为“titel”的项目"),
    ({"written_on": "2018-02-30"}, 422, "written_on", "应为日期"),
    ({"written_on": "2999-01-01"}, 422, None, "晚于发布日期"),
    ({"doc_no": "乱写"}, 422, None, "文号"),
    ({"theme": "99.99"}, 422, "theme", "不在所用的分类之中"),
    ({"genre": "诗"}, 422, "genre", "不在所用的分类之中"),
    ({"openness": "secret"}, 422, "openness", "之一"),
    ({"openness": "on_request", "non_disclosure_reason": "内部事务"}, 422, None, "条款"),
    ({"interprets": 99999, "interpretation_level": "own"}, 422, "interprets", "没有公开发布"),
    ({"interprets": 0}, 422, "interprets", "不能小于1"),
    ({"unit": "nix"}, 422, None, "没有代码为“nix”的单位"),
    ({"amends": 99999}, 404, "amends", "没有编号为99999的信息"),
    ({"keywords": "控制\x07字符"}, 422, "keywords", "不能显示的控制字符"),
    ({"reference": "\ud800"}, 422, "reference", "有误|控制字符|应为文字"),
    ({"body": "<p>\ud800</p>"}, 422, "body", "应为文字"),
    ({"attachments": [{"name": "a.txt", "content": "不是base64"}]}, 422, "attachments", "Base64"),
    ({"attachments": [{"name": "a.exe", "content": "TVqQAAMAAAAEAAAA"}]}, 422, None, "不能上传|不在允许"),
    ({"attachments": [{"name": "a.txt"}]}, 422, "attachments.0.content", "缺少"),
    ({"is_statement": "也许"}, 422, "is_statement", "true或者false"),
    ({"plan_forms": "graphic"}, 422, "plan_forms", "数组"),
]  # fmt: skip


@pytest.mark.parametrize(("given", "status", "field", "said"), BROKEN)
def test_what_breaks_a_rule_is_refused_in_a_sentence_and_leaves_nothing(
    portal, with_key, given, status, field, said
):
    import re

    answer = with_key().submit(**given)
    found = error(answer)
    assert (answer.status_code, found["field"]) == (status, field), found
    assert re.search(said, found["sentence"]), found["sentence"]
    assert (Manuscript.objects.count(), KeptAnswer.objects.count()) == (0, 0)


@pytest.mark.parametrize("body", [b"", b"{", b"[]", b'"x"', b"\xff\xfe", b"[" * 100_000, b"null", b"1e999"])
def test_what_is_no_manuscript_is_refused(portal, with_key, body):
    system = with_key()
    headers = {"Idempotency-Key": "mark-0001"}
    answer = system.send("POST", "/submissions", data=body, content_type="application/json", headers=headers)
    assert answer.status_code == 422
    assert error(answer)["sentence"].endswith("。")


def test_a_body_is_cleaned_of_what_acts_and_of_signs_that_no_page_carries(portal, with_key):
    system = with_key()
    answer = system.submit(body="<p onclick='x()'>正\x07文。</p><script>alert(1)</script>")
    assert answer.status_code == 201
    assert Manuscript.objects.get().body == "<p>正文。</p>"


# --- attachments


def test_attachments_come_in_either_way(portal, with_key):
    system = with_key()
    text = base64.b64encode("附件的内容。".encode()).decode()
    one = system.submit(attachments=[{"name": "说明.txt", "content": text}]).json()
    data = {
        "manuscript": json.dumps({"column": "DT01", "title": "附件两份", "body": "<p>见附件。</p>"}),
        "file": [
            SimpleUploadedFile("甲.txt", "甲。".encode()),
            SimpleUploadedFile("乙.txt", "乙。".encode()),
        ],
    }
    headers = {"Authorization": f"Bearer {system.key}", "Idempotency-Key": "mark-0002"}
    two = system.client.post("/api/v1/submissions", data, headers=headers).json()
    assert system.read(f"/submissions/{one['id']}")["attachments"] == ["说明.txt"]
    assert system.read(f"/submissions/{two['id']}")["attachments"] == ["甲.txt", "乙.txt"]
    again = system.client.post("/api/v1/submissions", {**data, "file": [
        SimpleUploadedFile("甲.txt", "甲。".encode()), SimpleUploadedFile("乙.txt", "别的。".encode()),
    ]}, headers=headers)  # fmt: skip
    assert (again.status_code, error(again)["rule"]) == (422, "idempotency")


def test_attachments_are_kept_or_replaced_by_a_revision(portal, with_key):
    system = with_key()
    text = base64.b64encode("附件的内容。".encode()).decode()
    pk = system.submit(attachments=[{"name": "说明.txt", "content": text}]).json()["id"]
    system.send("POST", f"/submissions/{pk}/recall")
    put(system, pk)
    assert system.read(f"/submissions/{pk}")["attachments"] == ["说明.txt"]
    system.send("POST", f"/submissions/{pk}/recall")
    put(system, pk, attachments=[])
    assert system.read(f"/submissions/{pk}")["attachments"] == []


# --- returned, recalled, dropped, amended


def test_a_returned_manuscript_tells_why_and_is_handed_in_again(portal, with_key):
    system = with_key()
    pk = system.submit().json()["id"]
    services.return_to_writer(portal.city.people["reviewer"], pk, reason="请补充政策依据")
    found = system.read(f"/submissions/{pk}")
    assert (found["state"], found["returned_because"]) == ("returned", "请补充政策依据")
    assert put(system, pk).json()["state"] == "in_review"
    assert system.read(f"/submissions/{pk}")["title"] == PUT["title"]
    assert system.read(f"/submissions/{pk}")["returned_because"] is None


def test_what_is_under_review_is_recalled_before_it_is_changed(portal, with_key):
    system = with_key()
    pk = system.submit().json()["id"]
    refused = put(system, pk)
    assert (refused.status_code, error(refused)["rule"]) == (409, "state")
    assert system.send("POST", f"/submissions/{pk}/recall").json()["state"] == "draft"
    assert put(system, pk).status_code == 200


def test_a_manuscript_is_given_up_until_it_is_signed(portal, with_key):
    system = with_key()
    pk = system.submit().json()["id"]
    assert system.send("DELETE", f"/submissions/{pk}").json()["state"] == "dropped"
    assert system.send("DELETE", f"/submissions/{pk}").status_code == 422
    other = system.submit(mark="mark-0002", title="另一份").json()["id"]
    pass_all(portal.city, other)
    assert system.send("DELETE", f"/submissions/{other}").status_code == 422


def test_a_published_item_is_amended_by_a_manuscript_of_its_own(portal, with_key):
    system = with_key()
    item = portal.publish("预算公开")
    answer = system.submit(amends=item.pk, column="", title="预算公开（更正）")
    assert answer.json()["state"] == "in_review"
    assert system.read(f"/submissions/{answer.json()['id']}")["amends"] is True
    second = system.submit(mark="mark-0002", amends=item.pk, title="预算公开（再更正）")
    assert (second.status_code, error(second)["rule"]) == (409, "state")
    pass_all(portal.city, answer.json()["id"])
    services.publish(portal.city.people["czj-signer"], answer.json()["id"])
    assert Item.objects.get(pk=item.pk).title == "预算公开（更正）"
    foreign = portal.publish("河西的", unit="hexi")
    assert system.submit(mark="mark-0003", amends=foreign.pk).status_code == 404


# --- once


def test_the_same_request_sent_again_gets_the_same_answer_and_makes_nothing(portal, with_key):
    system = with_key()
    first, again = system.submit(), system.submit()
    assert (again.status_code, again.content) == (201, first.content)
    assert again["Idempotency-Replayed"] == "true"
    assert Manuscript.objects.count() == 1
    pass_all(portal.city, first.json()["id"])
    assert system.submit().content == first.content


def test_the_order_of_fields_and_blanks_do_not_make_it_another_request(portal, with_key):
    system = with_key()
    first = system.submit()
    text = json.dumps(
        {"body": "<p>自即日起提供接口。</p>", "title": "关于开放接口的说明", "column": "DT01"}, indent=3
    )
    headers = {"Idempotency-Key": "mark-0001"}
    again = system.send("POST", "/submissions", data=text, content_type="application/json", headers=headers)
    assert again.content == first.content


def test_another_content_under_the_same_mark_is_refused(portal, with_key):
    system = with_key()
    system.submit()
    again = system.submit(title="别的标题")
    assert (again.status_code, error(again)["rule"]) == (422, "idempotency")
    assert Manuscript.objects.count() == 1


def test_marks_of_different_keys_have_nothing_to_do_with_each_other(portal, with_key):
    assert with_key().submit().json()["id"] != with_key("hexi").submit().json()["id"]


def test_a_refused_request_may_be_mended_under_its_mark(portal, with_key):
    system = with_key()
    assert system.submit(column="NIX").status_code == 422
    assert system.submit().status_code == 201


@pytest.mark.parametrize("mark", ["", "short", "有中文的标识", "x" * 121, "blank in it 1"])
def test_a_submission_needs_a_mark(portal, with_key, mark):
    answer = with_key().submit(mark=mark) if mark.isascii() else None
    if answer is not None:
        assert (answer.status_code, error(answer)["rule"]) == (400, "idempotency")
    assert Manuscript.objects.count() == 0


def test_answers_are_kept_for_days_and_then_forgotten(portal, with_key):
    system = with_key()
    assert timedelta(hours=24) <= KEPT
    system.submit()
    KeptAnswer.objects.update(at=timezone.now() - KEPT - timedelta(minutes=1))
    system.submit(mark="mark-0002", title="另一份")
    assert [each.mark for each in KeptAnswer.objects.all()] == ["mark-0002"]


def at_once(key: str, count: int = 6) -> list:
    """The answers to the same submission, sent by so many threads together."""
    start, answers = threading.Barrier(count), []

    def send() -> None:
        start.wait(20)
        answers.append(Asking(key=key).submit())
        connections.close_all()

    threads = [threading.Thread(target=send) for _ in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    return answers


def check_once(answers: list) -> None:
    assert [each.status_code for each in answers] == [201] * len(answers)
    assert len({each.content for each in answers}) == 1
    assert (Manuscript.objects.count(), Submission.objects.count(), KeptAnswer.objects.count()) == (1, 1, 1)
    assert sum(each.has_header("Idempotency-Replayed") for each in answers) == len(answers) - 1


@pytest.mark.skipif(not ON_POSTGRES, reason="SQLite in memory has one thread; the next test has a file")
@pytest.mark.django_db(transaction=True)
def test_the_same_request_many_times_at_once_makes_one_manuscript(transactional_db, portal, with_key):
    check_once(at_once(with_key().key))


IN_A_FILE = """
import django
django.setup()
from datetime import timedelta
from django.utils import timezone
from mingzheng.city.models import Person, Unit
from mingzheng.city.schema import bring_up_to_date
from mingzheng.portal.api.services import open_key
from tests.conftest import _make_catalogue, _make_city
from tests.portal.api.test_submissions import at_once, check_once
bring_up_to_date()
_make_city()
_make_catalogue()
admin, unit = Person.objects.get(username="admin"), Unit.objects.get(code="czj")
_, told = open_key(admin, unit, name="系统", expires_on=timezone.localdate() + timedelta(days=1))
check_once(at_once(told))
print("once")
"""


@pytest.mark.once
def test_the_same_request_many_times_at_once_makes_one_manuscript_in_a_file(tmp_path):
    environment = {
        **os.environ,
        "MINGZHENG_HOME": str(tmp_path),
        "MINGZHENG_DATABASE": f"sqlite:///{tmp_path}/city.sqlite3",
        "DJANGO_SETTINGS_MODULE": "mingzheng.settings",
        "PYTHONPATH": os.pathsep.join(sys.path),
    }
    command = [sys.executable, "-c", IN_A_FILE]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    assert done.stdout.split() == ["once"], done.stderr[-2000:]


# --- who may


MATRIX = [
    # key of, with the units below, unit of the manuscript, whether it may
    ("hexi", False, "hexi", True),
    ("hexi", False, "qingshui", False),  # below, without being told so
    ("hexi", True, "qingshui", True),
    ("hexi", True, "hexi-czj", True),
    ("hexi", False, "city", False),  # above
    ("hexi", True, "city", False),
    ("hexi", True, "czj", False),  # beside
    ("czj", False, "hexi", False),
    ("city", True, "qingshui", True),
]


@pytest.mark.parametrize(("of", "downwards", "unit", "may"), MATRIX)
def test_a_key_writes_and_reads_where_its_account_may(portal, with_key, of, downwards, unit, may):
    own = with_key(unit, name="对方系统")
    theirs = own.submit(mark="mark-0009").json()["id"]
    system = with_key(of, downwards=downwards)
    answer = system.submit(unit=unit, title="另一份")
    assert answer.status_code == (201 if may else 403)
    if not may:
        assert error(answer)["rule"] == "permission"
    assert system.get(f"/submissions/{theirs}").status_code == (200 if may else 404)
    listed = {each["id"] for each in system.pages("/submissions", "submissions", 1)}
    assert (theirs in listed) is may
    before = Manuscript.objects.filter(pk=theirs).values().get()
    if not may:
        assert put(system, theirs).status_code == 404
        assert system.send("POST", f"/submissions/{theirs}/recall").status_code == 404
        assert system.send("DELETE", f"/submissions/{theirs}").status_code == 404
        assert Manuscript.objects.filter(pk=theirs).values().get() == before


def test_a_manuscript_of_the_desk_is_not_reached_through_the_interface(portal, with_key):
    desk = services.start(
        portal.city.people["czj-writer"], portal.city.units["czj"], title="草稿", body="<p>草稿</p>"
    )
    system = with_key()
    assert system.get(f"/submissions/{desk.pk}").status_code == 404
    assert system.read("/submissions")["submissions"] == []


def _expired(key: ApiKey, city) -> None:
    ApiKey.objects.update(expires_on=TODAY - timedelta(days=1))


def _revoked(key: ApiKey, city) -> None:
    revoke_key(city.people["admin"], key.pk, reason="人员变动")


def _closed(key: ApiKey, city) -> None:
    people.close_account(city.people["admin"], key.person, reason="停用")


@pytest.mark.parametrize("end", [_expired, _revoked, _closed])
def test_a_key_that_ended_opens_nothing(portal, with_key, end):
    system = with_key()
    assert system.get("/submissions").status_code == 200
    end(ApiKey.objects.get(), portal.city)
    for answer in (system.get("/submissions"), system.submit()):
        assert (answer.status_code, error(answer)["rule"]) == (401, "key")
        assert answer["WWW-Authenticate"] == "Bearer"


def test_an_account_whose_role_ended_writes_nothing(portal, with_key):
    system = with_key()
    grant = ApiKey.objects.get().person.memberships.get()
    people.end_grant(portal.city.people["admin"], grant, on=TODAY)
    grant.starts_on = grant.ends_on = TODAY - timedelta(days=1)
    grant.save()
    assert system.submit().status_code == 403


@pytest.mark.parametrize(
    "header",
    [
        "",
        "Bearer",
        "Bearer ",
        "Bearer mz_x",
        "Basic YTpi",
        "Bearer " + "mz_" + "x" * 5000,
        "Bearer mz_\u00ff",
    ],
)
def test_without_a_key_nothing_is_written_or_read(portal, header):
    asking = Asking()
    headers = {"Authorization": header} if header else {}
    for path in ("/submissions", "/submissions/1"):
        assert asking.get(path, **headers).status_code == 401
    content = json.dumps({"column": "DT01", "title": "x", "body": "<p>x</p>"})
    sent = asking.send(
        "POST", "/submissions", data=content, content_type="application/json",
        headers=headers | {"Idempotency-Key": "mark-0001"},
    )  # fmt: skip
    assert sent.status_code == 401
    assert Manuscript.objects.count() == 0


def test_a_session_of_the_desk_is_no_key(portal):
    asking = Asking()
    asking.client.force_login(portal.office, backend="allauth.account.auth_backends.AuthenticationBackend")
    assert asking.get("/submissions").status_code == 401


# --- keys


def test_a_key_is_kept_as_a_hash_and_every_act_is_audited(portal, with_key):
    system = with_key()
    system.submit()
    key = ApiKey.objects.get()
    assert system.key not in json.dumps(list(ApiKey.objects.values()), default=str)
    assert system.key.startswith(key.start)
    key.refresh_from_db()
    assert key.last_used_at is not None
    revoke_key(portal.city.people["admin"], key.pk, reason="泄露")
    told = list(AuditEntry.objects.filter(verb__startswith="key.").values_list("verb", "actor__username"))
    assert told == [("key.opened", "admin"), ("key.revoked", "admin")]
    assert AuditEntry.objects.get(verb="manuscript.started").actor == key.person
    assert system.key not in json.dumps(list(AuditEntry.objects.values()), default=str)


def test_using_a_key_is_noted_now_and_then(portal, with_key, django_assert_max_num_queries):
    system = with_key()
    system.get("/submissions")
    first = ApiKey.objects.get().last_used_at
    system.get("/submissions")
    assert ApiKey.objects.get().last_used_at == first


@pytest.mark.parametrize("who", ["office", "czj-writer", "chief", "auditor"])
def test_only_who_keeps_the_accounts_opens_and_revokes_keys(portal, with_key, who):
    with_key()
    actor = portal.city.people[who]
    with pytest.raises(Refusal):
        open_key(actor, portal.city.units["czj"], name="系统", expires_on=TODAY)
    with pytest.raises(Refusal):
        revoke_key(actor, ApiKey.objects.get().pk, reason="试试")
    assert Person.objects.filter(username__startswith="api-").count() == 1


@pytest.mark.parametrize("days", [-1, 732])
def test_a_key_ends_within_two_years(portal, days):
    with pytest.raises(Refusal, match="两年之内"):
        open_key(
            portal.city.people["admin"],
            portal.city.units["czj"],
            name="系统",
            expires_on=TODAY + timedelta(days=days),
        )


def test_a_list_of_many_submissions_costs_as_many_statements_as_of_few(portal, with_key):
    system = with_key()
    system.submit()
    system.read("/submissions")
    few = system.queries("/submissions?size=200")
    for number in range(6):
        system.submit(mark=f"mark-1{number:03}", title=f"第{number}份")
    assert system.queries("/submissions?size=200") == few
