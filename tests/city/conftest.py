"""A small city, built once."""

from __future__ import annotations

import pytest

from huanzhi.city import simulation, world
from huanzhi.city.devices import Device, devices
from huanzhi.city.simulation import Simulation


@pytest.fixture(scope="session")
def town() -> Simulation:
    """A city of 60 enterprises, 30 days, with its violations."""
    return simulation.simulate(world.build(seed=7, enterprises=60, days=30))


@pytest.fixture(scope="session")
def honest(town: Simulation) -> Simulation:
    """The same city without violations."""
    return simulation.lawful(town.city)


@pytest.fixture(scope="session")
def fleet_of(town: Simulation) -> tuple[Device, ...]:
    """Its devices."""
    return devices(town.city)
