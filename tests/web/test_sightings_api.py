"""Sightings over the API: taken in whole or not at all, handed out, verified on the spot, hit rates."""

import hashlib
import io
import json
import uuid
from datetime import UTC, datetime, timedelta

import numpy as np
import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from huanzhi.atlas.datum import from_cgcs2000
from huanzhi.center.issues.models import Evidence, Issue
from huanzhi.center.sightings.models import Batch, Sighting
from huanzhi.library.places.models import Region
from huanzhi.library.records.changing import save
from huanzhi.library.rights import SYSTEM

pytestmark = pytest.mark.django_db
API = "/api/v1/sightings"
PHOTO = b"\xff\xd8\xffphoto"
CSV = """编号,名称,类型,时间,经度,纬度,面积
A1,疑似堆放,固体废物,2026-11-01,121.5,29.9,350
A2,裸土,dust,2026-11-02 10:30,121.6,29.8,
"""
WRONG = """编号,经度,纬度,时间,区划代码
A,121.5,29.9,,
A,121.5,29.9,,
B,999,29.9,,
C,,29.9,,
D,121,29,昨天,
E,121,29,,123456
"""


@pytest.fixture
def city(db):
    city = save(SYSTEM, Region(code="990001", name="模拟市", level="city"))
    save(SYSTEM, Region(code="990011", name="甲区", level="county", parent=city))
    return city


@pytest.fixture
def duty(city, sign_in):
    return sign_in("zhou", city, "duty")


@pytest.fixture
def grid(city, sign_in):
    return sign_in("wang", city, "grid")


def send(client, what, content, name="图斑.csv", **more):
    told = {"channel": "remote_sensing", "source": "高分六号", "datum": "cgcs2000", "region": "990011"}
    raw = content.encode() if isinstance(content, str) else content
    return client.post(f"{API}/{what}", told | more | {"file": SimpleUploadedFile(name, raw)})


def taken(client, content=CSV, **more):
    answer = send(client, "batches", content, **more)
    assert answer.status_code == 201, answer.content.decode()
    return list(Sighting.objects.order_by("pk"))


def visit(browser, code, revision=None, **more):
    now = datetime.now(UTC)
    told = {"client": str(uuid.uuid4()), "confirmed": True, "at": (now - timedelta(minutes=2)).isoformat()}
    headers = {"Device-Time": now.isoformat()} | (
        {"If-Match": f'"{revision}"'} if revision is not None else {}
    )
    return browser.post(
        f"{API}/{code}/visits", json.dumps(told | more), content_type="application/json", headers=headers
    )


def test_a_preview_keeps_nothing_and_the_file_is_taken_in_whole(duty):
    seen = send(duty, "preview", CSV).json()
    assert (seen["spots"], seen["faults"], seen["known"]) == (2, [], 0)
    assert seen["rows"][0]["category"] == "solid_waste"
    assert Sighting.objects.count() == 0
    first, second = taken(duty, sha256=seen["sha256"])
    assert (first.ref, first.category, first.area_m2, first.state) == ("A1", "solid_waste", 350.0, "new")
    assert second.seen_at.isoformat() == "2026-11-02T02:30:00+00:00"
    assert send(duty, "preview", CSV).json()["known"] == 2
    assert len(taken(duty)) == 2


def test_every_fault_is_told_with_its_row_and_nothing_is_kept(duty):
    seen = send(duty, "preview", WRONG).json()
    assert [(one["row"], one["column"]) for one in seen["faults"]] == [
        (3, "ref"),
        (4, "lon"),
        (5, "lon"),
        (6, "seen_at"),
        (7, "region"),
    ]
    refused = send(duty, "batches", WRONG)
    assert (refused.status_code, refused.json()["error"]) == (422, "sightings.faulty")
    assert (Sighting.objects.count(), Batch.objects.count()) == (0, 0)


@pytest.mark.parametrize("datum", ["gcj02", "bd09"])
def test_places_of_another_datum_are_converted(duty, datum):
    lon, lat = from_cgcs2000(np.array([[121.5, 29.9]]), datum)[0]
    (spot,) = taken(duty, f"编号,经度,纬度\nA,{lon:.8f},{lat:.8f}\n", datum=datum)
    assert (spot.lon, spot.lat) == (121.5, 29.9)
    assert (spot.datum, round(spot.given["lon"], 6)) == (datum, round(float(lon), 6))


def test_shapes_are_converted_and_kept(duty):
    ring = [[121.5, 29.9], [121.51, 29.9], [121.51, 29.91], [121.5, 29.91], [121.5, 29.9]]
    shifted = [[round(float(x), 8) for x in one] for one in from_cgcs2000(np.array(ring), "gcj02")]
    feature = {
        "type": "Feature",
        "properties": {"图斑编号": "P1", "其他": 3},
        "geometry": {"type": "Polygon", "coordinates": [shifted]},
    }
    file = json.dumps({"type": "FeatureCollection", "features": [feature]})
    assert send(duty, "preview", file, "a.geojson", datum="gcj02").json()["unused"] == ["其他"]
    (spot,) = taken(duty, file, name="a.geojson", datum="gcj02")
    assert spot.geometry["coordinates"][0][1] == pytest.approx([121.51, 29.9], abs=2e-6)
    assert 121.5 < spot.lon < 121.51
    bowtie = dict(
        feature, geometry={"type": "Polygon", "coordinates": [[[0, 0], [1, 1], [1, 0], [0, 1], [0, 0]]]}
    )
    bad = json.dumps({"type": "FeatureCollection", "features": [bowtie, {"x": 1}]})
    assert [one["row"] for one in send(duty, "preview", bad, "b.geojson").json()["faults"]] == [1, 2]


def test_a_workbook_and_another_encoding(duty):
    book = openpyxl.Workbook()
    book.active.append(["编号", "经度", "纬度", "时间"])
    book.active.append([7, 121.5, 29.9, datetime(2026, 11, 1, 8)])
    stream = io.BytesIO()
    book.save(stream)
    assert send(duty, "preview", stream.getvalue(), "a.xlsx").json()["rows"][0]["ref"] == "7"
    assert send(duty, "preview", CSV.encode("gb18030")).json()["spots"] == 2


@pytest.mark.parametrize(
    ("content", "error"),
    [
        ("", "sightings.empty"),
        ("编号,经度\nA,1\n", "sightings.no_column"),
        ("{", "sightings.no_file"),
        ("{}", "sightings.no_file"),
        (b"\x00\x01", "sightings.no_file"),
        (b"PK\x03\x04junk", "sheets.no_sheet"),
    ],
)
def test_what_is_no_file_of_spots_is_refused(duty, content, error):
    assert send(duty, "preview", content or "\n").json()["error"] == error


def test_a_confirmed_spot_opens_an_issue_with_the_photo(duty, grid):
    spot = taken(duty)[0]
    piece = str(uuid.uuid4())
    told = {"client": piece, "name": "a.jpg", "sha256": hashlib.sha256(PHOTO).hexdigest()}
    made = visit(grid, spot.code, title="岸边堆放", category="solid_waste", files=[told])
    assert made.status_code == 201, made.content.decode()
    issue = Issue.objects.get(number=made.json()["issue"])
    assert (issue.channel, issue.source_ref, issue.lon) == ("remote_sensing", spot.code, 121.5)
    file = SimpleUploadedFile("a.jpg", PHOTO, "image/jpeg")
    assert grid.post(f"{API}/{spot.code}/files/{piece}", {"file": file}).status_code == 201
    assert Evidence.objects.get(issue=issue).sha256 == told["sha256"]
    assert grid.get(f"{API}/{spot.code}/files/{piece}").content == PHOTO
    wrong = grid.post(f"{API}/{spot.code}/files/{piece}", {"file": SimpleUploadedFile("a.jpg", b"other")})
    assert wrong.json()["error"] == "receipts.digest"


def test_a_spot_that_somebody_settled_meanwhile_is_a_conflict_and_loses_nothing(duty, grid, city, sign_in):
    spot = taken(duty)[0]
    other = sign_in("li", city, "inspector")
    assert (
        visit(other, spot.code, spot.revision, confirmed=False, ground="gone", words="已清").status_code
        == 201
    )
    late = visit(grid, spot.code, spot.revision, title="堆放")
    assert late.status_code == 412
    assert visit(grid, spot.code, title="堆放").json()["error"] == "sightings.closed"
    assert Issue.objects.count() == 0


def test_the_same_visit_again_is_the_same(duty, grid):
    spot = taken(duty)[0]
    client = str(uuid.uuid4())
    first = visit(grid, spot.code, spot.revision, client=client, title="堆放")
    again = visit(grid, spot.code, spot.revision, client=client, title="堆放")
    assert (first.status_code, again.status_code) == (201, 201)
    assert Issue.objects.count() == 1


def test_a_dismissal_needs_a_ground_and_words(duty, grid):
    spot = taken(duty)[0]
    assert visit(grid, spot.code, confirmed=False).json()["error"] == "sightings.ground"
    assert visit(grid, spot.code, confirmed=False, ground="gone").json()["error"] == "sightings.ground"
    assert (
        visit(grid, spot.code, confirmed=False, ground="x", words="y").json()["error"] == "sightings.choice"
    )


def test_handing_out(duty, grid):
    spot = taken(duty)[0]

    def assign(client, person, revision):
        told = json.dumps({"person": person, "due": "2026-12-01"})
        headers = {"If-Match": f'"{revision}"'}
        return client.post(
            f"{API}/{spot.code}/assign", told, content_type="application/json", headers=headers
        )

    assert assign(grid, "wang", spot.revision).status_code == 403
    assert assign(duty, "nobody", spot.revision).json()["error"] == "issues.no_person"
    assert assign(duty, "wang", spot.revision).json()["state"] == "assigned"
    assert assign(duty, "wang", spot.revision).status_code == 412
    mine = grid.get("/api/v1/field/tasks").json()["sightings"]
    assert (mine[0]["code"], mine[0]["person"]) == (spot.code, "wang")


def test_hit_rates(duty, grid):
    spots = taken(duty, CSV + "A3,x,,2026-11-03,121.5,29.9,\nA4,x,,2026-11-03,121.5,29.9,\n")
    visit(grid, spots[0].code, title="堆放")
    visit(grid, spots[1].code, confirmed=False, ground="lawful", words="手续齐全")
    visit(grid, spots[2].code, confirmed=False, ground="unreachable", words="路断")
    (row,) = duty.get(f"{API}/rates").json()["items"]
    assert row == {"code": "高分六号", "spots": 4, "waiting": 2, "confirmed": 1, "dismissed": 1, "rate": 0.5}
    assert duty.get(f"{API}/rates?by=category&format=csv").status_code == 200


def test_lists_and_rights(duty, grid, city, sign_in):
    spot = taken(duty)[0]
    assert duty.get(f"{API}?state=new&region=990001").json()["total"] == 2
    for form in ("csv", "xlsx", "geojson"):
        assert duty.get(f"{API}?format={form}").status_code == 200
    assert duty.get(f"{API}/batches").json()["items"][0]["rows"] == 2
    assert send(grid, "preview", CSV).status_code == 403
    assert send(grid, "batches", CSV).status_code == 403
    reader = sign_in("du", city, "reader")
    assert visit(reader, spot.code, title="x").status_code == 403
    firm = sign_in("firm", city, "enterprise")
    assert firm.get(f"{API}/{spot.code}").status_code == 404
