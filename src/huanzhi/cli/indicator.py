"""``huanzhi indicator``: the registry of indicators, and their values from the store."""

from __future__ import annotations

from datetime import datetime

import click

from huanzhi.cli.output import emit_json, emit_table, json_option
from huanzhi.errors import InputError
from huanzhi.library.indicators import registry
from huanzhi.library.series import open_store
from huanzhi.messages import text
from huanzhi.programmes.indicators.counting import COUNTS
from huanzhi.programmes.indicators.measuring import measure
from huanzhi.programmes.indicators.places import Region
from huanzhi.programmes.indicators.reports import data_words
from huanzhi.programmes.spans import parse_span

_DAY = click.DateTime(("%Y-%m-%d",))


@click.group("indicator", help=text("indicators.cli_help"))
def command() -> None:
    """Group the commands."""


@command.command("list", help=text("indicators.cli_list_help"))
@json_option
def list_indicators(as_json: bool) -> None:
    """Print the registry."""
    rows = [one.as_dict() for one in registry.shipped().values()]
    if as_json:
        emit_json({"indicators": rows})
        return
    names = ("code", "name", "unit", "direction", "formula", "confidence")
    shown = [
        [*(row[name] for name in names[:4]), row["formula"]["name"], row["confidence_name"]] for row in rows
    ]
    emit_table(list(names), shown)


@command.command("value", help=text("indicators.cli_value_help"))
@click.argument("code")
@click.option("--region", required=True, help=text("indicators.cli_region"))
@click.option("--period", required=True, help=text("indicators.cli_period"))
@click.option("--day", type=_DAY, default=None, help=text("indicators.cli_day"))
@json_option
def value(code: str, region: str, period: str, day: datetime | None, as_json: bool) -> None:
    """Reckon an indicator from the store."""
    known = registry.shipped().get(code)
    if known is None or known.reported or known.formula["name"] in COUNTS:
        raise InputError("indicators.none", value=code)
    span = parse_span(period)
    codes = frozenset([region]) if region.isdigit() else frozenset()
    with open_store("read") as store:
        found = measure(store, known, Region(region, codes), span, day.date() if day else span.last)
    if as_json:
        emit_json(found.as_dict())
        return
    said = "—" if found.value is None else f"{found.value:f} {known.unit}"
    click.echo(f"{known.name.text()} {span.words()} {region}: {said} {found.reason or ''}".rstrip())
    click.echo(data_words(found.basis))
    for note in found.basis.notes:
        click.echo(str(note))
