"""Addresses of the back office, below ``/office/``. Who may open them stands in :mod:`mingzheng.office.doors`."""

from __future__ import annotations

from django.urls import include, path
from wagtail.admin import urls as wagtail_urls

from mingzheng.office import desk, operators
from mingzheng.office.accounts import imports
from mingzheng.office.accounts import views as account_views
from mingzheng.office.audit import views as audit_views
from mingzheng.office.catalogue import editions, local, tree
from mingzheng.office.documents import attributes, gazette
from mingzheng.office.documents import views as document_views
from mingzheng.office.items import bulk as item_bulk
from mingzheng.office.items import views as item_views
from mingzheng.office.keys import views as key_views
from mingzheng.office.manuscripts import bulk, checking, importing, preview, sheet, views
from mingzheng.office.placements import topics
from mingzheng.office.placements import views as placement_views
from mingzheng.office.publishing import views as publishing_views
from mingzheng.office.readings import views as reading_views
from mingzheng.office.routes import views as route_views
from mingzheng.office.sites import views as site_views
from mingzheng.office.words import views as word_views

urlpatterns = [
    path("", include("mingzheng.office.signin.urls")),
    path("", desk.home, name="wagtailadmin_home"),
    path("operators/", operators.months, name="office_operators"),
    path("readings/", reading_views.readings, name="office_readings"),
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
    path("manuscripts/<int:pk>/checks/mend/", checking.mend, name="office_mend"),
    path("manuscripts/<int:pk>/checks/allow/", checking.allow, name="office_word_allow"),
    path("manuscripts/<int:pk>/checks/decide/", checking.decide, name="office_decide"),
    path("manuscripts/<int:pk>/sheet/", sheet.download, name="office_sheet"),
    path("manuscripts/bulk/submit/", bulk.bulk, {"verb": "submit"}, name="office_bulk_submit"),
    path("manuscripts/bulk/publish/", bulk.bulk, {"verb": "publish"}, name="office_bulk_publish"),
    path("manuscripts/import/", importing.sheet, name="office_import"),
    path("manuscripts/import/template/", importing.template, name="office_import_template"),
    path("manuscripts/import/progress/", importing.progress, name="office_import_progress"),
    path("manuscripts/import/errors/", importing.errors, name="office_import_errors"),
    path("columns/", views.columns, name="office_columns"),
    path("documents/search/", views.documents, name="office_documents"),
    path("items/", item_views.items, name="office_items"),
    path("items/bulk/", item_bulk.bulk, name="office_items_bulk"),
    path("items/export/", item_views.items_export, name="office_items_export"),
    path("items/<int:pk>/", item_views.item, name="office_item"),
    path("items/<int:pk>/document/", document_views.document, name="office_document"),
    path("items/<int:pk>/document/<slug:verb>/", document_views.document_act, name="office_document_act"),
    path("items/<int:pk>/places/", placement_views.item_place, name="office_item_place"),
    path("placements/", placement_views.placements, name="office_placements"),
    path("placements/setting/", placement_views.push_setting, name="office_push_setting"),
    path("placements/presets/", placement_views.preset_save, name="office_preset_save"),
    path("placements/presets/<int:pk>/drop/", placement_views.preset_drop, name="office_preset_drop"),
    path("placements/<int:pk>/<slug:verb>/", placement_views.placement_act, name="office_placement_act"),
    path("topics/", topics.topics, name="office_topics"),
    path("topics/<int:pk>/", topics.topic, name="office_topic"),
    path("topics/<int:pk>/archive/", topics.topic_archive, name="office_topic_archive"),
    path("attributes/", attributes.attributes, name="office_attributes"),
    path("attributes/export/", attributes.attributes_export, name="office_attributes_export"),
    path("items/<int:pk>/attribute/", attributes.attribute, name="office_attribute"),
    path("gazettes/", gazette.gazettes, name="office_gazettes"),
    path("gazettes/<int:pk>/", gazette.gazette, name="office_gazette"),
    path("gazettes/<int:pk>/preview/", gazette.gazette_preview, name="office_gazette_preview"),
    path("gazettes/<int:pk>/publish/", gazette.gazette_publish, name="office_gazette_publish"),
    path("policies/", document_views.policies, name="office_policies"),
    path("policies/cleanup/", document_views.cleanup, name="office_cleanup"),
    path("items/<int:pk>/amend/", item_views.item_amend, name="office_item_amend"),
    path("items/<int:pk>/withdraw/", item_views.item_withdraw, name="office_item_withdraw"),
    path("items/<int:pk>/ending/", item_views.item_ending, name="office_item_ending"),
    path("items/<int:pk>/restore/", item_views.item_restore, name="office_item_restore"),
    path("items/<int:pk>/erase/", item_views.item_erase, name="office_item_erase"),
    path("accounts/", account_views.accounts, name="office_accounts"),
    path("accounts/new/", account_views.new, name="office_account_new"),
    path("accounts/import/", imports.accounts_import, name="office_accounts_import"),
    path("accounts/import/form/", imports.accounts_form, name="office_accounts_form"),
    path("accounts/import/passwords/", imports.accounts_passwords, name="office_accounts_passwords"),
    path("accounts/<int:pk>/", account_views.account, name="office_account"),
    path("accounts/<int:pk>/act/<slug:verb>/", account_views.act, name="office_account_act"),
    path("grants/<int:pk>/end/", account_views.grant_end, name="office_grant_end"),
    path("keys/", key_views.keys, name="office_keys"),
    path("keys/new/", key_views.key_new, name="office_key_new"),
    path("keys/<int:pk>/revoke/", key_views.key_revoke, name="office_key_revoke"),
    path("audit/", audit_views.entries, name="office_audit"),
    path("audit/<int:pk>/", audit_views.entry, name="office_audit_entry"),
    path("audit/check/", audit_views.check, name="office_audit_check"),
    path("audit/export/", audit_views.export, name="office_audit_export"),
    path("catalogue/", tree.tree, name="office_catalogue"),
    path("catalogue/columns/<int:pk>/", tree.column, name="office_catalogue_column"),
    path("catalogue/editions/", editions.editions, name="office_editions"),
    path("catalogue/editions/<int:pk>/", editions.edition, name="office_edition"),
    path("catalogue/editions/<int:pk>/act/<slug:verb>/", editions.act, name="office_edition_act"),
    path("catalogue/editions/<int:pk>/columns/", editions.columns, name="office_edition_columns"),
    path("catalogue/editions/<int:pk>/columns/new/", editions.column_new, name="office_edition_column_new"),
    path("catalogue/editions/<int:pk>/columns/<slug:code>/", editions.column, name="office_edition_column"),
    path("catalogue/editions/<int:pk>/import/", editions.field_import, name="office_edition_import"),
    path("catalogue/local/", local.units, name="office_local"),
    path("catalogue/local/<int:pk>/", local.unit, name="office_local_unit"),
    path("catalogue/local/<int:pk>/columns/new/", local.column_new, name="office_local_column_new"),
    path("catalogue/local/<int:pk>/act/<slug:verb>/", local.act, name="office_local_act"),
    path("routes/", route_views.routes, name="office_routes"),
    path("routes/<int:pk>/", route_views.route, name="office_route"),
    path("publishing/", publishing_views.publishing, name="office_publishing"),
    path("publishing/ask/", publishing_views.ask, name="office_publishing_ask"),
    path("websites/", site_views.sites, name="office_sites"),
    path("websites/notices/", site_views.notices, name="office_notices"),
    path("websites/notices/<int:pk>/end/", site_views.notice_end, name="office_notice_end"),
    path("websites/<int:pk>/", site_views.site, name="office_site"),
    path("websites/<int:pk>/act/<slug:verb>/", site_views.act, name="office_site_act"),
    path("words/", word_views.words, name="office_words"),
    path("words/add/", word_views.add, name="office_word_add"),
    path("words/<int:pk>/end/", word_views.end, name="office_word_end"),
    path("words/export/", word_views.export, name="office_words_export"),
    path("words/import/", word_views.imports, name="office_words_import"),
    path("", include(wagtail_urls)),
]
