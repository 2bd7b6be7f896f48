"""Bringing many rows in: the sheet to fill, the filled sheet, and what was refused to correct and bring again."""

from __future__ import annotations

import secrets
import tempfile
import time
from pathlib import Path
from typing import Any, Final

from django import forms
from django.conf import settings
from django.contrib import messages
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods

from mingzheng.city.models import Unit
from mingzheng.law.errors import Refusal
from mingzheng.office.guard import access_of
from mingzheng.office.manuscripts.views import on_disk, person_of
from mingzheng.publish.catalogue.services import CatalogueView, ColumnNode, genre_names, theme_names
from mingzheng.publish.manuscripts.importing import import_manuscripts
from mingzheng.publish.sheets.services import write_error_sheet, write_template

LARGEST: Final = 50 * 1024 * 1024  # bytes
KEPT: Final = 24 * 3600  # seconds for which a sheet of refused rows can be fetched
SHOWN: Final = 100


class ImportForm(forms.Form):
    """For which unit, and the filled sheet."""

    unit = forms.ModelChoiceField(Unit.objects.none(), label="单位", empty_label=None)
    file = forms.FileField(label="填好的表格（xlsx）")

    def clean_file(self) -> Any:
        sent = self.cleaned_data["file"]
        if sent.size > LARGEST:
            raise forms.ValidationError(
                f"“{sent.name}”有{sent.size / 2**20:.0f} MB，超过{LARGEST // 2**20} MB的上限；请拆成几个表格分别导入。"
            )
        return sent


@require_http_methods(["GET", "POST"])
def sheet(request: HttpRequest) -> HttpResponse:
    """Take a filled sheet in, and tell row by row what was refused."""
    access, person = access_of(request), person_of(request)
    form = ImportForm(request.POST or None, request.FILES or None)
    counter = _folder() / f"{_token(request)}.count"
    units = access.units("manuscript.write").filter(active_to=None).order_by("sort", "id")
    form.fields["unit"].queryset = units  # type: ignore[attr-defined]
    context: dict[str, Any] = {"form": form, "unit": units.first()}
    if request.method == "POST" and form.is_valid():
        unit, sent = form.cleaned_data["unit"], form.cleaned_data["file"]
        try:
            with on_disk(sent) as path:
                done = import_manuscripts(person, unit, path, progress=lambda read: _tell(counter, read))
                sheet_of_errors = counter.with_suffix(".xlsx")
                sheet_of_errors.unlink(missing_ok=True)
                if done.errors:
                    _keep_errors(path, done.errors, sheet_of_errors)
            rows = [{"number": number, "reason": reason} for number, reason in done.errors.items()]
            context |= {"done": done, "rows": rows[:SHOWN], "more": max(0, len(rows) - SHOWN)}
        except Refusal as refusal:
            form.add_error("file", refusal.sentence)
        finally:
            counter.unlink(missing_ok=True)
    return render(request, "office/manuscripts/import.html", context)


@require_GET
def template(request: HttpRequest) -> FileResponse:
    """The sheet to fill, with the columns of the unit."""
    wanted = request.GET.get("unit", "")
    units = access_of(request).units("manuscript.write")
    unit = units.filter(pk=int(wanted)).first() if wanted.isdigit() and len(wanted) < 19 else units.first()
    if unit is None:
        raise Http404
    columns = list(_leaves(CatalogueView().tree(unit, timezone.localdate()), ""))
    file = tempfile.TemporaryFile()  # noqa: SIM115 - the answer closes it
    with tempfile.TemporaryDirectory(prefix="sheet-", dir=settings.HOME) as folder:
        target = Path(folder) / "sheet.xlsx"
        write_template(
            target, unit_name=unit.name, columns=columns, themes=theme_names().items(), genres=genre_names()
        )
        file.write(target.read_bytes())
    file.seek(0)
    return FileResponse(file, as_attachment=True, filename=f"批量导入-{unit.short_name}.xlsx")


@require_GET
def progress(request: HttpRequest) -> JsonResponse:
    """How many rows of the sheet that this session is bringing in have been read."""
    try:
        read = int((_folder() / f"{_token(request)}.count").read_text("ascii"))
    except (FileNotFoundError, ValueError):
        read = 0
    return JsonResponse({"read": read})


@require_GET
def errors(request: HttpRequest) -> FileResponse | HttpResponse:
    """The rows that were refused in the last import of this session, with the reasons."""
    path = _folder() / f"{_token(request)}.xlsx"
    if not path.is_file():
        messages.info(request, "没有待改正的行：最近一次导入的行都已成为草稿，或者表格已超过一天。")
        return redirect("office_import")
    return FileResponse(path.open("rb"), as_attachment=True, filename="未导入的行.xlsx")


def _token(request: HttpRequest) -> str:
    """The name under which this session's import is kept; nobody else's request can say it."""
    if "import" not in request.session:
        request.session["import"] = secrets.token_hex(16)
    return str(request.session["import"])


def _tell(counter: Path, read: int) -> None:
    counter.write_text(str(read), "ascii")


def _keep_errors(source: Path, refused: dict[int, str], target: Path) -> None:
    for old in _folder().glob("*.xlsx"):
        if time.time() - old.stat().st_mtime > KEPT:
            old.unlink(missing_ok=True)
    write_error_sheet(source, refused, target)


def _folder() -> Path:
    folder = Path(settings.HOME) / "imports"
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    return folder


def _leaves(nodes: list[ColumnNode], above: str) -> Any:
    for node in nodes:
        place = f"{above} / {node.name}" if above else node.name
        if node.children:
            yield from _leaves(node.children, place)
        else:
            yield node.column.code, place
