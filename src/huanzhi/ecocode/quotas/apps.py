"""The application: what approvals of grants, transfers and reversals do."""

from __future__ import annotations

from django.apps import AppConfig


class QuotasConfig(AppConfig):
    """Emission quotas."""

    name = "huanzhi.ecocode.quotas"
    label = "quotas"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Register the effects of approvals."""
        from huanzhi.ecocode.quotas.deciding import carry_out, check, put_back, turn_back
        from huanzhi.library.proposals.kinds import register

        register("quota_grant", carry_out, check, put_back)
        register("quota_transfer", carry_out, check, put_back)
        register("quota_reverse", turn_back)
