"""The application: what approvals do."""

from __future__ import annotations

from django.apps import AppConfig


class IndicatorsConfig(AppConfig):
    """Indicators."""

    name = "huanzhi.library.indicators"
    label = "indicators"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Register the effects of approvals."""
        from huanzhi.library.indicators import reporting, scores, targets
        from huanzhi.library.proposals.kinds import register

        register(reporting.KIND, reporting.confirm, None, reporting.refuse)
        register(targets.KIND, targets.freeze, targets.check, targets.put_back)
        register(scores.KIND, scores.publish, None, scores.put_back)
