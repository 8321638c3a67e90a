"""``huanzhi audit``: export the audit trail, and verify it, with or without the database."""

from __future__ import annotations

import os
from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from huanzhi.cli.listen import home_option
from huanzhi.cli.output import emit_json, emit_table, json_option, say
from huanzhi.library.database import migrate
from huanzhi.library.trail.verifying import Verdict, anchors_in, verify_file
from huanzhi.messages import text

if TYPE_CHECKING:
    from huanzhi.library.trail.models import Anchor

DAY = click.DateTime(["%Y-%m-%d"])
BROKEN = 1
"""Exit code where a chain is broken."""


@click.group(name="audit", help=text("audit_cli.help"))
def command() -> None:
    """Hold the commands about the audit trail."""


@command.command(help=text("audit_cli.help_export"))
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@click.option("--from", "first", type=DAY, help=text("audit_cli.first"))
@click.option("--to", "last", type=DAY, help=text("audit_cli.last"))
@click.option("--with-restricted", is_flag=True, help=text("audit_cli.with_restricted"))
@home_option
def export(
    file: Path, first: datetime | None, last: datetime | None, with_restricted: bool, home: Path | None
) -> None:
    """Write an export."""
    _ready(home)
    from huanzhi.library.trail.exporting import export_lines

    lines = export_lines(_day(first), _day(last), restricted=with_restricted)
    number = _write(file, lines)
    say("audit_cli.exported", file=file, number=number - 1)


@command.command(help=text("audit_cli.help_verify"))
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path), required=False)
@click.option(
    "--anchor",
    "anchors",
    multiple=True,
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help=text("audit_cli.anchor"),
)
@home_option
@json_option
def verify(file: Path | None, anchors: tuple[Path, ...], home: Path | None, as_json: bool) -> int:
    """Verify an export, or the trail of the database where no file is named."""
    known = {seq: digest for one in anchors for seq, digest in anchors_in(one).items()}
    if file is None:
        _ready(home)
        from huanzhi.library.trail.exporting import verify_all

        found = verify_all(known)
    else:
        found = verify_file(file, known)
    _tell(found, as_json)
    return 0 if found.whole else BROKEN


@command.command(help=text("audit_cli.help_anchor"))
@home_option
@json_option
def anchor(home: Path | None, as_json: bool) -> None:
    """Anchor the days that are over, and show the anchors."""
    _ready(home)
    from huanzhi.library.trail.anchors import anchor_days
    from huanzhi.library.trail.models import Anchor

    anchor_days(datetime.now(UTC), home)
    _tell_anchors(list(Anchor.objects.order_by("day")), as_json)


def _tell_anchors(found: list[Anchor], as_json: bool) -> None:
    rows = [{"day": one.day.isoformat(), "seq": one.seq, "digest": one.digest} for one in found]
    if as_json:
        emit_json({"anchors": rows})
        return
    headings = [text(f"audit_cli.column_{one}") for one in ("day", "seq", "digest")]
    emit_table(headings, [list(row.values()) for row in rows])


def _tell(found: Verdict, as_json: bool) -> None:
    if as_json:
        emit_json(as_document(found))
        return
    values = {"first": found.first, "last": found.last, "entries": found.entries}
    if found.fault is None:
        click.echo(
            text(
                "audit_cli.whole",
                **values,
                left_out=found.left_out,
                anchored=found.anchored,
                digest=found.digest,
            )
        )
        return
    click.echo(text("audit_cli.broken", **values, seq=found.fault.seq, reason=text(found.fault.reason)))


def as_document(found: Verdict) -> dict[str, object]:
    """Return a verdict for programs."""
    fault = found.fault
    return {
        "whole": found.whole,
        "first": found.first,
        "last": found.last,
        "entries": found.entries,
        "left_out": found.left_out,
        "anchored": found.anchored,
        "digest": found.digest,
        "broken": None
        if fault is None
        else {"seq": fault.seq, "error": fault.reason, "message": text(fault.reason)},
    }


def _write(file: Path, lines: Iterator[str]) -> int:
    """Write lines whole or not at all; return how many."""
    fresh = file.with_name(f"{file.name}.new")
    number = 0
    try:
        with fresh.open("w", encoding="utf-8", newline="\n") as out:
            for line in lines:
                out.write(line)
                number += 1
        fresh.replace(file)
    finally:
        fresh.unlink(missing_ok=True)
    return number


def _day(given: datetime | None) -> date | None:
    return None if given is None else given.date()


def _ready(home: Path | None) -> None:
    if home is not None:
        os.environ["HUANZHI_HOME"] = str(home)
    migrate()
