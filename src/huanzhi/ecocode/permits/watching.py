"""What takes kept standings away 状态失效: a change of a limit, of an outlet, or of a month."""

from __future__ import annotations

from typing import Any

from django.db.models.signals import post_delete, post_save

from huanzhi.ecocode.permits.models import MonthAmount
from huanzhi.ecocode.permits.standings import forget
from huanzhi.library.enterprises.models import Outlet, PermitLimit


def connect() -> None:
    """Listen to limits, outlets and months; what writes many rows at once says so itself."""
    for model in (PermitLimit, Outlet, MonthAmount):
        for signal in (post_save, post_delete):
            signal.connect(_changed, sender=model, dispatch_uid=f"permits-standing-{model.__name__}")


def _changed(instance: Any, **_more: Any) -> None:
    owner = instance.outlet if isinstance(instance, MonthAmount) else instance
    forget([owner.enterprise_id])
