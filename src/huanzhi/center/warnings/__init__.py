"""Warnings 预警: what the watch sees, kept with level, release, muting and storm, and made into issues."""
