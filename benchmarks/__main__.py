"""Runs every benchmark: ``make bench``."""

from __future__ import annotations

from importlib import import_module

from benchmarks.measure import print_machine

NAMES = ("aqi", "store", "hj212", "gateway", "events", "api", "screen", "screens")


def main() -> None:
    """Run them one after another."""
    print_machine()
    for name in NAMES:
        import_module(f"benchmarks.{name}").main()


if __name__ == "__main__":
    main()
