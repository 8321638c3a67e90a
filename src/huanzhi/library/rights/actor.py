"""Who acts 操作者: a person with roles, a key with scopes, the platform itself, or anyone."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Held:
    """A role held in a region subtree; `path` is that of the region (empty: everywhere)."""

    role: str
    path: str = ""
    organisation: str = ""


@dataclass(frozen=True, slots=True)
class Actor:
    """Who acts.

    Attributes
    ----------
    code : str
        Name a person signs in with; ``key:…`` for a key; ``system`` for the platform; empty for anyone.
    organisation : str
        Code of the organisation, for what belongs to it.
    scopes : tuple of str
        Scopes of a key; empty for people.
    """

    code: str
    name: str = ""
    held: tuple[Held, ...] = ()
    organisation: str = ""
    scopes: tuple[str, ...] = ()


ANYONE = Actor("")
SYSTEM = Actor("system")
