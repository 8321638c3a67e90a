"""The decision: may this actor do this to that thing, and why."""

from __future__ import annotations

from dataclasses import dataclass

from huanzhi.errors import InputError
from huanzhi.library.rights.actor import SYSTEM, Actor

PUBLIC, INTERNAL, RESTRICTED, OWN = "public", "internal", "restricted", "own"
"""Sensitivity 敏感级别: public; internal; restricted to named handlers; the enterprise's own."""


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
    """

    kind: str
    path: str = ""
    owner: str = ""
    sensitivity: str = INTERNAL
    handlers: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Decision:
    """Yes or no; `reason` is a message key."""

    allowed: bool
    reason: str


def may(actor: Actor, action: str, thing: Thing) -> Decision:
    """Return whether `actor` may do `action` (``read``, ``change``, …) to `thing`."""
    if actor == SYSTEM:
        return Decision(True, "rights.system")
    if action == "read" and thing.sensitivity == PUBLIC:
        return Decision(True, "rights.public")
    if any(thing.path.startswith(held.path) for held in actor.held):
        return Decision(True, "rights.role")
    return Decision(False, "rights.none")


def require(actor: Actor, action: str, thing: Thing) -> None:
    """Raise InputError ``rights.refused`` unless `actor` may."""
    if not may(actor, action, thing).allowed:
        raise InputError("rights.refused", value=action, expected=thing.kind)
