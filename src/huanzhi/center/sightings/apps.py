"""The app of sightings."""

from __future__ import annotations

from django.apps import AppConfig


class SightingsConfig(AppConfig):
    """Sightings."""

    name = "huanzhi.center.sightings"
    label = "sightings"
