"""A body as its readers see it, and the places of a found piece in its markup."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator
from html import escape, unescape
from urllib.parse import urlsplit

from lxml import html as lxml_html
from lxml.html import HtmlElement

from mingzheng.law.personal_data import PersonalData, find_personal_data
from mingzheng.publish.checks.findings import Finding, finding

# Around every other element a reader sees a gap; what stands on its two sides is not one word.
_INLINE = frozenset(
    {"a", "abbr", "b", "code", "del", "em", "font", "i", "ins", "s", "small", "span", "strong", "sub", "sup", "u"}
)  # fmt: skip
_TOKEN = re.compile(
    r"""(?P<tag></?(?P<name>[a-zA-Z][a-zA-Z0-9]*)(?:[^"'<>]|"[^"]*"|'[^']*')*>)|(?P<comment><!--.*?-->)"""
    r"""|(?P<entity>&(?:\#[0-9]{1,7}|\#[xX][0-9a-fA-F]{1,6}|[a-zA-Z][a-zA-Z0-9]{1,31});)|(?P<text>[^<&]+|[<&])""",
    re.DOTALL,
)
_LOCAL = re.compile(
    r"file:/+[^\s<>“”（），。；]{1,200}|(?<![A-Za-z0-9])[A-Za-z]:\\[^\s<>“”（），。；]{1,200}"
)
_INTRANET = re.compile(r"localhost|127\.|10\.|192\.168\.|172\.(?:1[6-9]|2[0-9]|3[01])\.")
_HOST = re.compile(r"[\w-]+(?:\.[\w-]+)+")
_FILE = re.compile(r"\.(?:docx?|xlsx?|pdf|wps|et|zip|rar)$", re.IGNORECASE)


class Body:
    """One sanitised body: its visible text, and its markup with some of that text replaced.

    The markup is never written anew: what is not replaced stays as it was, character for character.
    """

    def __init__(self, source: str) -> None:
        self._source = source
        self._edits: list[tuple[int, int, str]] = []
        pieces: list[str] = []
        self._runs: list[
            tuple[int, int, int, int]
        ] = []  # start and end in the text, start and end in the source
        length = 0
        for token in _TOKEN.finditer(source):
            kind = token.lastgroup
            if kind == "comment":
                continue
            if kind == "tag":
                piece = "\n" if token["name"].lower() not in _INLINE and length else ""
                if piece and pieces[-1].endswith("\n"):
                    continue
            else:
                piece = unescape(token[0]) if kind == "entity" else token[0]
                self._runs.append((length, length + len(piece), *token.span()))
            if piece:
                pieces.append(piece)
                length += len(piece)
        self.text = "".join(pieces)

    def replace(self, start: int, end: int, new: str) -> None:
        """Put ``new`` where these characters of the text stand, whatever markup lies between them."""
        for run_start, run_end, source_start, source_end in self._runs:
            first, last = max(start, run_start), min(end, run_end)
            if first >= last:
                continue
            if run_end - run_start == source_end - source_start:
                source_end = source_start + last - run_start
                source_start += first - run_start
            self._edits.append((source_start, source_end, escape(new, quote=False)))
            new = ""

    def source(self) -> str:
        """The markup with the replacements made."""
        pieces, last = [], 0
        for start, end, new in sorted(self._edits):
            pieces += [self._source[last:start], new]
            last = end
        return "".join([*pieces, self._source[last:]])


def replace_in_body(source: str, findings: Iterable[Finding]) -> str:
    """The markup with what each of these findings of its text proposes in its place; no tag is touched."""
    body = Body(source)
    for each in findings:
        body.replace(each.start, each.end, each.replacement or "")
    return body.source()


def mask_body(source: str, keys: Collection[str] | None = None, place: str = "正文") -> str:
    """Mask the personal data of the body, or those whose findings have these keys, and nothing else."""
    while True:  # a masked number can uncover another that ran into it
        body = Body(source)
        found = [each for each in find_personal_data(body.text) if _is_to_mask(each, keys, place)]
        if not found:
            return source
        for each in found:
            body.replace(each.start, each.end, each.masked)
        source = body.source()


def _is_to_mask(each: PersonalData, keys: Collection[str] | None, place: str) -> bool:
    if keys is None:
        return not each.public_contact
    return not each.public_contact and finding(each.kind, place, "", value=each.value).key in keys


def check_markup(source: str, place: str) -> Iterator[Finding]:
    """Images that were not uploaded or say nothing, and links that lead nowhere."""
    root: HtmlElement = lxml_html.fragment_fromstring(source, create_parent="div")
    for number, image in enumerate(root.iter("img"), start=1):
        address = (image.get("src") or "").strip()
        if not address.startswith("/files/"):
            yield finding(
                "image-outside", place, f"第{number}张图片没有上传到本系统", value=address,
                suggestion="请在编辑器中重新插入这张图片",
            )  # fmt: skip
        if not (image.get("alt") or "").strip():
            yield finding(
                "image-alt", place, f"第{number}张图片缺少文字说明，读屏软件无法朗读", value=f"{number}{address}",
                suggestion="请为图片填写说明",
            )  # fmt: skip
    for link in root.iter("a"):
        yield from _link(link, place)


def local_files(text: str, place: str) -> Iterator[Finding]:
    """Names of files on somebody's own computer, as Word leaves them in a text."""
    for match in _LOCAL.finditer(text):
        yield finding(
            "local-file", place, f"“{match[0][:40]}”是个人电脑上的文件，公众打不开", value=match[0],
            start=match.start(), end=match.end(), suggestion="请上传附件，并删去这个路径",
        )  # fmt: skip


def addresses_in(source: str) -> list[tuple[str, str]]:
    """The addresses that a body links to or shows, each with the words that a reader sees."""
    root: HtmlElement = lxml_html.fragment_fromstring(source, create_parent="div")
    links = [((each.get("href") or "").strip(), "".join(each.itertext())[:30]) for each in root.iter("a")]
    images = [
        ((each.get("src") or "").strip(), (each.get("alt") or "图片")[:30]) for each in root.iter("img")
    ]
    return links + images


def _link(link: HtmlElement, place: str) -> Iterator[Finding]:
    address, words = (link.get("href") or "").strip(), "".join(link.itertext())[:30]
    if not address or address.startswith(("#", "file:", "javascript:")):
        yield finding(
            "link-bad", place, f"链接“{words}”没有可以打开的地址", value=words + address,
            suggestion="指向文件的，请先上传附件再重新链接；其他的请填写完整网址",
        )  # fmt: skip
    elif address.startswith(("http:", "https:")) and (fault := _fault_of(address)):
        yield finding(
            "link-doubt", place, f"链接“{words}”{fault}", value=words + address, suggestion="请核对网址"
        )
    elif "://" not in address and not address.startswith(("/", "mailto:", "tel:")):
        kind = "附件链接" if _FILE.search(address) else "链接"
        yield finding(
            "link-doubt", place, f"{kind}“{words}”是相对地址，发布后打不开", value=words + address,
            suggestion="请上传附件或改用完整网址",
        )  # fmt: skip


def _fault_of(address: str) -> str:
    """What is wrong with the form of a full address; it is not opened."""
    try:
        host = urlsplit(address).hostname or ""
    except ValueError:
        host = ""
    if _INTRANET.match(host):
        return "指向内部网络，公众打不开"
    return "" if _HOST.fullmatch(host) and not re.search(r"\s", address) else "的网址写法有误"
