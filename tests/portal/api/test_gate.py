"""What stands before every address of the interface: freshness, methods, other sites' pages, and how often one may ask."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from mingzheng.city import services as people
from mingzheng.portal.api import limits
from mingzheng.portal.api.limits import RateCount, visitor_of
from mingzheng.portal.sites.services import set_up_portal
from mingzheng.publish.catalogue.services import column_by_code
from mingzheng.publish.items.models import Item
from mingzheng.publish.items.services import move_item, withdraw_item

PATHS = [
    "/items",
    "/documents",
    "/units",
    "/columns",
    "/changes",
    "/statistics",
    "/openapi.json",
    "/docs",
    "/themes",
]


@pytest.mark.parametrize("path", PATHS)
def test_what_did_not_change_is_not_sent_again(portal, asking, path):
    portal.bring_in_many(2)
    first = asking.get(path)
    with CaptureQueriesContext(connection) as found:
        again = asking.get(path, **{"If-None-Match": first["ETag"]})
    assert (again.status_code, again.content, again["ETag"]) == (304, b"", first["ETag"])
    assert len(found) == 1
    assert asking.get(path, **{"If-None-Match": 'W/"other"'}).status_code == 200


def test_every_public_act_makes_the_tag_another(portal, asking):
    portal.bring_in_many(1)
    tags = [asking.get("/items")["ETag"]]

    def note() -> None:
        tags.append(asking.get("/items")["ETag"])
        assert asking.get("/items", **{"If-None-Match": tags[-2]}).status_code == 200

    item = portal.publish("预算公开")
    note()
    portal.amend(item, title="预算公开（更正）")
    note()
    move_item(portal.office, item.pk, column_by_code("TZ01"), reason="栏目有误")
    note()
    withdraw_item(portal.office, item.pk, "内容有误")
    note()
    set_up_portal(
        portal.office, portal.city.units["city"], name="示范市政府网", domain="www.example.gov.cn", id_code="0000000001",
        sponsor="示范市政府", contact="12345",
    )  # fmt: skip
    note()
    assert len(set(tags)) == len(tags)


def test_what_the_public_does_not_see_leaves_the_tag(portal, asking):
    portal.bring_in_many(1)
    tag = asking.get("/items")["ETag"]
    people.create_person(None, username="new", name="新人", password=None)
    from mingzheng.publish.manuscripts import services

    services.start(portal.office, portal.city.units["czj"], title="草稿", body="<p>草稿</p>")
    assert asking.get("/items")["ETag"] == tag


def test_a_tag_belongs_to_its_address(portal, asking):
    portal.bring_in_many(1)
    tag = asking.get("/items")["ETag"]
    assert asking.get("/items?size=1", **{"If-None-Match": tag}).status_code == 200
    assert asking.get("/items/999", **{"If-None-Match": "*"}).status_code == 404


def test_the_date_of_the_last_change_serves_as_well(portal, asking, monkeypatch):
    portal.bring_in_many(1)
    later = timezone.now() + timedelta(seconds=5)
    monkeypatch.setattr("django.utils.timezone.now", lambda: later)
    answer = asking.get("/items")
    assert asking.get("/items", **{"If-Modified-Since": answer["Last-Modified"]}).status_code == 304


def test_a_change_of_this_very_second_is_not_dated(portal, asking):
    portal.bring_in_many(1)
    assert not asking.get("/items").has_header("Last-Modified")


def test_head_says_what_get_would_send(portal, asking):
    portal.bring_in_many(3)
    got, head = asking.get("/items"), asking.send("HEAD", "/items")
    assert (head.status_code, head.content) == (200, b"")
    assert head["Content-Length"] == str(len(got.content))
    assert head["ETag"] == got["ETag"]


def test_pages_of_other_sites_may_read_and_may_not_write(portal, asking):
    before = asking.send("OPTIONS", "/items", headers={"Origin": "https://example.org"})
    assert (before.status_code, before["Access-Control-Allow-Origin"]) == (204, "*")
    assert before["Access-Control-Allow-Methods"] == "GET, HEAD, OPTIONS"
    assert asking.get("/items")["Access-Control-Allow-Origin"] == "*"
    assert asking.get("/nix")["Access-Control-Allow-Origin"] == "*"
    writing = asking.send("OPTIONS", "/submissions", headers={"Origin": "https://example.org"})
    assert not writing.has_header("Access-Control-Allow-Origin")
    assert not asking.submit().has_header("Access-Control-Allow-Origin")


@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE", "TRACE", "FOO"])
def test_open_data_is_only_read(portal, asking, method):
    for path in PATHS:
        answer = asking.send(method, path)
        assert (answer.status_code, answer.json()["error"]["rule"]) == (405, "method")
        assert "GET" in answer["Allow"]


def test_answers_carry_no_session_and_do_not_vary(portal, asking):
    answer = asking.get("/items")
    assert not answer.cookies
    assert "Cookie" not in answer.get("Vary", "")


def test_who_asks_too_often_is_told_when_to_come_again(portal, asking, settings):
    settings.API_LIMIT = 5
    left = [asking.get("/themes")["RateLimit-Remaining"] for _ in range(5)]
    assert left == ["4", "3", "2", "1", "0"]
    answer = asking.get("/themes")
    assert answer.status_code == 429
    assert "超过每10分钟5次的上限" in answer.json()["error"]["sentence"]
    assert 0 < int(answer["Retry-After"]) <= limits.SPAN
    assert asking.client.get("/api/v1/themes", REMOTE_ADDR="203.0.113.9").status_code == 200


def test_a_new_span_begins_anew(portal, asking, settings, monkeypatch):
    settings.API_LIMIT = 1
    asking.get("/themes")
    assert asking.get("/themes").status_code == 429
    later = timezone.now() + timedelta(seconds=limits.SPAN)
    monkeypatch.setattr("django.utils.timezone.now", lambda: later)
    assert asking.get("/themes").status_code == 200


def test_processes_count_together_and_write_seldom(portal, asking, settings):
    settings.API_LIMIT = 100
    with CaptureQueriesContext(connection) as found:
        for _ in range(60):
            asking.get("/themes")
    assert (
        sum("api_ratecount" in each["sql"] and "INSERT" in each["sql"] for each in found) == 60 // limits.STEP
    )
    limits.meter.__init__()  # another process, which knows nothing yet
    for _ in range(limits.STEP):
        answer = asking.get("/themes")
    assert int(answer["RateLimit-Remaining"]) == 100 - 50 - limits.STEP
    for _ in range(limits.STEP):
        answer = asking.get("/themes")
    assert answer["RateLimit-Remaining"] == "0"
    assert asking.get("/themes").status_code == 429


def test_no_address_is_written_down(portal, asking, settings):
    for _ in range(limits.STEP):
        asking.client.get("/api/v1/themes", REMOTE_ADDR="203.0.113.77")
    [row] = RateCount.objects.values()
    assert "203.0.113" not in str(row)
    assert row["visitor"] == visitor_of("203.0.113.77", timezone.localdate().isoformat())
    assert visitor_of("203.0.113.77", "2018-01-01") != visitor_of("203.0.113.77", "2018-01-02")


def test_counts_of_past_spans_are_forgotten(portal, asking, monkeypatch):
    for _ in range(limits.STEP):
        asking.get("/themes")
    later = timezone.now() + timedelta(seconds=limits.SPAN)
    monkeypatch.setattr("django.utils.timezone.now", lambda: later)
    for _ in range(limits.STEP):
        asking.get("/themes")
    assert RateCount.objects.count() == 1


def test_a_network_of_ipv6_is_one_visitor():
    assert visitor_of("2001:db8::1", "d") == visitor_of("2001:db8::ffff:2", "d")
    assert visitor_of("2001:db8::1", "d") != visitor_of("2001:db8:0:1::1", "d")
    assert visitor_of("", "d")
    assert visitor_of("no address", "d")


def test_behind_a_proxy_the_client_counts_and_not_the_proxy(portal, asking, settings):
    settings.API_LIMIT = 1
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = 1
    for client, status in (("198.51.100.1", 200), ("198.51.100.2", 200), ("198.51.100.1", 429)):
        answer = asking.get("/themes", **{"X-Forwarded-For": f"10.9.9.9, {client}"})
        assert answer.status_code == status


def test_a_database_that_cannot_count_now_stops_nobody(portal, asking, monkeypatch):
    monkeypatch.setattr(limits, "_added", lambda *given: None)
    for _ in range(2 * limits.STEP):
        assert asking.get("/themes").status_code == 200


def test_a_fault_is_a_sentence_and_never_a_trace(portal, asking, monkeypatch):
    def broken(*given):
        raise RuntimeError("秘密的内部情况")

    monkeypatch.setattr("mingzheng.portal.api.city.themes", broken)
    answer = asking.get("/themes")
    assert (answer.status_code, answer.json()["error"]["rule"]) == (500, "fault")
    assert "秘密" not in answer.content.decode()


def test_the_gate_leaves_other_addresses_alone(portal, asking):
    assert not asking.client.get("/search/").has_header("RateLimit-Limit")
    assert Item.objects.count() == 0
