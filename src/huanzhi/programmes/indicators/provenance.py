"""Provenance 数据依据: the files and rows behind a figure, and the editions that governed its days."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import numpy as np

from huanzhi.library.series import Feature, Store
from huanzhi.library.series.schema import numpy_column
from huanzhi.programmes.indicators.measured import Cited, EditionDays
from huanzhi.programmes.spans import Span
from huanzhi.standards import standard


def cited(store: Store, features: Sequence[Feature], parameters: Sequence[str], span: Span) -> list[Cited]:
    """Return each file with how many of its rows entered, and the first and last of them."""
    if not features:
        return []
    codes = [feature.code for feature in features]
    table = store.range(codes, list(parameters), None, span.start, span.end)
    revisions, rows = (numpy_column(table, name).astype(np.int64) for name in ("revision", "row"))
    found = []
    for batch in store.batches():
        mine = rows[revisions == batch.receipt.revision]
        numbered = mine[mine > 0]
        if mine.size:
            found.append(
                Cited(
                    name=batch.source.name,
                    sha256=batch.source.sha256,
                    batch=str(batch.receipt.batch),
                    revision=int(batch.receipt.revision),
                    rows=len(np.unique(numbered)) or int(mine.size),
                    first_row=int(numbered.min(initial=np.iinfo(np.int64).max)) if numbered.size else 0,
                    last_row=int(numbered.max(initial=0)),
                    simulated=batch.source.simulated,
                )
            )
    return found


def editions(identity: str, first: date, last: date) -> list[EditionDays]:
    """Return the editions of a standard that govern days, each with its first and last day."""
    found = []
    for edition in standard(identity).editions:
        begun = edition.early.start if edition.early else edition.interval.start
        end = edition.interval.end or last
        if begun <= last and end >= first:
            found.append(EditionDays(identity, edition.number, max(begun, first), min(end, last)))
    return sorted(found, key=lambda one: one.first)
