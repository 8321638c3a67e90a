"""``huanzhi plan``: policy documents become measures, targets, named systems and responsibilities."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

import click

from huanzhi import plans
from huanzhi.cli.output import emit_table, report_error, say
from huanzhi.errors import InputError
from huanzhi.messages import text
from huanzhi.standards import regions

_FILE = click.Path(dir_okay=False, allow_dash=True, path_type=Path)
LONGEST = 48
"""Characters of a text that the table for people shows."""


@click.group("plan", help=text("plan_cli.help"))
def command() -> None:
    """Group the commands."""


@command.command("import", help=text("plan_cli.help_import"))
@click.argument("files", nargs=-1, required=True, type=_FILE)
@click.option("--json", "out", metavar="OUT", default=None, help=text("plan_cli.json"))
def import_plans(files: tuple[Path, ...], out: str | None) -> None:
    """Read documents; with ``--json`` write what was found, otherwise print it."""
    read, refused = _read_all(files)
    if out is None:
        for plan in read:
            _print(plan)
    else:
        _write(out, read, refused, several=len(files) > 1)
    for error in refused:
        report_error(error, as_json=False)
    if refused:
        say("plan_cli.refused", refused=len(refused))
        raise SystemExit(1)


def _read_all(files: tuple[Path, ...]) -> tuple[list[plans.Plan], list[InputError]]:
    """Read the documents; of several, one that cannot be read does not hold up the others."""
    if len(files) == 1:
        return [_read(files[0])], []
    read, refused = [], []
    for file in files:
        try:
            read.append(_read(file))
        except InputError as error:
            refused.append(error)
    return read, refused


def _write(out: str, read: list[plans.Plan], refused: list[InputError], *, several: bool) -> None:
    told: dict[str, Any] = (
        read[0].as_dict() if not several else {"documents": [each.as_dict() for each in read]}
    )
    if refused:
        told["refused"] = [error.as_dict() for error in refused]
    written = json.dumps(told, ensure_ascii=False, indent=2) + "\n"
    if out == "-":
        click.echo(written, nl=False)
        return
    part = Path(out + ".part")
    part.write_text(written, encoding="utf-8")
    part.replace(out)
    for plan in read:
        say("plan_cli.done", file=plan.source.name, out=out, **_numbers(plan))


@command.command("text", help=text("plan_cli.help_text"))
@click.argument("file", type=_FILE)
def print_text(file: Path) -> None:
    """Print the text that the offsets of the items count in."""
    click.echo(plans.read(_bytes(file), _name(file)).text, nl=False)


def _read(file: Path) -> plans.Plan:
    return plans.extract(plans.read(_bytes(file), _name(file)), places())


def _name(file: Path) -> str:
    return "stdin" if str(file) == "-" else file.name


def _bytes(file: Path) -> bytes:
    if str(file) == "-":
        return sys.stdin.buffer.read()
    if not file.is_file():
        raise InputError("plans.no_file", file=file)
    return file.read_bytes()


def places() -> tuple[str, ...]:
    """Return the official names of regions that the standards carry."""
    return tuple(region.name for region in regions.all_regions().values())


def _numbers(plan: plans.Plan) -> dict[str, int]:
    return {name: len(getattr(plan, name)) for name in ("measures", "targets", "warnings")}


def _print(plan: plans.Plan) -> None:
    say("plan_cli.found", file=plan.source.name, region=plan.region or "—", **_numbers(plan))
    if plan.measures:
        rows = [
            [m.no, m.text[:LONGEST], "-".join(map(str, m.years)), "、".join(m.bodies), m.task[:20]]
            for m in plan.measures
        ]
        emit_table([text(f"plan_cli.{name}") for name in ("no", "measure", "years", "bodies", "task")], rows)
    if plan.targets:
        emit_table(
            [
                text(f"plan_cli.{name}")
                for name in ("region", "indicator", "value", "year", "stretch", "damaged")
            ],
            [_row(t) for t in plan.targets],
        )
    for warning in plan.warnings:
        said = warning.zh if text("plan_cli.language") == "zh" else warning.en
        click.echo(f"{warning.start}: {said} {warning.quote[:LONGEST]!r}")


def _row(target: plans.Target) -> list[object]:
    value = "?" if target.value is None else f"{target.op} {target.value}"
    value += f"~{target.upper}" if target.upper is not None else ""
    stretch = "" if target.stretch is None else str(target.stretch)
    return [
        target.region,
        target.indicator,
        value + target.unit,
        target.year or "",
        stretch,
        " ".join(target.damaged),
    ]
