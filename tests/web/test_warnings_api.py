"""Warnings over the API: listed, told with their reason, released and muted with a reason, by who may."""

import json
from datetime import UTC, datetime, timedelta

import pytest

from huanzhi.center.warnings.models import Mute, Warning
from huanzhi.library.enterprises.models import Enterprise, Outlet
from huanzhi.library.places.models import Region
from huanzhi.library.records.changing import save
from huanzhi.library.rights import SYSTEM

pytestmark = pytest.mark.django_db
API = "/api/v1/warnings"
NOW = datetime.now(UTC).replace(microsecond=0)


@pytest.fixture
def city(db):
    return save(SYSTEM, Region(code="990001", name="模拟市", level="city"))


@pytest.fixture
def rows(city):
    made = []
    for number, rule in enumerate(("over_limit", "treatment_off")):
        made.append(
            save(
                SYSTEM,
                Warning(
                    code=f"YJ-20261122-0000000{number}",
                    rule=rule,
                    version="1",
                    place=f"P{number}",
                    place_name="总排口",
                    subject=f"P{number}",
                    enterprise="E1",
                    region=city,
                    parameter="w01018",
                    parameters=["w01018"],
                    value=88.0,
                    limit=50.0,
                    facts={"value": 88.0, "limit": 50.0},
                    level="warning",
                    since=NOW - timedelta(minutes=number + 5),
                    last=NOW,
                    simulated=True,
                ),
            )
        )
    return made


def post(client, path, **body):
    return client.post(path, json.dumps(body, default=str), content_type="application/json")


def test_the_list_is_filtered_and_newest_first(rows, city, sign_in):
    client = sign_in("zhang", city, "duty")
    every = client.get(API).json()
    assert [one["rule"] for one in every["items"]] == ["over_limit", "treatment_off"] and every["total"] == 2
    assert [one["place"] for one in client.get(f"{API}?rule=treatment_off").json()["items"]] == ["P1"]
    assert client.get(f"{API}?format=csv").content.decode().splitlines()[0].startswith("code,rule")


def test_one_warning_says_why(rows, city, sign_in):
    found = sign_in("zhang", city, "duty").get(f"{API}/{rows[0].code}").json()
    assert "88" in found["why"] and "50" in found["why_en"] and found["thresholds"]["least"] == 3
    assert found["curve"].startswith("/api/v1/series/P0?parameter=w01018&") and found["may_change"]
    assert found["confidence"] == "DEFAULT, NOT FROM THE DOCUMENTS" and found["simulated"]


def test_release_takes_a_reason_and_happens_once(rows, city, sign_in):
    client, path = sign_in("zhang", city, "duty"), f"{API}/{rows[0].code}/release"
    assert post(client, path, reason=" ").status_code == 422
    assert post(client, path, reason="仪器维护").json()["state"] == "released"
    assert post(client, path, reason="仪器维护").json()["error"] == "warnings.not_open"


def test_muting_ends_within_the_month(rows, city, sign_in):
    client, path = sign_in("zhang", city, "duty"), f"{API}/{rows[0].code}/mute"
    for until in (NOW - timedelta(hours=1), NOW + timedelta(days=40)):
        refused = post(client, path, reason="检修", until=until.isoformat())
        assert refused.json()["error"] == "warnings.mute_until"
    made = post(client, path, reason="检修", until=(NOW + timedelta(days=1)).isoformat())
    assert made.status_code == 201 and made.json()["mutes"][0]["by"] == "zhang"
    assert Mute.objects.get().rule == "over_limit"


def test_who_may_only_read_changes_nothing(rows, city, sign_in):
    client = sign_in("li", city, "publicity")
    assert not client.get(f"{API}/{rows[0].code}").json()["may_change"]
    assert post(client, f"{API}/{rows[0].code}/release", reason="x").json()["error"] == "rights.refused"
    assert Warning.objects.get(pk=rows[0].pk).state == "open"


def test_who_has_no_right_sees_nothing(rows, city, sign_in):
    client = sign_in("wang", city, "enterprise")
    assert client.get(API).json()["total"] == 0
    assert client.get(f"{API}/{rows[0].code}").status_code == 404


def test_sources_are_sought_of_a_section_for_the_bureau_alone(city, sign_in):
    """Without a river of the map what stands near by is named; an outlet's own warning needs no search."""
    firm = save(SYSTEM, Enterprise(code="SIM-E1", name="甲厂", region=city, simulated=True))
    for code, lon in (("DW1", 121.501), ("DW2", 123.0)):
        place = {"lon": lon, "lat": 28.5, "region": city, "simulated": True}
        save(SYSTEM, Outlet(code=code, name=code, enterprise=firm, medium="water", **place))
    told = {"version": "1", "region": city, "level": "warning", "since": NOW, "last": NOW, "simulated": True}
    seen = {"place": "S1", "subject": "S1", "parameter": "w01018", "parameters": ["w01018"]}
    row = Warning(code="YJ-20261122-00000009", rule="section_colour", lon=121.5, lat=28.5, **seen, **told)
    save(SYSTEM, row)
    duty = sign_in("zhang", city, "duty")
    assert duty.get(f"{API}/{row.code}").json()["may_trace"] is True
    found = duty.get(f"{API}/{row.code}/trace").json()
    assert (found["method"], [one["code"] for one in found["suspects"]]) == ("around", ["DW1"])
    assert found["suspects"][0]["enterprise"] == "SIM-E1" and found["suspects"][0]["reasons"]
    partner = sign_in("he", city, "public")
    assert partner.get(f"{API}/{row.code}/trace").status_code in (403, 404)
    row.rule = "sprayed"
    assert duty.get(f"{API}/{save(SYSTEM, row).code}").json()["may_trace"] is False
