"""``huanzhi explain``: any judged value with its inputs, edition, clause and arithmetic, and its origins."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any, TypeVar

import click
import numpy as np

from huanzhi import standards
from huanzhi.assess.air_explanation import explain_air
from huanzhi.assess.explanation import Explanation
from huanzhi.assess.groundwater import explain_groundwater
from huanzhi.assess.noise import explain_noise
from huanzhi.assess.readings import Readings
from huanzhi.assess.sea import explain_sea
from huanzhi.assess.soil import explain_soil
from huanzhi.assess.water_explain import explain_water
from huanzhi.cli.assess import air as air_files
from huanzhi.cli.assess import files, groundwater, noise, sea, soil, water
from huanzhi.cli.assess.item_columns import days_of, times_of
from huanzhi.cli.output import emit_json, emit_table, json_option
from huanzhi.cli.rank import EDITIONS
from huanzhi.errors import InputError
from huanzhi.library.series import open_store
from huanzhi.messages import catalogue, text
from huanzhi.network.feeds.sheets import Sheet
from huanzhi.network.feeds.times import parse_time
from huanzhi.programmes.explaining import (
    Origin,
    explain_air_rank,
    explain_water_rank,
    stored_air,
    stored_water,
)
from huanzhi.programmes.rankings import rank_air, rank_water
from huanzhi.programmes.spans import parse_span
from huanzhi.standards import groundwater as groundwater_rules
from huanzhi.standards import noise as noise_rules
from huanzhi.standards import sea as sea_rules
from huanzhi.standards import soil as soil_rules
from huanzhi.standards.air import ITEMS
from huanzhi.standards.periods import CHINA, Period

Command = TypeVar("Command", bound=Callable[..., Any])
AUTO = "auto"
MOST_ORIGINS = 12
FILE = click.Path(path_type=Path, dir_okay=False)


@click.group(name="explain", help=text("explain.help"))
def command() -> None:
    """Hold the commands."""


def row_option(wrapped: Command) -> Command:
    """Give a command ``--row``."""
    return click.option("--row", type=click.IntRange(min=1), help=text("explain.row_option"))(wrapped)


def edition_option(wrapped: Command) -> Command:
    """Give a command ``--edition``."""
    choice = click.Choice(EDITIONS)
    return click.option(
        "--edition", type=choice, default=AUTO, show_default=True, help=text("rankings.edition_option")
    )(wrapped)


@command.command(help=text("explain.air_help"))
@click.argument("file", type=FILE, required=False)
@row_option
@click.option("--station", help=text("explain.station_option"))
@click.option("--time", help=text("explain.time_option"))
@click.option("--period", type=click.Choice(("hour", "day")), help=text("explain.period_option"))
@edition_option
@json_option
def air(
    file: Path | None,
    row: int | None,
    station: str | None,
    time: str | None,
    period: str | None,
    edition: str,
    as_json: bool,
) -> None:
    """Explain an AQI."""
    if file is not None and row is not None:
        show(_air_row(file, row, period, edition), (), as_json=as_json)
    elif file is None and station is not None and time is not None:
        averaging = Period(period) if period else (Period.HOUR if ":" in time else Period.DAY)
        with open_store("read") as store:
            found = stored_air(store, station, parse_time(time, "start", averaging), averaging, edition)
        show(found.explanation, found.origins, as_json=as_json)
    else:
        raise InputError("explain.either")


def _air_row(file: Path, row: int, period: str | None, edition: str) -> Explanation:
    sheet = files.open_sheet(file)
    layout = air_files.find_layout(sheet, Period(period) if period else None, edition)
    index, refusals = place_of(sheet, row), files.Refusals(sheet)
    inputs = air_files.read_inputs(sheet, layout, "start", refusals)
    _refuse(refusals, index)
    if edition != AUTO or inputs.days is None:
        judging = standards.edition("HJ 633", edition)
    else:
        judging = standards.in_force("HJ 633", inputs.days[index].astype(date), early=True)
    given = _items(inputs.concentrations[index])
    instead = None if inputs.instead is None else _items(inputs.instead[index])
    return explain_air(given, layout.period, judging, instead)


def _items(values: Any) -> dict[Any, Decimal | None]:
    return {
        item: None if np.isnan(value) else Decimal(repr(float(value))).normalize() + 0
        for item, value in zip(ITEMS, values, strict=True)
    }


@command.command(name="water", help=text("explain.water_help"))
@click.argument("file", type=FILE, required=False)
@row_option
@click.option("--section", help=text("explain.section_option"))
@click.option("--period", help=text("rankings.period_option"))
@click.option("--year", type=int, help=text("explain.year_option"))
@json_option
def water_command(
    file: Path | None,
    row: int | None,
    section: str | None,
    period: str | None,
    year: int | None,
    as_json: bool,
) -> None:
    """Explain the class of a section."""
    if file is not None and row is not None:
        sheet = files.open_sheet(file)
        rows, index = water.read_rows(sheet, year or datetime.now(CHINA).year), place_of(sheet, row)
        _refuse(rows.refusals, index)
        judging = rows.rules[index]
        assert judging is not None
        day = _water_day(sheet, index, year)
        target = rows.targets[index] if rows.targets else ""
        found = explain_water(_sample(rows.columns, index), rows.kinds[index], day, target=target)
        show(found, (), as_json=as_json)
    elif file is None and section is not None and period is not None:
        with open_store("read") as store:
            stored = stored_water(store, section, parse_span(period))
        show(stored.explanation, stored.origins, as_json=as_json)
    else:
        raise InputError("explain.either")


def _water_day(sheet: Sheet, index: int, year: int | None) -> date:
    heading = water.find_layout(sheet).time
    seconds = parse_time(
        sheet.cells[heading][index], "start", Period.INSTANT, year=year or datetime.now(CHINA).year
    )
    return datetime.fromtimestamp(seconds, CHINA).date()


def _sample(columns: Any, index: int) -> dict[str, Readings]:
    return {name: column.take(index) for name, column in columns.items() if column.present[index]}


@command.command(name="groundwater", help=text("explain.groundwater_help"))
@click.argument("file", type=FILE)
@click.option("--row", type=click.IntRange(min=1), required=True, help=text("explain.row_option"))
@click.option("--nitrate-as", "nitrate", type=click.Choice(("N", "NO3")))
@json_option
def groundwater_command(file: Path, row: int, nitrate: str | None, as_json: bool) -> None:
    """Explain a groundwater class."""
    sheet, refusals, index, day, time = _opened(file, row)
    table = groundwater_rules.table_on(day)
    samples = groundwater.read_samples(sheet, refusals, table, time, nitrate)
    _refuse(refusals, index)
    show(explain_groundwater(_sample(samples, index), day), (), as_json=as_json)


@command.command(name="sea", help=text("explain.sea_help"))
@click.argument("file", type=FILE)
@click.option("--row", type=click.IntRange(min=1), required=True, help=text("explain.row_option"))
@json_option
def sea_command(file: Path, row: int, as_json: bool) -> None:
    """Explain a sea-water class."""
    sheet, refusals, index, day, time = _opened(file, row)
    samples = sea.read_samples(sheet, refusals, sea_rules.table_on(day), time)
    _refuse(refusals, index)
    show(explain_sea(_sample(samples, index), day), (), as_json=as_json)


@command.command(name="soil", help=text("explain.soil_help"))
@click.argument("file", type=FILE)
@click.option("--row", type=click.IntRange(min=1), required=True, help=text("explain.row_option"))
@click.option("--use", "default_use", help=text("ground_cli.use"))
@json_option
def soil_command(file: Path, row: int, default_use: str | None, as_json: bool) -> None:
    """Explain a soil verdict."""
    sheet, refusals, index, day, time = _opened(file, row)
    use = soil.read_uses(sheet, refusals, default_use)[index]
    _refuse(refusals, index)
    assert use is not None
    identity, number = use
    inputs = soil.read_inputs(sheet, refusals, identity, time)
    _refuse(refusals, index)
    table = soil_rules.table_of(identity, standards.in_force(identity, day).id)
    ph = None if inputs.ph is None else inputs.ph.take(index)
    background = _sample(inputs.background, index)
    show(explain_soil(table, number, _sample(inputs.samples, index), ph, background), (), as_json=as_json)


@command.command(name="noise", help=text("explain.noise_help"))
@click.argument("file", type=FILE)
@click.option("--row", type=click.IntRange(min=1), required=True, help=text("explain.row_option"))
@click.option(
    "--standard",
    "identity",
    type=click.Choice(noise_rules.STANDARDS),
    default=noise_rules.ZONES,
    show_default=True,
    help=text("ground_cli.standard"),
)
@json_option
def noise_command(file: Path, row: int, identity: str, as_json: bool) -> None:
    """Explain a noise verdict."""
    sheet = files.open_sheet(file)
    refusals = files.Refusals(sheet)
    index = place_of(sheet, row)
    _, seconds = times_of(sheet, refusals)
    day = days_of(sheet, seconds, None)[index]
    limits = noise_rules.limits_of(identity, standards.in_force(identity, day).id)
    inputs = noise.read_inputs(sheet, refusals, limits, seconds)
    _refuse(refusals, index)
    part = int(inputs.parts[index])
    if part < 0 or not inputs.leq.present[index]:
        raise InputError("explain.no_level", file=file, row=row)
    found = explain_noise(
        limits,
        int(inputs.zones[index]),
        noise_rules.DayPart(part),
        inputs.leq.take(index),
        None if inputs.lmax is None else inputs.lmax.take(index),
        inputs.events[index],
    )
    show(found, (), as_json=as_json)


def _opened(file: Path, row: int) -> tuple[Sheet, files.Refusals, int, date, str | None]:
    """Return a sheet, its refusals, the place of a row, the row's day and the heading of the time."""
    sheet = files.open_sheet(file)
    refusals = files.Refusals(sheet)
    time, seconds = times_of(sheet, refusals)
    index = place_of(sheet, row)
    return sheet, refusals, index, days_of(sheet, seconds, None)[index], time


@command.group(name="rank", help=text("explain.rank_help"))
def rank_group() -> None:
    """Hold the commands that explain rankings."""


@rank_group.command(name="air", help=text("explain.rank_air_help"))
@click.option("--period", required=True, help=text("rankings.period_option"))
@click.option("--city", required=True, help=text("explain.city_option"))
@edition_option
@json_option
def rank_air_command(period: str, city: str, edition: str, as_json: bool) -> None:
    """Explain a city's composite index."""
    with open_store("read") as store:
        ranking = rank_air(store, parse_span(period), edition=edition, improvement=True)
    show(explain_air_rank(ranking, city), (), as_json=as_json)


@rank_group.command(name="water", help=text("explain.rank_water_help"))
@click.option("--period", required=True, help=text("rankings.period_option"))
@click.option("--city", required=True, help=text("explain.city_option"))
@click.option(
    "--by",
    type=click.Choice(("city", "province", "section", "basin")),
    default="city",
    show_default=True,
    help=text("rankings.by_option"),
)
@json_option
def rank_water_command(period: str, city: str, by: Any, as_json: bool) -> None:
    """Explain a CWQI."""
    with open_store("read") as store:
        ranking = rank_water(store, parse_span(period), by=by)
    show(explain_water_rank(ranking, city), (), as_json=as_json)


def place_of(sheet: Sheet, row: int) -> int:
    """Return the place of a spreadsheet row among the data.

    Raises
    ------
    InputError
        If the row is the heading, a comment, empty, or beyond the end.
    """
    if row not in sheet.numbers:
        expected = f"{sheet.numbers[0]}–{sheet.numbers[-1]}"
        raise InputError("explain.no_row", file=sheet.file, row=row, expected=expected)
    return list(sheet.numbers).index(row)


def _refuse(refusals: files.Refusals, index: int) -> None:
    if index in refusals.found:
        raise InputError("explain.refused_row", file=refusals.sheet.file, reason=str(refusals.found[index]))


def show(found: Explanation, origins: Sequence[Origin], *, as_json: bool) -> None:
    """Print an explanation and where its inputs come from."""
    if as_json:
        emit_json({**found.as_dict(), "origins": [one.as_dict() for one in origins]})
        return
    click.echo(f"{text('explain.editions')}  " + ", ".join(edition.number for edition in found.editions))
    click.echo(text("explain.inputs"))
    for name, value in found.inputs.items():
        click.echo(f"  {_label(name)}  {_plain(value)}")
    click.echo(text("explain.steps"))
    for number, step in enumerate(found.steps, 1):
        clause = text("explain.clause", clause=step.clause) if step.clause else ""
        click.echo(f"  {number}. {step.sentence()}{clause}")
    click.echo(text("explain.result"))
    for name, value in found.result.items():
        click.echo(f"  {_label(name)}  {_plain(value)}")
    for caution in found.cautions():
        click.echo(caution)
    if origins:
        _show_origins(origins)


def _label(name: str) -> str:
    """Return the name of an input or a result in words where it has any; an item says its own."""
    return text(f"explain_terms.label_{name}") if f"explain_terms.label_{name}" in catalogue() else name


def _plain(value: object) -> str:
    if f"explain_terms.value_{value}" in catalogue():
        return text(f"explain_terms.value_{value}")
    if value is None or value == "":
        return "—"
    if isinstance(value, dict):
        return ", ".join(f"{name} {_plain(one)}" for name, one in value.items()) or "—"
    if isinstance(value, list | tuple):
        return ", ".join(map(str, value)) or "—"
    return str(value)


def _show_origins(origins: Sequence[Origin]) -> None:
    headings = ("place", "item", "time", "value", "state", "file", "row", "revision", "current", "sha256")
    rows = [
        (
            one.feature,
            one.item,
            f"{one.time:%Y-%m-%d %H:%M}",
            one.value or "—",
            text(f"explain.state_{one.state}"),
            one.file,
            one.row,
            one.revision,
            text("report.yes" if one.current else "report.no"),
            one.sha256[:12],
        )
        for one in origins[:MOST_ORIGINS]
    ]
    emit_table([text(f"explain.{name}") for name in headings], rows, text("explain.origins"))
    if len(origins) > MOST_ORIGINS:
        click.echo(text("explain.more_origins", number=len(origins) - MOST_ORIGINS))
