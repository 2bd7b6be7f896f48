"""The inputs that only this form has: the body's editor, the column tree, the search for a document."""

from __future__ import annotations

from typing import Any

from django import forms
from django.urls import reverse
from wagtail.admin.staticfiles import versioned_static

from mingzheng.city.models import Unit
from mingzheng.office.manuscripts.screens import column_place
from mingzheng.publish.catalogue.models import Column
from mingzheng.publish.items.models import Item


class BodyEditor(forms.Textarea):
    """Jodit on a plain textarea, which stays usable without scripts."""

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__({"data-body-editor": "", "rows": 24, **(attrs or {})})

    @property
    def media(self) -> forms.Media:
        return forms.Media(
            css={"all": [versioned_static("vendor/jodit/jodit.min.css")]},
            js=[versioned_static("vendor/jodit/jodit.min.js"), versioned_static("office/editor.js")],
        )


class ColumnPicker(forms.HiddenInput):
    """The chosen column with its place and requirements, and a searchable tree to choose another."""

    input_type = "hidden"
    template_name = "office/widgets/column_picker.html"
    unit: Unit | None = None

    @property
    def is_hidden(self) -> bool:
        return False

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        context = super().get_context(name, value, attrs)
        column = Column.objects.filter(pk=value).first() if str(value or "").isdigit() else None
        unit = self.unit.pk if self.unit else 0
        return context | {
            "column": column,
            "place": column_place(column),
            "source": f"{reverse('office_columns')}?unit={unit}",
        }


class DocumentPicker(forms.HiddenInput):
    """A public document, found by its title or number."""

    template_name = "office/widgets/document_picker.html"

    @property
    def is_hidden(self) -> bool:
        return False

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        context = super().get_context(name, value, attrs)
        found = Item.objects.public().filter(pk=value).first() if str(value or "").isdigit() else None
        return context | {"document": found, "source": reverse("office_documents")}
