"""``huanzhi live``: a living simulated city, its platform and its web page, in one command."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, nullcontext
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta
from fractions import Fraction
from pathlib import Path
from typing import Any

import click
from rich.console import Console
from rich.live import Live
from rich.table import Table

from huanzhi.city.model import description
from huanzhi.cli.demo import prepare
from huanzhi.cli.output import emit_json, json_option, say
from huanzhi.errors import StoreError
from huanzhi.library.database import migrate
from huanzhi.library.devices import open_register
from huanzhi.library.series import Store, open_store
from huanzhi.messages import text
from huanzhi.network.gateway.status import Status
from huanzhi.network.quality.rates import rates
from huanzhi.programmes.city_map import install_city

SHOWN_EVERY = 1.0
STORE_EVERY = 3.0
PATIENCE = 120.0
"""Seconds between two tables, between two looks into the store, and for a process to begin or end. Ours."""

PAST_DAYS, COMING_DAYS = 60, 30
"""Days before the present and after it over which the city's violations are spread. Ours."""

PASSWORD = "huanzhi-demo"
"""Password of the accounts of the simulated city, which is no secret."""


@dataclass(frozen=True, slots=True)
class Picture:
    """What the table shows; a rate is None while nothing is due."""

    devices: int
    online: int
    frames: int
    acknowledged: int
    rejected: int
    values: int
    transmission: Fraction | None
    reasons: dict[str, int]

    @property
    def online_rate(self) -> Fraction | None:
        """Share of the registered devices that are connected and heard."""
        return Fraction(self.online, self.devices) if self.devices else None


@click.command("live", help=text("live.help"))
@click.option(
    "--seed", type=int, default=description()["seed"], show_default=True, help=text("city_cli.seed")
)
@click.option(
    "--enterprises",
    type=click.IntRange(1, 20000),
    default=60,
    show_default=True,
    help=text("city_cli.enterprises"),
)
@click.option("--lawful", is_flag=True, help=text("city_cli.lawful"))
@click.option(
    "--speed", type=click.FloatRange(0.01, 100000), default=1, show_default=True, help=text("live.speed")
)
@click.option("--host", default="127.0.0.1", show_default=True, help=text("web_api.host"))
@click.option(
    "--port", default=8080, show_default=True, type=click.IntRange(0, 65535), help=text("web_api.port")
)
@click.option("--seconds", type=click.IntRange(1), help=text("live.seconds"))
@click.option(
    "--home",
    type=click.Path(file_okay=False, path_type=Path),
    default=Path("var") / "live",
    show_default=True,
    help=text("live.home"),
)
@click.option("--fresh/--keep", default=False, help=text("live.fresh"))
@json_option
def command(
    seed: int,
    enterprises: int,
    lawful: bool,
    speed: float,
    host: str,
    port: int,
    seconds: int | None,
    home: Path,
    fresh: bool,
    as_json: bool,
) -> None:
    """Run platform and city side by side."""
    folder = prepare(home, fresh=fresh).resolve()
    os.environ["HUANZHI_HOME"] = str(folder)
    which = _city(folder, seed, enterprises, lawful)
    first_account()
    install_city(folder, seed)
    port, gateway_port = port or free_port(), free_port()
    platform = ("run", "--host", host, "--port", str(port), "--gateway-port", str(gateway_port))
    with _running(folder, "platform", *platform):
        _wait_for_gateway(folder)
        _register(folder, which)
        accounts()
        city = ("city", "start", *which, "--at", "now", "--speed", f"{speed:g}")
        past = ("city", "fill", *which, "--past", str(PAST_DAYS))
        with (
            _running(folder, "history", *past),
            _running(folder, "city", *city, "--to", f"127.0.0.1:{gateway_port}"),
        ):
            say("live.serving", address=f"http://{host}:{port}/", name="duty", password=PASSWORD)
            picture = _watch(folder, seconds, watched=sys.stdout.isatty() and not as_json)
    if as_json:
        emit_json(payload(picture))
    elif not sys.stdout.isatty():
        Console(highlight=False, width=100).print(table(picture))
    say("live.where", home=folder)


def first_account() -> None:
    """Make the account of the administrator."""
    migrate()
    from huanzhi.library.people.first import first_person

    first_person(PASSWORD)


def accounts() -> None:
    """Make the other accounts of the simulated city, whose regions and enterprises are there by now."""
    from huanzhi.library.people.demo import accounts as demo_accounts
    from huanzhi.programmes.live.furnishing import furnish_all

    demo_accounts(PASSWORD)
    furnish_all(PASSWORD)


def _city(folder: Path, seed: int, enterprises: int, lawful: bool) -> list[str]:
    """Return the options of the city; one that was begun goes on as it was."""
    path = folder / "city.json"
    if path.exists():
        kept: list[str] = json.loads(path.read_text(encoding="utf-8"))
        return kept
    began = datetime.now(UTC).replace(minute=0, second=0, microsecond=0) - timedelta(days=PAST_DAYS)
    which = ["--seed", str(seed), "--enterprises", str(enterprises)]
    which += ["--days", str(PAST_DAYS + COMING_DAYS), "--from", began.isoformat()]
    which += ["--lawful"] if lawful else []
    path.write_text(json.dumps(which), encoding="utf-8")
    return which


def payload(picture: Picture) -> dict[str, object]:
    """Return the picture for programs."""
    shares = {"online_rate": picture.online_rate, "transmission": picture.transmission}
    return {"simulated": True, **asdict(picture), **{name: _share(rate) for name, rate in shares.items()}}


def table(picture: Picture) -> Table:
    """Return the picture as a table."""
    shown = Table(title=text("live.title"), title_justify="left", show_header=False, show_edge=False)
    shown.add_column()
    shown.add_column(justify="right")
    for name in ("devices", "online", "frames", "acknowledged", "values", "rejected"):
        shown.add_row(text(f"live.{name}"), f"{getattr(picture, name):,}")
    shown.add_row(text("live.online_rate"), _percent(picture.online_rate))
    shown.add_row(text("live.transmission"), _percent(picture.transmission))
    for reason, count in picture.reasons.items():
        shown.add_row(text("live.reason", reason=reason), f"{count:,}")
    return shown


def _watch(folder: Path, seconds: int | None, *, watched: bool) -> Picture:
    """Show the picture until the time is over or the user stops it; return the last one."""
    ending = time.monotonic() + seconds if seconds else float("inf")
    values, transmission, looked = 0, None, 0.0
    picture = _picture(folder, values, transmission)
    screen = Live(table(picture), console=Console(highlight=False), auto_refresh=False)
    with _interruptible(), screen if watched else nullcontext() as live:
        try:
            while time.monotonic() < ending:
                time.sleep(SHOWN_EVERY)
                if time.monotonic() - looked > STORE_EVERY:
                    values, transmission = _stored(folder)
                    looked = time.monotonic()
                picture = _picture(folder, values, transmission)
                if live is not None:
                    live.update(table(picture), refresh=True)
        except KeyboardInterrupt:
            pass
    return picture


@contextmanager
def _interruptible() -> Iterator[None]:
    """Let the signal to terminate end the watching as Ctrl-C does, so that the other processes end too."""
    before = signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)


def _picture(folder: Path, values: int, transmission: Fraction | None) -> Picture:
    with Status(folder) as status:
        figures = status.figures()
        refused = status.rejects(1000)
    return Picture(
        devices=int(figures.get("devices", 0)),
        online=int(figures.get("devices_online", 0)),
        frames=int(figures.get("received", 0)),
        acknowledged=int(figures.get("acknowledged", 0)),
        rejected=int(figures.get("rejected", 0)),
        values=values,
        transmission=transmission,
        reasons=_reasons(refused),
    )


def _reasons(refused: Sequence[Mapping[str, Any]]) -> dict[str, int]:
    """Return the most frequent reasons of the newest rejections, each in the words of its newest example."""
    words = {row["key"]: row["detail"] for row in reversed(refused)}
    return {words[key]: count for key, count in Counter(row["key"] for row in refused).most_common(3)}


def _stored(folder: Path) -> tuple[int, Fraction | None]:
    """Return how many values the store holds, and the transmission rate over all series."""
    try:
        with open_store("read", folder) as store:
            summary = store.summary()
            return summary.rows, _transmission(store, summary.periods.get("hour"))
    except StoreError:
        return 0, None


def _transmission(store: Store, hours: tuple[int, int, int] | None) -> Fraction | None:
    """Return the transmission rate over the last day."""
    if hours is None:
        return None
    _, first, last = hours
    whole = [
        one.completed for one in rates(store, None, max(first, last - 86400), last + 1) if not one.parameter
    ]
    total = sum(whole[1:], whole[0]) if whole else None
    return None if total is None else total.transmission


def _register(folder: Path, which: list[str]) -> None:
    """Register the devices of the city, as an officer would with a list, and adopt its enterprises."""
    from huanzhi.library.enterprises.adopting import adopt

    listed = folder / "devices.json"
    if listed.exists():
        return
    part = folder / "devices.part.json"
    _huanzhi(folder, "city", "register", *which, "-o", str(part))
    _huanzhi(folder, "device", "import", str(part), "--reason", text("live.registered"))
    with open_register(folder) as register:
        adopt(None, register, json.loads(part.read_text(encoding="utf-8")))
    part.replace(listed)


def _huanzhi(folder: Path, *arguments: str) -> None:
    subprocess.run(_call(*arguments), env=_environment(folder), check=True, stdout=subprocess.DEVNULL)


@contextmanager
def _running(folder: Path, name: str, *arguments: str) -> Iterator[None]:
    """Run a command beside this one, its words in a file, and stop it in the end."""
    with (folder / f"{name}.log").open("w", encoding="utf-8") as log:
        process = subprocess.Popen(
            _call(*arguments), env=_environment(folder), stdout=log, stderr=log, start_new_session=True
        )
        try:
            yield
        finally:
            process.send_signal(signal.SIGINT)
            try:
                process.wait(PATIENCE)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


def _call(*arguments: str) -> list[str]:
    return [sys.executable, "-m", "huanzhi.cli", *arguments]


def _environment(folder: Path) -> dict[str, str]:
    return {**os.environ, "HUANZHI_HOME": str(folder)}


def _wait_for_gateway(folder: Path) -> None:
    ending = time.monotonic() + PATIENCE
    while time.monotonic() < ending:
        try:
            with Status(folder) as status:
                if status.alive():
                    return
        except StoreError:
            pass
        time.sleep(0.2)
    raise StoreError("live.no_gateway", file=folder / "platform.log")


def free_port() -> int:
    """Return a port that nobody listens at."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _share(rate: Fraction | None) -> float | None:
    return None if rate is None else round(float(rate), 4)


def _percent(rate: Fraction | None) -> str:
    return "—" if rate is None else f"{float(rate):.1%}"
