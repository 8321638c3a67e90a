"""``huanzhi rules``: the rulebooks in force, their tables, a rulebook asked, and all worked examples run."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import click

from huanzhi import rules
from huanzhi.cli.output import emit_json, emit_table, json_option
from huanzhi.errors import InputError, StandardError
from huanzhi.messages import text
from huanzhi.rules.showing import answer, line, shown
from huanzhi.standards.periods import CHINA

_date_option = click.option(
    "--date", "day", default="", metavar="YYYY-MM-DD", help=text("rulebooks.help_date")
)
_place_option = click.option("--place", default="", metavar="CODE", help=text("rulebooks.help_place"))
_shipped_option = click.option("--shipped", is_flag=True, help=text("rulebooks.help_shipped"))


@click.group(name="rules", help=text("rulebooks.help"))
def command() -> None:
    """Hold the commands of rulebooks."""


@command.command("list", help=text("rulebooks.help_list"))
@_date_option
@_place_option
@_shipped_option
@json_option
def list_rules(day: str, place: str, shipped: bool, as_json: bool) -> None:
    """Print the rulebooks in force on a day at a place."""
    on = _day(day)
    held = [book for name in _names(shipped) if (book := _in_force(name, on, place, shipped)) is not None]
    if as_json:
        emit_json({"date": on, "place": place, "rulebooks": [line(book) for book in held]})
        return
    keys = ("id", "title", "version", "place", "start", "rows", "examples", "confidence_words")
    headings = [text(f"rulebooks.column_{key}") for key in keys]
    emit_table(headings, [[line(book)[key] for key in keys] for book in held])


@command.command("show", help=text("rulebooks.help_show"))
@click.argument("identity", metavar="ID")
@_date_option
@_place_option
@_shipped_option
@json_option
def show(identity: str, day: str, place: str, shipped: bool, as_json: bool) -> None:
    """Print a rulebook as a table."""
    book = _found(identity, _day(day), place, shipped)
    told = shown(book)
    if as_json:
        emit_json(told | {"document": rules.as_document(book)})
        return
    click.echo(f"{told['title']}  {told['id']} {told['version']} {told['place']}".rstrip())
    for said in (told["basis"], told["confidence_words"], told["note"], *told["sources"]):
        if said:
            click.echo(said)
    click.echo()
    emit_table(_headings(told), [_cells(told, row) for row in told["table"]])
    if told["bands"]:
        titles = [each["title"] for each in told["outputs"]]
        emit_table([text("rulebooks.total"), *titles], [[b["when"], *b["then"]] for b in told["bands"]])


def _headings(told: Mapping[str, Any]) -> list[str]:
    score = told["kind"] == "score"
    results = [text("rulebooks.points")] if score else [each["title"] for each in told["outputs"]]
    titles = [each["title"] for each in told["inputs"]]
    return ["#", *titles, *results, text("rulebooks.clause"), text("rulebooks.column_confidence_words")]


def _cells(told: Mapping[str, Any], row: Mapping[str, Any]) -> list[Any]:
    results = [row["points"]] if told["kind"] == "score" else row["then"]
    said = " ".join(filter(None, (row["clause"], row["note"])))
    return [row["number"], *row["when"], *results, said, row["confidence_words"]]


@command.command("run", help=text("rulebooks.help_run"))
@click.argument("identity", metavar="ID")
@click.option("--json", "inputs", required=True, metavar="INPUTS", help=text("rulebooks.help_inputs"))
@_date_option
@_place_option
@_shipped_option
def run(identity: str, inputs: str, day: str, place: str, shipped: bool) -> None:
    """Ask a rulebook and print its answer as one JSON document."""
    book = _found(identity, _day(day), place, shipped)
    emit_json(answer(book, rules.evaluate(book, _inputs(inputs))))


@command.command("test", help=text("rulebooks.help_test"))
@json_option
def test(as_json: bool) -> int:
    """Run the worked examples of every shipped rulebook; exit code 1 if one fails."""
    every = [book for held in rules.shipped().values() for book in held]
    ran = [(book, rules.run_examples(book)) for book in every]
    failed = [(book, each) for book, answers in ran for each in answers if not each.passed]
    number = sum(len(answers) for _, answers in ran)
    if as_json:
        bad = [each.as_dict() | {"rulebook": book.id, "place": book.place} for book, each in failed]
        emit_json({"rulebooks": len(every), "examples": number, "failed": bad})
        return 1 if failed else 0
    for book, each in failed:
        click.echo(f"{book.id} {book.place} {each.number}: {each.fault}")
    click.echo(text("rulebooks.ran", rulebooks=len(every), examples=number, failed=len(failed)))
    return 1 if failed else 0


def _inputs(given: str) -> dict[str, Any]:
    try:
        read = json.loads(given, parse_float=Decimal)
    except json.JSONDecodeError as error:
        raise InputError("rulebooks.not_json", value=given[:60], reason=error) from error
    if not isinstance(read, dict):
        raise InputError("rulebooks.not_json", value=given[:60], reason="{}")
    return read


def _day(given: str) -> date:
    if not given:
        return datetime.now(CHINA).date()
    try:
        return date.fromisoformat(given)
    except ValueError:
        raise InputError("rulebooks.not_a_date", value=given, expected="YYYY-MM-DD") from None


def _names(shipped: bool) -> tuple[str, ...]:
    if shipped:
        return tuple(rules.shipped())
    _ready()
    from huanzhi.library.rulebooks.holding import identities

    return identities()


def _found(identity: str, day: date, place: str, shipped: bool) -> rules.Rulebook:
    if shipped:
        return rules.load(identity, day, place)
    _ready()
    from huanzhi.library.rulebooks.holding import in_force

    return in_force(identity, day, place)


def _in_force(identity: str, day: date, place: str, shipped: bool) -> rules.Rulebook | None:
    try:
        return _found(identity, day, place, shipped)
    except StandardError:
        return None


def _ready() -> None:
    from huanzhi.library.database import ready

    ready()
