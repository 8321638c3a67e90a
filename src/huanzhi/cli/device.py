"""``huanzhi device``: the register of devices, and what they are asked to do."""

from __future__ import annotations

import getpass
import json
import re
import time
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
from huanzhi.network.gateway.gaps import Gaps
from huanzhi.network.gateway.requests import OPEN, Request, Requests
from huanzhi.standards.periods import CHINA

_SECRETS = re.compile(r"\b(NewSK|NewPW|PW)=[^;,]*")
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
    emit_table(_headings(*keys), [[row[key] for key in keys] for row in rows])


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
    found = read_list(file)
    with open_register() as register:
        changed = register.save(found.devices, found.outlets, who=_who(), reason=reason or file.name)
        known = register.keys()
        for ref, key in found.keys.items():
            if key not in known.get(ref, ()):
                register.add_key(ref, key, who=_who())
    say("gateway_cli.imported", devices=len(found.devices), outlets=len(found.outlets), changed=changed)


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
    emit_table(_headings(*keys, "change"), cells)


@command.command("ask", help=text("gateway_cli.device_ask"))
@click.argument("mn")
@click.argument("cn")
@click.option("--area", default="", help=text("gateway_cli.area"))
@click.option("--role", default="administrator", show_default=True, help=text("gateway_cli.role"))
@click.option("--reason", required=True, help=text("gateway_cli.reason"))
@click.option("--wait", type=click.FloatRange(0), default=0.0, help=text("gateway_cli.wait"))
@json_option
def ask(mn: str, cn: str, area: str, role: str, reason: str, wait: float, as_json: bool) -> int:
    """Put a request to a device into the queue; exit code 1 when it was waited for and did not succeed."""
    with open_register() as register, Requests() as requests:
        if register.device(mn) is None:
            raise InputError("gateway_cli.no_device", value=mn)
        number = requests.add(mn, cn, area, who=_who(), role=role, reason=reason)
        found, until = requests.get(number), time.monotonic() + wait
        while found.state in OPEN and time.monotonic() < until:
            time.sleep(0.1)
            found = requests.get(number)
    if as_json:
        emit_json(_shown_request(found))
    else:
        say("gateway_cli.asked", id=number, state=found.state)
        for answer in found.answer:
            click.echo(answer)
    return int(wait > 0 and found.state != "done")


@command.command("requests", help=text("gateway_cli.device_requests"))
@click.argument("mn", default="")
@click.option("--most", type=click.IntRange(1), default=50, show_default=True)
@json_option
def list_requests(mn: str, most: int, as_json: bool) -> None:
    """Print the newest requests and what became of them."""
    with Requests() as requests:
        rows = [_shown_request(found) for found in requests.listed(mn, most)]
        if as_json:
            emit_json({"requests": [{**row, "trail": requests.trail(row["id"])} for row in rows]})
            return
    keys = ("id", "mn", "cn", "area", "state", "result", "tries", "who", "reason")
    emit_table(_headings(*keys), [[row[key] for key in keys] for row in rows])


@command.command("gaps", help=text("gateway_cli.device_gaps"))
@click.argument("mn", default="")
@json_option
def list_gaps(mn: str, as_json: bool) -> None:
    """Print what is missing and how often it was asked for."""
    with Gaps() as gaps:
        rows = [found._asdict() for found in gaps.listed(mn)]
    if as_json:
        emit_json({"gaps": rows})
        return
    keys = ("mn", "cn", "begin", "end", "tries", "given_up")
    cells = [[_china(row[key]) if key in ("begin", "end") else row[key] for key in keys] for row in rows]
    emit_table(_headings(*keys), cells)


def _china(seconds: int) -> str:
    return f"{datetime.fromtimestamp(seconds, CHINA):%Y-%m-%d %H:%M}"


def _headings(*names: str) -> list[str]:
    return [text(f"gateway_cli.column_{name}") for name in names]


def _shown_request(found: Request) -> dict[str, Any]:
    """Return a request as plain values, without the secrets that it carries."""
    return {**found._asdict(), "area": _SECRETS.sub(r"\1=***", found.area)}


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
        raise InputError("device_register.key", value=len(written)) from None


def _who() -> str:
    return getpass.getuser()
