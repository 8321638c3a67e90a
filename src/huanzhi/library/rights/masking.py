"""Field masks 字段级权限: what an actor may not see is left empty; seeing what is restricted is noted.

A model names its sensitive fields in ``SENSITIVE: ClassVar[dict[str, str]]`` (field → sensitivity).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

from huanzhi.library.rights.actor import Actor
from huanzhi.library.rights.decision import RESTRICTED, may
from huanzhi.library.rights.placing import thing_of


def mask(actor: Actor, record: Any, row: Mapping[str, Any]) -> dict[str, Any]:
    """Return `row` of a record with the fields that `actor` may not see set to None.

    Reading what is restricted writes an entry of the trail; call it only for what is really shown.
    """
    return mask_all(actor, [(record, row)])[0]


def mask_all(actor: Actor, pairs: Iterable[tuple[Any, Mapping[str, Any]]]) -> list[dict[str, Any]]:
    """Return the rows of many records as `mask` does, with all entries of the trail written at once."""
    masked, noted = [], []
    for record, row in pairs:
        shown, restricted = _masked(actor, record, row)
        masked.append(shown)
        if restricted:
            noted.append((record.KIND, record.key, restricted))
    if noted:
        _note(actor, noted)
    return masked


def _masked(actor: Actor, record: Any, row: Mapping[str, Any]) -> tuple[dict[str, Any], list[str]]:
    """Return the row as shown, and what of it is restricted and shown; ``*`` for the record as a whole."""
    thing = thing_of(record)
    fields = {name: level for name, level in getattr(record, "SENSITIVE", {}).items() if name in row}
    allowed = {
        level: may(actor, "read", replace(thing, sensitivity=level)).allowed for level in set(fields.values())
    }
    shown = {
        name: None if name in fields and not allowed[fields[name]] else value for name, value in row.items()
    }
    restricted = [
        name for name, level in fields.items() if level == RESTRICTED and allowed[level] and row[name]
    ]
    return shown, [*restricted, *(["*"] if thing.sensitivity == RESTRICTED else [])]


def _note(actor: Actor, noted: list[tuple[str, str, list[str]]]) -> None:
    from huanzhi.library.trail.chain import append

    for kind, key, fields in noted:
        append(actor, "read", kind, key, after={"fields": fields})
