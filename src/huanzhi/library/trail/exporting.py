"""Exports of the trail: one JSON document a line, a head and then the entries, for a stranger to verify."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date, datetime, timedelta

from django.db.models import QuerySet

from huanzhi.library.trail.anchors import as_dict
from huanzhi.library.trail.chain import exported
from huanzhi.library.trail.hashing import FIRST, canonical
from huanzhi.library.trail.models import Anchor, Entry
from huanzhi.library.trail.verifying import FORMAT, Verdict, verify
from huanzhi.standards.periods import CHINA

CHUNK = 2000


def export_lines(
    first: date | None = None, last: date | None = None, *, restricted: bool = False
) -> Iterator[str]:
    """Yield the lines of an export, each with its end.

    Parameters
    ----------
    first, last : date, optional
        Days in China time, both included; the entries between the ends come without gaps.
    restricted : bool
        With the bodies of restricted entries.
    """
    low, high = _bounds(first, last)
    before = Entry.objects.filter(seq=low - 1).first()
    final = Entry.objects.filter(seq=high).first()
    anchors = Anchor.objects.filter(seq__gte=low, seq__lte=high).order_by("day")
    head = {
        "format": FORMAT,
        "first": low,
        "last": high,
        "previous": before.digest if before else FIRST,
        "digest": final.digest if final else FIRST,
        "anchors": [as_dict(one) for one in anchors],
    }
    yield canonical(head) + "\n"
    for entry in _entries(low, high).iterator(chunk_size=CHUNK):
        yield canonical(exported(entry, bare=entry.restricted and not restricted)) + "\n"


def verify_all(kept: Mapping[int, str] | None = None) -> Verdict:
    """Verify the trail of this database, against its own anchors and those `kept` elsewhere."""
    anchors = {**dict(Anchor.objects.values_list("seq", "digest")), **(kept or {})}
    entries = Entry.objects.order_by("seq").iterator(chunk_size=CHUNK)
    return verify((exported(one) for one in entries), anchors)


def _entries(low: int, high: int) -> QuerySet[Entry]:
    return Entry.objects.filter(seq__gte=low, seq__lte=high).order_by("seq")


def _bounds(first: date | None, last: date | None) -> tuple[int, int]:
    """Return the first and last number of an export; of an empty one, the last is one less than the first."""
    numbers = Entry.objects.values_list("seq", flat=True)
    low = numbers.filter(at__gte=_start(first)).order_by("seq").first() if first else 1
    highest = numbers.order_by("-seq").first() or 0
    high = (
        numbers.filter(at__lt=_start(last + timedelta(days=1))).order_by("-seq").first() if last else highest
    )
    low = highest + 1 if low is None else low
    return low, max(high or 0, low - 1)


def _start(day: date) -> datetime:
    return datetime.combine(day, datetime.min.time(), CHINA)
