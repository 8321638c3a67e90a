"""The application: what approvals do is known as soon as Django is ready."""

from __future__ import annotations

from django.apps import AppConfig


class EnforcementConfig(AppConfig):
    """Enforcement."""

    name = "huanzhi.center.enforcement"
    label = "enforcement"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Register the effect of approvals and the table of matters."""
        from huanzhi.center.enforcement import listing  # noqa: F401
        from huanzhi.center.enforcement.exempting import KIND, check, exempt
        from huanzhi.library.proposals.kinds import register

        register(KIND, exempt, check)
