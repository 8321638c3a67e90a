"""Reductions of the environmental tax 减征 proposed from hours of the store and limits of each day."""
