"""The application: what approvals do is known as soon as Django is ready."""

from __future__ import annotations

from django.apps import AppConfig


class PetitionsConfig(AppConfig):
    """Petitions."""

    name = "huanzhi.center.petitions"
    label = "petitions"

    def ready(self) -> None:
        """Register the effects of approvals."""
        from huanzhi.center.petitions import extending, replying
        from huanzhi.library.proposals.kinds import register

        register(replying.KIND, replying.approved, replying.check)
        register(extending.KIND, extending.approved, extending.check)
