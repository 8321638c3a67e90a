"""The machine 状态机: which step may follow on which, by whom and with what; pure, no database.

`advance` is asked by `moving.move` for every step, so that what holds for it holds for every issue. Other
rooms whose work goes by a table of the same shape, as cases of enforcement, ask it with a table of their own.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from huanzhi.center.issues.table import Output, Table, Transition, table
from huanzhi.errors import InputError

NOBODY = ("", "system")
"""Who is no person."""

FRESH = ("open", "reopen", "separate")
"""Steps with which an issue begins, or begins anew."""


@dataclass(frozen=True, slots=True)
class Taken:
    """A step that was taken, and by whom."""

    transition: str
    person: str


@dataclass(frozen=True, slots=True)
class Standing:
    """Where an issue stands.

    Attributes
    ----------
    past : tuple of Taken
        Every step, the opening first.
    suspended : bool
        The clock stands.
    sensor : bool
        A sensor raised it, so that its curve has to prove the cure.
    fresh : collection of str
        Steps with which it begins, or begins anew; see :attr:`Table.fresh`.
    """

    state: str
    past: tuple[Taken, ...] = ()
    suspended: bool = False
    sensor: bool = False
    fresh: Collection[str] = FRESH

    def recent(self) -> tuple[Taken, ...]:
        """Return the steps since the issue began, or began anew."""
        for place in range(len(self.past) - 1, -1, -1):
            if self.past[place].transition in self.fresh:
                return self.past[place:]
        return self.past

    def persons(self, transitions: Collection[str]) -> set[str]:
        """Return who took any of these steps since the issue began."""
        return {one.person for one in self.recent() if one.transition in transitions}


@dataclass(frozen=True, slots=True)
class Asked:
    """A step that somebody wants to take.

    Attributes
    ----------
    outputs : mapping
        What it brings, by name.
    evidence : collection of str
        Kinds of the evidence that comes with it.
    proved : bool
        The curve of the sensor proves the cure.
    approved : bool
        A second person has approved it.
    met : collection of str
        Conditions of the step that hold; see :attr:`Transition.conditions`.
    """

    transition: str
    person: str
    outputs: Mapping[str, Any]
    evidence: Collection[str] = ()
    proved: bool = False
    approved: bool = False
    met: Collection[str] = ()


def advance(standing: Standing, asked: Asked, known: Table | None = None) -> Standing:
    """Return where an issue stands after a step.

    Raises
    ------
    InputError
        ``issues.not_now``, ``issues.stopped``, ``issues.person_only``, ``issues.same_person``,
        ``issues.not_verified``, ``issues.output``, ``issues.evidence``, ``issues.no_proof``,
        ``issues.two_people``, or the first condition that is not met: what is missing.
    """
    known = known or table()
    move = known.transition(asked.transition)
    _in_order(standing, move)
    _by_whom(standing, move, asked.person, known)
    checked_outputs(move, asked.outputs)
    if move.evidence and not set(asked.evidence) & set(move.evidence):
        raise InputError("issues.evidence", value=move.title, expected=", ".join(move.evidence))
    if move.proof and standing.sensor and not asked.proved:
        raise InputError("issues.no_proof", value=move.title)
    for condition in move.conditions:
        if condition not in asked.met:
            raise InputError(condition, value=move.title)
    if move.two_people and not asked.approved:
        raise InputError(f"{known.words}.two_people", value=move.title)
    suspended = {"suspend": True, "resume": False}.get(move.name, standing.suspended)
    past = (*standing.past, Taken(move.name, asked.person))
    return replace(standing, state=move.to or standing.state, past=past, suspended=suspended)


def possible(standing: Standing, person: str, known: Table | None = None) -> list[Transition]:
    """Return the steps that could follow now as far as order and persons go."""
    found = []
    known = known or table()
    for move in known.transitions.values():
        try:
            _in_order(standing, move)
            _by_whom(standing, move, person, known)
        except InputError:
            continue
        found.append(move)
    return found


def checked_outputs(move: Transition, given: Mapping[str, Any]) -> None:
    """Refuse outputs that are missing, unknown or of the wrong kind."""
    declared = {one.name: one for one in (*move.outputs, *move.optional)}
    for name in given:
        if name not in declared:
            raise InputError("issues.unknown_output", column=name, expected=", ".join(declared))
    for one in move.outputs:
        if given.get(one.name) in (None, "") or not str(given[one.name]).strip():
            raise InputError("issues.output", column=one.title)
    for name, value in given.items():
        if value not in (None, ""):
            _fitting(declared[name], value)


def _in_order(standing: Standing, move: Transition) -> None:
    if standing.state not in move.origins:
        expected = ", ".join(sorted(move.origins))
        raise InputError("issues.not_now", value=standing.state, expected=expected, step=move.title)
    if standing.suspended != move.suspended and not move.in_stop:
        raise InputError("issues.stopped" if standing.suspended else "issues.not_stopped", value=move.title)


def _by_whom(standing: Standing, move: Transition, person: str, known: Table) -> None:
    if move.person and person in NOBODY:
        raise InputError("issues.person_only", value=move.title)
    if person in standing.persons(move.other_than):
        raise InputError(f"{known.words}.same_person", value=move.title)
    for needed in move.needs:
        workers = standing.persons(known.workers)
        if not standing.persons((needed,)) - workers - set(NOBODY):
            raise InputError(f"{known.words}.not_verified", value=move.title)


def _fitting(output: Output, value: Any) -> None:
    if output.kind == "choice" and value not in output.choices:
        raise InputError(
            "issues.choice", column=output.title, value=value, expected=", ".join(output.choices)
        )
    if output.kind in ("text", "code") and output.most is not None and len(str(value)) > output.most:
        raise InputError("issues.too_long", column=output.title, most=output.most)
    if output.kind == "integer":
        _whole(output, value)
    if output.kind == "date":
        _day(output, value)


def _whole(output: Output, value: Any) -> None:
    try:
        number = int(str(value))
    except ValueError:
        number = -1
    if isinstance(value, bool) or not (output.least or 0) <= number <= (output.most or number):
        raise InputError(
            "issues.number", column=output.title, value=value, expected=f"{output.least}–{output.most}"
        )


def _day(output: Output, value: Any) -> None:
    try:
        date.fromisoformat(str(value))
    except ValueError:
        raise InputError("issues.day", column=output.title, value=value, expected="2026-11-22") from None
