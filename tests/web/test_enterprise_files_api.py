"""The enterprise file over the API: whose it is, what stands in it, statements and their answers."""

import json
from datetime import UTC, date, datetime, timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from huanzhi.ecocode.files.models import Project, QuarterVerdict
from huanzhi.ecocode.statements.models import Statement
from huanzhi.ecocode.statements.occurrences import occurrences
from huanzhi.library.enterprises.models import Enterprise, Outlet, Permit, PermitLimit
from huanzhi.library.people.models import Organisation
from huanzhi.library.places.models import Region, Station
from huanzhi.library.records.changing import save
from huanzhi.library.rights import SYSTEM
from huanzhi.library.trail.models import Entry
from huanzhi.programmes.enterprise_file.quarters import Quarter
from huanzhi.standards.periods import CHINA

pytestmark = pytest.mark.django_db
API = "/api/v1"
WHY = {"cause": "treatment", "words": "曝气风机故障，已修复"}


def today():
    """Ask anew: a run of the tests may cross midnight."""
    return datetime.now(CHINA).date()


def day():
    return today() - timedelta(days=2)


@pytest.fixture
def city(db, monkeypatch, tmp_path):
    monkeypatch.setenv("HUANZHI_HOME", str(tmp_path))
    city = save(SYSTEM, Region(code="990001", name="模拟市", level="city"))
    for number in (1, 2):
        body = save(
            SYSTEM, Organisation(code=f"O{number}", name=f"企业{number}", kind="enterprise", region=city)
        )
        told = {"code": f"E{number}", "name": f"企业{number}", "region": city, "organisation": body}
        own = save(
            SYSTEM, Enterprise(**told, key_unit=True, simulated=True, lon=121.5, lat=29.9, phone="123")
        )
        outlet = save(SYSTEM, Outlet(code=f"E{number}W1", name="废水总排口", medium="water", enterprise=own))
        permit = save(
            SYSTEM, Permit(code=f"P{number}", enterprise=own, valid_to=today() + timedelta(days=90))
        )
        limit = {"parameter": "w01018", "averaging": "day", "value": "50", "unit": "mg/L"}
        save(SYSTEM, PermitLimit(permit=permit, outlet=outlet, **limit))
        verdict(outlet)
    return city


def verdict(outlet, state="exceeding", **more):
    quarter = Quarter.of(day())
    told = {"day": day().isoformat(), "period": "day", "value": "60.0", "limit": "50", "unit": "mg/L"}
    return QuarterVerdict.objects.create(
        enterprise=outlet.enterprise,
        outlet=outlet,
        region=outlet.region,
        organisation=outlet.organisation,
        parameter="w01018",
        year=quarter.year,
        quarter=quarter.number,
        state=state,
        over=1,
        days=[told | {"times": "0.20", "bound": "upper"}],
        digest="x",
        reckoned=datetime.now(UTC),
        **more,
    )


@pytest.fixture
def boss(city, sign_in):
    return sign_in("boss", city, "enterprise", Organisation.objects.get(code="O1"))


@pytest.fixture
def other(city, sign_in):
    return sign_in("other", city, "enterprise", Organisation.objects.get(code="O2"))


@pytest.fixture
def officer(city, sign_in):
    return sign_in("wang", city, "inspector")


def post(client, path, body=None, revision=None, status=200):
    headers = {} if revision is None else {"If-Match": f'"{revision}"'}
    answer = client.post(API + path, json.dumps(body or {}), content_type="application/json", headers=headers)
    assert answer.status_code == status, answer.content.decode()
    return answer.json()


def get(client, path, status=200):
    answer = client.get(API + path)
    assert answer.status_code == status, answer.content.decode()
    return answer.json()


def explain(client, status=201, **more):
    told = {"sort": "exceedance", "outlet": "E1W1", "parameter": "w01018", "day": day().isoformat()}
    return post(client, "/statements", told | WHY | more, status=status)


def test_the_file_tells_its_owner_what_is_his_and_nobody_elses(boss, other, officer):
    mine = get(boss, "/enterprise-files/E1")
    assert (mine["name"], mine["own"], mine["exceeding_days"], mine["phone"]) == ("企业1", True, 1, "123")
    assert {one["id"] for one in mine["sections"]} >= {"outlets", "permits", "limits", "issues"}
    assert not get(officer, "/enterprise-files/E1")["own"]
    for path in ("", "/grid", "/exceedances", "/timeline", "/register", "/nearby"):
        get(other, f"/enterprise-files/E1{path}", 404)


def test_sections_that_a_reader_may_not_open_are_not_told(boss, city, sign_in):
    seen = {one["id"] for one in get(sign_in("li", city, "duty"), "/enterprise-files/E1")["sections"]}
    own = {one["id"] for one in get(boss, "/enterprise-files/E1")["sections"]}
    assert "petitions" in seen and "petitions" not in own


def test_the_grid_has_a_row_for_each_outlet_and_parameter(boss, officer):
    for client in (boss, officer):
        found = get(client, "/enterprise-files/E1/grid?quarters=4")
        (row,) = found["rows"]
        assert (row["outlet"], row["symbol"]) == ("E1W1", "CODcr") or row["parameter"] == "w01018"
        states = {cell["quarter"]: cell["state"] for cell in row["cells"]}
        assert len(states) == 4 and states[Quarter.of(day()).name] == "exceeding"
        assert "unknown" in states.values()


def test_an_explanation_is_answered_and_stands_on_the_exceedance(boss, officer, other):
    made = explain(boss)
    assert (
        made["state"] == "filed"
        and made["due"]
        and [one["name"] for one in made["moves"]] == ["add", "withdraw"]
    )
    number = made["number"]
    piece = SimpleUploadedFile("记录.jpg", b"fan")
    answer = boss.post(f"{API}/statements/{number}/evidence?kind=record", {"file": piece})
    assert answer.status_code == 201
    get(other, f"/statements/{number}", 404)
    asked = get(officer, f"/statements/{number}")
    assert [one["name"] for one in asked["moves"]] == ["accept", "refuse"] and len(asked["evidence"]) == 1
    post(officer, f"/statements/{number}/moves", {"move": "accept"}, asked["revision"], 422)
    done = post(
        officer, f"/statements/{number}/moves", {"move": "accept", "words": "属实"}, asked["revision"]
    )
    assert (done["state"], done["answer"], done["moves"]) == ("accepted", "属实", [])
    (row,) = get(officer, "/enterprise-files/E1/exceedances")["items"]
    assert (row["statement"], row["statement_state"], row["cause"]) == (number, "accepted", "treatment")
    (told,) = occurrences(today())
    assert (told.enterprise, told.kind, told.day) == ("E1", "exceedance_explained", day())
    assert Entry.objects.filter(kind="statement", key=number, action="accept").exists()


def test_the_name_of_an_outlet_is_told_to_those_who_may_see_the_outlet(boss, officer):
    number = explain(boss)["number"]
    paths = ("/enterprise-files/E1/exceedances", "/statements", "/quarter-verdicts?enterprise=E1")

    def names(client):
        rows = [row for path in paths for row in get(client, path)["items"]]
        return {row["outlet_name"] for row in (*rows, get(client, f"/statements/{number}"))}

    assert names(officer) == names(boss) == {"废水总排口"}
    outlet = Outlet.objects.get(code="E1W1")
    outlet.sensitivity = "restricted"
    save(SYSTEM, outlet)
    assert names(officer) == {""}
    for path in paths:
        sheet = f"{API}{path}{'&' if '?' in path else '?'}format=csv"
        assert "废水总排口" not in officer.get(sheet).content.decode()


def test_an_exceedance_is_explained_once_and_a_withdrawn_one_again(boss, officer):
    made = explain(boss)
    assert explain(boss, 409)["error"] == "enterprise_file.explained"
    post(boss, f"/statements/{made['number']}/moves", {"move": "withdraw"}, made["revision"])
    again = explain(boss)
    post(officer, f"/statements/{again['number']}/moves", {"move": "refuse", "words": "无证据"}, 1)
    assert explain(boss)["state"] == "filed"


def test_nobody_answers_in_place_of_the_other_side(boss, officer, other):
    number = explain(boss)["number"]
    assert post(boss, f"/statements/{number}/moves", {"move": "accept", "words": "x"}, 1, 403)
    assert post(officer, f"/statements/{number}/moves", {"move": "withdraw"}, 1, 403)
    assert post(boss, f"/statements/{number}/moves", {"move": "add", "words": "补充"}, 7, 412)
    explain(other, 422, outlet="E1W1")
    explain(other, 404, enterprise="E1")
    explain(officer, 403, enterprise="E1")


@pytest.mark.parametrize(
    "given",
    [{"cause": "nothing"}, {"cause": ""}, {"parameter": ""}, {"outlet": "NONE"}, {"day": "2020-01-01"}],
)
def test_a_statement_that_says_too_little_is_refused(boss, given):
    explain(boss, 422, **given)
    assert not Statement.objects.exists()


def test_an_error_in_the_file_is_reported(boss, officer):
    told = {"sort": "error", "subject_kind": "permit_limit", "subject_key": "P1/x", "words": "限值应为 60"}
    made = post(boss, "/statements", told, status=201)
    assert made["kind"] == "error" and made["number"].startswith("JC-")
    listed = get(officer, "/statements?open=true&kind=error&enterprise=E1")
    assert [one["number"] for one in listed["items"]] == [made["number"]]
    assert b"JC-" in officer.get(f"{API}/statements?format=csv").content


def test_the_register_is_told_as_of_a_day(officer, city):
    limit = PermitLimit.objects.get(permit__code="P1")
    limit.value = "40"
    save(SYSTEM, limit, "变更")
    Entry.objects.filter(kind="permit_limit").exists()
    now = get(officer, "/enterprise-files/E1/register")
    assert now["limits"][0]["value"] == "40"
    assert get(officer, "/enterprise-files/E1/register?on=2020-01-01")["enterprise"] is None
    assert get(officer, f"/enterprise-files/E1/register?on={today()}")["limits"][0]["value"] == "40"


def test_the_life_tells_what_is_due_next(officer):
    own = Enterprise.objects.get(code="E1")
    told = {"applied": date(2026, 1, 5), "approved": date(2026, 2, 5), "begun": date(2026, 3, 1)}
    save(SYSTEM, Project(code="X1", name="扩建", enterprise=own, completed=date(2026, 9, 30), **told))
    found = get(officer, "/enterprise-files/E1/timeline")
    assert [one["event"] for one in found["events"]][:4] == ["applied", "approved", "begun", "completed"]
    due = {one["id"]: one["due"] for one in found["next"]}
    assert due["accept"] == "2026-12-30"
    assert due["renew"] == (today() + timedelta(days=30)).isoformat()
    assert all(one["confidence"] and one["basis"] for one in found["next"])


def test_nearby_lists_what_lies_within_the_distance(officer, city):
    save(SYSTEM, Station(code="S1", name="站", kind="air", region=city, lon=121.51, lat=29.9))
    save(SYSTEM, Station(code="S2", name="远站", kind="air", region=city, lon=121.9, lat=29.9))
    found = get(officer, "/enterprise-files/E1/nearby?metres=3000")["items"]
    assert [(one["kind"], one["code"]) for one in found] == [("enterprise", "E2"), ("station", "S1")]
    assert 900 < found[1]["metres"] < 1000


def test_officers_are_kept_by_the_enterprise_itself(boss, other, officer):
    told = {"code": "HBY-1", "name": "张工", "enterprise": "E1", "phone": "139", "sensitivity": "own"}
    post(boss, "/enterprise-officers", told, status=201)
    assert get(officer, "/enterprise-officers?enterprise=E1")["items"][0]["phone"] == "139"
    assert get(other, "/enterprise-officers")["items"] == []
    post(other, "/enterprise-officers", told | {"code": "HBY-2"}, status=403)


def test_the_public_reads_the_public_part_only(city):
    client = Client()
    listed = get(client, "/open/enterprises")
    assert [one["code"] for one in listed["items"]] == ["E1", "E2"]
    found = get(client, "/open/enterprises/E1")
    assert found["outlets"] == [] and found["permit"] is None and "phone" not in found
    Enterprise.objects.filter(code="E2").update(sensitivity="own")
    get(client, "/open/enterprises/E2", 404)
    get(client, "/enterprise-files/E1", 401)


def test_verdicts_are_listed_across_enterprises(officer, boss):
    assert get(officer, "/quarter-verdicts?state=exceeding")["total"] == 2
    assert [one["enterprise"] for one in get(boss, "/quarter-verdicts")["items"]] == ["E1"]


def test_the_head_tells_the_classes_on_the_newest_published_list_of_key_units(boss, officer, city):
    from huanzhi.ecocode.permits.models import KeyEntry, KeyList

    def listed(year, state, *classes):
        held = KeyList.objects.create(code=f"L{year}", region=city, year=year, state=state)
        for name in classes:
            told = {"key_list": held, "enterprise": one, "category": name, "sensitivity": "public"}
            KeyEntry.objects.create(code=f"L{year}-{name}", **told)

    one = Enterprise.objects.get(code="E1")
    assert get(boss, "/enterprise-files/E1")["key_classes"] == []
    listed(2024, "published", "noise", "soil")
    listed(2025, "published", "air", "water")
    listed(2026, "notice", "risk")
    for reader in (boss, officer):
        classes = get(reader, "/enterprise-files/E1")["key_classes"]
        assert [(row["category"], row["year"]) for row in classes] == [("water", 2025), ("air", 2025)]
    assert classes[0]["zh"] == "水环境重点排污单位"
    KeyEntry.objects.filter(key_list__year=2025).update(inside=False)
    assert get(officer, "/enterprise-files/E1")["key_classes"] == []
