"""Enforcement 综合行政执法: from a filed case to the archive, with legal terms and documents."""
