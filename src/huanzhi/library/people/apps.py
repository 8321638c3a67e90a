"""The application: what two people decide about people is known as soon as Django is ready."""

from __future__ import annotations

from django.apps import AppConfig


class PeopleConfig(AppConfig):
    """People."""

    name = "huanzhi.library.people"

    def ready(self) -> None:
        """Register the effect of proposals."""
        from huanzhi.library.people.effects import GRANT_ADMIN, check_grant_admin, grant_admin
        from huanzhi.library.proposals.kinds import register

        register(GRANT_ADMIN, grant_admin, check_grant_admin)
