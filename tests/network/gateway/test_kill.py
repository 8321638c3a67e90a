"""A few rounds of kill -9 under load; the thousand are a command of their own."""

from __future__ import annotations

from pathlib import Path

from tests.network.gateway import kill_rounds


def test_nothing_acknowledged_is_lost_and_nothing_is_doubled(tmp_path: Path) -> None:
    found = kill_rounds.run(tmp_path, rounds=3, seed=11)
    assert (found.lost, found.wrong, found.revised, found.extra) == (0, 0, 0, 0)
    assert found.acknowledged > 100
