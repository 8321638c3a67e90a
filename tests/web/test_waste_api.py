"""Waste over the API: booked, routed, weighed, on a manifest, received with a difference."""

import json
from datetime import UTC, date, datetime, timedelta

import pytest

from huanzhi.ecocode.waste.models import Entry, Finding, Licence, Vehicle
from huanzhi.ecocode.waste.occurrences import occurrences
from huanzhi.library.enterprises.models import Enterprise
from huanzhi.library.people.models import Organisation
from huanzhi.library.places.models import Region
from huanzhi.library.records.changing import save
from huanzhi.library.rights import SYSTEM
from huanzhi.standards.periods import CHINA

pytestmark = pytest.mark.django_db
API = "/api/v1"
OIL = "900-249-08"


def today():
    """Ask anew: a run of the tests may cross midnight."""
    return datetime.now(UTC).astimezone(CHINA).date()


@pytest.fixture
def city(db, monkeypatch, tmp_path):
    monkeypatch.setenv("HUANZHI_HOME", str(tmp_path))
    place = save(SYSTEM, Region(code="990001", name="模拟市", level="city"))
    other = save(SYSTEM, Region(code="980001", name="外省市", level="city"))
    spots = {
        "G1": (121.0, 28.0),
        "G2": (121.05, 28.02),
        "C1": (121.01, 28.05),
        "R1": (121.1, 28.1),
        "X1": (118.0, 30.0),
    }
    for code, (lon, lat) in spots.items():
        region = other if code == "X1" else place
        body = save(SYSTEM, Organisation(code=f"O{code}", name=code, kind="enterprise", region=region))
        told = {"region": region, "organisation": body, "lon": lon, "lat": lat, "simulated": True}
        save(SYSTEM, Enterprise(code=code, name=f"企业{code}", **told))
    for code, owner, sort in (("L1", "C1", "small"), ("L2", "R1", "integrated"), ("L3", "X1", "integrated")):
        firm = Enterprise.objects.get(code=owner)
        told = {"classes": ["HW08", "HW49"], "valid_from": date(2026, 1, 1), "valid_to": date(2028, 1, 1)}
        save(SYSTEM, Licence(code=code, enterprise=firm, sort=sort, **told))
    carrier, held = Enterprise.objects.get(code="C1"), {"valid_from": date(2026, 1, 1)}
    save(SYSTEM, Licence(code="L4", enterprise=carrier, sort="transport", **held))
    save(SYSTEM, Vehicle(code="浙J1", enterprise=carrier, grams=2_000_000, permit="证1"))
    for number in (7, 8, 9):
        told = {"grams": 100_000, "permit": f"证{number}"}
        save(SYSTEM, Vehicle(code=f"浙J{number}", enterprise=carrier, **told))
    return place


@pytest.fixture
def people(city, sign_in):
    made = {
        code: sign_in(code.lower(), city, "enterprise", Organisation.objects.get(code=f"O{code}"))
        for code in ("G1", "G2", "C1", "R1", "X1")
    }
    return made | {
        "office": sign_in("permit", city, "permits"),
        "inspector": sign_in("wang", city, "inspector"),
    }


def post(client, path, body=None, revision=None, status=200):
    headers = {} if revision is None else {"If-Match": f'"{revision}"'}
    answer = client.post(API + path, json.dumps(body or {}), content_type="application/json", headers=headers)
    assert answer.status_code == status, answer.content.decode()
    return answer.json()


def get(client, path, status=200):
    answer = client.get(API + path)
    assert answer.status_code == status, answer.content.decode()
    return answer.json()


def entry(client, kind="generated", kg=500, day=None, status=201, **more):
    told = {"waste": OIL, "day": str(day or today()), "kind": kind, "kg": kg, **more}
    return post(client, "/waste/entries", told, status=status)


def step(client, manifest, name, status=200, **told):
    path = f"/waste/manifests/{manifest['number']}/moves"
    return post(client, path, {"move": name, **told}, manifest["revision"], status)


def booked(client, kg=300, status=201):
    day = today() + timedelta(days=1)
    told = {"collector": "C1", "waste": OIL, "kg": kg, "begins": f"{day}T09:00", "ends": f"{day}T12:00"}
    return post(client, "/waste/bookings", told, status=status)


def test_a_pick_up_from_booking_to_a_receiver_that_weighs_less(people):
    firm, collector, receiver = people["G1"], people["C1"], people["R1"]
    entry(firm)
    booking = booked(firm)
    assert booking["moves"] == ["cancel"]
    day = (today() + timedelta(days=1)).isoformat()
    route = post(collector, "/waste/routes", {"day": day}, status=201)
    (trip,) = route["trips"]
    (stop,) = trip["stops"]
    assert stop["number"] == booking["number"] and 9 * 3600 <= stop["at"] <= 12 * 3600
    assert trip["vehicle"] == "浙J1" and route["metres"] > 0 and "DEFAULT" in route["table"]["confidence"]
    assert get(firm, "/waste/routes")["total"] == 0
    booking = get(collector, f"/waste/bookings/{booking['number']}")
    assert booking["state"] == "planned" and "weigh" in booking["moves"]
    post(firm, f"/waste/bookings/{booking['number']}/weigh", {"kg": 290}, booking["revision"], 403)
    booking = post(collector, f"/waste/bookings/{booking['number']}/weigh", {"kg": 290}, booking["revision"])
    path = f"/waste/bookings/{booking['number']}/manifest"
    manifest = post(collector, path, {"receiver": "R1"}, booking["revision"], 201)
    assert manifest["state"] == "moving" and len(manifest["number"]) == 14
    assert manifest["parts"] == {
        "year": str(today().year),
        "province": "99",
        "city": "00",
        "serial": "000001",
    }
    assert manifest["lines"][0]["loaded_kg"] == 290.0
    assert get(collector, f"/waste/routes/{route['number']}")["state"] == "done"
    manifest = step(collector, manifest, "deliver")
    assert manifest["confirm_due"]
    step(collector, manifest, "accept", 403, amounts={"1": 290})
    manifest = get(receiver, f"/waste/manifests/{manifest['number']}")
    manifest = step(receiver, manifest, "accept", amounts={"1": 240})
    assert manifest["state"] == "accepted"
    assert manifest["difference"][0]["gap_kg"] == -50.0
    assert manifest["steps"][-1]["move"] == "notice" and "告知移出人" in manifest["steps"][-1]["words"]
    finding = get(people["office"], "/waste/findings?sort=-day")["items"][0]
    assert finding["finding"] == "manifest_difference" and "DEFAULT" in finding["confidence"]
    told = list(occurrences(today()))
    assert [(one.enterprise, one.kind) for one in told] == [("G1", "waste_mismatch")]
    assert told[0].facts["gap_kg"] == -50.0 and told[0].until is None
    balance = get(firm, "/waste/balance")["items"][0]
    assert (balance["generated_kg"], balance["transferred_kg"], balance["closing_kg"]) == (
        500.0,
        290.0,
        210.0,
    )
    assert balance["reasons"] == []
    assert get(receiver, "/waste/balance")["items"][0]["received_kg"] == 240.0


def test_who_is_no_party_sees_nothing(people):
    entry(people["G1"])
    made = post(
        people["G1"],
        "/waste/manifests",
        {"carrier": "C1", "receiver": "R1", "vehicle": "浙J1", "lines": [{"waste": OIL, "kg": 100}]},
        status=201,
    )
    number = made["number"]
    for who in ("G1", "C1", "R1", "office"):
        assert get(people[who], f"/waste/manifests/{number}")["number"] == number
    get(people["G2"], f"/waste/manifests/{number}", 404)
    assert get(people["G2"], "/waste/manifests")["total"] == 0
    assert get(people["G2"], "/waste/entries")["total"] == 0
    assert get(people["C1"], "/waste/entries?enterprise=G1")["total"] == 0
    assert get(people["C1"], "/waste/figures")["generated_kg"] == 0.0
    assert step(people["C1"], made, "dispatch", 403)["error"] == "waste.not_your_step"
    assert step(people["office"], made, "dispatch", 403)["error"] == "waste.not_your_step"
    assert entry(people["G1"], enterprise="G2", status=422)["error"] == "waste.no_enterprise"


def test_a_row_is_mended_by_a_further_row(people):
    firm = people["G1"]
    row = entry(firm, kg=500)
    assert entry(firm, kg=500, status=409)["error"] == "waste.entered"
    path = f"/waste/entries/correct?code={row['code']}"
    mended = post(firm, path, {"kg": 480, "words": "复称"}, row["revision"], 201)
    assert mended["kg"] == -20.0 and mended["corrects"] == row["code"]
    again = post(firm, path, {"kg": 470, "words": "再复称"}, status=201)
    assert again["kg"] == -10.0
    post(firm, path, {"kg": 470, "words": "没变"}, status=422)
    assert get(firm, "/waste/balance")["items"][0]["closing_kg"] == 470.0
    assert Entry.objects.get(code=row["code"]).grams == 500_000
    entry(firm, day=today() + timedelta(days=1), status=422)
    assert entry(firm, waste="900-249-99", status=422)["error"] == "waste.code_class"


def test_refusal_and_part_go_back_into_the_generators_stock(people):
    firm = people["G1"]
    entry(firm, kg=900)
    for number, (name, amounts, left) in enumerate(
        (("refuse", {}, 900.0), ("accept_part", {"1": 150}, 750.0)), 1
    ):
        told = {
            "carrier": "C1",
            "receiver": "R1",
            "vehicle": f"浙J{number + 6}",
            "lines": [{"waste": OIL, "kg": 400}],
        }
        made = post(firm, "/waste/manifests", told, status=201)
        made = step(firm, made, "dispatch")
        made = step(people["C1"], made, "take", amounts={"1": 400})
        made = step(people["C1"], made, "deliver")
        assert step(people["R1"], made, name, 422, amounts={"1": 400})["error"] in (
            "waste.missing",
            "waste.whole",
        )
        step(people["R1"], made, name, words="不符合接收要求", amounts=amounts)
        row = get(firm, "/waste/balance")["items"][0]
        assert (row["closing_kg"], row["reasons"]) == (left, [])
    assert Finding.objects.get().sort == "manifest_refused"
    post(
        firm,
        "/waste/findings/settle?code=" + Finding.objects.get().code,
        {"words": "已另行委托", "basis": "handled"},
        status=403,
    )
    told = {"words": "已处理", "basis": "handled"}
    done = post(people["office"], "/waste/findings/settle?code=" + Finding.objects.get().code, told)
    assert (done["until"], done["state"]) == (today().isoformat(), "settled")


def test_the_receiver_needs_a_licence_and_a_trip_one_manifest(people):
    firm = people["G1"]
    told = {"carrier": "C1", "receiver": "R1", "vehicle": "浙J1", "lines": [{"waste": OIL, "kg": 100}]}
    post(firm, "/waste/manifests", told, status=201)
    assert post(firm, "/waste/manifests", told, status=409)["error"] == "waste.trip_taken"
    acid = told | {"lines": [{"waste": "900-300-34", "kg": 5}]}
    assert post(firm, "/waste/manifests", acid, status=422)["error"] == "waste.not_licensed"
    assert (
        post(firm, "/waste/manifests", told | {"receiver": "G2"}, status=422)["error"] == "waste.not_licensed"
    )


def test_a_plan_is_filed_and_changed_by_a_new_version(people):
    firm = people["G1"]
    item = {"waste": OIL, "made_kg": 12000, "way": "transfer", "kg": 12000, "receiver": "R1"}
    plan = post(firm, "/waste/plans", {"year": today().year, "items": [item]}, status=201)
    assert (plan["management"], plan["state"], plan["may_file"]) == ("simple", "draft", True)
    plan = post(firm, f"/waste/plans/{plan['number']}/file", {}, plan["revision"])
    assert plan["late"] is (date(today().year, 3, 31) <= today()) and plan["confidence"] == "MEMORY ONLY"
    assert len(plan["reports"]) == 4
    post(firm, "/waste/plans", {"year": today().year, "items": [item]}, status=422)
    changed = post(
        firm,
        "/waste/plans",
        {"year": today().year, "items": [item | {"made_kg": 120000}], "words": "扩产"},
        status=201,
    )
    assert (changed["version"], changed["management"]) == (2, "key")
    post(firm, f"/waste/plans/{changed['number']}/file", {}, changed["revision"])
    assert get(firm, f"/waste/plans/{plan['number']}")["state"] == "replaced"


def test_an_assessment_from_answers_to_accepted_rectification(people):
    firm, officer = people["G1"], people["inspector"]
    post(firm, "/waste/checks", {"enterprise": "G1", "object": "producer", "day": str(today())}, status=403)
    row = post(
        officer, "/waste/checks", {"enterprise": "G1", "object": "producer", "day": str(today())}, status=201
    )
    path = f"/waste/checks/{row['number']}"
    assert row["preview"] is None
    answers = {item["code"]: {"score": 2} for item in row["items"]} | {
        "own": {"score": None},
        "label": {"score": 1},
    }
    row = post(officer, f"{path}/answers", {"answers": answers}, row["revision"])
    post(officer, f"{path}/score", {}, row["revision"], 422)
    answers = {"label": {"score": 1, "words": "标识褪色"}}
    row = post(officer, f"{path}/answers", {"answers": answers}, row["revision"])
    row = post(officer, f"{path}/score", {}, row["revision"])
    assert (row["grade"], row["state"]) == ("met", "scored") and row["score"] < 100
    assert row["scheme"]["thresholds_confidence"] == "PROPOSAL"
    row = post(firm, f"{path}/mend", {"item": "label", "words": "已更换"}, row["revision"])
    post(firm, f"{path}/mend", {"item": "label", "words": "", "accepted": True}, row["revision"], 403)
    row = post(officer, f"{path}/mend", {"item": "label", "accepted": True}, row["revision"])
    assert row["state"] == "closed"
    told = [one for one in occurrences(today()) if one.kind == "waste_check"]
    assert told[0].facts["grade"] == "met" and told[0].facts["rectified"] is True


def test_the_limit_of_small_firms_is_kept(people):
    assert booked(people["G1"], kg=9_500)["state"] == "booked"
    refused = booked(people["G1"], kg=600, status=422)
    assert refused["error"] == "waste.small_limit" and "10" in refused["message"]


def test_a_continuous_transfer_has_days_on_both_sides(people):
    told = {"carrier": "C1", "receiver": "R1", "lines": [{"waste": OIL, "kg": 9000}], "continuous": True}
    firm, receiver = people["G1"], people["R1"]
    entry(firm, kg=9000)
    made = step(firm, post(firm, "/waste/manifests", told, status=201), "dispatch")
    path = f"/waste/manifests/{made['number']}/days"
    made = post(firm, path, {"day": str(today()), "kg": 4000}, made["revision"])
    made = post(receiver, path, {"day": str(today()), "kg": 3000}, made["revision"])
    post(people["G2"], path, {"day": str(today()), "kg": 1}, status=404)
    assert made["days"] == [{"day": str(today()), "sent_kg": 4000.0, "received_kg": 3000.0}]
    assert get(firm, "/waste/balance?mismatch=true")["total"] == 1
    assert get(receiver, "/waste/balance")["items"][0]["arrived_kg"] == 4000.0
    reasons = get(firm, "/waste/balance")["items"][0]["reasons"]
    assert [one["reason"] for one in reasons] == ["balance_manifests"]
    made = post(firm, path, {"day": str(today()), "kg": 3000}, made["revision"])
    assert get(firm, "/waste/balance")["items"][0]["reasons"] == []


def test_sheets_are_previewed_and_taken_in_whole_or_not(people):
    from django.core.files.uploadedfile import SimpleUploadedFile

    firm = people["G1"]
    head = "企业编码,废物代码,日期,类型,数量（kg）,凭证号\n"
    good = head + f"G1,{OIL},2026-03-01,产生,120.5,A1\nG1,{OIL},2026-03-02,产生,80,A2\n"
    for content, wrong in ((good + f"G1,{OIL},2026-03-03,产生,-5,A3\n", 1), (good, 0)):
        file = SimpleUploadedFile("台账.csv", content.encode(), "text/csv")
        answer = firm.post(f"{API}/tables/waste-entries/imports", {"file": file})
        assert answer.status_code == 201, answer.content.decode()
        found = answer.json()
        assert found["preview"]["wrong"] == wrong if "preview" in found else found["wrong"] == wrong
        assert Entry.objects.count() == 0
    number = found.get("number") or found["id"]
    answer = firm.post(f"{API}/tables/waste-entries/imports/{number}/accept")
    assert answer.status_code == 200, answer.content.decode()
    assert sorted(Entry.objects.values_list("grams", "source")) == [(80_000, "sheet"), (120_500, "sheet")]


def test_rows_of_a_program_are_entered_all_or_none(people):
    rows = [
        {"waste": OIL, "day": str(today()), "kind": "generated", "kg": kg, "reference": str(kg)}
        for kg in (1, 2)
    ]
    bad = post(
        people["G1"],
        "/waste/entries/batch",
        {"items": [*rows, {**rows[0], "kind": "nothing", "reference": "x"}]},
        status=422,
    )
    assert bad["row"] == 3 and Entry.objects.count() == 0
    assert post(people["G1"], "/waste/entries/batch", {"items": rows}, status=201)["entered"] == 2
