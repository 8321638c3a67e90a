"""Reports and samples: handed in, compared, returned, late; and who may."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from huanzhi.ecocode.permits import reporting, sampling
from huanzhi.ecocode.permits.calendar import hand_over, in_state, remind, renew, waive
from huanzhi.ecocode.permits.models import Duty, Report
from huanzhi.ecocode.permits.occurrences import occurrences
from huanzhi.errors import InputError
from huanzhi.library.records.changing import save
from huanzhi.library.rights import SYSTEM

pytestmark = pytest.mark.django_db
DAY = date(2026, 10, 10)
NOW = datetime(2026, 10, 10, 4, tzinfo=UTC)
LATE = datetime(2026, 10, 20, 4, tzinfo=UTC)
SAID = {"compliance": "按证排污"}


def duty(kind, period, enterprise="E1"):
    rows = Duty.objects.select_related("enterprise__region", "enterprise__organisation", "permit")
    return rows.get(enterprise__code=enterprise, kind=kind, period=period)


@pytest.fixture
def begun(city, people):
    for month in (7, 8, 9):
        city.month(city.outlets[0], month, 1)
    renew(DAY)
    return reporting.begin(people.own, duty("report_quarter", "2026Q3"))


def filled(people, report, tonnes, now=NOW):
    reporting.fill(people.own, report, [{**report.rows[0], "tonnes": tonnes}], SAID)
    return reporting.submit(people.own, report, now)


def test_duties_are_made_once(city):
    assert renew(DAY) > 0
    assert renew(DAY) == 0


def test_a_report_begins_with_the_rows_of_the_permit(begun):
    assert [(row["outlet"], row["parameter"]) for row in begun.rows] == [("DW1", "w01018")]


def test_a_report_that_agrees_is_done_in_time(begun, people):
    done = filled(people, begun, "3.1")
    assert done.rows[0]["online"] == "3.000000" and done.rows[0]["difference"] == "0.100000"
    assert (done.rows[0]["relative"], done.agreement, done.state) == ("3.3", "agrees", "submitted")
    assert duty("report_quarter", "2026Q3").state_on(DAY) == "done"
    assert len(done.receipt) == 64 and done.receipt == reporting.receipt_of(Report.objects.get(pk=done.pk))


@pytest.mark.parametrize(("stated", "state"), [("2.5", "lower"), ("3.31", "higher"), ("3.3", "agrees")])
def test_a_report_is_held_against_the_monitors(begun, people, stated, state):
    assert filled(people, begun, stated).agreement == state


def test_too_few_months_judge_nothing(city, people):
    city.month(city.outlets[0], 9, 1)
    renew(DAY)
    report = reporting.begin(people.own, duty("report_quarter", "2026Q3"))
    done = filled(people, report, "3")
    assert done.agreement == "unknown" and done.rows[0]["known"] == "33.3"


def test_a_row_without_quantity_needs_words(begun, people):
    reporting.fill(people.own, begun, [], SAID)
    with pytest.raises(InputError) as error:
        reporting.submit(people.own, begun, NOW)
    assert error.value.key == "permits.row_open"
    reporting.fill(people.own, begun, [{**begun.rows[0], "words": "本季停产"}], SAID)
    assert reporting.submit(people.own, begun, NOW).agreement == "unknown"


@pytest.mark.parametrize("wrong", ["-1", "abc", "NaN", "1e30", "Infinity"])
def test_what_is_no_quantity_is_refused(begun, people, wrong):
    with pytest.raises(InputError):
        reporting.fill(people.own, begun, [{**begun.rows[0], "tonnes": wrong}], SAID)


def test_nothing_is_handed_in_before_the_period_is_over(city, people):
    renew(date(2026, 8, 1))
    report = reporting.begin(people.own, duty("report_quarter", "2026Q3"))
    with pytest.raises(InputError) as error:
        filled(people, report, "1", datetime(2026, 9, 30, 4, tzinfo=UTC))
    assert error.value.key == "permits.too_early"


def test_an_officer_returns_and_the_duty_is_due_again(begun, people):
    report = filled(people, begun, "1")
    with pytest.raises(InputError):
        reporting.review(people.officer, report, "returned", " ", NOW)
    back = reporting.review(people.officer, report, "returned", "与在线相差较大", NOW)
    assert back.state == "returned" and back.due == date(2026, 10, 20)
    again = duty("report_quarter", "2026Q3")
    assert (again.standing, again.due) == ("open", date(2026, 10, 20))
    done = filled(people, Report.objects.select_related("enterprise__region", "permit").get(pk=back.pk), "3")
    assert reporting.review(people.officer, done, "accepted", "", NOW).state == "accepted"
    assert [step["step"] for step in done.steps] == ["submit", "returned", "submit", "accepted"]


def test_who_may_not(begun, people):
    with pytest.raises(InputError):
        reporting.fill(people.other, begun, [], SAID)
    report = filled(people, begun, "3")
    for wrong in (people.own, people.other, people.reader):
        with pytest.raises(InputError):
            reporting.review(wrong, report, "accepted", "", NOW)


def test_a_changed_report_is_not_overwritten(begun, people):
    other = Report.objects.select_related("enterprise__region", "enterprise__organisation", "permit").get(
        pk=begun.pk
    )
    reporting.fill(people.own, begun, [], SAID)
    with pytest.raises(InputError) as error:
        reporting.fill(people.own, other, [], SAID)
    assert error.value.key == "records.stale"


def test_late_and_missing_are_told_to_the_code(begun, people):
    assert not [one for one in occurrences(DAY) if one.kind == "report_late" and "2026Q3" in one.source]
    late = [one for one in occurrences(date(2026, 10, 20)) if "2026Q3" in one.source]
    assert {one.enterprise for one in late} == {"E1", "E2"}
    assert late[0].day == date(2026, 10, 16) and late[0].until is None
    filled(people, begun, "3", LATE)
    mine = next(o for o in occurrences(date(2026, 11, 1)) if o.enterprise == "E1" and "2026Q3" in o.source)
    assert (mine.until, mine.facts["days"]) == (date(2026, 10, 20), 5)


def test_permits_that_end_are_told_to_the_code(city):
    kinds = {one.kind for one in occurrences(date(2026, 11, 1))}
    assert "permit_expiring" in kinds and "permit_expired" not in kinds
    over = [one for one in occurrences(date(2027, 1, 1)) if one.kind == "permit_expired"]
    assert {one.source for one in over} == {"permit:P1", "permit:P2"} and over[0].day == date(2027, 1, 1)


def test_a_ledger_is_marked_by_the_enterprise_and_a_report_is_not(begun, people):
    with pytest.raises(InputError):
        hand_over(people.own, duty("report_quarter", "2026Q3"), "x", DAY)
    with pytest.raises(InputError) as error:
        hand_over(people.own, duty("ledger", "2026-10"), "已记录", DAY)
    assert error.value.key == "permits.too_early"
    assert hand_over(people.own, duty("ledger", "2026-09"), "已记录", DAY).state_on(DAY) == "done"
    with pytest.raises(InputError):
        hand_over(people.other, duty("ledger", "2026-08"), "已记录", DAY)


def test_only_the_bureau_waives(begun, people):
    with pytest.raises(InputError):
        waive(people.own, duty("ledger", "2026-08"), "免")
    assert waive(people.officer, duty("ledger", "2026-08"), "停产").state_on(DAY) == "waived"


def test_each_duty_is_in_one_state(begun, people):
    filled(people, begun, "3")
    rows = Duty.objects.all()
    found = {
        name: set(in_state(rows, name, DAY)) for name in ("due", "soon", "missing", "done", "late", "waived")
    }
    assert sum(map(len, found.values())) == rows.count()
    assert all(one.state_on(DAY) == name for name, duties in found.items() for one in duties)


def test_reminders_are_given_once_before_and_once_after(begun):
    first = remind(NOW)
    assert first > 0 and remind(NOW) == 0
    assert remind(datetime(2026, 10, 17, tzinfo=UTC)) > 0


@pytest.mark.parametrize(
    ("written", "unit", "state", "judged"),
    [
        ("50", "mg/L", "value", "within"),
        ("50.1", "mg/L", "value", "over"),
        ("<4", "mg/L", "below_detection", "within"),
        ("4L", "mg/L", "below_detection", "within"),
        ("<60", "mg/L", "below_detection", "unknown"),
        ("60000", "µg/L", "value", "over"),
        ("４９．５", "mg/L", "value", "within"),
    ],
)
def test_a_result_is_held_against_the_limit_of_its_day(city, people, written, unit, state, judged):
    line = sampling.require_sample(people.own, city.outlets[0], "w01018", "quarter", DAY)
    told = {"day": DAY, "written": written, "unit": unit}
    made = sampling.hand_in(people.own, line, told, DAY)
    assert (made.value_state, made.judged) == (state, judged)


def test_a_result_does_the_duty_of_its_quarter_but_a_missing_one_does_not(city, people):
    line = sampling.require_sample(people.own, city.outlets[0], "w01018", "quarter", DAY)
    with pytest.raises(InputError):
        sampling.hand_in(people.own, line, {"day": DAY, "written": ""}, DAY)
    gone = sampling.hand_in(people.own, line, {"day": DAY, "written": "", "words": "停产"}, DAY)
    assert (gone.value_state, gone.judged) == ("missing", "unknown")
    assert duty("monitoring", "2026Q4").standing == "open"
    sampling.hand_in(people.own, line, {"day": DAY, "written": "12"}, DAY)
    assert duty("monitoring", "2026Q4").standing == "done"


def test_no_result_of_the_future_and_none_that_is_no_value(city, people):
    line = sampling.require_sample(people.own, city.outlets[0], "w01018", "quarter", DAY)
    for told in (
        {"day": date(2026, 10, 11), "written": "1"},
        {"day": DAY, "written": "-3"},
        {"day": DAY, "written": "abc"},
    ):
        with pytest.raises(InputError):
            sampling.hand_in(people.own, line, told, DAY)
    assert sampling.read_value("<0.5") == ("below_detection", Decimal("0.5"))


def test_the_limit_is_that_of_the_day(city, people):
    line = sampling.require_sample(people.own, city.outlets[0], "w01018", "quarter", DAY)
    limit = city.outlets[0].limits.get(measure="concentration")
    limit.valid_from = date(2026, 10, 5)
    save(SYSTEM, limit)
    before = sampling.hand_in(
        people.own, line, {"day": date(2026, 10, 4), "written": "99", "unit": "mg/L"}, DAY
    )
    assert (before.judged, before.limit) == ("unknown", "")
