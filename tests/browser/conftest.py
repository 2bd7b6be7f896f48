"""A small city of its own, published and served on loopback, and the system's Chromium to look at it."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, sync_playwright


class Site:
    """The served city: its address, and commands against it."""

    def __init__(self, home: Path, address: str) -> None:
        self.address = address
        self.environment = {
            **os.environ,
            "MINGZHENG_HOME": str(home),
            "DJANGO_SETTINGS_MODULE": "mingzheng.settings",
            "MINGZHENG_REQUIRE_SECOND_FACTOR": "",
        }
        self.environment.pop("MINGZHENG_DATABASE", None)

    @property
    def password(self) -> str:
        """With which the demonstration's people sign in."""
        return (Path(self.environment["MINGZHENG_HOME"]) / "demo-password.txt").read_text()

    def run(self, *arguments: str) -> str:
        """Run a command of the console script and return what it prints."""
        command = [sys.executable, "-m", "mingzheng.cli", *arguments]
        done = subprocess.run(command, env=self.environment, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr
        return done.stdout

    def run_python(self, code: str) -> str:
        """Run some lines with Django set up and return what they print."""
        command = [sys.executable, "-c", f"import django\ndjango.setup()\n{code}"]
        done = subprocess.run(command, env=self.environment, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr
        return done.stdout

    def wait_for(self, path: str, holds: Callable[[int, str], bool]) -> None:
        """Wait until the page of this address is as it should be: pages follow changes by themselves."""
        for _ in range(150):
            try:
                with urllib.request.urlopen(self.address + path, timeout=5) as answer:
                    status, text = answer.status, answer.read().decode()
            except urllib.error.HTTPError as error:
                status, text = error.code, error.read().decode()
            if holds(status, text):
                return
            time.sleep(0.2)
        raise AssertionError(f"{path} did not follow the change")

    def read(self, path: str) -> str:
        """The page of this address as it is now."""
        with urllib.request.urlopen(self.address + path, timeout=5) as answer:
            return answer.read().decode()

    def start(self, *arguments: str) -> subprocess.Popen[str]:
        command = [sys.executable, "-m", "mingzheng.cli", *arguments]
        return subprocess.Popen(command, env=self.environment, stdout=subprocess.DEVNULL, text=True)


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """The demonstration city, published."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    made = Site(tmp_path_factory.mktemp("city"), f"http://127.0.0.1:{port}")
    made.run("demo")
    made.run("publish", "--full")
    server = made.start("serve", "--port", str(port))
    try:
        for _ in range(100):
            try:
                urllib.request.urlopen(made.address, timeout=1).close()
                break
            except OSError:
                time.sleep(0.1)
        yield made
    finally:
        server.terminate()
        server.wait(10)


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    path = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    assert path, "the tests need Chromium: run tools/install_system"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=["--no-sandbox"])
        yield browser
        browser.close()


@pytest.fixture
def visit(site: Site, chromium: Browser) -> Iterator[Callable[..., Page]]:
    """Opens an address in a fresh browser; whatever it asks for elsewhere, and every error it logs, fails the test."""
    faults: list[str] = []
    contexts = []

    def open_page(
        path: str, *, width: int = 1280, height: int = 900, scripts: bool = True, program: str | None = None
    ) -> Page:
        context = chromium.new_context(
            viewport={"width": width, "height": height}, java_script_enabled=scripts, user_agent=program
        )
        contexts.append(context)
        page = context.new_page()
        page.on(
            "request",
            lambda request: request.url.startswith((site.address, "data:")) or faults.append(request.url),
        )
        page.on("pageerror", lambda error: faults.append(str(error)))
        page.goto(site.address + path)
        return page

    yield open_page
    for context in contexts:
        context.close()
    assert faults == []


@pytest.fixture
def sign_in(site, chromium):
    """Opens the desk as somebody, in a browser of their own; errors of the page fail the test."""
    contexts, faults = [], []

    def enter(username, **options):
        context = chromium.new_context(viewport={"width": 1280, "height": 900}, **options)
        contexts.append(context)
        page = context.new_page()
        page.on("pageerror", lambda error: faults.append(str(error)))
        page.on(
            "request",
            lambda request: (
                request.url.startswith((site.address, "data:", "blob:")) or faults.append(request.url)
            ),
        )
        page.goto(f"{site.address}/office/")
        page.fill("input[name=login]", username)
        page.fill("input[name=password]", site.password)
        with page.expect_navigation():
            page.get_by_role("button", name="登录").first.click()
        page.get_by_role("heading", name="我的工作").wait_for()
        return page

    yield enter
    for context in contexts:
        context.close()
    assert faults == []
