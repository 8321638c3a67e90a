"""Rates of a month from the store and the ledger, with hours counted by hand."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime
from fractions import Fraction

import pytest

from huanzhi.assess.exact import MISSING
from huanzhi.assess.quality_flags import DeviceFlag
from huanzhi.errors import InputError, StandardError
from huanzhi.library.reviews import Ledger, Role, open_ledger
from huanzhi.library.series import Feature, Store
from huanzhi.network.quality.marking import add_mark, deadline, kinds
from huanzhi.network.quality.rates import Rate, rates
from huanzhi.network.quality.running import Plan, run_checks
from huanzhi.standards.periods import CHINA, Period

from .conftest import HOUR, HOURS, OCTOBER, START, table, wave, write

NOW = datetime(2026, 10, 2, 3, tzinfo=UTC)
BEGIN, END = START + OCTOBER * HOUR, START + HOURS * HOUR
OUTLET = Feature("O1", "排放口", "outlet")
MONTH = 31 * 24


@pytest.fixture
def ledger(store: Store) -> Iterator[Ledger]:
    with open_ledger("write", store.home) as opened:
        yield opened


def put(
    store: Store, lost: range = range(0), flags: dict[int, int] | None = None, code: str = "w01018"
) -> None:
    values = wave(1, 300, 40, 25)
    values[list(lost)] = MISSING
    write(store, [table("O1", code, values, 1, flags)], [OUTLET], "o1")


def mark(ledger: Ledger, first: int, last: int, kind: str, role: Role = Role.OFFICER, at: datetime = NOW):
    return add_mark(
        ledger,
        feature="O1",
        parameter="",
        period=Period.HOUR,
        start=START + first * HOUR,
        end=START + last * HOUR,
        kind=kind,
        reason="现场记录",
        who="张",
        role=role,
        at=at,
    )


def of_series(store: Store, ledger: Ledger | None) -> Rate:
    return rates(store, ledger, BEGIN, END)[0]


def test_lost_hours_lower_the_transmission_rate(store: Store, ledger: Ledger) -> None:
    put(store, lost=range(OCTOBER, OCTOBER + 62))
    rate = of_series(store, ledger).completed
    assert (rate.due, rate.received, rate.valid) == (MONTH, MONTH - 62, MONTH - 62)
    assert rate.transmission == Fraction(MONTH - 62, MONTH) == Fraction(11, 12)
    assert rate.effective == Fraction(11, 12)


def test_device_marks_lower_the_validity_rate_once_the_checks_have_run(store: Store, ledger: Ledger) -> None:
    put(store, flags={at: int(DeviceFlag.MAINTENANCE) for at in range(OCTOBER, OCTOBER + 62)})
    assert of_series(store, ledger).completed.validity == 1
    run_checks(store, ledger, Plan(BEGIN, END), NOW)
    assert of_series(store, ledger).completed.validity == Fraction(11, 12)


def test_stops_are_not_due_by_flag_or_by_mark(store: Store, ledger: Ledger) -> None:
    put(store, flags={at: int(DeviceFlag.STOPPED) for at in range(OCTOBER, OCTOBER + 24)})
    mark(ledger, OCTOBER + 48, OCTOBER + 72, "stopped")
    rate = of_series(store, ledger).completed
    assert (rate.due, rate.received, rate.effective) == (MONTH - 48, MONTH - 48, 1)


def test_a_stop_without_values_is_not_due_either(store: Store, ledger: Ledger) -> None:
    put(store, lost=range(OCTOBER + 48, OCTOBER + 72))
    mark(ledger, OCTOBER + 48, OCTOBER + 72, "stopped")
    assert of_series(store, ledger).completed.effective == 1


def test_a_standard_check_a_day_takes_no_part(store: Store, ledger: Ledger) -> None:
    """COD has this rule, pH has not."""
    flags = {at: int(DeviceFlag.STANDARD_CHECK) for at in range(OCTOBER, HOURS, 24)}
    put(store, flags=flags)
    put(store, flags=flags, code="w01001")
    cod, ph, whole = rates(store, ledger, BEGIN, END)
    assert (cod.completed.apart, cod.completed.validity) == (31, 1)
    assert (ph.completed.apart, ph.completed.validity) == (0, Fraction(23, 24))
    assert whole.parameter == ""
    assert whole.completed == cod.completed + ph.completed


def test_values_sent_again_count_when_completed(store: Store, ledger: Ledger) -> None:
    put(store, flags={at: int(DeviceFlag.RESENT) for at in range(OCTOBER, OCTOBER + 62)})
    rate = of_series(store, ledger)
    assert rate.completed.transmission == 1
    assert rate.immediate.transmission == Fraction(11, 12)


def test_the_month_so_far_is_due_and_not_its_rest(store: Store, ledger: Ledger) -> None:
    values = wave(1, 300, 40, 25)[: OCTOBER + 100]
    write(store, [table("O1", "w01018", values, 1)], [OUTLET], "o1")
    assert of_series(store, ledger).completed.due == 100


def test_an_outlet_is_due_from_its_first_value(store: Store, ledger: Ledger) -> None:
    put(store, lost=range(OCTOBER + 100))
    assert of_series(store, ledger).completed.due == MONTH - 100


def test_an_outlet_that_fell_silent_before_is_due_all_along(store: Store, ledger: Ledger) -> None:
    put(store, lost=range(10, HOURS))
    other = table("O2", "w01018", wave(2, 300, 40, 25), 1)
    write(store, [other], [Feature("O2", "排放口", "outlet")], "o2")
    rate = of_series(store, ledger).completed
    assert (rate.due, rate.received, rate.effective) == (MONTH, 0, 0)


@pytest.mark.parametrize(
    ("year", "target"), [(2012, Fraction(75, 100)), (2017, Fraction(9, 10)), (2026, Fraction(9, 10))]
)
def test_the_target_is_that_of_the_time(store: Store, year: int, target: Fraction) -> None:
    put(store)
    begin = int(datetime(year, 10, 1, tzinfo=CHINA).timestamp())
    assert {rate.target for rate in rates(store, None, begin, begin + HOUR)} == {target}


def test_before_there_was_a_target_no_rate_is_judged(store: Store) -> None:
    put(store)
    begin = int(datetime(2009, 10, 1, tzinfo=CHINA).timestamp())
    with pytest.raises(StandardError):
        rates(store, None, begin, begin + HOUR)


def test_the_target_is_met_or_not_or_not_known(store: Store, ledger: Ledger) -> None:
    put(store, lost=range(OCTOBER, OCTOBER + 100))
    assert of_series(store, ledger).met is False
    mark(ledger, OCTOBER, OCTOBER + 100, "stopped")
    assert of_series(store, ledger).met is True
    mark(ledger, OCTOBER, HOURS, "stopped")
    assert of_series(store, ledger).met is None


def test_a_mark_is_due_by_noon_of_the_next_day() -> None:
    assert deadline(date(2026, 10, 1)) == datetime(2026, 10, 2, 12, tzinfo=CHINA)
    assert deadline(date(2022, 12, 31)) is None


def test_a_late_mark_of_an_enterprise_has_no_effect(store: Store, ledger: Ledger) -> None:
    put(store)
    noon = datetime(2026, 10, 2, 12, tzinfo=CHINA)
    in_time = datetime(2026, 10, 2, 11, 59, tzinfo=CHINA)
    assert mark(ledger, OCTOBER, OCTOBER + 62, "maintenance", Role.ENTERPRISE, noon).mark.late
    assert of_series(store, ledger).completed.validity == 1
    assert not mark(ledger, OCTOBER, OCTOBER + 62, "maintenance", Role.ENTERPRISE, in_time).mark.late
    assert of_series(store, ledger).completed.validity == Fraction(11, 12)


def test_an_officer_may_mark_later(ledger: Ledger) -> None:
    assert not mark(ledger, OCTOBER, OCTOBER + 1, "invalid", at=datetime(2027, 1, 1, tzinfo=UTC)).mark.late


def test_kinds_are_those_of_the_rules_in_force(ledger: Ledger) -> None:
    assert {"calibration", "fault", "maintenance", "standard_check"} <= set(kinds(date(2026, 10, 1)))
    with pytest.raises(InputError) as refused:
        mark(ledger, OCTOBER, OCTOBER + 1, "holiday")
    assert refused.value.key == "quality.no_kind"
