"""Disclosure: who is on the list, what is owed by when, commitments, and what the patrol finds."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from huanzhi.ecocode.disclosure import findings, items, lists, patrolling, portal, reports
from huanzhi.ecocode.disclosure.known import NOTHING, Emission, Known, Penalty
from huanzhi.ecocode.disclosure.models import Draft, Entry, Finding, Item, Report
from huanzhi.ecocode.disclosure.occurrences import occurrences
from huanzhi.errors import InputError
from huanzhi.library.enterprises.models import Enterprise
from huanzhi.library.people.models import Organisation
from huanzhi.library.places.models import Region
from huanzhi.library.proposals.deciding import approve
from huanzhi.library.records.changing import save
from huanzhi.library.rights import SYSTEM, Actor, Held, visible
from huanzhi.library.trail.models import Entry as Trail

pytestmark = pytest.mark.django_db


@pytest.fixture
def city(db, monkeypatch, tmp_path):
    monkeypatch.setenv("HUANZHI_HOME", str(tmp_path))
    city = save(SYSTEM, Region(code="990001", name="模拟市", level="city", simulated=True))
    for number in (1, 2, 3):
        body = Organisation(code=f"O{number}", name=f"企业{number}", kind="enterprise", region=city)
        save(SYSTEM, body)
        told = {"code": f"E{number}", "name": f"企业{number}", "region": city, "organisation": body}
        save(SYSTEM, Enterprise(**told, key_unit=number < 3, simulated=True))
    return city


def someone(code, role, organisation="B1"):
    return Actor(code, code, (Held(role, "990001/", organisation),), organisation)


@pytest.fixture
def permits(city):
    return someone("permits", "permits")


@pytest.fixture
def leader(city):
    return someone("leader", "leader")


@pytest.fixture
def boss(city):
    return someone("boss", "enterprise", "O1")


@pytest.fixture
def other(city):
    return someone("other", "enterprise", "O2")


def at(year, month, day, hour=4):
    """Return noon of a day in China."""
    return datetime(year, month, day, hour, tzinfo=UTC)


BASIC = {"basic": {"name": "企业1", "code": "E1"}}
GIVEN = {"content": BASIC, "agreed": True, "person": "张三", "position": "法定代表人"}


def published(permits, leader, year=2025, known=NOTHING, city="990001"):
    """Draw up a list, open it, and have it published by two people."""
    held = lists.draw_up(permits, city, year, known, at(year, 3, 1))
    lists.open_notice(permits, held, at(year, 3, 3))
    made = lists.propose_publish(permits, held, "公示期满", at(year, 3, 20))
    approve(leader, made.pk, now=at(year, 3, 21))
    held.refresh_from_db()
    return held


class _Refused:
    def __init__(self, key):
        self.key = key

    def __enter__(self):
        return self

    def __exit__(self, kind, error, trace):
        assert kind is not None and issubclass(kind, InputError), f"{self.key} was not raised"
        assert error.key == self.key, error.key
        self.error = error
        return True


def test_a_list_takes_who_the_rule_names_and_lays_down_what_is_owed(permits, leader):
    held = published(permits, leader)
    assert held.state == "published" and held.published_by == "permits, leader"
    assert sorted(held.entries.values_list("enterprise__code", flat=True)) == ["E1", "E2"]
    item = Item.objects.get(code="E1-2025-A")
    assert (item.due.date(), item.year) == (date(2026, 3, 15), 2025)


def test_ten_working_days_pass_before_a_list_may_be_published(permits):
    held = lists.draw_up(permits, "990001", 2025, NOTHING, at(2025, 3, 1))
    lists.open_notice(permits, held, at(2025, 3, 3))
    assert held.notice_until.date() == date(2025, 3, 17)
    with _Refused("disclosure.notice_runs"):
        lists.propose_publish(permits, held, "急", at(2025, 3, 17))


def test_one_person_alone_publishes_nothing(permits, leader):
    held = lists.draw_up(permits, "990001", 2025, NOTHING, at(2025, 3, 1))
    lists.open_notice(permits, held, at(2025, 3, 3))
    made = lists.propose_publish(permits, held, "公示期满", at(2025, 3, 20))
    with _Refused("proposals.same_person"):
        approve(permits, made.pk, now=at(2025, 3, 21))


def test_an_objection_is_answered_before_publication_and_takes_off_when_upheld(permits, leader, boss, other):
    held = lists.draw_up(permits, "990001", 2025, NOTHING, at(2025, 3, 1))
    lists.open_notice(permits, held, at(2025, 3, 3))
    entry = Entry.objects.get(enterprise__code="E1")
    with _Refused("rights.refused"):
        lists.object_to(other, entry, "不是我", at(2025, 3, 5))
    objection = lists.object_to(boss, entry, "已不属于重点排污单位", at(2025, 3, 5))
    with _Refused("disclosure.objections_open"):
        lists.propose_publish(permits, held, "公示期满", at(2025, 3, 20))
    with _Refused("rights.refused"):
        lists.answer_objection(boss, objection, "upheld", "是", at(2025, 3, 6))
    objection.refresh_from_db()
    lists.answer_objection(permits, objection, "upheld", "核实已关停", at(2025, 3, 6))
    made = lists.propose_publish(permits, held, "公示期满", at(2025, 3, 20))
    approve(leader, made.pk, now=at(2025, 3, 21))
    assert list(Item.objects.values_list("enterprise__code", flat=True)) == ["E2"]


def test_after_the_notice_nobody_objects_any_more(permits, boss):
    held = lists.draw_up(permits, "990001", 2025, NOTHING, at(2025, 3, 1))
    lists.open_notice(permits, held, at(2025, 3, 3))
    with _Refused("disclosure.notice_over"):
        lists.object_to(boss, Entry.objects.get(enterprise__code="E1"), "晚了", at(2025, 3, 18))


@pytest.mark.parametrize(("fine", "on"), [("99999.99", False), ("100000", True)])
def test_a_listed_company_enters_by_the_events_of_the_year_before(permits, city, fine, on):
    one = Enterprise.objects.get(code="E3")
    lists.set_trait(permits, one, {"listed": True})
    known = Known((Penalty("E3", date(2024, 6, 1), "fine", "罚〔2024〕1号", "case_paper:1", Decimal(fine)),))
    held = lists.draw_up(permits, "990001", 2025, known, at(2025, 3, 1))
    rows = {entry.enterprise.code: entry for entry in held.entries.all()}
    assert ("E3" in rows) is on
    if on:
        assert rows["E3"].reasons == ["listed"] and rows["E3"].until_year == 2027
        assert rows["E3"].why["rulebook"] == "disclosure_subject"


def test_the_period_of_three_years_runs_on_without_new_events(permits, leader):
    one = Enterprise.objects.get(code="E3")
    event = {"day": "2024-05-01", "sort": "halted", "amount": None, "document": ""}
    lists.set_trait(permits, one, {"bond": True, "events": [event]})
    published(permits, leader, 2025)
    for year, on in ((2026, True), (2027, True)):
        held = lists.draw_up(permits, "990001", year, NOTHING, at(year, 3, 1))
        assert held.entries.filter(enterprise=one).exists() is on
    lists.draw_up(permits, "990001", 2028, NOTHING, at(2028, 3, 1))
    assert not Entry.objects.filter(list__year=2028, enterprise=one).exists()


def test_an_audit_keeps_on_the_list_to_the_third_year_after_acceptance(permits):
    one = Enterprise.objects.get(code="E3")
    lists.set_trait(permits, one, {"audit_from": 2022, "audit_accepted": 2023})
    found = {}
    for year in (2026, 2027):
        held = lists.draw_up(permits, "990001", year, NOTHING, at(year, 3, 1))
        found[year] = held.entries.filter(enterprise=one).exists()
    assert found == {2026: True, 2027: False}


def test_what_came_before_the_list_is_owed_ten_working_days_after_it(permits, leader, boss):
    published(permits, leader)
    one = Enterprise.objects.get(code="E1")
    early = items.open_temporary(boss, one, "permit", date(2025, 2, 1), "许可证延续")
    later = items.open_temporary(boss, one, "penalty", date(2025, 6, 2), "行政处罚", document="罚1号")
    assert (early.sort, early.due.date()) == ("backfill", date(2025, 4, 7))
    assert (later.sort, later.due.date()) == ("temporary", date(2025, 6, 9))
    with _Refused("disclosure.not_on_list"):
        items.open_temporary(permits, Enterprise.objects.get(code="E3"), "permit", date(2025, 6, 2), "许可证")


def test_a_report_needs_the_commitment_the_sections_and_its_own_people(permits, leader, boss, other):
    published(permits, leader)
    item = Item.objects.get(code="E1-2025-A")
    with _Refused("disclosure.period_runs"):
        reports.disclose(boss, item, GIVEN, at(2025, 12, 31))
    with _Refused("disclosure.no_commitment"):
        reports.disclose(boss, item, {**GIVEN, "agreed": False}, at(2026, 3, 1))
    with _Refused("disclosure.field") as told:
        reports.disclose(boss, item, {**GIVEN, "content": {"basic": {"name": "企业1"}}}, at(2026, 3, 1))
    assert told.error.place["column"] == "basic.code"
    wrong = {**BASIC, "pollution": {"cod": "1e3"}}
    with _Refused("disclosure.field") as told:
        reports.disclose(boss, item, {**GIVEN, "content": wrong}, at(2026, 3, 1))
    assert told.error.place["column"] == "pollution.cod"
    with _Refused("disclosure.no_section"):
        reports.disclose(
            boss, item, {**GIVEN, "content": {**BASIC, "finance": {"form": "债"}}}, at(2026, 3, 1)
        )
    for actor in (other, permits):
        with _Refused("rights.refused"):
            reports.disclose(actor, item, GIVEN, at(2026, 3, 1))
    assert not Report.objects.exists()
    made = reports.disclose(boss, item, GIVEN, at(2026, 3, 15))
    assert not made.late and reports.sound(made)
    assert made.commitment["person"] == "张三" and made.commitment["version"] == "1"


def test_a_correction_keeps_the_version_before_and_says_why(permits, leader, boss):
    published(permits, leader)
    item = Item.objects.get(code="E1-2025-A")
    first = reports.disclose(boss, item, GIVEN, at(2026, 3, 1))
    item.refresh_from_db()
    with _Refused("disclosure.no_reason"):
        reports.disclose(boss, item, GIVEN, at(2026, 4, 1))
    changed = {**BASIC, "pollution": {"cod": "12.5"}}
    told = {**GIVEN, "content": changed, "reason": "排放量核算更正"}
    second = reports.disclose(boss, item, told, at(2026, 4, 1))
    assert (second.number, second.late) == (2, False)
    first.refresh_from_db()
    assert first.content == BASIC and reports.sound(first)
    shown = portal.version("E1-2025-A", 2)
    assert shown["commitment"]["person"] == "张*" and shown["reason"] == "排放量核算更正"
    page = portal.page("E1", at(2026, 5, 1))
    assert [one["number"] for one in page["items"][0]["versions"]] == [2, 1]


def test_a_draft_is_seen_by_its_own_people_only_and_never_by_the_public(permits, leader, boss, other):
    published(permits, leader)
    item = Item.objects.get(code="E1-2025-A")
    draft = reports.keep_draft(boss, item, {"basic": {"name": "秘密草稿"}}, at(2026, 2, 1))
    reports.attach(boss, item, "监测报告.pdf", b"%PDF-1.4", at(2026, 2, 1))
    for actor in (other, permits, leader, Actor("")):
        assert not visible(actor, Draft.KIND, Draft.objects.all()).exists()
    assert list(visible(boss, Draft.KIND, Draft.objects.all())) == [draft]
    assert "秘密草稿" not in str(portal.page("E1", at(2026, 2, 2)))
    with _Refused("disclosure.none"):
        portal.version("E1-2025-A", 1)
    made = reports.disclose(boss, item, GIVEN, at(2026, 3, 1))
    assert [one["name"] for one in made.attachments] == ["监测报告.pdf"] and not Draft.objects.exists()


def test_the_patrol_finds_what_is_missing_and_cures_it_when_it_comes_late(permits, leader, boss):
    published(permits, leader)
    assert patrolling.patrol(NOTHING, at(2026, 3, 15))["found"] == 0
    assert patrolling.patrol(NOTHING, at(2026, 3, 16))["found"] == 2
    assert patrolling.patrol(NOTHING, at(2026, 3, 17)) == {"owed": 0, "found": 0, "cured": 0}
    item = Item.objects.get(code="E1-2025-A")
    made = reports.disclose(boss, item, GIVEN, at(2026, 3, 20))
    assert made.late
    done = patrolling.patrol(NOTHING, at(2026, 3, 21))
    assert done == {"owed": 0, "found": 1, "cured": 1}
    sorts = dict(Finding.objects.filter(item=item).values_list("sort", "state"))
    assert sorts == {"annual_missing": "cured", "annual_late": "open"}
    told = {one.enterprise: one for one in occurrences(date(2026, 3, 30))}
    assert (told["E1"].kind, told["E1"].day, told["E1"].until) == (
        "disclosure_late",
        date(2026, 3, 16),
        date(2026, 3, 20),
    )
    assert told["E2"].until is None and len(told) == 2
    assert not list(occurrences(date(2026, 3, 15)))


def test_the_patrol_compares_with_what_is_known(permits, leader, boss):
    published(permits, leader)
    item = Item.objects.get(code="E1-2025-A")
    content = {**BASIC, "management": {"permit": "P9"}, "pollution": {"cod": "8", "so2": "10"}}
    reports.disclose(boss, item, {**GIVEN, "content": content}, at(2026, 3, 1))
    penalty = Penalty("E1", date(2025, 7, 1), "fine", "罚〔2025〕8号", "case_paper:8", Decimal(20000))
    emissions = {("E1", 2025, "w01018"): Emission(Decimal(10), "online")}
    emissions |= {("E1", 2025, "a21026"): Emission(Decimal("10.5"), "online")}
    known = Known((penalty,), emissions, {"E1": frozenset({"P1"})})
    patrolling.patrol(known, at(2026, 3, 2))
    found = {one.sort: one for one in Finding.objects.filter(item=item)}
    assert set(found) == {"permit_wrong", "penalty_absent", "emission_differs"}
    told = found["emission_differs"].told
    assert (told["field"], told["difference_percent"], told["known"]) == ("cod", "20.0", "10")
    temporary = Item.objects.get(source="case_paper:8")
    assert (temporary.sort, temporary.due.date()) == ("temporary", date(2025, 7, 8))
    held = {**content, "management": {"permit": "P1"}, "pollution": {"cod": "10", "so2": "10"}}
    held["breaches"] = {"documents": "罚〔2025〕8号"}
    item.refresh_from_db()
    reports.disclose(boss, item, {**GIVEN, "content": held, "reason": "更正"}, at(2026, 3, 3))
    patrolling.patrol(known, at(2026, 3, 4))
    assert set(Finding.objects.filter(item=item).values_list("state", flat=True)) == {"cured"}


def test_a_finding_is_noticed_answered_and_confirmed_and_then_weighs(permits, leader, boss, other):
    published(permits, leader)
    item = Item.objects.get(code="E1-2025-A")
    reports.disclose(
        boss, item, {**GIVEN, "content": {**BASIC, "management": {"permit": "P9"}}}, at(2026, 3, 1)
    )
    patrolling.patrol(Known(permits={"E1": frozenset({"P1"})}), at(2026, 3, 2))
    finding = Finding.objects.get(sort="permit_wrong")
    with _Refused("rights.refused"):
        findings.move(boss, finding, "notice", {"words": "x"}, at(2026, 3, 2))
    finding = findings.move(permits, finding, "notice", {"words": "请核对"}, at(2026, 3, 2))
    assert finding.reply_by.date() == date(2026, 3, 9)
    for actor in (other, permits):
        with pytest.raises(InputError):
            findings.move(actor, finding, "reply", {"words": "x"}, at(2026, 3, 3))
    finding = findings.move(boss, finding, "reply", {"words": "笔误"}, at(2026, 3, 3))
    assert not [one for one in occurrences(date(2026, 3, 5)) if one.kind == "disclosure_false"]
    finding = findings.move(permits, finding, "confirm", {"words": "属实"}, at(2026, 3, 5))
    (told,) = [one for one in occurrences(date(2026, 3, 6)) if one.kind == "disclosure_false"]
    assert (told.day, told.source) == (date(2026, 3, 5), f"disclosure_finding:{finding.number}")
    assert {"notice", "reply", "confirm"} <= set(
        Trail.objects.filter(kind="disclosure_finding").values_list("action", flat=True)
    )


def test_a_version_that_somebody_changed_in_the_database_is_found(permits, leader, boss):
    published(permits, leader)
    made = reports.disclose(boss, Item.objects.get(code="E1-2025-A"), GIVEN, at(2026, 3, 1))
    Report.objects.filter(pk=made.pk).update(content={**BASIC, "pollution": {"cod": "1"}})
    patrolling.patrol(NOTHING, at(2026, 3, 2))
    assert Finding.objects.get(item=made.item).sort == "commitment_broken"
    assert portal.version("E1-2025-A", 1)["sound"] is False
