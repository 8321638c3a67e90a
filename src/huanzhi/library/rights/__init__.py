"""Rights 权限: role × region subtree × ownership × sensitivity, decided here and nowhere else.

`may` and `require` decide on one thing, `visible` filters the rows of a table, `mask` the fields of a row.
"""

from __future__ import annotations

from huanzhi.library.rights.actor import ANYONE, SYSTEM, Actor, Held
from huanzhi.library.rights.decision import Decision, Thing, may, require
from huanzhi.library.rights.filtering import visible
from huanzhi.library.rights.masking import mask, mask_all
from huanzhi.library.rights.placing import Placing, thing_of

__all__ = [
    "ANYONE",
    "SYSTEM",
    "Actor",
    "Decision",
    "Held",
    "Placing",
    "Thing",
    "mask",
    "mask_all",
    "may",
    "require",
    "thing_of",
    "visible",
]
