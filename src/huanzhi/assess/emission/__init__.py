"""Actual emission 实际排放量: quantities, allowance, screening by share, agreement of reports.

All pure: hours in, exact quantities out; what was measured, put in, missing or stopped is told apart.
"""
