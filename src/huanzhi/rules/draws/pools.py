"""Pools 名录库: what may be drawn and who may be sent, checked, and with their names masked."""

from __future__ import annotations

import hashlib
import json
import re
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from typing import Any

from huanzhi.errors import InputError

Terms = dict[str, Any]

_TOP = {
    "number": str,
    "title": str,
    "made": str,
    "previous": str,
    "beacon": dict,
    "rules": dict,
    "strata": list,
    "objects": list,
    "inspectors": list,
    "conflicts": list,
    "seed_digest": str,
}
_ROWS: dict[str, dict[str, type]] = {
    "strata": {"id": str, "take": int, "reserve": int},
    "objects": {"id": str, "stratum": str, "weight": int, "region": str, "needs": list},
    "inspectors": {"id": str, "body": str, "region": str, "skills": list, "until": str, "most": int},
    "conflicts": {"inspector": str, "object": str, "sort": str},
}
_SEAT: dict[str, type] = {"body": str, "count": int, "skilled": bool}
_WHOLE = {"take": 0, "reserve": 0, "weight": 1, "most": 0, "count": 1}
_DEFAULTS: dict[str, Any] = {
    "strata": {"reserve": 0},
    "objects": {"region": "", "needs": [], "name": ""},
    "inspectors": {"body": "", "region": "", "skills": [], "until": "", "most": 0, "name": ""},
    "conflicts": {"sort": "other"},
}
RULES = "rules"
DAY = re.compile(r"\d{4}-\d{2}-\d{2}")


def checked(terms: Mapping[str, Any]) -> Terms:
    """Return the terms of a draw if they are whole.

    Raises
    ------
    InputError
        Naming the first thing that is missing, of another kind, named twice or named nowhere.
    """
    made = dict(terms)
    _typed(made, _TOP, "")
    no_floats(made, "")
    _typed(made["beacon"], {"source": str, "due": str}, "beacon")
    _times(made)
    rules = made["rules"]
    _typed(rules, {"avoid_region": bool, "seats": list, "until": str}, "rules")
    _day(str(rules["until"]), f"{RULES}.until")
    _each(rules["seats"], _SEAT, f"{RULES}.seats")
    if not rules["seats"]:
        raise InputError("draws.empty", column=f"{RULES}.seats")
    for name, fields in _ROWS.items():
        _each(made[name], fields, name)
    _named(made)
    return made


def whole(pools: Mapping[str, Any]) -> Terms:
    """Return pools as a person writes them with what may be left out filled in; names are still codes."""
    made: Terms = {"number": "", "title": "", "previous": "", **pools}
    for name, defaults in _DEFAULTS.items():
        rows = made.get(name, [])
        if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
            raise InputError("draws.type", column=name, expected="list")
        made[name] = [{**defaults, **row} for row in rows]
    rules = made.get("rules", {})
    seats = rules.get("seats", [{"body": "", "count": 2, "skilled": True}]) if isinstance(rules, dict) else []
    made["rules"] = {"avoid_region": False, "until": "", **rules, "seats": [*map(_seat, seats)]}
    return made


def _seat(seat: Any) -> Any:
    return {"body": "", "skilled": False, **seat} if isinstance(seat, dict) else seat


def masked(pools: Mapping[str, Any], salt: Callable[[], str]) -> tuple[Terms, list[dict[str, str]]]:
    """Return the terms with salted hashes for the codes, and the openings that tell them later.

    Parameters
    ----------
    pools : mapping
        As the terms, but objects and inspectors have ``code`` and ``name`` instead of ``id``.
    salt : callable
        Gives a new secret salt in hexadecimal each time.
    """
    made, openings = dict(pools), []
    ids: dict[tuple[str, str], str] = {}
    for name, sort in (("objects", "object"), ("inspectors", "inspector")):
        rows = []
        for number, row in enumerate(pools[name]):
            code, called = (str(row.get(part, "")) for part in ("code", "name"))
            if not code or (sort, code) in ids:
                raise InputError("draws.twice" if code else "draws.missing", column=f"{name}[{number}].code")
            one = {"sort": sort, "code": code, "name": called, "salt": salt()}
            one = {"id": mask_of(one), **one}
            ids[sort, code] = one["id"]
            openings.append(one)
            rows.append({"id": one["id"], **{k: v for k, v in row.items() if k not in ("code", "name")}})
        made[name] = rows
    made["conflicts"] = [_masked_pair(row, number, ids) for number, row in enumerate(pools["conflicts"])]
    return made, openings


def _masked_pair(row: Mapping[str, Any], number: int, ids: Mapping[tuple[str, str], str]) -> dict[str, Any]:
    found = dict(row)
    for sort in ("inspector", "object"):
        key = (sort, str(row.get(sort, "")))
        if key not in ids:
            raise InputError("draws.unknown", column=f"conflicts[{number}].{sort}", value=row.get(sort))
        found[sort] = ids[key]
    return found


def mask_of(opening: Mapping[str, str]) -> str:
    """Return the id that stands for an object or inspector: SM3 of JSON of sort, code, name and salt."""
    parts = [opening[part] for part in ("sort", "code", "name", "salt")]
    words = json.dumps(parts, ensure_ascii=False, separators=(",", ":"))
    return hashlib.new("sm3", words.encode()).hexdigest()


def no_floats(value: Any, where: str) -> None:
    """Refuse numbers that are not whole: they are not written alike everywhere."""
    if isinstance(value, float):
        raise InputError("draws.type", column=where, value=value, expected="integer")
    parts: Iterable[tuple[Any, Any]] = ()
    if isinstance(value, Mapping):
        parts = ((f"{where}.{name}" if where else name, part) for name, part in value.items())
    elif isinstance(value, list):
        parts = ((f"{where}[{number}]", part) for number, part in enumerate(value))
    for inner, part in parts:
        no_floats(part, inner)


def _typed(row: Any, fields: Mapping[str, type], where: str) -> None:
    if not isinstance(row, Mapping):
        raise InputError("draws.type", column=where, expected="object")
    for name, kind in fields.items():
        path = f"{where}.{name}" if where else name
        if name not in row:
            raise InputError("draws.missing", column=path)
        if not isinstance(row[name], kind) or (kind is int and isinstance(row[name], bool)):
            raise InputError("draws.type", column=path, value=str(row[name])[:80], expected=kind.__name__)
        if name in _WHOLE and row[name] < _WHOLE[name]:
            raise InputError("draws.least", column=path, value=row[name], expected=f">= {_WHOLE[name]}")
        if (
            kind is list
            and name in ("needs", "skills")
            and not all(isinstance(one, str) for one in row[name])
        ):
            raise InputError("draws.type", column=path, expected="str")


def _each(rows: Any, fields: Mapping[str, type], where: str) -> None:
    for number, row in enumerate(rows):
        _typed(row, fields, f"{where}[{number}]")


def _times(terms: Terms) -> None:
    moments = []
    for path, written in (("made", terms["made"]), ("beacon.due", terms["beacon"]["due"])):
        try:
            moment = datetime.fromisoformat(written)
        except ValueError:
            moment = None
        if moment is None or moment.tzinfo is None:
            raise InputError("draws.time", column=path, value=written)
        moments.append(moment)
    if moments[0] >= moments[1]:
        raise InputError("draws.past", column="beacon.due", value=terms["beacon"]["due"])
    if not terms["beacon"]["source"].strip():
        raise InputError("draws.missing", column="beacon.source")


def _day(written: str, where: str) -> None:
    if not DAY.fullmatch(written):
        raise InputError("draws.day", column=where, value=written)


def _named(terms: Terms) -> None:
    """Check that names are unique and known, and that counts fit."""
    known = {name: _unique(terms[name], name) for name in ("strata", "objects", "inspectors")}
    sizes = Counter(str(one["stratum"]) for one in terms["objects"])
    for number, row in enumerate(terms["objects"]):
        if row["stratum"] not in known["strata"]:
            raise InputError("draws.unknown", column=f"objects[{number}].stratum", value=row["stratum"])
    for number, row in enumerate(terms["inspectors"]):
        if row["until"]:
            _day(str(row["until"]), f"inspectors[{number}].until")
    for number, row in enumerate(terms["conflicts"]):
        for field, pool in (("inspector", "inspectors"), ("object", "objects")):
            if row[field] not in known[pool]:
                raise InputError("draws.unknown", column=f"conflicts[{number}].{field}", value=row[field])
    for number, row in enumerate(terms["strata"]):
        if row["take"] + row["reserve"] > sizes[str(row["id"])]:
            most = sizes[str(row["id"])]
            raise InputError("draws.too_many", column=f"strata[{number}].take", value=row["take"], most=most)


def _unique(rows: list[Mapping[str, Any]], where: str) -> set[str]:
    seen: set[str] = set()
    for number, row in enumerate(rows):
        if row["id"] in seen:
            raise InputError("draws.twice", column=f"{where}[{number}].id", value=row["id"])
        seen.add(str(row["id"]))
    return seen
