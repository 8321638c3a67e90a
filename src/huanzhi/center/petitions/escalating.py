"""Escalating 超期升级: who is late is reminded, urged, supervised; the platform does it and says so."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from django.db import transaction

from huanzhi.center.petitions.models import Petition
from huanzhi.center.petitions.settings import settings, table
from huanzhi.center.petitions.writing import write
from huanzhi.library.rights import SYSTEM
from huanzhi.messages import text, using


def escalate(now: datetime | None = None) -> int:
    """Take the steps that are due of every open petition.

    Harmless at any time. Return how many were taken.
    """
    now, taken = now or datetime.now(UTC), 0
    steps = settings()["escalation"]["steps"]
    names = [one["name"] for one in steps]
    open_ = Petition.objects.filter(state__in=table().open_states(), due__isnull=False, joined_to=None)
    for step in steps:
        before = ["", *names[: names.index(step["name"])]]
        late = open_.filter(due__lte=now - timedelta(hours=step["hours"]), escalation__in=before)
        for pk in list(late.values_list("pk", flat=True)):
            taken += _one(pk, step, before, now)
    return taken


def _one(pk: int, step: dict[str, object], before: list[str], now: datetime) -> bool:
    with transaction.atomic():
        held = Petition.objects.select_for_update(of=("self",)).select_related("region").get(pk=pk)
        if held.escalation not in before or not held.is_open:
            return False
        held.escalation = str(step["name"])
        held.supervised = held.supervised or step["name"] == "supervise"
        with using("zh"):
            reason = text("petitions.escalated", step=step["zh"], due=f"{held.due:%Y-%m-%d}")
        write(
            SYSTEM,
            held,
            held.state,
            "escalate",
            {"step": step["name"], "due_step": held.due_step},
            reason,
            now,
        )
    return True
