"""``huanzhi code``: reckon, show and replay codes and credit; verify signed codes."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import click

from huanzhi.cli.output import emit_json, json_option
from huanzhi.errors import InputError
from huanzhi.messages import language, text
from huanzhi.standards.periods import CHINA

DIFFERENT = 1
"""Exit code where a replay differs, or a signed code is out of date."""

FILE = click.Path(exists=True, dir_okay=False, path_type=Path)
DAY = click.DateTime(["%Y-%m-%d"])


@click.group(name="code", help=text("grades.help"))
def command() -> None:
    """Hold the commands about codes."""


@command.command(name="recompute", help=text("grades.help_recompute"))
@click.option("--all", "everything", is_flag=True, help=text("grades.option_all"))
@json_option
def recompute(everything: bool, as_json: bool) -> None:
    """Collect and reckon."""
    _ready()
    from huanzhi.ecocode.grades.reckoning import reckon_all
    from huanzhi.library.rights import SYSTEM
    from huanzhi.programmes.conduct.regular import refreshed

    now = datetime.now(UTC)
    told: dict[str, Any] = refreshed(now)
    if everything:
        told["all"] = reckon_all(SYSTEM, now.astimezone(CHINA).date()).as_dict()
    _tell(told, as_json)


@command.command(name="show", help=text("grades.help_show"))
@click.argument("enterprise")
@click.option("--day", type=DAY, help=text("grades.option_day"))
@click.option("--known", type=DAY, help=text("grades.option_known"))
@json_option
def show(enterprise: str, day: datetime | None, known: datetime | None, as_json: bool) -> None:
    """Show where an enterprise stands."""
    _ready()
    from huanzhi.ecocode.grades.schemes import SORTS
    from huanzhi.ecocode.grades.showing import standing_row

    firm = _firm(enterprise)
    at = day.date() if day else _today()
    rows = [standing_row(firm, sort, at, known.date() if known else None) for sort in SORTS]
    if as_json:
        emit_json({"code": firm.code, "name": firm.name, "standings": rows})
        return
    tongue = language()
    for row in rows:
        score = f"  {row['score']}" if row["score"] else ""
        click.echo(f"{row['scheme'][tongue]}  {row['level'][tongue]}{score}")
        for reason in row["reasons"]:
            words = reason["title"][tongue] or reason["event"]
            click.echo(f"  {reason['day']}  {reason['kind'][tongue]}  {words}  {reason['condition'][tongue]}")


@command.command(name="replay", help=text("grades.help_replay"))
@click.argument("enterprise", required=False)
@json_option
def replay_stored(enterprise: str | None, as_json: bool) -> int:
    """Replay history and compare it with what is stored."""
    _ready()
    from huanzhi.ecocode.grades.replaying import differences
    from huanzhi.library.enterprises.models import Enterprise

    firms = [_firm(enterprise)] if enterprise else list(Enterprise.objects.order_by("code"))
    found = differences(firms, _today())
    if as_json:
        emit_json({"enterprises": len(firms), "different": found})
    else:
        click.echo(text("grades.replayed", enterprises=len(firms), different=len(found)))
        for code in found:
            click.echo(f"  {code}")
    return DIFFERENT if found else 0


@command.command(name="verify", help=text("grades.help_verify"))
@click.argument("token")
@click.option("--key", type=FILE, help=text("grades.option_key"))
@json_option
def verify(token: str, key: Path | None, as_json: bool) -> int:
    """Verify a signed code; `token` is its text, its address, or a file with either."""
    from huanzhi.ecocode.grades import tokens

    told = _text_of(token)
    pem = key.read_bytes() if key else tokens.public_pem().encode()
    content = tokens.read(told, tokens.key_of(pem, str(key or "")))
    holds = tokens.holds(content, _today())
    if as_json:
        emit_json({"genuine": True, "holds": holds, "content": content})
    else:
        click.echo(
            text("grades.verified", **{name: content[name] for name in ("name", "code", "day", "last")})
        )
        if not holds:
            click.echo(text("grades.over"))
    return 0 if holds else DIFFERENT


def _text_of(token: str) -> str:
    path = Path(token)
    held = path.read_text(encoding="utf-8") if len(token) < 1000 and path.is_file() else token
    return held.strip().rsplit("/", 1)[-1]


def _ready() -> None:
    from huanzhi.library.database import ready

    ready()


def _firm(code: str) -> Any:
    from huanzhi.library.enterprises.models import Enterprise

    firm = Enterprise.objects.select_related("region", "organisation").filter(code=code).first()
    if firm is None:
        raise InputError("grades.no_enterprise", value=code)
    return firm


def _today() -> date:
    return datetime.now(CHINA).date()


def _tell(told: dict[str, Any], as_json: bool) -> None:
    if as_json:
        emit_json(told)
        return
    for name, value in told.items():
        words = "  ".join(f"{k} {v}" for k, v in value.items()) if isinstance(value, dict) else value
        click.echo(f"{name}: {words}")
