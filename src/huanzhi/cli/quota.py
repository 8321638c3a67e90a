"""``huanzhi quota``: balances of emission quotas as of a day, and the recount of all accounts."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

import click

from huanzhi.cli.output import emit_json, emit_table, json_option, say
from huanzhi.library.database import ready
from huanzhi.messages import text
from huanzhi.standards.periods import CHINA

FINDINGS = 1


@click.group(name="quota", help=text("quota_cli.help"))
def command() -> None:
    """Hold the commands of emission quotas."""


@command.command("balances", help=text("quota_cli.help_balances"))
@click.option("--enterprise", default="", metavar="CODE", help=text("quota_cli.enterprise"))
@click.option("--date", "day", type=click.DateTime(["%Y-%m-%d"]), help=text("quota_cli.date"))
@json_option
def list_balances(enterprise: str, day: datetime | None, as_json: bool) -> None:
    """Print what accounts held at the end of a day."""
    ready()
    on = day.date() if day else datetime.now(CHINA).date()
    rows = _balances(enterprise, on)
    if as_json:
        emit_json({"day": on, "accounts": rows})
        return
    names = ("account", "enterprise", "free", "frozen", "unit")
    emit_table(
        [text(f"quota_cli.column_{name}") for name in names], [[row[name] for name in names] for row in rows]
    )


def _balances(enterprise: str, day: date) -> list[dict[str, Any]]:
    from huanzhi.library.accounts.models import Account
    from huanzhi.library.accounts.reading import balances

    accounts = Account.objects.filter(scheme="quota").select_related("enterprise").order_by("code")
    held = list(accounts.filter(enterprise__code=enterprise) if enterprise else accounts)
    at = balances(held, day)
    return [
        {
            "account": one.code,
            "enterprise": one.enterprise.name if one.enterprise else "",
            "free": f"{one.amount(at[one.pk].free):f}",
            "frozen": f"{one.amount(at[one.pk].frozen):f}",
            "unit": one.unit,
        }
        for one in held
    ]


@command.command("verify", help=text("quota_cli.help_verify"))
@json_option
@click.pass_context
def verify(context: click.Context, as_json: bool) -> None:
    """Recount every balance; exit 1 where something does not agree."""
    ready()
    from huanzhi.library.accounts.checking import check

    found = check("quota")
    if as_json:
        names = ("whole", "accounts", "transactions", "postings", "sums", "faults")
        emit_json({name: getattr(found, name) for name in names})
    else:
        key = "quota_cli.whole" if found.whole else "quota_cli.faults"
        told = {"accounts": found.accounts, "transactions": found.transactions}
        say(key, **told, faults=", ".join(found.faults))
    context.exit(0 if found.whole else FINDINGS)
