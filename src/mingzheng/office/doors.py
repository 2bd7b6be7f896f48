"""The doors of the back office: every address that may be opened, and the verb that opens it.

What is not in this table does not exist, for anybody: Wagtail's many other views, today's and those that a later
release brings, answer 404 until somebody decides who may use them. A door to a single object opens only where the
verb may be done in the object's own unit; otherwise it is a 404 as well, so that nobody learns that it is there.
"""

from __future__ import annotations

from typing import Final

MANUSCRIPT: Final = "wagtailsnippets_manuscripts_manuscript"
HOME: Final = "wagtailsnippets_portal_sites_sitehome"

# Everybody with a role that holds today: the frame of every screen, and one's own account.
FRAME: Final = frozenset(
    {
        "wagtailadmin_home",
        "wagtailadmin_logout",
        "wagtailadmin_dismissibles",
        "wagtailadmin_editing_sessions:release",
        "office_delegations",
        "office_delegation_end",
    }
)
# Before signing in. allauth guards its own pages.
OUTSIDE: Final = frozenset({"wagtailadmin_sprite", "wagtailadmin_javascript_catalog", "wagtailadmin_login"})
OUTSIDE_PATHS: Final = ("/office/signin/",)

# Lists and beginnings: open to whoever may do the verb in some unit. What they show is scoped by the verb.
ANYWHERE: Final = {
    f"{MANUSCRIPT}:list": "manuscript.read",
    f"{MANUSCRIPT}:list_results": "manuscript.read",
    "office_start": "manuscript.write",
    "office_columns": "manuscript.write",
    "office_documents": "item.read",
    "office_policies": "item.read",
    "office_cleanup": "item.amend",
    "office_attributes": "item.read",
    "office_attributes_export": "item.read",
    "office_gazettes": "gazette.manage",
    "office_gazette": "gazette.manage",
    "office_gazette_preview": "gazette.manage",
    "office_gazette_publish": "gazette.manage",
    "office_findings": "item.read",
    "office_placements": "item.publish",
    "office_topics": "item.publish",
    "office_topic": "item.publish",
    "office_topic_archive": "item.publish",
    "office_placement_act": "item.publish",
    "office_push_setting": "item.publish",
    "office_preset_save": "item.publish",
    "office_preset_drop": "item.publish",
    "office_publishing": "page.publish",
    "office_publishing_ask": "page.publish",
    "office_sites": "site.edit",
    "office_notices": "site.manage",
    "office_notice_end": "site.manage",
    "office_operators": "operator.read",
    "office_readings": "reading.read",
    "office_items": "item.read",
    "office_items_bulk": "item.withdraw",
    "office_items_export": "item.read",
    "office_bulk_submit": "manuscript.write",
    "office_bulk_publish": "item.publish",
    "office_import": "manuscript.write",
    "office_import_template": "manuscript.write",
    "office_import_progress": "manuscript.write",
    "office_import_errors": "manuscript.write",
    "office_audit": "audit.read",
    "office_audit_entry": "audit.read",
    "office_audit_check": "audit.read",
    "office_audit_export": "audit.read",
    "office_accounts": "unit.manage",
    "office_account": "unit.manage",
    "office_account_new": "unit.manage",
    "office_account_act": "unit.manage",
    "office_accounts_import": "unit.manage",
    "office_accounts_form": "unit.manage",
    "office_accounts_passwords": "unit.manage",
    "office_grant_end": "unit.manage",
    "office_keys": "unit.manage",
    "office_key_new": "unit.manage",
    "office_key_revoke": "unit.manage",
    "office_catalogue": "catalogue.adjust",
    "office_catalogue_column": "catalogue.adjust",
    "office_editions": "catalogue.adjust",
    "office_edition": "catalogue.adjust",
    "office_edition_act": "catalogue.adjust",
    "office_edition_columns": "catalogue.adjust",
    "office_edition_column": "catalogue.adjust",
    "office_edition_column_new": "catalogue.adjust",
    "office_edition_import": "catalogue.adjust",
    "office_local": "catalogue.adjust",
    "office_local_unit": "catalogue.adjust",
    "office_local_column_new": "catalogue.adjust",
    "office_local_act": "catalogue.adjust",
    "office_words": "words.allow",
    "office_word_add": "words.allow",
    "office_word_end": "words.allow",
    "office_words_export": "words.allow",
    "office_words_import": "words.allow",
    "office_routes": "route.manage",
    "office_route": "route.manage",
}
# One manuscript: open to whoever may do the verb in its unit.
ON_MANUSCRIPT: Final = {
    f"{MANUSCRIPT}:edit": "manuscript.write",
    f"{MANUSCRIPT}:inspect": "manuscript.read",
    f"{MANUSCRIPT}:history": "manuscript.read",
    f"{MANUSCRIPT}:history_results": "manuscript.read",
    f"{MANUSCRIPT}:revisions_revert": "manuscript.write",
    f"{MANUSCRIPT}:revisions_compare": "manuscript.read",
    f"{MANUSCRIPT}:lock": "manuscript.write",
    f"{MANUSCRIPT}:unlock": "manuscript.write",
    "wagtailadmin_editing_sessions:ping": "manuscript.write",
    "office_act": "manuscript.read",
    "office_preview": "manuscript.read",
    "office_checks": "manuscript.read",
    "office_mask": "manuscript.write",
    "office_mend": "manuscript.write",
    "office_word_allow": "words.allow",
    "office_decide": "manuscript.write",
    "office_upload": "manuscript.write",
    "office_file_remove": "manuscript.write",
    "office_file_clean": "manuscript.write",
    "office_sheet": "manuscript.read",
}
# One item.
ON_ITEM: Final = {
    "office_item": "item.read",
    "office_document": "item.read",
    "office_document_act": "item.amend",
    "office_attribute": "item.amend",
    "office_item_place": "item.publish",
    "office_item_amend": "manuscript.write",
    "office_item_withdraw": "item.withdraw",
    "office_item_ending": "item.withdraw",
    "office_item_restore": "item.withdraw",
    "office_item_erase": "item.withdraw",
}
# One site, and its home page, which has the same number.
ON_SITE: Final = {
    "office_site": "site.edit",
    "office_site_act": "site.manage",
    f"{HOME}:edit": "site.edit",
    f"{HOME}:history": "site.edit",
    f"{HOME}:history_results": "site.edit",
    f"{HOME}:preview_on_edit": "site.edit",
    f"{HOME}:revisions_view": "site.edit",
    f"{HOME}:revisions_revert": "site.edit",
    f"{HOME}:revisions_compare": "site.edit",
}
