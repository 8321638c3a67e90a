"""Chance by name: the same for the same name, spread as it says."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from huanzhi.city.chance import between, draw, key, pick, smooth, uniform, weighted, white

INDEX = np.arange(20000, dtype=np.int64)


def test_a_name_has_one_number_wherever_it_is_asked_for() -> None:
    assert draw(7, "a") == draw(7, "a") != draw(8, "a")
    assert key(1, "23") != key(12, "3")
    assert (uniform(key("x"), INDEX)[500:600] == uniform(key("x"), INDEX[500:600])).all()


def test_the_numbers_are_those_of_every_machine() -> None:
    assert key("city") == 3876904334423291154
    assert uniform(5, INDEX[:2]).tolist() == [uniform(5, INDEX[:1])[0], uniform(5, INDEX[1:2])[0]]


def test_uniform_white_and_smooth_numbers_have_the_spread_that_they_promise() -> None:
    even, noise = uniform(key("u"), INDEX), white(key("w"), INDEX)
    assert even.min() >= 0 and even.max() < 1 and abs(even.mean() - 0.5) < 0.01
    assert abs(noise.mean()) < 0.03 and abs(noise.std() - 1) < 0.03 and abs(noise).max() <= 3.47
    wander = smooth(key("s"), INDEX * 600, 3600.0)
    assert abs(wander.mean()) < 0.05 and 0.8 < wander.std() < 1.2
    assert abs(np.diff(wander)).max() < 2.5


@given(st.integers(), st.floats(-1e6, 1e6), st.floats(0.1, 1e6))
def test_between_stays_between(seed: int, low: float, width: float) -> None:
    assert low <= between(low, low + width, seed) <= low + width


def test_weights_decide_how_often() -> None:
    found = [weighted({"often": 0.9, "never": 0.0, "rarely": 0.1}, number) for number in range(2000)]
    assert found.count("never") == 0 and 1700 < found.count("often") < 1900
    assert {pick("abc", number) for number in range(50)} == set("abc")
