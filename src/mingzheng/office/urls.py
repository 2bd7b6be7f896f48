"""Addresses of the back office, below ``/office/``. Who may open them stands in :mod:`mingzheng.office.doors`."""

from __future__ import annotations

from django.urls import include, path
from wagtail.admin import urls as wagtail_urls

from mingzheng.office import desk
from mingzheng.office.manuscripts import checking, preview, sheet, views

urlpatterns = [
    path("", include("mingzheng.office.signin.urls")),
    path("", desk.home, name="wagtailadmin_home"),
    path("findings/", desk.findings, name="office_findings"),
    path("delegations/", desk.delegations, name="office_delegations"),
    path("delegations/<int:pk>/end/", desk.delegation_end, name="office_delegation_end"),
    path("manuscripts/start/", views.start, name="office_start"),
    path("manuscripts/<int:pk>/act/<slug:verb>/", views.act, name="office_act"),
    path("manuscripts/<int:pk>/preview/", preview.page, name="office_preview"),
    path("manuscripts/<int:pk>/files/", views.upload, name="office_upload"),
    path("manuscripts/<int:pk>/files/<int:file_id>/remove/", views.file_remove, name="office_file_remove"),
    path("manuscripts/<int:pk>/files/<int:file_id>/clean/", views.file_clean, name="office_file_clean"),
    path("manuscripts/<int:pk>/checks/", checking.findings, name="office_checks"),
    path("manuscripts/<int:pk>/checks/mask/", checking.mask, name="office_mask"),
    path("manuscripts/<int:pk>/checks/decide/", checking.decide, name="office_decide"),
    path("manuscripts/<int:pk>/sheet/", sheet.download, name="office_sheet"),
    path("columns/", views.columns, name="office_columns"),
    path("documents/search/", views.documents, name="office_documents"),
    path("", include(wagtail_urls)),
]
