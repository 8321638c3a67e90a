"""Days of outlets become days over the limit and runs of days within; what is missing is neither."""

from __future__ import annotations

from datetime import date, timedelta

from huanzhi.ecocode.grades.events import plain_facts
from huanzhi.ecocode.occurrence import Occurrence
from huanzhi.programmes.conduct.collecting import settled
from huanzhi.programmes.conduct.days import Excess, OutletDays, exceedances, runs
from huanzhi.rules import shipped, versions
from huanzhi.rules.grading import weights

FIRST = date(2026, 11, 1)
DAY = timedelta(days=1)


def days(*words: str, second: tuple[str, ...] = ()) -> OutletDays:
    """Return an outlet with one or two parameters."""
    told = {"w01018": words, **({"w21003": second} if second else {})}
    return OutletDays("E1", "O1", "总排口", FIRST, told, {})


def test_days_in_a_row_are_counted_and_bounded():
    found = list(exceedances(days("over", "over", "within", *["over"] * 5), FIRST, 3, {}))
    assert [one.facts["days_in_row"] for one in found] == [1, 2, 1, 2, 3, 3, 3]
    assert found[0].source == "O1:w01018:20261101"


def test_days_in_a_row_reach_back_before_what_is_told():
    found = list(exceedances(days(*["over"] * 4), FIRST + 2 * DAY, 31, {}))
    assert [(one.day, one.facts["days_in_row"]) for one in found] == [
        (FIRST + 2 * DAY, 3),
        (FIRST + 3 * DAY, 4),
    ]


def test_a_run_ends_with_the_first_day_that_is_over_missing_or_of_standstill():
    for word in ("over", "missing", "stopped"):
        found = list(runs(days("within", "within", word, "within"), FIRST, None))
        assert [(one.day, one.until) for one in found] == [(FIRST, FIRST + 2 * DAY), (FIRST + 3 * DAY, None)]


def test_every_parameter_that_is_sent_counts_and_one_never_sent_does_not():
    both = days("within", "within", second=("within", "over"))
    assert [(one.day, one.until) for one in runs(both, FIRST, None)] == [(FIRST, FIRST + DAY)]
    silent = days("within", "within", second=("missing", "missing"))
    assert [(one.day, one.until) for one in runs(silent, FIRST, None)] == [(FIRST, None)]


def test_a_run_that_was_open_goes_on_under_its_own_name():
    begun = FIRST - 40 * DAY
    assert next(runs(days("within", "within"), FIRST, begun)).day == begun
    ended = next(runs(days("over", "within"), FIRST, begun))
    assert (ended.day, ended.until) == (begun, FIRST)


def test_nothing_sent_is_no_run():
    assert list(runs(days("missing", "none"), FIRST, None)) == []


def test_days_in_store_are_cut_into_stages_that_do_not_change_from_day_to_day():
    day = date(2026, 11, 22)
    told = Occurrence("E1", "waste_storage_long", "f:1", day, None, {"days": 370})
    first, second = settled(told, day)
    begun = day - 370 * DAY
    assert (first.day, first.until, first.facts["days"]) == (begun + 331 * DAY, begun + 366 * DAY, 331)
    assert (second.day, second.until, second.facts["days"]) == (begun + 366 * DAY, None, 366)
    later = Occurrence("E1", "waste_storage_long", "f:1", day, None, {"days": 371})
    assert list(settled(later, day + DAY)) == [first, second]


def test_a_permit_is_told_from_sixty_days_before_its_end():
    ends = date(2027, 1, 31)
    told = Occurrence("E1", "permit_expiring", "permit:1", ends - 90 * DAY, None, {"ends": ends})
    (made,) = settled(told, date(2026, 12, 10))
    assert (made.day, made.facts["days_left"]) == (ends - 60 * DAY, 60)
    assert list(settled(told, ends - 61 * DAY)) == []  # it has not happened yet


def test_every_scheme_can_weigh_a_day_that_tells_how_far_it_was_over():
    over = Excess("75.5", "50", "mg/L", "0.51", "GB 18918-2002")
    told = OutletDays("E1", "O1", "总排口", FIRST, {"w01018": ("over",)}, {("w01018", FIRST): over})
    (made,) = exceedances(told, FIRST, 3, {})
    facts = plain_facts(made.facts)
    assert facts["multiple"] == "0.51"
    asked = [one for name in shipped() for one in versions(name) if name.startswith(("code_", "credit_"))]
    weighed = [weights(one, one.outputs[0].name, made.kind, facts) for one in asked if "kind" in _inputs(one)]
    assert any(weighed)


def _inputs(rulebook):
    return {one.name for one in rulebook.inputs}
