"""``huanzhi store``: what the observation store holds, whether it is sound, and its upkeep."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

import click

from huanzhi.assess.states import State
from huanzhi.cli.moments import as_of_option, parse_moment
from huanzhi.cli.output import emit_json, emit_table, json_option, say
from huanzhi.errors import InputError
from huanzhi.library.series import Store, open_store
from huanzhi.messages import catalogue, language, text
from huanzhi.standards import parameters
from huanzhi.standards.periods import CHINA, Period, to_china

_CODE = re.compile(r"[A-Za-z]\d{2,}[A-Za-z0-9-]*|[A-Za-z]{2,}[0-9A-Za-z-]*")


@click.group(name="store", help=text("store_cli.help"))
def command() -> None:
    """Hold the commands about the store."""


@command.command(help=text("store_cli.help_summary"))
@json_option
def summary(as_json: bool) -> None:
    """Print what the store holds."""
    with open_store("read") as store:
        held = store.summary()
        home = store.home
    if as_json:
        emit_json({"home": home, **asdict(held), "periods": _spans(held.periods)})
        return
    facts = {name: value for name, value in asdict(held).items() if name not in ("parts", "periods")}
    facts = {"home": home, **facts, **{f"parts_{kind}": number for kind, number in held.parts.items()}}
    emit_table(
        _headings("item", "amount"), [(text(f"store_cli.{name}"), value) for name, value in facts.items()]
    )
    click.echo()
    rows = [(name, *span.values()) for name, span in _spans(held.periods).items()]
    emit_table(_headings("period", "rows", "first", "last"), rows)


def _spans(periods: Mapping[str, tuple[int, int, int]]) -> dict[str, dict[str, object]]:
    return {
        name: {"rows": rows, "first": _moment(first), "last": _moment(last)}
        for name, (rows, first, last) in periods.items()
    }


@command.command(help=text("store_cli.help_verify"))
@json_option
def verify(as_json: bool) -> int:
    """Check all files; exit code 1 when something is wrong."""
    with open_store("read") as store:
        report = store.verify()
    problems = [(problem.file, text(problem.key, file=problem.file)) for problem in report.problems]
    if as_json:
        listed = [{"file": file, "problem": words} for file, words in problems]
        emit_json({**asdict(report), "sound": not problems, "problems": listed})
    else:
        if problems:
            emit_table(_headings("file", "problem"), problems)
        outcome = "store_cli.unsound" if problems else "store_cli.sound"
        click.echo(
            text(outcome, parts=report.parts, rows=report.rows, raw=report.raw, problems=len(problems))
        )
    return 1 if problems else 0


@command.command(help=text("store_cli.help_compact"))
@json_option
def compact(as_json: bool) -> None:
    """Merge small parts."""
    with open_store("write") as store:
        outcome = store.compact()
    if as_json:
        emit_json(asdict(outcome))
    else:
        click.echo(text("store_cli.compacted", **asdict(outcome)))


@command.command(help=text("store_cli.help_sweep"))
@click.option("--grace", type=click.FloatRange(min=0), default=24.0, help=text("store_cli.help_grace"))
@json_option
def sweep(grace: float, as_json: bool) -> None:
    """Delete files that nothing needs."""
    with open_store("write") as store:
        swept = store.sweep(timedelta(hours=grace))
    if as_json:
        emit_json(asdict(swept))
    else:
        click.echo(text("store_cli.swept", **asdict(swept)))


@command.command(help=text("store_cli.help_last"))
@click.option("--station", "stations", multiple=True, help=text("store_cli.help_station"))
@click.option("--parameter", "names", multiple=True, help=text("store_cli.help_parameter"))
@as_of_option
@json_option
def last(
    stations: tuple[str, ...], names: tuple[str, ...], as_of: datetime | int | None, as_json: bool
) -> None:
    """Print the newest value of every series."""
    with open_store("read", as_of=as_of) as store:
        _need_stations(store, stations)
        found = store.last(stations or None, [_code(name) for name in names] or None)
    rows = [_plain(row) for row in found.to_pylist()]
    if as_json:
        emit_json({"rows": rows})
        return
    if not rows:
        say("store_cli.nothing")
    keys = ("feature", "parameter", "period", "time", "value", "state")
    emit_table(_headings(*keys), [[row[key] for key in keys] for row in map(_in_words, rows)])


@command.command(help=text("store_cli.help_history"))
@click.option("--station", required=True, help=text("store_cli.help_station"))
@click.option("--parameter", "name", required=True, help=text("store_cli.help_parameter"))
@click.option("--time", "time", required=True, help=text("store_cli.help_time"))
@click.option("--period", type=click.Choice([str(period) for period in Period]), default=str(Period.HOUR))
@json_option
def history(station: str, name: str, time: str, period: str, as_json: bool) -> None:
    """Print every revision of one observation."""
    with open_store("read") as store:
        _need_stations(store, (station,))
        found = store.history(station, _code(name), period, parse_moment(time))
    rows = [_plain(row) for row in found.to_pylist()]
    if as_json:
        emit_json({"station": station, "parameter": _code(name), "period": period, "revisions": rows})
        return
    if not rows:
        say("store_cli.nothing")
    keys = ("revision", "at", "value", "state", "source", "row", "note")
    emit_table(_headings(*keys), [[row[key] for key in keys] for row in map(_in_words, rows)])


def _headings(*keys: str) -> list[str]:
    return [text(f"store_cli.{key}") for key in keys]


def _need_stations(store: Store, codes: Sequence[str]) -> None:
    """Raise InputError for the first code that the store does not know."""
    known = {feature.code for feature in store.features(codes=codes)} if codes else set()
    for code in codes:
        if code not in known:
            raise InputError("store_cli.no_station", value=code)


def _code(name: str) -> str:
    """Return the code that a name means; a code that the tables do not know is taken as it is."""
    found = parameters.find(name)
    if found is None and not _CODE.fullmatch(name):
        raise InputError("store_cli.no_parameter", value=name, expected="a34004, PM2.5")
    return found.code if found else name


def _plain(row: Mapping[str, Any]) -> dict[str, Any]:
    """Give a stored row as people write it: decimal text, China time, the word of the state."""
    value, decimals = row["value"], row["decimals"]
    plain = {**row, "value": None if value is None else format(Decimal(value).scaleb(-decimals), "f")}
    plain["state"] = State(row["state"]).name.lower()
    if "time" in row:
        plain["time"] = _moment(row["time"])
    if "at" in row:
        plain["at"] = row["at"].astimezone(CHINA).isoformat(timespec="seconds")
    return plain


def _in_words(row: Mapping[str, Any]) -> dict[str, Any]:
    below = row["state"] == State.BELOW_DETECTION.name.lower() and row["value"] is not None
    value = f"<{row['value']}" if below else row["value"]
    words = {**row, "value": value, "state": text(f"store_cli.state_{row['state']}")}
    return {**words, "note": _note_words(row["note"])} if "note" in row else words


def _note_words(note: str) -> str:
    """Return the note of a batch in the reader's language: conventions are stored as message keys."""
    sentences = [catalogue()[key][language()] if key in catalogue() else key for key in note.split("; ")]
    return text("store_cli.note_separator").join(one for one in sentences if "{" not in one)


def _moment(seconds: int) -> str:
    return to_china(seconds).isoformat(timespec="minutes")
