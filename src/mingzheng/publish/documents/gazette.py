"""政府公报: issues put together from published items. A published issue changes by a correction with a reason alone."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any, Final

from django.db import transaction
from django.utils import timezone

from mingzheng.city import audit
from mingzheng.city.models import Person
from mingzheng.city.services import emit, require, root_unit
from mingzheng.law.errors import Refusal
from mingzheng.publish.documents.models import GazetteCorrection, GazetteEntry, GazetteIssue
from mingzheng.publish.items.models import Item

VERB: Final = "gazette.manage"
FIRST_YEAR: Final = 1949
MOST: Final = 300
"""The most items in one issue."""
Contents = Sequence[tuple[int, str]]
"""Items in order, each with the heading below which it stands."""


def start_issue(actor: Person, *, year: int, number: int, title: str, issued_on: date) -> GazetteIssue:
    """Begin an issue of the city's gazette."""
    require(actor, VERB, root_unit())
    if not FIRST_YEAR <= year <= timezone.localdate().year + 1 or not 1 <= number <= 999:
        raise Refusal(f"公报的年份“{year}”或者期号“{number}”有误。")
    title = _checked(title, year, issued_on)
    with transaction.atomic():
        if GazetteIssue.objects.filter(year=year, number=number).exists():
            raise Refusal(f"{year}年第{number}期政府公报已经建立，不能重复建立。")
        issue = GazetteIssue.objects.create(
            year=year, number=number, title=title, issued_on=issued_on, created_by=actor
        )
        audit.append(actor, "gazette.started", _subject(issue), {"title": title, "on": issued_on})
    return issue


def set_contents(
    actor: Person, issue_id: int, *, title: str, issued_on: date, contents: Contents, reason: str = ""
) -> GazetteIssue:
    """Set title, day and contents of an issue as a whole; of a published one as a correction with its reason."""
    with transaction.atomic():
        issue = _locked(actor, issue_id)
        title = _checked(title, issue.year, issued_on)
        rows = _rows(issue, contents)
        before = contents_of(issue)
        after = {
            "title": title,
            "issued_on": str(issued_on),
            "contents": [[row.item_id, row.heading] for row in rows],
        }
        if before == after:
            return issue
        if issue.published_at is not None:
            _correct(actor, issue, rows, before, reason.strip())
        issue.title, issue.issued_on = title, issued_on
        issue.save(update_fields=["title", "issued_on"])
        issue.entries.all().delete()
        GazetteEntry.objects.bulk_create(rows)
        verb = "gazette.corrected" if issue.published_at else "gazette.assembled"
        audit.append(
            actor, verb, _subject(issue), {"title": title, "entries": len(rows), "reason": reason.strip()}
        )
        _tell(issue)
    return issue


def _correct(
    actor: Person, issue: GazetteIssue, rows: list[GazetteEntry], before: dict[str, Any], reason: str
) -> None:
    if not reason or len(reason) > 200:
        raise Refusal(f"《{issue}》已经发布，更正须写明更正说明，不超过200个字符。")
    if not rows:
        raise Refusal(f"《{issue}》已经发布，不能更正为没有内容。")
    GazetteCorrection.objects.create(
        issue=issue, reason=reason, before=before, actor=actor, at=timezone.now()
    )


def publish_issue(actor: Person, issue_id: int) -> GazetteIssue:
    """Let an issue out, with everything in it public."""
    with transaction.atomic():
        issue = _locked(actor, issue_id)
        if issue.published_at is not None:
            raise Refusal(f"《{issue}》已经发布。")
        entries = issue.entries.count()
        if not entries:
            raise Refusal(f"《{issue}》还没有编入任何文件，不能发布。")
        hidden = issue.entries.exclude(item__in=Item.objects.public()).select_related("item").first()
        if hidden is not None:
            raise Refusal(f"《{hidden.item.title}》已不公开，请从本期移除后再发布。")
        issue.published_at = timezone.now()
        issue.save(update_fields=["published_at"])
        audit.append(actor, "gazette.published", _subject(issue), {"title": issue.title, "entries": entries})
        _tell(issue)
    return issue


def contents_of(issue: GazetteIssue) -> dict[str, Any]:
    """Title, day and contents of an issue as they are kept when it is corrected."""
    contents = [[pk, heading] for pk, heading in issue.entries.values_list("item_id", "heading")]
    return {"title": issue.title, "issued_on": str(issue.issued_on), "contents": contents}


def _rows(issue: GazetteIssue, contents: Contents) -> list[GazetteEntry]:
    ids = [pk for pk, _ in contents]
    if len(ids) > MOST:
        raise Refusal(f"一期公报编入{len(ids)}件，超过{MOST}件的上限。")
    if len(set(ids)) < len(ids):
        raise Refusal("同一件文件在一期公报中只能编入一次。")
    kept = set(issue.entries.values_list("item_id", flat=True))
    known = set(Item.objects.public().filter(pk__in=ids).values_list("pk", flat=True)) | kept
    if not set(ids) <= known:
        raise Refusal("编入公报的须是已经公开的信息，请重新查找。")
    rows = []
    for order, (pk, heading) in enumerate(contents, start=1):
        heading = " ".join(heading.split())
        if not heading or len(heading) > 40:
            raise Refusal(f"第{order}件缺少栏题，或者栏题超过40个字符。")
        rows.append(GazetteEntry(issue=issue, order=order, heading=heading, item_id=pk))
    return rows


def _checked(title: str, year: int, issued_on: date) -> str:
    title = " ".join(title.split())
    if not title or len(title) > 120:
        raise Refusal("公报名称不能为空，也不能超过120个字符。")
    if issued_on.year not in (year, year + 1):
        raise Refusal(f"出版日期{issued_on}与{year}年不符。")
    return title


def _locked(actor: Person, issue_id: int) -> GazetteIssue:
    require(actor, VERB, root_unit())
    issue = GazetteIssue.objects.select_for_update().filter(pk=issue_id).first()
    if issue is None:
        raise Refusal("没有这一期政府公报。")
    return issue


def _subject(issue: GazetteIssue) -> str:
    return f"gazette:{issue.year}-{issue.number}"


def _tell(issue: GazetteIssue) -> None:
    if issue.published_at is not None:
        emit("gazette.changed", year=issue.year, number=issue.number)
