"""Settings of the back office: Wagtail, sign-in, second factor, sessions."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

OFFICE_APPS = [
    "mingzheng.office",
    "mingzheng.office.signin",
    "wagtail.embeds",
    "wagtail.sites",
    "wagtail.users",
    "wagtail.snippets",
    "wagtail.documents",
    "wagtail.images",
    "wagtail.search",
    "wagtail.admin",
    "wagtail",
    "modelsearch",
    "taggit",
    "allauth",
    "allauth.account",
    "allauth.socialaccount",
    "allauth.socialaccount.providers.openid_connect",
    "allauth.mfa",
    "allauth.usersessions",
    "axes",
    "django.contrib.messages",
    "django.contrib.humanize",
    "django.contrib.staticfiles",
]
LOCALE_PATHS = [Path(__file__).parents[1] / "office" / "locale"]

WAGTAIL_SITE_NAME = "明政政务公开工作平台"
WAGTAILADMIN_BASE_URL = os.environ.get("MINGZHENG_OFFICE_URL", "http://127.0.0.1:8000")
WAGTAILADMIN_LOGIN_URL = "account_login"
WAGTAILADMIN_PERMITTED_LANGUAGES = [("zh-hans", "简体中文")]
WAGTAIL_CONTENT_LANGUAGES = [("zh-hans", "简体中文")]
WAGTAIL_I18N_ENABLED = False
WAGTAIL_USER_TIME_ZONES = ["Asia/Shanghai"]
WAGTAIL_ENABLE_UPDATE_CHECK = False
WAGTAIL_ENABLE_WHATS_NEW_BANNER = False
WAGTAIL_GRAVATAR_PROVIDER_URL = None
WAGTAIL_WORKFLOW_ENABLED = False
WAGTAIL_PASSWORD_RESET_ENABLED = False
WAGTAIL_EMAIL_MANAGEMENT_ENABLED = False
WAGTAIL_PASSWORD_MANAGEMENT_ENABLED = False
WAGTAIL_AUTOSAVE_INTERVAL = 15_000  # milliseconds; half a minute of writing is the most that a crash may cost
WAGTAIL_EDITING_SESSION_PING_INTERVAL = (
    30_000  # milliseconds; a thousand open editors are 33 requests a second
)
WAGTAILSEARCH_BACKENDS: dict[str, Any] = {
    "default": {"BACKEND": "wagtail.search.backends.database", "AUTO_UPDATE": False}
}
# What the fields of one form may weigh together, files apart: the longest text, or one with pasted pictures.
DATA_UPLOAD_MAX_MEMORY_SIZE = 16 * 1024 * 1024  # bytes
