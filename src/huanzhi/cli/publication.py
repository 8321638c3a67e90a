"""``huanzhi publication``: what is or is to be public, shown and written to files; nothing changes."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import click

from huanzhi.cli.output import emit_json, emit_table, json_option, say
from huanzhi.errors import InputError
from huanzhi.library.database import ready
from huanzhi.library.documents import Table, write_docx, write_xlsx
from huanzhi.messages import text

_COLUMNS = ("number", "sort", "title", "period", "region", "state", "version", "published")
_STATES = ("draft", "proposed", "published", "superseded", "withdrawn")


@click.group("publication", help=text("publication_cli.help"))
def command() -> None:
    """Group the commands."""
    ready()


@command.command("list", help=text("publication_cli.help_list"))
@click.option("--sort", default="", help=text("publication_cli.sort"))
@click.option("--period", default="", help=text("publication_cli.period"))
@click.option("--state", type=click.Choice(_STATES), default=None, help=text("publication_cli.state"))
@json_option
def list_publications(sort: str, period: str, state: str | None, as_json: bool) -> None:
    """Print the publications, the latest first."""
    from huanzhi.library.publications.models import Publication

    wanted = {name: given for name, given in (("sort", sort), ("period", period), ("state", state)) if given}
    rows = [_row(each) for each in Publication.objects.filter(**wanted).order_by("-pk")]
    if as_json:
        emit_json({"publications": rows})
        return
    headings = [text(f"publication_cli.{name}") for name in _COLUMNS]
    emit_table(headings, [[row[name] or "" for name in _COLUMNS] for row in rows])


@command.command("show", help=text("publication_cli.help_show"))
@click.argument("number")
@json_option
def show(number: str, as_json: bool) -> None:
    """Print one publication: what it is, its digest, its corrections."""
    held = _found(number)
    told = _row(held) | {
        "digest": held.digest,
        "drafted_by": held.drafted_by,
        "published_by": held.published_by,
        "reason": held.reason,
        "withdrawal": held.withdrawal,
        "changes": held.changes,
    }
    if as_json:
        emit_json(told | {"content": held.content})
        return
    for name, given in told.items():
        shown = len(given) if isinstance(given, list) else given
        click.echo(f"{text(f'publication_cli.{name}')}: {'' if shown is None else shown}")


@command.command("export", help=text("publication_cli.help_export"))
@click.argument("number")
@click.argument("out", type=click.Path(dir_okay=False, path_type=Path))
def export(number: str, out: Path) -> None:
    """Write a publication as docx, xlsx or json, by the ending of the name."""
    from huanzhi.library.publications.content import document_of

    held, form = _found(number), out.suffix.lower().lstrip(".")
    if form == "json":
        part = out.with_name(f".{out.name}.part")
        part.write_text(json.dumps(held.content, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")
        part.replace(out)
    elif form in ("docx", "xlsx"):
        made = document_of(held.content, "zh")
        if form == "xlsx" and not any(isinstance(block, Table) for block in made.blocks):
            raise InputError("publication_cli.no_table", value=number, expected="docx, json")
        (write_docx if form == "docx" else write_xlsx)(made, out)
    else:
        raise InputError("publication_cli.form", value=form or None, expected="docx, xlsx, json")
    say("publication_cli.written", number=held.number, file=out)


def _found(number: str) -> Any:
    from huanzhi.library.publications.models import Publication

    held = Publication.objects.filter(number=number).first()
    if held is None:
        raise InputError("publications.none", value=number)
    return held


def _row(held: Any) -> dict[str, Any]:
    return {
        "number": held.number,
        "sort": held.sort,
        "title": held.title,
        "period": held.period,
        "region": held.region_id,
        "state": held.state,
        "version": held.version,
        "published": held.published.isoformat(timespec="seconds") if held.published else None,
        "simulated": held.simulated,
    }
