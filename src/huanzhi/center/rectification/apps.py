"""The application: what approvals and refusals of write-offs do, and the table of the ledger."""

from __future__ import annotations

from django.apps import AppConfig


class RectificationConfig(AppConfig):
    """Rectification."""

    name = "huanzhi.center.rectification"
    label = "rectification"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Register the effects of approvals and the sheet of the ledger."""
        from huanzhi.center.rectification.listing import declare_tables
        from huanzhi.center.rectification.writing_off import KIND, check, put_back, write_off
        from huanzhi.library.proposals.kinds import register

        register(KIND, write_off, check, put_back)
        declare_tables()
