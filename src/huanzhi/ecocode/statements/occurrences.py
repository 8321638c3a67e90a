"""What statements tell the code: explanations of exceedances that the bureau accepted."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta

from huanzhi.ecocode.occurrence import Occurrence
from huanzhi.ecocode.statements.models import Statement
from huanzhi.standards.periods import CHINA


def occurrences(day: date) -> Iterator[Occurrence]:
    """Yield ``exceedance_explained`` for every explanation that was accepted by the end of a day."""
    end = datetime.combine(day + timedelta(days=1), time(), CHINA)
    rows = Statement.objects.filter(sort="exceedance", state="accepted", answered__lt=end)
    for one in rows.select_related("enterprise", "outlet").order_by("pk"):
        yield Occurrence(
            one.enterprise.code,
            "exceedance_explained",
            f"{Statement.KIND}:{one.number}",
            one.day or one.filed.astimezone(CHINA).date(),
            facts={
                "parameter": one.parameter,
                "outlet": one.outlet.code if one.outlet else "",
                "cause": one.cause,
            },
            title=("超标说明已采纳", "Explanation of an exceedance accepted"),
            address=f"/enterprises/{one.enterprise.code}#statements",
            simulated=one.simulated,
        )
