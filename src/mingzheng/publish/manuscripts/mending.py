"""One click mends a word: the right one is written in the place of the wrong one, in text alone, never in a tag."""

from __future__ import annotations

from django.db import transaction

from mingzheng.city import audit
from mingzheng.city.models import Person
from mingzheng.law.errors import Refusal
from mingzheng.publish.checks.services import Finding, mended, replace_in_body
from mingzheng.publish.items.validation import LIMITS
from mingzheng.publish.manuscripts.checking import BODY, PLAIN, in_text
from mingzheng.publish.manuscripts.models import Manuscript
from mingzheng.publish.manuscripts.services import save
from mingzheng.publish.words.services import words_of

_LONGEST = {name: longest for name, _, longest in LIMITS}


def mend(actor: Person, manuscript: Manuscript, key: str, start: int | None = None) -> int:
    """Write the right word for this finding or, without ``start``, for its word in title, summary and body.

    Returns how many places were mended. Raises Refusal when the text has changed since it was found.
    """
    found = list(in_text(manuscript, words_of(manuscript.unit)))
    asked = next((each for each in found if each.key == key and start in (None, each.start)), None)
    if asked is None or not asked.word:
        raise Refusal("这处文字已经改过，请刷新页面后再试。")
    if not asked.replacement:
        raise Refusal(f"“{asked.word}”没有统一的改法，请在正文中改写。")
    chosen = [asked] if start is not None else [each for each in found if each.word == asked.word]
    with transaction.atomic():
        _write(manuscript, chosen)
        save(actor, manuscript)
        audit.append(
            actor, "manuscript.mended", manuscript.subject,
            {"word": asked.word, "right": asked.replacement, "places": len(chosen)},
        )  # fmt: skip
    return len(chosen)


def _write(manuscript: Manuscript, chosen: list[Finding]) -> None:
    for place, name in PLAIN.items():
        text = mended(getattr(manuscript, name), [each for each in chosen if each.place == place])
        if len(text) > _LONGEST.get(name, len(text)):
            raise Refusal(f"改正后{place}有{len(text)}个字，超过{_LONGEST[name]}个字，请先删减。")
        setattr(manuscript, name, text)
    manuscript.body = replace_in_body(manuscript.body, [each for each in chosen if each.place == BODY])
