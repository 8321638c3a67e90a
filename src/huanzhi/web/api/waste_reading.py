"""Reading waste: whose rows somebody sees, and one of them by its name."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

from django.db.models import Exists, OuterRef
from django.http import HttpRequest

from huanzhi.ecocode.waste.writing import own_enterprise
from huanzhi.errors import InputError
from huanzhi.library.enterprises.models import Enterprise
from huanzhi.library.records.tables import Table
from huanzhi.library.rights import Actor, visible
from huanzhi.standards.periods import CHINA
from huanzhi.web.api.actors import actor


def now() -> datetime:
    """Return this moment."""
    return datetime.now(UTC)


def today() -> date:
    """Return this day in China."""
    return now().astimezone(CHINA).date()


def rows_of(request: HttpRequest, table: Table) -> Any:
    """Return the rows of a table that the reader may see."""
    return visible(actor(request), table.kind, table.rows())


def found(request: HttpRequest, table: Table, name: str, lock: str = "") -> Any:
    """Return a row by its key.

    Raises
    ------
    InputError
        ``waste.none`` if there is none that the reader may see.
    """
    clean = name.replace("\x00", "")
    rows = rows_of(request, table).select_related(*table.related)
    row = rows.filter(**{table.key: clean}).first() if clean == name else None
    if row is None:
        raise InputError("waste.none", value=clean)
    return row


def enterprises(request: HttpRequest, table: Table, region: str = "", enterprise: str = "") -> Any:
    """Return the enterprises of whose rows of a table the reader may see some, within a region.

    Who sees the table of a region sees all enterprises there; a firm sees itself.
    """
    who = actor(request)
    rows = Enterprise.objects.filter(_reached(who, table))
    if region and region != "000000":
        rows = rows.filter(region__path__contains=f"{region[:12]}/".replace("\x00", ""))
    return rows.filter(code=enterprise[:18].replace("\x00", "")) if enterprise else rows


def _reached(who: Actor, table: Table) -> Any:
    """Return the condition that an enterprise has a row of the table that somebody may see."""
    its = table.model._default_manager.filter(enterprise=OuterRef("pk")).order_by()
    return Exists(visible(who, table.kind, its))


def own(request: HttpRequest) -> list[dict[str, Any]]:
    """Return the reader's own enterprise, if there is one."""
    try:
        mine = own_enterprise(actor(request))
    except InputError:
        return []
    return [{"code": mine.code, "name": mine.name, "lon": mine.lon, "lat": mine.lat}]
