"""Row filter 行级权限: of a table, the rows that an actor may read; `may`, asked of the database."""

from __future__ import annotations

from functools import reduce
from typing import Any, TypeVar

from django.db.models import Q, QuerySet

from huanzhi.library.rights.actor import SYSTEM, Actor, Held
from huanzhi.library.rights.decision import organisation_of, reaches_unplaced, rules_held
from huanzhi.library.rights.matrix import ACTIONS, PUBLIC, RESTRICTED, Rule
from huanzhi.library.rights.placing import Placing, fixed_sensitivity, placing_of

Rows = TypeVar("Rows", bound="QuerySet[Any]")

_ALL = Q()
_NONE = Q(pk__in=[])


def visible(actor: Actor, kind: str, queryset: Rows, action: str = "read") -> Rows:
    """Return the rows of `queryset` to which `actor` may do `action`."""
    if actor == SYSTEM:
        return queryset
    if action not in ACTIONS:
        return queryset.none()
    model = queryset.model
    placing = placing_of(model)
    wanted = _NONE
    if action in ("read", "export"):
        wanted = _sensitivity(model, kind, placing, frozenset({PUBLIC}))
    for held, rule in rules_held(actor, action, kind):
        wanted = _either(
            wanted, _both(_reach(actor, held, rule, action, kind, placing), _levels(actor, rule, model, kind))
        )
    return queryset.filter(wanted)


def _levels(actor: Actor, rule: Rule, model: Any, kind: str) -> Q:
    """Return the condition of the sensitivities of a rule, with the naming of handlers where restricted."""
    placing = placing_of(model)
    plain = _sensitivity(model, kind, placing, rule.sensitivity - {RESTRICTED})
    if RESTRICTED not in rule.sensitivity or not placing.handlers or not actor.code:
        return plain
    named = Q(pk__in=model._default_manager.filter(**{placing.handlers: actor.code}).values("pk"))
    return _either(plain, _both(_sensitivity(model, kind, placing, frozenset({RESTRICTED})), named))


def _sensitivity(model: Any, kind: str, placing: Placing, wanted: frozenset[str]) -> Q:
    usual = fixed_sensitivity(model, kind)
    if not placing.sensitivity:
        return _ALL if usual in wanted else _NONE
    found = Q(**{f"{placing.sensitivity}__in": sorted(wanted)})
    return _either(found, _empty(placing.sensitivity)) if usual in wanted else found


def _reach(actor: Actor, held: Held, rule: Rule, action: str, kind: str, placing: Placing) -> Q:
    if rule.reach == "own":
        organisation = organisation_of(actor, held)
        owners = [name for name in (placing.owner, *placing.also) if name]
        return (
            reduce(_either, [Q(**{name: organisation}) for name in owners], _NONE) if organisation else _NONE
        )
    if rule.reach == "any" or not held.path:
        return _ALL
    unplaced = reaches_unplaced(held, action, kind)
    if not placing.region:
        return _ALL if unplaced else _NONE
    inside = Q(**{f"{placing.region}__startswith": held.path})
    return _either(inside, _empty(placing.region)) if unplaced else inside


def _empty(name: str) -> Q:
    return Q(**{name: ""}) | Q(**{f"{name}__isnull": True})


def _either(one: Q, other: Q) -> Q:
    if one == _ALL or other == _ALL:
        return _ALL
    if _NONE in (one, other):
        return other if one == _NONE else one
    return one | other


def _both(one: Q, other: Q) -> Q:
    return _NONE if _NONE in (one, other) else one & other
