"""Every room of the application: whole, without faults, for everybody, on a desk and on a phone.

Each is opened in Chinese and light, then in English and dark, then as wide as a phone; axe looks at the
first two.
"""

import json
import re
from datetime import datetime
from pathlib import Path

import pytest
from playwright.sync_api import expect
from tests.e2e.conftest import settle

from huanzhi.standards.periods import CHINA

FRONTEND = Path(__file__).parents[2] / "frontend"
AXE = FRONTEND / "node_modules" / "axe-core" / "axe.min.js"
GRAVE = ("serious", "critical")
ROOMS = {
    "desk": "/",
    "map": "/map",
    "network": "/network",
    "network-rates": "/network#rates",
    "network-gaps": "/network#gaps",
    "network-rejects": "/network#rejects",
    "place-air": "/places/{air_station}",
    "place-air-calendar": "/places/{air_station}#calendar",
    "place-air-rose": "/places/{air_station}#rose",
    "place-air-diurnal": "/places/{air_station}#diurnal",
    "place-air-why": "/places/{air_station}#why",
    "place-water": "/places/{section}",
    "place-outlet": "/places/{outlet}",
    "place-outlet-table": "/places/{outlet}#table",
    "place-outlet-marks": "/places/{outlet}#marks",
    "place-outlet-file": "/places/{outlet}#file",
    "assess": "/assess",
    "rankings": "/rankings?medium=air&by=station",
    "rankings-water": "/rankings?medium=water&by=section",
    "enterprises": "/enterprises",
    "enterprise": "/enterprises/{enterprise}",
    "enterprise-limits": "/enterprises/{enterprise}#limits",
    "statements": "/statements?show=all",
    "open-enterprises": "/open/enterprises",
    "permits": "/permits",
    "codes": "/codes",
    "codes-schemes": "/codes/schemes",
    "codes-events": "/codes/events",
    "codes-enterprise": "/codes/{enterprise}",
    "permits-holders": "/permits?tab=holders",
    "permits-allowances": "/permits?tab=allowances",
    "permits-duties": "/permits?tab=duties",
    "permits-calendar": "/permits?tab=calendar",
    "permits-lists": "/permits?tab=lists",
    "permits-reductions": "/permits?tab=reductions",
    "permits-rules": "/permits?tab=rules",
    "permit-holder": "/permits/{enterprise}",
    "open-key-lists": "/open/key-lists",
    "imports": "/imports",
    "imports-tables": "/imports?tab=tables",
    "imports-history": "/imports?tab=history",
    "registers": "/registers",
    "register": "/registers/station",
    "register-new": "/registers/river-outfall/new",
    "record": "/registers/station/{air_station}",
    "reports": "/reports",
    "onepage": "/reports/onepage",
    "standards": "/standards",
    "standard": "/standards/GB%203095-2012",
    "parameters": "/standards/parameters",
    "people": "/people",
    "people-proposals": "/people?tab=proposals",
    "people-roles": "/people?tab=roles",
    "people-keys": "/people?tab=keys",
    "people-why": "/people?tab=why",
    "person": "/people/inspector",
    "audit": "/audit",
    "issues": "/issues",
    "warnings": "/warnings",
    "warnings-sections": "/warnings/sections",
    "warnings-air": "/warnings/air",
    "warnings-cuts": "/warnings/air/cuts",
    "warnings-rules": "/warnings/rules",
    "warnings-rule-new": "/warnings/rules/new",
    "issues-board": "/issues?view=board",
    "issues-map": "/issues?view=map",
    "issues-ages": "/issues?view=ages",
    "statistics": "/statistics",
    "bulletins": "/bulletins",
    "enforcement": "/enforcement",
    "enforcement-matters": "/enforcement/matters",
    "enforcement-referrals": "/enforcement/referrals",
    "penalties": "/open/penalties",
    "rectification": "/rectification",
    "rectification-big": "/rectification?big=1",
    "rectification-list": "/rectification/list",
    "rectification-intake": "/rectification/intake",
    "rectification-returns": "/rectification/returns",
    "rectification-talks": "/rectification/talks",
    "rectification-sweeps": "/rectification/sweeps",
    "rectification-samples": "/rectification/samples",
    "rectification-open": "/open/rectification",
    "rulebooks": "/rulebooks",
    "plans": "/plans",
    "plans-ledger": "/plans?tab=ledger",
    "plans-board": "/plans?tab=board",
    "plans-gantt": "/plans?tab=gantt",
    "indicators": "/indicators",
    "indicator": "/indicators/pm25_mean",
    "targets": "/targets",
    "target": "/targets/MB-2026-0004",
    "scores": "/scores",
    "scores-effects": "/scores?tab=effects",
    "score": "/scores/KH-2026-0001",
    "patrol": "/patrol",
    "patrol-coverage": "/patrol?tab=coverage",
    "patrol-plans": "/patrol?tab=plans",
    "patrol-map": "/patrol?tab=map",
    "sightings": "/sightings",
    "sightings-rates": "/sightings?tab=rates",
    "sightings-import": "/sightings?tab=import",
    "field": "/field",
    "field-map": "/field/map",
    "field-record": "/field/record",
    "field-drafts": "/field/drafts",
    "inspections": "/inspections?show=all",
    "inspection-plans": "/inspections/plans",
    "inspection-plan": "/inspections/plans/JH-2026-001",
    "inspection-draws": "/inspections/draws",
    "inspection-draw": "/inspections/draws/SJ-2026-001",
    "inspection-pools": "/inspections/pools",
    "inspection-frequency": "/inspections/pools?pool=frequency",
    "inspection-first": "/inspections/first",
    "inspection-results": "/inspections/results",
    "petitions": "/petitions",
    "petitions-all": "/petitions?flag=all",
    "petitions-new": "/petitions/new",
    "petitions-sheets": "/petitions/sheets",
    "petitions-statistics": "/petitions/statistics",
    "petitions-rewards": "/petitions/rewards",
    "opinion": "/opinion",
    "opinion-all": "/opinion?flag=all",
    "open-report": "/open/report",
    "open-progress": "/open/progress",
    "waste": "/waste",
    "waste-ledger": "/waste?part=ledger",
    "waste-manifests": "/waste?part=manifests",
    "waste-approvals": "/waste?part=approvals",
    "waste-licences": "/waste?part=licences",
    "waste-vehicles": "/waste?part=licences&of=vehicles",
    "waste-balance": "/waste?part=balance",
    "waste-storage": "/waste?part=storage",
    "waste-pickups": "/waste?part=pickups",
    "waste-checks": "/waste?part=checks",
    "waste-findings": "/waste?part=findings",
    "hazards": "/hazards",
    "hazard-figures": "/hazards?part=figures",
    "report-coverage": "/reports/coverage?period=2026-10",
    "publications": "/publications",
    "publications-published": "/publications?tab=published",
    "publications-new": "/publications?draft=1&sort=notice",
    "open-publications": "/open/publications",
    "open-data": "/open/data",
    "open-corrections": "/open/corrections",
    "open-rewards": "/open/rewards",
    "rankings-composite": "/rankings?medium=composite&by=township",
    "disclosure": "/disclosure",
    "disclosure-findings": "/disclosure?tab=findings",
    "disclosure-lists": "/disclosure?tab=lists",
    "responsibility-audits": "/audits",
    "responsibility-items": "/audits?tab=items",
    "responsibility-audit": f"/audits/ZRSJ-{datetime.now(CHINA).year}-0001",
    "services": "/services",
    "service-firm": "/services/firms/SIM-FW-03",
    "services-works": "/services?tab=works",
    "exchange": "/exchange",
    "exchange-targets": "/exchange?tab=targets",
    "exchange-payloads": "/exchange?tab=payloads",
    "open-disclosure": "/open/disclosure",
    "open-services": "/open/services",
    "open-service-firm": "/open/services/SIM-FW-03",
    "accounts": "/accounts",
    "accounts-balances": "/accounts?tab=quotas&part=balances",
    "accounts-deals": "/accounts?tab=quotas&part=deals",
    "codes-appeals": "/codes/appeals",
    "codes-repairs": "/codes/repairs",
    "open-code": "/open/code",
    "accounts-prices": "/accounts?tab=quotas&part=prices",
    "accounts-tax": "/accounts?tab=tax",
    "accounts-rates": "/accounts?tab=tax&part=rates",
    "screen": "/screen",
    "open": "/open",
    "signin": "/signin",
    "password": "/password",
    "no-right": "/no-right",
    "nowhere": "/nothing/here",
}
ELSEWHERE = {
    "/accounts/deals/:number",
    "/codes/appeals/:number",
    "/codes/repairs/:number",
    "/open/code/:named",
    "/permits/lists/:code",
    "/permits/reports/:code",
    "/disclosure/items/:code",
    "/disclosure/lists/:code",
    "/disclosure/findings/:number",
    "/open/disclosure/:code",
    "/open/disclosure-reports/:code/:number",
    "/services/works/:number",
    "/exchange/entries/:number",
    "/imports/:upload",
    "/open/enterprises/:code",
    "/network/devices/:mn",
    "/issues/:number",
    "/warnings/air/effects/:code",
    "/hazards/:number",
    "/waste/manifests/:number",
    "/waste/approvals/:number",
    "/waste/plans/:number",
    "/waste/bookings/:number",
    "/waste/routes/:number",
    "/waste/checks/:number",
    "/enforcement/:number",
    "/enforcement/served/:code",
    "/opinion/:code",
    "/rectification/:number",
    "/rectification/talks/:number",
    "/rectification/sweeps/:code",
    "/patrol/:code",
    "/sightings/:code",
    "/field/visit",
    "/rulebooks/:code",
    "/rulebook-versions/:code",
    "/plans/:number",
    "/plan-measures/:number",
    "/accounts/pledges/:number",
    "/accounts/statements/:enterprise",
    "/accounts/tax/:number",
    "/publications/:number",
    "/open/publications/:number",
    "/reports/regions/:number",
}
"""Addresses of the preview of a file, which another test opens, of one that leads on, and of rooms whose
contents this city does not hold yet."""


@pytest.fixture
def entered():
    return "admin"


def grave(page):
    """Return what axe holds to be serious or critical, in short."""
    page.evaluate(AXE.read_text(encoding="utf-8"))
    found = page.evaluate("axe.run(document, {runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa']})")
    return [
        (one["id"], one["impact"], len(one["nodes"]), one["nodes"][0]["html"][:200])
        for one in found["violations"]
        if one["impact"] in GRAVE
    ]


def too_wide(page):
    """Return by how many pixels the page is wider than its window."""
    return page.evaluate("() => document.documentElement.scrollWidth - innerWidth")


def turn_dark_and_english(page):
    """With the keys where the room has them, else with what is remembered."""
    if page.locator(".shell").count():
        page.evaluate("() => document.activeElement?.blur()")  # a form that opens with its first field chosen
        page.keyboard.press("x")
        page.keyboard.press("y")
    else:
        page.evaluate(
            "() => { localStorage['huanzhi.theme'] = 'dark'; localStorage['huanzhi.language'] = 'en' }"
        )
        page.reload()
    settle(page)
    expect(page.locator("html")).to_have_attribute("lang", "en")
    expect(page.locator("html")).to_have_attribute("data-theme", "dark")


@pytest.mark.parametrize("name", ROOMS)
def test_room(name, page, known, open_room, shoot, faults):
    open_room(ROOMS[name].format(**known))
    shoot(name)
    seen = {"light": grave(page)}
    turn_dark_and_english(page)
    shoot(f"{name}-dark-en")
    seen["dark"] = grave(page)
    page.set_viewport_size({"width": 390, "height": 844})
    page.wait_for_timeout(200)
    wide = too_wide(page)
    shoot(f"{name}-narrow")
    assert seen == {"light": [], "dark": []}, json.dumps(seen, ensure_ascii=False, indent=1)
    assert wide <= 0
    assert faults == []


def test_every_address_of_the_application_is_looked_at():
    told = {
        path
        for file in FRONTEND.glob("src/*/routes.ts")
        for path in re.findall(
            r"path: '(/[^']*)', name|path: '(/[^']*)', (?:alias|redirect)", file.read_text()
        )
    }
    paths = {one for pair in told for one in pair if one} - ELSEWHERE
    opened = {address.split("?")[0].split("#")[0] for address in ROOMS.values()}
    missing = [path for path in paths if not any(fits(path, address) for address in opened)]
    assert missing == []


def fits(path, address):
    """Tell whether an address is one of a path with places for codes."""
    pattern = re.sub(r"/:\w+\?", "(/[^/]+)?", re.sub(r"/:\w+(?!\?|\w)", "/[^/]+", path)).replace(
        "/:rest(.*)*", "/.*"
    )
    return re.fullmatch(pattern, address) is not None
