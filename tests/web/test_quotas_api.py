"""Emission quotas over the API: granted and moved by two people, pledged, lapsed, turned back."""

import json
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest

from huanzhi.ecocode.permits.models import MonthAmount
from huanzhi.ecocode.quotas.emission import passed_on
from huanzhi.ecocode.quotas.expiring import lapse
from huanzhi.ecocode.quotas.occurrences import occurrences
from huanzhi.library.accounts.checking import check
from huanzhi.library.accounts.models import Account
from huanzhi.library.enterprises.models import Enterprise, Outlet, Permit, PermitLimit
from huanzhi.library.people.models import Organisation
from huanzhi.library.places.models import Region
from huanzhi.library.records.changing import save
from huanzhi.library.rights import SYSTEM
from huanzhi.standards.periods import CHINA

pytestmark = pytest.mark.django_db
API = "/api/v1"
COD = "w01018"


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
    save(SYSTEM, Organisation(code="BANK", name="某银行", kind="bank", region=city))
    return city


@pytest.fixture
def officer(city, sign_in):
    return sign_in("chen", city, "permits")


@pytest.fixture
def leader(city, sign_in):
    return sign_in("li", city, "leader")


@pytest.fixture
def seller(city, sign_in):
    return sign_in("seller", city, "enterprise", Organisation.objects.get(code="O1"))


@pytest.fixture
def buyer(city, sign_in):
    return sign_in("buyer", city, "enterprise", Organisation.objects.get(code="O2"))


@pytest.fixture
def bank(city, sign_in):
    return sign_in("bank", city, "liaison", Organisation.objects.get(code="BANK"))


def post(client, path, body=None, status=200, revision=None):
    headers = {} if revision is None else {"If-Match": f'"{revision}"'}
    answer = client.post(API + path, json.dumps(body or {}), content_type="application/json", headers=headers)
    assert answer.status_code == status, answer.content.decode()
    return answer.json()


def get(client, path, status=200):
    answer = client.get(API + path)
    assert answer.status_code == status, answer.content.decode()
    return answer.json()


def step(client, deal, name, status=200, words="依据充分"):
    return post(
        client,
        f"/quota-deals/{deal['number']}/steps",
        {"step": name, "words": words},
        status,
        deal["revision"],
    )


def decided(leader, deal, decision="approve", status=200):
    return post(leader, f"/proposals/{deal['proposal']}/{decision}", {"reason": "同意"}, status)


def done(officer, leader, **given):
    deal = post(officer, "/quota-deals", {"commodity": COD, "contract": "HT-1", **given}, 201)
    for side in deal["consent"]:
        if not deal[f"{side}_by"]:
            deal = step(officer, deal, f"consent_{side}")
    deal = step(officer, deal, "propose")
    decided(leader, deal)
    return get(officer, f"/quota-deals/{deal['number']}")


def balance(client, enterprise):
    rows = get(client, f"/quota-balances?enterprise={enterprise}&held=true")["items"]
    return [(row["free"], row["frozen"]) for row in rows]


def test_a_grant_is_carried_out_by_a_second_person(officer, leader, seller):
    deal = post(
        officer, "/quota-deals", {"kind": "grant", "buyer": "E1", "commodity": COD, "amount": "12.5"}, 201
    )
    assert (deal["state"], deal["until"][:4]) == ("agreed", str(datetime.now(CHINA).year + 5))
    deal = step(officer, deal, "propose")
    assert deal["state"] == "proposed" and balance(officer, "E1") == []
    decided(officer, deal, status=403)
    decided(leader, deal)
    found = get(officer, f"/quota-deals/{deal['number']}")
    assert found["state"] == "done" and found["transaction"]
    assert balance(seller, "E1") == [("12.5", "0")]
    told = get(officer, f"/account-transactions/{found['transaction']}")
    assert [leg["units"] for leg in told["postings"]] == ["-12.5000", "12.5000"]
    assert len(get(seller, f"/account-transactions/{found['transaction']}")["postings"]) == 1
    assert get(officer, "/account-check?scheme=quota")["whole"]


def test_a_refusal_moves_nothing(officer, leader):
    deal = post(
        officer,
        "/quota-deals",
        {"kind": "reserve", "commodity": COD, "amount": "100", "region": "990001"},
        201,
    )
    deal = step(officer, deal, "propose")
    decided(leader, deal, "refuse")
    assert get(officer, f"/quota-deals/{deal['number']}")["state"] == "refused"
    assert get(officer, "/quota-balances?held=true")["total"] == 0


def test_both_sides_consent_to_a_transfer_and_the_term_goes_with_it(officer, leader, seller, buyer):
    until = (datetime.now(CHINA) + timedelta(days=700)).date().isoformat()
    done(officer, leader, kind="grant", buyer="E1", amount="10", until=until)
    given = {
        "kind": "transfer",
        "seller": "E1",
        "buyer": "E2",
        "commodity": COD,
        "amount": "4",
        "price": "36826",
    }
    deal = post(seller, "/quota-deals", given, 201)
    assert (deal["seller_by"], deal["buyer_by"], deal["state"]) == ("seller", "", "drafted")
    assert deal["allowed"] == ["withdraw"]
    assert step(officer, deal, "consent_buyer", 422)["error"] == "quotas.no_contract"
    deal = step(buyer, get(buyer, f"/quota-deals/{deal['number']}"), "consent_buyer")
    assert deal["state"] == "agreed" and "propose" not in deal["allowed"]
    deal = step(officer, get(officer, f"/quota-deals/{deal['number']}"), "propose")
    decided(leader, deal)
    assert (balance(seller, "E1"), balance(buyer, "E2")) == ([("6", "0")], [("4", "0")])
    assert {one.until.isoformat() for one in Account.objects.filter(sort="holding")} == {until}
    assert balance(seller, "E2") == []


def test_what_is_pledged_cannot_be_transferred_until_the_bank_lets_go(officer, leader, bank, seller):
    done(officer, leader, kind="grant", buyer="E1", amount="10")
    given = {"enterprise": "E1", "bank": "BANK", "commodity": COD, "amount": "8", "contract": "ZY-1"}
    post(seller, "/quota-pledges", given, 403)
    held = post(officer, "/quota-pledges", given, 201)
    assert balance(officer, "E1") == [("2", "8")]
    deal = post(
        officer,
        "/quota-deals",
        {
            "kind": "transfer",
            "seller": "E1",
            "buyer": "E2",
            "commodity": COD,
            "amount": "4",
            "contract": "HT",
        },
        201,
    )
    for side in ("seller", "buyer"):
        deal = step(officer, deal, f"consent_{side}")
    refused = step(officer, deal, "propose", 409)
    assert refused["error"] == "quotas.short" and "8 t/a" in refused["message"]
    assert get(bank, "/quota-pledges")["total"] == 1 and get(bank, "/quota-balances")["total"] == 0
    path = f"/quota-pledges/{held['number']}/steps"
    post(seller, path, {"step": "release", "words": "已还清"}, 403)
    released = post(bank, path, {"step": "release", "words": "贷款已结清"}, revision=held["revision"])
    assert released["state"] == "released" and released["allowed"] == []
    decided(leader, step(officer, deal, "propose"))
    assert (balance(officer, "E1"), balance(officer, "E2")) == ([("6", "0")], [("4", "0")])
    assert check("quota").whole


def test_what_is_free_when_proposed_may_be_gone_when_decided(officer, leader):
    done(officer, leader, kind="grant", buyer="E1", amount="10")
    deals = []
    for _ in range(2):
        deal = post(
            officer,
            "/quota-deals",
            {"kind": "buy_back", "seller": "E1", "commodity": COD, "amount": "6", "contract": "HG"},
            201,
        )
        deals.append(step(officer, step(officer, deal, "consent_seller"), "propose"))
    decided(leader, deals[0])
    assert decided(leader, deals[1], status=409)["error"] == "quotas.short"
    assert balance(officer, "E1") == [("4", "0")]
    reserve = get(officer, "/quota-balances?kind=reserve")["items"]
    assert [row["free"] for row in reserve] == ["6"]


def test_what_is_past_its_term_lapses_and_what_is_pledged_waits(officer, leader, city):
    until = datetime.now(CHINA).date() + timedelta(days=10)
    done(officer, leader, kind="grant", buyer="E1", amount="10", until=until.isoformat())
    given = {"enterprise": "E1", "bank": "BANK", "commodity": COD, "amount": "3", "contract": "ZY-2"}
    held = post(officer, "/quota-pledges", given, 201)
    assert get(officer, "/quota-balances?ending=true")["total"] == 1
    later = datetime.now(UTC) + timedelta(days=11)
    assert lapse(later) == {"lapsed": 1, "pledged": 1}
    assert lapse(later) == {"lapsed": 0, "pledged": 1}
    own = Account.objects.get(sort="holding")
    assert (own.free, own.frozen) == (0, 30000)
    assert held["state"] == "held" and check("quota").whole


def test_a_wrong_transaction_is_turned_back_by_two_people(officer, leader):
    deal = done(officer, leader, kind="grant", buyer="E1", amount="10")
    made = post(officer, "/quota-reversals", {"transaction": deal["transaction"], "reason": "数量有误"}, 201)
    post(leader, f"/proposals/{made['proposal']}/approve", {"reason": "核对无误"})
    assert balance(officer, "E1") == []
    back = get(officer, f"/account-transactions/{deal['transaction']}")
    assert back["reversed_by"] and get(officer, "/account-check")["whole"]
    post(officer, "/quota-reversals", {"transaction": deal["transaction"], "reason": "再次"}, 409)


def test_what_is_short_is_told_from_permit_and_emission(officer, leader, city):
    done(officer, leader, kind="grant", buyer="E1", amount="10")
    enterprise = Enterprise.objects.get(code="E1")
    permit = save(SYSTEM, Permit(code="P1", enterprise=enterprise, simulated=True))
    outlet = save(SYSTEM, Outlet(code="DW1", name="总排口", medium="water", enterprise=enterprise))
    limit = {"permit": permit, "parameter": COD, "measure": "amount", "averaging": "year", "unit": "t"}
    save(SYSTEM, PermitLimit(**limit, value="12"))
    (row,) = get(officer, "/quota-positions?enterprise=E1")["items"]
    assert (row["standing"], row["short"], row["emitted"]) == ("short_permit", "2", None)
    today = datetime.now(CHINA).date()
    told = {"parameter": COD, "year": today.year, "month": today.month, "through": 1}
    MonthAmount.objects.create(outlet=outlet, measured=13 * 10**9, **told)
    (row,) = get(officer, "/quota-positions?standing=short_emitted")["items"]
    assert (row["emitted"], row["short"]) == ("13", "3")
    (found,) = occurrences(today)
    assert (found.kind, found.enterprise, found.facts["by"]) == ("quota_short", "E1", "emission")
    assert found.day == today.replace(day=1), "of whose days nothing is known"
    (found,) = occurrences(today, {})
    assert (found.facts["by"], str(found.facts["short"])) == ("permit", "2")


def test_an_enterprise_sees_its_own_only(officer, leader, seller, buyer):
    deal = done(officer, leader, kind="grant", buyer="E1", amount="10")
    for path in ("/quota-balances", "/quota-postings", "/quota-positions", "/quota-deals", "/quota-pledges"):
        assert get(buyer, path)["total"] == 0, path
    get(buyer, f"/quota-deals/{deal['number']}", 404)
    get(buyer, f"/account-transactions/{deal['transaction']}", 404)
    get(buyer, "/quota-statements/E1", 422)
    get(buyer, "/account-check", 403)
    assert get(seller, "/quota-statements/E1")["accounts"][0]["free"] == "10"
    assert get(seller, "/quota-postings")["total"] == 1


def test_statements_and_lists_come_as_files(officer, leader):
    done(officer, leader, kind="grant", buyer="E1", amount="10")
    for form, magic in (("docx", b"PK"), ("xlsx", b"PK")):
        answer = officer.get(f"{API}/quota-statements/E1?form={form}")
        assert answer.status_code == 200 and answer.content[:2] == magic
    lines = officer.get(f"{API}/quota-postings?format=csv&headings=words").content.decode().splitlines()
    assert len(lines) == 3 and "grant" in lines[1]


WRONG = [
    ({"kind": "gift", "buyer": "E1", "amount": "1"}, "quotas.choice"),
    ({"kind": "grant", "buyer": "E9", "amount": "1"}, "quotas.side"),
    ({"kind": "grant", "buyer": "E1", "seller": "E2", "amount": "1"}, "quotas.no_such_side"),
    ({"kind": "transfer", "seller": "E1", "buyer": "E1", "amount": "1"}, "quotas.same_side"),
    ({"kind": "grant", "buyer": "E1", "amount": "0"}, "quotas.amount"),
    ({"kind": "grant", "buyer": "E1", "amount": "-1"}, "quotas.amount"),
    ({"kind": "grant", "buyer": "E1", "amount": "1.00001"}, "quotas.amount"),
    ({"kind": "grant", "buyer": "E1", "amount": "NaN"}, "quotas.amount"),
    ({"kind": "grant", "buyer": "E1", "amount": "1", "price": "x"}, "quotas.price"),
    ({"kind": "grant", "buyer": "E1", "amount": "1", "until": "2020-01-01"}, "quotas.term"),
    ({"kind": "grant", "buyer": "E1", "amount": "1", "commodity": "gold"}, "quotas.choice"),
    ({"kind": "reserve", "amount": "1"}, "quotas.region"),
]


@pytest.mark.parametrize(("given", "error"), WRONG)
def test_what_cannot_be_is_refused(officer, given, error):
    assert post(officer, "/quota-deals", {"commodity": COD, **given}, 422)["error"] == error


def test_a_stale_change_is_refused(officer):
    deal = post(
        officer, "/quota-deals", {"kind": "grant", "buyer": "E1", "commodity": COD, "amount": "1"}, 201
    )
    step(officer, deal, "withdraw")
    step(officer, deal, "propose", 412)


def test_prices_carry_their_confidence(officer):
    told = get(officer, "/quota-words")
    assert {row["confidence"] for row in told["price"]} == {"ONE SOURCE", "NOT CONFIRMED", "CONFIRMED"}
    assert told["term"]["confidence"] == "MEMORY ONLY" and told["may_grant"]


def test_the_day_on_which_the_year_passed_the_quota_is_reckoned(city):
    enterprise = Enterprise.objects.get(code="E1")
    for number in (1, 2):
        outlet = save(SYSTEM, Outlet(code=f"DW{number}", name="口", medium="water", enterprise=enterprise))
        for month in (1, 2):
            told = {"parameter": COD, "year": 2026, "month": month, "through": 1, "outlet": outlet}
            MonthAmount.objects.create(measured=28 * 10**9, days=[10**9] * 28, **told)
    day = date(2026, 3, 5)
    assert passed_on(enterprise, COD, Decimal("5.9"), day) == date(2026, 1, 3), (
        "two tonnes a day: 6 on the third"
    )
    assert passed_on(enterprise, COD, Decimal(6), day) == date(2026, 1, 4), "at the quota is within it"
    assert passed_on(enterprise, COD, Decimal(56), day) == date(2026, 2, 1)
    MonthAmount.objects.filter(month=2).update(days=[])
    assert passed_on(enterprise, COD, Decimal(60), day) == date(2026, 2, 1)
