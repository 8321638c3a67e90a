"""The app of warnings."""

from __future__ import annotations

from django.apps import AppConfig


class WarningsConfig(AppConfig):
    """Warnings."""

    name = "huanzhi.center.warnings"
    label = "warnings"
    default_auto_field = "django.db.models.BigAutoField"
