"""The application: what the approval of a list does."""

from __future__ import annotations

from django.apps import AppConfig


class DisclosureConfig(AppConfig):
    """Disclosure."""

    name = "huanzhi.ecocode.disclosure"
    label = "disclosure"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Register the effects of approval and refusal."""
        from huanzhi.ecocode.disclosure.lists import KIND, back_to_notice, check, publish
        from huanzhi.library.proposals.kinds import register

        register(KIND, publish, check, back_to_notice)
