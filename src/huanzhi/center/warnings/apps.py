"""The app of warnings."""

from __future__ import annotations

from django.apps import AppConfig


class WarningsConfig(AppConfig):
    """Warnings."""

    name = "huanzhi.center.warnings"
    label = "warnings"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Register the effect of approvals."""
        from huanzhi.center.warnings.own_rules import KIND, approve, check_payload
        from huanzhi.library.proposals.kinds import register

        register(KIND, approve, check_payload)
