"""What an officer saw of a warning stays with the issue that he made of it, whatever is known later."""

import io
import json
import zipfile
from datetime import UTC, datetime

import pytest

from huanzhi.center.issues.evidence import attach
from huanzhi.center.issues.models import Evidence, Issue
from huanzhi.center.issues.outside import outside
from huanzhi.center.warnings.models import Change, Warning
from huanzhi.library.enterprises.models import Enterprise, Outlet
from huanzhi.library.people.models import Organisation
from huanzhi.library.places.models import Region
from huanzhi.library.records.changing import save
from huanzhi.library.rights import SYSTEM, Actor

pytestmark = pytest.mark.django_db
API = "/api/v1/warnings"
RULE = "section_colour"


@pytest.fixture(autouse=True)
def home(tmp_path, monkeypatch):
    monkeypatch.setenv("HUANZHI_HOME", str(tmp_path))


@pytest.fixture
def city(db):
    return save(SYSTEM, Region(code="990001", name="模拟市", level="city"))


def outlet(city, code, lon):
    firm = save(SYSTEM, Enterprise(code=f"SIM-{code}", name=f"{code}厂", region=city, simulated=True))
    place = {"lon": lon, "lat": 28.5, "region": city, "simulated": True}
    return save(SYSTEM, Outlet(code=code, name=code, enterprise=firm, medium="water", **place))


def warned(city, code="YJ-20261122-00000009"):
    now = datetime.now(UTC).replace(microsecond=0)
    seen = {"place": "S1", "subject": code, "parameter": "w01018", "parameters": ["w01018"]}
    judged = {"rulebook": "section_warning", "version": "1", "row": 3, "inputs": {"share": 1.4}}
    told = {"version": "7", "region": city, "level": "warning", "since": now, "last": now}
    return save(SYSTEM, Warning(code=code, rule=RULE, lon=121.5, lat=28.5, judged=judged, **seen, **told))


@pytest.fixture
def duty(city, sign_in):
    save(SYSTEM, Organisation(code="B1", name="分局", kind="branch", region=city))
    return sign_in("zhang", city, "duty")


def dispatch(client, row, **more):
    body = {"lead": "B1", "requirement": "核查", "level": "general", **more}
    return client.post(f"{API}/{row.code}/dispatch", json.dumps(body), content_type="application/json")


def shown(client, number):
    answer = client.get(f"/api/v1/issues/{number}/trace/shown")
    assert answer.status_code == 200, answer.content
    return answer.json()


def test_the_issue_shows_what_the_officer_saw_though_others_are_suspected_now(city, duty):
    outlet(city, "DW1", 121.501)
    row = warned(city)
    seen = duty.get(f"{API}/{row.code}/trace").json()
    outlet(city, "DW2", 121.5001)  # somebody registers a nearer one before the button is pressed
    number = dispatch(duty, row, trace=seen["token"]).json()["issue"]
    told = shown(duty, number)
    assert [one["code"] for one in told["trace"]["suspects"]] == ["DW1"]
    assert told["trace"] == {name: value for name, value in seen.items() if name != "token"}
    now = duty.get(f"/api/v1/issues/{number}/trace").json()
    assert [one["code"] for one in now["suspects"]] == ["DW2", "DW1"]
    kept = told["warning"]
    assert (told["seen"], told["by"], kept["rule"], kept["version"]) == (True, "zhang", RULE, "7")
    assert kept["judged"]["inputs"] == {"share": 1.4} and kept["thresholds"] and kept["why"]


def test_what_is_kept_is_evidence_of_the_step_and_stands_in_the_bundle(city, duty):
    outlet(city, "DW1", 121.501)
    row = warned(city)
    number = dispatch(duty, row).json()["issue"]
    piece = Evidence.objects.get(issue__number=number)
    steps = duty.get(f"/api/v1/issues/{number}").json()["steps"]
    assert piece.kind == "trace" and steps[piece.step - 1]["transition"] == "dispatch"
    assert steps[piece.step - 1]["outputs"]["evidence"] == [piece.sha256]
    assert shown(duty, number)["digest"] == piece.sha256
    names = zipfile.ZipFile(io.BytesIO(duty.get(f"/api/v1/issues/{number}/bundle").content)).namelist()
    assert any(name.endswith(piece.name) for name in names)


def test_who_never_looked_at_the_sources_is_told_so(city, duty):
    outlet(city, "DW1", 121.501)
    told = shown(duty, dispatch(duty, warned(city)).json()["issue"])
    assert not told["seen"] and [one["code"] for one in told["trace"]["suspects"]] == ["DW1"]


def test_where_no_sources_are_sought_the_rule_is_kept_alone(city, duty):
    row = warned(city)
    row.rule = "sprayed"
    told = shown(duty, dispatch(duty, save(SYSTEM, row)).json()["issue"])
    assert told["trace"] is None and told["warning"]["rule"] == "sprayed" and not told["seen"]


@pytest.mark.parametrize("made", ["forged", "other"])
def test_a_trace_that_was_not_shown_of_this_warning_is_refused(city, duty, made):
    row, other = warned(city), warned(city, "YJ-20261122-00000010")
    token = {"forged": "x" * 50, "other": duty.get(f"{API}/{other.code}/trace").json()["token"]}[made]
    answer = dispatch(duty, row, trace=token)
    told = answer.json()
    assert (answer.status_code, told["error"], told["column"]) == (422, "warnings.not_shown", "trace")
    assert told["expected"] == row.code and not Issue.objects.exists()


def test_no_other_file_takes_its_place(city, duty):
    number = dispatch(duty, warned(city)).json()["issue"]
    issue, before = Issue.objects.get(number=number), shown(duty, number)
    piece = Evidence.objects.get(issue=issue)
    forged = json.dumps({**before, "by": "li"}).encode()
    attach(SYSTEM, issue, forged, piece.name, "trace")
    assert shown(duty, number) == before


def test_an_issue_of_no_warning_has_none(city, duty):
    body = {"title": "夜间异味", "category": "odour", "channel": "handed", "region": "990001"}
    made = duty.post("/api/v1/issues", json.dumps(body), content_type="application/json").json()
    told = shown(duty, made["number"])
    assert told["kept"] is None and told["warning"] is None and not Change.objects.exists()


def test_the_enterprise_never_sees_who_else_was_suspected():
    """Not even what was kept after the decision, when it sees the rest of the evidence."""
    steps = [
        {"number": n, "transition": name, "outputs": {}, "reason": ""}
        for n, name in enumerate(("open", "accept", "dispatch", "investigate", "decide", "rectify"), 1)
    ]
    pieces = [{"actor": "wang", "step": 6, "kind": kind} for kind in ("photo", "trace")]
    row = {"steps": steps, "evidence": pieces, "facts": {}}
    assert [one["kind"] for one in outside(row, Actor("firm"))["evidence"]] == ["photo"]


def test_only_the_bureau_reads_it(city, duty, sign_in):
    number = dispatch(duty, warned(city)).json()["issue"]
    stranger = sign_in("he", city, "public")
    assert stranger.get(f"/api/v1/issues/{number}/trace/shown").status_code in (403, 404)
