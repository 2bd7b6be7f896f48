"""Whatever is sent, the answer is a sentence in the interface's own form, and never a fault."""

from __future__ import annotations

import base64
import json
from datetime import UTC, datetime

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from mingzheng.portal.api.answers import ApiError
from mingzheng.portal.api.cursors import moment, of_moment, opened, sealed


def cursor(text: str) -> str:
    return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")


NULL, LONG = "%00", "9" * 400
CURSORS = [
    "x", "====", "%FF", "é", "a" * 121, cursor("items:1"), cursor("items:1:2:3"), cursor("items:-1:2"), cursor("items:1:x"),
    cursor("items:1:٣"), cursor(f"items:{LONG}:1"), cursor("items:99999999999999999999:1"), cursor("documents:1:2"),
    cursor("items:1:2") + "\u00a0", cursor("items:1;DROP TABLE:2"), "../../etc/passwd", "' OR 1=1 --",
]  # fmt: skip
FILTERS = [
    # what is asked for, the field that the answer names
    ("size=0", "size"), ("size=201", "size"), ("size=-5", "size"), ("size=ten", "size"), (f"size={LONG}", "size"),
    ("size=1e3", "size"), ("size=", "size"), ("below=maybe", "below"), ("year=1800", "year"), ("year=99999", "year"),
    ("year=2018.5", "year"), ("since=yesterday", "since"), ("since=0001-01-01", "since"), ("since=9999-12-31", "since"),
    ("until=2018-02-30", "until"), ("since=2018-03-01&until=2018-02-01", "until"), ("in_force_on=20180101x", "in_force_on"),
    ("unit=nix", "unit"), ("unit=' OR 1=1 --", "unit"), ("unit=" + "u" * 25, "unit"), ("column=nix", "column"),
    ("column=<script>", "column"), ("theme=99", "theme"), ("theme=4.%", "theme"), ("doc_no=乱写", "doc_no"),
    ("doc_no=" + "〔" * 81, "doc_no"), ("offset=5", "offset"), ("page=2", "page"), ("Size=5", "Size"), ("q=x", "q"),
]  # fmt: skip


@pytest.mark.parametrize("text", CURSORS)
@pytest.mark.parametrize("path", ["/items", "/documents", "/interpretations", "/changes"])
def test_a_cursor_that_nobody_gave_is_refused(portal, asking, path, text):
    if path == "/documents" and text == cursor("documents:1:2"):
        return
    answer = asking.client.get(f"/api/v1{path}", {"cursor": text.replace("%FF", "\udcff")}) if "%" not in text else asking.get(f"{path}?cursor={text}")  # fmt: skip
    assert answer.status_code == 400, answer.content.decode()
    assert answer.json()["error"]["field"] in ("cursor", None)


@pytest.mark.parametrize(("query", "field"), FILTERS)
def test_a_filter_that_means_nothing_is_refused_by_name(portal, asking, query, field):
    from urllib.parse import quote

    status, error = asking.refused(f"/items?{quote(query, safe='=&%')}")
    assert (status, error["field"]) == (400, field)
    assert error["sentence"].endswith("。")


@pytest.mark.parametrize("name", ["unit", "column", "theme", "doc_no", "cursor", "since", "nix", "a%00b"])
@pytest.mark.parametrize("value", ["%00", "a%00b", "%1b[31m", "%EF%BF%BF", "%ED%A0%80"])
def test_signs_that_cannot_be_kept_are_refused_anywhere(portal, asking, name, value):
    assert asking.refused(f"/items?{name}={value}")[0] == 400


ADDRESSES = [
    "/items/0", f"/items/{LONG}", "/items/-1", "/items/1.5", "/items/x", "/items/1/", "/items//1", "/items/%2e%2e", "/units/%00",
    "/units/" + "u" * 5000, "/units/NIX", f"/documents/{LONG}", "/statistics/0", f"/statistics/{LONG}",
    f"/statistics/{LONG}/disclosure.items", "/statistics/2018/" + "k" * 3000, "/statistics/2018/x%00y",
    "/statistics/2018/disclosure.items?scope=unit-nix", "/statistics/2018/disclosure.items?scope=unit-",
    "/statistics/2018/disclosure.items?scope=%27", "/statistics/9999/disclosure.items", "/", "", "/nix", "/docs/", "/../v1/items",
]  # fmt: skip


@pytest.mark.parametrize("address", ADDRESSES)
def test_an_address_of_nothing_is_told_so(portal, asking, address):
    answer = asking.get(address)
    assert answer.status_code in (400, 404), (answer.status_code, answer.content[:200])
    assert answer.json()["error"]["sentence"].endswith("。")


def test_a_query_without_end_is_refused(portal, asking):
    assert asking.refused("/items?" + "&".join(f"a{number}=1" for number in range(1000)))[0] == 400
    assert asking.refused("/items?unit=" + "x" * 10_000)[0] == 400


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.dictionaries(st.sampled_from(["cursor", "size", "unit", "column", "theme", "doc_no", "year", "since", "below", "x"]), st.text(max_size=40)))  # fmt: skip
def test_no_query_is_a_fault(portal, asking, query):
    from urllib.parse import urlencode

    answer = asking.get(f"/items?{urlencode(query, errors='replace')}")
    assert answer.status_code in (200, 400)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=10), inner, max_size=3),
    max_leaves=6,
)
FIELDS = st.sampled_from(
    ["unit", "column", "title", "body", "doc_no", "theme", "written_on", "openness", "interprets", "amends", "attachments",
     "plan_forms", "is_statement", "reference", "clause", "keywords"]
)  # fmt: skip


@settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.dictionaries(FIELDS, JSON | st.sampled_from(["czj", "DT01", "2018-01-01", "on_request"]), max_size=5)
)
def test_no_submission_is_a_fault(portal, system, given):
    answer = system.submit(**given)
    assert answer.status_code in (201, 404, 403, 422), answer.content.decode()
    if answer.status_code != 201:
        assert answer.json()["error"]["sentence"]


@pytest.fixture
def system(with_key):
    return with_key()


@pytest.mark.parametrize("kind", ["multipart/form-data", "multipart/form-data; boundary=b", "text/plain; charset=x", "application/x-www-form-urlencoded", ""])  # fmt: skip
@pytest.mark.parametrize("body", [b"", b"--b\r\n", b"\x00" * 100, b"a=b", b"--b--"])
def test_a_broken_request_is_refused(portal, system, kind, body):
    headers = {"Idempotency-Key": "mark-0001"}
    answer = system.send("POST", "/submissions", data=body, content_type=kind, headers=headers)
    assert answer.status_code in (400, 422), answer.content.decode()
    assert answer.json()["error"]["sentence"].endswith("。")


def test_too_much_is_refused_before_it_is_read(portal, system):
    headers = {"Idempotency-Key": "mark-0001"}
    answer = system.send(
        "POST",
        "/submissions",
        data=b"{}",
        content_type="application/json",
        headers=headers,
        CONTENT_LENGTH=str(10**10),
    )
    assert answer.status_code == 413
    big = json.dumps({"column": "DT01", "title": "x", "body": "字" * 6_000_000})
    answer = system.send("POST", "/submissions", data=big, content_type="application/json", headers=headers)
    assert (answer.status_code, answer.json()["error"]["rule"]) == (413, "too_large")


@given(st.integers(0, 2**63 - 1), st.integers(0, 2**63 - 1))
def test_a_cursor_holds_its_numbers(first, second):
    assert opened("items", sealed("items", first, second), 2) == (first, second)


@given(st.datetimes(timezones=st.just(UTC), min_value=datetime(1970, 1, 1)))
def test_a_moment_keeps_its_microseconds(at):
    assert moment(of_moment(at)) == min(at, moment(10**30))


@given(st.text(max_size=130))
def test_no_text_is_a_cursor_by_accident(text):
    with pytest.raises(ApiError):
        opened("items", f"!{text}", 2)
