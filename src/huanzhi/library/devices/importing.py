"""Lists of devices and outlets 设备联网登记表 from files.

JSON: ``{"outlets": [...], "devices": [...], "keys": {reference: 32 hexadecimal digits}}`` with the fields of
`Outlet` and `Device`; what else is in it is left alone. CSV: one device a
row with the columns of `Device`; the columns that begin with ``outlet_`` describe its outlet.
"""

from __future__ import annotations

import csv
import json
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any, NamedTuple, TypeVar

from huanzhi.errors import InputError
from huanzhi.library.devices.model import DEVICE_FIELDS, Device, Outlet, device_of, outlet_of

_JSON_CELLS = ("parameters", "intervals", "outlet_attributes", "outlet_permits")
_NUMBERS: Mapping[str, Callable[[str], Any]] = {
    "rate": float,
    "size": int,
    "outlet_lon": float,
    "outlet_lat": float,
}
_YES = {
    "1": True,
    "true": True,
    "yes": True,
    "是": True,
    "0": False,
    "false": False,
    "no": False,
    "否": False,
}
_SWITCHES = ("simulated", "strict", "outlet_simulated")

Thing = TypeVar("Thing")


class Lists(NamedTuple):
    """What a list holds; `keys` are SM4 keys by reference."""

    devices: list[Device]
    outlets: list[Outlet]
    keys: dict[str, bytes]


def read_list(file: Path) -> Lists:
    """Read a list.

    Raises
    ------
    InputError
        With the row and column of the first mistake.
    """
    try:
        content = file.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        raise InputError("device_register.not_utf8", file=file) from error
    return _from_csv(content, file) if file.suffix.lower() == ".csv" else _from_json(content, file)


def _from_json(content: str, file: Path) -> Lists:
    try:
        raw = json.loads(content)
    except json.JSONDecodeError as error:
        raise InputError("device_register.not_json", file=file, row=error.lineno, reason=error.msg) from error
    if not isinstance(raw, dict) or not isinstance(raw.get("devices"), list):
        raise InputError("device_register.no_list", file=file)
    outlets = _each(raw.get("outlets", []), outlet_of, file, 1)
    return Lists(_each(raw["devices"], device_of, file, 1), outlets, _keys(raw.get("keys", {}), file))


def _from_csv(content: str, file: Path) -> Lists:
    rows = [_cells(row, file, number) for number, row in enumerate(csv.DictReader(content.splitlines()), 2)]
    devices = [{name: cell for name, cell in row.items() if name in DEVICE_FIELDS} for row in rows]
    outlets = {
        row["outlet"]: _outlet_cells(row) for row in rows if row.get("outlet") and "outlet_name" in row
    }
    return Lists(_each(devices, device_of, file, 2), _each(outlets.values(), outlet_of, file, 2), {})


def _keys(raw: Mapping[str, str], file: Path) -> dict[str, bytes]:
    found = {}
    for ref, written in raw.items():
        try:
            found[ref] = bytes.fromhex(written)
        except (ValueError, TypeError) as error:
            raise InputError("device_register.key_text", file=file, column=ref) from error
        if len(found[ref]) != 16:
            raise InputError("device_register.key", file=file, column=ref, value=len(found[ref]))
    return found


def _outlet_cells(row: Mapping[str, Any]) -> dict[str, Any]:
    described = {
        name.removeprefix("outlet_"): cell for name, cell in row.items() if name.startswith("outlet_")
    }
    return {"enterprise": row.get("enterprise", ""), **described, "code": row["outlet"]}


def _cells(row: Mapping[str, str], file: Path, number: int) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for name, cell in row.items():
        if name is None or (name not in DEVICE_FIELDS and not name.startswith("outlet_")):
            raise InputError(
                "device_register.field", file=file, row=number, column=name, expected=", ".join(DEVICE_FIELDS)
            )
        if cell:
            found[name] = _cell(name, cell, file, number)
    return found


def _cell(name: str, cell: str, file: Path, number: int) -> Any:
    try:
        if name in _JSON_CELLS:
            return json.loads(cell)
        if name in _SWITCHES:
            return _YES[cell.strip().lower()]
        return _NUMBERS[name](cell) if name in _NUMBERS else cell
    except (ValueError, KeyError) as error:
        raise InputError("device_register.cell", file=file, row=number, column=name, value=cell) from error


def _each(
    rows: Iterable[Mapping[str, Any]], make: Callable[[Mapping[str, Any]], Thing], file: Path, first: int
) -> list[Thing]:
    made = []
    for number, row in enumerate(rows, first):
        try:
            made.append(make(row))
        except InputError as error:
            error.place |= {"file": file, "row": number}
            raise
        except TypeError as error:
            raise InputError("device_register.entry", file=file, row=number, reason=error) from error
    return made
