"""Search over the API: what fits, and only what the reader may see."""

import time

import pytest
from django.test import Client

from huanzhi.library.people.models import Grant, Organisation, Person
from huanzhi.library.places.models import Region, Station
from huanzhi.library.records.changing import save
from huanzhi.library.rights import SYSTEM
from huanzhi.library.search import catalogue as module

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def fresh(monkeypatch):
    monkeypatch.setattr("huanzhi.web.api.search.catalogue", module.Catalogue())
    monkeypatch.setattr(module, "FRESH", -1.0)


@pytest.fixture
def regions():
    city = save(SYSTEM, Region(code="331000", name="台州市", level="city"))
    near = save(SYSTEM, Region(code="331002", name="椒江区", level="county", parent=city))
    far = save(SYSTEM, Region(code="331082", name="临海市", level="county", parent=city))
    for code, name, region in (("S1", "椒江大气站", near), ("S2", "临海大气站", far)):
        save(SYSTEM, Station(code=code, name=name, kind="air", region=region))
    return {"city": city, "near": near}


def reader(region, role="reader", name="r"):
    body, _ = Organisation.objects.get_or_create(
        code="B1", defaults={"name": "椒江分局", "kind": "bureau", "region": region}
    )
    person = Person.objects.create(code=name, name="阅读者", organisation=body)
    Grant.objects.create(person=person, role=role, region=region)
    client = Client()
    client.force_login(person)
    session = client.session
    session.update({"begun": int(time.time()), "seen": int(time.time())})
    session.save()
    return client


def codes(client, q, **more):
    answer = client.get("/api/v1/search", {"q": q, **more})
    assert answer.status_code == 200, answer.content
    return [item["code"] for item in answer.json()["items"]]


def test_names_pinyin_and_initials_find(regions):
    client = reader(regions["city"])
    assert codes(client, "椒江大气")[0] == "S1"
    assert codes(client, "jjdqz")[0] == "S1"
    assert codes(client, "linhaidaqi")[0] == "S2"
    assert codes(client, "331002")[0] == "331002"


def test_standards_clauses_parameters_and_screens_are_found(regions):
    client = reader(regions["city"])
    assert any(code.startswith("GB 3095") for code in codes(client, "GB 3095", kinds="standard"))
    assert "a34004" in codes(client, "pm2.5", kinds="parameter")
    assert "/map" in codes(client, "yitu", kinds="screen")
    assert codes(client, "环境空气", kinds="clause,standard")


def test_what_lies_outside_the_reach_is_not_found(regions):
    client = reader(regions["near"])
    assert codes(client, "大气站", kinds="station") == ["S1"]
    assert client.get("/api/v1/cards/station/S2").status_code == 404
    assert client.get("/api/v1/cards/station/S1").json()["name"]["zh"] == "椒江大气站"
    assert client.get("/api/v1/cards/place/S1").json()["kind"] == "station"


def test_people_are_found_by_right_only(regions):
    assert "r" not in codes(reader(regions["city"]), "阅读者", kinds="person")
    assert "r" in codes(reader(regions["city"], "admin", "boss"), "阅读者", kinds="person")


def test_a_new_name_is_found_at_once(regions):
    client = reader(regions["city"])
    assert codes(client, "新建站", kinds="station") == []
    save(SYSTEM, Station(code="S9", name="新建站", kind="air", region=regions["near"]))
    assert codes(client, "xinjianzhan") == ["S9"]


def test_nobody_signed_in_finds_nothing():
    assert Client().get("/api/v1/search", {"q": "a"}).status_code == 401
