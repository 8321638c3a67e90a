"""The kernel of grading: levels, points, release, unknown; order of telling does not matter."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from itertools import pairwise
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from huanzhi import rules
from huanzhi.rules.grading import (
    UNKNOWN,
    Band,
    Evidence,
    Happening,
    Level,
    Scheme,
    Weighing,
    decisive,
    history,
    months_later,
    standing,
)
from huanzhi.standards.model import Words

D = date(2026, 3, 1)
DAY = timedelta(days=1)
EVIDENCE = (Evidence("compliant_run", 30), Evidence("exceedance_day", 30))


def levels(*codes: str) -> tuple[Level, ...]:
    """Return levels by code."""
    return tuple(Level(code, Words(code, code), code) for code in codes)


CODE = Scheme("code_three", "code", levels("green", "yellow", "red"), evidence=EVIDENCE)
POINTS = Scheme(
    "jiangsu",
    "credit",
    levels("green", "blue", "yellow", "red", "black"),
    start=Decimal(9),
    least=Decimal(0),
    most=Decimal(12),
    bands=(
        Band("green", Decimal(11)),
        Band("blue", Decimal(6)),
        Band("yellow", Decimal(3)),
        Band("red", Decimal(1)),
    ),
    evidence=EVIDENCE,
)


def weighing(book: str = "code_triggers", output: str = "level") -> Weighing:
    """Return the weights of a shipped rulebook."""
    return Weighing(lambda day: rules.load(book, day), output)


def over(day: date, row: int = 1, until: date | None = None, outlet: str = "O1") -> Happening:
    """Return a day over the limit."""
    return Happening(
        f"over{day}{outlet}", "exceedance_day", day, until, {"outlet": outlet, "days_in_row": row}
    )


def run(day: date, until: date | None = None, outlet: str = "O1") -> Happening:
    """Return a run of days within."""
    return Happening(f"run{day}{outlet}", "compliant_run", day, until, {"outlet": outlet})


def spans(*told: Happening, scheme: Scheme = CODE, first: date = D, **more: Any) -> list[tuple[int, str]]:
    """Return the history as days after D and level."""
    made = history(scheme, told, first, None, more.get("weights") or weighing())
    return [((one.day - D).days, one.level) for one in made]


def test_nothing_known_is_unknown_and_a_run_that_ended_is_forgotten_after_thirty_days() -> None:
    assert spans() == [(0, UNKNOWN)]
    assert spans(run(D, D + 10 * DAY)) == [(0, "green"), (40, UNKNOWN)]


def test_seven_days_in_a_row_release_and_a_broken_run_does_not() -> None:
    day = D + 5 * DAY
    broken = (run(D, day), over(day), run(day + DAY, day + 7 * DAY))
    assert spans(*broken)[1] == (5, "yellow")
    assert (12, "green") not in spans(*broken)
    whole = (run(D, day), over(day), run(day + DAY, day + 8 * DAY))
    assert spans(*whole)[1:3] == [(5, "yellow"), (13, "green")]


def test_days_within_at_another_outlet_release_nothing() -> None:
    assert spans(run(D), over(D + DAY, outlet="O2")) == [(0, "green"), (1, "yellow")]


def test_three_days_in_a_row_are_red_until_the_mending_is_accepted() -> None:
    third = over(D + 2 * DAY, row=3, until=D + 9 * DAY)
    told = (over(D), over(D + DAY, 2), third, run(D + 3 * DAY))
    assert spans(*told) == [(0, "yellow"), (2, "red"), (9, "yellow"), (10, "green")]


def test_the_worst_of_two_events_counts_and_both_are_reasons() -> None:
    told = (run(D), Happening("p", "permit_expired", D + DAY, D + 20 * DAY), over(D + 2 * DAY))
    found = standing(CODE, told, D + 3 * DAY, weighing())
    assert found.level == "red"
    assert {one.event for one in found.reasons} == {"p", over(D + 2 * DAY).key}
    assert [one.event for one in decisive(CODE, found)] == ["p"]


def test_points_stay_within_their_bounds_and_crime_is_black() -> None:
    told = (run(D), Happening("c", "crime", D + DAY), Happening("o", "order", D + DAY))
    found = standing(POINTS, told, D + DAY, weighing("credit_jiangsu"))
    assert (found.level, found.score) == ("black", Decimal(0))


def test_what_is_not_complete_grades_only_by_what_forces_a_level() -> None:
    part = Scheme("national", "credit", levels("green", "blue", "yellow", "red"), complete=False)
    weights = weighing("credit_national")
    assert standing(part, [run(D), Happening("p", "penalty", D)], D, weights).level == UNKNOWN
    veto = standing(part, [run(D), Happening("h", "hidden_discharge", D)], D, weights)
    assert (veto.level, veto.score) == ("red", None)


def test_a_change_by_hand_decides_while_it_holds_and_only_for_its_scheme() -> None:
    facts = {"sort": "code", "scheme": "code_three", "level": "red"}
    hand = Happening("h", "by_hand", D + 2 * DAY, D + 4 * DAY, facts)
    assert spans(run(D), hand) == [(0, "green"), (2, "red"), (4, "green")]
    other = Happening("h", "by_hand", D + 2 * DAY, None, {**facts, "scheme": "code_five"})
    assert spans(run(D), other) == [(0, "green")]


def test_what_an_officer_ended_weighs_no_longer() -> None:
    fraud = Happening("f", "data_fraud", D + DAY, None, {}, ended=D + 6 * DAY)
    assert spans(run(D), fraud) == [(0, "green"), (1, "red"), (6, "green")]


def test_a_month_later_is_the_last_day_where_there_is_no_such_day() -> None:
    assert months_later(date(2026, 8, 31), 6) == date(2027, 2, 28)
    assert months_later(date(2023, 8, 31), 6) == date(2024, 2, 29)


KINDS = ("permit_expired", "report_late", "penalty", "data_fraud", "exceedance_day", "compliant_run")


@st.composite
def happening(draw: Any, number: int) -> Happening:
    """Return any event."""
    day = D + draw(st.integers(0, 60)) * DAY
    long = draw(st.one_of(st.none(), st.integers(1, 40)))
    facts = {"outlet": draw(st.sampled_from(("O1", "O2"))), "days_in_row": draw(st.integers(1, 4))}
    facts["severity"] = draw(st.sampled_from(("minor", "ordinary", "serious")))
    kind = draw(st.sampled_from(KINDS))
    return Happening(f"e{number}", kind, day, day + long * DAY if long else None, facts)


EVENTS = st.integers(0, 8).flatmap(lambda n: st.tuples(*(happening(number) for number in range(n))))


@given(EVENTS, st.randoms(), st.integers(0, 90))
def test_history_agrees_with_every_day_and_with_any_order_of_telling(
    told: tuple[Happening, ...], chance: Any, at: int
) -> None:
    weights, day = weighing(), D + at * DAY
    mixed = list(told)
    chance.shuffle(mixed)
    made = history(CODE, told, D, None, weights)
    assert made == history(CODE, mixed, D, None, weights)
    stretch = next(one for one in reversed(made) if one.day <= day)
    found = standing(CODE, mixed, day, weights)
    assert (found.level, found.score) == (stretch.level, stretch.score)
    assert set(found.reasons) == {one for one in stretch.reasons if one.weighs(day)}
    assert made[0].day == D and made[-1].until is None
    assert all(one.until == after.day for one, after in pairwise(made))


@given(EVENTS, st.integers(0, 90))
def test_history_from_a_later_day_is_the_same_from_there(told: tuple[Happening, ...], at: int) -> None:
    weights, day = weighing(), D + at * DAY
    whole = [one for one in history(CODE, told, D, None, weights) if one.until is None or one.until > day]
    part = history(CODE, told, day, None, weights)
    assert [(one.until, one.level) for one in whole] == [(one.until, one.level) for one in part]
