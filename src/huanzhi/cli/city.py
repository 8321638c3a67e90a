"""``huanzhi city``: the test city; its devices speak HJ 212 to a host, its truth is printed for scoring."""

from __future__ import annotations

import asyncio
import json
import os
import signal
from dataclasses import asdict
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any

import click

from huanzhi.city import ledgers, register, telegrams, world
from huanzhi.city.clock import Clock
from huanzhi.city.devices import devices
from huanzhi.city.fleet import Fleet, report
from huanzhi.city.model import description
from huanzhi.city.simulation import Simulation, simulate
from huanzhi.city.simulation import lawful as without_violations
from huanzhi.city.truth import truth as truth_of
from huanzhi.cli.output import emit_json, emit_table, json_option, progress, say
from huanzhi.errors import InputError
from huanzhi.messages import text
from huanzhi.programmes.city_history import History
from huanzhi.programmes.discovery.bench import bench
from huanzhi.standards.periods import CHINA

_TOLD_EVERY = 5.0
_FILE = click.Path(dir_okay=False, path_type=Path)


def city_options(command: Any, enterprises: str = "enterprises", days: str = "days") -> Any:
    """Give a command the options that say which city; the last two name the defaults of its size."""
    town = description()
    for option in (
        click.option("--lawful", is_flag=True, help=text("city_cli.lawful")),
        click.option(
            "--days",
            type=click.IntRange(1, 3660),
            default=town[days],
            show_default=True,
            help=text("city_cli.days"),
        ),
        click.option("--from", "start", default="", help=text("city_cli.start")),
        click.option(
            "--enterprises",
            type=click.IntRange(1, 20000),
            default=town[enterprises],
            show_default=True,
            help=text("city_cli.enterprises"),
        ),
        click.option("--seed", type=int, default=town["seed"], show_default=True, help=text("city_cli.seed")),
    ):
        command = option(command)
    return command


@click.group("city", help=text("city_cli.help"))
def command() -> None:
    """Hold the commands."""


@command.command("start", help=text("city_cli.run"))
@city_options
@click.option(
    "--speed",
    type=click.FloatRange(0.01, 100000),
    default=description()["speed"],
    show_default=True,
    help=text("city_cli.speed"),
)
@click.option("--to", "target", default="127.0.0.1:9212", show_default=True, help=text("city_cli.to"))
@click.option("--at", default="", help=text("city_cli.at"))
@click.option("--for", "hours", type=click.FloatRange(0, min_open=True), help=text("city_cli.for"))
@json_option
def start_city(speed: float, target: str, at: str, hours: float | None, as_json: bool, **which: Any) -> None:
    """Let the devices of the city speak to a host, until stopped or for some hours of the city's time."""
    simulation = _simulation(**which)
    host, port = _address(target)
    moment = _moment(at)
    clock = Clock(simulation.city.start if moment is None else int(moment.timestamp()), speed)
    fleet = Fleet(simulation, devices(simulation.city), clock)
    until = {} if hours is None else {"until": clock.start + int(hours * 3600)}
    say(
        "city_cli.started",
        name=description()["name"],
        devices=len(fleet.links),
        target=target,
        speed=f"{speed:g}",
    )
    if not asyncio.run(_run(fleet, host, port, until)):
        say("city_cli.stopped")
    if as_json:
        emit_json({"simulated": True, "devices": len(fleet.links), **fleet.counts.of})


async def _run(fleet: Fleet, host: str, port: int, until: dict[str, int]) -> bool:
    """Run the fleet until it is done or told to stop; return whether it was done."""
    telling = asyncio.create_task(report(fleet, _TOLD_EVERY, _tell))
    speaking = asyncio.create_task(fleet.run(host, port, **until))
    for name in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(name, speaking.cancel)
    await asyncio.wait([speaking])
    telling.cancel()
    _tell(fleet)
    if speaking.cancelled():
        return False
    speaking.result()
    return True


def _tell(fleet: Fleet) -> None:
    of, moment = fleet.counts.of, register.china_time(int(fleet.clock.now()))
    say(
        "city_cli.told",
        time=moment[:16].replace("T", " "),
        connected=fleet.counts.connected,
        devices=len(fleet.links),
        sent=of["sent"],
        acknowledged=of["acknowledged"],
        again=of["sent_again"],
        commands=of["commands"],
    )


@command.command("truth", help=text("city_cli.truth"))
@city_options
@json_option
def truth(as_json: bool, **which: Any) -> None:
    """Print the truth log."""
    records = list(truth_of(_simulation(**which)))
    if as_json:
        emit_json({"simulated": True, "seed": which["seed"], "violations": records})
        return
    keys = ("number", "kind", "culprit", "place", "start", "end", "size")
    rows = [[_shown(key, record) for key in keys] for record in records]
    emit_table([text(f"city_cli.column_{key}") for key in keys], rows, text("city_cli.truth_title"))


def _shown(key: str, record: dict[str, Any]) -> object:
    if key == "kind":
        return text(f"city.{record['kind']}")
    return record[key][:16].replace("T", " ") if key in ("start", "end") else record[key]


@command.command("bench", help=text("city_cli.bench"))
@partial(city_options, enterprises="bench_enterprises", days="bench_days")
@click.option(
    "--processes",
    type=click.IntRange(1, 64),
    default=min(os.cpu_count() or 1, 4),
    show_default=True,
    help=text("city_cli.processes"),
)
@json_option
def bench_watch(processes: int, as_json: bool, **which: Any) -> None:
    """Commit the violations of a city, watch it through its frames, and print how well they were found."""
    with progress(text("city_cli.benching")) as bar:
        task = bar.add_task("", total=1.0)
        found = bench(_simulation(**which), lambda share: bar.update(task, completed=share), processes)
    if as_json:
        emit_json(found)
        return
    rows = [[text(f"city.{kind}"), *_figures(one)] for kind, one in found["by_kind"].items()]
    headings = [text(f"city_cli.bench_{name}") for name in ("kind", *_FIGURES)]
    emit_table(
        headings, [*rows, [text("city_cli.bench_all"), *_figures(found)]], text("city_cli.bench_title")
    )
    say(
        "city_cli.bench_said",
        issues=found["issues"],
        false=_percent(found["false"]),
        seconds=found["seconds"],
    )


_FIGURES = ("committed", "found", "culprit_first", "median_minutes")


def _figures(found: dict[str, Any]) -> list[object]:
    shares = [_percent(found[name]) for name in ("found", "culprit_first")]
    return [found["committed"], *shares, found["median_minutes"]]


def _percent(share: float | None) -> str:
    return "" if share is None else f"{share:.1%}"


@command.command("register", help=text("city_cli.register"))
@city_options
@click.option("--csv", "as_csv", is_flag=True, help=text("city_cli.csv"))
@click.option("-o", "--output", type=_FILE, help=text("city_cli.output"))
def register_list(as_csv: bool, output: Path | None, **which: Any) -> None:
    """Write the registration list of devices, enterprises and permits."""
    simulation = _simulation(**which)
    document = register.register(simulation, devices(simulation.city))
    content = register.device_sheet(document) if as_csv else _document(document)
    _put(content, output)


@command.command("fill", help=text("city_cli.fill"))
@city_options
@click.option(
    "--past", type=click.IntRange(1, 3660), default=60, show_default=True, help=text("city_cli.past")
)
@click.option(
    "--home",
    type=click.Path(file_okay=False, path_type=Path),
    envvar="HUANZHI_HOME",
    help=text("web_api.home"),
)
def fill(past: int, home: Path | None, **which: Any) -> None:
    """Put the history of the city into the store, newest first."""
    os.nice(10)
    simulation = _simulation(**which)
    with progress(text("city_cli.filling")) as bar:
        task = bar.add_task("", total=1.0)
        history = History(simulation, home, lambda share, _: bar.update(task, completed=share))
        rows = history.fill(int(datetime.now(UTC).timestamp()), past)
    say("city_cli.filled", rows=f"{rows:,}")


@command.command("ledgers", help=text("city_cli.ledgers"))
@city_options
@click.option("-o", "--output", type=_FILE, help=text("city_cli.output"))
def ledger_list(output: Path | None, **which: Any) -> None:
    """Write the ledgers of dangerous waste."""
    simulation = _simulation(**which)
    owners = ledgers.waste_owners(simulation)
    rows = [asdict(day) for owner in owners for day in ledgers.waste_days(simulation, owner)]
    _put(_document({"simulated": True, "remark": ledgers.remark(), "waste": rows}), output)


@command.command("capture", help=text("city_cli.capture"))
@city_options
@click.option(
    "--hours",
    type=click.FloatRange(0, min_open=True),
    default=1.0,
    show_default=True,
    help=text("city_cli.hours"),
)
@click.argument("file", type=click.File("wb"))
def capture(file: Any, hours: float, **which: Any) -> None:
    """Write the frames of some hours, device after device, as they would go over the line."""
    simulation = _simulation(**which)
    end = simulation.city.start + int(hours * 3600)
    for device in devices(simulation.city):
        for each in telegrams.telegrams(simulation, device, simulation.city.start, end):
            file.write(telegrams.wire(simulation, device, each))


def _simulation(seed: int, enterprises: int, start: str, days: int, lawful: bool) -> Simulation:
    city = world.build(seed, enterprises, _moment(start), days)
    return without_violations(city) if lawful else simulate(city)


def _moment(start: str) -> datetime | None:
    """Return the first moment: as given, in China time where no zone is said; ``now`` is the present."""
    if not start:
        return None
    if start == "now":
        return datetime.now(UTC)
    try:
        found = datetime.fromisoformat(start)
    except ValueError:
        raise InputError("city_cli.bad_start", value=start, expected="2026-09-01T08:00") from None
    return found if found.tzinfo else found.replace(tzinfo=CHINA)


def _address(target: str) -> tuple[str, int]:
    host, _, port = target.rpartition(":")
    if not host or not port.isdigit() or not 0 < int(port) < 65536:
        raise InputError("city_cli.bad_target", value=target, expected="127.0.0.1:9212")
    return host.strip("[]"), int(port)


def _document(content: dict[str, Any]) -> str:
    return json.dumps(content, ensure_ascii=False, indent=1) + "\n"


def _put(content: str, output: Path | None) -> None:
    if output is None:
        click.echo(content, nl=False)
        return
    part = output.with_name(f".{output.name}.part")
    part.write_text(content, encoding="utf-8")
    part.replace(output)
