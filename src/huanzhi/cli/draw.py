"""``huanzhi draw``: make, reveal and verify a draw, with no database and no network."""

from __future__ import annotations

import json
import os
import secrets
from datetime import datetime
from pathlib import Path
from typing import Any

import click

from huanzhi.cli.output import emit_json, json_option
from huanzhi.errors import InputError
from huanzhi.messages import text
from huanzhi.rules import draws
from huanzhi.standards.periods import CHINA

BROKEN = 1
"""Exit code where a draw does not verify."""

FILE = click.Path(exists=True, dir_okay=False, path_type=Path)
NEW = click.Path(dir_okay=False, path_type=Path)


@click.group(name="draw", help=text("draws.help"))
def command() -> None:
    """Hold the commands about draws."""


@command.command(name="verify", help=text("draws.help_verify"))
@click.argument("file", type=FILE)
@click.option("--commitment", default="", help=text("draws.option_commitment"))
@click.option("--beacon", default="", help=text("draws.option_beacon"))
@json_option
def verify(file: Path, commitment: str, beacon: str, as_json: bool) -> int:
    """Verify a draw."""
    found = draws.verify(_read(file), commitment=commitment, beacon=beacon)
    if as_json:
        emit_json(as_document(found))
    else:
        click.echo(words(found))
    return 0 if found.whole else BROKEN


@command.command(name="make", help=text("draws.help_make"))
@click.argument("file", type=FILE)
@click.option("--output", "-o", type=NEW, required=True, help=text("draws.option_output"))
@click.option("--secret", type=NEW, required=True, help=text("draws.option_secret"))
@json_option
def make(file: Path, output: Path, secret: Path, as_json: bool) -> None:
    """Make the commitment of a draw."""
    given = _read(file)
    if not isinstance(given, dict):
        raise InputError("draws.type", file=file, expected="object")
    made = {"made": _now(), **given}
    terms, openings = draws.masked(draws.whole(made), lambda: secrets.token_hex(16))
    seed = secrets.token_hex(32)
    paper = draws.commit(terms, seed)
    _write(secret, {"commitment": paper["commitment"], "seed": seed, "openings": openings}, private=True)
    _write(output, paper)
    if as_json:
        emit_json({"commitment": paper["commitment"], "file": str(output), "secret": str(secret)})
    else:
        click.echo(text("draws.committed", file=output, secret=secret, commitment=paper["commitment"]))


@command.command(name="reveal", help=text("draws.help_reveal"))
@click.argument("file", type=FILE)
@click.option("--secret", type=FILE, required=True, help=text("draws.option_secret"))
@click.option("--beacon", required=True, help=text("draws.option_beacon"))
@click.option("--at", default="", help=text("draws.option_at"))
@click.option("--names", is_flag=True, help=text("draws.option_names"))
@click.option("--output", "-o", type=NEW, required=True, help=text("draws.option_output"))
@json_option
def reveal(file: Path, secret: Path, beacon: str, at: str, names: bool, output: Path, as_json: bool) -> None:
    """Reveal a draw."""
    paper, kept = _read(file), _read(secret)
    verdict = draws.verify(paper)
    if not verdict.whole:
        raise InputError(verdict.fault, file=file, column=verdict.where)
    made = draws.reveal(paper, str(kept["seed"]), beacon, at or _now())
    made = draws.opened(made, kept["openings"]) if names else made
    _write(output, made)
    drawn = len(made["result"]["objects"])
    if as_json:
        emit_json({"drawn": drawn, "file": str(output)})
    else:
        click.echo(text("draws.revealed", drawn=drawn, file=output))


def as_document(found: draws.Verdict) -> dict[str, object]:
    """Return a verdict for programs."""
    fault = found.fault and {
        "error": found.fault,
        "message": text(found.fault, most="—") if found.fault == "draws.too_many" else text(found.fault),
        "where": found.where,
        "expected": found.expected,
        "found": found.found,
    }
    counts = {name: getattr(found, name) for name in ("objects", "inspectors", "drawn", "names")}
    told = {"whole": found.whole, "state": found.state, "number": found.number}
    return {**told, "commitment": found.commitment, **counts, "fault": fault or None}


def words(found: draws.Verdict) -> str:
    """Return a verdict in the reader's language."""
    told = as_document(found)
    fault = told.pop("fault")
    if isinstance(fault, dict):
        shown = {name: fault[name] or "—" for name in ("where", "expected", "found")}
        return text("draws.is_broken", reason=fault["message"], **shown)
    return text(f"draws.is_{found.state}", **{**told, "number": found.number or "—"})


def _now() -> str:
    return datetime.now(CHINA).isoformat(timespec="seconds")


def _read(file: Path) -> Any:
    try:
        return json.loads(file.read_text(encoding="utf-8-sig"))
    except (ValueError, RecursionError):
        raise InputError("draws.json", file=file) from None


def _write(file: Path, content: object, *, private: bool = False) -> None:
    """Write a new file, whole; what is there is never overwritten."""
    words = json.dumps(content, ensure_ascii=False, indent=1, sort_keys=True) + "\n"
    try:
        number = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600 if private else 0o644)
    except FileExistsError:
        raise InputError("draws.exists", file=file) from None
    with os.fdopen(number, "w", encoding="utf-8") as stream:
        stream.write(words)
