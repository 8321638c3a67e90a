"""The application: what the approval of a rulebook does is known as soon as Django is ready."""

from __future__ import annotations

from django.apps import AppConfig


class RulebooksConfig(AppConfig):
    """Rulebooks."""

    name = "huanzhi.library.rulebooks"
    label = "rulebooks"

    def ready(self) -> None:
        """Register the effect of approvals."""
        from huanzhi.library.proposals.kinds import register
        from huanzhi.library.rulebooks.publishing import KIND, check_payload, publish

        register(KIND, publish, check_payload)
