"""The table of states 状态表, read from ``data/states.toml``; pure."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cache
from importlib import resources
from typing import Any

from huanzhi.errors import InputError, StandardError
from huanzhi.messages import language


@dataclass(frozen=True, slots=True)
class Clock:
    """A term of a step, with the basis on which it stands and how sure that is."""

    number: int
    unit: str
    word: str
    basis: str
    confidence: str
    note: str = ""


@dataclass(frozen=True, slots=True)
class State:
    """A state; `urgent` is the clock of what is major."""

    code: str
    zh: str
    en: str
    open: bool
    clock: Clock | None
    urgent: Clock | None

    @property
    def name(self) -> str:
        """Return the name in the reader's language."""
        return self.en if language() == "en" else self.zh

    def clock_of(self, level: str) -> Clock | None:
        """Return the clock for a level."""
        return (self.urgent or self.clock) if level == "major" else self.clock


@dataclass(frozen=True, slots=True)
class Output:
    """What a step has to bring, as data for a form."""

    name: str
    kind: str
    zh: str
    en: str
    choices: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    target: str = ""
    least: int | None = None
    most: int | None = None

    @property
    def title(self) -> str:
        """Return the name in the reader's language."""
        return self.en if language() == "en" else self.zh


@dataclass(frozen=True, slots=True)
class Transition:
    """A step from some states to another, or within one where `to` is empty.

    Attributes
    ----------
    right : str
        Action of the matrix of rights.
    outputs, optional : tuple of Output
        What it must bring, and what it may.
    evidence : tuple of str
        Kinds of which at least one piece must come with the step.
    other_than : tuple of str
        Steps whose persons may not take this one.
    needs : tuple of str
        Steps that must have been taken since the issue was opened or opened again, by others than the
        persons of ``rectify``.
    person, two_people, proof : bool
        Asks for a person; is done by an approved proposal; asks for the curve of the sensor.
    suspended, in_stop : bool
        Is taken only, or also, while the clock stands.
    conditions : tuple of str
        Keys of messages, each naming what has to hold and saying so where it does not.
    """

    name: str
    zh: str
    en: str
    origins: frozenset[str]
    to: str
    right: str
    outputs: tuple[Output, ...]
    optional: tuple[Output, ...]
    evidence: tuple[str, ...]
    other_than: tuple[str, ...]
    needs: tuple[str, ...]
    conditions: tuple[str, ...]
    person: bool
    two_people: bool
    proof: bool
    suspended: bool
    in_stop: bool

    @property
    def title(self) -> str:
        """Return the name in the reader's language."""
        return self.en if language() == "en" else self.zh


@dataclass(frozen=True, slots=True)
class Ladder:
    """The ladder 五步法: steps in order, and by how many days overdue each opens."""

    steps: tuple[str, ...]
    overdue_days: Mapping[str, int]
    reached: Mapping[str, str]
    basis: str
    confidence: str


NO_LADDER = Ladder((), {}, {}, "", "")


@dataclass(frozen=True, slots=True)
class Table:
    """States, transitions and the ladder.

    Attributes
    ----------
    words : str
        Area of the messages that say who may not take a step.
    fresh : tuple of str
        Steps with which it begins, or begins anew: what was done before them counts no more.
    workers : tuple of str
        Steps whose persons cannot do what other steps need.
    """

    states: Mapping[str, State]
    transitions: Mapping[str, Transition]
    ladder: Ladder
    choices: Mapping[str, Mapping[str, Mapping[str, str]]]
    words: str = "issues"
    fresh: tuple[str, ...] = ("open", "reopen", "separate")
    workers: tuple[str, ...] = ("rectify",)

    def transition(self, name: str) -> Transition:
        """Return a transition; InputError ``issues.no_transition`` where there is none."""
        found = self.transitions.get(name)
        if found is None:
            raise InputError("issues.no_transition", value=name, expected=", ".join(self.transitions))
        return found

    def open_states(self) -> tuple[str, ...]:
        """Return the states in which an issue is open."""
        return tuple(code for code, state in self.states.items() if state.open)


@cache
def table() -> Table:
    """Return the shipped table.

    Raises
    ------
    StandardError
        ``issues.damaged`` if it names what it does not hold.
    """
    file = resources.files("huanzhi.center.issues") / "data" / "states.toml"
    return read(tomllib.loads(file.read_text(encoding="utf-8")))


def read(raw: Mapping[str, Any]) -> Table:
    """Return a table from its file."""
    states = {code: _state(code, row) for code, row in raw["state"].items()}
    outputs = {name: _output(name, row, raw["choices"]) for name, row in raw["output"].items()}
    moves = [_transition(row, outputs, states) for row in raw["transition"]]
    names = {one.name for one in moves} | {"open"}
    for move in moves:
        _known("other_than", (*move.other_than, *move.needs), names)
    more = {name: tuple(raw[name]) for name in ("fresh", "workers") if name in raw}
    named = {one.name: one for one in moves}
    return Table(states, named, _ladder(raw), raw["choices"], raw.get("words", "issues"), **more)


def _ladder(raw: Mapping[str, Any]) -> Ladder:
    told = raw.get("ladder")
    if told is None:
        return NO_LADDER
    return Ladder(
        tuple(told["steps"]), told["overdue_days"], told["reached"], told["basis"], told["confidence"]
    )


def _state(code: str, row: Mapping[str, Any]) -> State:
    clocks = [_clock(row[name]) if name in row else None for name in ("clock", "urgent")]
    return State(code, row["zh"], row["en"], row["open"], *clocks)


def _clock(row: Mapping[str, Any]) -> Clock:
    note = row.get("note", "")
    return Clock(row["number"], row["unit"], row["for"], row["basis"], row["confidence"], note)


def _output(name: str, row: Mapping[str, Any], choices: Mapping[str, Any]) -> Output:
    listed = row.get("choices", "")
    told = {} if listed in ("", "category") else choices[listed]
    if listed == "category":
        from huanzhi.center.issues.settings import settings

        told = settings()["category"]
    target, least, most = row.get("target", ""), row.get("least"), row.get("most")
    return Output(name, row["kind"], row["zh"], row["en"], told, target, least, most)


def _transition(
    row: Mapping[str, Any], outputs: Mapping[str, Output], states: Mapping[str, State]
) -> Transition:
    _known("state", [*row["from"], *([row["to"]] if "to" in row else [])], states)
    needed, optional = row.get("outputs", []), row.get("optional", [])
    _known("output", [*needed, *optional], outputs)
    return Transition(
        row["name"],
        row["zh"],
        row["en"],
        frozenset(row["from"]),
        row.get("to", ""),
        row["right"],
        tuple(outputs[name] for name in needed),
        tuple(outputs[name] for name in optional),
        tuple(row.get("evidence", ())),
        tuple(row.get("other_than", ())),
        tuple(row.get("needs", ())),
        tuple(row.get("conditions", ())),
        *(bool(row.get(name)) for name in ("person", "two_people", "proof", "suspended", "in_stop")),
    )


def _known(column: str, names: Iterable[str], known: Iterable[str]) -> None:
    held = list(known)
    for name in names:
        if name not in held:
            raise StandardError("issues.damaged", column=column, value=name, expected=", ".join(held))
