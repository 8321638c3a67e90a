"""The app of patrols."""

from __future__ import annotations

from django.apps import AppConfig


class PatrolsConfig(AppConfig):
    """Patrols; its tables are known as soon as Django is ready."""

    name = "huanzhi.center.patrols"
    label = "patrols"

    def ready(self) -> None:
        """Declare the tables of areas, keepers and plans."""
        import huanzhi.center.patrols.tables  # noqa: F401
