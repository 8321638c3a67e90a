"""Permits over the API: a quarterly report, what an enterprise never sees, a list that is published."""

import io
import json
from datetime import UTC, date, datetime, timedelta

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from huanzhi.ecocode.permits.models import KeyList, MonthAmount
from huanzhi.library.enterprises.models import Enterprise, Outlet, Permit, PermitLimit
from huanzhi.library.people.models import Organisation
from huanzhi.library.places.models import Region
from huanzhi.library.records.changing import save
from huanzhi.library.rights import SYSTEM
from huanzhi.standards.periods import CHINA

pytestmark = pytest.mark.django_db
API = "/api/v1"


def last_quarter():
    """Return year and number of the last quarter that owes a report."""
    today = datetime.now(CHINA).date()
    number = (today.month - 1) // 3
    return (today.year, number) if number else (today.year - 1, 3)


YEAR, QUARTER = last_quarter()
CODE = f"E1.report_quarter.{YEAR}Q{QUARTER}"


@pytest.fixture
def city(db, monkeypatch, tmp_path):
    monkeypatch.setenv("HUANZHI_HOME", str(tmp_path))
    region = save(SYSTEM, Region(code="990001", name="模拟市", level="city"))
    for n in (1, 2):
        body = save(SYSTEM, Organisation(code=f"O{n}", name=f"企业{n}", kind="enterprise", region=region))
        told = {"region": region, "organisation": body, "simulated": True, "management": "key"}
        owner = save(SYSTEM, Enterprise(code=f"E{n}", name=f"企业{n}", **told))
        outlet = save(SYSTEM, Outlet(code=f"DW{n}", name="废水口", medium="water", enterprise=owner))
        end = date(YEAR + 3, 1, 1)
        permit = save(
            SYSTEM, Permit(code=f"P{n}", enterprise=owner, valid_from=date(YEAR - 2, 1, 1), valid_to=end)
        )
        limit = {"permit": permit, "outlet": outlet, "parameter": "w01018"}
        save(SYSTEM, PermitLimit(**limit, measure="amount", averaging="year", value="12", unit="t"))
        for month in range(QUARTER * 3 - 2, QUARTER * 3 + 1):
            told = {"outlet": outlet, "parameter": "w01018", "year": YEAR, "month": month}
            MonthAmount.objects.create(**told, measured=10**9, measured_hours=720, days=[10**9 // 30] * 30)
    from huanzhi.ecocode.permits.calendar import renew

    renew(date(YEAR, 12, 31))
    return region


@pytest.fixture
def own(city, sign_in):
    return sign_in("zhao", city, "enterprise", Organisation.objects.get(code="O1"))


@pytest.fixture
def other(city, sign_in):
    return sign_in("qian", city, "enterprise", Organisation.objects.get(code="O2"))


@pytest.fixture
def officer(city, sign_in):
    return sign_in("sun", city, "permits")


def send(client, method, path, body=None, status=200, revision=None):
    headers = {} if revision is None else {"If-Match": f'"{revision}"'}
    call = getattr(client, method)
    answer = call(API + path, json.dumps(body or {}), content_type="application/json", headers=headers)
    assert answer.status_code == status, answer.content.decode()
    return answer.json()


def get(client, path, status=200):
    answer = client.get(API + path)
    assert answer.status_code == status, answer.content.decode()
    return answer.json()


def handed_in(own, tonnes):
    begun = send(own, "post", f"/permit-duties/{CODE}/report")
    rows = [{"outlet": "DW1", "parameter": "w01018", "tonnes": tonnes}]
    body = {"rows": rows, "answers": {"compliance": "按证排污"}}
    kept = send(own, "put", f"/permit-reports/{CODE}", body, revision=begun["revision"])
    return send(own, "post", f"/permit-reports/{CODE}/submit", revision=kept["revision"])


def test_a_report_is_handed_in_and_returned_for_its_difference(own, officer):
    done = handed_in(own, "1.5")
    assert done["state"] == "submitted" and done["receipt"] and not done["may_review"]
    seen = get(officer, f"/permit-reports/{CODE}")
    assert (seen["rows"][0]["online"], seen["rows"][0]["agreement"]) == ("3.000000", "lower")
    assert seen["may_review"]
    body = {"verdict": "returned", "words": "与在线相差较大"}
    send(officer, "post", f"/permit-reports/{CODE}/review", body, 412, revision=1)
    back = send(officer, "post", f"/permit-reports/{CODE}/review", body, revision=seen["revision"])
    assert back["state"] == "returned"
    assert get(own, f"/permit-reports/{CODE}")["may_fill"]


def test_a_report_by_sheet(own):
    begun = send(own, "post", f"/permit-duties/{CODE}/report")
    raw = own.get(f"{API}/permit-reports/{CODE}/sheet").content
    book = openpyxl.load_workbook(io.BytesIO(raw))
    book.active["D2"] = "3.0"
    stream = io.BytesIO()
    book.save(stream)
    file = SimpleUploadedFile("report.xlsx", stream.getvalue())
    headers = {"If-Match": f'"{begun["revision"]}"'}
    answer = own.post(f"{API}/permit-reports/{CODE}/sheet", {"file": file}, headers=headers)
    assert answer.status_code == 200, answer.content.decode()
    assert answer.json()["rows"][0]["tonnes"] == "3.0"


def test_an_enterprise_sees_nothing_of_another(own, other):
    handed_in(own, "3")
    get(other, f"/permit-reports/{CODE}", 404)
    get(other, f"/permit-duties/{CODE}", 404)
    get(
        other, "/permit-holders/E1", 403 if Enterprise.objects.get(code="E1").sensitivity == "public" else 404
    )
    send(other, "post", f"/permit-duties/{CODE}/report", status=404)
    for path in (
        "/permit-duties",
        "/permit-reports",
        "/permit-emissions",
        "/permit-allowances",
        "/permit-holders",
    ):
        for form in ("", "?format=csv", "?format=xlsx"):
            assert b"E1" not in other.get(API + path + form).content, path
    assert b"E1" not in other.get(f"{API}/permit-duties/ical").content
    why = f"/permit-emissions/why?outlet=DW1&parameter=w01018&year={YEAR}&month={QUARTER * 3}"
    get(other, why, 404)
    assert get(own, why)["result"]["tonnes"] == "1.000000"


def test_nobody_without_signing_in_sees_duties(city):
    client = Client()
    for path in ("/permit-duties", "/permit-holders", "/permit-emissions", "/key-lists"):
        assert client.get(API + path).status_code == 401


def test_an_enterprise_sees_its_own_page(own):
    page = get(own, "/permit-holders/E1")
    assert page["allowances"][0]["permitted"] == "12.0000" and page["may_sample"]
    assert get(own, "/permit-duties?enterprise=E1")["total"] > 5
    assert get(own, "/permit-overview")["own"] == "E1"


def test_duties_as_a_calendar_file(own):
    raw = own.get(f"{API}/permit-duties/ical").content
    assert raw.startswith(b"BEGIN:VCALENDAR\r\n") and raw.endswith(b"END:VCALENDAR\r\n")
    assert all(len(line) <= 75 for line in raw.split(b"\r\n"))


def test_states_of_duties_are_filters(officer):
    told = get(officer, "/permit-duties/calendar")
    for state, number in told["states"].items():
        assert get(officer, f"/permit-duties?state={state}")["total"] == number
    get(officer, "/permit-duties?state=nothing", 422)


def test_a_sample_below_detection(own, officer):
    line = {"outlet": "DW1", "parameter": "w01018", "frequency": "quarter"}
    send(own, "post", "/permit-monitoring", line, 201)
    today = datetime.now(CHINA).date().isoformat()
    told = {"requirement": "DW1.w01018", "day": today, "written": "<4", "unit": "mg/L"}
    made = send(own, "post", "/permit-samples", told, 201)
    assert made["value_state"] == "below_detection"
    assert get(officer, "/permit-samples?judged=unknown")["total"] == 1


def test_a_list_is_drafted_objected_to_and_published_by_two(city, officer, own, sign_in):
    client = Client()
    owner = Enterprise.objects.select_related("region", "organisation").get(code="E1")
    owner.attributes = {"key_unit": {"cadmium": True}}
    save(SYSTEM, owner)
    held = send(officer, "post", "/key-lists", {"region": "990001", "year": 2026}, 201)
    assert held["counts"] == {"soil": 1}
    assert client.get(f"{API}/open/key-lists").json()["total"] == 0
    held = send(officer, "post", f"/key-lists/{held['code']}/notice", revision=held["revision"])
    assert client.get(f"{API}/open/key-lists").json()["items"][0]["state"] == "notice"
    path = f"/key-lists/{held['code']}"
    made = send(own, "post", f"{path}/objections", {"words": "已不涉镉"}, 201)
    answer = {"upheld": False, "words": "核实仍涉镉"}
    send(officer, "post", f"{path}/objections/{made['code']}/answer", answer, revision=made["revision"])
    send(officer, "post", f"{path}/publish", {"words": "可以"}, 409)
    row = KeyList.objects.select_related("region").get(code=held["code"])
    row.notice_to = datetime.now(UTC).date() - timedelta(days=3)
    save(SYSTEM, row)
    send(officer, "post", f"{path}/publish", {"words": "可以"}, 201)
    number = get(officer, "/proposals?limit=5")["items"][0]["id"]
    leader = sign_in("li", city, "leader")
    answer = leader.post(
        f"{API}/proposals/{number}/approve", json.dumps({"reason": "同意"}), content_type="application/json"
    )
    assert answer.status_code == 200, answer.content.decode()
    assert get(leader, path)["state"] == "published"
    public = client.get(f"{API}/open/key-lists").json()["items"]
    assert [(one["enterprise"], one["category"], one["state"]) for one in public] == [
        ("E1", "soil", "published")
    ]


def test_reductions(officer, own):
    told = {
        "region": "990001",
        "parameter": "w01018",
        "base_year": 2020,
        "base": "100",
        "year": YEAR,
        "target": "10",
    }
    send(officer, "post", "/reduction-targets", told, 201)
    project = {"region": "990001", "title": "提标", "parameter": "w01018", "quantity": "4", "year": YEAR}
    made = send(officer, "post", "/reduction-projects", project, 201)
    send(own, "post", "/reduction-projects", project, 403)
    send(officer, "post", f"/reduction-projects/{made['code']}/accept", revision=made["revision"])
    row = get(officer, "/reduction-targets")["items"][0]
    assert (row["achieved"], row["left"], row["online"]) == ("4", "6", "6.000000")


def allowed(city, number, **more):
    """Make enterprises with a permitted yearly quantity of two pollutants each."""
    for n in range(10, 10 + number):
        body = save(SYSTEM, Organisation(code=f"O{n}", name=f"单位{n}", kind="enterprise", region=city))
        owner = save(
            SYSTEM, Enterprise(code=f"E{n}", name=f"单位{n}", region=city, organisation=body, simulated=True)
        )
        outlet = save(SYSTEM, Outlet(code=f"DW{n}", name=f"口{n}", medium="water", enterprise=owner, **more))
        permit = save(SYSTEM, Permit(code=f"P{n}", enterprise=owner, valid_from=date(YEAR - 2, 1, 1)))
        for parameter in ("w01018", "w21003"):
            limit = {"permit": permit, "outlet": outlet, "parameter": parameter, "unit": "t"}
            save(SYSTEM, PermitLimit(**limit, measure="amount", averaging="year", value="12"))


def test_pages_of_allowances_are_the_whole_list_in_order(officer, city):
    allowed(city, 4)
    whole = get(officer, "/permit-allowances")["items"]
    assert len(whole) == 10 and whole[0]["enterprise"] == "E1"
    pages = [get(officer, f"/permit-allowances?limit=3&offset={at}") for at in range(0, 10, 3)]
    assert [row for page in pages for row in page["items"]] == whole
    assert {page["total"] for page in pages} == {10}
    by_state = get(officer, "/permit-allowances?sort=-permitted&state=unknown,within,may_pass,likely_over")
    moments = {row.pop("reckoned") for row in by_state["items"]}
    assert all(moments) and {row.pop("reckoned") for row in whole} == {None}, "none was kept before"
    assert sorted(map(str, by_state["items"])) == sorted(map(str, whole))
    permitted = [float(row["permitted"]) for row in by_state["items"]]
    assert permitted == sorted(permitted, reverse=True)
    kept = get(officer, "/permit-allowances?limit=3")["items"]
    assert {row["reckoned"] for row in kept} <= moments
    assert get(officer, "/permit-allowances?state=over")["total"] == 0
    get(officer, "/permit-allowances?state=nothing", 422)
    get(officer, "/permit-allowances?sort=name", 422)
    assert get(officer, "/permit-allowances?parameter=w21003")["total"] == 4
    assert get(officer, "/permit-allowances?enterprise=E10,E11&outlet=DW10")["total"] == 2
    assert get(officer, "/permit-allowances?q=单位12")["total"] == 2
    lines = officer.get(f"{API}/permit-allowances?format=csv").content.decode().strip().splitlines()
    assert len(lines) == 11


def test_a_page_of_allowances_asks_no_more_of_the_database_for_more_permits(
    officer, city, django_assert_max_num_queries
):
    allowed(city, 8)
    get(officer, "/permit-allowances?limit=2")
    with django_assert_max_num_queries(12):
        assert len(get(officer, "/permit-allowances?limit=2")["items"]) == 2


def test_the_name_of_an_outlet_is_told_to_those_who_may_see_the_outlet(officer, own, city):
    def names(client):
        rows = get(client, "/permit-allowances?outlet=DW1")["items"]
        page = get(client, "/permit-holders/E1")["allowances"]
        return {row["outlet_name"] for row in (*rows, *page)}

    assert names(officer) == names(own) == {"废水口"}
    outlet = Outlet.objects.get(code="DW1")
    outlet.sensitivity = "restricted"
    save(SYSTEM, outlet)
    assert names(officer) == {""}
    assert "废水口" not in officer.get(f"{API}/permit-allowances?format=csv&outlet=DW1").content.decode()
