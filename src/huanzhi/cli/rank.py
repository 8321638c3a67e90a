"""``huanzhi rank``: rankings of cities from the store."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any, TypeVar

import click

from huanzhi.cli.moments import as_of_option
from huanzhi.cli.output import emit_json, emit_table, json_option, say
from huanzhi.errors import InputError
from huanzhi.library.database import migrate
from huanzhi.library.documents import Document, Table, write_docx, write_xlsx
from huanzhi.library.documents.blocks import cell_text
from huanzhi.library.series import open_store
from huanzhi.messages import language, text, using
from huanzhi.programmes.rankings import rank_air, rank_water
from huanzhi.programmes.rankings.tables import air_payload, air_table, improvement_table
from huanzhi.programmes.rankings.water_tables import water_improvement_table, water_payload, water_table
from huanzhi.programmes.spans import parse_span
from huanzhi.standards.periods import CHINA

Command = TypeVar("Command", bound=Callable[..., Any])
EDITIONS = ("auto", "2012", "2026")


@click.group(name="rank", help=text("rankings.help"))
def command() -> None:
    """Hold the commands."""


def ranking_options(wrapped: Command) -> Command:
    """Give a command the options of a ranking: ``--period``, ``--region``, ``--ranked-on``, ``-o`` …"""
    wrapped = json_option(wrapped)
    path = click.Path(path_type=Path, dir_okay=False)
    wrapped = click.option("-o", "--output", type=path, help=text("rankings.output_option"))(wrapped)
    wrapped = click.option("--improvement", is_flag=True, help=text("rankings.improvement_option"))(wrapped)
    choice = click.Choice(("published", "exact"))
    told = {"default": "published", "show_default": True, "help": text("rankings.ranked_on_option")}
    wrapped = click.option("--ranked-on", type=choice, **told)(wrapped)  # type: ignore[arg-type]
    wrapped = as_of_option(wrapped)
    wrapped = click.option("--region", help=text("rankings.region_option"))(wrapped)
    return click.option("--period", required=True, help=text("rankings.period_option"))(wrapped)


@command.command(help=text("rankings.air_help"))
@ranking_options
@click.option(
    "--by",
    type=click.Choice(("city", "county", "township", "station")),
    default="city",
    show_default=True,
    help=text("rankings.by_option"),
)
@click.option(
    "--edition",
    type=click.Choice(EDITIONS),
    default="auto",
    show_default=True,
    help=text("rankings.edition_option"),
)
@click.option(
    "--source",
    type=click.Choice(("auto", "stations", "published")),
    default="auto",
    show_default=True,
    help=text("rankings.source_option"),
)
@click.option(
    "--weights",
    type=click.Choice(("equal", "claimed_2026")),
    default="equal",
    show_default=True,
    help=text("rankings.weights_option"),
)
def air(
    period: str,
    region: str | None,
    as_of: datetime | int | None,
    ranked_on: Any,
    improvement: bool,
    output: Path | None,
    as_json: bool,
    by: Any,
    edition: str,
    source: Any,
    weights: str,
) -> None:
    """Rank cities by air quality."""
    with open_store("read", as_of=as_of) as store:
        ranking = rank_air(
            store,
            parse_span(period),
            by=by,
            source=source,
            edition=edition,
            region=region,
            preset=weights,
            improvement=improvement,
            ranked_on=ranked_on,
        )
    if not ranking.rows:
        raise nothing("air", period, region)
    tables = [air_table(ranking), *([improvement_table(ranking)] if improvement else [])]
    deliver(tables, air_payload(ranking), output, simulated=ranking.simulated, as_json=as_json)


@command.command(help=text("rankings.water_help"))
@ranking_options
@click.option(
    "--by",
    type=click.Choice(("city", "county", "township", "province", "section", "basin")),
    default="city",
    show_default=True,
    help=text("rankings.by_option"),
)
def water(
    period: str,
    region: str | None,
    as_of: datetime | int | None,
    ranked_on: Any,
    improvement: bool,
    output: Path | None,
    as_json: bool,
    by: Any,
) -> None:
    """Rank by surface water."""
    with open_store("read", as_of=as_of) as store:
        ranking = rank_water(
            store, parse_span(period), by=by, region=region, improvement=improvement, ranked_on=ranked_on
        )
    if not ranking.rows:
        raise nothing("water", period, region)
    tables = [water_table(ranking), *([water_improvement_table(ranking)] if improvement else [])]
    deliver(tables, water_payload(ranking), output, simulated=ranking.simulated, as_json=as_json)


@command.command(help=text("rankings.composite_help"))
@ranking_options
@click.option(
    "--by",
    type=click.Choice(("city", "county", "township")),
    default="county",
    show_default=True,
    help=text("rankings.by_option"),
)
def composite(
    period: str,
    region: str | None,
    as_of: datetime | int | None,
    ranked_on: Any,
    improvement: bool,
    output: Path | None,
    as_json: bool,
    by: Any,
) -> None:
    """Rank by air and surface water together."""
    migrate()
    from huanzhi.programmes.rankings.composite import rank_composite
    from huanzhi.programmes.rankings.composite_tables import (
        composite_improvement_table,
        composite_payload,
        composite_table,
    )

    with open_store("read", as_of=as_of) as store:
        more = {"by": by, "region": region, "place": region or "", "ranked_on": ranked_on}
        ranking = rank_composite(store, parse_span(period), **more)
    if not ranking.rows:
        raise nothing("air", period, region)
    tables = [composite_table(ranking), *([composite_improvement_table(ranking)] if improvement else [])]
    deliver(tables, composite_payload(ranking), output, simulated=ranking.simulated, as_json=as_json)


@command.command(help=text("rankings.bulletin_help"))
@click.argument("medium", type=click.Choice(("air", "water", "composite")))
@click.option("--period", required=True, help=text("rankings.period_option"))
@click.option("--region", default="", help=text("rankings.region_option"))
@click.option(
    "--by",
    type=click.Choice(("city", "county", "township", "province", "basin")),
    default="city",
    show_default=True,
    help=text("rankings.by_option"),
)
@click.option("--issuer", default="", help=text("report.issuer_option"))
@click.option("--lang", type=click.Choice(("zh", "en")), help=text("report.lang_option"))
@click.option("-o", "--output", required=True, type=click.Path(path_type=Path, dir_okay=False))
def bulletin(medium: str, period: str, region: str, by: str, issuer: str, lang: Any, output: Path) -> None:
    """Write the bulletin of a ranking as a Word file."""
    migrate()
    from huanzhi.library.places.models import Region
    from huanzhi.programmes.rankings.bulletins import Asked, take
    from huanzhi.programmes.rankings.bulletins import bulletin as bulletin_of
    from huanzhi.programmes.rankings.places import beginning

    if output.suffix != ".docx":
        raise InputError("report.output_suffix", file=output, expected=".docx")
    held = Region.objects.filter(pk=region).first()
    codes, area = beginning(region), held.name if held else region
    asked = Asked(medium, parse_span(period).code(), by, codes, area, region if held else "")
    with using(lang or language()), open_store("read") as store:
        made = bulletin_of(take(store, asked), asked, datetime.now(CHINA).date(), issuer)
    write_docx(made, output)
    say("rankings.written", file=output)


def nothing(medium: str, period: str, region: str | None) -> InputError:
    """Return the error that the store holds nothing to rank for a span and region."""
    where = text("rankings.in_region", region=region) if region else ""
    return InputError("rankings.nothing", value=period, what=text(f"rankings.nothing_{medium}"), region=where)


def deliver(
    tables: Sequence[Table],
    payload: dict[str, Any],
    output: Path | None,
    *,
    simulated: bool,
    as_json: bool,
) -> None:
    """Print tables or one JSON document, and write the file that was asked for."""
    mark = text("rankings.mark_simulated") if simulated else ""
    if output is not None:
        _write(tables, output, mark)
        say("rankings.written", file=output)
    if as_json:
        emit_json(payload)
    elif output is None:
        for table in tables:
            print_table(table, mark)
        for caution in payload["cautions"]:
            click.echo(caution, err=True)


def print_table(table: Table, mark: str, rows: int | None = None) -> None:
    """Print a table of a document, its first `rows` rows only where that is given."""
    headings = [f"{c.heading}\n{c.unit}" if c.unit else c.heading for c in table.columns]
    title = text("report.in_caption", mark=mark) if mark else ""
    shown = [
        [cell_text(cell, column.decimals) for cell, column in zip(row, table.columns, strict=True)]
        for row in table.rows[:rows]
    ]
    emit_table(headings, shown, table.caption + title)
    if rows is not None and len(table.rows) > rows:
        click.echo(text("rankings.more", shown=rows, number=len(table.rows)))
    elif table.note:
        click.echo(table.note)


def _write(tables: Sequence[Table], output: Path, mark: str) -> None:
    if output.suffix == ".xlsx":
        write_xlsx(Document(tables[0].caption, tuple(tables), language(), mark), output)
    elif output.suffix == ".csv":
        part = output.with_name(f".{output.name}.part")
        part.write_text(_csv(tables[0], mark), encoding="utf-8")
        part.replace(output)
    else:
        raise InputError("rankings.output_suffix", file=output, expected=".xlsx, .csv")


def _csv(table: Table, mark: str) -> str:
    stream = io.StringIO()
    if mark:
        stream.write(f"# {mark}\n")
    writer = csv.writer(stream, lineterminator="\n")
    writer.writerow(f"{c.heading}({c.unit})" if c.unit else c.heading for c in table.columns)
    writer.writerows([["" if cell is None else cell for cell in row] for row in table.rows])
    return stream.getvalue()
