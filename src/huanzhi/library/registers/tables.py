"""Registers as typed tables, so that lists, forms, sheets, history and rights are those of any table."""

from __future__ import annotations

from huanzhi.errors import InputError
from huanzhi.library.places.tables import CODE, NAME, ORGANISATION, PLACED, REGION
from huanzhi.library.records.columns import Column, Kind
from huanzhi.library.records.tables import DATED, STANDING, Table, declare
from huanzhi.library.registers import declaring
from huanzhi.library.registers.models import Register, RegisterEntry, kind_of

_DUE = Column("due", Kind.DATE, editable=False, filter=True, sort=True)
_OUTLINE = Column("geometry", Kind.JSON, sheet=False)
_VERSION = Column("version", Kind.INTEGER, editable=False, heading_key="declaration_version")


def register(code: str) -> Register:
    """Return a register.

    Raises
    ------
    InputError
        ``registers.none`` if there is none of that code.
    """
    found = Register.objects.filter(code=code).first() if "\x00" not in code else None
    if found is None:
        known = Register.objects.values_list("code", flat=True)
        raise InputError("registers.none", value=code, expected=", ".join(known))
    return found


def register_table(code: str) -> Table:
    """Return the table of a register's entries, as its declaration stands now."""
    return table_of_register(register(code))


def table_of_register(found: Register) -> Table:
    """Return the table of a register's entries."""
    schema = found.schema
    placed = (*PLACED, *((_OUTLINE,) if schema.get("x-geometry") == "polygon" else ()))
    columns = (
        CODE,
        NAME,
        *REGION,
        *ORGANISATION,
        *declaring.columns(schema),
        *((_DUE,) if schema.get("x-due") else ()),
        *(placed if schema.get("x-geometry") else ()),
        *STANDING,
        _VERSION,
    )
    sensitivity = schema.get("x-sensitivity", "internal")
    return Table(
        kind_of(found.code),
        found.code,
        RegisterEntry,
        columns,
        ("region", "organisation", "register"),
        new=lambda: RegisterEntry(register=found, sensitivity=sensitivity),
        titles={"zh": found.name, "en": found.name_en or found.name},
        within={"register": found},
    )


declare(
    Table(
        "register",
        "registers",
        Register,
        (
            CODE,
            Column("name", editable=False, sort=True, search=True),
            Column("name_en", editable=False, search=True),
            Column("schema", Kind.JSON, required=True, sheet=False),
            *DATED,
        ),
    )
)
