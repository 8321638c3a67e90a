"""Responsibility audits over the API: the whole way by two people, and who sees what."""

import io
import json

import pytest
from django.test import Client
from docx import Document

from huanzhi.center.issues.models import Issue
from huanzhi.library.enterprises.models import Enterprise, Outlet
from huanzhi.library.people.models import Organisation
from huanzhi.library.places.models import Region
from huanzhi.library.records.changing import save
from huanzhi.library.rights import SYSTEM

pytestmark = pytest.mark.django_db
API = "/api/v1"


@pytest.fixture
def city(db, monkeypatch, tmp_path):
    monkeypatch.setenv("HUANZHI_HOME", str(tmp_path))
    city = save(SYSTEM, Region(code="990001", name="模拟市", level="city", simulated=True))
    for number in (1, 2):
        body = Organisation(code=f"O{number}", name=f"企业{number}", kind="enterprise", region=city)
        save(SYSTEM, body)
        told = {"code": f"E{number}", "name": f"企业{number}", "region": city, "organisation": body}
        one = save(SYSTEM, Enterprise(**told, key_unit=True, simulated=True))
        for outlet, more in (("W1", {}), ("W2", {"permit_number": "DW002"})):
            told = {"name": outlet, "enterprise": one, "medium": "water", **more}
            save(SYSTEM, Outlet(code=f"E{number}-{outlet}", simulated=True, **told))
    return city


@pytest.fixture
def auditor(city, sign_in):
    return sign_in("wang", city, "inspector")


@pytest.fixture
def leader(city, sign_in):
    return sign_in("li", city, "leader")


@pytest.fixture
def boss(city, sign_in):
    return sign_in("boss", city, "enterprise", Organisation.objects.get(code="O1"))


@pytest.fixture
def rival(city, sign_in):
    return sign_in("rival", city, "enterprise", Organisation.objects.get(code="O2"))


def ask(client, method, path, body=None, revision=None, status=200):
    headers = {} if revision is None else {"If-Match": f'"{revision}"'}
    more = {} if body is None else {"data": json.dumps(body), "content_type": "application/json"}
    answer = getattr(client, method.lower())(API + path, headers=headers, **more)
    assert answer.status_code == status, answer.content.decode()
    return answer.json() if "json" in answer.headers.get("Content-Type", "") else answer.content


def judged(client, audit):
    """Confirm every item, the failed ones with a demand."""
    for row in audit["items"]:
        more = {"demand": "载入许可证", "days": 20} if row["suggested"] == "failed" else {}
        path = f"/audit-items/{row['code']}/judge"
        audit = ask(client, "POST", path, {"finding": row["suggested"], **more}, row["revision"])
    return audit


def test_the_whole_way_from_the_archive_to_the_issue(auditor, leader, boss, rival):
    form = ask(auditor, "GET", "/audit-form")
    assert form["may_begin"] and {row["confidence"] for row in form["item"]} > {"MEMORY ONLY"}
    audit = ask(auditor, "POST", "/audits", {"enterprise": "E1"}, status=201)
    path = f"/audits/{audit['number']}"
    assert audit["moves"] == ["judge", "refill", "void"] and len(audit["items"]) == len(form["item"])
    assert [row["item"] for row in audit["items"] if row["suggested"] == "failed"] == [
        "outlets",
        "online_installed",
    ]
    for stranger in (boss, rival):
        assert ask(stranger, "GET", "/audits")["total"] == ask(stranger, "GET", "/audit-items")["total"] == 0
        ask(stranger, "GET", path, status=404)
    ask(leader, "POST", f"{path}/finish", {}, audit["revision"], 409)
    audit = judged(auditor, audit)
    ask(auditor, "POST", f"{path}/finish", {}, audit["revision"], 403)
    ask(leader, "POST", f"{path}/finish", {}, audit["revision"] + 1, 412)
    done = ask(leader, "POST", f"{path}/finish", {"words": "审计完成"}, audit["revision"])
    assert (done["state"], done["grade"], done["failed"], done["moves"]) == ("finished", "unknown", 2, [])
    failed = ask(boss, "GET", "/audit-items?finding=failed&standing=open&enterprise=E1")["items"]
    opened = Issue.objects.filter(channel="audit").values_list("number", flat=True)
    assert len(failed) == 2 and {row["issue"] for row in failed} == set(opened)
    shown = ask(boss, "GET", path)
    assert all(row["issue_state"] == "clue" for row in shown["items"] if row["finding"] == "failed")
    ask(rival, "GET", path, status=404)
    ask(rival, "GET", f"{path}/paper", status=404)
    words = " ".join(one.text for one in Document(io.BytesIO(ask(boss, "GET", f"{path}/paper"))).paragraphs)
    assert "环境责任审计报告" in words and "审计完成" in words
    issue = ask(leader, "GET", f"/issues/{failed[0]['issue']}")
    assert issue["source_link"] == path


def test_lists_come_as_sheets_and_the_public_reads_nothing(auditor, boss):
    number = ask(auditor, "POST", "/audits", {"enterprise": "E1"}, status=201)["number"]
    assert number in ask(auditor, "GET", "/audits?format=csv&open=true").decode("utf-8-sig")
    assert number.encode() not in ask(boss, "GET", "/audits?format=csv")
    assert ask(auditor, "GET", "/audit-items?overdue=true")["total"] == 0
    assert ask(auditor, "GET", "/audit-items?demanded=true")["total"] == 0
    assert ask(auditor, "GET", f"/audit-items?audit={number}&suggested=failed")["total"] == 2
    for path in ("/audits", f"/audits/{number}", "/audit-items", "/audit-form"):
        ask(Client(), "GET", path, status=401)


def test_nobody_begins_what_he_may_not_and_nothing_is_begun_of_nobody(auditor, leader, boss):
    ask(leader, "POST", "/audits", {"enterprise": "E1"}, status=403)
    ask(boss, "POST", "/audits", {"enterprise": "E1"}, status=403)
    ask(auditor, "POST", "/audits", {"enterprise": "E9"}, status=404)
    audit = ask(auditor, "POST", "/audits", {"enterprise": "E1", "first": "2026-01-01"}, status=201)
    ask(auditor, "POST", "/audits", {"enterprise": "E1"}, status=409)
    path = f"/audits/{audit['number']}"
    audit = ask(auditor, "POST", f"{path}/refill", revision=audit["revision"])
    ask(auditor, "POST", f"{path}/void", {}, audit["revision"], 422)
    assert ask(auditor, "POST", f"{path}/void", {"words": "停产"}, audit["revision"])["state"] == "void"
    ask(auditor, "POST", f"/audit-items/{audit['items'][0]['code']}/judge", {"finding": "unknown"}, 2, 409)
    ask(auditor, "GET", "/audits/x%00y", status=404)
