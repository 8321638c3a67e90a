"""What questions that nobody would think of have found, each by itself; see ``tests.web.fuzz_api``."""

import json

import pytest

from huanzhi.library.enterprises.models import Enterprise, Permit, PermitLimit
from huanzhi.library.places.models import Region
from huanzhi.library.records.changing import save
from huanzhi.library.rights import SYSTEM

pytestmark = pytest.mark.django_db
API = "/api/v1"


@pytest.fixture
def city(db):
    return save(SYSTEM, Region(code="990001", name="模拟市", level="city"))


@pytest.fixture
def limit(city):
    firm = save(SYSTEM, Enterprise(code="SIM-E1", name="甲厂", region=city, simulated=True))
    permit = save(SYSTEM, Permit(code="P1", enterprise=firm, region=city, simulated=True))
    told = {"parameter": "w01018", "value": "50", "unit": "mg/L", "simulated": True}
    return save(SYSTEM, PermitLimit(permit=permit, enterprise=firm, region=city, **told))


@pytest.mark.parametrize("stroke", ["/", "%2F"])
def test_a_limit_is_reached_by_its_code_with_strokes(limit, city, sign_in, stroke):
    """Its code is made of permit, outlet and item with strokes between; addresses took one part."""
    client, path = sign_in("manager", city, "admin"), f"{API}/permit-limits/{limit.code.replace('/', stroke)}"
    assert "/" in limit.code
    assert client.get(path).json()["code"] == limit.code
    history = client.get(f"{path}/history").json()
    assert history["items"] and history["items"][0]["action"]
    changed = client.patch(path, json.dumps({"value": "40"}), content_type="application/json")
    assert changed.status_code == 200 and changed.json()["value"] == "40"
    gone = client.get(f"{API}/permit-limits/no/such/limit")
    assert (gone.status_code, gone.json()["error"]) == (404, "tables.no_record")


@pytest.mark.parametrize("day", ["0001-01-01", "9999-12-31"])
@pytest.mark.parametrize(
    "path",
    [
        "issues/sample?seed=1&first={day}&last=2026-11-01",
        "issues/sample?seed=1&first=2026-11-01&last={day}",
        "rectification/sample?seed=1&first={day}&last={day}",
        "statistics/issues?first={day}",
        "audit/entries?first={day}",
        "audit/export?first={day}",
        "patrols/coverage?first={day}",
        "disclosure/bulletin?region=990001&first={day}&last={day}",
        "waste/coverage?day={day}",
    ],
)
def test_a_day_that_no_database_holds_is_refused_by_name(city, sign_in, path, day):
    """A day so early that it has no moment in UTC was an error of the server, or broke an export off."""
    client = sign_in("manager", city, "admin")
    answer = client.get(f"{API}/{path.format(day=day)}")
    told = answer.json()
    assert (answer.status_code, told["error"], told["value"]) == (422, "web_api.malformed", day)
    assert told["column"] in ("first", "last", "day") and (
        "1900" in told["expected"] or "2999" in told["expected"]
    )


@pytest.mark.parametrize(
    "path", ["rectification/wall", "rectification/ledger", "rectification", "issues/board"]
)
def test_an_empty_bound_is_none(city, sign_in, path):
    """A form that was left empty asks ``due_to=``, which was an error of the server."""
    client = sign_in("manager", city, "leader")
    bound = "due_to" if path == "issues/board" else "entered_to"
    assert client.get(f"{API}/{path}?{bound}=").status_code == 200
