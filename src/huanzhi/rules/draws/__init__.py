"""Draws 随机抽取: a draw that nobody can choose and anybody can run again.

Before the draw a commitment binds pools, rules, counts and the hash of a secret seed; a public value of a
later moment decides together with the seed. ``docs/inspections.md`` states the algorithm; integers only.
"""

from huanzhi.rules.draws.checking import Verdict, verify
from huanzhi.rules.draws.drawing import chances, draw, select
from huanzhi.rules.draws.paper import FORMAT, canonical, commit, committed, opened, reveal, sm3
from huanzhi.rules.draws.pools import masked, whole
from huanzhi.rules.draws.stream import Stream

__all__ = [
    "FORMAT",
    "Stream",
    "Verdict",
    "canonical",
    "chances",
    "commit",
    "committed",
    "draw",
    "masked",
    "opened",
    "reveal",
    "select",
    "sm3",
    "verify",
    "whole",
]
