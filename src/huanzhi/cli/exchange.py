"""``huanzhi exchange``: parcels for outside systems, made, taken in, and verified by anybody."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import click

from huanzhi.cli.output import emit_json, json_option, say
from huanzhi.errors import InputError
from huanzhi.messages import text

_FILE = click.Path(dir_okay=False, path_type=Path)
_THERE = click.Path(exists=True, dir_okay=False, path_type=Path)


@click.group("exchange", help=text("exchange.help"))
def command() -> None:
    """Group the commands."""


@command.command("export", help=text("exchange.help_export"))
@click.argument("target")
@click.argument("payload")
@click.option("-o", "--out", type=_FILE, help=text("exchange.out_option"))
@click.option("--as", "person", default="", help=text("exchange.as_option"))
@json_option
def export(target: str, payload: str, out: Path | None, person: str, as_json: bool) -> None:
    """Send a payload to a target; exit code 1 where it did not arrive."""
    who = _actor(person)
    from huanzhi.library.kept import write_whole
    from huanzhi.network.exchange.sending import bytes_of
    from huanzhi.programmes.exchange import doing

    made = doing.send(who, doing.target_of(who, target), payload, datetime.now(UTC))
    if out is not None:
        write_whole(out, bytes_of(made))
    _tell(made, "exchange.exported", as_json)
    if made.state == "failed":
        raise SystemExit(1)


@command.command("import", help=text("exchange.help_import"))
@click.argument("file", type=_THERE)
@click.option("--as", "person", default="", help=text("exchange.as_option"))
@json_option
def take(file: Path, person: str, as_json: bool) -> None:
    """Take a parcel in."""
    who = _actor(person)
    from huanzhi.programmes.exchange import doing

    _tell(doing.take(who, file.read_bytes(), datetime.now(UTC)), "exchange.imported", as_json)


@command.command("verify", help=text("exchange.help_verify"))
@click.argument("file", type=_THERE)
@click.option("--secret", type=_THERE, help=text("exchange.secret_option"))
@json_option
def verify(file: Path, secret: Path | None, as_json: bool) -> None:
    """Verify a parcel; no database is asked."""
    from huanzhi.network.exchange import parcel

    known = secret.read_text(encoding="ascii").strip() if secret else ""
    found = parcel.read(file.read_bytes(), known, must_sign=bool(known))
    told: dict[str, Any] = {**found.manifest, "signed": found.signed}
    if as_json:
        emit_json({**told, "parcel_sha256": found.sha256, "parcel_sm3": found.sm3})
        return
    word = text("exchange.is_signed" if found.signed else "exchange.not_signed")
    say("exchange.verified", **{**_shown(told), "signed": word})


def _shown(told: dict[str, Any]) -> dict[str, Any]:
    return {name: told[name] for name in ("payload", "sequence", "rows")}


def _tell(made: Any, key: str, as_json: bool) -> None:
    names = ("number", "payload", "sequence", "rows", "state", "sha256", "sm3", "fault", "outcome")
    told = {name: getattr(made, name) for name in names}
    if as_json:
        emit_json(told)
    else:
        say(key, **told)


def _actor(person: str) -> Any:
    """Return the person named, or the platform."""
    from huanzhi.library.database import migrate

    migrate()
    from huanzhi.library.people.actors import actor_of
    from huanzhi.library.people.models import Person
    from huanzhi.library.rights import SYSTEM

    if not person:
        return SYSTEM
    found = Person.objects.filter(code=person).first()
    if found is None:
        raise InputError("exchange.none", value=person)
    return actor_of(found)
