"""The trial server and the live addresses: published files, nothing else of the machine, and no trace of a fault."""

from __future__ import annotations

import json

import pytest
from django.test import Client

from mingzheng.cli import main
from mingzheng.portal.publisher import publish_full
from mingzheng.portal.server import Files, find_file
from mingzheng.publish.items.services import withdraw_item


@pytest.fixture
def get(portal):
    """Ask the server for an address; what it leaves to Django is answered by ``DJANGO``."""

    def ask(path: str, method: str = "GET"):
        answer = {}

        def start_response(status, headers):
            answer.update(status=int(status[:3]), **{name.lower(): value for name, value in headers})

        def django(environ, start_response):
            start_response("299 Django", [])
            return [b"DJANGO"]

        environ = {"REQUEST_METHOD": method, "PATH_INFO": path.encode().decode("latin-1")}
        answer["body"] = b"".join(Files(portal.public, django)(environ, start_response))
        return answer

    portal.bring_in_many(1)
    publish_full()
    (portal.home / "secret.key").write_text("secret")
    return ask


def test_pages_and_assets_have_their_types(get):
    assert get("/")["content-type"] == "text/html; charset=utf-8"
    assert get("/assets/site.css")["content-type"] == "text/css; charset=utf-8"
    assert get("/assets/mark.svg")["content-type"].startswith("image/svg+xml")
    assert get("/units/czj/")["status"] == 200
    head = get("/", "HEAD")
    assert (head["status"], head["body"]) == (200, b"")
    assert int(head["content-length"]) == len(get("/")["body"])


def test_a_folder_without_its_slash_is_redirected(get):
    answer = get("/units/czj")
    assert (answer["status"], answer["location"]) == (301, "/units/czj/")
    assert get("//units/czj")["location"] == "/units/czj/"


@pytest.mark.parametrize(
    "path",
    ["/../secret.key", "/units/../../secret.key", "/..\\secret.key", "/.tmp/1", "/units/.hidden", "/%2e%2e/secret.key",
     "/\0", "/nowhere", "/-/views/1", "/units/czj/index.html/", "/" + "a" * 5000],
)  # fmt: skip
def test_nothing_else_is_served(get, path):
    assert get(path)["body"] == b"DJANGO"


def test_links_out_of_the_folder_are_not_followed(get, portal):
    (portal.public / "leak.html").symlink_to(portal.home / "secret.key")
    assert find_file(portal.public, "/leak.html") is None


def test_posts_go_to_django(get):
    assert get("/", "POST")["body"] == b"DJANGO"


def test_a_qr_code_is_drawn_for_own_pages_only(portal):
    client = Client()
    answer = client.get("/-/qr", {"path": "/info/201801/1.html"})
    assert answer["Content-Type"] == "image/svg+xml"
    assert b"<svg" in answer.content
    for path in ("", "x", "//evil.example/", "/../x", "/a?b=c", "/" + "a" * 300, "/a b", "/\n"):
        assert client.get("/-/qr", {"path": path}).status_code == 404, path


def test_an_unknown_address_gets_the_published_page(portal):
    client = Client()
    assert "您访问的页面不存在" in client.get("/nowhere").content.decode()  # nothing is published yet
    publish_full()
    answer = client.get("/nowhere")
    assert answer.status_code == 404
    assert answer.content == (portal.public / "404.html").read_bytes()


def test_a_fault_shows_no_trace(portal, monkeypatch):
    from mingzheng.portal import views

    def fail():
        raise ZeroDivisionError("secret detail")

    monkeypatch.setattr(views, "portal_face", fail)
    answer = Client(raise_request_exception=False).get("/-/qr", {"path": "/"})
    text = answer.content.decode()
    assert answer.status_code == 500
    assert "页面暂时无法显示" in text
    assert "secret detail" not in text
    assert "Traceback" not in text


def test_the_command_tells_counts_and_paths(portal, capsys):
    [item] = portal.bring_in_many(1)
    assert main(["publish", "--full", "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert told["written"] > 5
    assert told["removed"] == 0
    withdraw_item(portal.office, item.pk, "内容有误")
    assert main(["publish", "--changed", "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert portal.path(item) in told["paths"]["removed"]
    assert main(["publish", "--verify"]) == 0
    (portal.public / "index.html").write_text("x")
    capsys.readouterr()
    assert main(["publish", "--verify", "--json"]) == 1
    assert json.loads(capsys.readouterr().out) == {
        "findings": ["页面“/”的内容与发布时不一致。"],
        "repaired": 1,
    }
