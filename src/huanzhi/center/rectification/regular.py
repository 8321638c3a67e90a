"""Regular work 日常督办: returns asked for and reminded of, letters and talks proposed, once a day."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from huanzhi.center.rectification import ladder, returns, talking
from huanzhi.center.rectification.models import Task
from huanzhi.center.rectification.settings import table


def daily(now: datetime) -> dict[str, int]:
    """Do the work of a day; doing it twice changes nothing."""
    with transaction.atomic():
        asked, reminded = returns.ask(now), returns.remind(now)
        letters = talks = 0
        rows = Task.objects.filter(state__in=table().open_states())
        for task in rows.select_related("region", "organisation", "batch"):
            letters += len(ladder.propose_letters(task, now))
            talks += len(talking.propose_talks(task, now))
    return {"asked": asked, "reminded": reminded, "letters": letters, "talks": talks}
