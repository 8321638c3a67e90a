"""What the archive tells an audit, and the issues under which failed items are put right."""

from datetime import UTC, date, datetime, timedelta

import pytest

from huanzhi.center.issues.models import Issue
from huanzhi.center.issues.settings import settings as issue_settings
from huanzhi.ecocode.audits import keeping
from huanzhi.ecocode.audits.form import items
from huanzhi.ecocode.audits.models import AuditItem
from huanzhi.ecocode.files.models import Officer, QuarterVerdict
from huanzhi.ecocode.grades.models import Event
from huanzhi.ecocode.permits.models import MonthAmount
from huanzhi.ecocode.tax.models import TaxDeclaration
from huanzhi.library.enterprises.models import Enterprise, Outlet, Permit
from huanzhi.library.people.models import Organisation
from huanzhi.library.places.models import Region
from huanzhi.library.records.changing import save
from huanzhi.library.rights import SYSTEM, Actor, Held
from huanzhi.programmes.audits import evidence, working
from huanzhi.programmes.audits.filling import archive

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 20, 4, tzinfo=UTC)
FIRST, LAST = date(2025, 11, 20), date(2026, 11, 20)
AUDITOR = Actor("wang", "王", (Held("inspector", "990001/", "B1"),), "B1")
HEAD = Actor("li", "李", (Held("leader", "990001/", "B1"),), "B1")


@pytest.fixture
def firm(db, monkeypatch, tmp_path):
    monkeypatch.setenv("HUANZHI_HOME", str(tmp_path))
    city = save(SYSTEM, Region(code="990001", name="模拟市", level="city", simulated=True))
    body = save(SYSTEM, Organisation(code="O1", name="企业1", kind="enterprise", region=city))
    told = {"code": "E1", "name": "企业1", "region": city, "organisation": body}
    return save(SYSTEM, Enterprise(**told, key_unit=True, management="key", simulated=True))


def outlet(firm, code="E1-W1", **more):
    told = {"code": code, "name": code, "enterprise": firm, "medium": "water", "simulated": True}
    return save(SYSTEM, Outlet(**told, **more))


def event(firm, kind, day, until=None, facts=None, state="standing"):
    return Event.objects.create(
        code=f"{kind[:13]}-{day}", kind=kind, source=f"{kind}:{day}", enterprise=firm, region=firm.region,
        day=day, until=until, facts=facts or {}, title_zh=kind, title_en=kind, state=state, recorded=day,
    )  # fmt: skip


def findings(firm):
    return {code: told.finding for code, told in archive(firm, FIRST, LAST).items()}


def test_of_an_enterprise_of_which_nothing_is_kept_nothing_is_known(firm):
    found = findings(firm)
    known = {code for code, finding in found.items() if finding != "unknown"}
    assert known == {"penalties", "petitions", "issues_in_time"}, "the bureau's own records are known whole"


def test_every_item_looks_at_something_that_is_there():
    assert {one.looks_at for one in items().values()} <= set(evidence.EVIDENCE)
    assert {one.category for one in items().values()} <= set(issue_settings()["category"])


def test_kinds_of_events_are_those_that_rooms_tell():
    from huanzhi.ecocode.grades.settings import settings as grade_settings

    known = next(table for table in grade_settings().values() if "report_late" in table)
    assert {kind for one in items().values() for kind in one.against} <= set(known)


def test_permits_and_outlets_are_looked_at(firm):
    save(SYSTEM, Permit(code="P1", enterprise=firm, valid_from=date(2024, 1, 1), valid_to=date(2026, 6, 1)))
    outlet(firm, permit_number="P1")
    assert findings(firm)["permit_held"] == "failed" and findings(firm)["outlets"] == "compliant"
    save(SYSTEM, Permit(code="P2", enterprise=firm, valid_from=date(2026, 6, 1), valid_to=date(2031, 6, 1)))
    outlet(firm, "E1-W2")
    found = archive(firm, FIRST, LAST)
    assert found["permit_held"].finding == "compliant"
    assert "E1-W2" in found["outlets"].against[0]["zh"] and found["online_installed"].finding == "failed"


def test_monitors_are_not_asked_of_who_is_under_simplified_management(firm):
    firm.management, firm.key_unit = "simplified", False
    save(SYSTEM, firm)
    assert findings(firm)["online_installed"] == "not_applicable"


def test_events_speak_within_the_span_by_kind_and_fact(firm):
    event(firm, "report_late", date(2026, 7, 15), date(2026, 8, 1), {"duty": "report_quarter"})
    event(firm, "report_late", date(2024, 7, 15), date(2024, 8, 1), {"duty": "ledger"})
    event(firm, "disclosure_false", date(2026, 5, 1), state="struck")
    found = archive(firm, FIRST, LAST)
    assert found["execution_reports"].finding == "failed"
    assert found["execution_reports"].against[0]["until"] == "2026-08-01"
    assert found["ledger"].finding == "unknown" and found["disclosure_true"].finding == "unknown"


def test_some_items_ask_only_for_what_still_stands(firm):
    event(firm, "issue_open_overdue", date(2026, 7, 15), date(2026, 8, 1))
    assert findings(firm)["issues_in_time"] == "compliant"
    event(firm, "issue_open_overdue", date(2026, 10, 15))
    assert findings(firm)["issues_in_time"] == "failed"


def test_verdicts_hours_officers_and_tax_tell(firm):
    place = outlet(firm, permit_number="P1")
    told = {"enterprise": firm, "outlet": place, "region": firm.region, "digest": "x", "reckoned": NOW}
    common = {"parameter": "w01018", "last": LAST, **told}
    QuarterVerdict.objects.create(year=2025, quarter=3, state="exceeding", over=4, **common)
    QuarterVerdict.objects.create(year=2026, quarter=2, state="compliant", **common)
    MonthAmount.objects.create(
        outlet=place, parameter="w01018", year=2026, month=3, measured_hours=70, missing_hours=30
    )
    MonthAmount.objects.create(
        outlet=place, parameter="w01018", year=2025, month=10, measured_hours=0, missing_hours=700
    )
    save(SYSTEM, Officer(code="H1", name="张", enterprise=firm))
    TaxDeclaration.objects.create(
        number="T1", enterprise=firm, region=firm.region, quarter="2026Q2", province="浙江",
        due=date(2026, 7, 15), made=NOW, made_by="x",
    )  # fmt: skip
    found = archive(firm, FIRST, LAST)
    assert found["limits_met"].finding == "compliant" and found["limits_met"].looked == 1
    assert found["data_whole"].against[0]["zh"] == "E1-W1 2026 年缺失 30 小时，占 30%"
    assert found["officer"].finding == "failed" and found["tax_declared"].finding == "failed"
    QuarterVerdict.objects.create(year=2026, quarter=4, state="exceeding", over=2, **common)
    assert "2026Q4" in archive(firm, FIRST, LAST)["limits_met"].against[0]["en"]


def audited(firm):
    event(firm, "disclosure_late", date(2026, 4, 1))
    audit = working.begin(AUDITOR, firm, NOW)
    for row in audit.items.order_by("place"):
        more = {"demand": "补充披露", "days": 15} if row.suggested == "failed" else {}
        keeping.judge(AUDITOR, row, {"finding": row.suggested, **more}, NOW)
    audit.refresh_from_db()
    return audit


def test_finishing_opens_one_issue_for_each_failed_item_that_leads_back(firm):
    audit = audited(firm)
    assert (audit.first, audit.last) == (FIRST, LAST)
    working.finish(HEAD, audit, "", NOW)
    issue = Issue.objects.get()
    row = AuditItem.objects.get(finding="failed")
    assert (row.issue, row.standing) == (issue.number, "open")
    assert issue.channel == "audit" and issue.source_ref == f"{audit.number}@disclosure_timely"
    assert issue.enterprise == "E1" and issue.words == "补充披露" and issue.facts["due"] == "2026-12-05"
    assert working.states_of([row]) == {issue.number: "clue"}


def test_an_item_is_verified_once_its_issue_is(firm):
    working.finish(HEAD, audited(firm), "", NOW)
    later = NOW + timedelta(days=9)
    assert working.follow(later) == {"open": 1, "moved": 0}
    Issue.objects.update(state="verified")
    assert working.follow(later) == {"open": 0, "moved": 1}
    row = AuditItem.objects.get(finding="failed")
    assert (row.standing, row.verified) == ("verified", date(2026, 11, 29))
    assert working.follow(later) == {"open": 0, "moved": 0}
