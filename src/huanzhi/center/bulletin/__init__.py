"""Bulletins 周报、月报 of issues: made from live rows, kept by their digest."""
