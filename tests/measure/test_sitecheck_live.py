"""A live site over HTTP: what is read, what is left alone, and servers that mean harm."""

from __future__ import annotations

import gzip
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from tests.measure import sites
from tests.measure.sites import ON, change, put

from mingzheng.law.errors import Refusal
from mingzheng.measure.sitecheck import judge, load_scheme
from mingzheng.measure.sitecheck.crawling import Limits, check_outside, read_site
from mingzheng.measure.sitecheck.fetching import Fetcher, is_public
from mingzheng.measure.sitecheck.site import Site

FAST = Limits(pages=500, seconds=60, rate=1000)
IMPATIENT = Limits(pages=500, seconds=60, rate=1000, timeout=1)
Answerer = Callable[["Handler"], None]


class Handler(BaseHTTPRequestHandler):
    """Serves a folder; single addresses do what a test wants of them."""

    root: Path
    special: dict[str, Answerer]
    asked: list[str]

    def do_GET(self) -> None:
        self.asked.append(f"{self.command} {self.path}")
        plain = self.path.partition("?")[0]
        if answer := self.special.get(self.path) or self.special.get(plain):
            try:
                answer(self)
            except OSError:
                self.close_connection = True
            return
        file = self.root / plain.lstrip("/")
        if plain.endswith("/"):
            file /= "index.html"
        if file.is_file():
            kind = "text/html" if file.suffix == ".html" else "application/octet-stream"
            return self.answer(200, file.read_bytes(), kind)
        self.answer(404, (self.root / "404.html").read_bytes())

    do_HEAD = do_GET

    def answer(self, status: int, body: bytes = b"", kind: str = "text/html", **headers: str) -> None:
        self.send_response(status)
        told = {name.replace("_", "-"): value for name, value in headers.items()}
        for name, value in {"Content-Type": kind, "Content-Length": str(len(body)), **told}.items():
            self.send_header(name, value)
        self.end_headers()
        if self.command == "GET":
            self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:
        pass


@contextmanager
def serving(root: Path, special: dict[str, Answerer] | None = None) -> Iterator[tuple[str, list[str]]]:
    """The site on a port of this machine: its address, and the requests that came."""
    asked: list[str] = []
    handler = type(
        "Handler", (Handler,), {"root": root, "special": {} if special is None else special, "asked": asked}
    )
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    server.daemon_threads = True
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}/", asked
    finally:
        server.shutdown()
        server.server_close()


@pytest.fixture
def root(tmp_path: Path) -> Path:
    root = sites.build(tmp_path / "site")
    put(root, "search/index.html", sites.page("搜索", "<p>搜索</p>"))
    return root


def read(url: str, limits: Limits = FAST, **options: bool) -> Site:
    return read_site(url, load_scheme("2015"), ON, limits, **options)


@pytest.fixture
def small(tmp_path: Path) -> Path:
    """A site of one page."""
    home = sites.page("示例市人民政府", "<ul></ul>").replace(sites.NAV, "").replace("/map/", "/")
    put(tmp_path, "index.html", home)
    put(tmp_path, "404.html", '<a href="/">首页</a>')
    return tmp_path


def linked(root: Path, *links: str) -> None:
    """Put links onto the home page."""
    change(root, "index.html", "<ul>", "<ul>" + "".join(f'<a href="{link}">链接</a>' for link in links))


def dead(site: Site) -> dict[str, str]:
    return {each.target: each.why for each in site.dead}


def test_a_live_site_without_a_fault_has_no_finding(root: Path) -> None:
    with serving(root) as (url, asked):
        site = read(url)
    sheet = judge(site, load_scheme("2015"))
    assert [finding for line in sheet.lines for finding in line.findings] == []
    assert sheet.score == 100
    assert (
        len(site.pages)
        == len({each for each in asked if each.startswith("GET") and "mingzheng" not in each}) - 1
    )
    assert site.complete


def test_dead_links_are_found_with_their_pages(root: Path) -> None:
    linked(root, "/none.html", f"https://{sites.DOMAIN}/gone/", "/files/none.pdf")
    change(root, "rs/1.html", "正文。", '<a href="/inner-none">无</a>')
    with serving(root) as (url, _):
        site = read(url)
    assert dead(site) == dict.fromkeys(["/none.html", "/gone/", "/files/none.pdf", "/inner-none"], "答复404")
    assert {each.target for each in site.dead_on_home} == {"/none.html", "/gone/", "/files/none.pdf"}
    assert [seen.pages for each, seen in site.dead.items() if each.target == "/inner-none"] == [
        ["/rs/1.html"]
    ]


def test_gbk_pages_are_read_whatever_they_declare(root: Path) -> None:
    text = (root / "zc/1.html").read_text("utf-8")
    put(root, "zc/1.html", text.encode("gb18030"))
    with serving(root) as (url, _):
        site = read(url)
    assert next(page.column for page in site.pages if page.path == "/zc/1.html") == "政策文件"
    assert not site.problems


def test_a_site_that_answers_200_for_everything_is_told(root: Path) -> None:
    put(root, "404.html", sites.page("首页", "<p>欢迎</p>"))
    original = Handler.answer
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(
            Handler, "answer", lambda self, status, *rest, **more: original(self, 200, *rest, **more)
        )
        with serving(root) as (url, _):
            site = read(url)
    assert site.error_page is not None
    assert "200" in site.error_page.seen


def test_robots_txt_is_obeyed_and_told(root: Path) -> None:
    put(root, "robots.txt", "User-agent: *\nDisallow: /zc/\nCrawl-delay: 0.001\n")
    special = {"/robots.txt": lambda h: h.answer(200, (root / "robots.txt").read_bytes(), "text/plain")}
    with serving(root, special) as (url, asked):
        site = read(url)
    assert not [each for each in asked if "/zc/" in each]
    assert any("robots.txt" in each for each in site.unseen)
    assert not site.complete
    assert not site.dead


def test_limits_of_pages_and_seconds_end_the_reading(root: Path) -> None:
    with serving(root) as (url, _):
        site = read(url, Limits(pages=3, seconds=60, rate=1000))
        assert len(site.pages) == 3
        assert not site.complete
        assert any("3个页面" in each for each in site.unseen)
        assert len(read(url, Limits(pages=500, seconds=0, rate=1000)).pages) == 1


# servers that mean harm


def _endless_pages(handler: Handler) -> None:
    number = int(handler.path.partition("=")[2] or 0)
    links = f'<a href="/trap?n={number + 1}">下一页</a><a href="/trap?n={number + 7919}">下一页</a>'
    handler.answer(200, sites.page("日历", links).encode())


def _deeper(handler: Handler) -> None:
    handler.answer(200, sites.page("深", '<a href="deeper/">更深</a>').encode())


def _drip_body(handler: Handler) -> None:
    handler.send_response(200)
    handler.send_header("Content-Type", "text/html")
    handler.send_header("Content-Length", "1000000")
    handler.end_headers()
    for _ in range(200):
        handler.wfile.write(b"x")
        handler.wfile.flush()
        time.sleep(0.05)


def _drip_headers(handler: Handler) -> None:
    handler.wfile.write(b"HTTP/1.1 200 OK\r\n")
    for number in range(200):
        handler.wfile.write(f"X-{number}: 1\r\n".encode())
        handler.wfile.flush()
        time.sleep(0.05)


BOMB = gzip.compress(b"<p>" + b" " * 60_000_000)


def _bomb(handler: Handler) -> None:
    handler.answer(200, BOMB, Content_Encoding="gzip")


def _redirect(to: str) -> Answerer:
    return lambda handler: handler.answer(302, Location=to)


HARM = [
    (_redirect("/harm"), "跳转超过5次"),
    (_redirect("/harm?" + "x" * 3000), "跳转的网址过长"),
    (_redirect("file:///etc/passwd"), "不是http(s)网址"),
    (_redirect("gopher://127.0.0.1/"), "不是http(s)网址"),
    (_redirect("http://[bad/"), "跳转的网址有误"),
    # the start is on this machine, so this machine may be asked, but no other inner address
    (_redirect("http://10.0.0.1/"), "指向内部网络的地址"),
    (_redirect("http://169.254.169.254/latest/"), "指向内部网络的地址"),
    (_redirect("http://localhost:1/"), "指向内部网络的地址"),
    (_drip_body, "1秒内没有答复"),
    (_drip_headers, "1秒内没有答复"),
    (_bomb, "页面超过5 MB"),
    (lambda h: h.answer(200, b"<p>x" + b"\xff" * 20, Content_Encoding="gzip"), "压缩的内容已损坏"),
    (lambda h: h.answer(200, b"x", Content_Encoding="br"), "不支持的压缩方式"),
    (lambda h: h.wfile.write(b"garbage\r\n\r\n"), "没有正确答复"),
    (lambda h: h.answer(200, b"x", Content_Length="100"), "内容没有传完"),
    (lambda h: h.connection.close(), "连接中断"),
    (lambda h: h.answer(500), "答复500"),
]  # fmt: skip


@pytest.mark.parametrize(("answer", "why"), HARM)
def test_a_harmful_answer_is_a_dead_link_and_the_reading_goes_on(
    small: Path, answer: Answerer, why: str
) -> None:
    linked(small, "/harm")
    with serving(small, {"/harm": answer}) as (url, _):
        site = read(url, IMPATIENT if "秒" in why else FAST)
    assert list(dead(site)) == ["/harm"]
    assert why in dead(site)["/harm"]
    assert site.complete


@pytest.mark.parametrize(("path", "answer"), [("/trap", _endless_pages), ("/deep/", _deeper)])
def test_endless_pages_end(small: Path, path: str, answer: Answerer) -> None:
    linked(small, path)

    class Any(dict[str, Answerer]):
        def get(self, key: str, default: object = None) -> Answerer | None:  # type: ignore[override]
            return answer if key.startswith(path) else None

    with serving(small, Any()) as (url, _):
        site = read(url)
    assert not site.complete
    assert any("没有访问" in each for each in site.unseen)
    assert len(site.pages) < 150


def test_pages_that_are_no_text_are_left_alone(small: Path) -> None:
    linked(small, "/blob", "/empty", "/deepnest")
    special: dict[str, Answerer] = {
        "/blob": lambda h: h.answer(200, b"\x00\x01\x02" * 100),
        "/empty": lambda h: h.answer(200, b""),
        "/deepnest": lambda h: h.answer(200, b"<div>" * 100_000),
    }
    with serving(small, special) as (url, _):
        site = read(url)
    assert not site.dead
    assert any("/blob" in each for each in site.unseen)


def test_outside_links_are_asked_by_head_only_and_never_inwards(root: Path) -> None:
    with serving(root) as (other, asked):
        linked(root, f"{other}zc/1.html", f"{other}none.html", "http://10.0.0.1/x")
        with serving(root) as (url, _):
            site = read(url, external=True)
        site.outside = {link: seen for link, seen in site.outside.items() if "gov.cn" not in link}
        check_outside(site, 30, fetcher=Fetcher(frozenset(["127.0.0.1"]), timeout=1))
    assert dead(site) == {f"{other}none.html": "答复404", "http://10.0.0.1/x": "指向内部网络的地址，没有访问"}
    assert {each.split()[0] for each in asked} == {"HEAD"}


ADDRESSES = [
    ("8.8.8.8", True), ("127.0.0.1", False), ("10.1.2.3", False), ("192.168.0.1", False), ("172.16.0.1", False),
    ("169.254.169.254", False), ("0.0.0.0", False), ("100.64.0.1", False), ("224.0.0.1", False), ("::1", False),
    ("fe80::1%eth0", False), ("fd00::1", False), ("::ffff:127.0.0.1", False), ("2002:7f00:1::", False),
    ("2400:3200::1", True),
]  # fmt: skip


@pytest.mark.parametrize(("address", "public"), ADDRESSES)
def test_inner_addresses_are_known(address: str, public: bool) -> None:
    assert is_public(address) is public


REFUSED = [
    ("http://", "网址“http://”有误"),
    ("http://[bad", "有误"),
    ("http://127.0.0.1:99999/", "有误"),
    ("http://127.0.0.1:1/", "无法访问首页"),
    ("https://no-such-host.invalid/", "无法访问首页“https://no-such-host.invalid/”：域名无法解析。"),
]


@pytest.mark.parametrize(("url", "why"), REFUSED)
def test_a_site_that_cannot_be_reached_is_refused_in_one_sentence(url: str, why: str) -> None:
    with pytest.raises(Refusal) as refusal:
        read(url)
    assert why in str(refusal.value)
