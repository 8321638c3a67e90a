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


def quota_of(monkeypatch, *told):
    from huanzhi.ecocode.quotas import occurrences as quotas

    monkeypatch.setattr(quotas, "occurrences", lambda day: iter(told))


def short(firm, **fields):
    from huanzhi.ecocode.occurrence import Occurrence

    facts = {"parameter": "w01018", "by": "permit", "short": 2}
    told = {
        "kind": "quota_short",
        "source": "quota:SIM1/w01018/2026",
        "day": NOW.date().replace(month=1, day=1),
    }
    return Occurrence(**{"enterprise": firm.code, "facts": facts, "simulated": True, **told, **fields})


def test_a_shortage_of_quota_is_kept_weighs_nothing_and_ends_when_it_is_over(firm, monkeypatch):
    from huanzhi.ecocode.grades.models import Code, Event
    from huanzhi.programmes.conduct.collecting import refresh

    quota_of(monkeypatch, short(firm))
    refresh(None, NOW)
    event = Event.objects.get(kind="quota_short")
    assert (event.facts, event.until) == ({"parameter": "w01018", "by": "permit"}, None)
    assert Code.objects.get(enterprise=firm, sort="code").level == "unknown"
    quota_of(monkeypatch, short(firm, facts={"parameter": "w01018", "by": "permit", "short": 3}))
    assert refresh(None, NOW + timedelta(hours=1))["events"]["changed"] == 0
    quota_of(monkeypatch)
    told = refresh(None, NOW + timedelta(hours=2))
    event.refresh_from_db()
    assert (event.state, event.until, told["events"]["withdrawn"]) == ("standing", NOW.date(), 0)


def test_emitting_more_than_the_quota_turns_the_code_from_that_day_until_enough_is_held(firm, monkeypatch):
    from huanzhi.ecocode.grades.models import Code
    from huanzhi.programmes.conduct.collecting import refresh

    facts = {"parameter": "w01018", "by": "emission", "short": 2}
    quota_of(monkeypatch, short(firm, facts=facts, day=NOW.date() - timedelta(days=3)))
    refresh(None, NOW)
    assert Code.objects.get(enterprise=firm, sort="code").level == "yellow"
    quota_of(monkeypatch)
    refresh(None, NOW + timedelta(hours=2))
    assert Code.objects.get(enterprise=firm, sort="code").level != "yellow"


def test_a_kind_that_no_rulebook_names_breaks_nothing(firm, monkeypatch):
    from huanzhi.ecocode.grades.models import Code, Event
    from huanzhi.programmes.conduct.collecting import refresh

    quota_of(monkeypatch, short(firm, kind="never_heard_of", facts={"days": "some"}))
    refresh(None, NOW)
    assert Event.objects.get().kind == "never_heard_of"
    assert Code.objects.get(enterprise=firm, sort="code").level == "unknown"


def test_every_kind_that_waste_and_quotas_tell_is_named_and_told_whole(db):
    from huanzhi import rules
    from huanzhi.ecocode.grades.settings import settings as grades
    from huanzhi.ecocode.waste.settings import settings as waste
    from huanzhi.programmes.conduct.settings import settings

    kinds = {row["occurrence"] for row in waste()["finding"].values()}
    kinds |= {"waste_check", "quota_short", "exceedance_explained"}
    whole = {kind for source in settings()["source"] for kind in source["kinds"]}
    choices = rules.load("code_triggers", NOW.date()).input("kind").choices
    assert kinds <= whole and kinds <= set(grades()["kind"]) and kinds <= set(choices)


def test_every_room_that_is_asked_is_there():
    from importlib.util import find_spec

    from huanzhi.programmes.conduct.settings import settings

    named = [source["module"] for source in settings()["source"]]
    assert named and [one for one in named if find_spec(one) is None] == []
