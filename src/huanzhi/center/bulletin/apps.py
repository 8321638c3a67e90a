"""The application."""

from __future__ import annotations

from django.apps import AppConfig


class BulletinConfig(AppConfig):
    """Bulletins."""

    name = "huanzhi.center.bulletin"
    label = "bulletin"
    default_auto_field = "django.db.models.BigAutoField"
