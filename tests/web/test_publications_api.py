"""Publications over the API: drafted, published by another, corrected, taken back; what citizens see."""

import csv
import hashlib
import io
import json
import zipfile

import pytest
from django.test import Client

from huanzhi.library.people.models import Organisation
from huanzhi.library.places.models import Region
from huanzhi.library.records.changing import save
from huanzhi.library.rights import SYSTEM
from huanzhi.library.series import open_store

pytestmark = pytest.mark.django_db
API, OPEN = "/api/v1/publications", "/api/v1/open"
NOTICE = {"sort": "notice", "region": "990001", "title": "关于平台试运行的公告", "words": "第一段\n第二段"}


@pytest.fixture
def city(db):
    city = save(SYSTEM, Region(code="990001", name="模拟市", level="city"))
    save(SYSTEM, Region(code="990011", name="甲区", level="county", parent=city))
    save(SYSTEM, Region(code="990011001", name="甲一街道", level="township", parent_id="990011"))
    save(SYSTEM, Organisation(code="BR", name="模拟市生态环境局", kind="bureau", region=city))
    return city


@pytest.fixture
def store(tmp_path, monkeypatch):
    monkeypatch.setenv("HUANZHI_HOME", str(tmp_path))
    with open_store("write"):
        pass
    return tmp_path


@pytest.fixture
def drafter(city, store, sign_in):
    return sign_in("xuan", city, "publicity")


@pytest.fixture
def leader(city, sign_in):
    return sign_in("ling", city, "leader")


def post(client, path, body=None, **headers):
    return client.post(path, json.dumps(body or {}), content_type="application/json", headers=headers)


def patch(client, path, body, **headers):
    return client.patch(path, json.dumps(body), content_type="application/json", headers=headers)


def drafted(client, body):
    made = post(client, API, body)
    assert made.status_code == 201, made.content.decode()
    return made.json()


def published(client, leader, body):
    number = drafted(client, body)["number"]
    proposed = post(client, f"{API}/{number}/propose", {"reason": "请审定"})
    assert proposed.status_code == 200, proposed.content.decode()
    done = post(leader, f"/api/v1/proposals/{proposed.json()['proposal']}/approve", {"reason": "同意"})
    assert done.status_code == 200, done.content.decode()
    return number


def test_a_notice_is_public_only_after_a_second_person(drafter, leader):
    made = drafted(drafter, NOTICE)
    number = made["number"]
    citizen = Client()
    assert made["state"] == "draft"
    assert citizen.get(f"{OPEN}/publications/{number}").status_code == 404
    proposed = post(drafter, f"{API}/{number}/propose", {"reason": "请审定"}).json()
    assert proposed["state"] == "proposed"
    assert citizen.get(f"{OPEN}/publications").json()["total"] == 0
    own = post(drafter, f"/api/v1/proposals/{proposed['proposal']}/approve", {})
    assert own.status_code == 422 or own.status_code in (403, 409)
    done = post(leader, f"/api/v1/proposals/{proposed['proposal']}/approve", {"reason": "同意"})
    assert done.status_code == 200
    seen = citizen.get(f"{OPEN}/publications/{number}").json()
    assert [one["text"] for one in seen["content"]["blocks"]] == ["第一段", "第二段"]
    assert "drafted_by" not in json.dumps(seen) and "xuan" not in json.dumps(seen)


def test_a_refusal_makes_it_a_draft_again(drafter, leader):
    number = drafted(drafter, NOTICE)["number"]
    proposal = post(drafter, f"{API}/{number}/propose", {"reason": "x"}).json()["proposal"]
    assert post(leader, f"/api/v1/proposals/{proposal}/refuse", {"reason": "请补充依据"}).status_code == 200
    assert drafter.get(f"{API}/{number}").json()["state"] == "draft"


def test_words_are_edited_in_drafts_only_and_with_the_revision_they_began_from(drafter, leader):
    made = drafted(drafter, NOTICE)
    path = f"{API}/{made['number']}/words"
    told = {"language": "zh", "block": 0, "words": "第一段（修改）", "reason": "措辞"}
    stale = patch(drafter, path, told, **{"If-Match": '"99"'})
    assert stale.status_code == 412
    kept = patch(drafter, path, told, **{"If-Match": f'"{made["revision"]}"'})
    assert kept.json()["content"]["zh"]["blocks"][0]["text"] == "第一段（修改）"
    assert patch(drafter, path, {**told, "block": 7}).status_code == 422
    post(drafter, f"{API}/{made['number']}/propose", {"reason": "x"})
    assert patch(drafter, path, told).status_code == 409


@pytest.mark.parametrize(
    "words",
    [
        "联系电话13812345678",
        "身份证330282198001011234",
        "写信到 someone@example.com",
        "账号6222021234567890123",
    ],
)
def test_what_is_personal_is_not_published(drafter, words):
    number = drafted(drafter, {**NOTICE, "words": words})["number"]
    refused = post(drafter, f"{API}/{number}/propose", {"reason": "x"})
    assert refused.status_code == 422 and refused.json()["error"] == "publications.personal"
    found = drafter.get(f"{API}/{number}").json()["personal"]
    assert found and words not in json.dumps(found, ensure_ascii=False)


def test_a_correction_says_what_was_what_is_and_why(drafter, leader):
    first = published(drafter, leader, NOTICE)
    again = post(drafter, API, {**NOTICE, "words": "第一段\n第二段，已更正"})
    assert again.status_code == 422 and again.json()["error"] == "publications.no_reason"
    same = post(drafter, API, {**NOTICE, "reason": "无"})
    assert same.json()["error"] == "publications.same"
    second = published(drafter, leader, {**NOTICE, "words": "第一段\n第二段，已更正", "reason": "原文有误"})
    citizen = Client()
    log = citizen.get(f"{OPEN}/corrections").json()["items"]
    assert [(one["publication"], one["corrects"], one["why"]) for one in log] == [(second, first, "原文有误")]
    assert log[0]["changes"] == [{"where": "text", "was": "第二段", "is": "第二段，已更正"}]
    listed = citizen.get(f"{OPEN}/publications").json()["items"]
    assert [one["number"] for one in listed] == [second] and listed[0]["version"] == 2
    old = citizen.get(f"{OPEN}/publications/{first}").json()
    assert old["state"] == "superseded" and [one["number"] for one in old["versions"]] == [second, first]
    feed = citizen.get(f"{OPEN}/feed/atom").content.decode()
    assert "更正" in feed and "原文有误" in feed
    assert "<rss" in citizen.get(f"{OPEN}/feed/rss").content.decode()


def test_what_is_taken_back_says_only_why(drafter, leader):
    number = published(drafter, leader, NOTICE)
    assert post(drafter, f"{API}/{number}/withdraw", {"reason": ""}).status_code == 422
    assert post(drafter, f"{API}/{number}/withdraw", {"reason": "误发"}).status_code == 200
    citizen = Client()
    seen = citizen.get(f"{OPEN}/publications/{number}").json()
    assert seen["state"] == "withdrawn" and seen["withdrawal"] == "误发" and "content" not in seen
    assert citizen.get(f"{OPEN}/publications/{number}/paper").status_code == 404
    assert citizen.get(f"{OPEN}/publications").json()["total"] == 0
    assert citizen.get(f"{OPEN}/corrections").json()["items"][0]["kind"] == "withdrawal"
    assert "误发" in citizen.get(f"{OPEN}/feed/rss").content.decode()


def test_open_answers_have_an_etag_and_may_be_kept(drafter, leader):
    published(drafter, leader, NOTICE)
    citizen = Client()
    first = citizen.get(f"{OPEN}/publications")
    assert "public" in first["Cache-Control"]
    assert citizen.get(f"{OPEN}/publications", headers={"If-None-Match": first["ETag"]}).status_code == 304


def test_the_archive_adds_up(drafter, leader):
    published(drafter, leader, NOTICE)
    body = Client().get(f"{OPEN}/archive").content
    with zipfile.ZipFile(io.BytesIO(body)) as held:
        sums = dict(line.split("  ")[::-1] for line in held.read("SHA256SUMS").decode().splitlines())
        assert all(hashlib.sha256(held.read(name)).hexdigest() == told for name, told in sums.items())
        manifest = json.loads(held.read("manifest.json"))
    assert {one["code"] for one in manifest["datasets"]} >= {"air_ranking", "corrections", "places"}
    assert all(field["missing"] for one in manifest["datasets"] for field in one["fields"])
    assert Client().get(f"{OPEN}/archive").content == body


def test_every_data_set_answers_in_its_forms(city, store):
    for one in Client().get(f"{OPEN}/data").json()["items"]:
        for address in one["downloads"].values():
            assert Client().get(address).status_code == 200
        header = next(csv.reader(io.StringIO(Client().get(one["downloads"]["csv"]).content.decode())))
        assert header == [field["name"] for field in one["fields"]]
    assert Client().get(f"{OPEN}/data/nothing").status_code == 404
    assert Client().get(f"{OPEN}/data/corrections?format=geojson").status_code == 422
