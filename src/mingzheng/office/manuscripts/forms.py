"""The form in which a manuscript is written."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from wagtail.admin.forms import WagtailAdminModelForm

from mingzheng.city.permissions import Access
from mingzheng.law.errors import Refusal
from mingzheng.office.manuscripts.widgets import BodyEditor, ColumnPicker, DocumentPicker
from mingzheng.publish.catalogue.models import Column
from mingzheng.publish.catalogue.services import CatalogueView, audience_names, genre_names, theme_names
from mingzheng.publish.documents.services import clause_choices, clauses, decide, decision_on
from mingzheng.publish.items.models import Interpretation, Item, Openness
from mingzheng.publish.items.validation import MAX_BODY, checked_doc_no
from mingzheng.publish.manuscripts import services
from mingzheng.publish.manuscripts.models import Manuscript


class ManuscriptForm(WagtailAdminModelForm):
    """Tells at once what can be told; what only publication can tell is said when it is handed in."""

    column = forms.ModelChoiceField(Column.objects.all(), label="栏目", required=False, widget=ColumnPicker)
    body = forms.CharField(label="正文", required=False, widget=BodyEditor)
    theme = forms.ChoiceField(label="主题分类", required=False)
    genre = forms.ChoiceField(label="体裁", required=False)
    audience = forms.ChoiceField(label="服务对象", required=False)
    clause = forms.ChoiceField(
        label="法定依据（《政府信息公开条例》条款）", required=False,
        help_text="依申请公开和不予公开的，须选择所依据的条款。",
    )  # fmt: skip
    interprets = forms.ModelChoiceField(
        Item.objects.public(), label="所解读的文件", required=False, widget=DocumentPicker
    )

    plan_forms = forms.MultipleChoiceField(
        label="解读形式",
        choices=Interpretation.Form.choices,
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        unit = self.instance.unit
        self.fields["column"].widget.unit = unit
        self.fields["theme"].choices = [("", "—"), *theme_names().items()]
        self.fields["genre"].choices = [("", "—"), *((name, name) for name in genre_names())]
        self.fields["audience"].choices = [("", "—"), *((name, name) for name in audience_names())]
        self.fields["clause"].choices = [("", "—"), *clause_choices(timezone.localdate())]
        decision = decision_on(self.instance.subject)
        self.initial["clause"] = decision.clause if decision else ""
        if self.instance.item_id:
            for name in ("column", "clause", "openness", "non_disclosure_reason", "is_statement"):
                if name in self.fields:
                    self.fields[name].disabled = True

    def clean_column(self) -> Column | None:
        column: Column | None = self.cleaned_data["column"]
        if column is not None and not self.fields["column"].disabled:
            view = CatalogueView()
            if not view.shows(self.instance.unit, view.columns[column.pk], timezone.localdate()):
                raise ValidationError(f"“{self.instance.unit}”的公开目录没有栏目“{column}”。")
        return column

    def clean_doc_no(self) -> str:
        text: str = self.cleaned_data["doc_no"].strip()
        try:
            return checked_doc_no(text) if text else ""
        except Refusal as refusal:
            raise ValidationError(refusal.sentence) from None

    def clean_body(self) -> str:
        body: str = self.cleaned_data["body"]
        if len(body) > MAX_BODY:
            raise ValidationError(f"正文有{len(body)}个字符，超过{MAX_BODY}个字符的上限。")
        return body

    def clean_go_live_at(self) -> Any:
        at = self.cleaned_data["go_live_at"]
        if at is not None and "go_live_at" in self.changed_data and at <= timezone.now():
            raise ValidationError("定时发布的时间须晚于现在；需要立即发布的请留空。")
        return at

    def clean_ends_at(self) -> Any:
        at, start = self.cleaned_data["ends_at"], self.cleaned_data.get("go_live_at")
        if at is not None and "ends_at" in self.changed_data and at <= (start or timezone.now()):
            raise ValidationError("定时下线的时间须晚于现在和定时发布的时间；长期公开的请留空。")
        return at

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean()
        clause = clauses().get(cleaned.get("clause", ""))
        openness = cleaned.get("openness", Openness.PROACTIVE)
        if clause and openness != Openness.PROACTIVE and openness not in clause.carries:
            self.add_error("clause", f"“{clause.label}”不能作为“{Openness(openness).label}”的依据。")
        if not Access(self.for_user).may("manuscript.write", self.instance.unit):
            raise ValidationError(f"您在“{self.instance.unit}”没有起草和修改稿件的权限。")
        return cleaned

    def save(self, commit: bool = True) -> Manuscript:
        """Keep the text; a clause once chosen is a decision of the one who chose it."""
        manuscript = services.save(self.for_user, self.instance)
        if self.instance.item_id is None and {"clause", "openness"} & set(self.changed_data):
            self._decide(manuscript)
        return manuscript

    def _decide(self, manuscript: Manuscript) -> None:
        clause = self.cleaned_data.get("clause", "")
        if clause or manuscript.openness == Openness.PROACTIVE:
            decide(
                self.for_user, manuscript.unit, manuscript.subject, openness=manuscript.openness, clause=clause,
                reason=manuscript.non_disclosure_reason,
            )  # fmt: skip
