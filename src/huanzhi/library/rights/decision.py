"""The decision: may this actor do this to that thing, and why."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from huanzhi.errors import InputError
from huanzhi.library.rights.actor import SYSTEM, Actor, Held
from huanzhi.library.rights.matrix import (
    ACTIONS,
    INTERNAL,
    OWN,
    PUBLIC,
    RESTRICTED,
    Rule,
    group_of,
    kinds,
    rules_for,
)
from huanzhi.library.rights.scopes import KEY_ROLE, scope_rules

__all__ = ["INTERNAL", "OWN", "PUBLIC", "RESTRICTED", "Decision", "Thing", "may", "require", "rules_held"]

_READING = ("read", "export")
_CITY_DIGITS = 6


@dataclass(frozen=True, slots=True)
class Thing:
    """What is acted on.

    Attributes
    ----------
    kind : str
        Kind of record, as in `Record.KIND`.
    path : str
        Path of its region; empty for what belongs to no region.
    owner : str
        Code of the organisation that it belongs to.
    handlers : tuple of str
        Codes of the people who handle it, where it is restricted.
    also : tuple of str
        Codes of further organisations that it belongs to.
    """

    kind: str
    path: str = ""
    owner: str = ""
    sensitivity: str = INTERNAL
    handlers: tuple[str, ...] = ()
    also: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Decision:
    """Yes or no.

    Attributes
    ----------
    reason : str
        Message key; `how` fills its placeholders.
    how : mapping
        By which ``role``, held in which ``region``, by which ``rule`` of the matrix with which ``reach``.
    """

    allowed: bool
    reason: str
    how: Mapping[str, str] = field(default_factory=dict)


def may(actor: Actor, action: str, thing: Thing) -> Decision:
    """Return whether `actor` may do `action` (``read``, ``change``, …) to `thing`."""
    if actor == SYSTEM:
        return Decision(True, "rights.system")
    if action not in ACTIONS:
        return Decision(False, "rights.no_action", {"action": action})
    if action in _READING and thing.sensitivity == PUBLIC:
        return Decision(True, "rights.public")
    outside = ""
    for held, rule in rules_held(actor, action, thing.kind):
        if thing.sensitivity not in rule.sensitivity:
            outside = outside or "rights.sensitivity"
        elif thing.sensitivity == RESTRICTED and actor.code not in thing.handlers:
            outside = "rights.handlers"
        elif reaches(actor, held, rule, action, thing):
            return Decision(True, f"rights.by_{rule.reach}", _how(held, rule))
        else:
            outside = outside if outside == "rights.handlers" else f"rights.outside_{rule.reach}"
    return Decision(False, outside or "rights.none", {"group": group_of(thing.kind)})


def require(actor: Actor, action: str, thing: Thing) -> None:
    """Raise InputError ``rights.refused`` unless `actor` may."""
    if not may(actor, action, thing).allowed:
        raise InputError("rights.refused", value=action, expected=thing.kind)


def rules_held(actor: Actor, action: str, kind: str) -> Iterator[tuple[Held, Rule]]:
    """Yield the rules that apply to an action on a kind, each with the role by which."""
    for held in actor.held:
        found = (
            scope_rules(actor.scopes, kind, action)
            if held.role == KEY_ROLE
            else rules_for(held.role, kind, action)
        )
        for rule in found:
            yield held, rule


def reaches(actor: Actor, held: Held, rule: Rule, action: str, thing: Thing) -> bool:
    """Return whether a thing lies within the reach of a rule."""
    if rule.reach == "own":
        body = organisation_of(actor, held)
        return body != "" and body in (thing.owner, *thing.also)
    if rule.reach == "any" or not held.path:
        return True
    if not thing.path:
        return reaches_unplaced(held, action, thing.kind)
    return thing.path.startswith(held.path)


def organisation_of(actor: Actor, held: Held) -> str:
    """Return the organisation for which a role is held."""
    return held.organisation or actor.organisation


def reaches_unplaced(held: Held, action: str, kind: str) -> bool:
    """Return whether a role reaches what belongs to no region: for most reading, else if held for a city."""
    return (action in _READING and group_of(kind) not in kinds().whole) or wide(held)


def wide(held: Held) -> bool:
    """Return whether a role is held for a city or more, so that it reaches what belongs to no region.

    By GB/T 2260 the codes of cities and provinces have six digits and end in two zeros.
    """
    last = held.path.rstrip("/").rpartition("/")[2]
    return not last or last in kinds().cities or (len(last) == _CITY_DIGITS and last.endswith("00"))


def _how(held: Held, rule: Rule) -> dict[str, str]:
    return {"role": held.role, "region": held.path, "rule": rule.name, "reach": rule.reach}
