"""Patrols over the API: handed in once however often it is sent, judged, and its findings become issues."""

import hashlib
import json
import uuid
from datetime import UTC, date, datetime, timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from huanzhi.center.issues.models import Evidence, Issue
from huanzhi.center.patrols.models import Area, Finding, Keeper, Patrol, Plan
from huanzhi.library.people.models import Person
from huanzhi.library.places.models import Region
from huanzhi.library.receipts.models import Receipt
from huanzhi.library.records.changing import save
from huanzhi.library.rights import SYSTEM
from huanzhi.standards.periods import CHINA

pytestmark = pytest.mark.django_db
API = "/api/v1"
SQUARE = {
    "type": "Polygon",
    "coordinates": [[[121.49, 29.89], [121.52, 29.89], [121.52, 29.92], [121.49, 29.92], [121.49, 29.89]]],
}
PHOTO = b"\xff\xd8\xff" + b"photo" * 200


@pytest.fixture
def city(db):
    city = save(SYSTEM, Region(code="990001", name="模拟市", level="city"))
    save(SYSTEM, Region(code="990011", name="甲区", level="county", parent=city))
    save(SYSTEM, Region(code="990012", name="乙区", level="county", parent=city))
    return city


@pytest.fixture
def grid(city, sign_in):
    """Return the client of a member of a grid in the first county."""
    return sign_in("wang", Region.objects.get(pk="990011"), "grid")


@pytest.fixture
def area(grid):
    region = Region.objects.get(pk="990011")
    made = save(SYSTEM, Area(code="WG-1", name="东河段", category="river", region=region, geometry=SQUARE))
    keeper = Keeper(
        code="ZR-1", area=made, role="chief", level="township", person=Person.objects.get(code="wang")
    )
    save(SYSTEM, keeper)
    plan = Plan(code="JH-1", area=made, keeper=keeper, per="month", times=1, min_minutes=5, min_metres=300)
    save(SYSTEM, plan)
    return made


def track(start, metres, minutes, points=20, lon=121.5, lat=29.9):
    step = metres / 96_486 / (points - 1)
    beat = minutes * 60_000 / (points - 1)
    begin = int(start.timestamp() * 1000)
    return [[begin + round(beat * n), lon + step * n, lat, 8.0] for n in range(points)]


def body(**more):
    end = datetime.now(UTC).replace(microsecond=0) - timedelta(minutes=3)
    start = end - timedelta(minutes=12)
    photo, found = str(uuid.uuid4()), str(uuid.uuid4())
    told = {
        "client": str(uuid.uuid4()),
        "area": "WG-1",
        "plan": "JH-1",
        "started": start.isoformat(),
        "ended": end.isoformat(),
        "sent": datetime.now(UTC).isoformat(),
        "track": track(start, 800, 12),
        "checklist": "water",
        "answers": dict.fromkeys(
            ("occupy", "dig", "pile", "build", "outfall", "water", "floating", "sign"), "no"
        ),
        "signed": {"way": "typed", "name": "王五", "statement": "以上情况属实"},
        "findings": [
            {
                "client": found,
                "category": "solid_waste",
                "title": "岸边堆放垃圾",
                "at": start.isoformat(),
                "lon": 121.5,
                "lat": 29.9,
            }
        ],
        "files": [
            {
                "client": photo,
                "kind": "photo",
                "name": "现场.jpg",
                "sha256": hashlib.sha256(PHOTO).hexdigest(),
                "size": len(PHOTO),
                "taken_at": start.isoformat(),
                "lon": 121.5,
                "lat": 29.9,
                "finding": found,
            }
        ],
    }
    return told | more


def post(client, path, told, key=None):
    headers = {"Idempotency-Key": key} if key else {}
    return client.post(f"{API}{path}", json.dumps(told), content_type="application/json", headers=headers)


def handed_in(client, **more):
    answer = post(client, "/patrols", body(**more))
    assert answer.status_code == 201, answer.content.decode()
    return answer.json()


def photo(client, code, piece, content=PHOTO, key=None):
    headers = {"Idempotency-Key": key} if key else {}
    file = SimpleUploadedFile("现场.jpg", content, "image/jpeg")
    return client.post(f"{API}/patrols/{code}/files/{piece}", {"file": file}, headers=headers)


def test_a_patrol_is_measured_and_judged(grid, area):
    made = handed_in(grid)
    assert (made["verdict"], made["minutes"]) == ("valid", 12.0)
    assert made["metres"] == pytest.approx(800, rel=0.01)
    assert made["reasons"][0]["words"].startswith("符合要求")
    assert made["rule"]["min_metres"] == 300
    assert made["awaited"] == 1


def test_a_finding_is_an_issue_with_the_photo_and_the_track_as_evidence(grid, area):
    made = handed_in(grid)
    issue = Issue.objects.get(number=made["findings"][0]["issue"])
    assert (issue.channel, issue.category, issue.state, issue.region_id) == (
        "patrol",
        "solid_waste",
        "clue",
        "990011",
    )
    assert photo(grid, made["code"], made["files"][0]["client"]).status_code == 201
    kinds = dict(Evidence.objects.filter(issue=issue).values_list("kind", "sha256"))
    assert kinds["photo"] == hashlib.sha256(PHOTO).hexdigest() and "track" in kinds
    held = grid.get(f"{API}/patrols/{made['code']}/files/{made['files'][0]['client']}")
    assert held.content == PHOTO and held["X-SM3"]


def test_sent_again_it_is_the_same_patrol(grid, area):
    told, key = body(), str(uuid.uuid4())
    first = post(grid, "/patrols", told, key)
    again = post(grid, "/patrols", told, key)
    assert (first.status_code, again.status_code) == (201, 201)
    assert again.json() == first.json() and again["Idempotent-Replayed"] == "true"
    assert "Idempotent-Replayed" not in first
    unkeyed = post(grid, "/patrols", told)
    assert unkeyed.json()["code"] == first.json()["code"]
    assert (Patrol.objects.count(), Finding.objects.count(), Issue.objects.count()) == (1, 1, 1)


def test_another_content_under_the_same_key_is_refused(grid, area):
    key = str(uuid.uuid4())
    assert post(grid, "/patrols", body(), key).status_code == 201
    refused = post(grid, "/patrols", body(), key)
    assert (refused.status_code, refused.json()["error"]) == (409, "receipts.other")
    assert Patrol.objects.count() == 1


def test_what_is_refused_leaves_nothing_and_may_be_sent_again(grid, area):
    key = str(uuid.uuid4())
    told = body()
    wrong = told | {"findings": [told["findings"][0] | {"category": "nothing"}]}
    assert post(grid, "/patrols", wrong, key).status_code == 422
    assert (Patrol.objects.count(), Receipt.objects.count(), Issue.objects.count()) == (0, 0, 0)
    assert post(grid, "/patrols", told, key).status_code == 201


def test_a_photo_is_held_to_its_digest_and_harmless_when_sent_again(grid, area):
    made = handed_in(grid)
    piece = made["files"][0]["client"]
    wrong = photo(grid, made["code"], piece, b"another")
    assert (wrong.status_code, wrong.json()["error"]) == (422, "receipts.digest")
    key = str(uuid.uuid4())
    assert photo(grid, made["code"], piece, key=key).status_code == 201
    assert photo(grid, made["code"], piece, key=key)["Idempotent-Replayed"] == "true"
    assert photo(grid, made["code"], piece).status_code == 201
    assert Evidence.objects.filter(kind="photo").count() == 1
    unknown = photo(grid, made["code"], str(uuid.uuid4()))
    assert unknown.status_code == 404


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"track": []}, "patrols.reason_no_track"),
        ({"metres": 100}, "patrols.reason_metres"),
        ({"lon": 122.5}, "patrols.reason_outside"),
    ],
)
def test_what_cannot_be_verified_does_not_count(grid, area, change, reason):
    told = body()
    start = datetime.fromisoformat(told["started"])
    if "track" not in change:
        change = {"track": track(start, change.get("metres", 800), 12, lon=change.get("lon", 121.5))}
    made = post(grid, "/patrols", told | change).json()
    assert made["verdict"] == "invalid"
    assert reason in [one["key"] for one in made["reasons"]]


def test_without_a_plan_there_is_no_verdict(grid, area):
    made = handed_in(grid, plan="")
    assert (made["verdict"], made["reasons"][0]["key"]) == ("unjudged", "patrols.reason_no_rule")


@pytest.mark.parametrize(
    ("change", "error"),
    [
        ({"signed": {"way": "drawn"}}, "patrols.unsigned"),
        ({"answers": {"dig": "no"}}, "patrols.unanswered"),
        ({"area": "WG-9"}, "patrols.no_area"),
        ({"plan": "JH-9"}, "patrols.no_plan"),
        ({"track": [[1, 2, 3]]}, "patrols.track"),
        ({"ended": "2024-01-01T00:00:00+08:00"}, "patrols.times"),
        ({"sent": (datetime.now(UTC) + timedelta(days=3)).isoformat()}, "patrols.future"),
        ({"started": "0001-01-01T00:00:00+14:00"}, "patrols.times"),
        ({"ended": "9999-12-31T23:59:59-12:00"}, "patrols.times"),
        ({"words": "a\x00b"}, "web_api.malformed"),
        ({"answers": {"dig": "\ud800"}}, "web_api.malformed"),
    ],
)
def test_what_is_wrong_is_refused(grid, area, change, error):
    refused = post(grid, "/patrols", body() | change)
    assert refused.json()["error"] == error
    assert Patrol.objects.count() == 0


def test_a_drawn_signature_is_a_file(grid, area):
    told = body()
    png = {"client": str(uuid.uuid4()), "kind": "signature", "name": "签名.png"}
    made = post(grid, "/patrols", told | {"signed": {"way": "drawn"}, "files": [*told["files"], png]})
    assert made.status_code == 201
    assert photo(grid, made.json()["code"], png["client"], b"\x89PNG").status_code == 201


def test_the_clock_of_a_device_is_told_and_put_right(grid, area):
    late = datetime.now(UTC) + timedelta(hours=2)
    told = body(sent=late.isoformat())
    made = post(grid, "/patrols", told).json()
    assert made["clock_s"] == pytest.approx(7200, abs=20)
    assert "patrols.reason_clock" in [one["key"] for one in made["reasons"]]
    assert made["arrived"] and made["sent"]


def test_rights(grid, area, city, sign_in):
    made = handed_in(grid)
    other = sign_in("li", Region.objects.get(pk="990012"), "grid")
    assert other.get(f"{API}/patrols/{made['code']}").status_code == 404
    assert post(other, "/patrols", body()).json()["error"] == "patrols.no_area"
    reader = sign_in("du", city, "reader")
    assert reader.get(f"{API}/patrols/{made['code']}").status_code == 200
    assert post(reader, "/patrols", body()).status_code == 403
    told = {"code": "WG-2", "name": "二", "category": "grid", "level": "village", "region": "990011"}
    assert post(grid, "/patrol-areas", told).status_code == 403
    assert post(sign_in("zhou", city, "duty"), "/patrol-areas", told).status_code == 201


def test_plans_come_from_the_table_in_force(grid, area, city, sign_in):
    duty = sign_in("zhou", city, "duty")
    save(SYSTEM, Keeper(code="ZR-2", area=area, name="村长", role="chief", level="village"))
    made = post(duty, "/patrols/plans", {"keepers": ["ZR-2"]}).json()["items"]
    plan = Plan.objects.get(code=made[0])
    assert (plan.per, plan.times, plan.min_metres, plan.source["rulebook"]) == (
        "month",
        2,
        300,
        "patrol_frequency",
    )
    assert plan.source["confidence"] == "DEFAULT, NOT FROM THE DOCUMENTS"
    assert post(duty, "/patrols/plans", {"keepers": ["ZR-2"]}).json()["items"] == made
    place = duty.get(f"{API}/patrols/frequency?role=chief&level=village&place=653023").json()
    assert (place["times"], place["per"], place["min_gap_hours"], place["source"]["confidence"]) == (
        1,
        "week",
        96,
        "CONFIRMED",
    )


def test_coverage_counts_done_against_owed(grid, area):
    handed_in(grid)
    first = date.today() - timedelta(days=200)
    rows = grid.get(f"{API}/patrols/coverage?by=keeper&first={first}&last={date.today()}").json()["items"]
    assert rows[0]["code"] == "ZR-1" and rows[0]["owed"] >= 5 and rows[0]["findings"] == 1
    assert rows[0]["done"] + rows[0]["missing"] == rows[0]["owed"]
    csv = grid.get(f"{API}/patrols/coverage?by=region&format=csv")
    assert (csv.status_code == 200 and "应巡" in csv.content.decode()) or "owed" in csv.content.decode()


def test_the_phone_gets_what_it_needs(grid, area):
    begun = datetime.fromisoformat(handed_in(grid)["started"]).astimezone(CHINA)
    told = grid.get(f"{API}/field/tasks").json()
    done = int(begun.month == datetime.now(CHINA).month)  # the first minutes of a month still see the last
    assert [(one["code"], one["done"], one["times"]) for one in told["patrols"]] == [("JH-1", done, 1)]
    assert told["areas"][0]["geometry"]["type"] == "Polygon"
    assert set(told["checklists"]) == {"water", "shore", "grid"}
    assert {"value": "dust", "zh": "扬尘", "en": "dust"} in told["words"]["issue_category"]


def test_lists_in_every_form(grid, area):
    made = handed_in(grid)
    items = grid.get(f"{API}/patrols?verdict=valid&region=990001").json()["items"]
    assert [(one["code"], one["findings"]) for one in items] == [(made["code"], 1)]
    for form in ("csv", "xlsx", "geojson"):
        assert grid.get(f"{API}/patrols?format={form}").status_code == 200
        assert grid.get(f"{API}/patrols/findings?format={form}").status_code == 200
    line = grid.get(f"{API}/patrols/{made['code']}/track").json()
    assert line["geometry"]["type"] == "LineString" and len(line["properties"]["times"]) == 20


def test_an_area_takes_a_point_from_its_outline_and_refuses_nonsense(city, sign_in):
    duty = sign_in("zhou", city, "duty")
    told = {"code": "WG-3", "name": "三", "category": "grid", "level": "village", "region": "990011"}
    made = post(duty, "/patrol-areas", told | {"geometry": SQUARE}).json()
    assert 121.49 < made["lon"] < 121.52
    for wrong in ({"type": "Point", "coordinates": [1, 2]}, {"type": "Polygon", "coordinates": []}, {"a": 1}):
        refused = post(duty, "/patrol-areas", told | {"code": "WG-4", "geometry": wrong})
        assert refused.status_code == 422, wrong
    assert duty.get(f"{API}/patrols/vacant").json()["items"][0]["code"] == "WG-3"
