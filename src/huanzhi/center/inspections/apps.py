"""The application."""

from __future__ import annotations

from django.apps import AppConfig


class InspectionsConfig(AppConfig):
    """Inspections."""

    name = "huanzhi.center.inspections"
    label = "inspections"
