"""What is known of a place 档案: its feature, its typed record, its permit, and what rights see of it."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

from huanzhi.library.devices.register import Register, open_register
from huanzhi.library.home import home_folder
from huanzhi.library.recent import Recent
from huanzhi.library.rights import Thing
from huanzhi.library.rights.decision import INTERNAL, OWN
from huanzhi.library.series import Feature
from huanzhi.library.trail.changes import changes
from huanzhi.programmes.place.subject import PermitTerm, Subject

CONCENTRATION = "concentration"

MOST_KNOWN = 2000
"""Places of which what is known is kept in memory. DEFAULT, NOT FROM THE DOCUMENTS."""


@dataclass(frozen=True, slots=True, eq=False)
class Known:
    """A place with everything around it; equal only to itself, and the same until something of it changes.

    Attributes
    ----------
    record : Record or None
        The typed row of the business database.
    devices : tuple of str
        Numbers of the devices that speak for it.
    enterprise : str
        Code of the enterprise that it belongs to.
    """

    subject: Subject
    thing: Thing
    record: Any
    devices: tuple[str, ...]
    enterprise: str


def known(feature: Feature, home: Path | None = None) -> Known:
    """Return what the business database and the device register know of a feature.

    It is put together again where the trail of the business database or the register tells of any change.
    """
    said = (feature, changes(), _register_revision(home))
    key = (str(home), feature.code)
    held = _kept.get(key)
    if held is None or held[0] != said:
        held = (said, put_together(feature, home))
        _kept.replace(key, held)
    return held[1]


def put_together(feature: Feature, home: Path | None = None) -> Known:
    """Read anew what is known of a feature."""
    record = _record(feature)
    devices, permits = _registered(feature.code, home)
    limits = tuple(_record_terms(feature.code)) or tuple(_register_terms(permits))
    target, area = getattr(record, "target", ""), getattr(record, "attributes", {}).get("function_area", "")
    subject = Subject(feature, limits, str(target), str(area))
    enterprise = str(feature.attributes.get("enterprise", "")) or _enterprise(record)
    return Known(subject, _thing(feature, record, enterprise), record, devices, enterprise)


_kept: Recent[tuple[object, Known]] = Recent(MOST_KNOWN)
_local = threading.local()


def _register_revision(home: Path | None) -> int:
    """Return the revision of the device register, through a connection that the thread keeps."""
    folder = home_folder(home)
    held: tuple[Path, Register] | None = getattr(_local, "register", None)
    if held is None or held[0] != folder:
        if held is not None:
            held[1].close()
        held = _local.register = (folder, open_register(home))
    return held[1].revision()


def _record(feature: Feature) -> Any:
    """Return the typed row of a place; the table where its kind usually stands is looked into first."""
    from huanzhi.library.enterprises.models import Outlet
    from huanzhi.library.places.models import Point, Section, Station, Well

    usual = {"section": Section, "lake": Section, "well": Well, "outlet": Outlet}.get(feature.kind, Station)
    others = (model for model in (Station, Section, Well, Outlet, Point) if model is not usual)
    for model in (usual, *others):
        rows = model._default_manager.select_related("region", "organisation")
        found = rows.filter(code=feature.code).first()
        if found is not None:
            return found
    return None


def _enterprise(record: Any) -> str:
    owner = getattr(record, "enterprise", None)
    return str(owner.code) if owner is not None else ""


def _thing(feature: Feature, record: Any, enterprise: str) -> Thing:
    """Return what rights see: what belongs to an enterprise is its own, unless its record says otherwise."""
    told = getattr(record, "sensitivity", INTERNAL)
    sensitivity = OWN if enterprise and told == INTERNAL else told
    region = getattr(record, "region", None)
    path = region.path if region is not None else _path(feature.region_code)
    organisation = getattr(record, "organisation", None)
    owner = organisation.code if organisation is not None else enterprise
    return Thing("series", path, owner, sensitivity)


def _path(region_code: str) -> str:
    from huanzhi.library.places.models import Region

    found = Region.objects.filter(code=region_code).values_list("path", flat=True).first()
    return str(found or "")


def _registered(code: str, home: Path | None) -> tuple[tuple[str, ...], Mapping[str, Any]]:
    with open_register(home) as register:
        outlet = register.outlet(code)
        devices = tuple(device.mn for device in register.devices_of(code))
    return devices, outlet.permits if outlet is not None else {}


def _record_terms(code: str) -> Iterator[PermitTerm]:
    from huanzhi.library.enterprises.models import PermitLimit

    rows = PermitLimit.objects.filter(outlet__code=code, measure=CONCENTRATION, permit__status="valid")
    for row in rows.select_related("permit"):
        first = max((day for day in (row.valid_from, row.permit.valid_from) if day), default=None)
        last = min((day for day in (row.valid_to, row.permit.valid_to) if day), default=None)
        least = Decimal(row.value_least) if row.value_least else None
        yield PermitTerm(
            row.parameter,
            row.averaging,
            Decimal(row.value) if row.value else None,
            least,
            row.unit,
            row.standard,
            row.clause,
            first,
            last,
        )


def _register_terms(permits: Mapping[str, Any]) -> Iterator[PermitTerm]:
    for code, permit in permits.items():
        given = permit if isinstance(permit, Mapping) else {"value": permit}
        value = next((given[name] for name in ("value", "limit", "max") if name in given), None)
        if value is not None:
            unit, number, clause = (str(given.get(name, "")) for name in ("unit", "standard", "clause"))
            averaging = str(given.get("averaging", ""))
            yield PermitTerm(code, averaging, Decimal(str(value)), None, unit, number, clause)
