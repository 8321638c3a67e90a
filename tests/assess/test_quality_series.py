"""Checks of one series: each finds its fault at the right times, and leaves clean series alone.

Stated figure: on clean series (daily cycle, noise, rounded to the decimals of the instrument) the share of
values that the shape checks mark falsely stays below 0.2 %, with the thresholds that ship.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from huanzhi import standards
from huanzhi.assess.exact import MISSING
from huanzhi.assess.quality_series import (
    clipped_under,
    flat_line,
    gaps,
    longer_than,
    out_of_range,
    plateau_under,
    rate_of_change,
    repeated_pattern,
    runs,
)

ACCEPTED = 0.002
"""Share of clean values that may be marked."""

HOURS = 24 * 60
FLAT = standards.edition("QUALITY CHECKS", "1").table("flat").row("default")
REPEATED = standards.edition("QUALITY CHECKS", "1").table("repeated").row("default")
CLIPPED = standards.edition("QUALITY CHECKS", "1").table("clipped").row("crowd")
PLATEAU = standards.edition("QUALITY CHECKS", "1").table("clipped").row("plateau")
RATE = standards.edition("QUALITY CHECKS", "1").table("rate").row("default")

# (name, mean, daily swing, noise, hour-to-hour memory, decimals) of instruments as they report
KINDS = [
    ("PM2.5", 38.0, 8.0, 6.0, 0.9, 0),
    ("low PM2.5", 9.0, 2.0, 2.0, 0.9, 0),
    ("CO", 0.6, 0.1, 0.08, 0.9, 1),
    ("SO2", 7.0, 1.0, 0.8, 0.8, 0),
    ("O3", 70.0, 45.0, 10.0, 0.8, 0),
    ("COD", 32.0, 6.0, 3.0, 0.7, 1),
    ("NH3-N", 1.4, 0.4, 0.2, 0.7, 3),
    ("TP", 0.18, 0.03, 0.02, 0.8, 2),
    ("flow", 20.0, 6.0, 1.5, 0.6, 2),
    ("stack NOx", 42000.0, 3000.0, 2500.0, 0.7, 0),
]


def clean(seed: int, mean: float, swing: float, noise: float, memory: float, decimals: int) -> np.ndarray:
    """Return a clean series: daily cycle, weather that drifts, noise of the instrument, rounding."""
    rng = np.random.default_rng(seed)
    steps = rng.normal(0.0, noise * np.sqrt(1 - memory**2), HOURS)
    drift = np.empty(HOURS)
    drift[0] = rng.normal(0.0, noise)
    for place in range(1, HOURS):
        drift[place] = memory * drift[place - 1] + steps[place]
    cycle = swing * np.sin(2 * np.pi * (np.arange(HOURS) - 9) / 24)
    values = np.maximum(mean + cycle + drift + rng.normal(0.0, noise / 4, HOURS), 0.02 * mean)
    return np.rint(values * 10**decimals).astype(np.int64)


def shape_checks(values: np.ndarray) -> Iterator[np.ndarray]:
    """Run the shape checks with the thresholds that ship."""
    top = int(np.quantile(values, 0.95))
    yield rate_of_change(values, top * int(RATE["percent"]) // 100, RATE["factor"])
    yield flat_line(values, FLAT["least"], FLAT["most"], float(FLAT["alpha"]))
    yield repeated_pattern(
        values, REPEATED["least"], REPEATED["most"], REPEATED["distinct"], float(REPEATED["alpha"])
    )
    for share in (0.9, 1.0, 1.1, 1.5):  # of the largest value: limits near and above what is measured
        limit = int(values.max() * share)
        band = max(limit * int(CLIPPED["percent"]) // 100, 1)
        yield clipped_under(values, limit, band, CLIPPED["least"], CLIPPED["factor"])
        wide = max(limit * int(PLATEAU["percent"]) // 100, 1)
        yield plateau_under(values, limit, wide, PLATEAU["least"], float(PLATEAU["alpha"]))


@pytest.mark.parametrize("kind", KINDS, ids=[kind[0] for kind in KINDS])
def test_clean_series_are_left_alone(kind: tuple[str, float, float, float, float, int]) -> None:
    marked = [mask.mean() for seed in range(12) for mask in shape_checks(clean(seed, *kind[1:]))]
    assert np.mean(marked) < ACCEPTED


@settings(max_examples=60)
@given(
    seed=st.integers(0, 2**32 - 1),
    mean=st.floats(5.0, 500.0),
    swing=st.floats(0.0, 0.5),
    noise=st.floats(0.05, 0.25),
    memory=st.floats(0.0, 0.95),
    decimals=st.integers(0, 2),
)
def test_any_clean_series_is_left_alone(
    seed: int, mean: float, swing: float, noise: float, memory: float, decimals: int
) -> None:
    """What changes by the hour is at least half a step of the instrument; below that it is a flat line."""
    steady = max(noise * mean, 0.5 * 10.0**-decimals / np.sqrt(1 - memory**2))
    values = clean(seed, mean, swing * mean, steady, memory, decimals)
    assert np.mean([mask.mean() for mask in shape_checks(values)]) < ACCEPTED


def test_runs_are_first_and_last_plus_one() -> None:
    assert runs([True, True, False, True]).tolist() == [[0, 2], [3, 4]]
    assert runs([False]).tolist() == []
    assert longer_than([True, True, False, True], 2).tolist() == [True, True, False, False]


def test_out_of_range_allows_both_ends_and_skips_missing() -> None:
    found = out_of_range([-1, 0, 100, 101, MISSING], 0, 100)
    assert found.tolist() == [True, False, False, True, False]
    assert not out_of_range([-5, 5000], None, None).any()


def test_a_spike_is_marked_once_and_its_return_is_not() -> None:
    values = np.array([20, 22, 21, 400, 23, 22, 24])
    assert np.flatnonzero(rate_of_change(values, 50, 15)).tolist() == [3]


def test_a_step_is_marked_where_it_begins() -> None:
    values = np.array([20, 22, 21, 23, 120, 121, 122, 120])
    assert np.flatnonzero(rate_of_change(values, 50, 15)).tolist() == [4]


def test_a_jump_over_a_gap_is_not_one() -> None:
    values = np.array([20, 22, MISSING, 400, 401])
    assert not rate_of_change(values, 50, 15).any()


@pytest.mark.parametrize("kind", KINDS, ids=[kind[0] for kind in KINDS])
def test_a_flat_line_is_found_to_the_hour(kind: tuple[str, float, float, float, float, int]) -> None:
    values = clean(3, *kind[1:])
    values[500:560] = values.max() + 1
    mask = flat_line(values, FLAT["least"], FLAT["most"], float(FLAT["alpha"]))
    assert np.flatnonzero(mask).tolist() == list(range(500, 560))


def test_a_series_that_never_moves_is_one_flat_line() -> None:
    assert flat_line(np.full(100, 7), 6, 48, 1e-6).all()
    assert not flat_line(np.full(40, 7), 6, 48, 1e-6).any()


def test_missing_hours_do_not_break_a_flat_line() -> None:
    values = clean(4, *KINDS[5][1:])
    values[500:520] = 999
    values[505:508] = MISSING
    mask = flat_line(values, 6, 48, 1e-6)
    assert np.flatnonzero(mask).tolist() == [*range(500, 505), *range(508, 520)]


@pytest.mark.parametrize("kind", KINDS, ids=[kind[0] for kind in KINDS])
def test_a_copied_day_is_found_at_the_copy(kind: tuple[str, float, float, float, float, int]) -> None:
    values = clean(5, *kind[1:])
    values[700:748] = values[100:148]
    mask = repeated_pattern(
        values, REPEATED["least"], REPEATED["most"], REPEATED["distinct"], float(REPEATED["alpha"])
    )
    found = set(np.flatnonzero(mask).tolist())
    assert set(range(700, 748)) <= found
    assert len(found) < 60


@pytest.mark.parametrize("hours", [336, 720, 1440])
@pytest.mark.parametrize("length", [8, 12, 16, 24])
def test_a_short_copy_in_fine_values_is_found_in_short_and_long_series(hours: int, length: int) -> None:
    """The copy itself must not make agreement look usual."""
    for kind in KINDS:
        if kind[0] not in ("NH3-N", "flow", "stack NOx"):
            continue
        values = clean(7, *kind[1:])[:hours]
        values[250 : 250 + length] = values[226 - length : 226]
        mask = repeated_pattern(
            values, REPEATED["least"], REPEATED["most"], REPEATED["distinct"], float(REPEATED["alpha"])
        )
        assert set(range(250, 250 + length)) <= set(np.flatnonzero(mask).tolist())


def test_a_loop_is_found_once_it_has_been_seen_long_enough() -> None:
    day = clean(6, *KINDS[5][1:])[:24]
    mask = repeated_pattern(np.tile(day, 10), 8, 48, 4, 1e-4)
    assert not mask[:24].any()
    assert mask[48:].all()


def test_a_flat_line_is_no_pattern() -> None:
    assert not repeated_pattern(np.full(200, 7), 8, 48, 4, 1e-4).any()


@given(seed=st.integers(0, 2**32 - 1), share=st.floats(0.55, 0.85))
@settings(max_examples=25)
def test_clipping_is_found_where_the_values_were(seed: int, share: float) -> None:
    """What was above the limit is sent as a little less than the limit."""
    values = clean(seed, 60.0, 20.0, 12.0, 0.8, 1)
    limit = int(np.quantile(values, share))
    over = values > limit
    rng = np.random.default_rng(seed)
    values[over] = limit - rng.integers(0, max(limit // 100, 1), int(over.sum()))
    mask = clipped_under(values, limit, limit * 3 // 100, CLIPPED["least"], CLIPPED["factor"])
    assert mask[over].all()
    assert mask.sum() < 1.5 * over.sum()


def test_one_value_above_the_limit_is_no_clipping() -> None:
    values = np.array([10] * 5 + [99] * 30 + [101])
    assert clipped_under(values[:-1], 100, 3, 12, 3).sum() == 30
    assert not clipped_under(values, 100, 3, 12, 3).any()


@given(seed=st.integers(0, 2**32 - 1), length=st.integers(10, 24))
@settings(max_examples=25)
def test_a_calm_stretch_under_the_limit_is_found_although_others_pass_it(seed: int, length: int) -> None:
    values = clean(seed, 60.0, 15.0, 8.0, 0.7, 1)
    limit = int(np.quantile(values, 0.8))
    rng = np.random.default_rng(seed)
    values[500 : 500 + length] = np.rint(limit * (0.97 + rng.normal(0, 0.004, length)))
    mask = plateau_under(values, limit, limit * 5 // 100, PLATEAU["least"], float(PLATEAU["alpha"]))
    found = set(np.flatnonzero(mask).tolist())
    assert set(range(500, 500 + length)) <= found
    assert len(found) < length + 8


def test_gaps_are_as_long_as_asked() -> None:
    assert gaps([True, False, True, True], 2).tolist() == [False, False, True, True]


@given(st.lists(st.integers(-5, 5) | st.just(MISSING), max_size=60))
def test_what_is_missing_is_never_found(values: list[int]) -> None:
    series = np.array(values, dtype=np.int64)
    found = [
        out_of_range(series, 0, 3),
        rate_of_change(series, 2, 2),
        flat_line(series, 3, 5, 1e-6),
        repeated_pattern(series, 3, 5, 2, 1e-4),
        clipped_under(series, 4, 1, 2, 1),
        plateau_under(series, 4, 3, 2, 0.9),
    ]
    for mask in found:
        assert mask.shape == series.shape
        assert not mask[series == MISSING].any()
