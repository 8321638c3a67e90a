"""The app of warnings."""

from __future__ import annotations

from django.apps import AppConfig


class WarningsConfig(AppConfig):
    """Warnings."""

    name = "huanzhi.center.warnings"
    label = "warnings"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Register the effect of approvals and the tables that sheets are read into."""
        from huanzhi.center.warnings import listing  # noqa: F401
        from huanzhi.center.warnings.own_rules import KIND, approve, check_payload
        from huanzhi.library.proposals.kinds import register

        register(KIND, approve, check_payload)
