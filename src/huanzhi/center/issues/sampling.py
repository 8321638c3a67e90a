"""Look-back samples 回头看抽样: which issues written off are looked at again; anyone can draw it again."""

from __future__ import annotations

import hashlib
import math
from collections.abc import Iterable

from huanzhi.center.issues.settings import settings


def sample(numbers: Iterable[str], seed: str) -> list[str]:
    """Return the issues to look at again: those whose number and seed hash lowest.

    The same numbers and seed give the same sample on every machine.
    """
    known = settings()["look_back"]
    every = sorted(set(numbers))
    if not every:
        return []
    wanted = min(len(every), max(known["least"], math.ceil(len(every) * known["share"])))
    return sorted(sorted(every, key=lambda one: _hash(one, seed))[:wanted])


def _hash(number: str, seed: str) -> str:
    return hashlib.sha256(f"{seed}:{number}".encode()).hexdigest()
