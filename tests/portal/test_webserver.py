"""The generated configuration under the real nginx and Caddy: every kind of address, with the application up and down."""

from __future__ import annotations

import gzip
import http.client
import os
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import sync_playwright

from mingzheng.law.errors import Refusal
from mingzheng.portal.webserver.services import CONTENT_POLICY, Place, configuration

pytestmark = pytest.mark.once

PORTAL, SITE, CLOSED = "www.city.gov.cn", "czj.city.gov.cn", "old.city.gov.cn"
MAKE_CITY = """
import django
django.setup()
from datetime import timedelta
from django.utils import timezone
from tests.conftest import City, _make_catalogue, _make_city
from mingzheng.city.models import Person, Unit
from mingzheng.portal.addresses import item_path
from mingzheng.portal.sites import services as sites
from mingzheng.portal.sites.models import SiteAct
from mingzheng.publish.items.services import ItemDraft, hide_item, import_items, tombstone_item
from mingzheng.publish.items.models import Item
_make_city(); _make_catalogue()
office = Person.objects.get(username="office")
drafts = [ItemDraft("czj", "DT01", f"第{n}条动态", "<p style='text-align:center'>正文。</p>" * 99,
                    published_at=timezone.now() - timedelta(days=9 - n)) for n in range(4)]
ids = import_items(office, drafts, source="test").ids
for code, slug, domain in (("czj", "czj", "czj.city.gov.cn"), ("daj", "daj", "old.city.gov.cn")):
    made = sites.apply(office, Unit.objects.get(code=code), slug=slug, reason="集约化", name=slug, domain=domain,
                       id_code="0000000002", icp="备1", sponsor="局", contact="1")
    sites.act(office, made.pk, SiteAct.Kind.APPROVED, reason="同意")
    sites.act(office, made.pk, SiteAct.Kind.OPENED, reason="检测通过")
SiteAct.objects.create(site=made, kind=SiteAct.Kind.CLOSING, reason="机构改革", starts_on=timezone.localdate(),
                       target="/units/daj/", by=office, at=timezone.now())
tombstone_item(office, ids[1], code="repealed", reason="废止")
hide_item(office, ids[2], code="secret", reason="误公开")
for pk in ids:
    print(item_path(pk, Item.objects.get(pk=pk).first_published_at))
"""


def free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return free.getsockname()[1]


def wait_for(port: int) -> None:
    for _ in range(300):
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
            return
        except OSError:
            time.sleep(0.1)
    raise AssertionError(f"nobody listens on {port}")


@contextmanager
def running(port: int, *command: str, **options) -> Iterator[None]:
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, **options)
    try:
        wait_for(port)
        yield
    finally:
        process.terminate()
        process.wait(20)


@dataclass
class Installation:
    """A small published city, its commands, and the port on which its application is started."""

    home: Path
    app_port: int
    items: list[str]

    @property
    def public(self) -> Path:
        return self.home / "public"

    def environment(self) -> dict[str, str]:
        given = {
            "MINGZHENG_HOME": str(self.home),
            "DJANGO_SETTINGS_MODULE": "mingzheng.settings",
            "MINGZHENG_HOSTS": f"127.0.0.1,{PORTAL},{SITE}",
            "MINGZHENG_PROXIES": "1",
        }
        return {key: value for key, value in os.environ.items() if key != "MINGZHENG_DATABASE"} | given

    def run(self, *arguments: str) -> str:
        command = [sys.executable, *arguments]
        root = Path(__file__).parents[2]
        done = subprocess.run(
            command, env=self.environment(), cwd=root, capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, done.stderr
        return done.stdout

    def configuration(self, kind: str, port: int) -> str:
        return self.run(
            "-m", "mingzheng.cli", "webserver-config", kind, "--app", f"127.0.0.1:{self.app_port}",
            "--host", "127.0.0.1", "--port", str(port),
        )  # fmt: skip


@pytest.fixture(scope="module")
def installation(tmp_path_factory: pytest.TempPathFactory) -> Installation:
    home = tmp_path_factory.mktemp("installation")
    for folder in (home, *home.parents[:2]):
        folder.chmod(0o755)  # nginx drops to an account of its own
    made = Installation(home, free_port(), [])
    made.run("-m", "mingzheng.cli", "migrate")
    made.items = made.run("-c", MAKE_CITY).split()
    made.run("-m", "mingzheng.cli", "publish", "--full")
    made.run("-m", "mingzheng.cli", "index", "--rebuild")
    (made.public / ".secret").write_text("secret")
    page = made.public / "units/index.html"
    page.with_name("index.html.gz").write_bytes(gzip.compress(b"<!DOCTYPE html>precompressed"))
    (made.public / "files").mkdir(exist_ok=True)
    return made


@contextmanager
def nginx(installation: Installation, folder: Path) -> Iterator[int]:
    port, prefix = free_port(), folder / "nginx"
    prefix.mkdir()
    (prefix / "mingzheng.conf").write_text(installation.configuration("nginx", port))
    paths = "".join(
        f"{name}_temp_path {prefix}/{name};\n"
        for name in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    )
    user = "user root;\n" if os.geteuid() == 0 else ""  # the city lies in a folder that only we may enter
    (prefix / "nginx.conf").write_text(
        f"{user}pid {prefix}/pid;\nerror_log {prefix}/error.log;\nworker_processes 1;\nevents {{}}\n"
        f"http {{\naccess_log off;\n{paths}include /etc/nginx/mime.types;\ndefault_type application/octet-stream;\n"
        f"include {prefix}/mingzheng.conf;\n}}\n"
    )
    command = [
        shutil.which("nginx") or "/usr/sbin/nginx",
        "-p",
        str(prefix),
        "-c",
        str(prefix / "nginx.conf"),
    ]
    checked = subprocess.run([*command, "-t"], capture_output=True, text=True, check=False)
    assert checked.returncode == 0, checked.stderr
    assert "warn" not in checked.stderr, checked.stderr
    with running(port, *command, "-g", "daemon off;"):
        yield port


@contextmanager
def caddy(installation: Installation, folder: Path) -> Iterator[int]:
    port = free_port()
    file = folder / "Caddyfile"
    file.write_text(installation.configuration("caddy", port))
    environment = {**os.environ, "XDG_DATA_HOME": str(folder), "XDG_CONFIG_HOME": str(folder)}
    with running(port, "caddy", "run", "--config", str(file), "--adapter", "caddyfile", env=environment):
        yield port


@dataclass
class Answer:
    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def text(self) -> str:
        return self.body.decode()


class Server:
    def __init__(self, kind: str, port: int) -> None:
        self.kind, self.port = kind, port

    def ask(
        self, path: str, method: str = "GET", host: str = PORTAL, body: bytes = b"", **headers: str
    ) -> Answer:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=20)
        connection.putrequest(method, path, skip_host=True, skip_accept_encoding=True)
        connection.putheader("Host", host)
        for name, value in headers.items():
            connection.putheader(name.replace("_", "-"), value)
        if body:
            connection.putheader("Content-Length", str(len(body)))
        connection.endheaders(body or None)
        answer = connection.getresponse()
        found = Answer(answer.status, {k.lower(): v for k, v in answer.getheaders()}, answer.read())
        connection.close()
        return found


@pytest.fixture(scope="module", params=[nginx, caddy], ids=["nginx", "caddy"])
def web(request, installation, tmp_path_factory) -> Iterator[Server]:
    """A web server with the application down."""
    with request.param(installation, tmp_path_factory.mktemp("server")) as port:
        yield Server(request.param.__name__, port)


@pytest.fixture(scope="module")
def live(web, installation) -> Iterator[Server]:
    """The same with the application up."""
    port = str(installation.app_port)
    command = [sys.executable, "-m", "mingzheng.cli", "serve", "--port", port]
    with running(installation.app_port, *command, env=installation.environment()):
        yield web


def test_pages_and_files_come_from_the_folder_alone(web, installation):
    for path, file, kind in (
        ("/", "index.html", "text/html; charset=utf-8"),
        ("/units/czj/", "units/czj/index.html", "text/html; charset=utf-8"),
        (installation.items[0], installation.items[0][1:], "text/html; charset=utf-8"),
        ("/assets/site.css", "assets/site.css", "text/css; charset=utf-8"),
        ("/notice.json", "notice.json", "application/json"),
        ("/assets/mark.svg", "assets/mark.svg", "image/svg+xml"),
    ):
        answer = web.ask(path)
        assert (answer.status, answer.body) == (200, (installation.public / file).read_bytes()), path
        assert answer.headers["content-type"].startswith(kind), path
        head = web.ask(path, "HEAD")
        assert (head.status, head.body) == (200, b""), path
        assert head.headers["content-length"] == str(len(answer.body)), path


def test_a_domain_leads_to_the_home_of_its_site_and_to_all_other_pages(web, installation):
    home = (installation.public / "sites/czj/index.html").read_bytes()
    assert web.ask("/", host=SITE).body == home
    assert web.ask("/", host=f"{SITE}:{web.port}").body == home
    assert web.ask("/sites/czj/").body == home
    assert web.ask("/units/", host=SITE).body == web.ask("/units/").body
    assert web.ask("/", host="127.0.0.1").body == web.ask("/").body


def test_a_closed_sites_domain_leads_on(web):
    answer = web.ask("/units/czj/", host=CLOSED)
    assert (answer.status, answer.headers["location"]) == (301, f"http://{PORTAL}/units/daj/")


def test_an_unknown_domain_gets_no_page(web):
    for host in ("evil.example", "czj.city.gov.cn.evil.example", "203.0.113.1"):
        answer = web.ask("/", host=host)
        assert (answer.status, b"<main" in answer.body) == (421, False), host


def test_withdrawn_pages_are_gone_and_unknown_ones_not_found(web, installation):
    told, silent = installation.items[1:3]
    for path, words in ((told, "已经失效或者废止"), (silent, "不再公开")):
        answer = web.ask(path)
        assert (answer.status, answer.headers["content-type"]) == (410, "text/html; charset=utf-8"), path
        assert words in answer.text
        assert web.ask(path, "HEAD").status == 410
        assert web.ask(f"{path}.gone").status == 404
        assert answer.headers["cache-control"] == "no-cache"
    page = (installation.public / "404.html").read_bytes()
    for path in (
        "/info/209901/1.html",
        "/nowhere",
        "/nowhere/",
        "/info/",
        "/assets/",
        "/404.html",
        "/502.html",
        "/x.gone",
    ):
        answer = web.ask(path)
        assert (answer.status, answer.body) == (404, page), path


def test_the_live_addresses_say_that_they_are_down(web):
    page = "该功能暂时无法使用"
    for path in (
        "/search/?q=x",
        "/figures/",
        "/reports/",
        "/-/views/1",
        "/api/v1/",
        "/office/",
        "/office-static/x.css",
    ):
        answer = web.ask(path)
        assert answer.status == 502, path
        assert page in answer.text, path


def test_the_live_addresses_reach_the_application(live):
    for path, status in (
        ("/search/?q=1", 200),
        ("/figures/", 200),
        ("/reports/", 200),
        ("/-/qr?path=/units/", 200),
        ("/office/", 302),
        ("/office-static/wagtailadmin/css/core.css", 200),
        ("/api/nowhere", 404),
    ):
        assert live.ask(path).status == status, path
    for path in ("/search", "/office"):
        answer = live.ask(path)
        assert (answer.status, answer.headers["location"]) == (301, f"{path}/")
    assert live.ask("/search/", host=SITE).status == 200


def test_only_the_live_addresses_reach_the_application(live):
    for path in ("/nowhere", "/-", "/searches/", "/figures.html", "/static/x", "/media/x"):
        answer = live.ask(path)
        assert answer.status in (301, 404), path
        if answer.status == 404:
            assert "x-frame-options" in answer.headers


def test_a_draft_file_is_the_applications_to_refuse(live):
    answer = live.ask("/files/ab/abcdef.pdf")
    assert answer.status == 404


def test_addresses_with_a_version_are_kept_and_all_others_asked_again(web):
    assert (
        web.ask("/assets/site.css?v=0123456789").headers["cache-control"]
        == "public, max-age=31536000, immutable"
    )
    for path in ("/", "/units/?v=0123456789", "/notice.css", "/notice.json", "/assets/site.css"):
        answer = web.ask(path)
        assert answer.headers["cache-control"] == "no-cache", path
        assert web.ask(path, If_None_Match=answer.headers["etag"]).status == 304, path


def test_the_ready_compressed_file_is_sent_to_who_takes_it(web):
    answer = web.ask("/units/", Accept_Encoding="gzip")
    assert answer.headers["content-encoding"] == "gzip"
    assert gzip.decompress(answer.body) == b"<!DOCTYPE html>precompressed"
    assert "content-encoding" not in web.ask("/units/").headers
    other = web.ask("/", Accept_Encoding="gzip")
    assert gzip.decompress(other.body) == web.ask("/").body


def test_every_page_has_the_security_headers_once(live, installation):
    for path in ("/", installation.items[1], "/nowhere", "/search/?q=1", "/assets/site.css"):
        headers = live.ask(path).headers
        assert headers["x-content-type-options"] == "nosniff", path
        assert headers["x-frame-options"] == "DENY", path
        assert headers["content-security-policy"] == CONTENT_POLICY, path
    assert "content-security-policy" not in live.ask("/office/").headers
    assert not live.ask("/").headers.get("server", "").startswith("nginx/")


def test_parts_of_a_file_are_sent(web):
    whole = web.ask("/units/czj/").body
    answer = web.ask("/units/czj/", Range="bytes=10-19")
    assert (answer.status, answer.body) == (206, whole[10:20])
    assert web.ask("/units/czj/", Range="bytes=99999999-").status == 416


def test_files_take_no_writing(web):
    for method in ("POST", "PUT", "DELETE", "PATCH", "OPTIONS"):
        assert web.ask("/units/czj/", method).status in (403, 405), method


def test_what_citizens_send_is_small_and_what_officers_send_is_not(live):
    big = b"x" * 200_000
    assert live.ask("/search/", "POST", body=big).status == 413
    assert live.ask("/office/login/", "POST", body=big).status != 413


@pytest.mark.parametrize(
    "path",
    ["/.secret", "/.tmp/1", "/units/.hidden", "/%2esecret", "/units/..%2f.secret", "/units/index.html.gz",
     "/../secret.key", "/%2e%2e/secret.key", "/units/%2e%2e/%2e%2e/secret.key", "/..%5csecret.key",
     "/%00", "/index.html%00.png", "/files/../../secret.key", "/files/%2e%2e/.secret", "/assets/..;/secret.key",
     "/search/../../secret.key", "/-/../.secret", "/" + "a" * 4000],
)  # fmt: skip
def test_tricks_reach_no_other_file(live, installation, path):
    answer = live.ask(path)
    assert answer.status in (301, 302, 308, 400, 404, 414), path
    assert b"secret" not in answer.body.replace(b"secret.key", b"")
    assert (installation.home / "secret.key").read_bytes() not in answer.body


def test_doubled_slashes_lead_to_the_page_or_nowhere(web):
    answer = web.ask("//units/czj/")
    assert answer.status in (200, 301, 308, 404)
    assert not answer.headers.get("location", "").startswith("//")


def test_a_raw_nul_and_a_missing_host_are_refused(web):
    for sent in (b"GET /\0 HTTP/1.1\r\nHost: www.city.gov.cn\r\n\r\n", b"GET / HTTP/1.1\r\n\r\n"):
        with socket.create_connection(("127.0.0.1", web.port), 10) as raw:
            raw.sendall(sent)
            assert raw.recv(100).split()[1] in (b"400", b"404", b"421")


@pytest.mark.browser
def test_pages_keep_to_their_content_policy_and_look_as_they_should(live, installation):
    path = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    faults = []
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=["--no-sandbox"])
        page = browser.new_page()
        page.on("console", lambda told: "Content Security Policy" in told.text and faults.append(told.text))
        page.on("pageerror", lambda error: faults.append(str(error)))
        told = installation.items[1]
        for address in (
            "/",
            installation.items[0],
            "/units/czj/",
            "/documents/",
            told,
            "/nowhere",
            "/search/?q=1",
            "/figures/",
        ):
            page.goto(f"http://127.0.0.1:{live.port}{address}", wait_until="networkidle")
            assert page.locator("main h1, main h2").first.is_visible(), address
        page.goto(f"http://127.0.0.1:{live.port}{installation.items[0]}")
        alignment = "element => getComputedStyle(element).textAlign"
        assert page.locator("[data-body] p").first.evaluate(alignment) == "center"
        assert faults == []
        inject = "() => { const s = document.createElement('script'); s.textContent = 'window.ran = 1'; document.body.append(s); }"
        page.evaluate(inject)  # what an attacker might get into a page does not run
        assert page.evaluate("() => window.ran") is None
        browser.close()


@pytest.mark.parametrize(
    ("place", "sentence"),
    [
        (Place(port=0), "端口“0”有误"),
        (Place(port=70000), "端口“70000”有误"),
        (Place(host="x;"), "监听地址“x;”有误"),
        (Place(app="127.0.0.1"), "应用地址“127.0.0.1”有误"),
        (Place(app="a:1; }"), "应用地址“a:1; }”有误"),
        (Place(app="127.0.0.1:99999"), "应用地址“127.0.0.1:99999”有误"),
    ],
)
def test_what_cannot_stand_in_a_configuration_is_refused(portal, place, sentence):
    with pytest.raises(Refusal, match=sentence.replace("}", r"\}")):
        configuration("nginx", place)


@pytest.mark.parametrize("target", ["http://x; }", "javascript:1", "/a b", "//evil.example/", '/"$host'])
def test_a_hostile_target_of_a_closed_site_never_gets_into_the_file(portal, monkeypatch, target):
    from mingzheng.portal.webserver import services

    monkeypatch.setattr(services, "closed_domains", lambda: [("old.city.gov.cn", target)])
    with pytest.raises(Refusal, match="关停后转到的地址"):
        configuration("caddy", Place())


def test_a_folder_that_breaks_the_configuration_is_refused(portal, settings):
    settings.PUBLIC_DIR = Path('/srv/a"; }')
    with pytest.raises(Refusal, match="不能使用的字符"):
        configuration("nginx", Place())
