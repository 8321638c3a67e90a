"""The application."""

from __future__ import annotations

from django.apps import AppConfig


class HazardsConfig(AppConfig):
    """Hidden dangers."""

    name = "huanzhi.center.hazards"
    label = "hazards"
