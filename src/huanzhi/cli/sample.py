"""``huanzhi sample``: the simulated sample that ships with the project."""

from __future__ import annotations

from pathlib import Path

import click

from huanzhi.city import sample
from huanzhi.cli.output import emit_json, emit_table, json_option
from huanzhi.messages import text


@click.group(name="sample", help=text("sample.help"))
def command() -> None:
    """Hold the commands."""


@command.command(help=text("sample.make"))
@click.argument("folder", type=click.Path(file_okay=False, path_type=Path))
@click.option("--seed", type=int, help=text("sample.seed", seed=sample.description()["seed"]))
@json_option
def make(folder: Path, seed: int | None, as_json: bool) -> None:
    """Write the sample."""
    files = sample.make(folder, seed)
    rows = [(str(file), file.stat().st_size) for file in files]
    if as_json:
        emit_json({"simulated": True, "files": [{"file": name, "bytes": size} for name, size in rows]})
        return
    emit_table((text("sample.file"), text("sample.bytes")), rows, text("sample.title"))
