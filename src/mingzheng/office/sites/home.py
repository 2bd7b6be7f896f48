"""A site's home page in Wagtail's frame: blocks, draft beside the public state, preview, versions."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from wagtail.admin.panels import FieldPanel, ObjectList
from wagtail.snippets.views.snippets import EditView, HistoryView, IndexView, SnippetViewSet

from mingzheng.city.permissions import Access
from mingzheng.portal.sites.models import SiteHome
from mingzheng.portal.sites.services import note_published


class HomeEdit(EditView):
    """Composing. Publishing leaves the same behind as every change of a site."""

    def publish_action(self) -> HttpResponse | None:
        answer: HttpResponse | None = super().publish_action()
        self.object.refresh_from_db()
        note_published(self.request.user, self.object)
        return answer

    def get_success_url(self) -> str:
        if self.action == "publish":
            return reverse("office_site", args=[self.object.pk])
        url: str = super().get_success_url()
        return url

    def get_success_buttons(self) -> list[Any]:
        return []


class HomeIndex(IndexView):
    """The list of homes is the list of sites."""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return redirect("office_sites")


class SiteHomeViewSet(SnippetViewSet):
    """Homes come with their site and go with it; here they are only composed."""

    model = SiteHome
    icon = "home"
    menu_label = "网站首页"
    copy_view_enabled = False
    inspect_view_enabled = False
    index_view_class = HomeIndex
    edit_view_class = HomeEdit
    history_view_class = HistoryView
    base_url_path = "homes"
    edit_handler = ObjectList([FieldPanel("blocks")])

    def get_queryset(self, request: HttpRequest) -> QuerySet[SiteHome]:
        access = Access(request.user)
        return SiteHome.objects.filter(access.where("site.edit", "site__unit")).select_related("site__unit")
