"""What the page of a document says about its life: whether it holds, what ended it, what it ends, where it was filed."""

from __future__ import annotations

from datetime import date
from typing import Any, Final

from mingzheng.portal import addresses
from mingzheng.portal.families.facts import UnitFacts
from mingzheng.portal.formats import chinese_date
from mingzheng.publish.documents.services import Counterpart, Validity, validity_rule

KINDS: Final = {"amends": "修改", "replaces": "代替", "repeals": "废止"}
RESULTS: Final = {"kept": "继续有效", "amend": "拟修改", "repealed": "废止", "expired": "宣布失效"}
Line = dict[str, Any]


def notices(facts: UnitFacts, row: Any) -> list[Line]:
    """The banners above the text, the gravest first; ``look`` is ended, changed or plain."""
    validity = facts.validity(row)
    if validity is None:
        return []
    standing, today = facts.standing, facts.city.today
    lines = [_undergone(each, today) for each in standing.undergoes.get(row.id, ())]
    if validity is Validity.EXPIRED:
        lines.append({"look": "ended", "text": _expiry(facts, row)})
    elif validity is Validity.REPEALED and not any(each["look"] == "ended" for each in lines):
        lines.append({"look": "ended", "text": "本文件已废止。"})
    elif validity is Validity.PENDING:
        lines.append({"look": "changed", "text": f"本文件自{chinese_date(row.effective_on)}起施行。"})
    lines.sort(key=lambda each: each["look"] != "ended")
    return lines + [_acts(each) for each in standing.acts.get(row.id, ())]


def counterparts(facts: UnitFacts, item_id: int) -> tuple[str, ...]:
    """The facts on which the page of a document depends: the documents at the other end of its relations."""
    standing = facts.standing
    others = (*standing.acts.get(item_id, ()), *standing.undergoes.get(item_id, ()))
    return tuple(f"item:{each.id}" for each in others)


def document_record(facts: UnitFacts, row: Any) -> list[tuple[str, str, bool]]:
    """The document's part of the metadata table: validity, days, filing, clean-up; the flag marks digits."""
    validity = facts.validity(row)
    if validity is None:
        return []
    standing = facts.standing
    record = [("有效性", validity.label, False)]
    if row.effective_on:
        record.append(("施行日期", chinese_date(row.effective_on), True))
    if ends_on := standing.end_of_term(row):
        silent = "" if row.expires_on else f"（未写明有效期，按{validity_rule().silent_years}年计）"
        record.append(("失效日期", f"{chinese_date(ends_on)}{silent}", True))
    if repealed_on := _repealed_on(facts, row):
        record.append(("废止日期", chinese_date(repealed_on), True))
    for filing in standing.filings.get(row.id, ()):
        record.append(
            ("备案", f"{chinese_date(filing.filed_on)}报{filing.authority}备案，备案号{filing.number}", False)
        )
    for each in standing.cleanups.get(row.id, ()):
        record.append(("清理结果", f"{each.year}年清理：{RESULTS[each.result]}（{each.basis}）", False))
    return record


def _repealed_on(facts: UnitFacts, row: Any) -> date | None:
    """The first day on which the document was repealed, by whatever, known so far."""
    ended = [each.on for each in facts.standing.undergoes.get(row.id, ()) if each.kind != "amends"]
    ended += [each.on for each in facts.standing.cleanups.get(row.id, ()) if each.result == "repealed"]
    return min([*ended, *([row.repealed_on] if row.repealed_on else [])], default=None)


def _undergone(each: Counterpart, today: date) -> Line:
    come = each.on <= today
    look = "changed" if each.kind == "amends" or not come else "ended"
    day = chinese_date(each.on)
    before = "本文件已被" if come else "本文件将被"
    return {"look": look, "before": before, **_link(each), "after": f"{KINDS[each.kind]}，自{day}起生效。"}


def _acts(each: Counterpart) -> Line:
    return {"look": "plain", "before": f"本文件{KINDS[each.kind]}", **_link(each), "after": "。"}


def _link(each: Counterpart) -> Line:
    """The other document; of one that is not public no more than that it is there."""
    if not each.public:
        return {"text": "另一份文件"}
    number = f"（{each.doc_no}）" if each.doc_no else ""
    url = addresses.item_path(each.id, each.first_published_at)
    return {"title": f"《{each.title}》", "number": number, "url": url}


def _expiry(facts: UnitFacts, row: Any) -> str:
    ends_on = facts.standing.end_of_term(row)
    if ends_on and ends_on <= facts.city.today:
        return f"本文件有效期已经届满，自{chinese_date(ends_on)}起失效。"
    return "本文件已经宣布失效。"
