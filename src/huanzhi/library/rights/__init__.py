"""Rights 权限: role × region subtree × ownership × sensitivity, decided here and nowhere else."""

from __future__ import annotations

from huanzhi.library.rights.actor import ANYONE, SYSTEM, Actor, Held
from huanzhi.library.rights.decision import Decision, Thing, may, require
from huanzhi.library.rights.rows import mask, visible

__all__ = ["ANYONE", "SYSTEM", "Actor", "Decision", "Held", "Thing", "mask", "may", "require", "visible"]
