"""Moments on the command line: ``--as-of`` takes the store back to what it held then."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any, TypeVar

import click

from huanzhi.errors import InputError
from huanzhi.messages import text

Command = TypeVar("Command", bound=Callable[..., Any])
_DAY = len("2017-02-01")
_COMPACT_DAY = len("20170201")


def as_of_option(command: Command) -> Command:
    """Give a command ``--as-of``: a revision, a moment, or a day, which stands for its end."""
    return click.option(
        "--as-of",
        "as_of",
        callback=lambda _, __, given: parse_as_of(given),
        help=text("store_cli.help_as_of"),
    )(command)


def parse_as_of(given: str | None) -> datetime | int | None:
    """Return the revision or moment that is meant; None where nothing is given.

    Raises
    ------
    InputError
        If it is neither.
    """
    if given is None:
        return None
    if given.isdecimal() and len(given) < _COMPACT_DAY:
        return int(given)
    moment = parse_moment(given)
    return moment + timedelta(days=1, microseconds=-1) if len(given) <= _DAY else moment


def parse_moment(given: str) -> datetime:
    """Read a moment in ISO form; InputError if it is none."""
    try:
        return datetime.fromisoformat(given)
    except ValueError:
        raise InputError("store_cli.not_a_time", value=given, expected="2017-02-01T08:00") from None
