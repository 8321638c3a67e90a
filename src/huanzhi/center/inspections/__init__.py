"""Inspections 监督检查: draws of double-random inspection, special and unannounced visits, look-back.

Pools and frequency: `pools`, `frequency`; plans: `planning`; draws: `drawing`; tasks from assignment to the
published result: `tasks`. What is found becomes an issue through `center.issues`.
"""
