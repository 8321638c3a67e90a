"""Quotas and tax: a grant and a transfer decided by a second person, a pledge that blocks, a tax explained.

Can be run again and again: each run grants, pledges and transfers amounts of its own.
"""

import json

import pytest
from playwright.sync_api import expect
from tests.e2e.conftest import settle

COD = "w01018"


@pytest.fixture
def entered():
    return "permits"


@pytest.fixture
def leader(browser, view, states):
    """Open a page of the second person."""
    context = browser.new_context(**view, storage_state=states("leader"))
    yield context.new_page()
    context.close()


@pytest.fixture
def api(page, living):
    """Return what asks the platform as the person of the page."""

    def ask(path, body=None, status=None):
        token = page.request.get(f"{living}/api/v1/session").json()["csrf"]
        answer = page.request.fetch(
            f"{living}/api/v1{path}",
            method="GET" if body is None else "POST",
            data=None if body is None else json.dumps(body),
            headers={"Content-Type": "application/json", "X-CSRFToken": token},
        )
        assert answer.ok if status is None else answer.status == status, answer.text()
        return answer.json()

    return ask


def take(page, step, words="演练"):
    page.locator(f"[data-test=move-{step}]").click()
    page.locator("[data-test=step-words]").fill(words)
    page.locator("[data-test=take-step]").click()


def state_of(page):
    return page.locator(".detail-head .tone").first


def decide(leader, living, number, step="approve"):
    leader.goto(f"{living}/accounts/deals/{number}")
    settle(leader)
    take(leader, step)


def proposed(page, living, number):
    page.goto(f"{living}/accounts/deals/{number}")
    settle(page)
    take(page, "propose")


def traders(api):
    rows = [one for one in api("/quota-positions?limit=1000")["items"] if one["commodity"] == COD]
    return rows[0]["enterprise"], rows[1]["enterprise"]


def test_from_a_grant_to_a_transfer_that_a_pledge_blocked(page, leader, living, api, shoot, faults):
    seller, buyer = traders(api)
    page.goto(f"{living}/accounts")
    settle(page)
    page.locator("[data-test=new-deal]").click()
    dialog = page.get_by_role("dialog")
    dialog.locator("[data-test=deal-kind]").select_option("grant")
    dialog.get_by_label("受让方").fill(seller)
    dialog.get_by_label("污染物").select_option(COD)
    dialog.get_by_label("数量").fill("5")
    dialog.get_by_role("button", name="登记业务").click()
    page.wait_for_url("**/accounts/deals/PQ-*")
    number = page.url.rpartition("/")[2].partition("?")[0].partition("#")[0]
    settle(page)
    take(page, "propose")
    expect(state_of(page)).to_have_text("待审批")
    expect(page.get_by_text("须由另一人审批")).to_be_visible()
    decide(leader, living, number)
    expect(state_of(leader)).to_have_text("已办结")

    free = sum(
        float(one["free"]) for one in api(f"/quota-balances?enterprise={seller}&commodity={COD}")["items"]
    )
    bank = api("/quota-words")["banks"][0]["code"]
    given = {"enterprise": seller, "bank": bank, "commodity": COD, "contract": "ZY-演练"}
    pledge = api("/quota-pledges", {**given, "amount": f"{free - 1:.4f}"})
    deal = api(
        "/quota-deals",
        {
            "kind": "transfer",
            "seller": seller,
            "buyer": buyer,
            "commodity": COD,
            "amount": "3",
            "contract": "HT",
        },
    )
    page.goto(f"{living}/accounts/deals/{deal['number']}")
    settle(page)
    take(page, "consent_seller")
    expect(page.locator("[data-test=move-consent_seller]")).to_have_count(0)
    take(page, "consent_buyer")
    expect(state_of(page)).to_have_text("待提请审批")
    take(page, "propose")
    expect(page.get_by_role("alert")).to_contain_text("质押冻结")
    shoot("accounts-blocked")

    page.goto(f"{living}/accounts/pledges/{pledge['number']}")
    settle(page)
    take(page, "release", "质权人来函同意解除")
    expect(state_of(page)).to_have_text("已解除")
    proposed(page, living, deal["number"])
    expect(state_of(page)).to_have_text("待审批")
    decide(leader, living, deal["number"])
    expect(state_of(leader)).to_have_text("已办结")
    page.goto(f"{living}/accounts?tab=quotas&part=postings")
    settle(page)
    page.locator("[data-test=recount]").click()
    expect(page.get_by_role("status").filter(has_text="全部一致")).to_be_visible()
    shoot("accounts-postings")


def test_a_declaration_is_opened_with_its_worked_steps(page, living, shoot, faults):
    page.goto(f"{living}/accounts?tab=tax")
    settle(page)
    page.get_by_role("link", name="SB-").first.click()
    page.wait_for_url("**/accounts/tax/SB-*")
    settle(page)
    lines = page.locator("[data-test=tax-lines]")
    expect(lines).to_contain_text("污染当量数 =")
    expect(lines).to_contain_text("附表二")
    page.locator("[data-test=why-1]").click()
    expect(lines.locator("ol")).to_have_count(2)
    shoot("accounts-tax")
    page.goto(f"{living}/accounts?tab=tax&part=rates")
    settle(page)
    expect(page.get_by_text("仅凭记忆").first).to_be_visible()
