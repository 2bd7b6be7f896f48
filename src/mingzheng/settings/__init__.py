"""Settings of one city's installation. Everything that differs between cities comes from the environment.

``MINGZHENG_HOME`` is the folder that holds the database, the published pages and the secret key;
``MINGZHENG_DATABASE`` names another database (``postgres://…``).
"""

from __future__ import annotations

import os
from pathlib import Path

import dj_database_url

from mingzheng.settings.office import *  # noqa: F403
from mingzheng.settings.office import OFFICE_APPS
from mingzheng.settings.secret import secret_key
from mingzheng.settings.signin import *  # noqa: F403

HOME = Path(os.environ.get("MINGZHENG_HOME", "var")).resolve()
PUBLIC_DIR = HOME / "public"
# Compressed copies beside the pages: "gzip", or "gzip,br"; none by default (portal.precompress).
PRECOMPRESS = os.environ.get("MINGZHENG_PRECOMPRESS", "")
# Where the pages are delivered, separated by spaces or line ends (portal.targets).
TARGETS = os.environ.get("MINGZHENG_TARGETS", "")

SECRET_KEY = secret_key(HOME)
DEBUG = os.environ.get("MINGZHENG_DEBUG") == "1"
ALLOWED_HOSTS = os.environ.get("MINGZHENG_HOSTS", "127.0.0.1,localhost,[::1],testserver").split(",")

INSTALLED_APPS = [
    *OFFICE_APPS,
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "mingzheng.city",
    "mingzheng.publish.catalogue",
    "mingzheng.publish.reviews",
    "mingzheng.publish.items",
    "mingzheng.publish.documents",
    "mingzheng.publish.placements",
    "mingzheng.publish.manuscripts",
    "mingzheng.publish.words",
    "mingzheng.publish.doubles",
    "mingzheng.measure",
    "mingzheng.portal",
    "mingzheng.portal.sites",
    "mingzheng.portal.jobs",
    "mingzheng.portal.api",
    "mingzheng.portal.reading",
    "mingzheng.portal.hot_words",
]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "mingzheng.portal.api.gate.ApiGate",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "allauth.usersessions.middleware.UserSessionsMiddleware",
    "mingzheng.office.signin.middleware.OfficeDoor",
    "axes.middleware.AxesMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "mingzheng.portal.views.ShowRefusals",
    "mingzheng.office.guard.OfficeGuard",
]
ROOT_URLCONF = "mingzheng.urls"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ]
        },
    }
]
STATIC_URL = "/office-static/"
STATIC_ROOT = HOME / "office-static"
MEDIA_ROOT = HOME / "media"
AUTH_USER_MODEL = "city.Person"

# A connection serves a minute's requests: opening one costs more than a small answer.
DATABASES = {
    "default": dj_database_url.parse(
        os.environ.get("MINGZHENG_DATABASE", f"sqlite:///{HOME / 'mingzheng.sqlite3'}"),
        conn_max_age=60,
        conn_health_checks=True,
    )
}
if DATABASES["default"]["ENGINE"] == "django.db.backends.sqlite3":
    # One writer at a time, readers never wait; a killed process loses nothing that was committed.
    DATABASES["default"]["OPTIONS"] = {
        "transaction_mode": "IMMEDIATE",
        "timeout": 30,
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA cache_size=-65536;",
    }

# Faults go to a file for those who mend them; visitors and officers see a sentence.
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "handlers": {
        "faults": {
            "class": "logging.FileHandler",
            "filename": HOME / "errors.log",
            "delay": True,
            "level": "ERROR",
        }
    },
    "root": {"handlers": ["faults"], "level": "WARNING"},
}

DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
LANGUAGE_CODE = "zh-hans"
TIME_ZONE = "Asia/Shanghai"
USE_TZ = True
SECURE_CONTENT_TYPE_NOSNIFF = True
X_FRAME_OPTIONS = "DENY"

# The index number of a new item; a city may choose another of its province (law.index_numbers).
INDEX_NUMBER_PATTERN = os.environ.get("MINGZHENG_INDEX_PATTERN", "{code}/{year}{month:02}-{serial:05}")

# How often one address may ask the open interface in ten minutes; 0: as often as it likes.
API_LIMIT = int(os.environ.get("MINGZHENG_API_LIMIT", "3000"))
