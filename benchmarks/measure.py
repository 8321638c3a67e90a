"""One way to take a time and to print a table."""

from __future__ import annotations

import os
import platform
import resource
import sys
import time
from collections.abc import Callable, Sequence
from typing import NamedTuple, TypeVar

from rich.console import Console
from rich.table import Table

Result = TypeVar("Result")


class Cost(NamedTuple):
    """What a call cost: wall time and CPU time [s]."""

    wall: float
    cpu: float


def cost(call: Callable[[], Result], repeats: int = 3) -> tuple[Cost, Result]:
    """Return the cheapest of `repeats` runs and the last result."""
    best = Cost(float("inf"), float("inf"))
    for _ in range(repeats):
        wall, cpu = time.perf_counter(), time.process_time()
        result = call()
        best = min(best, Cost(time.perf_counter() - wall, time.process_time() - cpu))
    return best, result


def peak_memory_mb() -> float:
    """Return the greatest resident memory of this process so far [MB]."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def print_table(title: str, headings: Sequence[str], rows: Sequence[Sequence[object]]) -> None:
    """Print one table of figures."""
    table = Table(title=title, title_justify="left", show_edge=False)
    for heading in headings:
        table.add_column(heading, justify="left" if heading == headings[0] else "right", no_wrap=True)
    for row in rows:
        table.add_row(*(f"{cell:,.3g}" if isinstance(cell, float) else str(cell) for cell in row))
    Console(highlight=False, width=160).print(table)


def print_machine() -> None:
    """Say on what the figures were taken."""
    load = os.getloadavg()[0]
    print(f"{os.cpu_count()} cores, load {load:.1f}, Python {platform.python_version()}, {sys.platform}\n")
