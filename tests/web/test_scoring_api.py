"""Assessments: drafted by the rulebook with evidence, published by two, then public; effects."""

from datetime import UTC, date, datetime

import pytest
from tests.web.test_targets_api import call, get, proposed

from huanzhi.center.plans.models import Document, Measure
from huanzhi.library.indicators.models import Target, Value
from huanzhi.library.people.models import Organisation
from huanzhi.library.places.models import Region
from huanzhi.library.records.changing import save
from huanzhi.library.rights import SYSTEM

pytestmark = pytest.mark.django_db


@pytest.fixture
def city(db):
    city = save(SYSTEM, Region(code="990001", name="模拟市", level="city", simulated=True))
    for code, name in (("bureau", "模拟市生态环境局"), ("water", "模拟市水利局")):
        save(SYSTEM, Organisation(code=code, name=name, kind="department", region=city))
    now = datetime(2026, 1, 1, tzinfo=UTC)
    document = Document.objects.create(
        number="WJ-1", title="计划", name="计划.txt", format="txt", region=city, text="", taken_in=now
    )
    water = Organisation.objects.get(code="water")
    for number, state in (("JC-1", "finished"), ("JC-2", "planned"), ("JC-3", "planned")):
        Measure.objects.create(
            number=number,
            document=document,
            region=city,
            title=number,
            lead=water,
            due=date(2026, 6, 30),
            state=state,
        )
    Target.objects.create(
        number="MB-1",
        indicator="pm25_mean",
        region=city,
        year=2026,
        op="≤",
        value="30",
        unit="µg/m³",
        judged={"verdict": "not_met"},
    )
    return city


@pytest.fixture
def duty(city, sign_in):
    return sign_in("duty", city, "duty", Organisation.objects.get(code="bureau"))


@pytest.fixture
def leader(city, sign_in):
    return sign_in("leader", city, "leader", Organisation.objects.get(code="bureau"))


def test_every_deduction_names_its_rows(duty):
    told = {"subject": "region:990001", "year": 2026, "day": "2026-11-22"}
    made = call(duty, "post", "/scores", told, status=201)
    assert made["total"] == "75"  # one target missed: -10; a third of the measures done: -15
    points = {item["group"]: item for item in made["items"] if item["group"]}
    assert [row["number"] for row in points["targets"]["evidence"]] == ["MB-1"]
    assert [row["number"] for row in points["measures"]["evidence"]] == ["JC-2", "JC-3"]
    assert any(item.get("unknown") for item in made["items"])  # nothing to rectify
    assert made["confidence"] == "DEFAULT, NOT FROM THE DOCUMENTS"
    english = get(duty, f"/scores/{made['number']}", **{"Accept-Language": "en"})
    assert any("targets not met" in item["reasons"] for item in english["items"])


def test_a_department_answers_for_what_it_leads(duty):
    made = call(
        duty, "post", "/scores", {"subject": "body:water", "year": 2026, "day": "2026-11-22"}, status=201
    )
    assert made["total"] == "75"  # two measures overdue: -10; a third done: -15
    assert made["name"] == "模拟市水利局"


def test_two_people_publish_and_then_everybody_may_read(duty, leader, city, sign_in):
    told = {"subject": "region:990001", "year": 2026, "day": "2026-11-22"}
    made = call(duty, "post", "/scores", told, status=201)
    reader = sign_in("reader", city, "reader")
    get(reader, f"/scores/{made['number']}", 404)
    asked = call(
        duty, "post", f"/scores/{made['number']}/publish", {"reason": "年度考核"}, made["revision"], 201
    )
    assert asked["state"] == "proposed"
    assert call(duty, "post", "/scores", told, status=422)["error"] == "indicators.score_state"
    waiting = proposed(duty, made["number"])
    call(leader, "post", f"/proposals/{waiting['id']}/approve", {"reason": "同意"})
    done = get(reader, f"/scores/{made['number']}")
    assert done["state"] == "published"
    assert [step["move"] for step in done["steps"]] == ["propose", "publish"]


def test_a_refused_one_is_a_draft_again(duty, leader):
    told = {"subject": "region:990001", "year": 2026, "day": "2026-11-22"}
    made = call(duty, "post", "/scores", told, status=201)
    call(duty, "post", f"/scores/{made['number']}/publish", {"reason": "年度考核"}, made["revision"], 201)
    waiting = proposed(duty, made["number"])
    call(leader, "post", f"/proposals/{waiting['id']}/refuse", {"reason": "数据未核实"})
    assert get(duty, f"/scores/{made['number']}")["state"] == "draft"
    assert call(duty, "post", "/scores", told, status=201)["number"] == made["number"]


def test_effects_stand_beside_changes(duty, city):
    for year, value in ((2025, "34"), (2026, "31")):
        Value.objects.create(
            code=f"pm@{year}",
            indicator="pm25_mean",
            region=city,
            first=date(year, 1, 1),
            last=date(year, 12, 31),
            value=value,
            unit="µg/m³",
            source="store",
            as_of=datetime.now(UTC),
            version="1",
        )
    (row,) = get(duty, "/scores/effects?year=2026&region=990001")["items"]
    assert (row["measures"], row["measures_done"], row["pm25_mean_change"]) == (3, 1, "-3")


def test_who_may_not_assess(city, sign_in):
    water = sign_in("water", city, "department", Organisation.objects.get(code="water"))
    call(water, "post", "/scores", {"subject": "body:water", "year": 2026}, status=403)
