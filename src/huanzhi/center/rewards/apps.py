"""The application: what approvals do is known as soon as Django is ready."""

from __future__ import annotations

from django.apps import AppConfig


class RewardsConfig(AppConfig):
    """Rewards."""

    name = "huanzhi.center.rewards"
    label = "rewards"

    def ready(self) -> None:
        """Register the effect of approvals."""
        from huanzhi.center.rewards.awarding import KIND, approved, check
        from huanzhi.library.proposals.kinds import register

        register(KIND, approved, check)
