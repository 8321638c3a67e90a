"""Keeping map sources 底图入库: the file first, then the record that the trail tells of."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any

from huanzhi.atlas.basemap import Sheet, keep
from huanzhi.library.records.changing import save
from huanzhi.library.rights import Actor, Thing, require


def keep_source(
    actor: Actor,
    sheet: Sheet,
    features: Sequence[Mapping[str, Any]],
    *,
    home: Path | None = None,
    file: str = "",
    reason: str = "",
) -> Sheet:
    """Keep a map source in place of the one of its name; the same again changes nothing.

    Raises
    ------
    InputError
        If the actor may not.
    """
    from huanzhi.atlas.models import MapSource

    held = MapSource.objects.filter(code=sheet.name).first()
    require(actor, "change" if held else "create", Thing(MapSource.KIND))
    kept = keep(sheet, features, home)
    record = held or MapSource(code=sheet.name)
    told = {
        "source": sheet.source,
        "file": file,
        "datum": sheet.datum,
        "day": date.fromisoformat(sheet.day) if sheet.day else None,
        "approval": sheet.approval,
        "simulated": sheet.simulated,
        "features": kept.features,
        "sha256": kept.sha256,
    }
    if any(getattr(record, name) != value for name, value in told.items()):
        for name, value in told.items():
            setattr(record, name, value)
        save(actor, record, reason)
    return kept
