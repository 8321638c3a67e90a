"""Codes and credit over the API: own reasons only, appeals, repairs, two people, signed codes, the public."""

import json
from datetime import UTC, date, datetime, timedelta

import pytest
from django.test import Client

from huanzhi.ecocode.grades.events import record
from huanzhi.ecocode.grades.models import Code, Event
from huanzhi.ecocode.grades.publishing import publish
from huanzhi.ecocode.grades.reckoning import due, reckon
from huanzhi.ecocode.occurrence import Occurrence
from huanzhi.library.enterprises.models import Enterprise
from huanzhi.library.people.models import Organisation
from huanzhi.library.places.models import Region
from huanzhi.library.proposals.models import Proposal
from huanzhi.library.records.changing import save
from huanzhi.library.rights import SYSTEM
from huanzhi.standards.periods import CHINA

pytestmark = pytest.mark.django_db
API = "/api/v1"
DAY = timedelta(days=1)


def today():
    return datetime.now(CHINA).date()


@pytest.fixture
def city(db, monkeypatch, tmp_path):
    monkeypatch.setenv("HUANZHI_HOME", str(tmp_path))
    city = save(SYSTEM, Region(code="990001", name="模拟市", level="city"))
    for number in (1, 2):
        body = save(
            SYSTEM, Organisation(code=f"O{number}", name=f"企业{number}", kind="enterprise", region=city)
        )
        told = {"code": f"E{number}", "name": f"企业{number}", "region": city, "organisation": body}
        save(SYSTEM, Enterprise(**told, simulated=True))
    return city


@pytest.fixture
def boss(city, sign_in):
    return sign_in("boss", city, "enterprise", Organisation.objects.get(code="O1"))


@pytest.fixture
def other(city, sign_in):
    return sign_in("other", city, "enterprise", Organisation.objects.get(code="O2"))


@pytest.fixture
def legal(city, sign_in):
    return sign_in("legal", city, "legal")


@pytest.fixture
def permits(city, sign_in):
    return sign_in("permits", city, "permits")


@pytest.fixture
def anyone():
    return Client()


def post(client, path, body=None, status=200, revision=None):
    headers = {} if revision is None else {"If-Match": f'"{revision}"'}
    answer = client.post(API + path, json.dumps(body or {}), content_type="application/json", headers=headers)
    assert answer.status_code == status, answer.content.decode()
    return answer.json()


def get(client, path, status=200):
    answer = client.get(API + path)
    assert answer.status_code == status, answer.content.decode()
    return answer.json()


def tell(*occurrences):
    done = record(SYSTEM, occurrences, datetime.now(UTC))
    reckon(SYSTEM, done.touched, today())
    reckon(SYSTEM, due(today()), today())


def run(code="E1"):
    return Occurrence(code, "compliant_run", "O1:1", today() - 60 * DAY, None, {"outlet": "O1"})


def over(code="E1", back=2):
    facts = {"outlet": "O1", "parameter": "w01018", "days_in_row": 1}
    day = today() - back * DAY
    return Occurrence(code, "exceedance_day", f"O1:{day}", day, None, facts, ("化学需氧量超标", "COD over"))


def penalty(code="E1", back=200, until=150, severity="ordinary"):
    facts = {"severity": severity, "sanction": "fine", "medium": "air", "exceedance": True}
    end = today() - until * DAY if until else None
    title = ("行政处罚 超标排放", "penalty")
    return Occurrence(code, "penalty", f"case:AJ-{code}", today() - back * DAY, end, facts, title)


def standing(client, enterprise="E1", which="code", query=""):
    rows = get(client, f"/codes/{enterprise}{query}")["standings"]
    return next(one for one in rows if one["which"] == which)


def test_the_page_says_why_and_what_ends_it(city, boss):
    tell(run(), over())
    shown = standing(boss)
    reason = shown["reasons"][0]
    assert shown["level"]["code"] == "yellow"
    assert reason["kind"]["code"] == "exceedance_day" and reason["decisive"]
    assert reason["condition"]["zh"] == "连续达标 7 天" and reason["progress"]["needed"] == 7
    assert reason["confidence"] == "DEFAULT, NOT FROM THE DOCUMENTS"
    assert standing(boss, which="credit")["scheme"]["id"] == "jiangsu"


def test_an_enterprise_never_sees_the_reasons_of_another(city, boss, other, legal):
    tell(run(), over())
    event = Event.objects.get(kind="exceedance_day").code
    get(other, "/codes/E1", 404)
    get(other, "/codes/E1/history", 404)
    get(other, f"/code-events/{event}", 404)
    post(other, f"/code-events/{event}/appeal", {"words": "不是我们"}, 404)
    assert get(other, "/code-events")["items"] == []
    assert {row["enterprise"] for row in get(other, "/codes")["items"]} == {"E2"}
    assert get(legal, f"/code-events/{event}")["enterprise"] == "E1"


def test_a_partner_sees_the_level_and_nothing_of_why(city, sign_in):
    tell(run(), over())
    department = sign_in("bank", city, "department")
    shown = standing(department)
    assert shown["level"]["code"] == "yellow" and shown["reasons"] is None and shown["score"] is None
    assert get(department, "/code-events")["items"] == []
    row = get(department, "/codes?enterprise=E1&which=code")["items"][0]
    assert row["level"] == "yellow" and not row["reasons"] and not row["score"]
    assert get(department, "/codes/E1/history")["items"][0]["reasons"] == []


def test_the_public_sees_levels_and_published_events_only(city, anyone):
    tell(run(), over(), penalty())
    publish(SYSTEM, {"case:AJ-E1": today() - 190 * DAY})
    shown = get(anyone, "/open/codes/E1")
    words = json.dumps(shown, ensure_ascii=False)
    assert [one["level"]["code"] for one in shown["levels"]] == ["yellow", "blue"]
    assert [one["title"]["zh"] for one in shown["events"]] == ["行政处罚 超标排放"]
    assert "化学需氧量" not in words and "score" not in words
    assert get(anyone, "/open/codes?q=企业1")["total"] == 1
    assert get(anyone, "/open/codes?q=企")["items"] == []
    for path in ("/codes", "/code-events", "/codes/E1", "/code-appeals", "/credit-repairs"):
        get(anyone, path, 401)


def test_what_is_the_enterprises_own_is_not_in_the_public_list(city, anyone):
    tell(run())
    Enterprise.objects.filter(code="E1").update(sensitivity="restricted")
    get(anyone, "/open/codes/E1", 404)
    assert get(anyone, "/open/codes?q=企业")["total"] == 1


def test_an_accepted_appeal_strikes_the_event_and_the_code_is_green_again(city, boss, legal):
    tell(run(), over())
    event = Event.objects.get(kind="exceedance_day").code
    made = post(boss, f"/code-events/{event}/appeal", {"words": "校准时段"}, 201)
    assert made["due"] and made["state"] == "open" and made["outcome"] is None
    post(boss, f"/code-events/{event}/appeal", {"words": "再次"}, 422)
    post(boss, f"/code-appeals/{made['number']}/decide", {"accept": True, "words": "同意"}, 403)
    decided = post(
        legal,
        f"/code-appeals/{made['number']}/decide",
        {"accept": True, "words": "校准记录属实"},
        revision=made["revision"],
    )
    assert decided["state"] == "accepted" and decided["outcome"]["after"]["state"] == "struck"
    assert standing(boss)["level"]["code"] == "green"
    before = (today() - DAY).isoformat()
    assert get(boss, f"/code-events/{event}")["states"][-1]["reason"].startswith(made["number"])
    assert standing(boss, query=f"?day={before}")["level"]["code"] == "green"
    tell(over())
    assert standing(boss)["level"]["code"] == "green", "what was struck is not told into being again"


def test_a_stale_decision_is_refused(city, boss, legal):
    tell(run(), over())
    event = Event.objects.get(kind="exceedance_day").code
    made = post(boss, f"/code-events/{event}/appeal", {"words": "校准时段"}, 201)
    body = {"accept": False, "words": "不成立"}
    post(legal, f"/code-appeals/{made['number']}/decide", body, 412, revision=99)
    post(legal, f"/code-appeals/{made['number']}/decide", body, revision=made["revision"])
    assert standing(boss)["level"]["code"] == "yellow"


def test_repair_asks_for_the_months_of_publication_the_duty_and_the_commitment(city, boss, legal):
    tell(run(), penalty())
    event = Event.objects.get(kind="penalty").code
    get(boss, f"/code-events/{event}/repair", 422)
    publish(SYSTEM, {"case:AJ-E1": today() - 40 * DAY})
    early = get(boss, f"/code-events/{event}/repair?duty_done=2026-06-01&commitment=true")
    assert early["granted"] is False and early["least_months"] == 3
    publish(SYSTEM, {"case:AJ-E1": today() - 100 * DAY})
    body = {"grade": "ordinary", "duty_done": "2026-06-01", "commitment": False, "proof": "缴款凭证"}
    made = post(boss, f"/code-events/{event}/repair", body, 201)
    assert made["checked"]["reason"]["zh"] == "未公开信用承诺"
    told = post(legal, f"/credit-repairs/{made['number']}/decide", {"grant": True, "words": "同意"}, 422)
    assert told["error"] == "grades.not_met"
    post(legal, f"/credit-repairs/{made['number']}/decide", {"grant": False, "words": "未承诺"})
    made = post(boss, f"/code-events/{event}/repair", {**body, "commitment": True}, 201)
    done = post(legal, f"/credit-repairs/{made['number']}/decide", {"grant": True, "words": "条件满足"})
    assert done["state"] == "repaired"
    assert Event.objects.get(code=event).repaired == today()


def test_a_repair_ends_the_points_from_its_day(city, boss, legal):
    tell(run(), penalty(back=100, until=60))
    publish(SYSTEM, {"case:AJ-E1": today() - 95 * DAY})
    assert standing(boss, which="credit")["score"] == "6"
    event = Event.objects.get(kind="penalty").code
    body = {"grade": "ordinary", "duty_done": "2026-06-01", "commitment": True, "proof": "缴款凭证"}
    made = post(boss, f"/code-events/{event}/repair", body, 201)
    post(legal, f"/credit-repairs/{made['number']}/decide", {"grant": True, "words": "条件满足"})
    assert standing(boss, which="credit")["score"] == "9"
    assert standing(boss, which="credit", query=f"?day={today() - DAY}")["score"] == "6"


def test_a_level_by_hand_takes_two_people_and_has_an_end(city, permits, legal, boss):
    tell(run())
    until = (today() + 10 * DAY).isoformat()
    body = {"which": "code", "level": "red", "until": until, "reason": "专项核查"}
    post(boss, "/codes/E1/by-hand", body, 403)
    post(permits, "/codes/E1/by-hand", {**body, "level": "purple"}, 422)
    made = post(permits, "/codes/E1/by-hand", body, 201)
    assert standing(boss)["level"]["code"] == "green"
    proposal = Proposal.objects.get(pk=made["proposal"])
    post(legal, f"/proposals/{proposal.pk}/approve", {"reason": "同意"})
    shown = standing(boss)
    assert (shown["level"]["code"], shown["by_hand"], shown["changes"]) == ("red", True, until)


def test_an_officer_enters_what_no_room_tells_and_accepts_the_mending(city, permits, boss):
    tell(run())
    body = {"enterprise": "E1", "kind": "data_fraud", "day": (today() - 3 * DAY).isoformat(), "words": "查实"}
    post(boss, "/code-events", body, 403)
    made = post(permits, "/code-events", body, 201)
    assert standing(boss)["level"]["code"] == "red"
    wrong = {"day": (today() - 5 * DAY).isoformat(), "words": "已整改"}
    post(permits, f"/code-events/{made['code']}/release", wrong, 422)
    right = {"day": today().isoformat(), "words": "现场验收"}
    post(permits, f"/code-events/{made['code']}/release", right, 412, revision=99)
    post(permits, f"/code-events/{made['code']}/release", right, revision=made["revision"])
    assert standing(boss)["level"]["code"] == "green"


def test_a_signed_code_is_genuine_until_one_sign_of_it_is_changed(city, boss, anyone):
    tell(run())
    token = get(boss, "/codes/E1/token")["token"]
    shown = get(anyone, f"/open/codes/{token}")
    assert shown["signed"]["genuine"] and shown["signed"]["holds"]
    assert shown["signed"]["content"]["code"] == "E1"
    head, body, signature = token.split(".")
    changed = body[:-2] + ("A" if body[-2] != "A" else "B") + body[-1]
    told = get(anyone, f"/open/codes/{head}.{changed}.{signature}", 422)
    assert told["error"] == "grades.token_damaged"
    assert "BEGIN PUBLIC KEY" in get(anyone, "/open/code-key")["pem"]


def test_figures_count_unknown_apart(city, legal):
    tell(run())
    figures = get(legal, "/code-figures?which=code")
    assert {one["code"]: one["count"] for one in figures["levels"]} == {"green": 1, "unknown": 1}
    assert figures["regions"][0]["levels"] == {"green": 1, "unknown": 1}


def test_schemes_say_what_is_not_known(city, legal):
    told = get(legal, "/code-schemes?region=990001")
    by_id = {one["id"]: one for one in told["schemes"]}
    assert told["here"] == {"code": "code_three", "credit": "jiangsu"}
    assert by_id["zhejiang_2025"]["rows"] is None and by_id["zhejiang_2025"]["lacks"]["zh"]
    assert by_id["code_three"]["rows"]["confidence"] == "DEFAULT, NOT FROM THE DOCUMENTS"
    assert {"place": "320000", "scheme": "jiangsu"}.items() <= next(
        one for one in told["chosen"] if one["place"] == "320000"
    ).items()


def test_lists_are_files_as_well(city, legal):
    tell(run(), over())
    answer = legal.get(f"{API}/codes?format=csv&which=code")
    assert answer.status_code == 200 and b"yellow" in answer.content
    assert legal.get(f"{API}/code-events?format=xlsx").status_code == 200


def test_days_ahead_are_refused(city, legal):
    tell(run())
    get(legal, f"/codes/E1?day={date.max}", 422)


def test_the_level_of_every_enterprise_is_stored_as_the_page_says(city, boss):
    tell(run(), over(), penalty())
    for sort in ("code", "credit"):
        stored = Code.objects.get(enterprise__code="E1", sort=sort)
        shown = standing(boss, which=sort)
        assert (stored.level, stored.score) == (shown["level"]["code"], shown["score"] or "")
