"""The chain from frames to issues, in small: one enterprise and its devices, for some hours."""

from dataclasses import replace

import pytest

from huanzhi.city import world
from huanzhi.city.simulation import Simulation, lawful
from huanzhi.city.violations import Schedule, Violation
from huanzhi.programmes.discovery.chain import BLOCK, follow, line, watch_of
from huanzhi.programmes.discovery.score import score

CITY = world.build(3, 4, None, 1)
HOURS = 6


def run(simulation, owner):
    """Watch the devices of one enterprise through its frames."""
    way, document = line(simulation)
    way = replace(way, fleet=tuple(one for one in way.fleet if one.enterprise == owner.code))
    watch = watch_of(document)
    starts = range(CITY.start, CITY.start + HOURS * 3600, BLOCK)
    follow(watch, simulation, map(way.block, starts))
    return watch.issues


@pytest.fixture(scope="module")
def owner():
    return next(one for one in CITY.enterprises[1:] if one.shift in ("continuous", "two"))


def test_a_lawful_enterprise_gives_no_issue(owner):
    assert run(lawful(CITY), owner) == []


def test_what_is_committed_is_found_from_the_frames_within_minutes(owner):
    start = CITY.start + 3 * 3600
    outlet = owner.outlets[0]
    done = Violation("V1", "offline", owner.code, outlet.code, start, start + 2 * 3600, 1.5)
    simulation = Simulation(CITY, Schedule([done]))
    found = score(CITY, [done], run(simulation, owner))
    assert (found.found, found.false, found.culprit_first) == (1.0, 0.0, 1.0)
    assert found.median_minutes <= 60
