"""Conduct 守法情况: what every room tells of an enterprise, collected into its code and credit.

``outlets`` judges days of outlets, ``cases`` and ``matters`` read the centre, `collecting.SOURCES` names the
rooms of the code; ``inspecting`` carries what follows into the pool of inspections.
"""
