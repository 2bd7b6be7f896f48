"""The form of a review route: up to six numbered steps, and the day from which they hold."""

from __future__ import annotations

from typing import Any, Final

from django import forms
from django.utils import timezone

from mingzheng.city.models import Role
from mingzheng.city.permissions import PERMISSIONS
from mingzheng.publish.reviews.services import VERBS, Step

MOST_STEPS: Final = 6


def role_of(verb: str) -> str:
    """Who does a step, by the verb that it needs."""
    return "、".join(str(Role(role).label) for role in sorted(PERMISSIONS[verb][1]))


class StepForm(forms.Form):
    """One line of the form; a line without a name is not a step."""

    number = forms.IntegerField(label="序号", min_value=1, max_value=99, required=False)
    name = forms.CharField(label="环节名称", max_length=20, required=False)
    verb = forms.ChoiceField(label="由谁办理", required=False)
    secrecy = forms.BooleanField(label="保密审查", required=False)

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        field = self.fields["verb"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [("", "请选择"), *((verb, role_of(verb)) for verb in VERBS)]


StepForms = forms.formset_factory(StepForm, extra=0, min_num=MOST_STEPS, max_num=MOST_STEPS, absolute_max=20)


class StartForm(forms.Form):
    """From when the route holds. The past is not rewritten."""

    effective_from = forms.DateField(
        label="启用日期", widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )

    def clean_effective_from(self) -> Any:
        day = self.cleaned_data["effective_from"]
        if day < timezone.localdate():
            raise forms.ValidationError("启用日期不能早于今天。")
        return day


def lines_of(steps: list[Step]) -> list[dict[str, Any]]:
    """The lines of the form that show these steps."""
    lines: list[dict[str, Any]] = [{"number": number, **step} for number, step in enumerate(steps, start=1)]
    lines += [{"number": number} for number in range(len(lines) + 1, MOST_STEPS + 1)]
    return lines


def steps_of(filled: list[dict[str, Any]]) -> list[Step]:
    """The steps that the lines describe, by their numbers."""
    used = [line for line in filled if line.get("name") or line.get("verb") or line.get("secrecy")]
    used.sort(key=lambda line: line.get("number") or 99)
    steps = []
    for line in used:
        step: Step = {"name": line["name"].strip(), "verb": line["verb"]}
        if line["secrecy"]:
            step["secrecy"] = True
        steps.append(step)
    return steps
