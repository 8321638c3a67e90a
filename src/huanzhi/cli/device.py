"""``huanzhi device``: the register of devices, and what they are asked to do."""

from __future__ import annotations

import getpass
import json
from datetime import datetime
from pathlib import Path
from typing import Any

import click

from huanzhi.cli.output import emit_json, emit_table, json_option, say
from huanzhi.errors import InputError
from huanzhi.library.devices import Device, DeviceState, Outlet, open_register
from huanzhi.library.devices.importing import read_list
from huanzhi.library.devices.model import as_row, device_of
from huanzhi.messages import text
from huanzhi.standards.periods import CHINA

_STATES = click.Choice([state.value for state in DeviceState])


@click.group("device", help=text("gateway_cli.device_help"))
def command() -> None:
    """Group the commands."""


@command.command("list", help=text("gateway_cli.device_list"))
@click.option("--state", type=_STATES, help=text("gateway_cli.state"))
@json_option
def list_devices(state: str | None, as_json: bool) -> None:
    """Print the devices."""
    with open_register() as register:
        found = register.devices(DeviceState(state) if state else None)
    rows = [{**as_row(device), "password": "***" if device.password else ""} for device in found]
    if as_json:
        emit_json({"devices": rows})
        return
    keys = ("mn", "state", "name", "enterprise", "outlet", "st", "edition")
    emit_table(
        [text(f"gateway_cli.column_{key}") for key in keys], [[row[key] for key in keys] for row in rows]
    )


@command.command("register", help=text("gateway_cli.device_register"))
@click.argument("mn")
@click.option("--name", default="", help=text("gateway_cli.device_name"))
@click.option("--enterprise", default="", help=text("gateway_cli.enterprise"))
@click.option("--outlet", default="", help=text("gateway_cli.outlet"))
@click.option("--password", default="", help=text("gateway_cli.password"))
@click.option("--st", default="", help=text("gateway_cli.st"))
@click.option(
    "--accept",
    multiple=True,
    type=click.Choice(["modbus", "modbus_swapped"]),
    help=text("gateway_cli.accept"),
)
@click.option(
    "--interval", "intervals", multiple=True, metavar="CN=SECONDS", help=text("gateway_cli.interval")
)
@click.option("--key", help=text("gateway_cli.key"))
@click.option("--reason", default="", help=text("gateway_cli.reason"))
def register_device(
    mn: str, intervals: tuple[str, ...], accept: tuple[str, ...], key: str | None, reason: str, **given: str
) -> None:
    """Register a device, parked or new; its parked data are then taken in."""
    with open_register() as register:
        before = register.device(mn) or Device(mn)
        outlet = given["outlet"] or before.outlet or mn
        changes: dict[str, Any] = {name: value for name, value in given.items() if value}
        changes |= {"outlet": outlet, "state": "registered"}
        if accept:
            changes["crc"] = accept
        if intervals:
            changes["intervals"] = dict(map(_interval, intervals))
        if key:
            register.add_key(mn, _key(key), who=_who())
            changes["key"] = mn
        device = device_of(changes, before)
        new = (
            []
            if outlet in register.outlets()
            else [Outlet(outlet, device.name or outlet, enterprise=device.enterprise)]
        )
        register.save([device], new, who=_who(), reason=reason)
    say("gateway_cli.registered", mn=mn, outlet=outlet)


@command.command("disable", help=text("gateway_cli.device_disable"))
@click.argument("mn")
@click.option("--reason", required=True, help=text("gateway_cli.reason"))
def disable(mn: str, reason: str) -> None:
    """Turn a device away from now on."""
    with open_register() as register:
        device = register.device(mn)
        if device is None:
            raise InputError("gateway_cli.no_device", value=mn)
        register.save([device_of({"state": "disabled"}, device)], who=_who(), reason=reason)


@command.command("import", help=text("gateway_cli.device_import"))
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--reason", default="", help=text("gateway_cli.reason"))
def import_list(file: Path, reason: str) -> None:
    """Register the devices and outlets of a JSON or CSV list."""
    devices, outlets = read_list(file)
    with open_register() as register:
        changed = register.save(devices, outlets, who=_who(), reason=reason or file.name)
    say("gateway_cli.imported", devices=len(devices), outlets=len(outlets), changed=changed)


@command.command("history", help=text("gateway_cli.device_history"))
@click.argument("subject", default="")
@click.option("--most", type=click.IntRange(1), default=100, show_default=True)
@json_option
def history(subject: str, most: int, as_json: bool) -> None:
    """Print what was changed, when, by whom and why."""
    with open_register() as register:
        found = register.history(subject, most)
    rows = [{**change._asdict(), "at": datetime.fromtimestamp(change.at / 1e6, CHINA)} for change in found]
    if as_json:
        emit_json({"changes": rows})
        return
    keys = ("at", "who", "action", "subject", "reason")
    cells = [
        [f"{row['at']:%Y-%m-%d %H:%M:%S}", *(row[key] for key in keys[1:]), _differences(row)] for row in rows
    ]
    emit_table([text(f"gateway_cli.column_{key}") for key in (*keys, "change")], cells)


def _differences(row: dict[str, Any]) -> str:
    before, after = row["before"] or {}, row["after"] or {}
    shown = {
        name: value
        for name, value in after.items()
        if value != before.get(name) and value not in ("", [], {}, None)
    }
    return json.dumps(shown, ensure_ascii=False)


def _interval(written: str) -> tuple[str, int]:
    cn, _, seconds = written.partition("=")
    if not (len(cn) == 4 and cn.isdigit() and seconds.isdigit() and int(seconds)):
        raise InputError("gateway_cli.interval_wrong", value=written, expected="2051=600")
    return cn, int(seconds)


def _key(written: str) -> bytes:
    try:
        return written.encode("ascii") if len(written) == 16 else bytes.fromhex(written)
    except ValueError:
        raise InputError("devices.key", value=len(written)) from None


def _who() -> str:
    return getpass.getuser()
