"""The application."""

from __future__ import annotations

from django.apps import AppConfig


class TaxConfig(AppConfig):
    """Environmental tax."""

    name = "huanzhi.ecocode.tax"
    label = "tax"
    default_auto_field = "django.db.models.BigAutoField"
