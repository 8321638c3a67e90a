"""What the centre knows becomes events, codes, and the rate of inspections, with nobody typing it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 22, 2, tzinfo=UTC)


@pytest.fixture
def firm(db):
    from huanzhi.library.enterprises.models import Enterprise
    from huanzhi.library.places.models import Region
    from huanzhi.library.records.changing import save
    from huanzhi.library.rights import SYSTEM

    city = save(SYSTEM, Region(code="990001", name="测试市", level="city", simulated=True))
    return save(SYSTEM, Enterprise(code="SIM1", name="企业", region=city, simulated=True, key_unit=True))


def case_of(firm, **fields):
    from huanzhi.center.enforcement.models import Case

    told = {"decision": "penalty", "fine": 30000, "matter": "1107-1", "decided_on": NOW.date()}
    times = {"opened": NOW, "entered": NOW}
    who = {"enterprise": firm.code, "region": firm.region, "opened_by": "x"}
    return Case.objects.create(number="AJ-1", title="超标", **{**told, **times, **who, **fields})


def test_a_penalty_changes_code_credit_and_the_rate_of_inspections(firm):
    from huanzhi.center.inspections.models import Subject
    from huanzhi.center.inspections.pools import refresh as refresh_pool
    from huanzhi.ecocode.grades.models import Code
    from huanzhi.programmes.conduct.collecting import refresh

    refresh_pool(NOW)
    before = Subject.objects.get(code=firm.code)
    refresh(None, NOW)
    case_of(firm, facts={"medium": "air"})
    told = refresh(None, NOW + timedelta(hours=1))
    subject = Subject.objects.get(code=firm.code)
    levels = {one.sort: (one.level, one.score) for one in Code.objects.filter(enterprise=firm)}
    assert levels == {"code": ("yellow", ""), "credit": ("blue", "6")}
    assert told["inspections"] == 1
    assert (subject.colour, subject.credit) == ("yellow", "fair")
    assert before.colour == "" and subject.score > before.score
    again = refresh(None, NOW + timedelta(hours=2))
    assert again["events"]["new"] == again["events"]["changed"] == again["inspections"] == 0


def test_a_case_that_is_gone_takes_its_event_with_it(firm):
    from huanzhi.ecocode.grades.models import Code, Event
    from huanzhi.programmes.conduct.collecting import refresh

    case = case_of(firm, decision="order", fine=None)
    refresh(None, NOW)
    assert Event.objects.get().kind == "order"
    case.delete()
    told = refresh(None, NOW + timedelta(hours=1))
    assert told["events"]["withdrawn"] == 1
    assert Code.objects.get(enterprise=firm, sort="code").level == "unknown"


def test_a_matter_of_falsified_data_tells_that_too_and_a_closed_case_ends_both(firm):
    from huanzhi.ecocode.grades.models import Code, Event
    from huanzhi.programmes.conduct.collecting import refresh

    day = NOW.date() - timedelta(days=60)
    case = case_of(firm, matter="1088-1", decided_on=day)
    refresh(None, NOW)
    assert sorted(Event.objects.values_list("kind", flat=True)) == ["data_fraud", "penalty"]
    assert Code.objects.get(enterprise=firm, sort="code").level == "red"
    case.closed = NOW - timedelta(days=1)
    case.save()
    refresh(None, NOW + timedelta(hours=1))
    assert Code.objects.get(enterprise=firm, sort="code").level == "unknown"
