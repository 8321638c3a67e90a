"""The application: what the approval of a key-polluter list does."""

from __future__ import annotations

from django.apps import AppConfig


class PermitsConfig(AppConfig):
    """Permits."""

    name = "huanzhi.ecocode.permits"
    label = "permits"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Register the effects of approvals, and what takes kept standings away."""
        from huanzhi.ecocode.permits.list_publishing import KIND, check, publish
        from huanzhi.ecocode.permits.watching import connect
        from huanzhi.library.proposals.kinds import register

        register(KIND, publish, check)
        connect()
