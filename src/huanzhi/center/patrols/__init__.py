"""Patrols 巡查: areas with the people who answer for them, what they owe, what they did and what they found.

`recording.record` takes in a patrol as a device kept it; `coverage` counts what is done against what is owed.
What is found opens an issue; nothing here closes one.
"""
