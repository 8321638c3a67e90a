"""Replies, dispatch, rules, colours of sections and heavy pollution over the API, by who may."""

import json
from datetime import UTC, datetime, timedelta

import pytest

from huanzhi.center.issues.models import Issue
from huanzhi.center.warnings.models import OwnRule, SectionState, Warning
from huanzhi.center.warnings.raising import Finding, raise_or_hold
from huanzhi.library.enterprises.models import Enterprise
from huanzhi.library.people.models import Organisation
from huanzhi.library.places.models import Region
from huanzhi.library.records.changing import save
from huanzhi.library.rights import SYSTEM
from huanzhi.standards.periods import CHINA

pytestmark = pytest.mark.django_db
API = "/api/v1/warnings"
NOW = datetime.now(UTC).replace(microsecond=0)
OWNER = "91990001SIM0000001"


@pytest.fixture
def city(db):
    return save(SYSTEM, Region(code="990001", name="模拟市", level="city"))


@pytest.fixture
def bodies(city):
    made = {}
    for code in ("E1", "E2"):
        made[code] = save(SYSTEM, Organisation(code=code, name=code, kind="enterprise", region=city))
        Enterprise(code=f"{OWNER[:-1]}{code[-1]}", name=code, region=city, organisation=made[code]).save()
    return made


@pytest.fixture
def row(bodies):
    return raise_or_hold(
        Finding("outlet_hour", OWNER, NOW - timedelta(hours=1), ("w01018",), 80.0, 50.0, colour="orange"), NOW
    )


@pytest.fixture
def hidden(bodies):
    return raise_or_hold(Finding("suspect_data", OWNER, NOW, facts={"marks": 3}), NOW)


def call(client, method, path, revision=None, **body):
    held = {"HTTP_IF_MATCH": f'"{revision}"'} if revision is not None else {}
    send = getattr(client, method)
    return send(path, json.dumps(body, default=str), content_type="application/json", **held)


def test_an_enterprise_sees_and_answers_its_own_only(row, hidden, bodies, city, sign_in):
    mine = sign_in("wang", city, "enterprise", bodies["E1"])
    assert [one["code"] for one in mine.get(API).json()["items"]] == [row.code]
    assert mine.get(f"{API}/{hidden.code}").status_code == 404
    told = mine.get(f"{API}/{row.code}").json()
    assert (
        told["may_reply"] and not told["may_change"] and not told["may_dispatch"] and told["suspects"] == []
    )
    path = f"{API}/{row.code}"
    for verb, body in (("release", {"reason": "x"}), ("judge", {"accepted": True})):
        assert call(mine, "post", f"{path}/{verb}", **body).json()["error"] in (
            "rights.refused",
            "warnings.no_reply",
        )
    assert call(mine, "post", f"{path}/dispatch", lead="E1", requirement="x").status_code == 403
    other = sign_in("zhao", city, "enterprise", bodies["E2"])
    assert other.get(API).json()["total"] == 0
    assert call(other, "post", f"{path}/reply", cause="fault", words="x").status_code == 404
    made = call(mine, "post", f"{path}/reply", told["revision"], cause="fault", words="采样泵故障")
    assert made.status_code == 201 and made.json()["reply_state"] == "given"


def test_two_people_at_one_warning_lose_nothing(row, city, sign_in):
    client, path = sign_in("zhang", city, "duty"), f"{API}/{row.code}"
    first = client.get(path).json()["revision"]
    assert call(client, "post", f"{path}/reply", first, cause="fault", words="泵故障").status_code == 201
    assert call(client, "post", f"{path}/release", first, reason="x").status_code == 412
    assert Warning.objects.get(pk=row.pk).state == "open"


def test_a_warning_is_dispatched_with_what_is_proposed(row, city, sign_in):
    client, path = sign_in("zhang", city, "duty"), f"{API}/{row.code}"
    found = client.get(f"{path}/proposal").json()
    lead = found["leads"][0]["organisation"]
    assert found["open"] and found["leads"][0]["reasons"] and found["requirement"]
    body = {"lead": lead, "requirement": found["requirement"], "level": found["level"]}
    revision = client.get(path).json()["revision"]
    done = call(client, "post", f"{path}/dispatch", revision, **body).json()
    assert done["state"] == "dispatched" and Issue.objects.get().number == done["issue"]
    shown = client.get(path).json()
    assert shown["issue"] == done["issue"] and shown["handling_minutes"] >= 60
    figures = client.get(f"{API}/figures").json()
    assert figures["handled"] == 1 and figures["median_minutes"] >= 60 and figures["owed"] == 1


def test_the_list_is_filtered_by_what_is_owed(row, city, sign_in):
    client = sign_in("zhang", city, "duty")
    assert client.get(f"{API}?reply_state=owed").json()["total"] == 1
    assert client.get(f"{API}?overdue=true").json()["total"] == 0
    Warning.objects.update(reply_due=NOW - timedelta(hours=1))
    late = client.get(f"{API}?overdue=true").json()["items"][0]
    assert late["reply_late"] and late["rule_name"] and late["minutes"] >= 60
    assert client.get(f"{API}?format=csv").content.decode().count("\n") == 2


def test_the_notice_is_a_word_document(row, city, sign_in):
    answer = sign_in("zhang", city, "duty").get(f"{API}/{row.code}/notice")
    assert answer.content[:2] == b"PK" and "wordprocessingml" in answer["Content-Type"]


def test_the_catalogue_says_basis_and_confidence_and_can_be_switched(city, sign_in):
    client = sign_in("zhang", city, "duty")
    found = {one["code"]: one for one in client.get(f"{API}/rules?region=990001").json()["items"]}
    assert {"over_limit", "section_colour", "heavy_pollution", "drinking_source", "park_gas"} <= set(found)
    for one in found.values():
        assert one["zh"] and one["en"] and one["basis"]["en"] and one["confidence"] and one["thresholds"]
    assert found["heavy_pollution"]["confidence"] == "MEMORY ONLY"
    assert found["yangtze"]["confidence"] == "ONE SOURCE"
    path = f"{API}/rules/park_gas/switch"
    assert call(client, "put", path, region="990001", on=False, reason=" ").status_code == 422
    done = call(client, "put", path, region="990001", on=False, reason="试点").json()
    assert done["items"][0]["switches"][0]["on"] is False
    reader = sign_in("li", city, "publicity")
    assert call(reader, "put", path, region="990001", on=True, reason="x").status_code == 403


def test_a_rule_that_opens_issues_takes_two_people(city, sign_in):
    client = sign_in("zhang", city, "duty")
    spec = {"sort": "forecast", "value": "150"}
    body = {"name": "预报", "region": "990001", "spec": spec, "opens_issue": True}
    made = call(client, "post", f"{API}/own-rules", **body)
    assert made.status_code == 201 and made.json()["spec"]["n"] == 1
    path = f"{API}/own-rules/{made.json()['code']}"
    assert call(client, "post", f"{path}/publish", reason="x").json()["error"] == "warnings.untried"
    row = OwnRule.objects.get()
    from huanzhi.center.warnings.own_rules import tried

    tried(row, 0, 24, NOW)
    waiting = call(client, "post", f"{path}/publish", reason="启用").json()
    assert waiting["proposal"] and waiting["state"] == "draft"
    second = sign_in("leader", city, "leader")
    done = call(second, "post", f"/api/v1/proposals/{waiting['proposal']}/approve", reason="同意")
    assert done.status_code == 200, done.content
    assert client.get(path).json()["state"] == "on" and client.get(path).json()["version"] == 1


def test_a_wrong_declaration_is_named(city, sign_in):
    client = sign_in("zhang", city, "duty")
    for spec, column in (
        ({"sort": "poem"}, "sort"),
        ({"sort": "compare", "kind": "outlet", "parameter": "w01018"}, "value"),
        ({"sort": "compare", "kind": "outlet", "parameter": "w01018", "value": "1", "n": 3, "m": 2}, "n"),
        ({"sort": "lost", "kind": "outlet", "parameter": "w01018", "code": "import os"}, "code"),
    ):
        refused = call(client, "post", f"{API}/own-rules", name="x", region="990001", spec=spec)
        assert refused.status_code == 422 and refused.json()["column"] == column


def test_the_board_of_sections_shows_colours_by_month(city, sign_in):
    for period, colour in (("2026-09", "orange"), ("2026-10", "none")):
        state = SectionState(
            code=f"D1/{period}", section="D1", name="断面", region=city, scheme="three_colour", period=period
        )
        state.colour, state.final, state.computed = colour, True, NOW
        save(SYSTEM, state)
    client = sign_in("zhang", city, "duty")
    board = client.get(f"{API}/sections").json()
    assert board["periods"] == ["2026-09", "2026-10"] and board["counts"]["none"] == 1
    assert board["items"][0]["states"]["2026-09"]["colour"] == "orange"
    assert client.get(f"{API}/sections/states?colour=orange").json()["total"] == 1


def test_a_forecast_is_proposed_on_and_made_active_by_who_may(city, sign_in):
    forecaster, leader = sign_in("fan", city, "forecasting"), sign_in("lin", city, "leader")
    today = NOW.astimezone(CHINA).date()
    days = [{"day": (today + timedelta(days=n)).isoformat(), "low": 200, "high": 230} for n in range(2)]
    told = call(forecaster, "put", f"{API}/air/forecast", region="990001", days=days).json()
    standing = told["standing"]
    assert standing["proposed"] == "orange" and standing["state"] == "proposed" and not told["may_command"]
    path = f"{API}/air/episodes/{standing['code']}"
    assert call(forecaster, "post", f"{path}/activate", level="orange").status_code == 403
    assert call(leader, "post", f"{path}/activate", 999, level="orange").status_code == 412
    done = call(leader, "post", f"{path}/activate", standing["revision"], level="orange").json()["standing"]
    assert done["state"] == "active" and Warning.objects.get().code == done["warning"]
    assert leader.get(f"{path}/notice").content[:2] == b"PK"
    ended = call(leader, "post", f"{path}/end", done["revision"], reason="转好").json()
    assert ended["standing"] is None and ended["episodes"][0]["state"] == "released"


def test_an_enterprise_sees_no_rules_and_no_episodes(row, bodies, city, sign_in):
    mine = sign_in("wang", city, "enterprise", bodies["E1"])
    for path in ("rules", "air?region=990001"):
        assert mine.get(f"{API}/{path}").status_code == 403
    for path in ("own-rules", "limits", "quantities", "sections/states"):
        assert mine.get(f"{API}/{path}").json()["total"] == 0
