"""Benchmarks: our figure beside a peer or the physical limit, in the same run. Never asserted in tests."""
