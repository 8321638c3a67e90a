"""Declarations that come with the platform, one JSON file each in ``data``."""

from __future__ import annotations

import json
from functools import cache
from importlib import resources
from typing import Any

from huanzhi.errors import InputError
from huanzhi.library.records.changing import save
from huanzhi.library.registers.models import Register
from huanzhi.library.rights import SYSTEM, Actor


@cache
def shipped() -> dict[str, dict[str, Any]]:
    """Return the declarations by code."""
    folder = resources.files(__package__) / "data"
    files = sorted(folder.iterdir(), key=lambda file: file.name)
    return {
        file.name.removesuffix(".json"): json.loads(file.read_text(encoding="utf-8"))
        for file in files
        if file.name.endswith(".json")
    }


def load_registers(actor: Actor = SYSTEM) -> int:
    """Make the registers that are not there; return how many. What a city changed stays changed."""
    known = set(Register.objects.values_list("code", flat=True))
    missing = {code: schema for code, schema in shipped().items() if code not in known}
    for code, schema in missing.items():
        save(actor, Register(code=code, schema=schema), "shipped")
    return len(missing)


def declare(actor: Actor, code: str, schema: Any, reason: str = "") -> Register:
    """Make a register, or a new version of its declaration; entries keep the version they were checked by.

    Raises
    ------
    InputError
        If the declaration is none, or entries hold properties that the new version no longer has.
    """
    found = Register.objects.filter(code=code).first() or Register(code=code)
    found.schema = schema
    _keeps_what_is_held(found)
    save(actor, found, reason)
    return found


def _keeps_what_is_held(found: Register) -> None:
    properties = found.schema.get("properties", {}) if isinstance(found.schema, dict) else {}
    if found.pk is None or not isinstance(properties, dict):
        return
    for values in found.entries.values_list("values", flat=True).iterator():
        lost = [name for name in values if name not in properties]
        if lost:
            raise InputError("registers.still_held", column=lost[0])
