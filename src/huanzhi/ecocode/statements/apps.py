"""The application."""

from __future__ import annotations

from django.apps import AppConfig


class StatementsConfig(AppConfig):
    """Statements."""

    name = "huanzhi.ecocode.statements"
    label = "statements"
    default_auto_field = "django.db.models.BigAutoField"
