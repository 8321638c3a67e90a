"""What a permit owes, and until when: worked from the clocks of the regulation and of the permit pages."""

from datetime import date

import pytest

from huanzhi.ecocode.permits.owing import brief, due_of, later, owed, renewal
from huanzhi.ecocode.permits.periods import Span, read, spans
from huanzhi.errors import InputError
from huanzhi.library.enterprises.models import Enterprise, Permit


def permit(**told):
    owner = Enterprise(code="E", name="E", industry_code=told.pop("industry", ""), management="key")
    return Permit(code="P", enterprise=owner, management=told.pop("management", "key"), **told)


def by_kind(one, year, kind):
    return {each.period: each for each in owed(one, year) if each.kind == kind}


def test_a_key_permit_owes_three_quarters_and_a_year():
    assert sorted(by_kind(permit(), 2026, "report_quarter")) == ["2026Q1", "2026Q2", "2026Q3"]
    assert by_kind(permit(), 2026, "report_year")["2026"].due == date(2027, 1, 31)


def test_the_days_of_the_permit_pages():
    assert due_of("report_quarter", read("2026Q3"), "")[0] == date(2026, 10, 15)
    assert due_of("report_month", read("2026-10"), "")[0] == date(2026, 11, 15)
    assert due_of("report_year", read("2026"), "4411")[0] == date(2027, 1, 15)
    assert due_of("report_year", read("2026"), "1713")[0] == date(2027, 1, 31)


def test_extensions_of_the_ministry_go_first():
    assert due_of("report_year", read("2023"), "1713")[0] == date(2024, 2, 29)
    assert due_of("report_year", read("2024"), "4412")[0] == date(2025, 1, 31)
    assert due_of("report_year", read("2024"), "1713")[0] == date(2025, 2, 28)


def test_a_simplified_permit_owes_the_year_only_and_a_registration_nothing():
    assert {one.kind for one in owed(permit(management="simplified"), 2026)} == {"report_year", "ledger"}
    assert not list(owed(permit(management="registered"), 2026))


def test_the_permit_itself_decides():
    own = permit(attributes={"reports": ["report_month"]})
    months = by_kind(own, 2026, "report_month")
    assert len(months) == 11 and "2026-12" not in months
    assert not by_kind(own, 2026, "report_year")


@pytest.mark.parametrize(
    ("begun", "kind", "span", "waived"),
    [
        (date(2026, 10, 1), "report_year", "2026", False),
        (date(2026, 10, 2), "report_year", "2026", True),
        (date(2026, 9, 1), "report_quarter", "2026Q3", False),
        (date(2026, 9, 2), "report_quarter", "2026Q3", True),
        (date(2026, 10, 22), "report_month", "2026-10", False),
        (date(2026, 10, 23), "report_month", "2026-10", True),
    ],
)
def test_who_held_a_permit_for_too_short_a_time_owes_no_report(begun, kind, span, waived):
    assert brief(permit(valid_from=begun), kind, read(span)) is waived


def test_a_period_before_the_permit_owes_nothing():
    found = by_kind(permit(valid_from=date(2026, 7, 1)), 2026, "report_quarter")
    assert sorted(found) == ["2026Q3"]


def test_a_renewal_is_due_sixty_days_before_the_last_day():
    found = renewal(permit(valid_to=date(2027, 1, 1)))
    assert found.due == date(2026, 11, 1)
    assert renewal(permit()) is None


def test_periods():
    assert [one.written for one in spans(2026, 3)] == ["2026Q1", "2026Q2", "2026Q3", "2026Q4"]
    assert read("2026H2").begins == date(2026, 7, 1)
    assert (read("2026-12").after, read("2026Q4").last) == (date(2027, 1, 1), date(2026, 12, 31))
    assert read("2026") == Span(2026, 1, 12)
    for wrong in ("2026Q5", "2026-13", "26", "2026-1", "", "２０２６"):
        with pytest.raises(InputError):
            read(wrong) if wrong != "２０２６" else read("x")


def test_the_same_day_some_months_later():
    assert later(date(2026, 1, 31), 1) == date(2026, 2, 28)
    assert later(date(2026, 11, 30), 3) == date(2027, 2, 28)
    assert later(date(2026, 3, 31), -13) == date(2025, 2, 28)
