"""Placing 归属: where a model keeps region, owner, sensitivity and handlers of its rows.

A model says so with ``RIGHTS = Placing(region="outlet__region__path", …)`` where the usual fields
(``region``, ``organisation``, ``sensitivity``, ``handlers``) do not tell. Rows and queries read the same
placing, so that a decision on a row and the filter of a table cannot differ.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Any

from huanzhi.library.rights.decision import Thing
from huanzhi.library.rights.matrix import RESTRICTED, sensitivity_of


@dataclass(frozen=True, slots=True)
class Placing:
    """Names of fields, across relations with two underscores; empty where a model has none.

    Attributes
    ----------
    region : str
        Path of the region.
    owner : str
        Code of the organisation that a row belongs to.
    sensitivity : str
        Field with the sensitivity of each row.
    handlers : str
        Codes of the people named as handlers.
    fixed : str
        Sensitivity of every row, where no field says it.
    also : tuple of str
        Codes of further organisations that a row belongs to.
    """

    region: str = ""
    owner: str = ""
    sensitivity: str = ""
    handlers: str = ""
    fixed: str = ""
    also: tuple[str, ...] = ()


def placing_of(model: Any) -> Placing:
    """Return the placing of a model, told or found by the usual fields."""
    told = getattr(model, "RIGHTS", None)
    return told if told is not None else _usual(model)


def fixed_sensitivity(model: Any, kind: str) -> str:
    """Return the sensitivity of a model whose rows carry none."""
    return placing_of(model).fixed or getattr(model, "SENSITIVITY", "") or sensitivity_of(kind)


def thing_of(record: Any) -> Thing:
    """Return what rights see of a record."""
    placing = placing_of(type(record))
    handlers = _many(record, placing.handlers) if placing.handlers and record.pk is not None else ()
    sensitivity = _value(record, placing.sensitivity) or fixed_sensitivity(type(record), record.KIND)
    return Thing(
        record.KIND,
        _value(record, placing.region),
        _value(record, placing.owner),
        sensitivity,
        handlers,
        tuple(_value(record, name) for name in placing.also),
    )


def is_restricted(record: Any) -> bool:
    """Return whether a record, or any of its fields, is for named handlers only."""
    levels = getattr(record, "SENSITIVE", {}).values()
    return RESTRICTED in levels or thing_of(record).sensitivity == RESTRICTED


@cache
def _usual(model: Any) -> Placing:
    names = {field.name for field in model._meta.get_fields()}
    region = "region__path" if "region" in names else ""
    return Placing(
        region="path" if model.KIND == "region" else region,
        owner="organisation__code" if "organisation" in names else "",
        sensitivity="sensitivity" if "sensitivity" in names else "",
        handlers="handlers__code" if "handlers" in names else "",
    )


def _value(record: Any, name: str) -> str:
    found = record
    for part in name.split("__") if name else ():
        found = getattr(found, part, None)
        if found is None:
            return ""
    return str(found) if name else ""


def _many(record: Any, name: str) -> tuple[str, ...]:
    relation, _, field = name.partition("__")
    if "__" not in field:
        return tuple(getattr(record, relation).values_list(field, flat=True))
    found = type(record)._default_manager.filter(pk=record.pk).values_list(name, flat=True)
    return tuple(str(code) for code in found if code)
