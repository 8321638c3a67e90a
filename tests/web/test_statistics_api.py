"""Statistics and bulletins over the API: figures, forms, rights."""

import json

import pytest

from huanzhi.library.places.models import Region
from huanzhi.library.records.changing import save
from huanzhi.library.rights import SYSTEM

pytestmark = pytest.mark.django_db
API = "/api/v1"


@pytest.fixture
def city(db):
    city = save(SYSTEM, Region(code="990001", name="模拟市", level="city"))
    save(SYSTEM, Region(code="990011", name="甲区", level="county", parent=city))
    save(SYSTEM, Region(code="990012", name="乙区", level="county", parent=city))
    return city


@pytest.fixture
def duty(city, sign_in):
    client = sign_in("zhang", city, "duty")
    for region, channel in (("990011", "handed"), ("990011", "patrol"), ("990012", "handed")):
        told = {"title": "异味", "category": "odour", "region": region, "channel": channel}
        assert post(client, f"{API}/issues", told).status_code == 201
    return client


def post(client, path, body):
    return client.post(path, json.dumps(body), content_type="application/json")


def test_figures_by_group_and_region(duty):
    told = duty.get(f"{API}/statistics/issues?region=990001").json()
    assert (told["total"]["found"], told["total"]["valid_rate"]) == (3, None)
    assert {one["code"]: one["found"] for one in told["groups"]["region"]} == {"990011": 2, "990012": 1}
    assert {one["zh"] for one in told["groups"]["channel"]} == {"人工登记", "网格巡查"}
    assert told["year_before"]["change"]["found"] is None
    assert told["groups"]["organisation"][0]["zh"] == "未指定"
    assert duty.get(f"{API}/statistics/issues?region=990012").json()["total"]["found"] == 1
    assert duty.get(f"{API}/statistics/issues?channel=patrol").json()["total"]["found"] == 1


def test_the_same_as_a_table(duty):
    rows = duty.get(f"{API}/statistics/issues/table?by=channel&sort=-found").json()["items"]
    assert [(one["code"], one["found"]) for one in rows] == [("handed", 2), ("patrol", 1)]
    text = duty.get(f"{API}/statistics/issues/table?by=defence&format=csv&headings=words").content.decode()
    assert "按期率" in text and "人防" in text
    assert duty.get(f"{API}/statistics/issues/table?format=xlsx").content[:2] == b"PK"


@pytest.mark.parametrize(
    "span",
    [
        "first=2026-02-01&last=2026-01-01",
        "first=1900-01-01&last=1900-02-01",
        "first=2020-01-01&last=2026-01-01",
    ],
)
def test_periods_that_are_none(duty, span):
    answer = duty.get(f"{API}/statistics/issues?{span}")
    assert (answer.status_code, answer.json()["error"]) == (422, "issues.period")


def test_only_of_ones_own_area(duty, sign_in):
    branch = sign_in("zhao", Region.objects.get(pk="990012"), "branch")
    assert branch.get(f"{API}/statistics/issues").json()["total"]["found"] == 1


def test_a_bulletin_is_made_listed_and_given(duty, city, sign_in):
    made = post(duty, f"{API}/bulletins", {"period": "month", "region": "990001"})
    assert made.status_code == 201
    code = made.json()["code"]
    listed = duty.get(f"{API}/bulletins?period=month").json()
    assert (listed["total"], listed["items"][0]["code"], listed["items"][0]["found"]) == (1, code, 0)
    assert duty.get(f"{API}/bulletins/{code}").json()["figures"]["found"] == 0
    file = duty.get(f"{API}/bulletins/{code}/file")
    assert (file.content[:2], file["X-SM3"]) == (b"PK", made.json()["sm3"])
    assert "SM3" in duty.get(f"{API}/bulletins?format=csv&headings=words").content.decode()
    assert duty.get(f"{API}/bulletins/nothing").status_code == 404
    branch = sign_in("zhao", Region.objects.get(pk="990012"), "branch")
    assert branch.get(f"{API}/bulletins").json()["total"] == 0
    assert branch.get(f"{API}/bulletins/{code}/file").status_code == 404
    assert post(branch, f"{API}/bulletins", {"period": "week", "region": "990001"}).status_code == 403
