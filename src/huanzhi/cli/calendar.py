"""``huanzhi calendar``: the years whose working days are known, and entering the notice of a further one."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import Any

import click

from huanzhi.cli.output import emit_json, emit_table, json_option, say
from huanzhi.errors import InputError
from huanzhi.library.calendar.days import Year, entered_folder, known_years, years_of
from huanzhi.library.database import migrate
from huanzhi.library.kept import write_whole
from huanzhi.messages import text


@click.group(name="calendar", help=text("calendar.help"))
def command() -> None:
    """Hold the commands of working days."""


@command.command("list", help=text("calendar.help_list"))
@json_option
def list_years(as_json: bool) -> None:
    """Print the years that are known."""
    rows = [_row(year) for year in known_years()]
    if as_json:
        emit_json({"years": rows})
        return
    names = ("year", "working_days", "off", "make_up", "source", "confidence")
    headings = [text(f"calendar.column_{name}") for name in names]
    cells = [{**row, "off": len(row["off"]), "make_up": len(row["make_up"])} for row in rows]
    emit_table(headings, [[row[name] for name in names] for row in cells])


@command.command("add", help=text("calendar.help_add"))
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
def add(file: Path) -> None:
    """Enter the holidays of a year; the trail keeps who stood behind it."""
    content = file.read_bytes()
    years = years_of(content.decode("utf-8", "replace"))
    if len(years) != 1:
        raise InputError("calendar.one_year", file=file.name, value=", ".join(map(str, years)))
    (year,) = years.values()
    before = next((_row(one) for one in known_years() if one.year == year.year), None)
    _keep(year, content, before)
    say("calendar.added", year=year.year, days=year.working_days)


def _keep(year: Year, content: bytes, before: dict[str, Any] | None) -> None:
    migrate()
    from django.db import transaction

    from huanzhi.library.rights import SYSTEM
    from huanzhi.library.trail.chain import append

    with transaction.atomic():
        append(SYSTEM, "change", "calendar", str(year.year), before=before, after=_row(year))
        write_whole(entered_folder() / f"{year.year}.toml", content)


def _row(year: Year) -> dict[str, Any]:
    days = {name: sorted(day.isoformat() for day in getattr(year, name)) for name in ("off", "make_up")}
    return {**asdict(year), **days, "working_days": year.working_days}
