"""Waste over the API: across provinces, on paper, with licences, and what becomes of what does not fit."""

import json
from datetime import UTC, datetime, timedelta
from urllib.parse import quote

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from tests.web.test_waste_api import API, OIL, city, entry, get, people, post, step, today  # noqa: F401

from huanzhi.center.issues.evidence import read
from huanzhi.center.issues.models import Evidence, Issue
from huanzhi.ecocode.waste.findings import Found, renew
from huanzhi.ecocode.waste.models import Approval, Finding, Licence, Vehicle
from huanzhi.ecocode.waste.occurrences import occurrences
from huanzhi.library.enterprises.models import Enterprise
from huanzhi.library.rights import SYSTEM
from huanzhi.library.trail.models import Entry as TrailEntry
from huanzhi.web.api.issue_shapes import shown

pytestmark = pytest.mark.django_db


def yesterday():
    return today() - timedelta(days=1)


def load(receiver="R1", kg=100, vehicle="浙J9", **more):
    return {
        "carrier": "C1",
        "receiver": receiver,
        "vehicle": vehicle,
        **more,
        "lines": [{"waste": OIL, "kg": kg}],
    }


def moved(client, row, name, status=200, **told):
    path = f"/waste/approvals/{row['number']}/moves"
    return post(client, path, {"move": name, **told}, row["revision"], status)


def granted(people, **told):  # noqa: F811
    asked = {
        "receiver": "X1",
        "waste": OIL,
        "kg": 1000,
        "wanted_to": str(today() + timedelta(days=30)),
        **told,
    }
    row = post(people["G1"], "/waste/approvals", asked, status=201)
    for name in ("accept", "ask", "reply", "grant"):
        row = moved(people["office"], row, name, document=f"函〔{name}〕1号")
    return row


def test_across_provinces_by_approval_only(people):  # noqa: F811
    firm, office = people["G1"], people["office"]
    refused = post(firm, "/waste/manifests", load("X1", 600), status=422)
    assert refused["error"] == "waste.reapply" and "无跨省转移批准" in refused["message"]
    row = granted(people)
    moved(firm, row, "grant", 403)
    assert row["state"] == "granted" and row["document"] == "函〔grant〕1号" and row["due"] is None
    assert set(row["dues"]) >= {"material_notice", "first_opinion", "receiver_reply", "decision"}
    assert (row["last_day"], row["from_province"], row["to_province"]) == (
        str(today() + timedelta(days=30)),
        "990000",
        "980000",
    )
    made = post(firm, "/waste/manifests", load("X1", 600), status=201)
    assert made["approval"] == row["number"]
    more = post(firm, "/waste/manifests", load("X1", 600, "浙J8"), status=422)
    assert "超过批准数量" in more["message"]
    listed = get(office, "/waste/approvals?valid=true&q=函")["items"]
    assert [(one["number"], one["left_kg"]) for one in listed] == [(row["number"], 400.0)]
    sheet = office.get(f"{API}/waste/approvals?format=csv").content.decode()
    assert "函〔grant〕1号" in sheet and "400" in sheet
    assert get(people["G2"], "/waste/approvals")["total"] == 0
    made = step(firm, made, "dispatch")
    over = step(people["C1"], made, "take", 422, amounts={"1": 1001})
    assert over["error"] == "waste.reapply"
    made = step(people["C1"], made, "take", amounts={"1": 1000})
    assert get(office, f"/waste/approvals/{row['number']}")["left_kg"] == 0.0


def test_an_application_is_refused_where_it_makes_no_sense(people):  # noqa: F811
    firm, office = people["G1"], people["office"]
    asked = {"receiver": "X1", "waste": OIL, "kg": 10, "wanted_to": str(today())}
    assert (
        post(firm, "/waste/approvals", asked | {"receiver": "R1"}, status=422)["error"]
        == "waste.same_province"
    )
    assert (
        post(firm, "/waste/approvals", asked | {"wanted_to": str(yesterday())}, status=422)["error"]
        == "waste.span"
    )
    row = post(firm, "/waste/approvals", asked, status=201)
    assert get(office, "/waste/approvals?open=true&late=true")["total"] == 0
    Approval.objects.update(due=datetime(2020, 1, 1, tzinfo=UTC))
    assert get(office, "/waste/approvals?open=true&late=true")["items"][0]["late"] is True
    tomorrow = str(today() + timedelta(days=1))
    assert moved(office, row, "accept", 422, day=tomorrow)["error"] == "waste.step_day"
    assert moved(office, row, "accept", 422, day=str(yesterday()))["error"] == "waste.step_day"
    row = moved(office, row, "accept", day=str(today()))
    row = moved(office, row, "ask")
    assert moved(office, row, "reply", 422)["column"] == "document"
    row = moved(office, row, "reply", document="复函1号")
    assert moved(office, row, "deny", 422)["column"] == "words"
    row = moved(office, row, "deny", words="接受地不同意")
    assert (row["state"], row["moves"], row["reply_document"]) == ("denied", [], "复函1号")


def test_an_approval_of_another_day_kind_or_way_does_not_serve(people):  # noqa: F811
    row = granted(people, wanted_from=str(today() + timedelta(days=5)))
    assert row["valid_from"] == str(today() + timedelta(days=5))
    firm = people["G1"]
    early = post(firm, "/waste/manifests", load("X1"), status=422)
    assert "超过有效期" in early["message"]
    other = load("X1") | {"lines": [{"waste": "900-041-49", "kg": 5}]}
    assert "种类变化" in post(firm, "/waste/manifests", other, status=422)["message"]


def test_a_paper_manifest_is_entered_late_with_its_reason_and_proof(people):  # noqa: F811
    firm = people["G1"]
    entry(firm, kg=500, day=today() - timedelta(days=40))
    paper = {
        "happened": f"{today() - timedelta(days=30)}T10:00",
        "paper_number": "ZZ-1",
        "paper_reason": "系统故障",
    }
    blank = load(kg=200) | paper | {"paper_reason": " "}
    assert post(firm, "/waste/manifests/paper", blank, status=422)["column"] == "paper_reason"
    made = post(firm, "/waste/manifests/paper", load(kg=200) | paper, status=201)
    assert (made["paper"], made["paper_late"], made["state"]) == (True, True, "delivered")
    assert (made["paper_number"], made["paper_reason"]) == ("ZZ-1", "系统故障") and made["paper_due"] < str(
        today()
    )
    assert (
        post(firm, "/waste/manifests/paper", load(kg=9) | paper, status=409)["error"] == "waste.paper_taken"
    )
    assert Finding.objects.get().sort == "paper_late"
    path = f"{API}/waste/manifests/{made['number']}/proofs"
    scan = SimpleUploadedFile("联单.png", b"scan", "image/png")
    answer = people["C1"].post(path, {"file": scan})
    assert answer.status_code == 403 and not made["proofs"] and made["may_attach"]
    scan.seek(0)
    proof = firm.post(path, {"file": scan}).json()
    assert firm.get(f"{path}/{proof['id']}").content == b"scan"
    assert people["G2"].get(f"{path}/{proof['id']}").status_code == 404
    assert get(firm, "/waste/manifests?paper=true&q=ZZ-1")["total"] == 1
    made = get(people["R1"], f"/waste/manifests/{made['number']}")
    assert [one["name"] for one in made["proofs"]] == ["联单.png"]
    step(people["R1"], made, "accept")
    assert get(firm, "/waste/balance")["items"][0]["reasons"] == []


def test_paper_is_judged_by_the_licences_of_its_day(people):  # noqa: F811
    Licence.objects.filter(code="L2").update(valid_to=yesterday())
    paper = {"paper_number": "ZZ-2", "paper_reason": "断网"}
    post(
        people["G1"],
        "/waste/manifests/paper",
        load() | paper | {"happened": f"{today() - timedelta(days=5)}T10:00"},
        status=201,
    )
    refused = post(people["G1"], "/waste/manifests", load(vehicle="浙J8"), status=422)
    assert refused["error"] == "waste.licence_ended" and "L2" in refused["message"]


def found(gap, firm="G1"):
    owner = Enterprise.objects.select_related("region", "organisation").get(code=firm)
    facts = {"expected_kg": 100.0, "found_kg": 100.0 + gap, "gap_kg": gap, "tolerance_kg": 50.0}
    return Found(owner, "balance_stocktake", f"{OIL}@2026", today(), OIL, facts, "DEFAULT")


def round_of(*rows):
    return renew(["balance_stocktake"], rows, today())


def test_a_mismatch_is_explained_settled_and_found_again_only_where_it_grows(people):  # noqa: F811
    firm, office = people["G1"], people["office"]
    assert round_of(found(200.0)) == {"standing": 1, "new": 1, "ended": 0}
    (row,) = get(firm, "/waste/findings?standing=true")["items"]
    path = f"/waste/findings/settle?code={row['code']}"
    told = {"basis": "explained", "words": "材料属实"}
    assert post(office, path, told, row["revision"], 422)["error"] == "waste.unexplained"
    post(people["G2"], f"/waste/findings/explain?code={row['code']}", {"words": "不是我"}, status=404)
    post(office, f"/waste/findings/explain?code={row['code']}", {"words": "代写"}, status=403)
    row = post(
        firm, f"/waste/findings/explain?code={row['code']}", {"words": "盘点漏计一桶"}, row["revision"]
    )
    assert (row["state"], row["may_settle"]) == ("explained", False)
    post(firm, path, told, row["revision"], 403)
    post(office, path, told, row["revision"] - 1, 412)
    assert post(office, path, told | {"basis": "mood"}, row["revision"], 422)["error"] == "waste.choice"
    row = post(office, path, told, row["revision"])
    assert (row["state"], row["basis"], row["settlement"]) == ("settled", "explained", "材料属实")
    assert [one["move"] for one in row["steps"]] == ["explain", "settle"]
    assert get(office, "/waste/findings?standing=true")["total"] == 0
    assert get(office, "/waste/findings?state=settled")["total"] == 1
    assert [one.until for one in occurrences(today()) if one.kind == "waste_mismatch"] == [today()]
    assert round_of(found(240.0))["standing"] == 0
    assert round_of(found(251.0)) == {"standing": 1, "new": 1, "ended": 0}
    again = get(office, f"/waste/findings/one?code={row['code']}")
    assert (again["state"], again["until"], again["steps"][-1]["move"]) == ("open", None, "again")
    assert TrailEntry.objects.filter(kind="waste_finding", key=row["code"]).count() == 4


def test_what_was_settled_and_fits_is_found_anew_by_any_gap(people):  # noqa: F811
    round_of(found(200.0))
    row = get(people["office"], "/waste/findings")["items"][0]
    told = {"basis": "inspected", "words": "现场复称"}
    post(people["office"], f"/waste/findings/settle?code={row['code']}", told)
    assert round_of() == {"standing": 0, "new": 0, "ended": 0}
    assert Finding.objects.get().state == "over"
    assert round_of(found(60.0))["standing"] == 1


def test_an_officer_makes_an_issue_of_a_finding(people):  # noqa: F811
    round_of(found(200.0))
    code = Finding.objects.get().code
    post(people["G1"], f"/waste/findings/issue?code={code}", {"words": ""}, status=403)
    row = post(people["office"], f"/waste/findings/issue?code={code}", {"words": "立案核查"})
    assert row["issue"] == Issue.objects.get().number and row["may_issue"] is False
    again = post(people["office"], f"/waste/findings/issue?code={code}", {"words": ""}, status=409)
    assert again["error"] == "waste.has_issue"


def licence():
    """A licence that ends in a month."""
    last = str(today() + timedelta(days=30))
    return {"licence": "collect", "classes": ["HW08"], "valid_from": "2026-01-01", "last_day": last}


def test_a_licence_is_entered_changed_and_ended(people):  # noqa: F811
    office, firm = people["office"], people["G1"]
    given = licence() | {"code": "L9", "enterprise": "G2"}
    post(people["G2"], "/waste/licences", given, status=403)
    assert (
        post(office, "/waste/licences", given | {"classes": ["HW99"]}, status=422)["error"] == "waste.choice"
    )
    assert post(office, "/waste/licences", given | {"classes": []}, status=422)["column"] == "classes"
    row = post(office, "/waste/licences", given, status=201)
    assert (row["valid_to"], row["standing"]) == (str(today() + timedelta(days=31)), "ending")
    assert post(office, "/waste/licences", given, status=409)["error"] == "waste.licence_there"
    body = licence() | {"classes": ["HW49"], "last_day": "2030-12-31"}
    answer = office.put(
        f"{API}/waste/licences/one?code=L9",
        body,
        content_type="application/json",
        headers={"If-Match": '"1"'},
    )
    assert answer.status_code == 200 and answer.json()["classes"] == ["HW49"]
    wrong = post(firm, "/waste/manifests", load("G2"), status=422)
    assert wrong["error"] == "waste.not_licensed" and OIL in wrong["message"]
    post(office, "/waste/licences/end?code=L9", {"last_day": str(yesterday()), "words": "注销"}, 1, 412)
    row = post(office, "/waste/licences/end?code=L9", {"last_day": str(yesterday()), "words": "注销"}, 2)
    assert row["standing"] == "ended"
    gone = post(
        firm, "/waste/manifests", load("G2") | {"lines": [{"waste": "900-041-49", "kg": 5}]}, status=422
    )
    assert gone["error"] == "waste.licence_ended" and str(yesterday()) in gone["message"]
    again = {"last_day": str(yesterday()), "words": "再次"}
    assert post(office, "/waste/licences/end?code=L9", again, status=422)["error"] == "waste.ended"
    assert {one["code"] for one in get(office, "/waste/licences?valid=false")["items"]} == {"L9"}


def test_the_carrier_and_the_vehicle_need_their_papers(people):  # noqa: F811
    firm, carrier = people["G1"], people["C1"]
    no = post(firm, "/waste/manifests", load() | {"carrier": "R1", "vehicle": ""}, status=422)
    assert no["error"] == "waste.not_carrier"
    assert (
        post(firm, "/waste/manifests", load(vehicle="浙J0"), status=422)["error"] == "waste.no_such_vehicle"
    )
    truck = {"code": "浙J0", "kg": 4500, "permit": "证0", "last_day": "2020-01-01"}
    no = post(firm, "/waste/vehicles", truck | {"enterprise": "C1"}, status=422)
    assert no["error"] == "waste.no_enterprise", "another is as one that does not exist"
    row = post(carrier, "/waste/vehicles", truck, status=201)
    assert row["standing"] == "ended" and row["own"]
    ended = post(firm, "/waste/manifests", load(vehicle="浙J0"), status=422)
    assert ended["error"] == "waste.vehicle_ended" and "证0" in ended["message"]
    body = {"kg": 4500, "permit": "证0b", "last_day": None}
    path = f"{API}/waste/vehicles/one?code=浙J0"
    assert carrier.put(path, body, content_type="application/json").json()["standing"] == "valid"
    made = post(firm, "/waste/manifests", load(vehicle="浙J0"), status=201)
    made = step(firm, made, "dispatch")
    Vehicle.objects.filter(code="浙J0").update(active=False)
    assert step(carrier, made, "take", 422, amounts={"1": 100})["error"] == "waste.vehicle_idle"
    Licence.objects.filter(code="L4").update(valid_to=today())
    late = step(carrier, made, "take", 422, vehicle="浙J9", amounts={"1": 100})
    assert late["error"] == "waste.licence_ended" and "L4" in late["message"]


def test_who_collects_from_small_firms_carries_to_his_own_store_without_a_licence(people):  # noqa: F811
    Licence.objects.filter(code="L4").delete()
    post(people["G1"], "/waste/manifests", load("C1"), status=201)
    assert (
        post(people["G1"], "/waste/manifests", load("R1", vehicle=""), status=422)["error"]
        == "waste.not_carrier"
    )


def test_a_settlement_enters_its_issue_as_a_record_and_closes_nothing(people):  # noqa: F811
    round_of(found(200.0))
    code, office = Finding.objects.get().code, people["office"]
    post(office, f"/waste/findings/issue?code={code}", {"words": "立案核查"})
    issue = Issue.objects.get()
    before = (issue.state, issue.revision)
    told = {"basis": "inspected", "words": "现场复称无误"}
    row = post(office, f"/waste/findings/settle?code={code}", told)
    assert (row["state"], row["issue"]) == ("settled", issue.number)
    assert [one["move"] for one in row["steps"]] == ["issue", "settle", "record"]
    issue.refresh_from_db()
    assert (issue.state, issue.revision) == before, "verified and written off by its own steps alone"
    piece = Evidence.objects.get(issue=issue)
    kept = json.loads(read(piece))
    assert (piece.kind, piece.sha256) == ("record", row["steps"][-1]["sha256"])
    assert (kept["code"], kept["basis"], kept["settlement"]) == (code, "inspected", "现场复称无误")
    page = shown(SYSTEM, issue)
    assert page["source_link"] == f"/waste?part=findings&finding={quote(code, safe='')}"
    assert [one["sha256"] for one in page["evidence"]] == [piece.sha256]
