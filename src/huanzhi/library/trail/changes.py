"""Changes 变更: how far the business records are, by their trail; entries of only looking do not count."""

from __future__ import annotations

from dataclasses import dataclass

from huanzhi.library.trail.hashing import FIRST
from huanzhi.library.trail.models import Entry

LOOKING = ("read", "export", "sign_in", "sign_out")
"""Actions that change no record."""

Mark = tuple[int, str]


@dataclass(frozen=True, slots=True)
class _Held:
    """The last entry that was looked at, and the last one that tells of a change."""

    entry: Mark
    change: Mark


_held: dict[str, _Held] = {}


def changes() -> Mark:
    """Return number and digest of an entry of the trail; they stay the same until a record has changed."""
    last: Mark = Entry.objects.order_by("-seq").values_list("seq", "digest").first() or (0, FIRST)
    held = _held.get("last")
    if held is None or (held.entry != last and _changed(held.entry)):
        held = _Held(last, last)
    _held["last"] = _Held(last, held.change)
    return held.change


def _changed(since: Mark) -> bool:
    """Return whether the trail tells of a change after an entry, or does not go on from it."""
    seq, digest = since
    if seq and not Entry.objects.filter(seq=seq, digest=digest).exists():
        return True
    return Entry.objects.filter(seq__gt=seq).exclude(action__in=LOOKING).exists()
