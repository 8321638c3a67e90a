"""Adopting 纳管: what the observation store, the register of devices and a registration list know, as rows.

Adopting makes rows that are missing and leaves those that are there as people keep them, so it may be done
again at any time. A real enterprise needs a credit code that holds; outlets of others wait until it is there.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field
from decimal import Decimal
from typing import Any

from django.db import transaction

from huanzhi.library.devices import Register
from huanzhi.library.devices.model import Outlet as DeviceOutlet
from huanzhi.library.enterprises.codes import is_credit_code
from huanzhi.library.enterprises.models import Enterprise, Outlet, Permit, PermitLimit
from huanzhi.library.people.models import Organisation
from huanzhi.library.places.loading import region_for
from huanzhi.library.places.models import NATION, Place, Point, Region, Section, Station, Well
from huanzhi.library.places.tables import CONTROL_LEVELS
from huanzhi.library.records.bulk import save_all
from huanzhi.library.records.model import Record
from huanzhi.library.rights import SYSTEM
from huanzhi.library.series import Feature, Store
from huanzhi.messages import text
from huanzhi.standards.regions import find_region

PLACES: Mapping[str, tuple[type[Place], str]] = {
    "air_station": (Station, "air"),
    "section": (Section, "river"),
    "lake": (Section, "lake"),
    "well": (Well, "other"),
    "sea_point": (Point, "sea"),
    "soil_point": (Point, "soil"),
    "noise_point": (Point, "noise"),
    "other": (Point, "other"),
}
"""Kind of feature → table and kind of place; a city is a region and no place."""


@dataclass(slots=True)
class Adopted:
    """How many rows were made, by kind of record; `waiting` are outlets whose enterprise is not known."""

    made: dict[str, int] = field(default_factory=dict)
    waiting: list[str] = field(default_factory=list)

    def add(self, records: Iterable[Record]) -> None:
        """Save and count new rows."""
        rows = list(records)
        if rows:
            save_all(SYSTEM, rows, text("enterprises.adopted"))
            for row in rows:
                self.made[row.KIND] = self.made.get(row.KIND, 0) + 1

    def as_dict(self) -> dict[str, Any]:
        """Return the counts as plain values."""
        return asdict(self)


def adopt(
    store: Store | None, register: Register | None, document: Mapping[str, Any] | None = None
) -> Adopted:
    """Make rows of what is known elsewhere.

    Parameters
    ----------
    store, register : optional
        Observation store, for its features, and register of devices, for its outlets.
    document : mapping, optional
        Registration list as ``huanzhi city register`` writes it: ``enterprises`` with outlets and limits.
    """
    outlets = register.outlets() if register is not None else {}
    features = {outlet.code: outlet.feature() for outlet in outlets.values()}
    if store is not None:
        features = {feature.code: feature for feature in store.features()} | features
    done = Adopted()
    with transaction.atomic():
        regions = _regions(features.values(), done)
        _enterprises(document or {}, outlets.values(), regions, done)
        _listed_outlets(document or {}, done)
        _places(features.values(), regions, done)
        _outlets(features.values(), outlets, regions, done)
        _permits(document or {}, outlets, done)
    return done


def _regions(features: Iterable[Feature], done: Adopted) -> dict[str, Region]:
    """Return the region of each region code and name, made where missing."""
    found: dict[str, Region] = {}
    for feature in features:
        code = region_code(feature)
        if code not in found:
            name, above = _names(feature, code)
            done.add(region_for(code, name, above, simulated=feature.simulated))
            found[code] = Region.objects.get(pk=code)
    return found


def _names(feature: Feature, code: str) -> tuple[str, list[tuple[str, str]]]:
    """Return the name of the region of a feature, and codes and names above it."""
    above = [(code[:2] + "0000", feature.province)] if feature.province else []
    if len(code) <= 6:
        return feature.region, above
    return str(feature.attributes.get("township", "")), [*above, (code[:6], feature.region)]


def region_code(feature: Feature) -> str:
    """Return the code of the region of a feature: its own, that of the region it names, else the nation."""
    code = feature.region_code
    if code.isdigit() and len(code) in (6, 9, 12):
        return code
    named = find_region(feature.region) if feature.region else None
    return named.code if named else NATION


def _missing(model: Any, codes: Iterable[str]) -> set[str]:
    wanted = set(codes)
    return wanted - set(model.objects.filter(code__in=wanted).values_list("code", flat=True))


def _enterprises(
    document: Mapping[str, Any], outlets: Iterable[DeviceOutlet], regions: Mapping[str, Region], done: Adopted
) -> None:
    """Make enterprises of the list and those that outlets name, if simulated or with a code that holds."""
    where = {each.enterprise: region_code(each.feature()) for each in outlets if each.enterprise}
    simulated = {each.enterprise for each in outlets if each.simulated}
    told: dict[str, Mapping[str, Any]] = {code: {"code": code, "name": code} for code in where}
    for code in list(told):
        told[code] = {**told[code], "simulated": code in simulated}
    told |= {each["code"]: each for each in document.get("enterprises", ())}
    usable = {code for code, each in told.items() if each.get("simulated") or is_credit_code(code)}
    fallback = next(iter(regions.values()), None) or Region.objects.get(pk=NATION)
    new = sorted(_missing(Enterprise, usable))
    made = [_enterprise(told[code], regions.get(where.get(code, ""), fallback)) for code in new]
    known = {body.code: body for body in Organisation.objects.filter(code__in=new)}
    bodies = {each.code: known.get(each.code) or _body(each) for each in made}
    done.add(body for body in bodies.values() if body.pk is None)
    for each in made:
        each.organisation = bodies[each.code]
    done.add(made)
    _named(told)


def _enterprise(told: Mapping[str, Any], region: Region) -> Enterprise:
    return Enterprise(
        code=told["code"],
        name=told["name"],
        region=region,
        industry=told.get("industry") or "",
        park=told.get("park") or "",
        management="key" if told.get("permit") else "",
        key_unit=bool(told.get("permit")),
        lon=told.get("lon"),
        lat=told.get("lat"),
        simulated=bool(told.get("simulated")),
    )


def _body(enterprise: Enterprise) -> Organisation:
    return Organisation(
        code=enterprise.code,
        name=enterprise.name,
        kind="enterprise",
        region=enterprise.region,
        simulated=enterprise.simulated,
    )


def _named(told: Mapping[str, Mapping[str, Any]]) -> None:
    """Give enterprises that were called by their code the name and particulars that a list tells now."""
    named = {code: each for code, each in told.items() if each["name"] != code}
    nameless = [row for row in Enterprise.objects.filter(code__in=named) if row.name == row.code]
    for row in nameless:
        fresh = _enterprise(named[row.code], row.region)
        for name in ("name", "industry", "park", "management", "key_unit", "lon", "lat"):
            setattr(row, name, getattr(fresh, name))
    if nameless:
        save_all(SYSTEM, nameless, text("enterprises.adopted"))


def _listed_outlets(document: Mapping[str, Any], done: Adopted) -> None:
    told = {
        outlet["code"]: (each["code"], outlet)
        for each in document.get("enterprises", ())
        for outlet in each.get("outlets", ())
    }
    owners = Enterprise.objects.in_bulk({owner for owner, _ in told.values()}, field_name="code")
    new = sorted(_missing(Outlet, told))
    done.add(_listed_outlet(owners[told[code][0]], told[code][1]) for code in new if told[code][0] in owners)


def _listed_outlet(owner: Enterprise, told: Mapping[str, Any]) -> Outlet:
    flow = told.get("design_flow")
    return Outlet(
        code=told["code"],
        name=told["name"],
        enterprise=owner,
        region=owner.region,
        organisation=owner.organisation,
        medium=told.get("medium") or "other",
        discharges_to=told.get("discharges_to") or "",
        treatment=told.get("treatment") or "",
        design_flow="" if flow is None else str(flow),
        lon=told.get("lon"),
        lat=told.get("lat"),
        simulated=owner.simulated,
    )


def _places(features: Iterable[Feature], regions: Mapping[str, Region], done: Adopted) -> None:
    grouped: dict[type[Place], list[Feature]] = {}
    for feature in features:
        if feature.kind in PLACES:
            grouped.setdefault(PLACES[feature.kind][0], []).append(feature)
    for model, found in grouped.items():
        new = _missing(model, (feature.code for feature in found))
        owners = _owners(found)
        done.add(
            _place(model, feature, regions[region_code(feature)], owners)
            for feature in found
            if feature.code in new
        )


def _owners(features: Iterable[Feature]) -> dict[str, Organisation]:
    codes = {str(feature.attributes.get("enterprise", "")) for feature in features}
    return Organisation.objects.in_bulk(codes - {""}, field_name="code")


def _place(model: type[Place], feature: Feature, region: Region, owners: Mapping[str, Organisation]) -> Place:
    told = feature.attributes
    row = model(
        code=feature.code,
        name=feature.name or feature.code,
        kind=PLACES[feature.kind][1],
        region=region,
        organisation=owners.get(str(told.get("enterprise", ""))),
        lon=feature.lon,
        lat=feature.lat,
        simulated=feature.simulated,
    )
    level = told.get("control_level", "")
    row.control_level = level if level in CONTROL_LEVELS else ""
    if feature.simulated and told.get("sensitivity") == "public":
        row.sensitivity = "public"
    if isinstance(row, Section):
        row.basin = feature.basin
        row.water_body = str(told.get("river") or told.get("water_body") or "")
        row.chainage_km = told.get("chainage_km")
    return row


def _outlets(
    features: Iterable[Feature],
    registered: Mapping[str, DeviceOutlet],
    regions: Mapping[str, Region],
    done: Adopted,
) -> None:
    """Make outlets that no list told of, for enterprises that are known."""
    found = {feature.code: feature for feature in features if feature.kind == "outlet"}
    owners = Enterprise.objects.in_bulk(
        {str(feature.attributes.get("enterprise", "")) for feature in found.values()}, field_name="code"
    )
    rows = []
    for code in sorted(_missing(Outlet, found)):
        feature = found[code]
        owner = owners.get(str(feature.attributes.get("enterprise", "")))
        if owner is None:
            done.waiting.append(code)
        else:
            medium = _medium(feature, registered.get(code))
            rows.append(_outlet(feature, owner, regions[region_code(feature)], medium))
    done.add(rows)


def _medium(feature: Feature, registered: DeviceOutlet | None) -> str:
    """Return the medium as told, or as the codes of the permitted parameters begin."""
    begin = {code[:1] for code in registered.permits} if registered is not None else set()
    guessed = {"w": "water", "a": "gas"}.get(begin.pop(), "other") if len(begin) == 1 else "other"
    return str(feature.attributes.get("medium") or guessed)


def _outlet(feature: Feature, owner: Enterprise, region: Region, medium: str) -> Outlet:
    return Outlet(
        code=feature.code,
        name=feature.name or feature.code,
        enterprise=owner,
        region=region,
        organisation=owner.organisation,
        medium=medium,
        lon=feature.lon,
        lat=feature.lat,
        simulated=feature.simulated,
    )


def _permits(document: Mapping[str, Any], outlets: Mapping[str, DeviceOutlet], done: Adopted) -> None:
    """Make the permits of the list with the limits of its outlets, where the enterprise has none yet."""
    told = {each["permit"]: each for each in document.get("enterprises", ()) if each.get("permit")}
    owners = Enterprise.objects.in_bulk({each["code"] for each in told.values()}, field_name="code")
    new = [code for code in sorted(_missing(Permit, told)) if told[code]["code"] in owners]
    made = {code: _permit(code, owners[told[code]["code"]]) for code in new}
    done.add(made.values())
    rows = Outlet.objects.in_bulk(
        {outlet["code"] for code in new for outlet in told[code].get("outlets", ())}, field_name="code"
    )
    done.add(
        _limit(made[code], rows[outlet["code"]], limit, amount, outlets)
        for code in new
        for outlet in told[code].get("outlets", ())
        for limit in outlet.get("limits", ())
        for amount in (False, True)
        if not amount or limit.get("yearly_tonnes") is not None
    )


def _permit(code: str, owner: Enterprise) -> Permit:
    return Permit(
        code=code,
        enterprise=owner,
        region=owner.region,
        organisation=owner.organisation,
        management="key",
        simulated=owner.simulated,
    )


def _limit(
    permit: Permit,
    outlet: Outlet,
    told: Mapping[str, Any],
    amount: bool,
    outlets: Mapping[str, DeviceOutlet],
) -> PermitLimit:
    """Return a limit of concentration, whose averaging the list does not say, or the yearly amount."""
    registered = outlets[outlet.code].permits if outlet.code in outlets else {}
    written = registered.get(told["parameter"], {}).get("value", told["value"])
    return PermitLimit(
        permit=permit,
        enterprise=permit.enterprise,
        outlet=outlet,
        region=outlet.region,
        organisation=outlet.organisation,
        parameter=told["parameter"],
        measure="amount" if amount else "concentration",
        averaging="year" if amount else "",
        value=plain(told["yearly_tonnes"] if amount else written),
        unit="t" if amount else told.get("unit", ""),
        standard="" if amount else told.get("standard", ""),
        clause="" if amount else told.get("clause", ""),
        simulated=permit.simulated,
    )


def plain(number: object) -> str:
    """Return a number as a decimal in digits: 50.0 of a list is 50, ``"50.0"`` of a permit stays."""
    if isinstance(number, str):
        return number
    found = Decimal(str(number))
    return f"{found.to_integral_value() if found == found.to_integral_value() else found:f}"
