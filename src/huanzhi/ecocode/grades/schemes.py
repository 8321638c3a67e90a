"""Schemes 方案: levels and what is known of them, which one a place uses, the rulebooks behind them."""

from __future__ import annotations

import tomllib
from bisect import bisect_right
from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from functools import cache
from importlib import resources
from types import MappingProxyType
from typing import Any

from huanzhi import rules
from huanzhi.errors import InputError, StandardError
from huanzhi.library.rulebooks import holding
from huanzhi.library.rulebooks.models import RulebookVersion, State
from huanzhi.rules.grading import Band, Evidence, Level, Scheme, Weighing
from huanzhi.standards.model import Words

SORTS = ("code", "credit")
BY_HAND = "by_hand"
RUN = "compliant_run"


@cache
def tables() -> Mapping[str, Any]:
    """Return the tables of ``data/schemes.toml``, with exact decimals."""
    file = resources.files("huanzhi.ecocode.grades") / "data" / "schemes.toml"
    return MappingProxyType(tomllib.loads(file.read_text(encoding="utf-8"), parse_float=Decimal))


@cache
def schemes() -> Mapping[str, Scheme]:
    """Return the schemes by id."""
    return MappingProxyType({name: _scheme(name, row) for name, row in tables()["scheme"].items()})


def _scheme(name: str, row: Mapping[str, Any]) -> Scheme:
    return Scheme(
        id=name,
        sort=row["sort"],
        levels=tuple(
            Level(one["code"], Words(one["zh"], one["en"]), one.get("colour", one["code"]))
            for one in row["levels"]
        ),
        output=row.get("output", "level"),
        start=_number(row, "start"),
        least=_number(row, "least"),
        most=_number(row, "most"),
        bands=tuple(Band(one["level"], Decimal(one["least"])) for one in row.get("bands", ())),
        evidence=tuple(Evidence(kind, days) for kind, days in tables()["evidence"].items()),
        complete=row["complete"],
        run_kind=RUN,
        by_hand=BY_HAND,
    )


def _number(row: Mapping[str, Any], name: str) -> Decimal | None:
    return Decimal(row[name]) if name in row else None


def scheme_of(name: str) -> Scheme:
    """Return a scheme by id.

    Raises
    ------
    InputError
        ``grades.no_scheme`` if there is none.
    """
    if name not in schemes():
        raise InputError("grades.no_scheme", value=name, expected=", ".join(schemes()))
    return schemes()[name]


def level_row(scheme: Scheme, level: str) -> dict[str, Any]:
    """Return a level as it is shown; *unknown* has words of its own."""
    for one in scheme.levels:
        if one.code == level:
            paint = tables()["paint"][one.colour]
            told = {"code": one.code, "colour": one.colour, "paint": paint}
            return {**told, "zh": one.title.zh, "en": one.title.en}
    return {"code": "unknown", "colour": "unknown", "paint": None, "zh": "未知", "en": "unknown"}


class Shelf:
    """The rulebooks of schemes by place and day, each looked up once for all days on which it is the same."""

    def __init__(self) -> None:
        self._turns: dict[str, list[date]] = {}
        self._found: dict[tuple[str, str, int], rules.Rulebook | None] = {}
        self._weighing: dict[tuple[str, str], Weighing] = {}
        self._chosen: dict[tuple[str, str, date], Scheme] = {}

    def book(self, name: str, place: str, day: date) -> rules.Rulebook | None:
        """Return the rulebook in force on a day at a place; None where there is none."""
        turn = bisect_right(self._turns_of(name), day)
        key = (name, place, turn)
        if key not in self._found:
            self._found[key] = _held(name, place, day)
        return self._found[key]

    def _turns_of(self, name: str) -> list[date]:
        """Return the days from which another version may be in force anywhere."""
        if name not in self._turns:
            shipped = {day for one in rules.versions(name) for day in _ends(one)}
            written = RulebookVersion.objects.filter(rulebook=name, state=State.PUBLISHED)
            days = shipped | set(written.order_by().values_list("valid_from", flat=True))
            self._turns[name] = sorted(day for day in days if day is not None)
        return self._turns[name]

    def weighing(self, scheme: Scheme, place: str) -> Weighing:
        """Return the weights of a scheme at a place."""
        key = (scheme.id, place)
        if key not in self._weighing:
            book = str(tables()["scheme"][scheme.id]["book"])
            self._weighing[key] = Weighing(lambda day: self.book(book, place, day), scheme.output)
        return self._weighing[key]

    def scheme(self, sort: str, place: str, day: date) -> Scheme:
        """Return the scheme that a place uses on a day.

        One whose items were not found is complete where the place has published them and bands are known.
        """
        key = (sort, place, day)
        if key not in self._chosen:
            chosen = self.book(f"{sort}_scheme", place, day)
            if chosen is None:
                raise StandardError("rules.not_in_force", value=f"{sort}_scheme", day=day.isoformat())
            scheme = scheme_of(str(rules.evaluate(chosen, {}).outputs["scheme"]))
            self._chosen[key] = self._completed(scheme, place, day)
        return self._chosen[key]

    def _completed(self, scheme: Scheme, place: str, day: date) -> Scheme:
        book = str(tables()["scheme"][scheme.id]["book"])
        if scheme.complete or not scheme.bands or self.book(book, place, day) is None:
            return scheme
        return replace(scheme, complete=True)


def _ends(book: rules.Rulebook) -> Iterable[date]:
    end = book.interval.end
    return (book.interval.start,) if end is None else (book.interval.start, end + timedelta(days=1))


def _held(name: str, place: str, day: date) -> rules.Rulebook | None:
    try:
        return holding.in_force(name, day, place)
    except StandardError as error:
        if error.key in ("rules.none", "rules.not_in_force"):
            return None
        raise


def scheme_for(sort: str, day: date, place: str) -> Scheme:
    """Return the scheme that a place uses on a day."""
    if sort not in SORTS:
        raise InputError("grades.no_sort", value=sort, expected=", ".join(SORTS))
    return Shelf().scheme(sort, place, day)
