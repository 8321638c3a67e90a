"""``huanzhi issue``: verify the bundle of an issue, with no database and no network."""

from __future__ import annotations

from pathlib import Path

import click

from huanzhi.center.issues.bundle import Verdict, verify
from huanzhi.cli.output import emit_json, json_option
from huanzhi.messages import text

BROKEN = 1
"""Exit code where a bundle is not whole."""


@click.group(name="issue", help=text("issue_cli.help"))
def command() -> None:
    """Hold the commands about issues."""


@command.command(name="verify", help=text("issue_cli.help_verify"))
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--fingerprint", default="", help=text("issue_cli.fingerprint"))
@json_option
def verify_bundle(file: Path, fingerprint: str, as_json: bool) -> int:
    """Verify a bundle."""
    found = verify(file, fingerprint)
    if as_json:
        emit_json(as_document(found))
    else:
        click.echo(words(found))
    return 0 if found.whole else BROKEN


def as_document(found: Verdict) -> dict[str, object]:
    """Return a verdict for programs."""
    fault = found.fault and {"error": found.fault, "message": text(found.fault), "where": found.where}
    return {
        "whole": found.whole,
        "number": found.number,
        "steps": found.steps,
        "evidence": found.pieces,
        "fingerprint": found.fingerprint,
        "fault": fault or None,
    }


def words(found: Verdict) -> str:
    """Return a verdict in the reader's language."""
    if found.whole:
        return text(
            "issue_cli.whole",
            number=found.number,
            steps=found.steps,
            pieces=found.pieces,
            fingerprint=found.fingerprint,
        )
    return text("issue_cli.broken", reason=text(found.fault), where=found.where or "—")
