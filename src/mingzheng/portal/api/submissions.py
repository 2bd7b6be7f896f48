"""``/submissions``: departments' own systems hand in manuscripts with a key, and learn what became of them."""

from __future__ import annotations

import hashlib
import json
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.datastructures import MultiValueDict
from ninja import Query, Router
from ninja.security import HttpBearer
from pydantic import ValidationError

from mingzheng.city.permissions import Access
from mingzheng.portal.addresses import item_path
from mingzheng.portal.api import schemas, submitting
from mingzheng.portal.api.answers import ApiError, told, worded_body
from mingzheng.portal.api.cursors import opened, sealed
from mingzheng.portal.api.entries import ROOT, Data, Frame, minute
from mingzheng.portal.api.filters import Paged, check_names
from mingzheng.portal.api.models import ApiKey, Submission
from mingzheng.portal.api.once import checked_mark, digest_of, once
from mingzheng.portal.api.services import key_of
from mingzheng.publish.items.models import Openness
from mingzheng.publish.manuscripts import services
from mingzheng.publish.manuscripts.checking import findings_of
from mingzheng.publish.manuscripts.models import CLOSED, Manuscript, State
from mingzheng.publish.reviews.services import facts_of

CURSOR = "submissions"


class KeyAuth(HttpBearer):
    """接口密钥：请求头Authorization中写“Bearer 密钥”。"""

    def authenticate(self, request: HttpRequest, token: str) -> ApiKey | None:
        return key_of(token)


router = Router(tags=["提交稿件（须有接口密钥）"], auth=KeyAuth())


@router.post("/submissions", response={201: schemas.Receipt}, summary="提交稿件", operation_id="submit")
def submit(request: HttpRequest) -> HttpResponse:
    """把一份稿件送进单位的审核流程；经审核、签发后才会发布。

    检查未通过而不能送审的，保留为草稿，回答中写明原因。请求头Idempotency-Key必填：同一标识、同一内容重复提交，
    只办一次，得到同一回答（保留3日）。
    """
    key, mark = _key(request), checked_mark(request.headers.get("Idempotency-Key"))
    asked, uploads = _read(request)
    given = _checked(schemas.NewSubmission, asked)
    sent = [(each.name, _digest(each)) for each in uploads]

    def do() -> tuple[int, Data]:
        manuscript, problem = submitting.submit(
            key, given, [submitting.from_upload(each) for each in uploads]
        )
        manuscript.refresh_from_db()
        return 201, _receipt(manuscript, problem)

    return once(key, mark, digest_of("submit", asked, sent), do)


@router.get(
    "/submissions", response=schemas.SubmissionList, summary="提交过的稿件", operation_id="submissions"
)
def submissions(request: HttpRequest, asked: Query[Paged]) -> HttpResponse:
    """密钥的账号有权查看的各单位经接口提交的稿件，从新到旧。"""
    check_names(request, asked)
    found = Submission.objects.visible_to(Access(_key(request).person))
    if asked.cursor:
        found = found.filter(pk__lt=opened(CURSOR, asked.cursor, 1)[0])
    rows = list(_with_all(found).order_by("-pk")[: asked.size + 1])
    page, frame = rows[: asked.size], Frame()
    more = sealed(CURSOR, page[-1].pk) if len(rows) > asked.size else None
    return told({"submissions": [_row(frame, each) for each in page], "next": more})


@router.get(
    "/submissions/{int:submission_id}", response=schemas.SubmissionDetail, summary="一份稿件的状态",
    operation_id="submission",
)  # fmt: skip
def submission(request: HttpRequest, submission_id: int) -> HttpResponse:
    """状态、检查发现、退回理由；发布后有公开网址。"""
    return told(_detail(_found(request, submission_id)))


@router.put(
    "/submissions/{int:submission_id}",
    response=schemas.Receipt,
    summary="修改后重新送审",
    operation_id="revise",
)
def revise(request: HttpRequest, submission_id: int) -> HttpResponse:
    """用新的内容替换草稿或者被退回的稿件，并重新送审。只接受application/json；不填attachments即保留原附件。"""
    found = _found(request, submission_id)
    given = _checked(schemas.Content, _json(request.body))
    problem = submitting.revise(_key(request), found.manuscript, given)
    found.manuscript.refresh_from_db()
    return told(_receipt(found.manuscript, problem))


@router.post(
    "/submissions/{int:submission_id}/recall",
    response=schemas.Receipt,
    summary="撤回送审",
    operation_id="recall",
)
def recall(request: HttpRequest, submission_id: int) -> HttpResponse:
    """把审核中的稿件撤回为草稿，以便修改。只能撤回用同一密钥送审的。"""
    found = _found(request, submission_id)
    return told(_receipt(services.recall(_key(request).person, found.manuscript.pk), ""))


@router.delete(
    "/submissions/{int:submission_id}", response=schemas.Receipt, summary="作废稿件", operation_id="drop"
)
def drop(request: HttpRequest, submission_id: int) -> HttpResponse:
    """作废尚未签发的稿件。已发布的信息由单位的签发人在工作平台撤回。"""
    found = _found(request, submission_id)
    submitting.drop(_key(request), found.manuscript)
    found.manuscript.refresh_from_db()
    return told(_receipt(found.manuscript, ""))


def _key(request: HttpRequest) -> ApiKey:
    key: ApiKey = request.auth  # type: ignore[attr-defined]
    return key


def _read(request: HttpRequest) -> tuple[Any, list[Any]]:
    """The manuscript as it was sent, and the files beside it."""
    if request.content_type == "multipart/form-data":
        sent: MultiValueDict[str, Any] = request.FILES
        unknown = {*request.POST, *sent} - {"manuscript", "file"}
        if unknown:
            raise ApiError(
                422, "multipart/form-data只能有manuscript（JSON）和file（附件）两种部分。", rule="unknown"
            )
        return _json(request.POST.get("manuscript", "").encode("utf-8", "replace")), sent.getlist("file")
    return _json(request.body), []


def _digest(sent: Any) -> str:
    digest = hashlib.sha256()
    for chunk in sent.chunks():
        digest.update(chunk)
    return digest.hexdigest()


def _json(text: bytes) -> Any:
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        raise ApiError(422, "请求的内容不是合法的JSON（UTF-8）。", rule="invalid") from None


def _checked(model: type[Any], asked: Any) -> Any:
    try:
        return model.model_validate(asked)
    except ValidationError as error:
        raise worded_body(error) from None


def _with_all(found: Any) -> Any:
    return found.select_related("manuscript__unit", "manuscript__column", "manuscript__item").defer(
        "manuscript__body", "manuscript__item__body"
    )


def _found(request: HttpRequest, submission_id: int) -> Submission:
    """The submission, if the key's account may read it; what may not be read does not exist."""
    mine = Submission.objects.visible_to(Access(_key(request).person))
    found = _with_all(mine).filter(pk=submission_id).first() if submission_id < 2**63 else None
    if found is None:
        raise ApiError(404, "没有这份提交的稿件。", rule="not_found")
    made: Submission = found
    return made


def _receipt(manuscript: Manuscript, problem: str) -> Data:
    return {
        "id": manuscript.pk,
        "state": manuscript.state,
        "state_name": manuscript.get_state_display(),
        "problem": problem,
        "api": f"{ROOT}/submissions/{manuscript.pk}",
    }


def _row(frame: Frame, each: Submission) -> Data:
    manuscript, item = each.manuscript, each.manuscript.item
    out = item if manuscript.state == State.PUBLISHED else None
    public = out is not None and out.status == "published" and out.openness == Openness.PROACTIVE
    return {
        "id": manuscript.pk,
        "reference": each.reference,
        "unit": {"code": manuscript.unit.code, "name": manuscript.unit.name},
        "title": manuscript.title,
        "state": manuscript.state,
        "state_name": manuscript.get_state_display(),
        "amends": manuscript.is_amendment,
        "submitted_at": minute(each.created_at),
        "updated_at": minute(manuscript.updated_at),
        "index_no": out.index_no if out else None,
        "url": frame.address(item_path(out.pk, out.first_published_at)) if out and public else None,
        "api": f"{ROOT}/submissions/{manuscript.pk}",
    }


def _detail(each: Submission) -> Data:
    manuscript = each.manuscript
    review = services.review_of(manuscript) if manuscript.state == State.IN_REVIEW else None
    returned = (
        facts_of(manuscript.subject).filter(kind="returned").last()
        if manuscript.state == State.RETURNED
        else None
    )
    checked = findings_of(manuscript) if manuscript.state not in CLOSED else []
    return _row(Frame(), each) | {
        "waiting_for": review.step_name if review else None,
        "returned_because": returned.opinion if returned else None,
        "findings": [
            {
                "rule": found.finding.rule, "severity": found.finding.severity, "place": found.finding.place,
                "message": found.finding.message, "suggestion": found.finding.suggestion, "stops": found.stops,
            }
            for found in checked
        ],
        "attachments": list(manuscript.files.filter(is_inline=False).values_list("name", flat=True)),
    }  # fmt: skip
