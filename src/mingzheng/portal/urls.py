"""Addresses that Django answers itself; everything else on the site is a published file."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, path, re_path

from mingzheng.portal import figure_views, views
from mingzheng.portal.api import interface
from mingzheng.portal.reading import views as reading
from mingzheng.portal.search import views as search

urlpatterns: list[URLPattern | URLResolver] = [
    path("-/views", reading.read),
    path("-/views/<int:item_id>", reading.number),
    path("-/qr", views.qr_code),
    path("search/", search.search),
    path("search/advanced/", search.advanced),
    path("search/suggest.json", search.suggestions),
    path("search.json", search.search_json),
    path("figures/", figure_views.figures),
    path("figures/<int:year>/", figure_views.figures),
    path("figures/<str:key>/<str:year>/<str:scope>/", figure_views.figure),
    path("reports/", figure_views.reports),
    path("reports/<slug:code>/<int:year>/<slug:scope>/", figure_views.report),
    re_path(
        r"^reports/(?P<code>[-\w]+)/(?P<year>\d{4})/(?P<scope>\w+)/report\.(?P<kind>docx|json)$",
        figure_views.report_file,
    ),
    path("reports/<slug:code>/<int:year>/<slug:scope>/figures/<path:address>", figure_views.report_figure),
    *interface.urlpatterns,
]

handler400 = "mingzheng.portal.views.bad_request"
handler403 = "mingzheng.portal.views.forbidden"
handler404 = "mingzheng.portal.views.not_found"
handler500 = "mingzheng.portal.views.server_error"
