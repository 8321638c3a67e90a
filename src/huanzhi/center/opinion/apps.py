"""The application: approvals and the table for sheets are known as soon as Django is ready."""

from __future__ import annotations

from django.apps import AppConfig


class OpinionConfig(AppConfig):
    """Public opinion."""

    name = "huanzhi.center.opinion"
    label = "opinion"

    def ready(self) -> None:
        """Register the effect of approvals, and the table."""
        from huanzhi.center.opinion.answering import KIND, approved, check
        from huanzhi.center.opinion.listing import opinion_table
        from huanzhi.library.proposals.kinds import register
        from huanzhi.library.records.tables import declare

        register(KIND, approved, check)
        declare(opinion_table())
