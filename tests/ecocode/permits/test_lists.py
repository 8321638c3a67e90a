"""Key-polluter lists, allowance by permit, coverage and reduction."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest

from huanzhi.ecocode.permits import list_drafting, list_publishing
from huanzhi.ecocode.permits.coverage import class_of, coverage
from huanzhi.ecocode.permits.models import KeyEntry, KeyList, MonthAmount, ReductionProject, ReductionTarget
from huanzhi.ecocode.permits.online import allowances
from huanzhi.ecocode.permits.reducing import progress
from huanzhi.errors import InputError, StandardError
from huanzhi.library.enterprises.models import Enterprise, Permit
from huanzhi.library.proposals.deciding import approve
from huanzhi.library.records.changing import save
from huanzhi.library.rights import SYSTEM

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 1, 12, 4, tzinfo=UTC)
OVER = NOW + timedelta(days=20)


@pytest.fixture
def drafted(city, people):
    city.month(city.outlets[0], 3, 7, year=2024)
    city.month(city.outlets[1], 3, 3, year=2024)
    return list_drafting.draft(people.officer, city.region, 2026, NOW)


def listed(held, category="water"):
    rows = KeyEntry.objects.filter(key_list=held, category=category, inside=True)
    return sorted(rows.values_list("enterprise__code", flat=True))


def test_the_share_of_any_of_three_years_lists(drafted):
    assert listed(drafted) == ["E1"]
    table = next(t for t in drafted.found["screening"]["water"]["tables"] if t["year"] == 2024 and t["known"])
    assert table["leading"][0]["cumulative"] == "70.00" and table["total"] == "10.000000"


def test_ties_are_listed_together(city, people):
    for outlet in city.outlets:
        city.month(outlet, 1, 5, year=2025)
    assert listed(list_drafting.draft(people.officer, city.region, 2026, NOW)) == ["E1", "E2"]


def test_years_before_the_three_do_not_count(city, people):
    city.month(city.outlets[0], 1, 5, year=2022)
    assert listed(list_drafting.draft(people.officer, city.region, 2026, NOW)) == []


def test_fixed_criteria_are_told_by_the_enterprise(city, people):
    owner = city.enterprises[1]
    owner.attributes = {"key_unit": {"sewage_t_per_day": 100000, "hazardous_waste_t_per_year": 500}}
    save(SYSTEM, owner)
    held = list_drafting.draft(people.officer, city.region, 2026, NOW)
    assert listed(held) == ["E2"]
    assert listed(held, "risk") == []  # may be listed, by an officer


def test_an_entry_by_hand_stays_when_the_list_is_drafted_anew(drafted, city, people):
    list_drafting.set_by_hand(people.officer, drafted, city.enterprises[0], "water", False, "已关停")
    again = list_drafting.draft(people.officer, city.region, 2026, NOW)
    assert listed(again) == []
    with pytest.raises(InputError):
        list_drafting.set_by_hand(people.officer, again, city.enterprises[0], "water", True, " ")


def test_from_draft_to_list_by_two_people(drafted, city, people):
    held = list_publishing.give_notice(people.officer, drafted, NOW)
    assert (held.notice_from, held.notice_to) == (date(2026, 1, 12), date(2026, 1, 21))
    entry = KeyEntry.objects.get(key_list=held, inside=True)
    made = list_publishing.object_to(people.own, held, entry, "", "已停产两年", NOW)
    with pytest.raises(InputError) as error:
        list_publishing.propose_publishing(people.officer, held, "可以公布", NOW)
    assert error.value.key == "permits.still_open"
    with pytest.raises(InputError) as error:
        list_publishing.propose_publishing(people.officer, held, "可以公布", OVER)
    assert error.value.key == "permits.unanswered"
    list_publishing.answer(people.officer, made, False, "核实仍在生产", OVER)
    proposal = list_publishing.propose_publishing(people.officer, held, "可以公布", OVER)
    with pytest.raises(InputError):
        approve(people.officer, proposal.pk, now=OVER)
    approve(people.second, proposal.pk, now=OVER)
    held = KeyList.objects.get(pk=held.pk)
    assert (held.state, held.published) == ("published", date(2026, 2, 1))
    assert Enterprise.objects.get(code="E1").key_unit is True
    assert list_publishing.duties_of(held.entries.all()) == ["disclosure", "online"]
    with pytest.raises(InputError):
        list_drafting.draft(people.officer, city.region, 2026, OVER)


def test_an_objection_that_is_upheld_takes_the_entry_out(drafted, people):
    held = list_publishing.give_notice(people.officer, drafted, NOW)
    entry = KeyEntry.objects.get(key_list=held, inside=True)
    made = list_publishing.object_to(people.own, held, entry, "企业1", "已停产两年", NOW)
    list_publishing.answer(people.officer, made, True, "核实已停产", NOW)
    assert listed(held) == []
    with pytest.raises(InputError):
        list_publishing.answer(people.officer, made, True, "再答", NOW)


def test_objections_are_taken_within_their_days_only(drafted, people):
    with pytest.raises(InputError):
        list_publishing.object_to(people.own, drafted, None, "", "异议", NOW)
    held = list_publishing.give_notice(people.officer, drafted, NOW)
    with pytest.raises(InputError):
        list_publishing.object_to(people.own, held, None, "", "异议", OVER)


def test_a_change_after_the_proposal_is_not_published(drafted, people):
    held = list_publishing.give_notice(people.officer, drafted, NOW)
    proposal = list_publishing.propose_publishing(people.officer, held, "可以", OVER)
    save(people.officer, held, "改动")
    with pytest.raises(InputError) as error:
        approve(people.second, proposal.pk, now=OVER)
    assert error.value.key == "records.stale"


def test_working_days_that_are_not_known_are_not_guessed(drafted, people):
    with pytest.raises(StandardError) as error:
        list_publishing.give_notice(people.officer, drafted, datetime(2039, 1, 10, tzinfo=UTC))
    assert error.value.key == "calendar.no_year"


def test_who_may_not_draft(city, people):
    for wrong in (people.own, people.reader, people.second):
        with pytest.raises(InputError):
            list_drafting.draft(wrong, city.region, 2026, NOW)


def test_an_allowance_by_hand(city):
    """Six months of a tonne each under 12 t: 6 left; the last thirty days give the rest of the year."""
    for month in range(1, 7):
        city.month(city.outlets[0], month, 1)
    found = allowances("E1", date(2026, 7, 1))[0]
    assert (found.standing.used, found.standing.left) == (Decimal(6).__int__(), 6)
    assert round(float(found.standing.forecast.likely), 3) == round(6 + 184 / 30, 3)
    assert found.standing.state == "likely_over"


def test_what_nobody_reckoned_is_unknown_and_not_nothing(city):
    found = allowances("E1", date(2026, 7, 1))[0]
    assert found.standing is None and found.series is None


def test_one_month_of_eleven_never_says_within(city):
    city.month(city.outlets[0], 10, 0.1)
    assert allowances("E1", date(2026, 11, 20))[0].standing.state == "unknown"


def test_coverage_counts_those_without_a_permit(city):
    permit = city.permits[1]
    permit.status = "revoked"
    save(SYSTEM, permit)
    found = coverage(Enterprise.objects.all(), date(2026, 6, 1), Permit.objects.all())
    assert (found["enterprises"], found["covered"], found["rate"], found["without"]) == (2, 1, "50.0", 1)
    assert found["catalogue"] == {"unknown": 2}


def test_the_class_of_an_industry_that_is_not_known_is_unknown(city):
    owner = city.enterprises[0]
    assert class_of(owner, date(2026, 6, 1)).outputs["class"] == "unknown"
    owner.industry_code, owner.attributes = "4620", {"catalogue": {"sewage_t_per_day": 800}}
    assert class_of(owner, date(2026, 6, 1)).outputs["class"] == "simplified"


def test_reduction_counts_accepted_projects_of_the_years_between(city):
    told = {"region": city.region, "parameter": "w01018"}
    target = save(
        SYSTEM, ReductionTarget(code="T", base_year=2020, base="100", year=2026, target="10", **told)
    )
    rows = [(2020, "50", True), (2024, "4", True), (2026, "3", False), (2027, "9", True)]
    projects = [
        save(
            SYSTEM,
            ReductionProject(code=f"R{n}", title="x", year=year, quantity=quantity, accepted=good, **told),
        )
        for n, (year, quantity, good) in enumerate(rows)
    ]
    city.month(city.outlets[0], 5, 2)
    found = progress(target, projects, MonthAmount.objects.select_related("outlet__region"))
    assert (found.achieved, found.planned, found.left) == (Decimal(4), Decimal(7), Decimal(6))
    assert found.online == Decimal("2.000000")
    assert progress(target, [], []).online is None
