"""Simulation 模拟: pure kernels of how matter moves; arrays in, arrays out."""
