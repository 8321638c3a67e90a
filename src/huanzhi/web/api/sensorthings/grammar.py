"""The expressions of ``$filter`` and ``$orderby`` (OGC 18-088, 9.3.3.5), read into a tree.

Literals are numbers, ``'texts'`` (a quote inside is written twice), moments and dates of ISO 8601, ``true``,
``false`` and ``null``; names are properties, with ``/`` into related entities.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal

from huanzhi.errors import InputError

DEEPEST = 40
"""Nesting of an expression. DEFAULT, NOT FROM THE DOCUMENTS."""

LONGEST = 4_000
"""Letters of an expression. DEFAULT, NOT FROM THE DOCUMENTS."""

PRECEDENCE = {
    "or": 1,
    "and": 2,
    **dict.fromkeys(("eq", "ne", "gt", "ge", "lt", "le"), 3),
    **dict.fromkeys(("add", "sub"), 4),
    **dict.fromkeys(("mul", "div", "mod"), 5),
}
NOT_PRECEDENCE = 2

FUNCTIONS: Mapping[str, tuple[int, ...]] = {
    "substringof": (2,),
    "startswith": (2,),
    "endswith": (2,),
    "length": (1,),
    "indexof": (2,),
    "substring": (2, 3),
    "tolower": (1,),
    "toupper": (1,),
    "trim": (1,),
    "concat": (2,),
    "round": (1,),
    "floor": (1,),
    "ceiling": (1,),
    "year": (1,),
    "month": (1,),
    "day": (1,),
    "hour": (1,),
    "minute": (1,),
    "second": (1,),
    "now": (0,),
}
"""Functions and how many arguments each takes."""

_TOKEN = re.compile(
    r"""\s*(?:
      (?P<moment>\d{4}-\d{2}-\d{2}(?:T\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?(?:Z|[+-]\d{2}:?\d{2})?)?)(?![\w.])
    | (?P<number>[+-]?\d{1,40}(?:\.\d{1,40})?(?:[eE][+-]?\d{1,3})?)(?![\w.])
    | '(?P<text>(?:[^']|'')*)'
    | (?P<name>@?[A-Za-z_][\w.@]*(?:/@?[A-Za-z_][\w.@]*)*)
    | (?P<sign>[(),])
    )""",
    re.VERBOSE,
)


@dataclass(frozen=True, slots=True)
class Name:
    """A property, with the related entities it is reached through."""

    path: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Value:
    """A literal."""

    value: Decimal | str | bool | datetime | None


@dataclass(frozen=True, slots=True)
class Operation:
    """An operator or function with its arguments."""

    name: str
    arguments: tuple[Tree, ...]


Tree = Name | Value | Operation


@dataclass(frozen=True, slots=True)
class _Token:
    kind: str
    text: str
    place: int


def parse_filter(text: str) -> Tree:
    """Read an expression.

    Raises
    ------
    InputError
        Naming the place (letters from 1) at which it cannot be read.
    """
    if len(text) > LONGEST:
        raise InputError("sensorthings.long_filter", expected=f"≤ {LONGEST}")
    parser = _Parser(text)
    tree = parser.expression(0, 0)
    parser.expect_end()
    return tree


class _Parser:
    def __init__(self, text: str) -> None:
        self.text = text
        self.tokens = self._tokens()
        self.at = 0

    def _tokens(self) -> list[_Token]:
        found, place = [], 0
        while self.text[place:].strip():
            match = _TOKEN.match(self.text, place)
            if match is None or match.lastgroup is None:
                raise self._error(place)
            found.append(_Token(match.lastgroup, match[match.lastgroup], match.start(match.lastgroup)))
            place = match.end()
        return found

    def _error(self, place: int) -> InputError:
        return InputError("sensorthings.bad_filter", value=self.text[place : place + 40], place=place + 1)

    def _next(self) -> _Token | None:
        return self.tokens[self.at] if self.at < len(self.tokens) else None

    def _take(self) -> _Token:
        token = self._next()
        if token is None:
            raise InputError("sensorthings.filter_ends", value=self.text[-40:])
        self.at += 1
        return token

    def _sign(self, sign: str) -> None:
        token = self._take()
        if token.kind != "sign" or token.text != sign:
            raise self._error(token.place)

    def _is_sign(self, sign: str) -> bool:
        token = self._next()
        return token is not None and token.kind == "sign" and token.text == sign

    def expect_end(self) -> None:
        if (token := self._next()) is not None:
            raise self._error(token.place)

    def expression(self, least: int, depth: int) -> Tree:
        if depth > DEEPEST:
            raise InputError("sensorthings.deep_filter", expected=f"≤ {DEEPEST}")
        left = self._operand(depth)
        while (token := self._next()) is not None and token.kind == "name":
            rank = PRECEDENCE.get(token.text, 0)
            if not rank or rank <= least:
                break
            self.at += 1
            left = Operation(token.text, (left, self.expression(rank, depth + 1)))
        return left

    def _operand(self, depth: int) -> Tree:
        token = self._take()
        if token.kind == "sign" and token.text == "(":
            inner = self.expression(0, depth + 1)
            self._sign(")")
            return inner
        if token.kind == "name":
            return self._named(token, depth)
        if token.kind == "sign":
            raise self._error(token.place)
        return self._literal(token)

    def _literal(self, token: _Token) -> Value:
        if token.kind == "number":
            return Value(Decimal(token.text))
        if token.kind == "text":
            return Value(token.text.replace("''", "'"))
        return Value(moment(token.text))

    def _named(self, token: _Token, depth: int) -> Tree:
        if token.text in ("true", "false", "null"):
            return Value({"true": True, "false": False, "null": None}[token.text])
        if token.text == "not":
            return Operation("not", (self.expression(NOT_PRECEDENCE, depth + 1),))
        if self._is_sign("("):
            return self._function(token, depth)
        return Name(tuple(token.text.split("/")))

    def _function(self, token: _Token, depth: int) -> Tree:
        counts = FUNCTIONS.get(token.text)
        if counts is None:
            raise InputError("sensorthings.no_function", value=token.text, expected=", ".join(FUNCTIONS))
        self._sign("(")
        arguments: list[Tree] = []
        while not self._is_sign(")"):
            if arguments:
                self._sign(",")
            arguments.append(self.expression(0, depth + 1))
        self._sign(")")
        if len(arguments) not in counts:
            raise InputError(
                "sensorthings.arguments", value=token.text, expected=" / ".join(map(str, counts))
            )
        return Operation(token.text, tuple(arguments))


def moment(text: str) -> datetime:
    """Return a moment of ISO 8601; UTC where no zone is written, midnight where there is only a date.

    Raises
    ------
    InputError
        If there is no such moment.
    """
    try:
        found = datetime.fromisoformat(text)
        return (found if found.tzinfo else found.replace(tzinfo=UTC)).astimezone(UTC)
    except (ValueError, OverflowError):
        raise InputError("sensorthings.bad_moment", value=text, expected="2026-01-01T00:00:00Z") from None
