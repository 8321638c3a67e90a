"""The matrix 权限表: roles, kinds in groups, and what each role may do, read from the tables in ``data``."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any

from huanzhi.errors import StandardError
from huanzhi.messages import language

ACTIONS = (
    "read",
    "export",
    "create",
    "change",
    "remove",
    "import",
    "run",
    "command",
    "propose",
    "approve",
    "manage",
)
PUBLIC, INTERNAL, RESTRICTED, OWN = "public", "internal", "restricted", "own"
SENSITIVITIES = (PUBLIC, INTERNAL, RESTRICTED, OWN)
"""Sensitivity 敏感级别: public; internal; restricted to named handlers; the enterprise's own."""

REACHES = ("region", "own", "any")
OTHER = "other"


@dataclass(frozen=True, slots=True)
class Role:
    """A role 角色 with its name in both languages and the actors of the documents it stands for."""

    code: str
    zh: str
    en: str
    basis: str

    @property
    def name(self) -> str:
        """Return the name in the reader's language."""
        return self.en if language() == "en" else self.zh


@dataclass(frozen=True, slots=True)
class Rule:
    """One row of the matrix."""

    name: str
    roles: frozenset[str]
    groups: frozenset[str]
    actions: frozenset[str]
    sensitivity: frozenset[str]
    reach: str


@dataclass(frozen=True, slots=True)
class Kinds:
    """Kinds of things in groups."""

    group: Mapping[str, str]
    prefixes: tuple[tuple[str, str], ...]
    sensitivity: Mapping[str, str]
    groups: frozenset[str]
    readable: tuple[str, ...]
    cities: frozenset[str]
    whole: frozenset[str]


@cache
def roles() -> Mapping[str, Role]:
    """Return the roles by code, in the order of the table."""
    return {code: Role(code, **row) for code, row in _table("roles").items()}


@cache
def kinds() -> Kinds:
    """Return the kinds."""
    raw = _table("kinds")
    named = {kind: group for group, members in raw["groups"].items() for kind in members}
    prefixes = tuple((kind[:-1], group) for kind, group in named.items() if kind.endswith("*"))
    whole = {kind: group for kind, group in named.items() if not kind.endswith("*")}
    groups = frozenset(raw["groups"])
    _known("groups", raw["scopes"]["read"], groups)
    _known("whole", raw["city"]["whole"], groups)
    _known("sensitivity", raw["sensitivity"].values(), SENSITIVITIES)
    return Kinds(
        whole,
        prefixes,
        raw["sensitivity"],
        groups,
        tuple(raw["scopes"]["read"]),
        frozenset(raw["city"]["also"]),
        frozenset(raw["city"]["whole"]),
    )


@cache
def group_of(kind: str) -> str:
    """Return the group of a kind; ``other`` where no table names it."""
    found = kinds().group.get(kind)
    if found is not None:
        return found
    return next((group for prefix, group in kinds().prefixes if kind.startswith(prefix)), OTHER)


def sensitivity_of(kind: str) -> str:
    """Return the sensitivity of a kind whose records carry none."""
    return kinds().sensitivity.get(kind, INTERNAL)


@cache
def rules() -> tuple[Rule, ...]:
    """Return the rules.

    Raises
    ------
    StandardError
        If a rule names a role, group, action, sensitivity or reach that is not known.
    """
    raw = _table("matrix")
    return tuple(_rule(row, raw["sets"]) for row in raw["rule"])


@cache
def rules_for(role: str, kind: str, action: str) -> tuple[Rule, ...]:
    """Return the rules that give a role an action on a kind."""
    group = group_of(kind)
    return tuple(
        rule for rule in rules() if role in rule.roles and group in rule.groups and action in rule.actions
    )


def _rule(row: Mapping[str, Any], sets: Mapping[str, list[str]]) -> Rule:
    def spread(names: Iterable[str]) -> list[str]:
        return [one for name in names for one in sets.get(name, [name])]

    wide = {"roles": spread(row["roles"]), "groups": spread(row["groups"])}
    _known("roles", wide["roles"], roles())
    _known("groups", wide["groups"], kinds().groups)
    _known("actions", row["actions"], ACTIONS)
    _known("sensitivity", row["sensitivity"], SENSITIVITIES)
    _known("reach", [row["reach"]], REACHES)
    return Rule(
        row["name"],
        frozenset(wide["roles"]),
        frozenset(wide["groups"]),
        frozenset(row["actions"]),
        frozenset(row["sensitivity"]),
        row["reach"],
    )


def _known(column: str, names: Iterable[str], expected: Iterable[str]) -> None:
    known = list(expected)
    for name in names:
        if name not in known:
            raise StandardError("rights.unknown_name", column=column, value=name, expected=", ".join(known))


def _table(name: str) -> dict[str, Any]:
    file = resources.files("huanzhi.library.rights") / "data" / f"{name}.toml"
    return tomllib.loads(file.read_text(encoding="utf-8"))
