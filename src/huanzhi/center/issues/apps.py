"""The application: what approvals do is known as soon as Django is ready."""

from __future__ import annotations

from django.apps import AppConfig


class IssuesConfig(AppConfig):
    """Issues."""

    name = "huanzhi.center.issues"
    label = "issues"

    def ready(self) -> None:
        """Register the effect of approvals."""
        from huanzhi.center.issues.writing_off import KIND, check, write_off
        from huanzhi.library.proposals.kinds import register

        register(KIND, write_off, check)
