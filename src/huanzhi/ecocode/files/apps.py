"""The application."""

from __future__ import annotations

from django.apps import AppConfig


class FilesConfig(AppConfig):
    """Enterprise files."""

    name = "huanzhi.ecocode.files"
    label = "enterprise_files"
    default_auto_field = "django.db.models.BigAutoField"
