"""Discovery: the score of the watch over several cities, and how long it took.

    python benchmarks/discovery.py --seeds 1 2 3 --enterprises 10 --days 3

Aim: found at least 0.95, false at most 0.05, median at most 10 minutes.
"""

from __future__ import annotations

import argparse
import json

from huanzhi.city import world
from huanzhi.city.simulation import simulate
from huanzhi.programmes.discovery.bench import bench


def main() -> None:
    """Print one line of JSON for each seed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seeds", type=int, nargs="+", default=[7])
    parser.add_argument("--enterprises", type=int, default=60)
    parser.add_argument("--days", type=int, default=10)
    parser.add_argument("--processes", type=int, default=2)
    given = parser.parse_args()
    for seed in given.seeds:
        simulation = simulate(world.build(seed, given.enterprises, None, given.days))
        print(json.dumps(bench(simulation, processes=given.processes), ensure_ascii=False), flush=True)


if __name__ == "__main__":
    main()
