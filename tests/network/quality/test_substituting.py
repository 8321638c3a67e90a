"""Gaps of outlets in a store, filled by HJ 75 and HJ 356."""

from __future__ import annotations

from datetime import UTC, datetime
from fractions import Fraction

import numpy as np

from huanzhi.assess.exact import MISSING
from huanzhi.assess.quality_flags import DeviceFlag
from huanzhi.library.reviews import open_ledger, reviewed
from huanzhi.library.series import KEY_SCHEMA, Feature, Source, Store
from huanzhi.network.quality.running import Plan, run_checks
from huanzhi.network.quality.substituting import find_gaps
from huanzhi.standards.periods import Period

from .conftest import HOUR, HOURS, OCTOBER, START, table, wave, write

NOW = datetime(2026, 11, 2, tzinfo=UTC)
BEGIN, END = START + OCTOBER * HOUR, START + HOURS * HOUR
AT = OCTOBER + 300
STACK = Feature("G1", "烟囱", "outlet")
DRAIN = Feature("O1", "排水口", "outlet")


def gas(store: Store, nox: np.ndarray, flags: dict[int, int] | None = None) -> None:
    """NOx in µg/m³ and a flow of 10.00 m³/s."""
    flow = np.full(HOURS, 1000)
    write(store, [table("G1", "a21002", nox, 0, flags), table("G1", "a00000", flow, 2, flags)], [STACK], "g")


def test_a_short_gap_takes_the_largest_rate_of_180_hours(store: Store) -> None:
    nox = np.full(HOURS, 35_000)
    nox[AT - 200], nox[AT - 100] = 90_000, 50_000
    nox[AT : AT + 24] = MISSING
    gas(store, nox)
    (gap,) = find_gaps(store, None, BEGIN, END)
    # 50 mg/m³ × 10 m³/s × 3600 s = 1.8 kg/h
    assert (gap.value, gap.decimals, gap.unit, gap.rule, gap.used) == (18_000, 4, "kg/h", "a", 180)
    assert (gap.start, gap.end) == (START + AT * HOUR, START + (AT + 24) * HOUR)
    assert gap.capture == Fraction(31 * 24 - 24, 31 * 24)


def test_a_long_gap_takes_that_of_720_hours(store: Store) -> None:
    nox = np.full(HOURS, 35_000)
    nox[AT - 200], nox[AT - 800] = 90_000, 99_000
    nox[AT : AT + 25] = MISSING
    gas(store, nox)
    (gap,) = find_gaps(store, None, BEGIN, END)
    assert (gap.value, gap.rule, gap.used) == (32_400, "b", 720)


def test_a_quarter_with_less_capture_takes_2160_hours_and_under_75_percent_people_decide(
    store: Store,
) -> None:
    nox = np.full(HOURS, 35_000)
    nox[OCTOBER - 500] = 99_000
    nox[AT : AT + 100] = MISSING  # 644 of 744: 86.6 %
    gas(store, nox)
    (gap,) = find_gaps(store, None, BEGIN, END)
    assert (gap.value, gap.rule) == (35_640, "c")
    keys = table("G1", "a21002", np.full(HOURS, 1), 0).select(KEY_SCHEMA.names)
    store.withdraw(keys.slice(AT + 100, 100), "测试", Source("w", "test", "w"))
    (gap,) = find_gaps(store, None, BEGIN, END)
    assert (gap.value, gap.rule) == (None, "manual")
    assert list(gap.substitutes(BEGIN)) == []


def test_hours_of_a_stop_are_no_gap(store: Store) -> None:
    nox = np.full(HOURS, 35_000)
    gas(store, nox, {at: int(DeviceFlag.STOPPED) for at in range(AT, AT + 24)})
    assert find_gaps(store, None, BEGIN, END) == []


def test_hours_that_a_mark_makes_invalid_are_a_gap(store: Store) -> None:
    nox = np.full(HOURS, 35_000) + np.arange(HOURS) % 7
    nox[AT : AT + 3] = 99_000
    gas(store, nox, {at: int(DeviceFlag.CALIBRATION) for at in range(AT, AT + 3)})
    with open_ledger("write", store.home) as ledger:
        run_checks(store, ledger, Plan(BEGIN, END, checks=("device",)), NOW)
        (gap,) = find_gaps(store, ledger, BEGIN, END)
    assert (gap.end - gap.start, gap.value) == (3 * HOUR, 12_602)


def test_waste_water_takes_the_mean_of_as_many_values_before(store: Store) -> None:
    cod = wave(1, 300, 40, 25)
    cod[AT - 4 : AT] = [281, 283, 290, 300]
    cod[AT : AT + 4] = MISSING
    write(store, [table("O1", "w01018", cod, 1)], [DRAIN], "o")
    with open_ledger("write", store.home) as ledger:
        (gap,) = find_gaps(store, ledger, BEGIN, END)
        assert (gap.value, gap.unit, gap.used, gap.number) == (288, "mg/L", 4, "HJ 356-2019")  # 288.5
        assert ledger.substitute(list(gap.substitutes(BEGIN)), "李", NOW) == (4, 0)
        ledger.approve([1, 2, 3, 4], "张", NOW)
        view = reviewed(store.window(["O1"], ["w01018"], Period.HOUR, BEGIN, END), ledger)
    at = AT - OCTOBER
    assert view.units[0, 0, at : at + 4].tolist() == [288] * 4
    assert view.substituted.sum() == 4
    assert (view.window.units[0, 0, at : at + 4] == MISSING).all()


def test_before_the_standard_nothing_is_put_in(store: Store) -> None:
    cod = wave(1, 300, 40, 25)
    cod[AT] = MISSING
    write(store, [table("O1", "w01018", cod, 1)], [DRAIN], "o")
    assert find_gaps(store, None, BEGIN - 10 * 365 * 24 * HOUR, END) == []


def test_air_stations_have_no_substitutes(store: Store) -> None:
    values = wave(1, 40, 8, 4)
    values[AT] = MISSING
    write(store, [table("A1", "a21026", values, 0)], [Feature("A1", "一号站", "air_station")], "a")
    assert find_gaps(store, None, BEGIN, END) == []
