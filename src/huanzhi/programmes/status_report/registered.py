"""Registered figures 登记数据: what registers and the centre hold of a region; None where unknown."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, datetime
from typing import Any

from huanzhi.center.enforcement.models import Case
from huanzhi.center.issues.models import Issue
from huanzhi.center.petitions.models import Petition
from huanzhi.center.plans.models import Measure
from huanzhi.library.enterprises.models import Enterprise, Outlet
from huanzhi.library.places.models import Region, Section, Station, Zone
from huanzhi.programmes.spans import Span

Count = Callable[[str], Any]


def _within(model: Any, **more: Any) -> Count:
    """Return what counts the rows of a model in a region; None of a register that holds nothing there."""

    def rows(path: str) -> Any:
        held = model.objects.filter(region__path__startswith=path)
        return held.filter(**more).count() if held.exists() else None

    return rows


REGISTERS: Mapping[str, Count] = {
    "air_stations": _within(Station, kind="air"),
    "sections": _within(Section),
    "zones": _within(Zone),
    "enterprises": _within(Enterprise),
    "key_units": _within(Enterprise, key_unit=True),
    "outlets": _within(Outlet),
}
"""What counts the rows of each register, by the path of a region."""


def registers(region: Region, names: Iterable[str]) -> dict[str, int | None]:
    """Return how many a region has of each; None where the register holds nothing of it."""
    return {name: REGISTERS[name](region.path) for name in names}


def affairs(region: Region, span: Span, names: Iterable[str]) -> dict[str, int | None]:
    """Return what happened in a region in a span; None where nothing of the region was ever registered."""
    begin, end = (datetime.fromtimestamp(moment, UTC) for moment in (span.start, span.end))
    found = _affairs(begin, end, span)
    return {name: found[name](region.path) for name in names}


def _affairs(begin: datetime, end: datetime, span: Span) -> Mapping[str, Count]:
    last = span.last
    return {
        "issues_opened": _within(Issue, opened__gte=begin, opened__lt=end),
        "issues_closed": _within(Issue, closed__gte=begin, closed__lt=end),
        "petitions": _within(Petition, received__gte=begin, received__lt=end),
        "petitions_answered": _within(Petition, replied__gte=begin, replied__lt=end),
        "penalties": _within(Case, decided_on__gte=span.first, decided_on__lte=last, decision="penalty"),
        "measures": _within(Measure),
        "measures_finished": _within(Measure, state="finished"),
        "measures_overdue": _within(Measure, due__lt=last, state__in=("planned", "under_way")),
    }
