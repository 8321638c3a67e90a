"""``$filter`` and ``$orderby`` over entities of the catalogue.

A name that leads to many entities has many values; a comparison holds if it holds for one of them. Null
compares equal to null only.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, datetime
from decimal import Decimal
from itertools import product
from typing import Any

from huanzhi.errors import InputError
from huanzhi.web.api.sensorthings.catalogue import Catalogue
from huanzhi.web.api.sensorthings.grammar import Name, Operation, Tree, Value
from huanzhi.web.api.sensorthings.model import IDENTITY, PROPERTIES, RELATIONS, Entity

_Values = list[Any]


def holds(tree: Tree, entity: Entity, catalogue: Catalogue) -> bool:
    """Return whether a condition holds for an entity."""
    return any(value is True for value in values_of(tree, entity, catalogue))


def sort_key(value: Any) -> tuple[int, Any]:
    """Return what a value is sorted by: numbers, texts, and null at the end."""
    if value is None:
        return (9, 0)
    if isinstance(value, int | float | Decimal):
        return (0, value)
    return (1, str(value))


def values_of(tree: Tree, entity: Entity, catalogue: Catalogue) -> _Values:
    """Return the values of an expression for an entity."""
    if isinstance(tree, Value):
        return [tree.value]
    if isinstance(tree, Name):
        return named(tree.path, entity, catalogue)
    if tree.name in ("and", "or", "not"):
        truths = (holds(one, entity, catalogue) for one in tree.arguments)
        return [_LOGIC[tree.name](truths)]
    arguments = [values_of(one, entity, catalogue) for one in tree.arguments]
    return [_apply(tree, given) for given in product(*arguments)]


_LOGIC: Mapping[str, Callable[[Iterable[bool]], bool]] = {
    "and": all,
    "or": any,
    "not": lambda truths: not any(truths),
}


def named(path: tuple[str, ...], entity: Entity, catalogue: Catalogue) -> _Values:
    """Return the values of a name: along relations first, then into properties."""
    head, *rest = path
    if head in RELATIONS[entity.set] and rest:
        if RELATIONS[entity.set][head][0] == "Observations":
            raise InputError("sensorthings.not_through", value="/".join(path))
        reached = catalogue.related(entity, head)
        return [value for one in reached for value in named(tuple(rest), one, catalogue)]
    if head in IDENTITY and not rest:
        return [entity.id]
    if head not in PROPERTIES[entity.set]:
        known = (*IDENTITY, *PROPERTIES[entity.set], *RELATIONS[entity.set])
        raise InputError("sensorthings.no_property", value="/".join(path), expected=", ".join(known))
    value = entity.values.get(head)
    for step in rest:
        value = value.get(step) if isinstance(value, Mapping) else None
    return [value]


def _apply(operation: Operation, arguments: tuple[Any, ...]) -> Any:
    if operation.name in ("eq", "ne"):
        return (_plain(arguments[0]) == _plain(arguments[1])) is (operation.name == "eq")
    if any(argument is None for argument in arguments):
        return None
    try:
        return _FUNCTIONS[operation.name](*map(_plain, arguments))
    except (TypeError, ValueError, ArithmeticError, AttributeError):
        return None


def _plain(value: Any) -> Any:
    """Return a value in the form in which it is compared: moments as texts, numbers as decimals."""
    if isinstance(value, datetime):
        return value.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    if isinstance(value, int | float) and not isinstance(value, bool):
        return Decimal(str(value))
    return value


def _moment(text: str) -> datetime:
    return datetime.fromisoformat(text.partition("/")[0]).astimezone(UTC)


_FUNCTIONS: Mapping[str, Callable[..., Any]] = {
    "gt": lambda a, b: a > b,
    "ge": lambda a, b: a >= b,
    "lt": lambda a, b: a < b,
    "le": lambda a, b: a <= b,
    "add": lambda a, b: a + b,
    "sub": lambda a, b: a - b,
    "mul": lambda a, b: a * b,
    "div": lambda a, b: a / b,
    "mod": lambda a, b: a % b,
    "substringof": lambda part, whole: part in whole,
    "startswith": lambda whole, part: whole.startswith(part),
    "endswith": lambda whole, part: whole.endswith(part),
    "length": len,
    "indexof": lambda whole, part: whole.find(part),
    "substring": lambda whole, begin, length=None: whole[int(begin) :][
        : None if length is None else int(length)
    ],
    "tolower": lambda whole: whole.lower(),
    "toupper": lambda whole: whole.upper(),
    "trim": lambda whole: whole.strip(),
    "concat": lambda first, second: first + second,
    "round": lambda number: Decimal(math.floor(number + Decimal("0.5"))),
    "floor": lambda number: Decimal(math.floor(number)),
    "ceiling": lambda number: Decimal(math.ceil(number)),
    "year": lambda text: Decimal(_moment(text).year),
    "month": lambda text: Decimal(_moment(text).month),
    "day": lambda text: Decimal(_moment(text).day),
    "hour": lambda text: Decimal(_moment(text).hour),
    "minute": lambda text: Decimal(_moment(text).minute),
    "second": lambda text: Decimal(_moment(text).second),
    "now": lambda: datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
}
