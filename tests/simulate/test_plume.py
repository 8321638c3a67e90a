"""The plume: its flux is the emission, nothing goes upwind, and a planted source is found again."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from huanzhi.simulate.plume import dilution, locate, widths

SPEED, NORTH = np.array([3.0]), np.array([0.0])


@pytest.mark.parametrize("reach", [200.0, 500.0, 1000.0])
@pytest.mark.parametrize("height", [0.0, 5.0, 30.0])
def test_the_flux_through_a_plane_downwind_is_the_emission(reach, height):
    # the kernel tells the content at the ground; above it follows the Gaussian with its image
    wide, high = (float(one[0]) for one in widths(np.array([reach])))
    across = np.linspace(-8 * wide, 8 * wide, 801)
    receptors = np.stack([across, np.full_like(across, -reach)], axis=-1)
    ground = dilution(np.zeros((1, 2)), receptors, SPEED, NORTH, height)[0, :, 0]
    z = np.linspace(0, height + 8 * high, 2001)
    both = np.exp(-0.5 * ((z - height) / high) ** 2) + np.exp(-0.5 * ((z + height) / high) ** 2)
    upward = np.trapezoid(both, z) / (2 * np.exp(-0.5 * (height / high) ** 2))
    assert SPEED[0] * np.trapezoid(ground, across) * upward == pytest.approx(1.0, rel=1e-3)


@given(st.floats(0, 360), st.floats(0.1, 15))
@settings(max_examples=40)
def test_nothing_arrives_upwind_and_nothing_is_negative(wind_from, speed):
    angle = np.radians(wind_from)
    receptors = 300.0 * np.array([[np.sin(angle), np.cos(angle)], [-np.sin(angle), -np.cos(angle)]])
    found = dilution(np.zeros((1, 2)), receptors, np.array([speed]), np.array([wind_from]))[0, :, 0]
    assert found[0] == 0.0 and found[1] > 0.0


def test_twice_the_wind_is_half_the_content():
    receptor = np.array([[0.0, -400.0]])
    slow, fast = (
        dilution(np.zeros((1, 2)), receptor, np.array([speed]), NORTH)[0, 0, 0] for speed in (2.0, 4.0)
    )
    assert slow == pytest.approx(2 * fast)


FENCE = np.array([[-600.0, -600.0], [600.0, -600.0], [600.0, 600.0], [-600.0, 600.0]])
WINDS = np.linspace(0, 330, 24)


@pytest.mark.parametrize("source", [(150.0, -100.0), (-300.0, 250.0), (0.0, 400.0)])
def test_a_planted_source_is_found_again(source):
    speed = np.full(len(WINDS), 2.5)
    shown = 0.7 * dilution(np.array([source]), FENCE, speed, WINDS, turn=2.0)[0]
    found = locate(FENCE, shown, speed, WINDS)
    assert np.hypot(found.east - source[0], found.north - source[1]) <= 75.0
    assert found.explained > 0.95 and found.emission == pytest.approx(0.7, rel=0.2)


def test_missing_values_do_not_pull_the_source_away():
    speed = np.full(len(WINDS), 2.5)
    shown = dilution(np.array([[150.0, -100.0]]), FENCE, speed, WINDS, turn=2.0)[0]
    shown[:, ::5] = np.nan
    found = locate(FENCE, shown, speed, WINDS)
    assert np.hypot(found.east - 150, found.north + 100) <= 75.0


def test_no_excess_has_no_source():
    found = locate(FENCE, np.zeros((4, 24)), np.full(24, 2.5), WINDS)
    assert found.emission == found.explained == 0.0
