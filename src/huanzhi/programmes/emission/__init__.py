"""Actual emission 实际排放量 from the store: hours of an outlet become months, with their reasons."""
