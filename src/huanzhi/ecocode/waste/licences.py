"""Licences 经营许可证 and vehicles 运输车辆: entered, changed, ended; a manifest asks whether they hold."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any

from huanzhi.ecocode.waste.codes import grams_of, parse
from huanzhi.ecocode.waste.models import Licence, Vehicle
from huanzhi.ecocode.waste.settings import catalogue, checked, settings
from huanzhi.ecocode.waste.writing import enterprise_of, own_enterprise, require_party
from huanzhi.errors import InputError
from huanzhi.library.enterprises.models import Enterprise
from huanzhi.library.records.changing import save
from huanzhi.library.records.model import Record
from huanzhi.library.rights import Actor
from huanzhi.standards.periods import CHINA

Given = Mapping[str, Any]


def enter(actor: Actor, given: Given) -> Licence:
    """Enter a licence; by the office.

    Raises
    ------
    InputError
        ``waste.licence_there`` if its number is taken; ``waste.choice`` for a class that is none.
    """
    code = given["code"].strip()
    if Licence.objects.filter(code=code).exists():
        raise InputError("waste.licence_there", column="code", value=code)
    owner = enterprise_of(actor, given["enterprise"])
    made = Licence(code=code, enterprise=owner, simulated=owner.simulated)
    return _kept(actor, made, given, "enter")


def change(actor: Actor, licence: Licence, given: Given) -> Licence:
    """Change what a licence says; whose it is stays."""
    return _kept(actor, licence, given, str(given.get("words") or "change"))


def _kept(actor: Actor, licence: Licence, given: Given, reason: str) -> Licence:
    licence.sort = checked("licence", given["licence"], "licence")
    licence.classes = _classes(given.get("classes") or [], takes=settings()["licence"][licence.sort]["takes"])
    licence.grams_a_year = grams_of(given.get("kg_a_year") or 0)
    licence.authority = str(given.get("authority") or "")
    licence.storage_extended_days = given.get("storage_extended_days") or 0
    licence.words = str(given.get("words") or "")
    licence.valid_from, licence.valid_to = given["valid_from"], _after(given.get("last_day"))
    save(actor, licence, reason)
    return licence


def _classes(given: Sequence[str], *, takes: bool) -> list[str]:
    """Return the classes of a licence, each once, in order; who takes waste names at least one."""
    known = {f"HW{code}" for code in catalogue()["class"]}
    found = sorted({one.strip().upper() for one in given if one.strip()})
    for one in found:
        if one not in known:
            raise InputError("waste.choice", column="classes", value=one, expected="HW01, HW02, …")
    if takes and not found:
        raise InputError("waste.missing", column="classes")
    return found


def _after(last: date | None) -> date | None:
    return last + timedelta(days=1) if last else None


def end(actor: Actor, licence: Licence | Vehicle, last: date, words: str, now: datetime) -> Record:
    """End a licence or the permit of a vehicle after a day, with words that say why.

    Raises
    ------
    InputError
        ``waste.missing`` without words; ``waste.ended`` if it does not hold that long.
    """
    if not words.strip():
        raise InputError("waste.missing", column="words")
    day = last + timedelta(days=1)
    ended = licence.valid_to is not None and licence.valid_to <= min(day, now.astimezone(CHINA).date())
    if ended or (licence.valid_from is not None and day <= licence.valid_from):
        raise InputError("waste.ended", column="last_day", value=last.isoformat())
    licence.valid_to = day
    if isinstance(licence, Licence):
        licence.words = words.strip()[:500]
    return save(actor, licence, words.strip()[:500])


def enter_vehicle(actor: Actor, given: Given) -> Vehicle:
    """Enter a vehicle of one's own enterprise, with its permit to carry dangerous goods."""
    owner = own_enterprise(actor, given.get("enterprise", ""))
    require_party(actor, owner, settings()["object"]["operator"]["zh"])
    code = given["code"].strip()
    if Vehicle.objects.filter(code=code).exists():
        raise InputError("waste.vehicle_there", column="code", value=code)
    made = Vehicle(code=code, enterprise=owner, simulated=owner.simulated)
    return change_vehicle(actor, made, given)


def change_vehicle(actor: Actor, vehicle: Vehicle, given: Given) -> Vehicle:
    """Change load, permit, its last day, and whether the vehicle is in use."""
    vehicle.grams = grams_of(given["kg"])
    vehicle.permit, vehicle.active = given["permit"].strip(), given.get("active", True)
    vehicle.valid_from, vehicle.valid_to = given.get("valid_from"), _after(given.get("last_day"))
    save(actor, vehicle, "vehicle")
    return vehicle


def takes(receiver: Enterprise, wastes: Sequence[str], day: date) -> None:
    """Refuse a receiver that no licence allows to take one of the wastes on a day.

    Raises
    ------
    InputError
        ``waste.licence_ended`` or ``waste.licence_coming`` where one names the class but does not hold that
        day; ``waste.not_licensed`` where none names it.
    """
    table = settings()["licence"]
    rows = [row for row in _held(receiver) if table[row.sort]["takes"]]
    for waste in wastes:
        naming = [row for row in rows if parse(waste).category in row.classes]
        _require(
            naming,
            receiver,
            day,
            "receiver",
            InputError("waste.not_licensed", column="receiver", value=receiver.name, waste=waste),
        )


def carries(carrier: Enterprise, receiver: Enterprise, day: date) -> None:
    """Refuse a carrier without a licence to carry dangerous goods on a day.

    Who collects from small firms needs none on the way to his own store.

    Raises
    ------
    InputError
        ``waste.licence_ended``, ``waste.licence_coming`` or ``waste.not_carrier``.
    """
    table = settings()["licence"]
    rows = _held(carrier)
    if carrier.pk == receiver.pk and any(row.sort == SMALL and row.holds(day) for row in rows):
        return
    carrying = [row for row in rows if table[row.sort]["carries"]]
    none = InputError("waste.not_carrier", column="carrier", value=carrier.name)
    _require(carrying, carrier, day, "carrier", none)


SMALL = "small"
"""Sort of licence of who collects from small firms 小微收集."""


def drives(carrier: Enterprise, plate: str, day: date) -> None:
    """Refuse a vehicle that is not on the carrier's list, not in use, or without a permit on a day.

    Raises
    ------
    InputError
        ``waste.no_such_vehicle``, ``waste.vehicle_idle`` or ``waste.vehicle_ended``.
    """
    if not plate:
        return
    row = Vehicle.objects.filter(code=plate, enterprise=carrier).first()
    if row is None:
        raise InputError("waste.no_such_vehicle", column="vehicle", value=plate, owner=carrier.name)
    if not row.active:
        raise InputError("waste.vehicle_idle", column="vehicle", value=plate)
    if not row.holds(day):
        raise InputError("waste.vehicle_ended", column="vehicle", value=plate, permit=row.permit or "—")


def _held(owner: Enterprise) -> list[Licence]:
    return list(Licence.objects.filter(enterprise=owner).order_by("valid_to", "pk"))


def _require(rows: Sequence[Licence], owner: Enterprise, day: date, column: str, none: InputError) -> None:
    """Refuse where no licence of several holds on a day, and say which ended or has not begun."""
    if any(row.holds(day) for row in rows):
        return
    if not rows:
        raise none
    last = rows[-1]
    told = {"column": column, "value": owner.name, "licence": last.code}
    if last.valid_to is not None and last.valid_to <= day:
        ended = (last.valid_to - timedelta(days=1)).isoformat()
        raise InputError("waste.licence_ended", day=ended, **told)
    raise InputError("waste.licence_coming", day=f"{last.valid_from}", **told)


def standing(row: Record, day: date) -> str:
    """Return how a licence or permit stands on a day: ``coming``, ``ended``, ``ending`` or ``valid``."""
    if row.valid_from is not None and day < row.valid_from:
        return "coming"
    if row.valid_to is None:
        return "valid"
    if row.valid_to <= day:
        return "ended"
    return "ending" if (row.valid_to - day).days <= settings()["licence_ending"]["days"] else "valid"
