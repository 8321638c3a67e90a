"""Judging 评价: pure functions over arrays. No database, no clock, no file but the standards' tables."""
