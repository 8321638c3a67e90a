"""Responsibility audits: findings with reasons, another person finishes, grade, rectification, the code."""

from datetime import UTC, date, datetime

import pytest

from huanzhi import rules
from huanzhi.ecocode.audits import keeping, paper
from huanzhi.ecocode.audits.archive import Told
from huanzhi.ecocode.audits.form import items, settings
from huanzhi.ecocode.audits.grading import BOOK, told_of
from huanzhi.ecocode.audits.models import Audit, AuditItem
from huanzhi.ecocode.audits.occurrences import occurrences
from huanzhi.errors import InputError
from huanzhi.library.documents import write_docx
from huanzhi.library.enterprises.models import Enterprise
from huanzhi.library.people.models import Organisation
from huanzhi.library.places.models import Region
from huanzhi.library.records.changing import save
from huanzhi.library.rights import ANYONE, SYSTEM, Actor, Held, visible
from huanzhi.library.trail.models import Entry as Trail

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 20, 4, tzinfo=UTC)
FIRST, LAST = date(2025, 11, 20), date(2026, 11, 20)
FACT = {
    "zh": "执行报告逾期",
    "en": "report late",
    "day": "2026-07-15",
    "until": None,
    "address": "/permits/E1",
}
ARCHIVE = {code: Told(2) for code in items()} | {"execution_reports": Told(3, (FACT,)), "officer": Told(0)}


@pytest.fixture
def firm(db, monkeypatch, tmp_path):
    monkeypatch.setenv("HUANZHI_HOME", str(tmp_path))
    city = save(SYSTEM, Region(code="990001", name="模拟市", level="city", simulated=True))
    for number in (1, 2):
        body = Organisation(code=f"O{number}", name=f"企业{number}", kind="enterprise", region=city)
        save(SYSTEM, body)
        told = {"code": f"E{number}", "name": f"企业{number}", "region": city, "organisation": body}
        save(SYSTEM, Enterprise(**told, key_unit=True, simulated=True))
    return Enterprise.objects.get(code="E1")


def someone(code, role, organisation="B1"):
    return Actor(code, code, (Held(role, "990001/", organisation),), organisation)


AUDITOR, HEAD, BRANCH = someone("wang", "inspector"), someone("li", "leader"), someone("zhou", "branch")
BOSS, RIVAL = someone("boss", "enterprise", "O1"), someone("rival", "enterprise", "O2")


def begun(firm, archive=ARCHIVE):
    return keeping.begin(AUDITOR, firm, FIRST, LAST, archive, NOW)


def confirm_all(audit, who=AUDITOR):
    for row in audit.items.order_by("place"):
        more = {"demand": "限期整改"} if row.suggested == "failed" else {}
        keeping.judge(who, row, {"finding": row.suggested, **more}, NOW)


def refused(key, work, *told):
    with pytest.raises(InputError) as error:
        work(*told)
    assert error.value.key == key


def test_the_form_names_basis_and_confidence_of_every_item_in_every_section():
    assert {one.section for one in items().values()} == set(settings()["section"])
    assert all(one.basis["zh"] and one.basis["en"] and one.confidence for one in items().values())
    assert settings()["edition"]["confidence"] == "DEFAULT, NOT FROM THE DOCUMENTS"


def test_unknown_is_not_compliant():
    assert Told(0).finding == "unknown"
    assert Told(5).finding == "compliant"
    assert Told(0, (FACT,)).finding == "failed"
    assert Told(0, applies=False).finding == "not_applicable"


def test_an_audit_begins_with_what_the_archive_says(firm):
    audit = begun(firm)
    rows = {one.item: one for one in audit.items.all()}
    assert audit.number == "ZRSJ-2026-0001" and list(rows) == list(items())
    assert rows["execution_reports"].suggested == "failed" and rows["execution_reports"].told == [FACT]
    assert rows["officer"].suggested == "unknown" and rows["permit_held"].suggested == "compliant"
    assert not any(one.finding for one in rows.values())
    refused("audits.at_work", keeping.begin, AUDITOR, firm, FIRST, LAST, ARCHIVE, NOW)
    refused("audits.span", keeping.begin, AUDITOR, firm, LAST, LAST, ARCHIVE, NOW)
    other = Enterprise.objects.get(code="E2")
    refused("rights.refused", keeping.begin, HEAD, other, FIRST, LAST, ARCHIVE, NOW)


def test_a_change_needs_a_reason_and_a_failure_a_demand(firm):
    row = begun(firm).items.get(item="officer")
    refused("audits.missing", keeping.judge, AUDITOR, row, {"finding": "compliant"}, NOW)
    refused("audits.missing", keeping.judge, AUDITOR, row, {"finding": "failed", "reason": "无"}, NOW)
    refused("audits.choice", keeping.judge, AUDITOR, row, {"finding": "perhaps"}, NOW)
    told = {"finding": "failed", "reason": "现场未见", "demand": "配备环保员", "days": 400}
    refused("audits.days", keeping.judge, AUDITOR, row, told, NOW)
    found = keeping.judge(AUDITOR, row, {**told, "days": 10}, NOW)
    assert (found.finding, found.days, found.judged_by) == ("failed", 10, "wang")
    refused("records.stale", keeping.judge, AUDITOR, row, told, NOW)
    again = keeping.judge(AUDITOR, found, {"finding": "unknown"}, NOW)
    assert (again.finding, again.demand, again.days) == ("unknown", "", None)
    last = Trail.objects.filter(kind=AuditItem.KIND, action="judge").order_by("-seq").first()
    assert last.details["before"]["finding"] == "failed" and last.details["after"]["finding"] == "unknown"


def test_refilling_keeps_what_was_found(firm):
    audit = begun(firm)
    keeping.judge(AUDITOR, audit.items.get(item="officer"), {"finding": "unknown"}, NOW)
    done = keeping.refill(AUDITOR, audit, ARCHIVE | {"officer": Told(1)}, NOW)
    row = done.items.get(item="officer")
    assert (row.suggested, row.finding) == ("compliant", "unknown")


def test_another_person_finishes_once_everything_is_judged(firm):
    audit = begun(firm)
    refused("audits.unjudged", keeping.finish, HEAD, audit, "", NOW)
    confirm_all(audit)
    audit.refresh_from_db()
    refused("rights.refused", keeping.finish, AUDITOR, audit, "", NOW)
    assert "finish" not in keeping.allowed(AUDITOR, audit) and "finish" in keeping.allowed(HEAD, audit)
    done = keeping.finish(HEAD, audit, "总体良好", NOW)
    assert (done.grade, done.failed, done.sensitivity) == ("good", 1, "own")
    row = done.items.get(item="execution_reports")
    assert (row.due, row.standing) == (date(2026, 12, 20), "open")
    refused("audits.not_now", keeping.finish, HEAD, done, "", NOW)
    refused("audits.not_now", keeping.judge, AUDITOR, row, {"finding": "compliant", "reason": "x"}, NOW)


def test_who_judged_an_item_does_not_finish(firm):
    audit = keeping.begin(BRANCH, firm, FIRST, LAST, ARCHIVE, NOW)
    confirm_all(audit, BRANCH)
    audit.refresh_from_db()
    refused("audits.same_person", keeping.finish, BRANCH, audit, "", NOW)
    assert "finish" not in keeping.allowed(BRANCH, audit)


def test_an_enterprise_sees_its_own_once_it_is_finished_and_nobody_else_does(firm):
    audit = begun(firm)
    confirm_all(audit)
    for model in (Audit, AuditItem):
        assert not visible(BOSS, model.KIND, model.objects.all()).exists()
    audit.refresh_from_db()
    keeping.finish(HEAD, audit, "", NOW)
    for model in (Audit, AuditItem):
        rows = model.objects.all()
        assert visible(BOSS, model.KIND, rows).count() == rows.count()
        assert not visible(RIVAL, model.KIND, rows).exists()
        assert not visible(ANYONE, model.KIND, rows).exists()


def test_a_void_audit_needs_a_reason_and_makes_room_for_another(firm):
    audit = begun(firm)
    refused("audits.missing", keeping.void, AUDITOR, audit, " ", NOW)
    assert keeping.void(AUDITOR, audit, "企业停产", NOW).state == "void"
    assert begun(firm).number == "ZRSJ-2026-0002"
    assert not visible(BOSS, Audit.KIND, Audit.objects.all()).exists()


def test_key_items_weigh_more_and_what_does_not_apply_weighs_nothing(firm):
    audit = begun(firm)
    rows = list(audit.items.order_by("place"))
    for row in rows:
        row.finding = "not_applicable"
    assert told_of(rows) == {"key_failed": 0, "failed": 0, "unknown_percent": 100}
    by = {one.item: one for one in rows}
    by["permit_held"].finding = by["officer"].finding = "failed"
    by["ledger"].finding, by["projects"].finding = "unknown", "compliant"
    assert told_of(rows) == {"key_failed": 1, "failed": 1, "unknown_percent": 25}


def test_the_worked_examples_of_the_rulebook_hold():
    book = rules.load(BOOK, date(2026, 11, 20))
    assert len(book.examples) >= 8
    for one in book.examples:
        assert rules.evaluate(book, one.inputs).outputs["grade"] == one.expected["grade"]


def test_an_item_follows_its_issue_and_tells_the_code_until_it_is_verified(firm):
    audit = begun(firm)
    confirm_all(audit)
    audit.refresh_from_db()
    keeping.finish(HEAD, audit, "", NOW)
    row = AuditItem.objects.get(item="execution_reports")
    (told,) = occurrences(LAST)
    assert (told.kind, told.enterprise, told.day, told.until) == ("audit_finding", "E1", LAST, None)
    assert not list(occurrences(date(2026, 11, 19)))
    assert keeping.follow(row, "HZ-1", "rectified", date(2026, 12, 1)) and row.standing == "open"
    assert not keeping.follow(row, "HZ-1", "decided", date(2026, 12, 1))
    assert keeping.follow(row, "HZ-1", "verified", date(2026, 12, 5)) and row.verified == date(2026, 12, 5)
    assert next(occurrences(date(2026, 12, 5))).until == date(2026, 12, 5)
    assert next(occurrences(date(2026, 12, 4))).until is None


def test_the_report_holds_grade_findings_and_what_is_to_be_put_right(firm, tmp_path):
    audit = begun(firm)
    draft = paper.document(audit, list(audit.items.order_by("place")))
    assert "草稿" in draft.blocks[1].text
    confirm_all(audit)
    audit.refresh_from_db()
    done = keeping.finish(HEAD, audit, "总体良好", NOW)
    made = paper.document(done, list(done.items.order_by("place")))
    assert "良好" in made.blocks[1].text and made.number == "ZRSJ-2026-0001"
    assert any("限期整改" in row for row in made.blocks[-1].rows)
    write_docx(made, tmp_path / "a.docx")
    assert (tmp_path / "a.docx").stat().st_size > 5000
