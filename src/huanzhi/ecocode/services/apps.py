"""The application: what the approval of a change of standing does."""

from __future__ import annotations

from django.apps import AppConfig


class ServicesConfig(AppConfig):
    """Service firms."""

    name = "huanzhi.ecocode.services"
    label = "services"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Register the effect of approvals."""
        from huanzhi.ecocode.services.standing import KIND, check, settle
        from huanzhi.library.proposals.kinds import register

        register(KIND, settle, check)
