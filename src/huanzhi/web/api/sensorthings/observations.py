"""Observations 观测值: their conditions as questions to the store, and its rows as entities.

A condition on the Datastream or the FeatureOfInterest is settled in the catalogue and becomes a list of
series; everything else goes down to the store, so that a page never costs more than its question.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from huanzhi.assess.states import State
from huanzhi.errors import InputError
from huanzhi.library.series.conditions import Call, Expression, Field, Literal, Question, SeriesIn
from huanzhi.web.api.sensorthings.catalogue import Catalogue
from huanzhi.web.api.sensorthings.evaluate import holds
from huanzhi.web.api.sensorthings.grammar import Name, Operation, Tree, Value
from huanzhi.web.api.sensorthings.model import IDENTITY, Entity, Series
from huanzhi.web.api.sensorthings.query import Options
from huanzhi.web.api.sensorthings.times import interval

STATES = {state.name.lower(): int(state) for state in State}
_WORDS = {number: word for word, number in STATES.items()}
_RELATED = ("Datastream", "FeatureOfInterest")
_COMPARE = ("eq", "ne", "gt", "ge", "lt", "le")
_MIRROR = {"gt": "lt", "ge": "le", "lt": "gt", "le": "ge"}
_NOTHING = Literal(False)
_FIELDS = {("result",): "value", ("parameters", "flag"): "flag", ("parameters", "decimals"): "decimals"}
NULL = (("resultTime",), ("validTime",), ("resultQuality",))
"""Properties that the store has no value for."""


@dataclass(frozen=True, slots=True)
class Scope:
    """Which observations are meant before any filter: some series, one place, or all."""

    series: tuple[tuple[str, str, str], ...] | None = None
    feature: str | None = None


def scope_of(entity: Entity) -> Scope:
    """Return the observations that an entity leads to."""
    if entity.set == "Datastreams":
        return Scope(series=(entity.series,))
    return Scope(feature=entity.id)


def question(scope: Scope, options: Options, catalogue: Catalogue, extra: int = 0) -> Question:
    """Return what a request asks the store; `extra` rows more than the page."""
    where = None if options.where is None else condition(options.where, catalogue)
    tests: list[Expression] = [where] if where is not None else []
    features, parameters = _bounds(scope, where)
    if features is None and catalogue.partial:
        features = sorted(catalogue.features)
    period = None
    if scope.series is not None and len(scope.series) == 1:
        ((_, _, period),) = scope.series
    elif scope.series is not None:
        tests.append(SeriesIn(scope.series))
    start, end = _time_bounds(options.where)
    return Question(
        where=_all(tests),
        order=[(_order(tree), down) for tree, down in options.order],
        limit=options.size + extra,
        skip=options.skip,
        features=features,
        parameters=parameters,
        period=period,
        start=start,
        end=end,
        as_of=catalogue.revision,
    )


def _all(tests: list[Expression]) -> Expression | None:
    found: Expression | None = None
    for test in tests:
        found = test if found is None else Call("and", (found, test))
    return found


def _bounds(scope: Scope, where: Expression | None) -> tuple[list[str] | None, list[str] | None]:
    """Return the places and parameters that can be meant at all."""
    if scope.feature is not None:
        return [scope.feature], None
    listed = [part.series for part in conjuncts(where) if isinstance(part, SeriesIn)]
    if scope.series is not None:
        listed.append(scope.series)
    if not listed:
        return None, None
    least = min(listed, key=len)
    return sorted({key[0] for key in least}), sorted({key[1] for key in least})


def conjuncts(where: Expression | None) -> Iterator[Expression]:
    """Yield the conditions that must all hold."""
    if isinstance(where, Call) and where.name == "and":
        for part in where.arguments:
            yield from conjuncts(part)
    elif where is not None:
        yield where


def _time_bounds(where: Tree | None) -> tuple[int | None, int | None]:
    """Return bounds on the start of the period that a condition implies."""
    if not isinstance(where, Operation):
        return None, None
    if where.name == "and":
        pairs = [_time_bounds(part) for part in where.arguments]
        starts = [start for start, _ in pairs if start is not None]
        ends = [end for _, end in pairs if end is not None]
        return max(starts, default=None), min(ends, default=None)
    compared = _time_comparison(where)
    if compared is None:
        return None, None
    name, moment = compared
    start = moment if name in ("gt", "ge", "eq") else None
    return start, moment + 1 if name in ("lt", "le", "eq") else None


def _time_comparison(where: Operation) -> tuple[str, int] | None:
    if where.name not in _COMPARE or where.name == "ne":
        return None
    left, right = where.arguments
    if isinstance(right, Name):
        left, right, name = right, left, _MIRROR.get(where.name, where.name)
    else:
        name = where.name
    if left != Name(("phenomenonTime",)) or not isinstance(right, Value):
        return None
    return (name, int(right.value.timestamp())) if isinstance(right.value, datetime) else None


def condition(tree: Tree, catalogue: Catalogue) -> Expression:
    """Return a filter as a condition of the store.

    Raises
    ------
    InputError
        If it asks for something that observations cannot be asked.
    """
    if isinstance(tree, Value):
        return _literal(tree)
    if isinstance(tree, Name):
        return _field(tree)
    if _is_related(tree):
        return _series_where(tree, catalogue)
    if tree.name in _COMPARE:
        return _comparison(tree, catalogue)
    return Call(tree.name, tuple(condition(one, catalogue) for one in tree.arguments))


def _is_related(tree: Operation) -> bool:
    """Return whether an expression speaks of nothing but related entities."""
    names = list(_names(tree))
    return bool(names) and all(name.path[0] in _RELATED and len(name.path) > 1 for name in names)


def _names(tree: Tree) -> Iterator[Name]:
    if isinstance(tree, Name):
        yield tree
    elif isinstance(tree, Operation):
        for one in tree.arguments:
            yield from _names(one)


def _series_where(tree: Operation, catalogue: Catalogue) -> SeriesIn:
    keys = (series.key for series in catalogue.series.values())
    probes = (Entity("Observations", "", {}, key) for key in keys)
    return SeriesIn(tuple(p.series for p in probes if holds(tree, p, catalogue)))


def _comparison(tree: Operation, catalogue: Catalogue) -> Expression:
    left, right = tree.arguments
    if isinstance(right, Name) and not isinstance(left, Name):
        return _comparison(Operation(_MIRROR.get(tree.name, tree.name), (right, left)), catalogue)
    if isinstance(left, Name) and isinstance(right, Value):
        if left.path == ("phenomenonTime",):
            return _time_test(tree.name, right)
        if len(left.path) == 1 and left.path[0] in IDENTITY:
            return _identity_test(tree.name, str(right.value), catalogue)
        if left.path == ("parameters", "state"):
            return Call(tree.name, (Field("state"), Literal(STATES.get(str(right.value), -1))))
        if right.value is None or left.path in NULL:
            return _null_test(tree.name, left, right)
    return Call(tree.name, (condition(left, catalogue), condition(right, catalogue)))


def _time_test(name: str, right: Value) -> Expression:
    """Compare the period of an observation: after a moment by its start, before it by its end."""
    if not isinstance(right.value, datetime):
        raise InputError("sensorthings.bad_moment", value=right.value, expected="2026-01-01T00:00:00Z")
    moment = Literal(int(right.value.timestamp()))
    return (
        Call(name, (Field("end" if name in ("lt", "le") else "time"), moment))
        if name != "lt"
        else _before(moment)
    )


def _before(moment: Literal) -> Expression:
    """A period lies before the moment that ends it, since the next begins there; a moment does not."""
    return Call("and", (Call("le", (Field("end"), moment)), Call("lt", (Field("time"), moment))))


def _null_test(name: str, left: Name, right: Value) -> Expression:
    if name not in ("eq", "ne"):
        return _NOTHING
    if left.path in NULL:
        return Literal((right.value is None) is (name == "eq"))
    return Call("is_null" if name == "eq" else "not_null", (_field(left),))


def _identity_test(name: str, identity: str, catalogue: Catalogue) -> Expression:
    key = split_identity(identity)
    known = key is not None and key[0] in catalogue.series
    if not known or key is None:
        return Literal(name == "ne")
    found = Call("and", (SeriesIn((key[0],)), Call("eq", (Field("time"), Literal(key[1])))))
    return Call("not", (found,)) if name == "ne" else found


def split_identity(identity: str) -> tuple[tuple[str, str, str], int] | None:
    """Return series and time of an Observation's identity; None if it is none."""
    feature, *rest = identity.rsplit(":", 3)
    if len(rest) != 3 or not rest[2].lstrip("-").isdigit() or len(rest[2]) > 15:
        return None
    return (feature, rest[0], rest[1]), int(rest[2])


def _literal(tree: Value) -> Literal:
    if isinstance(tree.value, datetime):
        return Literal(int(tree.value.timestamp()))
    if (
        isinstance(tree.value, Decimal)
        and tree.value == tree.value.to_integral_value()
        and abs(tree.value) < 2**62
    ):
        return Literal(int(tree.value))
    return Literal(tree.value)


def _field(name: Name) -> Expression:
    if name.path == ("phenomenonTime",):
        return Field("time")
    if name.path in NULL:
        return Literal(None)
    if name.path in _FIELDS:
        return Field(_FIELDS[name.path])
    known = ["phenomenonTime", "result", "id", "Datastream/…", "FeatureOfInterest/…"]
    expected = ", ".join([*known, *("/".join(path) for path in _FIELDS), "parameters/state"])
    raise InputError("sensorthings.no_property", value="/".join(name.path), expected=expected)


def _order(tree: Tree) -> Expression:
    if not isinstance(tree, Name):
        raise InputError("sensorthings.order", expected="phenomenonTime, result, resultTime, id")
    return Field("time") if tree.path[0] in IDENTITY else _field(tree)


def entity_of(row: Mapping[str, Any]) -> Entity:
    """Return a row of the store as an Observation.

    The result is null unless a value was measured: a detection limit stands in ``parameters``, so that nobody
    takes it for a value.
    """
    state = row["state"]
    value = None if row["value"] is None else number(row["value"], row["decimals"])
    parameters: dict[str, Any] = {
        "state": _WORDS[state],
        "flag": row["flag"],
        "decimals": row["decimals"],
        "revision": row["revision"],
    }
    if state == State.BELOW_DETECTION:
        parameters["detection_limit"] = value
    key = (row["feature"], row["parameter"], row["period"])
    values = {
        "phenomenonTime": interval(row["period"], row["time"]),
        "result": value if state == State.VALUE else None,
        "resultTime": None,
        "parameters": parameters,
    }
    return Entity("Observations", ":".join((*key, str(row["time"]))), values, key)


def number(units: int, decimals: int) -> int | float:
    """Return a scaled integer as the nearest JSON number, whose shortest text is the decimal itself."""
    return units if decimals == 0 else units / 10**decimals


def newest(series: Series) -> Entity:
    """Return the newest observation of a series without asking the store."""
    return entity_of(series.newest)


def wants_newest(options: Options) -> bool:
    """Return whether options ask for the newest observation and nothing else."""
    latest = ((Name(("phenomenonTime",)), True),)
    return options.top == 1 and not options.skip and options.where is None and options.order == latest
