"""Officers read Chinese: no library brings a text without it, and no translation loses what its text carries."""

from __future__ import annotations

import importlib.machinery
import importlib.util
import re
import string
import sys
from pathlib import Path
from types import ModuleType

import pytest
from django.utils.translation.trans_real import DjangoTranslation

TOOL = Path(__file__).parents[2] / "tools/translations"
HTML_TAG = re.compile(r"</?[a-z][^>]*>")
PERCENT = re.compile(r"%(?:\(\w+\))?[sdr]")


def load_tool() -> ModuleType:
    """Import the command, which has no ``.py`` in its name."""
    loader = importlib.machinery.SourceFileLoader("translations", str(TOOL))
    spec = importlib.util.spec_from_loader("translations", loader)
    assert spec
    module = sys.modules["translations"] = importlib.util.module_from_spec(spec)
    loader.exec_module(module)
    return module


tool = load_tool()
CATALOGUES = {domain: tool.read_po(tool.LOCALE / f"{domain}.po") for domain in tool.DOMAINS}
MESSAGES = [message for messages in CATALOGUES.values() for message in messages if message.msgid]


def placeholders(text: str) -> set[str]:
    """The parts that the program fills in: %(name)s, %s, {name}."""
    try:
        braces = {f"{{{name}}}" for _, name, _, _ in string.Formatter().parse(text) if name is not None}
    except ValueError:
        braces = set()
    return set(PERCENT.findall(text)) | braces


def test_every_text_of_the_installed_libraries_has_chinese() -> None:
    assert [f"{name}: {message.msgid}" for name, _, message in tool.missing()] == []


@pytest.mark.parametrize("domain", tool.DOMAINS)
def test_compiled_catalogue_is_that_of_the_source(domain: str) -> None:
    compiled = (tool.LOCALE / f"{domain}.mo").read_bytes()
    assert compiled == tool.compile_mo(CATALOGUES[domain]), "run: tools/translations compile"


@pytest.mark.parametrize("domain", tool.DOMAINS)
def test_our_words_win_over_those_of_the_libraries(domain: str) -> None:
    django = DjangoTranslation("zh-hans", domain=domain)
    for message in CATALOGUES[domain]:
        if message.plural:
            assert django.ngettext(message.msgid, message.plural, 2) == message.text
        elif message.msgid and not message.context:
            assert django.gettext(message.msgid) == message.text


def test_placeholders_are_kept() -> None:
    changed = [m.msgid for m in MESSAGES if placeholders(m.text) != placeholders(m.plural or m.msgid)]
    assert changed == []


def test_html_tags_are_kept() -> None:
    changed = [
        m.msgid
        for m in MESSAGES
        if sorted(HTML_TAG.findall(m.text)) != sorted(HTML_TAG.findall(m.plural or m.msgid))
    ]
    assert changed == []


def test_nothing_is_translated_to_itself_or_left_empty() -> None:
    assert [m.msgid for m in MESSAGES if not m.text.strip() or m.text.strip() == m.msgid.strip()] == []


def test_no_text_is_listed_twice() -> None:
    for messages in CATALOGUES.values():
        keys = [message.key for message in messages]
        assert [key for key in keys if keys.count(key) > 1] == []


def test_screens_say_one_word_for_one_notion() -> None:
    """The libraries' other words for the same notion must not come back."""
    other_words = ("片段", "工作流", "修订版本", "取消发布", "缩略名", "帐号", "帐户", "通行钥匙")
    assert [m.msgid for m in MESSAGES if any(word in m.text for word in other_words)] == []


def test_a_new_text_of_a_library_is_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    new = tool.Message("A sentence that no catalogue has")
    monkeypatch.setattr(tool, "installed_messages", lambda: iter([("wagtail.admin", "django", new)]))
    assert tool.missing() == [("wagtail.admin", "django", new)]
