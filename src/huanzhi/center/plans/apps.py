"""The application: what approval and refusal of a write-off do."""

from __future__ import annotations

from django.apps import AppConfig


class PlansConfig(AppConfig):
    """Plans."""

    name = "huanzhi.center.plans"
    label = "plans"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Register the effects of approvals."""
        from huanzhi.center.plans.finishing import KIND, check, finish, put_back
        from huanzhi.library.proposals.kinds import register

        register(KIND, finish, check, put_back)
