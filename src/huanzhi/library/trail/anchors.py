"""Anchors 每日锚定: the end of the chain as each day left it, in a table and in a file of its own.

A copy of these few bytes kept elsewhere (printed, sent, published) shows later that nothing was rewritten.
"""

from __future__ import annotations

import json
import os
from datetime import date, datetime, timedelta
from pathlib import Path

from huanzhi.library.home import home_folder
from huanzhi.library.trail.models import Anchor, Entry
from huanzhi.standards.periods import CHINA

FOLDER = "anchors"


def anchor_days(now: datetime, home: Path | None = None) -> list[Anchor]:
    """Anchor every day that is over and not anchored yet; harmless at any time.

    Parameters
    ----------
    now : datetime
        Aware; days are those of China time.

    Returns
    -------
    list of Anchor
        The new ones, oldest first. A day on which nothing was written gets none.
    """
    last = Anchor.objects.order_by("-day").first()
    entries = Entry.objects.filter(seq__gt=last.seq) if last else Entry.objects.all()
    oldest = entries.order_by("seq").values_list("at", flat=True).first()
    if oldest is None:
        return []
    day, today = oldest.astimezone(CHINA).date(), now.astimezone(CHINA).date()
    if last is not None:
        day = max(day, last.day + timedelta(days=1))
    made = []
    while day < today:
        made += _anchor(day, home)
        day += timedelta(days=1)
    return made


def _anchor(day: date, home: Path | None) -> list[Anchor]:
    before = Anchor.objects.order_by("-seq").values_list("seq", flat=True).first() or 0
    end = datetime.combine(day + timedelta(days=1), datetime.min.time(), CHINA)
    entry = Entry.objects.filter(at__lt=end, seq__gt=before).order_by("-seq").first()
    if entry is None:
        return []
    anchor, _ = Anchor.objects.get_or_create(day=day, defaults={"seq": entry.seq, "digest": entry.digest})
    _write(anchor, home)
    return [anchor]


def as_dict(anchor: Anchor) -> dict[str, object]:
    """Return an anchor for programs."""
    return {"day": anchor.day.isoformat(), "seq": anchor.seq, "digest": anchor.digest}


def _write(anchor: Anchor, home: Path | None) -> None:
    folder = home_folder(home) / FOLDER
    folder.mkdir(parents=True, exist_ok=True)
    file = folder / f"{anchor.day.isoformat()}.json"
    fresh = file.with_suffix(".new")
    with fresh.open("w", encoding="utf-8") as out:
        out.write(json.dumps(as_dict(anchor)) + "\n")
        out.flush()
        os.fsync(out.fileno())
    fresh.replace(file)
