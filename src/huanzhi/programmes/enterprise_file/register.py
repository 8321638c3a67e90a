"""The register as of a day 历史状态: what the platform knew of an enterprise, told by the trail."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from huanzhi.library.enterprises.models import Enterprise, Outlet, Permit, PermitLimit
from huanzhi.library.records.history import CHANGES, record_of
from huanzhi.library.records.tables import Row, table_of
from huanzhi.library.rights import Actor, mask, visible
from huanzhi.library.trail.models import Entry

PARTS = {"outlets": Outlet, "permits": Permit, "limits": PermitLimit}


def register(who: Actor, enterprise: Enterprise, moment: datetime | None = None) -> dict[str, Any]:
    """Return enterprise, outlets, permits and limits, as they are or as they were known at a moment.

    What was not known then is not there; ``enterprise`` is None before it was entered. Rows that belong to
    another enterprise by now are looked for with that one.
    """
    found: dict[str, Any] = {"enterprise": next(iter(_rows(who, [enterprise], moment)), None)}
    for name, model in PARTS.items():
        rows = model._default_manager.filter(enterprise=enterprise)
        seen = visible(who, model.KIND, rows).select_related(*table_of(model.KIND).related).order_by("code")
        found[name] = _rows(who, list(seen), moment)
    return found


def _rows(who: Actor, records: Sequence[Any], moment: datetime | None) -> list[Row]:
    if not records:
        return []
    table = table_of(records[0].KIND)
    if moment is None:
        return [mask(who, one, table.row(one)) for one in records]
    entries = Entry.objects.filter(
        kind=table.kind, key__in=[one.key for one in records], action__in=CHANGES, at__lte=moment
    )
    stored = {one.key: one.details["after"] for one in entries.order_by("seq")}
    return [
        mask(who, one, table.row(record_of(table, stored[one.key]))) for one in records if one.key in stored
    ]
