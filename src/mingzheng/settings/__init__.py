"""Settings of one city's installation. Everything that differs between cities comes from the environment.

``MINGZHENG_HOME`` is the folder that holds the database, the published pages and the secret key;
``MINGZHENG_DATABASE`` names another database (``postgres://…``).
"""

from __future__ import annotations

import os
from pathlib import Path

import dj_database_url

from mingzheng.settings.secret import secret_key

HOME = Path(os.environ.get("MINGZHENG_HOME", "var")).resolve()
PUBLIC_DIR = HOME / "public"
SITE_FILE = HOME / "site.yaml"

SECRET_KEY = secret_key(HOME)
DEBUG = os.environ.get("MINGZHENG_DEBUG") == "1"
ALLOWED_HOSTS = os.environ.get("MINGZHENG_HOSTS", "127.0.0.1,localhost,[::1],testserver").split(",")

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "mingzheng.city",
    "mingzheng.publish.catalogue",
    "mingzheng.publish.items",
    "mingzheng.measure",
    "mingzheng.portal",
]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "mingzheng.portal.views.ShowRefusals",
]
ROOT_URLCONF = "mingzheng.portal.urls"
AUTH_USER_MODEL = "city.Person"
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
]

DATABASES = {
    "default": dj_database_url.parse(
        os.environ.get("MINGZHENG_DATABASE", f"sqlite:///{HOME / 'mingzheng.sqlite3'}")
    )
}
if DATABASES["default"]["ENGINE"] == "django.db.backends.sqlite3":
    # One writer at a time, readers never wait; a killed process loses nothing that was committed.
    DATABASES["default"]["OPTIONS"] = {
        "transaction_mode": "IMMEDIATE",
        "timeout": 30,
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA cache_size=-65536;",
    }

DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
LANGUAGE_CODE = "zh-hans"
TIME_ZONE = "Asia/Shanghai"
USE_TZ = True
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SECURE_CONTENT_TYPE_NOSNIFF = True
X_FRAME_OPTIONS = "DENY"

# The index number of a new item; a city may choose another of its province (law.index_numbers).
INDEX_NUMBER_PATTERN = os.environ.get("MINGZHENG_INDEX_PATTERN", "{code}/{year}{month:02}-{serial:05}")
