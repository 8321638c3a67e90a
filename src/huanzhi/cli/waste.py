"""``huanzhi waste``: what a code says, balances, ages of stocks, the daily round."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

import click

from huanzhi.cli.output import emit_json, emit_table, json_option
from huanzhi.library.database import ready
from huanzhi.messages import language, text
from huanzhi.standards.periods import CHINA

_DAY = click.DateTime(["%Y-%m-%d"])
FINDINGS = 1


@click.group(name="waste", help=text("waste_cli.help"))
def command() -> None:
    """Hold the commands of waste."""


@command.command("code", help=text("waste_cli.help_code"))
@click.argument("code")
@json_option
def show_code(code: str, as_json: bool) -> None:
    """Print what is known of a waste code."""
    ready()
    from huanzhi.ecocode.waste.codes import described

    found = described(code)
    if as_json:
        emit_json(found)
        return
    told = language()
    rows = [[found["code"], found["category"], found["name"][told], found["confidence"]]]
    emit_table(
        [text(f"waste_cli.column_{name}") for name in ("waste", "category", "name", "confidence")], rows
    )


@command.command("balance", help=text("waste_cli.help_balance"))
@click.option("--enterprise", default="", metavar="CODE", help=text("waste_cli.enterprise"))
@click.option("--from", "first", type=_DAY, help=text("waste_cli.from"))
@click.option("--to", "last", type=_DAY, help=text("waste_cli.to"))
@json_option
@click.pass_context
def balance(
    context: click.Context, enterprise: str, first: datetime | None, last: datetime | None, as_json: bool
) -> None:
    """Print balances; exit 1 where something does not fit."""
    ready()
    end = last.date() if last else datetime.now(CHINA).date()
    rows = _balances(enterprise, first.date() if first else date(end.year, 1, 1), end)
    if as_json:
        emit_json({"balances": rows})
    else:
        names = ("enterprise", "waste", "opening_kg", "closing_kg", "reasons")
        shown = [[*(row[name] for name in names[:-1]), ", ".join(row["reasons"])] for row in rows]
        emit_table([text(f"waste_cli.column_{name}") for name in names], shown)
    if any(row["reasons"] for row in rows):
        context.exit(FINDINGS)


def _balances(enterprise: str, first: date, last: date) -> list[dict[str, Any]]:
    from huanzhi.ecocode.waste.balance import balances
    from huanzhi.library.enterprises.models import Enterprise

    owners = Enterprise.objects.filter(code=enterprise) if enterprise else Enterprise.objects.all()
    codes = dict(owners.values_list("pk", "code"))
    return [
        {
            "enterprise": codes[one.enterprise],
            "waste": one.waste,
            "opening_kg": one.opening / 1000,
            "closing_kg": one.closing / 1000,
            "reasons": [row["reason"] for row in one.mismatches()],
        }
        for one in balances(list(codes) if enterprise else None, first, last)
    ]


@command.command("storage", help=text("waste_cli.help_storage"))
@click.option("--day", type=_DAY, help=text("waste_cli.day"))
@json_option
@click.pass_context
def storage(context: click.Context, day: datetime | None, as_json: bool) -> None:
    """Print stocks by age, the oldest first; exit 1 where one is too old."""
    ready()
    rows = _stocks(day.date() if day else datetime.now(CHINA).date())
    names = ("enterprise", "waste", "kg", "oldest", "days", "standing", "confidence")
    if as_json:
        emit_json({"stocks": rows})
    else:
        shown = [[row[name] for name in names] for row in rows]
        emit_table([text(f"waste_cli.column_{name}") for name in names], shown)
    if any(row["standing"] == "over" for row in rows):
        context.exit(FINDINGS)


def _stocks(day: date) -> list[dict[str, Any]]:
    from huanzhi.ecocode.waste.storage import aged, stocks
    from huanzhi.library.enterprises.models import Enterprise

    codes = dict(Enterprise.objects.values_list("pk", "code"))
    return [
        {
            "enterprise": codes[stock.enterprise],
            "waste": stock.waste,
            "kg": stock.grams / 1000,
            "oldest": str(stock.oldest),
            "days": stock.age(day),
            "standing": how,
            "confidence": rule["confidence"],
        }
        for stock, rule, how in aged(stocks(None, day), day)
    ]


@command.command("round", help=text("waste_cli.help_round"))
def go_round() -> None:
    """Do the daily round now and print what it found."""
    ready()
    from huanzhi.programmes.waste import rounds

    emit_json(rounds.go_round(datetime.now(UTC)))
