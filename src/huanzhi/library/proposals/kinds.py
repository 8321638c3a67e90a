"""Kinds of proposals and what each does when it is approved."""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import TYPE_CHECKING, Any

from huanzhi.errors import InputError
from huanzhi.library.rights import Actor
from huanzhi.messages import language

if TYPE_CHECKING:
    from huanzhi.library.proposals.models import Proposal

Effect = Callable[[Actor, "Proposal"], Mapping[str, Any] | None]
"""Does what was proposed, in the transaction of the approval; what it returns is kept as the outcome."""

Check = Callable[[Mapping[str, Any]], None]
"""Raises InputError where a payload is wrong."""


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of proposal.

    Attributes
    ----------
    days : int
        How long it may stay open.
    other_organisation : bool
        Whether who decides must be of another organisation than who proposed.
    """

    code: str
    zh: str
    en: str
    days: int
    other_organisation: bool

    @property
    def name(self) -> str:
        """Return the name in the reader's language."""
        return self.en if language() == "en" else self.zh


@cache
def kinds() -> Mapping[str, Kind]:
    """Return the kinds by code."""
    file = resources.files("huanzhi.library.proposals") / "data" / "kinds.toml"
    return {code: Kind(code, **row) for code, row in tomllib.loads(file.read_text(encoding="utf-8")).items()}


def kind_of(code: str) -> Kind:
    """Return a kind; InputError if there is none of that code."""
    if code not in kinds():
        raise InputError("proposals.no_kind", value=code, expected=", ".join(kinds()))
    return kinds()[code]


_effects: dict[str, tuple[Effect, Check | None]] = {}
_refusals: dict[str, Effect] = {}


def register(code: str, effect: Effect, check: Check | None = None, refusal: Effect | None = None) -> None:
    """Say what the approval of a kind does, how its payload is checked, and what a refusal does."""
    kind_of(code)
    _effects[code] = (effect, check)
    if refusal is not None:
        _refusals[code] = refusal


def refusal_of(code: str) -> Effect | None:
    """Return what a refusal of a kind does; None where it leaves everything as it was."""
    return _refusals.get(code)


def effect_of(code: str) -> Effect:
    """Return what the approval of a kind does; InputError where nothing is registered."""
    return _registered(code)[0]


def check_payload(code: str, payload: Mapping[str, Any]) -> None:
    """Check a payload as the effect of its kind asks."""
    check = _registered(code)[1]
    if check is not None:
        check(payload)


def _registered(code: str) -> tuple[Effect, Check | None]:
    if code not in _effects:
        raise InputError("proposals.no_effect", value=code)
    return _effects[code]
