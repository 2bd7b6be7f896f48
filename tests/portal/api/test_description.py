"""The OpenAPI document is valid, complete, and true: every operation answers what it says."""

from __future__ import annotations

import re
import shlex
from datetime import date, datetime
from urllib.parse import urlencode, urlsplit

import pytest
from bs4 import BeautifulSoup
from jsonschema import Draft202012Validator, FormatChecker
from openapi_spec_validator import OpenAPIV31SpecValidator
from tests.portal.api.conftest import Asking, pass_all

from mingzheng.portal.api.docs import guide
from mingzheng.portal.api.interface import description
from mingzheng.publish.documents.services import clean_up, file_document, relate
from mingzheng.publish.items.models import Item
from mingzheng.publish.items.services import InterpretationDraft

HAN = re.compile("[\u4e00-\u9fff]")
FORMATS = FormatChecker()


@FORMATS.checks("date", raises=ValueError)
def _is_date(value) -> bool:
    return not isinstance(value, str) or bool(date.fromisoformat(value))


@FORMATS.checks("date-time", raises=ValueError)
def _is_moment(value) -> bool:
    return not isinstance(value, str) or datetime.fromisoformat(value).tzinfo is not None


def operations() -> set[tuple[str, str]]:
    return {(method, path) for path, found in description()["paths"].items() for method in found}


def test_the_document_is_valid_openapi():
    OpenAPIV31SpecValidator(description()).validate()
    assert description()["openapi"].startswith("3.1")


def test_everything_is_explained_in_chinese():
    unsaid = [
        (path, method, each["name"])
        for path, found in description()["paths"].items()
        for method, operation in found.items()
        for each in [{"name": "", "description": operation["summary"]}, *operation["parameters"]]
        if not HAN.search(str(each.get("description", ""))) and each.get("in") != "path"
    ]
    assert unsaid == []
    for name, schema in description()["components"]["schemas"].items():
        for field, told in schema.get("properties", {}).items():
            plain = field in {"id", "units", "columns", "themes", "items", "documents", "changes", "year", "tables",
                              "measures", "figures", "interpretations", "submissions", "error", "filings", "cleanups", "title"}  # fmt: skip
            assert plain or HAN.search(str(told.get("description", ""))), (name, field)


def checked(answer, method: str, path: str) -> None:
    """The answer has a status and a content that the document knows."""
    told = description()["paths"][path][method]["responses"]
    answers = {str(status): each for status, each in told.items()}
    assert str(answer.status_code) in answers, (
        method,
        path,
        answer.status_code,
        answer.content.decode()[:300],
    )
    content = answers[str(answer.status_code)].get("content")
    if content is None:
        assert answer.content == b""
        return
    schema = {**content["application/json"]["schema"], "components": description()["components"]}
    errors = sorted(Draft202012Validator(schema, format_checker=FORMATS).iter_errors(answer.json()), key=str)
    assert errors == [], (method, path, [error.message for error in errors][:3])
    _no_more_than_told(answer.json(), content["application/json"]["schema"])


def _no_more_than_told(value, schema) -> None:
    """Nothing is given that the document does not speak of."""
    parts = description()["components"]["schemas"]
    if "$ref" in schema:
        schema = parts[schema["$ref"].rpartition("/")[2]]
    for each in schema.get("anyOf", ()):
        if "$ref" in each and isinstance(value, dict):
            _no_more_than_told(value, each)
    if isinstance(value, list):
        for each in value:
            _no_more_than_told(each, schema.get("items", {}))
    elif isinstance(value, dict) and "properties" in schema:
        assert set(value) <= set(schema["properties"]), set(value) - set(schema["properties"])
        for name, each in value.items():
            _no_more_than_told(each, schema["properties"][name])


@pytest.fixture
def rich(portal, with_key) -> tuple[Item, Item, Asking]:
    """A city in which everything that answers can hold is there."""
    first, second = portal.bring_in(
        portal.draft(
            "财政管理办法", column="ZC0102", doc_no="示财〔2018〕1号", theme="4.2", source_key="a", written_on=date(2018, 1, 1),
            effective_on=date(2018, 2, 1), attachments=[("附表.xlsx", "/files/a.xlsx")],
        ),
        portal.draft("财政管理办法（修订）", column="ZC0102", doc_no="示财〔2018〕2号", written_on=date(2018, 1, 2)),
    )  # fmt: skip
    told = InterpretationDraft("own", form="graphic", document_key="a")
    portal.bring_in(portal.draft("一图读懂", column="JD0202", interpretation=told))
    relate(portal.office, second, first, "amends", date(2018, 3, 1))
    file_document(
        portal.office, first.pk, filed_on=date(2018, 2, 2), number="2018-1", authority="示范市人民政府"
    )
    clean_up(portal.office, {first.pk: "kept"}, year=2019, on=date(2019, 6, 1), basis="清理通知")
    return first, second, with_key()


def test_every_answer_of_every_operation_is_as_described(portal, rich, asking):
    first, second, writing = rich
    asked = {
        ("get", "/api/v1/units"): ["/units", "/units?on=2018-01-01", "/units?on=x"],
        ("get", "/api/v1/units/{code}"): ["/units/hexi", "/units/nix"],
        ("get", "/api/v1/columns"): ["/columns", "/columns?unit=czj", "/columns?unit=nix"],
        ("get", "/api/v1/themes"): ["/themes"],
        ("get", "/api/v1/items"): ["/items", "/items?size=1", "/items?in_force_on=2018-06-01", "/items?size=0"],
        ("get", "/api/v1/items/{item_id}"): [f"/items/{each.pk}" for each in Item.objects.all()] + ["/items/99999"],
        ("get", "/api/v1/documents"): ["/documents", "/documents?size=1&on=2018-06-01", "/documents?validity=x"],
        ("get", "/api/v1/documents/{item_id}"): [f"/documents/{first.pk}", f"/documents/{second.pk}?on=2019-01-01", "/documents/99999"],
        ("get", "/api/v1/interpretations"): ["/interpretations", "/interpretations?form=x"],
        ("get", "/api/v1/changes"): ["/changes?size=200", "/changes?cursor=x"],
        ("get", "/api/v1/statistics"): ["/statistics"],
        ("get", "/api/v1/statistics/{year}"): ["/statistics/2018", "/statistics/1900"],
        ("get", "/api/v1/statistics/{year}/{key}"): ["/statistics/2018/disclosure.items", "/statistics/2018/x"],
    }  # fmt: skip
    for (method, path), addresses in asked.items():
        for address in addresses:
            checked(asking.get(address), method, path)
    tag = asking.get("/items")["ETag"]
    checked(asking.get("/items", **{"If-None-Match": tag}), "get", "/api/v1/items")
    writes = "/api/v1/submissions"
    one = f"{writes}/{{submission_id}}"
    receipt = writing.submit()
    checked(receipt, "post", writes)
    checked(writing.submit(column="NIX", mark="mark-0002"), "post", writes)
    checked(writing.submit(mark=""), "post", writes)
    checked(Asking(key="mz_wrong").submit(), "post", writes)
    checked(writing.submit(unit="hexi", mark="mark-0003"), "post", writes)
    pk = receipt.json()["id"]
    checked(writing.get(f"/submissions/{pk}"), "get", one)
    checked(writing.get("/submissions/99999"), "get", one)
    checked(writing.get("/submissions"), "get", writes)
    put = {
        "data": '{"column": "DT01", "title": "改过", "body": "<p>改过</p>"}',
        "content_type": "application/json",
    }
    checked(writing.send("PUT", f"/submissions/{pk}", **put), "put", one)  # under review: 409
    checked(writing.send("POST", f"/submissions/{pk}/recall"), "post", f"{one}/recall")
    checked(writing.send("PUT", f"/submissions/{pk}", **put), "put", one)
    checked(writing.send("DELETE", f"/submissions/{pk}"), "delete", one)
    checked(writing.send("DELETE", f"/submissions/{pk}"), "delete", one)
    walked = {*asked, ("post", writes), ("get", writes), ("get", one), ("put", one), ("delete", one), ("post", f"{one}/recall")}  # fmt: skip
    assert walked == operations()


def test_the_documentation_needs_no_script_and_no_other_host(portal, asking):
    page = BeautifulSoup(asking.get("/docs").content.decode(), "html.parser")
    main = page.select_one("main")
    assert main is not None
    for method, path in operations():
        assert f"{method.upper()} {path}" in " ".join(main.get_text(" ").split())
    assert main.find_all("script") == []
    outside = [
        tag.get("src") or tag.get("href")
        for tag in page.find_all(["script", "link", "img"])
        if tag.get("rel") != ["canonical"]
    ]
    assert [each for each in outside if each and not each.startswith("/")] == []
    ids = [tag["id"] for tag in page.find_all(id=True)]
    assert len(ids) == len(set(ids))
    anchors = {tag["href"][1:] for tag in main.find_all("a", href=re.compile("^#"))}
    assert anchors <= set(ids)


def test_every_command_of_the_guide_does_what_it_says(portal, rich, asking):
    first, _, writing = rich
    commands = [
        block["curl"] for chapter in guide()["chapters"] for block in chapter["blocks"] if "curl" in block
    ]
    assert len(commands) >= 8
    made = None
    for command in commands:
        pk = made if "/submissions/$ID" in command else first.pk
        text = (
            command.replace("{site}", "http://testserver")
            .replace("$ID", str(pk))
            .replace("$KEY", writing.key)
        )
        answer = run(text)
        assert answer.status_code in (200, 201), (command, answer.content.decode())
        if answer.status_code == 201:
            assert answer.json()["problem"] == "", answer.json()
            made = answer.json()["id"]
    assert (
        asking.read("/documents?" + urlencode({"doc_no": "示财[2018] 1号"}))["documents"][0]["id"] == first.pk
    )
    pass_all(portal.city, made)


def run(command: str):
    """What the server answers to a curl command: the options that the guide uses."""
    words = iter(shlex.split(command)[1:])
    method, headers, query, body, fields, address = "GET", {}, [], None, [], ""
    for word in words:
        if word == "-X":
            method = next(words)
        elif word == "-I":
            method = "HEAD"
        elif word == "-H":
            name, _, value = next(words).partition(": ")
            headers[name] = value
        elif word == "-d":
            body = next(words)
        elif word == "--data-urlencode":
            query.append(tuple(next(words).split("=", 1)))
        elif word == "-F":
            fields.append(tuple(next(words).split("=", 1)))
        elif word != "-G":
            address = word
    parts = urlsplit(address)
    path = f"{parts.path}?{parts.query or urlencode(query)}"
    client = Asking().client
    if fields:
        from django.core.files.uploadedfile import SimpleUploadedFile

        data = {
            name: SimpleUploadedFile(value[1:], "附件的内容。".encode()) if value.startswith("@") else value
            for name, value in fields
        }
        return client.post(path, data, headers=headers)
    kind = headers.pop("Content-Type", "application/json")
    return client.generic(method, path, data=body or "", content_type=kind, headers=headers)
