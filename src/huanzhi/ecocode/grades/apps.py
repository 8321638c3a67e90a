"""The application: what the approval of a change by hand does."""

from __future__ import annotations

from django.apps import AppConfig


class GradesConfig(AppConfig):
    """Codes and credit."""

    name = "huanzhi.ecocode.grades"
    label = "grades"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Register the effect of an approval and the tables."""
        from huanzhi.ecocode.grades.by_hand import KIND, change, check
        from huanzhi.library.proposals.kinds import register

        register(KIND, change, check)
