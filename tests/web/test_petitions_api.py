"""Petitions over the API: intake, steps, the informant for handlers only, citizens without an account."""

import io
import json
import struct
import zlib

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from huanzhi.center.petitions.models import Informant, Petition
from huanzhi.library.people.models import Organisation
from huanzhi.library.places.models import Region
from huanzhi.library.records.changing import save
from huanzhi.library.rights import SYSTEM
from huanzhi.library.trail.models import Entry

pytestmark = pytest.mark.django_db
API = "/api/v1/petitions"
TOLD = {
    "channel": "phone",
    "category": "odour",
    "region": "990011",
    "words": "我叫李明华，工厂排气，电话13912345678",
    "informant": {"name": "李明华", "phone": "13912345678"},
}


def chunk(name, body):
    return struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))


PNG = (
    b"\x89PNG\r\n\x1a\n"
    + chunk(b"IHDR", struct.pack(">IIBBBBB", 1, 1, 8, 2, 0, 0, 0))
    + chunk(b"tEXt", b"Author\x00Li Minghua")
    + chunk(b"IDAT", zlib.compress(b"\x00\xff\x00\x00"))
    + chunk(b"IEND", b"")
)


@pytest.fixture
def city(db):
    city = save(SYSTEM, Region(code="990001", name="模拟市", level="city"))
    county = save(SYSTEM, Region(code="990011", name="甲区", level="county", parent=city))
    save(SYSTEM, Organisation(code="BR", name="甲区分局", kind="branch", region=county))
    return city


@pytest.fixture
def officer(city, sign_in):
    return sign_in("wang", city, "petitions")


def post(client, path, body, **headers):
    return client.post(path, json.dumps(body), content_type="application/json", headers=headers)


def test_an_officer_takes_in_moves_and_sees_the_informant_masked(officer, city, sign_in):
    made = post(officer, API, TOLD).json()
    assert len(made["code"]) == 10
    path = f"{API}/{made['number']}"
    seen = officer.get(path).json()
    assert "李明华" not in json.dumps(seen, ensure_ascii=False)
    assert seen["informant"] == {"given": True, "may_read": True}
    masked = officer.get(f"{path}/informant").json()
    assert (masked["name"], masked["phone"]) == ("李**", "139****5678")
    assert post(officer, f"{path}/informant/reveal", {"reason": ""}).status_code == 422
    whole = post(officer, f"{path}/informant/reveal", {"reason": "回访核实"}).json()
    assert whole["phone"] == "13912345678"
    entry = Entry.objects.filter(kind="petition_informant", action="read").get()
    assert entry.details["after"]["what"] == "reveal"
    assert "139" not in entry.body
    accept = {"transition": "accept", "outputs": {"category": "odour", "level": "general"}}
    stale = post(officer, f"{path}/moves", accept, **{"If-Match": '"99"'})
    assert stale.status_code == 412
    done = post(officer, f"{path}/moves", accept, **{"If-Match": f'"{seen["revision"]}"'}).json()
    assert done["state"] == "accepted"
    assert done["issue_state"]["number"] == done["issue"]
    other = sign_in("zhao", city, "petitions")
    assert other.get(path).json()["informant"] == {"given": True, "may_read": False}
    assert other.get(f"{path}/informant").status_code == 403
    assert post(other, f"{path}/informant/reveal", {"reason": "好奇"}).status_code == 403
    handed = {"person": "zhao", "reason": "自己看"}
    assert post(other, f"{path}/informant/handlers", handed).status_code == 403
    assert post(officer, f"{path}/informant/handlers", handed | {"reason": "交接"}).status_code == 200
    assert other.get(f"{path}/informant").status_code == 200


def test_lists_figures_and_sheets_answer(officer):
    post(officer, API, TOLD)
    for path in ("", "/board", "/statistics", "/hot-spots", "/words"):
        assert officer.get(f"{API}{path}").status_code == 200, path
    for form in ("csv", "xlsx", "geojson"):
        assert officer.get(f"{API}?format={form}").status_code == 200
    assert officer.get(f"{API}?open=true&channel=phone&region=990001").json()["total"] == 1
    assert officer.get(f"{API}?channel=letter").json()["total"] == 0
    assert officer.get(f"{API}/sheet").status_code == 200


def test_a_citizen_reports_follows_and_is_throttled(officer, city):
    citizen = Client()
    words = citizen.get("/api/v1/open/report/words").json()
    assert [one["value"] for one in words["regions"]] == ["990001", "990011"]
    given = {"category": "odour", "region": "990011", "words": "夜间刺鼻气味，很难受", "phone": "13700000001"}
    photo = SimpleUploadedFile("a.png", PNG, "image/png")
    answer = citizen.post("/api/v1/open/report", {**given, "photos": [photo]})
    assert answer.status_code == 201, answer.content
    told = answer.json()
    assert Petition.objects.get().files.get().media == "image/png"
    code = {"number": told["number"], "code": told["code"]}
    seen = post(citizen, "/api/v1/open/progress", code).json()
    assert seen["state"] == "received"
    assert post(citizen, "/api/v1/open/progress", code | {"code": "AAAAAAAAAA"}).status_code == 404
    assert post(citizen, "/api/v1/open/progress", code | {"number": "XF-20200101-0001"}).status_code == 404
    for _ in range(12):
        last = post(citizen, "/api/v1/open/progress", code | {"code": "AAAAAAAAAA"})
    assert last.status_code == 429
    for _ in range(10):
        last = citizen.post("/api/v1/open/report", given)
    assert last.status_code == 429
    assert citizen.get(API).status_code == 401


def test_a_sheet_is_shown_and_then_taken_in_once(officer):
    rows = "原编号,渠道,收到时间,类别,区域编码,举报内容,举报人姓名,举报人电话\n"
    rows += "W1,12369 微信,2026-09-14 08:00,异味,990011,王小二反映工厂排气,王小二,13600000000\n"
    sheet = lambda: SimpleUploadedFile("w.csv", rows.encode())  # noqa: E731
    shown = officer.post(f"{API}/sheets", {"file": sheet()}).json()
    assert (shown["fresh"], shown["wrong"]) == (1, 0)
    assert "王小二" not in json.dumps(shown, ensure_ascii=False)
    assert not Petition.objects.exists()
    taken = officer.post(f"{API}/sheets", {"accept": "true", "file": sheet()}).json()
    assert len(taken["numbers"]) == 1
    again = officer.post(f"{API}/sheets", {"accept": "true", "file": sheet()}).json()
    assert (again["fresh"], again["known"]) == (0, 1)
    assert Petition.objects.count() == Informant.objects.count() == 1
    wrong = rows.replace("异味", "火")
    refused = officer.post(f"{API}/sheets", {"accept": "true", "file": io.BytesIO(wrong.encode())})
    assert refused.status_code == 422
