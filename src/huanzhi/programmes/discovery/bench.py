"""The discovery benchmark 问题发现评测: commit, watch, score; per kind and in all."""

from __future__ import annotations

import time
from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import asdict
from typing import Any

from huanzhi.center.watching.watch import Issue
from huanzhi.city.simulation import Simulation
from huanzhi.city.violations import Violation
from huanzhi.city.world import City
from huanzhi.programmes.discovery.chain import watched
from huanzhi.programmes.discovery.score import matches, score

_NOT_BY_KIND = ("issues", "false")


def bench(
    simulation: Simulation, told: Callable[[float], object] = lambda share: None, processes: int = 1
) -> dict[str, Any]:
    """Return the score of the watch over a city.

    Returns
    -------
    dict
        ``seed``, ``enterprises``, ``days``, ``committed``, ``issues``, the shares ``found``, ``false``,
        ``culprit_first`` (None where there is nothing to share), ``median_minutes``, ``by_kind``, ``seconds``
        and ``simulated``.
    """
    begun, city = time.monotonic(), simulation.city
    watch = watched(simulation, told, processes)
    committed = simulation.schedule.violations
    return {
        "seed": city.seed,
        "enterprises": len(city.enterprises),
        "days": city.days,
        **asdict(score(city, committed, watch.issues)),
        "by_kind": by_kind(city, committed, watch.issues),
        "seconds": round(time.monotonic() - begun, 1),
        "simulated": True,
    }


def by_kind(city: City, violations: Sequence[Violation], issues: Sequence[Issue]) -> dict[str, Any]:
    """Return the score of each kind; what nobody committed belongs to none."""
    groups: dict[str, list[Violation]] = defaultdict(list)
    for match in matches(city, violations, issues):
        groups[match.violation.kind].append(match.violation)
    scores = {kind: asdict(score(city, group, issues)) for kind, group in sorted(groups.items())}
    return {
        kind: {name: value for name, value in found.items() if name not in _NOT_BY_KIND}
        for kind, found in scores.items()
    }
