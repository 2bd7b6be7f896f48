"""The only door of the word lists: add a rule, end one, take a sheet in; and the compiled list that a unit's texts meet."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import lru_cache

from django.db import transaction
from django.db.models import Subquery
from django.utils import timezone

from mingzheng.city import audit
from mingzheng.city.models import Person, Unit
from mingzheng.city.permissions import Access, require
from mingzheng.city.services import root_unit
from mingzheng.law.errors import Refusal
from mingzheng.law.personal_data import find_personal_data
from mingzheng.publish.checks import findings as checks
from mingzheng.publish.checks.services import WordList, own_words
from mingzheng.publish.checks.words import Phrase, typo
from mingzheng.publish.words.models import Kind, Severity, WordRule, WordRuleEnd

__all__ = [
    "Imported", "Kind", "RuleDraft", "Severity", "WordRule", "add_rule", "end_rule", "import_rules", "may_keep",
    "words_of",
]  # fmt: skip

LONGEST = 60  # characters of a word
_Version = tuple[int, datetime | None, int | None, datetime | None]
_GRAVE: dict[str, checks.Severity] = {each: each for each in checks.SEVERITIES}
# A phrase of the city goes by the rule of the checks that fits its severity.
_RULES = {Severity.BLOCK: "forbidden", Severity.WARN: "forbidden", Severity.NOTE: "outdated"}


@dataclass(slots=True)
class RuleDraft:
    """A rule before it is written. Without a unit it holds in the whole city; without a day from today on."""

    kind: str
    wrong: str
    right: str = ""
    severity: str = ""
    unit: Unit | None = None
    reason: str = ""
    active_from: date | None = None


@dataclass(slots=True)
class Imported:
    """What came of a sheet: rules written, rules that stood already, and refused rows; with those, nothing is written."""

    written: int = 0
    present: int = 0
    errors: list[tuple[int, str, str]] = field(default_factory=list)


def words_of(unit: Unit | None, on: date | None = None) -> WordList:
    """The list that the texts of a unit meet on that day (today by default); compiled once after each change."""
    return _compiled(_version(), on or timezone.localdate(), unit.pk if unit else None)


def _version() -> _Version:
    """What changes when any rule is added or ended. Times count too: a number given back by a rollback comes again."""
    ended = WordRuleEnd.objects.order_by("-pk")
    newest = WordRule.objects.order_by("-pk").annotate(
        end_number=Subquery(ended.values("pk")[:1]), last_end_at=Subquery(ended.values("ended_at")[:1])
    )
    return newest.values_list("pk", "added_at", "end_number", "last_end_at").first() or (0, None, None, None)


@lru_cache(maxsize=512)
def _compiled(version: _Version, on: date, unit_id: int | None) -> WordList:
    base = own_words() if unit_id is None else _compiled(version, on, None)
    rules = list(WordRule.objects.in_force(on).filter(unit=unit_id).order_by("pk"))
    if not rules:
        return base
    phrases = {each.wrong: _phrase(each) for each in rules if each.kind != Kind.WHITE}
    return base.with_more(phrases, [each.wrong for each in rules if each.kind == Kind.WHITE])


def _phrase(rule: WordRule) -> Phrase:
    severity = Severity(rule.severity)
    if rule.kind == Kind.TYPO:
        return typo(rule.wrong, rule.right, _GRAVE[severity])
    told = rule.reason.rstrip("。")
    return Phrase(_RULES[severity], f"“{rule.wrong}”{told}", rule.right or None, _GRAVE[severity])


def may_keep(access: Access, kind: str, unit: Unit | None) -> bool:
    """Whether the person may write a rule of this kind for the unit, or for the whole city (None)."""
    if unit is None:
        return access.may("words.manage", root_unit())
    return access.may("words.allow" if kind == Kind.WHITE else "words.manage", unit)


def add_rule(actor: Person, draft: RuleDraft) -> WordRule:
    """Write a rule down; it holds from today or a later day on. Raises Refusal with what is wrong with it."""
    _require(actor, draft.kind, draft.unit)
    rule = _checked(actor, draft)
    with transaction.atomic():
        rule.save()
        audit.append(actor, "word.added", f"word:{rule.pk}", _told(rule))
    return rule


def end_rule(actor: Person, rule_id: int, *, reason: str = "", ends_on: date | None = None) -> WordRuleEnd:
    """Let a rule hold no longer from that day on (today by default). The rule itself stays readable."""
    today = timezone.localdate()
    ends_on = ends_on or today
    with transaction.atomic():
        rule = WordRule.objects.select_for_update(of=("self",)).filter(pk=rule_id).first()
        if rule is None:
            raise Refusal("没有这条词表规则。")
        _require(actor, rule.kind, rule.unit)
        if hasattr(rule, "end"):
            raise Refusal(f"“{rule}”已定于{rule.end.ends_on}停用。")
        if ends_on < today:
            raise Refusal(f"停用日期{ends_on}早于今天；规则只能从今天或以后停用。")
        end = WordRuleEnd.objects.create(
            rule=rule, ends_on=ends_on, reason=_line(reason)[:200], ended_by=actor
        )
        audit.append(
            actor,
            "word.ended",
            f"word:{rule.pk}",
            {"word": rule.wrong, "on": str(ends_on), "reason": end.reason},
        )
    return end


def import_rules(actor: Person, rows: Iterable[tuple[int, RuleDraft | str]]) -> Imported:
    """Write the rules of a sheet, all or none; a row is its number and a draft, or the sentence that refuses it.

    What stands in the list just so already is passed over, so that an exported sheet can be extended and handed in.
    """
    done = Imported()
    with transaction.atomic():
        for number, draft in rows:
            try:
                if isinstance(draft, str):
                    raise Refusal(draft)
                if _stands(draft):
                    done.present += 1
                    continue
                add_rule(actor, draft)
                done.written += 1
            except Refusal as refusal:
                done.errors.append((number, getattr(draft, "wrong", ""), refusal.sentence))
        if done.errors:
            transaction.set_rollback(True)
    return done


def _require(actor: Person, kind: str, unit: Unit | None) -> None:
    if unit is None:
        require(actor, "words.manage", root_unit())
    else:
        require(actor, "words.allow" if kind == Kind.WHITE else "words.manage", unit)


def _line(text: str) -> str:
    """One line without what no list can hold."""
    return " ".join("".join(each for each in text if each.isprintable() or each.isspace()).split())


def _checked(actor: Person, draft: RuleDraft) -> WordRule:
    today = timezone.localdate()
    wrong, right, reason = _line(draft.wrong), _line(draft.right), _line(draft.reason)
    if draft.kind not in Kind.values:
        raise Refusal("类别有误，应为错别字、不当表述或白名单。")
    if not 2 <= len(wrong) <= LONGEST:
        raise Refusal(f"词语“{wrong[:LONGEST]}”有{len(wrong)}个字，应为2至{LONGEST}个字。")
    if len(right) > LONGEST:
        raise Refusal(f"“{wrong}”改为的文字超过{LONGEST}个字。")
    if not 2 <= len(reason) <= 200:
        raise Refusal(f"“{wrong}”须写明理由（2至200个字），以便日后查考。")
    if draft.active_from and draft.active_from < today:
        raise Refusal(f"“{wrong}”的启用日期{draft.active_from}早于今天；规则只能从今天或以后启用。")
    _check_personal(draft.kind, wrong)
    if draft.kind == Kind.WHITE:
        _check_white(actor, draft, wrong)
        right = severity = ""
    else:
        severity = _checked_severity(draft, wrong, right)
    _check_new(draft, wrong, today)
    return WordRule(
        kind=draft.kind, wrong=wrong, right=right, severity=severity, unit=draft.unit, reason=reason,
        active_from=draft.active_from or today, added_by=actor,
    )  # fmt: skip


def _checked_severity(draft: RuleDraft, wrong: str, right: str) -> str:
    if draft.kind == Kind.TYPO and not right:
        raise Refusal(f"错别字“{wrong}”须写明正确写法。")
    if right == wrong:
        raise Refusal(f"“{wrong}”的正确写法与错误写法相同。")
    severity = draft.severity or Severity.WARN
    if severity not in Severity.values:
        raise Refusal(f"“{wrong}”的级别有误，应为必须处理、需要核对或提示。")
    return severity


def _check_personal(kind: str, wrong: str) -> None:
    """A list is read by many: nobody's number belongs into it, but the public telephone of an office may."""
    for each in find_personal_data(wrong):
        if kind != Kind.WHITE or each.kind not in ("mobile", "mail"):
            raise Refusal(f"词语中有{each.label}，不能写入词表。")


def _check_white(actor: Person, draft: RuleDraft, wrong: str) -> None:
    """What the city forbids outright, a unit does not allow itself."""
    if draft.unit is None or may_keep(Access(actor), Kind.PHRASE, None):
        return
    told = words_of(None).phrases.get(wrong)
    if told is not None and (told.severity or checks.rules()[told.rule].severity) == "block":
        raise Refusal(f"“{wrong}”是全市禁用的表述，单位不能列入白名单；个别稿件确需保留的，请写明理由。")


def _check_new(draft: RuleDraft, wrong: str, today: date) -> None:
    same = WordRule.objects.standing(today).filter(unit=draft.unit, wrong=wrong)
    kinds = [Kind.WHITE] if draft.kind == Kind.WHITE else [Kind.TYPO, Kind.PHRASE]
    if same.filter(kind__in=kinds).exists():
        raise Refusal(f"“{wrong}”已在{draft.unit or '全市'}的词表中；需要修改的，请先停用原有规则。")


def _stands(draft: RuleDraft) -> bool:
    same = WordRule.objects.standing(timezone.localdate()).filter(
        kind=draft.kind, wrong=_line(draft.wrong), unit=draft.unit
    )
    if draft.kind != Kind.WHITE:
        same = same.filter(right=_line(draft.right), severity=draft.severity or Severity.WARN)
    return same.exists()


def _told(rule: WordRule) -> dict[str, str]:
    return {
        "kind": rule.kind, "word": rule.wrong, "right": rule.right, "severity": rule.severity,
        "unit": rule.unit.code if rule.unit else "", "from": str(rule.active_from), "reason": rule.reason,
    }  # fmt: skip
