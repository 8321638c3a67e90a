"""What of an entry somebody may read: sensitive fields of the records that it tells of are left empty."""

from __future__ import annotations

from functools import cache
from typing import Any

from django.apps import apps

from huanzhi.library.records.model import Record
from huanzhi.library.rights import Actor, Thing, may
from huanzhi.library.rights.matrix import sensitivity_of

REGISTER = "register:"


def hidden(actor: Actor, kind: str, details: dict[str, Any]) -> dict[str, Any]:
    """Return details of an entry with what `actor` may not see set to None."""
    return {
        name: _side(actor, kind, part) if name in ("before", "after") and isinstance(part, dict) else part
        for name, part in details.items()
    }


def _side(actor: Actor, kind: str, row: dict[str, Any]) -> dict[str, Any] | None:
    level = row.get("sensitivity") or sensitivity_of(kind)
    if not may(actor, "read", Thing(kind, sensitivity=level)).allowed:
        return None
    shown = _masked(actor, kind, row, sensitive(kind))
    if kind.startswith(REGISTER) and isinstance(shown.get("values"), dict):
        shown["values"] = _masked(actor, kind, shown["values"], _declared(kind))
    return shown


def _masked(actor: Actor, kind: str, row: dict[str, Any], fields: dict[str, str]) -> dict[str, Any]:
    return {
        name: value
        if name not in fields or may(actor, "read", Thing(kind, sensitivity=fields[name])).allowed
        else None
        for name, value in row.items()
    }


@cache
def sensitive(kind: str) -> dict[str, str]:
    """Return the sensitive fields of a kind of record with their sensitivity."""
    for model in apps.get_models():
        if issubclass(model, Record) and kind == model.KIND:
            return dict(getattr(model, "SENSITIVE", {}))
    return {}


def _declared(kind: str) -> dict[str, str]:
    """Return the sensitive fields that a register declares."""
    from huanzhi.library.registers.declaring import sensitive as of_schema
    from huanzhi.library.registers.models import Register

    register = Register.objects.filter(code=kind.removeprefix(REGISTER)).first()
    return dict(of_schema(register.schema)) if register else {}
