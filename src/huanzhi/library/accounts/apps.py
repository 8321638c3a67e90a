"""The application."""

from __future__ import annotations

from django.apps import AppConfig


class AccountsConfig(AppConfig):
    """Accounts."""

    name = "huanzhi.library.accounts"
    label = "accounts"
    default_auto_field = "django.db.models.BigAutoField"
