"""The application."""

from __future__ import annotations

from django.apps import AppConfig


class WasteConfig(AppConfig):
    """Waste."""

    name = "huanzhi.ecocode.waste"
    label = "waste"

    def ready(self) -> None:
        """Make the ledger known among the typed tables, so that sheets can be taken in; listen to it."""
        from huanzhi.ecocode.waste import listing  # noqa: F401
        from huanzhi.ecocode.waste.kept import connect

        connect()
