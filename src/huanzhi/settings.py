"""Settings of Django: few, and none that a user must touch.

``HUANZHI_DATABASE`` is the one setting of the business database: empty for SQLite in the data folder, or
``postgresql://user:password@host:port/name``.
"""

from __future__ import annotations

import os
import secrets
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

from huanzhi.library.home import home_folder

SQLITE_OPTIONS = {
    "transaction_mode": "IMMEDIATE",
    "timeout": 20,
    "init_command": "PRAGMA journal_mode=WAL;PRAGMA synchronous=FULL;PRAGMA foreign_keys=ON;",
}

POOL = {"min_size": 1, "max_size": 16, "timeout": 20}
"""Connections to PostgreSQL that are kept open. DEFAULT, NOT FROM THE DOCUMENTS."""


def database(address: str, home: Path) -> dict[str, Any]:
    """Return Django's entry for the business database.

    Parameters
    ----------
    address : str
        ``HUANZHI_DATABASE``; empty for SQLite in `home`.
    """
    if not address:
        path = home / "business.sqlite"
        return {
            "ENGINE": "django.db.backends.sqlite3",
            "NAME": path,
            "OPTIONS": SQLITE_OPTIONS,
            "CONN_MAX_AGE": None,
        }
    parts = urlsplit(address)
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": parts.path.strip("/"),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": unquote(parts.hostname or ""),
        "PORT": str(parts.port or ""),
        "OPTIONS": {"pool": POOL},
    }


def secret(home: Path) -> str:
    """Return the secret of this installation; made once and readable by its user only."""
    path = home / "web-secret"
    home.mkdir(parents=True, exist_ok=True)
    try:
        number = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return path.read_text(encoding="ascii").strip()
    with os.fdopen(number, "w", encoding="ascii") as file:
        file.write(secrets.token_urlsafe(48))
    return path.read_text(encoding="ascii")


HOME = home_folder()
SECRET_KEY = secret(HOME)
DEBUG = False
ALLOWED_HOSTS = [name for name in os.environ.get("HUANZHI_HOSTS", "*").split(",") if name]
INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "huanzhi.library.trail",
    "huanzhi.library.places",
    "huanzhi.library.people",
    "huanzhi.library.proposals",
    "huanzhi.library.duties",
    "huanzhi.library.enterprises",
    "huanzhi.library.work",
    "huanzhi.library.sheets",
    "huanzhi.library.registers",
    "huanzhi.library.rulebooks",
    "huanzhi.library.receipts",
    "huanzhi.library.indicators",
    "huanzhi.library.publications",
    "huanzhi.library.accounts",
    "huanzhi.atlas",
    "huanzhi.network.exchange",
    "huanzhi.center.enforcement",
    "huanzhi.center.issues",
    "huanzhi.center.bulletin",
    "huanzhi.center.warnings",
    "huanzhi.center.rectification",
    "huanzhi.center.inspections",
    "huanzhi.center.hazards",
    "huanzhi.center.petitions",
    "huanzhi.center.rewards",
    "huanzhi.center.opinion",
    "huanzhi.center.patrols",
    "huanzhi.center.sightings",
    "huanzhi.center.plans",
    "huanzhi.ecocode.grades",
    "huanzhi.ecocode.disclosure",
    "huanzhi.ecocode.services",
    "huanzhi.ecocode.permits",
    "huanzhi.ecocode.files",
    "huanzhi.ecocode.statements",
    "huanzhi.ecocode.waste",
    "huanzhi.ecocode.quotas",
    "huanzhi.ecocode.tax",
    "huanzhi.ecocode.audits",
]
AUTH_USER_MODEL = "people.Person"
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": int(os.environ.get("HUANZHI_PASSWORD_LENGTH", "10"))},
    },
    {
        "NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator",
        "OPTIONS": {"user_attributes": ("code", "name", "phone")},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]
BEHIND_PROXY = os.environ.get("HUANZHI_BEHIND_PROXY", "") == "1"
HTTPS = os.environ.get("HUANZHI_HTTPS", "") == "1"
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if BEHIND_PROXY else None
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = HTTPS
SENSORTHINGS_OPEN = os.environ.get("HUANZHI_SENSORTHINGS_OPEN", "") == "1"
SESSION_COOKIE_NAME = "huanzhi_session"
SESSION_COOKIE_HTTPONLY = True
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_NAME = "huanzhi_csrf"
CSRF_COOKIE_SAMESITE = "Lax"
MIDDLEWARE = [
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
]
APPEND_SLASH = False
ROOT_URLCONF = "huanzhi.web.urls"
DATABASES = {"default": database(os.environ.get("HUANZHI_DATABASE", ""), HOME)}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
USE_TZ = True
TIME_ZONE = "Asia/Shanghai"
LANGUAGE_CODE = "zh-hans"
DATA_UPLOAD_MAX_MEMORY_SIZE = None
LOGGING_CONFIG = None
