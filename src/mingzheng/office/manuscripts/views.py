"""The desk's own acts on a manuscript: begin, decide, publish, attach, preview. Wagtail's guard does not know them; ours does."""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

from django import forms
from django.conf import settings
from django.contrib import messages
from django.core.files.uploadedfile import UploadedFile
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from mingzheng.city.models import Person, Unit
from mingzheng.city.permissions import Access
from mingzheng.law.errors import Refusal
from mingzheng.office.guard import access_of
from mingzheng.office.manuscripts import screens
from mingzheng.publish.catalogue.services import CatalogueView, ColumnNode
from mingzheng.publish.files.services import stored_path
from mingzheng.publish.items.models import Item
from mingzheng.publish.manuscripts import files, services
from mingzheng.publish.manuscripts.models import Manuscript, ManuscriptFile
from mingzheng.publish.manuscripts.starting import start_from


def person_of(request: HttpRequest) -> Person:
    if not isinstance(request.user, Person):
        raise Http404
    return request.user


class StartForm(forms.Form):
    """Where the new manuscript belongs."""

    unit = forms.ModelChoiceField(Unit.objects.none(), label="单位", empty_label=None)
    title = forms.CharField(label="标题", max_length=200, required=False)
    file = forms.FileField(label="或者从文件起草（Word、PDF）", required=False)

    def clean(self) -> dict[str, Any]:
        given = super().clean() or self.cleaned_data
        if not given.get("file") and not (given.get("title") or "").strip():
            self.add_error("title", "请写标题，或者选择一个文件。")
        return given


@require_http_methods(["GET", "POST"])
def start(request: HttpRequest) -> HttpResponse:
    """Begin a manuscript: name it, and be led to where it is written."""
    access = access_of(request)
    form = StartForm(request.POST or None, request.FILES or None)
    units = access.units("manuscript.write").filter(active_to=None).order_by("sort", "id")
    form.fields["unit"].queryset = units  # type: ignore[attr-defined]
    if request.method == "POST" and form.is_valid():
        try:
            made, notes = _started(person_of(request), form.cleaned_data)
            made.save_revision(user=request.user)
            for note in notes:
                messages.warning(request, note)
            return redirect(screens.written_at(made))
        except Refusal as refusal:
            form.add_error("file" if form.cleaned_data["file"] else None, refusal.sentence)
    return render(request, "office/manuscripts/start.html", {"form": form, "only": units.count() == 1})


def _started(person: Person, given: dict[str, Any]) -> tuple[Manuscript, list[str]]:
    if not given["file"]:
        return services.start(person, given["unit"], title=given["title"]), []
    with on_disk(given["file"]) as path:
        made, notes = start_from(person, given["unit"], path, given["file"].name)
    if given["title"].strip():
        made.title = given["title"]
        services.save(person, made)
    return made, notes


@require_POST
def act(request: HttpRequest, pk: int, verb: str) -> HttpResponse:
    """Do one of the acts on a manuscript, and say what was done."""
    person = person_of(request)
    if verb not in _ACTS:
        raise Http404
    do, sentence = _ACTS[verb]
    done = do(request, person, pk)
    title = get_object_or_404(Manuscript, pk=pk).title
    messages.success(request, sentence.format(title=title))
    if isinstance(done, Manuscript) and done.pk != pk:
        return redirect(screens.written_at(done))
    if verb in ("take_back", "recall"):
        return redirect(screens.written_at(Manuscript(pk=pk)))
    return redirect(screens.shown_at(Manuscript(pk=pk)))


def _confirm(request: HttpRequest, person: Person, pk: int) -> Any:
    given = request.POST
    secrecy = {"conclusion": given.get("conclusion", ""), "basis": given.get("basis", "")}
    services.confirm_afterwards(person, pk, opinion=given.get("opinion", ""), secrecy=secrecy)


def _pass(request: HttpRequest, person: Person, pk: int) -> Any:
    given = request.POST
    secrecy = {"conclusion": given.get("conclusion", ""), "basis": given.get("basis", "")}
    done = services.pass_step(
        person, pk, content_hash=given.get("content_hash", ""), opinion=given.get("opinion", "")[:500],
        secrecy=secrecy if "conclusion" in given else None,
    )  # fmt: skip
    if done.state == "approved" and done.go_live_at is None and given.get("publish_now"):
        services.publish(person, pk)
    return None


# Verb in the address -> what does it, and the sentence afterwards.
_ACTS: dict[str, tuple[Callable[[HttpRequest, Person, int], Any], str]] = {
    "submit": (lambda request, person, pk: services.submit(person, pk), "《{title}》已送审。"),
    "pass": (_pass, "《{title}》已办理。"),
    "return": (
        lambda request, person, pk: services.return_to_writer(person, pk, reason=request.POST.get("reason", "")[:500]),
        "《{title}》已退回。",
    ),
    "recall": (lambda request, person, pk: services.recall(person, pk), "《{title}》已撤回送审。"),
    "take_back": (
        lambda request, person, pk: services.take_back(person, pk, reason=request.POST.get("reason", "")[:200]),
        "《{title}》已退回起草，修改后须重新审核。",
    ),
    "publish": (lambda request, person, pk: services.publish(person, pk), "《{title}》已发布。"),
    "urgent": (
        lambda request, person, pk: services.publish_urgently(person, pk, reason=request.POST.get("reason", "")[:200]),
        "《{title}》已应急发布，请尽快补办审核。",
    ),
    "confirm": (_confirm, "《{title}》已补审。"),
    "drop": (lambda request, person, pk: services.drop(person, pk), "《{title}》已作废。"),
    "copy": (
        lambda request, person, pk: services.copy(person, services.manuscript_of(access_of(request), pk)),
        "已以《{title}》为底稿另起一份。",
    ),
    "amend": (
        lambda request, person, pk: services.amend(person, _item_of(pk)),
        "已另起《{title}》的修改稿；公开页面在修改稿签发之前保持不变。",
    ),
}  # fmt: skip


def _item_of(pk: int) -> int:
    item_id = Manuscript.objects.values_list("item_id", flat=True).get(pk=pk)
    if item_id is None:
        raise Refusal("这份稿件还没有发布，不能另起修改稿。")
    return item_id


@require_GET
def columns(request: HttpRequest) -> JsonResponse:
    """A unit's catalogue as a tree, with what each column asks for."""
    wanted = request.GET.get("unit", "")
    units = access_of(request).units("manuscript.write")
    unit = units.filter(pk=int(wanted)).first() if wanted.isdigit() and len(wanted) < 19 else None
    if unit is None:
        raise Http404
    tree = CatalogueView().tree(unit, timezone.localdate())
    return JsonResponse({"columns": [_node(node) for node in tree]})


def _node(node: ColumnNode) -> dict[str, Any]:
    column = node.column
    cycle = (
        f"每{column.update_cycle_days}天至少{column.min_per_period or 1}条"
        if column.update_cycle_days
        else ""
    )
    return {
        "id": column.pk,
        "code": column.code,
        "name": node.name,
        "asks": column.content_requirements,
        "elements": column.elements,
        "points": column.check_points,
        "cycle": cycle,
        "children": [_node(child) for child in node.children],
    }


@require_GET
def documents(request: HttpRequest) -> JsonResponse:
    """Public documents whose title or number contains the words."""
    words = request.GET.get("q", "").split()
    found = Item.objects.public().exclude(doc_no="").select_related("unit")
    for word in words:
        found = found.filter(title__icontains=word) | found.filter(doc_no__icontains=word)
    rows = found.order_by("-first_published_at")[:10] if words else []
    return JsonResponse(
        {
            "documents": [
                {"id": item.pk, "title": item.title, "doc_no": item.doc_no, "unit": item.unit.name}
                for item in rows
            ]
        }
    )


@require_POST
def upload(request: HttpRequest, pk: int) -> JsonResponse:
    """Take a file in: an attachment, or an image that was pasted into the text."""
    sent = request.FILES.get("file")
    if not isinstance(sent, UploadedFile):
        raise Refusal("没有收到文件，请重新选择。")
    with on_disk(sent) as path:
        kept = files.attach(
            person_of(request), pk, path, sent.name or "", is_inline=request.POST.get("inline") == "1"
        )
    return JsonResponse({"id": kept.pk, "name": kept.name, "url": kept.url, "notices": kept.notices})


class on_disk:
    """The upload as a file of its own, gone afterwards."""

    def __init__(self, sent: UploadedFile[Any]) -> None:
        self._sent = sent

    def __enter__(self) -> Path:
        self._folder = tempfile.TemporaryDirectory(prefix="upload-", dir=settings.HOME)
        path = Path(self._folder.name) / "file"
        with path.open("wb") as out:
            for chunk in self._sent.chunks():
                out.write(chunk)
        return path

    def __exit__(self, *raised: object) -> None:
        self._folder.cleanup()


@require_GET
def stored_file(request: HttpRequest, key: str) -> FileResponse:
    """A file of a manuscript, for those who may read the manuscript. Public files never come here."""
    access = Access(request.user if isinstance(request.user, Person) else None)
    mine = Manuscript.objects.visible_to(access)
    file = ManuscriptFile.objects.filter(key=key, manuscript__in=mine).order_by("-pk").first()
    if file is None:
        raise Http404
    is_image = file.kind in files.IMAGES
    return FileResponse(
        stored_path(settings.HOME, key).open("rb"), filename=file.name, as_attachment=not is_image
    )


@require_POST
def file_remove(request: HttpRequest, pk: int, file_id: int) -> HttpResponse:
    """Take a file off the manuscript."""
    files.detach(person_of(request), pk, file_id)
    return HttpResponseRedirect(screens.written_at(Manuscript(pk=pk)) + "#attachments")


@require_POST
def file_clean(request: HttpRequest, pk: int, file_id: int) -> HttpResponse:
    """Put a copy without hidden content in the place of a file."""
    files.clean(person_of(request), pk, file_id)
    return HttpResponseRedirect(screens.written_at(Manuscript(pk=pk)) + "#attachments")
