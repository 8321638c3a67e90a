"""Ledgers against electricity: who declares too little, since when; and what becomes of it."""

from datetime import UTC, date, datetime, timedelta

import pytest

from huanzhi.center.issues.models import Issue
from huanzhi.center.warnings.models import Warning
from huanzhi.ecocode.waste.ledgers import enter
from huanzhi.ecocode.waste.models import Finding
from huanzhi.ecocode.waste.occurrences import occurrences
from huanzhi.library.enterprises.models import Enterprise
from huanzhi.library.people.models import Organisation
from huanzhi.library.places.models import Region
from huanzhi.library.records.changing import save
from huanzhi.library.rights import SYSTEM
from huanzhi.programmes.waste.imbalance import hold, judge
from huanzhi.programmes.waste.rounds import go_round, open_issues

OIL = "900-249-08"
NOW = datetime(2026, 11, 22, 4, tzinfo=UTC)
LAST = date(2026, 11, 21)
DAYS = [LAST - timedelta(days=n) for n in range(9, -1, -1)]


def power(kwh=1000.0):
    return {"E1": dict.fromkeys(DAYS, kwh)}


def test_a_fall_below_the_usual_days_is_seen_with_its_first_day():
    made = {"E1": {day: 50.0 if n < 6 else 30.0 for n, day in enumerate(DAYS)}}
    (low,) = judge(power(), made, {})
    assert (low.since, round(low.share, 2)) == (DAYS[6], 0.6)


def test_what_was_hidden_from_the_first_day_is_seen_by_what_was_registered():
    made = {"E1": dict.fromkeys(DAYS, 30.0)}
    assert judge(power(), made, {}) == []
    (low,) = judge(power(), made, {"E1": 0.05})
    assert low.since == DAYS[0]
    assert judge(power(), made, {"E1": 0.036}) == []


def test_an_unknown_day_is_not_judged_and_a_ledger_that_is_whole_again_ends_it():
    made = {"E1": dict.fromkeys(DAYS, 50.0) | {DAYS[7]: 20.0}}
    assert judge(power(), made, {}) == []
    gaps = {"E1": {day: 1000.0 for day in DAYS if day != DAYS[7]}}
    assert judge(gaps, made, {}) == []
    assert judge({}, made, {}) == []


@pytest.fixture
def firm(db, monkeypatch, tmp_path):
    monkeypatch.setenv("HUANZHI_HOME", str(tmp_path))
    place = save(SYSTEM, Region(code="990001", name="模拟市", level="city"))
    body = save(SYSTEM, Organisation(code="O1", name="企业", kind="enterprise", region=place))
    return save(SYSTEM, Enterprise(code="E1", name="企业", region=place, organisation=body, simulated=True))


def test_too_little_becomes_finding_warning_and_issue_and_ends(firm):
    for n, day in enumerate(DAYS):
        told = {"enterprise": "E1", "waste": OIL, "day": day, "kind": "generated", "kg": 50 if n < 8 else 20}
        enter(SYSTEM, told, NOW)
    assert hold(power(), NOW)["new"] == 1
    finding, warning = Finding.objects.get(), Warning.objects.get()
    assert (finding.sort, finding.day, warning.rule, warning.subject) == ("imbalance", DAYS[8], "waste", "E1")
    assert finding.issue == warning.issue == Issue.objects.get().number
    told = list(occurrences(LAST))
    assert [(one.kind, one.facts["share"]) for one in told] == [("waste_mismatch", 0.4)]
    assert hold(power(), NOW)["new"] == 0 and Issue.objects.count() == 1
    for day in DAYS[8:]:
        told = {
            "enterprise": "E1",
            "waste": OIL,
            "day": day,
            "kind": "generated",
            "kg": 30,
            "reference": "补",
        }
        enter(SYSTEM, told, NOW)
    later = NOW + timedelta(hours=3)
    assert hold(power(), later)["ended"] == 1
    assert Finding.objects.get().until is not None and Warning.objects.get().state != "open"


def test_the_round_opens_one_issue_for_an_old_store(firm):
    old = {"enterprise": "E1", "waste": OIL, "day": LAST - timedelta(days=400), "kind": "opening", "kg": 80}
    enter(SYSTEM, old, NOW)
    assert go_round(NOW)["issues"] == 1
    issue, finding = Issue.objects.get(), Finding.objects.get(sort="storage_long")
    assert (issue.channel, issue.category, finding.issue) == ("ledger", "solid_waste", issue.number)
    assert open_issues(NOW) == 0
    (told,) = [one for one in occurrences(LAST + timedelta(days=1)) if one.kind == "waste_storage_long"]
    assert told.facts["days"] == 401 and told.facts["over"] is True and told.facts["confidence"] == "CONFLICT"
    gone = {"enterprise": "E1", "waste": OIL, "day": LAST, "kind": "disposed", "kg": 80}
    enter(SYSTEM, gone, NOW)
    go_round(NOW)
    assert Finding.objects.get(sort="storage_long").until is not None
