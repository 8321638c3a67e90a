"""Automatic reminders of status reports: who is reminded, when, how often, and who is left alone."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, date, datetime, timedelta

import pytest

from huanzhi.library.places.models import Region
from huanzhi.library.publications import reporting
from huanzhi.library.publications.models import RegionReport, ReportReminder
from huanzhi.library.publications.settings import settings
from huanzhi.library.rights import SYSTEM
from huanzhi.library.trail.models import Entry
from huanzhi.programmes.status_report.reminding import remind_all

pytestmark = pytest.mark.django_db

RULES = settings()["reminder"]
OCTOBER = reporting.Period("2026-10", "month", date(2026, 10, 31))
DUE = {level: reporting.due_of(OCTOBER, level) for level in reporting.LEVELS}


def noon(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, 4, tzinfo=UTC)


@pytest.fixture
def tree() -> dict[str, Region]:
    made: dict[str, Region] = {}
    for code, level, above in (
        ("990100", "city", None),
        ("990101", "county", "990100"),
        ("990101001", "township", "990101"),
        ("990101002", "township", "990101"),
        ("990200", "city", None),
    ):
        region = Region(code=code, name=f"模拟{code}", level=level, parent=made.get(above or ""))
        region.full_clean()
        region.save()
        made[code] = region
    return made


def begin(region: Region) -> RegionReport:
    content = {each: {"title": "报告", "blocks": []} for each in ("zh", "en")} | {"data": {}}
    return reporting.begin(SYSTEM, region, OCTOBER, content, noon(date(2026, 11, 1)), simulated=True)


def reminded() -> list[str]:
    return list(ReportReminder.objects.order_by("region_id").values_list("region_id", flat=True))


def test_nobody_is_reminded_where_nobody_reports(tree: dict[str, Region]):
    assert remind_all(noon(DUE["city"])) == {"reminded": 0}


def test_those_nearly_due_are_reminded_once_a_day_and_those_handed_in_are_not(tree: dict[str, Region]):
    held = begin(tree["990101001"])
    RegionReport.objects.filter(pk=held.pk).update(state="submitted")
    day = DUE["township"] - timedelta(days=RULES["before"])
    assert remind_all(noon(day - timedelta(days=1))) == {"reminded": 0}
    assert remind_all(noon(day)) == {"reminded": 1}
    assert remind_all(noon(day)) == {"reminded": 0}
    assert reminded() == ["990101002"]
    words = ReportReminder.objects.get().words
    assert "2026-10" in words and DUE["township"].isoformat() in words
    assert Entry.objects.filter(kind=ReportReminder.KIND).count() == 1


def test_reminders_come_again_and_come_to_an_end(tree: dict[str, Region]):
    begin(tree["990101001"])
    last = DUE["city"] + timedelta(days=RULES["until"] + 5)
    day, counts = date(2026, 11, 1), []
    while day <= last:
        counts.append(remind_all(noon(day))["reminded"])
        day += timedelta(days=1)
    regions = ("990100", "990101", "990101001", "990101002")
    assert Counter(reminded()) == dict.fromkeys(regions, RULES["most"])
    assert sum(counts[-5:]) == 0
    assert "逾期" in ReportReminder.objects.order_by("at", "pk").last().words
