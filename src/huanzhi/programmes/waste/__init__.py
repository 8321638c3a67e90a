"""Waste, day by day 固废日常: findings renewed, ledgers held against electricity, issues opened."""
