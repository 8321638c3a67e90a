"""Public opinion over the API: entry, sheet, grade with its reasons, who answers, published response."""

import json

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from huanzhi.center.issues.models import Issue
from huanzhi.center.opinion.models import Opinion
from huanzhi.library.people.models import Organisation
from huanzhi.library.places.models import Region
from huanzhi.library.records.changing import save
from huanzhi.library.rights import SYSTEM

pytestmark = pytest.mark.django_db
API = "/api/v1/opinion"
GIVEN = {
    "title": "网帖反映河水发黑",
    "source": "本地论坛",
    "media": "city",
    "published": "2026-09-14T08:00:00+08:00",
    "topic": "surface_water",
    "region": "990011",
    "tone": "negative",
    "reads": 20000,
    "spread": 50,
}


@pytest.fixture
def city(db):
    city = save(SYSTEM, Region(code="990001", name="模拟市", level="city"))
    county = save(SYSTEM, Region(code="990011", name="甲区", level="county", parent=city))
    save(SYSTEM, Organisation(code="BR", name="甲区分局", kind="branch", region=county))
    return city


@pytest.fixture
def publicity(city, sign_in):
    return sign_in("xuan", city, "publicity")


def post(client, path, body, **headers):
    return client.post(path, json.dumps(body), content_type="application/json", headers=headers)


def test_from_entry_to_a_published_response(publicity, city, sign_in):
    made = post(publicity, API, GIVEN)
    assert made.status_code == 201, made.content.decode()
    seen = made.json()
    assert (seen["grade"], seen["score"]) == ("large", 50)
    assert seen["confidence"] == "DEFAULT, NOT FROM THE DOCUMENTS"
    assert len(seen["reasons"]) == 3
    path = f"{API}/{seen['code']}"
    assert post(publicity, f"{path}/assign", {"organisation": "BR"}, **{"If-Match": '"9"'}).status_code == 412
    seen = post(publicity, f"{path}/assign", {"organisation": "BR"}).json()
    assert seen["state"] == "assigned"
    assert seen["due"]
    assert post(publicity, f"{path}/issue", {}).json()["issue"] == Issue.objects.get(channel="media").number
    assert post(publicity, f"{path}/response", {"response": "已查处", "outcome": "属实"}).status_code == 201
    number = publicity.get(path).json()["proposal"]
    assert post(publicity, f"/api/v1/proposals/{number}/approve", {}).status_code == 403
    leader = sign_in("head", city, "leader")
    assert post(leader, f"/api/v1/proposals/{number}/approve", {}).status_code == 200
    assert Opinion.objects.get().state == "responded"
    open_ = Client().get("/api/v1/open/responses").json()["items"]
    assert [one["response"] for one in open_] == ["已查处"]
    assert post(publicity, f"{path}/end", {"state": "closed", "reason": "平息"}).json()["state"] == "closed"
    for word in ("statistics", "words", "sheet"):
        assert publicity.get(f"{API}/{word}").status_code == 200
    assert publicity.get(f"{API}?format=csv").status_code == 200


def test_a_sheet_is_graded_row_by_row(publicity):
    rows = "编号,标题,来源,媒体,发布时间,主题,行政区划代码,倾向,阅读量\n"
    rows += "W1,某地异味,某网,网络媒体,2026-09-14 08:00,异味,990011,负面,150000\n"
    sheet = lambda: SimpleUploadedFile("w.csv", rows.encode())  # noqa: E731
    shown = publicity.post(f"{API}/sheets", {"file": sheet()}).json()
    assert (shown.get("new"), shown.get("wrong")) == (1, 0), shown
    assert not Opinion.objects.exists()
    publicity.post(f"{API}/sheets", {"accept": "true", "file": sheet()})
    assert Opinion.objects.get().grade == "large"
    again = publicity.post(f"{API}/sheets", {"accept": "true", "file": sheet()}).json()
    assert (again["new"], again["unchanged"]) == (0, 1)


def test_others_neither_enter_nor_see(city, sign_in):
    enterprise = sign_in("qi", city, "enterprise")
    assert post(enterprise, API, GIVEN).status_code == 403
    assert enterprise.get(API).json()["total"] == 0
