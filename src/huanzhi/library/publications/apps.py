"""The application: approvals and tables are known as soon as Django is ready."""

from __future__ import annotations

from django.apps import AppConfig


class PublicationsConfig(AppConfig):
    """Publications and reports of regions."""

    name = "huanzhi.library.publications"
    label = "publications"

    def ready(self) -> None:
        """Register the effect of approvals, and the tables."""
        from huanzhi.library.proposals.kinds import register
        from huanzhi.library.publications.listing import publication_table, region_report_table
        from huanzhi.library.publications.releasing import KIND, check, publish, put_back
        from huanzhi.library.records.tables import declare

        register(KIND, publish, check, put_back)
        declare(publication_table())
        declare(region_report_table())
