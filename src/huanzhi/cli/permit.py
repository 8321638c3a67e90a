"""``huanzhi permit``: what left an enterprise in a year, and which duties of permits are due."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

import click

from huanzhi.assess.emission.amounts import tonnes
from huanzhi.cli.output import emit_json, emit_table, json_option
from huanzhi.errors import InputError
from huanzhi.library.database import ready
from huanzhi.library.series import open_store
from huanzhi.messages import text
from huanzhi.standards.periods import CHINA

LATE = 1
"""Exit code where something is missing."""


@click.group("permit", help=text("permit_cli.help"))
def command() -> None:
    """Hold the commands about permits."""
    ready()


@command.command("emission", help=text("permit_cli.help_emission"))
@click.option("--enterprise", required=True, help=text("permit_cli.enterprise"))
@click.option("--year", type=click.IntRange(1990, 2200), required=True, help=text("permit_cli.year"))
@json_option
def emission(enterprise: str, year: int, as_json: bool) -> int:
    """Reckon from the store, by outlet, pollutant and month."""
    rows = _months(enterprise, year)
    if as_json:
        emit_json({"enterprise": enterprise, "year": year, "rows": rows, "total": _totals(rows)})
        return 0
    columns = ("outlet", "parameter", "month", "tonnes", "measured", "substituted", "missing", "stopped")
    headings = [text(f"permit_cli.{name}") for name in columns]
    emit_table(headings, [[str(row[name]) for name in columns] for row in rows])
    for one in _totals(rows):
        key = "permit_cli.at_least" if one["missing"] else "permit_cli.total"
        click.echo(text(key, **one))
    return 0


def _months(enterprise: str, year: int) -> list[dict[str, Any]]:
    from huanzhi.library.enterprises.models import Enterprise, Outlet
    from huanzhi.programmes.emission.keeping import of_year, reviews

    if not Enterprise.objects.filter(code=enterprise).exists():
        raise InputError("permits.none", value=enterprise)
    outlets = Outlet.objects.filter(enterprise__code=enterprise).order_by("code")
    with open_store("read") as store, reviews(store) as ledger:
        months = [
            month for outlet in outlets for month in of_year(store, ledger, outlet, year, datetime.now(UTC))
        ]
    return [
        {
            "outlet": one.outlet,
            "parameter": one.parameter,
            "month": f"{one.year}-{one.month:02d}",
            "tonnes": str(tonnes(one.amount.total)),
            "milligrams": one.amount.total,
            "measured": one.amount.measured_hours,
            "substituted": one.amount.substituted_hours,
            "missing": one.amount.missing_hours,
            "stopped": one.amount.stopped_hours,
            "rules": one.rules,
        }
        for one in sorted(months, key=lambda each: (each.outlet, each.parameter, each.month))
    ]


def _totals(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [
        {
            "parameter": parameter,
            "tonnes": str(tonnes(sum(row["milligrams"] for row in rows if row["parameter"] == parameter))),
            "missing": sum(row["missing"] for row in rows if row["parameter"] == parameter),
        }
        for parameter in sorted({row["parameter"] for row in rows})
    ]


@command.command("due", help=text("permit_cli.help_due"))
@click.option("--day", type=click.DateTime(["%Y-%m-%d"]), help=text("permit_cli.day"))
@click.option("--enterprise", default="", help=text("permit_cli.enterprise"))
@json_option
def due(day: datetime | None, enterprise: str, as_json: bool) -> int:
    """List what is due soon or missing on a day; exit code 1 where something is missing."""
    on = day.date() if day else datetime.now(CHINA).date()
    rows = _due(on, enterprise)
    if as_json:
        emit_json({"day": on.isoformat(), "rows": rows})
    else:
        columns = ("due", "state", "enterprise", "duty", "period", "subject")
        emit_table(
            [text(f"permit_cli.{name}") for name in columns],
            [[row[name] for name in columns] for row in rows],
        )
    return LATE if any(row["state_code"] == "missing" for row in rows) else 0


def _due(on: date, enterprise: str) -> list[dict[str, str]]:
    from huanzhi.ecocode.permits.models import Duty
    from huanzhi.ecocode.permits.settings import word

    rows = Duty.objects.select_related("enterprise").filter(standing="open").order_by("due", "code")
    if enterprise:
        rows = rows.filter(enterprise__code=enterprise)
    return [
        {
            "code": one.code,
            "due": one.due.isoformat(),
            "state": word("state", one.state_on(on)),
            "state_code": one.state_on(on),
            "enterprise": one.enterprise.code,
            "duty": word("duty", one.kind),
            "period": one.period,
            "subject": one.subject,
        }
        for one in rows
        if one.state_on(on) in ("soon", "missing")
    ]
