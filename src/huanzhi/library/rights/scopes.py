"""Scopes of keys 密钥权限: what a program may do that holds a key, given as a role is."""

from __future__ import annotations

from functools import cache

from huanzhi.library.rights.matrix import INTERNAL, PUBLIC, Rule, group_of, kinds

KEY_ROLE = "key"
"""Role under which an actor holds the scopes of a key."""

WRITE = "observations:write"


@cache
def scopes() -> tuple[str, ...]:
    """Return every scope there is."""
    return (WRITE, *(f"{group}:read" for group in kinds().readable))


@cache
def scope_rules(held: tuple[str, ...], kind: str, action: str) -> tuple[Rule, ...]:
    """Return the rules that scopes give for an action on a kind."""
    group = group_of(kind)
    if action in ("read", "export") and f"{group}:read" in held:
        return (_rule(group, ("read", "export")),)
    if action == "import" and group == "observations" and WRITE in held:
        return (_rule(group, ("import",)),)
    return ()


def _rule(group: str, actions: tuple[str, ...]) -> Rule:
    return Rule(
        f"scope_{group}",
        frozenset({KEY_ROLE}),
        frozenset({group}),
        frozenset(actions),
        frozenset({PUBLIC, INTERNAL}),
        "region",
    )
