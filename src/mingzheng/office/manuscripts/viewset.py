"""Manuscripts in Wagtail's frame: list, search, filters, export, editing with autosave, locks, history."""

from __future__ import annotations

from typing import Any

import django_filters
from django.contrib import messages
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from wagtail.admin.filters import DateRangePickerWidget, WagtailFilterSet
from wagtail.admin.panels import FieldPanel, FieldRowPanel, MultiFieldPanel, ObjectList, TabbedInterface
from wagtail.admin.ui.tables import Column, TitleColumn
from wagtail.snippets.views.snippets import (
    EditView,
    IndexView,
    InspectView,
    RevisionsCompareView,
    SnippetViewSet,
)

from mingzheng.city.models import Unit
from mingzheng.city.permissions import Access
from mingzheng.law.errors import Refusal
from mingzheng.office.manuscripts import checking, screens
from mingzheng.office.manuscripts.forms import ManuscriptForm
from mingzheng.publish.manuscripts import services
from mingzheng.publish.manuscripts.models import Manuscript, State


class ManuscriptFilters(WagtailFilterSet):
    """What a list of manuscripts is narrowed by."""

    state = django_filters.MultipleChoiceFilter(choices=State.choices, label="状态")
    unit = django_filters.ModelChoiceFilter(
        queryset=lambda request: Access(request.user).units("manuscript.read"), label="单位"
    )
    updated_at = django_filters.DateFromToRangeFilter(label="修改时间", widget=DateRangePickerWidget)

    class Meta:
        model = Manuscript
        fields = ["state", "unit", "updated_at", "by_operator"]


class StateColumn(Column):
    """The state as a coloured label."""

    cell_template_name = "office/cells/state.html"

    def get_value(self, instance: Manuscript) -> Manuscript:
        return instance


class ManuscriptIndex(IndexView):
    page_title = "稿件"
    any_permission_required = ["view"]

    def get_base_queryset(self) -> QuerySet[Manuscript]:
        access = Access(self.request.user)
        found = Manuscript.objects.visible_to(access).select_related("unit", "column", "writer")
        return found.defer("body").order_by("-updated_at", "-id")

    def search_queryset(self, queryset: QuerySet[Manuscript]) -> QuerySet[Manuscript]:
        """Search by words in the title or number; what is said, not where it stands in an index."""
        for word in self.search_query.split():
            queryset = queryset.filter(Q(title__icontains=word) | Q(doc_no__icontains=word))
        return queryset

    def get_edit_url(self, instance: Manuscript) -> str:
        return screens.shown_at(instance)

    def get_list_buttons(self, instance: Manuscript) -> list[Any]:
        return []

    @property
    def header_buttons(self) -> list[Any]:
        return screens.list_buttons(Access(self.request.user))


class ManuscriptEdit(EditView):
    """Writing. A manuscript that is not to be written on is shown instead."""

    actions = ["edit", "hand-in"]
    success_message = "稿件已保存。"

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if request.method == "GET" and self.object.state not in (State.DRAFT, State.RETURNED):
            return HttpResponseRedirect(self.shown_at)
        response: HttpResponse = super().dispatch(request, *args, **kwargs)
        return response

    @property
    def shown_at(self) -> str:
        return reverse(self.inspect_url_name, args=[self.object.pk])

    def hand_in_action(self) -> HttpResponse:
        """Save, then hand in; a refusal leaves the officer where they were."""
        try:
            services.submit(self.request.user, self.object.pk)
        except Refusal as refusal:
            messages.error(self.request, refusal.sentence)
            return HttpResponseRedirect(self.get_edit_url())
        messages.success(self.request, f"《{self.object}》已送审。")
        return HttpResponseRedirect(self.shown_at)

    def get_success_url(self) -> str:
        return self.get_edit_url()

    def get_success_buttons(self) -> list[Any]:
        return []

    def get_side_panels(self) -> Any:
        return screens.no_side_panels()

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context_data(**kwargs)
        return (
            context
            | screens.editing(self.request, self.object)
            | {"checks_html": checking.shown(self.request, self.object)}
        )


class ManuscriptInspect(InspectView):
    """Reading, with everything that a reviewer needs, and the decision."""

    any_permission_required = ["view"]
    page_title = "查看"

    def get_breadcrumbs_items(self) -> list[dict[str, str]]:
        return [
            *self.breadcrumbs_items,
            {"url": reverse(self.index_url_name), "label": "稿件"},
            {"url": "", "label": str(self.object)},
        ]

    @property
    def header_more_buttons(self) -> list[Any]:
        return []

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context_data(**kwargs)
        checks = {"checks_html": checking.shown(self.request, self.object)}
        return context | screens.reading(self.request, self.object) | checks


class ManuscriptCompare(RevisionsCompareView):
    """Two versions by characters."""

    template_name = "office/manuscripts/compare.html"
    permission_required = "view"
    page_title = "版本比较"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return {
            "breadcrumbs_items": self.get_breadcrumbs_items(),
            "header_title": self.get_page_title(),
            **screens.comparing(self.object, self.revision_id_a, self.revision_id_b),
        }


def _panels() -> TabbedInterface:
    text = ObjectList(
        [
            FieldPanel("column"),
            FieldPanel("title"),
            FieldPanel("body"),
        ],
        heading="正文",
    )
    record = ObjectList(
        [
            MultiFieldPanel(
                [
                    FieldRowPanel([FieldPanel("doc_no"), FieldPanel("issuer")]),
                    FieldRowPanel([FieldPanel("written_on"), FieldPanel("formed_on")]),
                    FieldRowPanel([FieldPanel("effective_on"), FieldPanel("expires_on")]),
                ],
                heading="文件",
            ),
            MultiFieldPanel(
                [
                    FieldRowPanel([FieldPanel("theme"), FieldPanel("genre"), FieldPanel("audience")]),
                    FieldPanel("keywords"),
                    FieldPanel("abstract"),
                    FieldPanel("content_source", help_text="留空即为本单位。转载的写明来源。"),
                ],
                heading="分类与来源",
            ),
        ],
        heading="著录项",
    )
    opening = ObjectList(
        [
            MultiFieldPanel(
                [
                    FieldPanel("openness"),
                    FieldPanel("clause"),
                    FieldPanel("non_disclosure_reason"),
                    FieldPanel("is_statement"),
                ],
                heading="公开属性（源头认定）",
            ),
            MultiFieldPanel(
                [
                    FieldPanel(
                        "go_live_at", help_text="留空：签发后由签发人发布。填写：签发后到时自动发布。"
                    ),
                    FieldPanel(
                        "ends_at", help_text="留空：长期公开。填写：到时自动下线，原网址说明公开期限届满。"
                    ),
                ],
                heading="发布和下线时间",
            ),
        ],
        heading="公开与发布",
    )
    interpretation = ObjectList(
        [
            MultiFieldPanel(
                [
                    FieldPanel(
                        "plan_outline",
                        help_text="背景依据、目标任务、主要内容、适用范围、执行标准、注意事项等。",
                    ),
                    FieldPanel("plan_forms"),
                    FieldRowPanel(
                        [FieldPanel("plan_interpreter"), FieldPanel("plan_on"), FieldPanel("plan_channels")]
                    ),
                    FieldPanel("plan_waiver", help_text="确实不需要解读的，写明理由，以上各项不填。"),
                ],
                heading="解读方案（本条为政策文件时，随文报送）",
            ),
            MultiFieldPanel(
                [
                    FieldPanel("interpretation_level"),
                    FieldPanel(
                        "interprets", help_text="本级政策解读须指明所解读的文件，两个页面会互相链接。"
                    ),
                    FieldPanel("interpreted_title", help_text="转载上级解读时填写。"),
                    FieldRowPanel([FieldPanel("interpretation_form"), FieldPanel("interpreter")]),
                ],
                heading="本条为解读时",
            ),
        ],
        heading="政策解读",
    )
    return TabbedInterface([text, record, opening, interpretation], base_form_class=ManuscriptForm)


class ManuscriptViewSet(SnippetViewSet):
    """Starting, dropping and copying are acts of our own (:mod:`mingzheng.office.manuscripts.views`)."""

    model = Manuscript
    icon = "doc-full"
    menu_label = "稿件"
    menu_name = "manuscripts"
    menu_order = 110
    add_to_admin_menu = True
    copy_view_enabled = False
    inspect_view_enabled = True
    index_view_class = ManuscriptIndex
    edit_view_class = ManuscriptEdit
    inspect_view_class = ManuscriptInspect
    revisions_compare_view_class = ManuscriptCompare
    base_url_path = "manuscripts"
    list_display = [
        TitleColumn("title", label="标题", sort_key="title", get_url=lambda each: screens.shown_at(each)),
        Column("unit", label="单位"),
        Column("column", label="栏目"),
        Column("writer", label="起草人"),
        StateColumn("state", label="状态", sort_key="state"),
        Column(
            "updated_at",
            label="修改时间",
            sort_key="updated_at",
            accessor=lambda each: screens.minute(each.updated_at),
        ),
    ]
    list_export = ["pk", "title", "unit.name", "column", "doc_no", "state", "writer.name", "updated_at"]
    export_headings = {
        "pk": "编号", "unit.name": "单位", "column": "栏目", "writer.name": "起草人",
    }  # fmt: skip
    list_per_page = 20
    filterset_class = ManuscriptFilters
    search_fields = ["title", "doc_no"]
    search_backend_name = None
    edit_handler = _panels()
    edit_template_name = "office/manuscripts/edit.html"
    inspect_template_name = "office/manuscripts/inspect.html"

    def get_queryset(self, request: HttpRequest) -> QuerySet[Manuscript]:
        return Manuscript.objects.visible_to(Access(request.user)).select_related("unit", "column", "writer")


def unit_choices(access: Access) -> QuerySet[Unit]:
    """The units in which the person may begin a manuscript."""
    return access.units("manuscript.write").filter(active_to=None)
