"""The answer to one request: the path is walked, the page is cut, relations are expanded."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from typing import Any
from urllib.parse import quote, unquote

from huanzhi.errors import InputError
from huanzhi.library.series import Store
from huanzhi.web.api.sensorthings import CONFORMANCE, observations
from huanzhi.web.api.sensorthings.catalogue import Catalogue
from huanzhi.web.api.sensorthings.evaluate import holds, sort_key, values_of
from huanzhi.web.api.sensorthings.model import IDENTITY, PROPERTIES, RELATIONS, Entity
from huanzhi.web.api.sensorthings.query import Expand, Options

MOST_ENTITIES = 50_000
"""Entities in one answer, expanded ones with it. DEFAULT, NOT FROM THE DOCUMENTS."""

_STEP = re.compile(r"(?P<name>@?[A-Za-z][\w.]*)(?:\((?P<id>'(?:[^']|'')*'|[^'()]+)\))?")

Document = dict[str, Any]
_ALL = observations.Scope()


class NotFoundError(InputError):
    """There is no such entity or path."""


@dataclass(slots=True)
class Reply:
    """What an answer is made with.

    Attributes
    ----------
    base : str
        Address of the landing page.
    left : int
        Entities that may still be added.
    """

    store: Store
    catalogue: Catalogue
    base: str
    left: int = field(default=MOST_ENTITIES)

    def spend(self, number: int) -> None:
        """Count entities; InputError when the answer grows too large."""
        self.left -= number
        if self.left < 0:
            raise InputError("sensorthings.too_much", expected=f"≤ {MOST_ENTITIES}")


@dataclass(frozen=True, slots=True)
class Place:
    """Where a path leads: a set (all of it or what an entity is related to), or one entity.

    Attributes
    ----------
    listed : list of Entity, optional
        The members; None for Observations, which `scope` tells.
    """

    set: str
    entity: Entity | None = None
    listed: list[Entity] | None = None
    scope: observations.Scope = _ALL


def landing(base: str) -> Document:
    """Return the landing page: the sets, and what this service conforms to."""
    return {
        "value": [{"name": name, "url": f"{base}/{name}"} for name in RELATIONS],
        "serverSettings": {"conformance": list(CONFORMANCE)},
    }


def split_path(path: str) -> list[tuple[str, str | None]]:
    """Read the steps of a path: names, some with an identity in brackets.

    A slash inside a quoted identity belongs to it.
    """
    steps: list[tuple[str, str | None]] = []
    rest = path.strip("/")
    while rest:
        match = _STEP.match(rest)
        if match is None or rest[match.end() : match.end() + 1] not in ("", "/"):
            if rest.startswith("$"):
                steps.append((rest, None))
                return steps
            raise NotFoundError("sensorthings.no_path", value=unquote(path))
        found = match["id"]
        identity = found[1:-1].replace("''", "'") if found and found.startswith("'") else found
        steps.append((match["name"], identity))
        rest = rest[match.end() + 1 :]
    return steps


def answer(reply: Reply, path: str, options: Options, query: str) -> Any:
    """Return the document for a path (decoded) and its options.

    Raises
    ------
    NotFoundError
        If the path leads nowhere.
    InputError
        If an option asks for something that is not there.
    """
    steps = split_path(path)
    place = _start(reply, *steps[0])
    for position, (name, identity) in enumerate(steps[1:], start=1):
        if name == "$ref" and position == len(steps) - 1:
            return _references(reply, place, options, path, query)
        if (place.entity is not None and name in PROPERTIES[place.set]) or name in IDENTITY:
            return _property(place, steps[position:], path)
        place = _walk(reply, place, name, identity, path)
    if place.entity is not None:
        return render(reply, place.entity, options)
    return collection(reply, place, options, f"{reply.base}/{quote(path.strip('/'), safe=_SAFE)}", query)


_SAFE = "/()':,"


def _start(reply: Reply, name: str, identity: str | None) -> Place:
    if name not in RELATIONS:
        raise NotFoundError("sensorthings.no_set", value=name, expected=", ".join(RELATIONS))
    if name == "Observations":
        return Place(name) if identity is None else Place(name, _observation(reply, identity))
    if identity is None:
        return Place(name, listed=reply.catalogue.all(name))
    entity = reply.catalogue.get(name, identity)
    if entity is None:
        raise NotFoundError("sensorthings.no_entity", value=identity, set=name)
    return Place(name, entity)


def _observation(reply: Reply, identity: str) -> Entity:
    key = observations.split_identity(identity)
    if key is not None:
        (feature, parameter, period), time = key
        if (feature, parameter, period) in reply.catalogue.series:
            found = reply.store.range(
                [feature], [parameter], period, time, time + 1, as_of=reply.catalogue.revision
            )
            if found.num_rows:
                return observations.entity_of(found.to_pylist()[0])
    raise NotFoundError("sensorthings.no_entity", value=identity, set="Observations")


def _walk(reply: Reply, place: Place, name: str, identity: str | None, path: str) -> Place:
    """Follow a relation of one entity."""
    if place.entity is None or name not in RELATIONS[place.set]:
        raise NotFoundError("sensorthings.no_path", value=path)
    target, many = RELATIONS[place.set][name]
    if target == "Observations":
        if identity is None:
            return Place(target, scope=observations.scope_of(place.entity))
        return Place(target, _observation(reply, identity))
    listed = reply.catalogue.related(place.entity, name)
    if many and identity is None:
        return Place(target, listed=listed)
    wanted = [one for one in listed if identity in (None, one.id)]
    if not wanted:
        raise NotFoundError("sensorthings.no_entity", value=identity or name, set=target)
    return Place(target, wanted[0])


def _property(place: Place, steps: list[tuple[str, str | None]], path: str) -> Any:
    """Return a property, or with ``$value`` its bare value."""
    name, *rest = (name for name, _ in steps)
    if place.entity is None or rest not in ([], ["$value"]):
        raise NotFoundError("sensorthings.no_path", value=path)
    value = place.entity.id if name in IDENTITY else place.entity.values.get(name)
    return Bare(value) if rest else {name: value}


@dataclass(frozen=True, slots=True)
class Bare:
    """A value that is answered as it is, without a document around it."""

    value: Any


def _references(reply: Reply, place: Place, options: Options, path: str, query: str) -> Document:
    if place.entity is not None:
        return {"@iot.selfLink": self_link(reply, place.entity)}
    address = f"{reply.base}/{quote(path.strip('/'), safe=_SAFE + '$')}"
    page = collection(reply, place, replace(options, select=(), expand=()), address, query)
    page["value"] = [{"@iot.selfLink": one["@iot.selfLink"]} for one in page["value"]]
    return page


def collection(reply: Reply, place: Place, options: Options, address: str, query: str) -> Document:
    """Return one page of a set, with the link to the next one."""
    _check_select(place.set, options)
    if place.listed is None:
        members, total, more = _observation_page(reply, place.scope, options)
    else:
        members, total, more = _page(reply, place.listed, options)
    document: Document = {} if total is None else {"@iot.count": total}
    document["value"] = [render(reply, one, options) for one in members]
    if more:
        document["@iot.nextLink"] = next_link(address, query, options)
    return document


def _page(reply: Reply, listed: list[Entity], options: Options) -> tuple[list[Entity], int | None, bool]:
    where = options.where
    found = listed if where is None else [one for one in listed if holds(where, one, reply.catalogue)]
    for tree, down in reversed(options.order):
        found = sorted(found, key=lambda one: _first_key(tree, one, reply.catalogue), reverse=down)
    end = options.skip + options.size
    return found[options.skip : end], len(found) if options.count else None, len(found) > end


def _first_key(tree: Any, entity: Entity, catalogue: Catalogue) -> tuple[int, Any]:
    values = values_of(tree, entity, catalogue)
    return sort_key(values[0] if values else None)


def _observation_page(
    reply: Reply, scope: observations.Scope, options: Options
) -> tuple[list[Entity], int | None, bool]:
    if scope.series and observations.wants_newest(options) and not options.count:
        return [observations.newest(reply.catalogue.series[scope.series[0]])], None, True
    asked = observations.question(scope, options, reply.catalogue, extra=1)
    rows = reply.store.page(asked).to_pylist() if options.size else []
    total = reply.store.count(asked) if options.count else None
    return [observations.entity_of(row) for row in rows[: options.size]], total, len(rows) > options.size


def next_link(address: str, query: str, options: Options) -> str:
    """Return the address of the next page: the same query, further on."""
    kept = [part for part in query.split("&") if part and not part.startswith(("$skip=", "%24skip="))]
    return f"{address}?{'&'.join([*kept, f'$skip={options.skip + options.size}'])}"


def self_link(reply: Reply, entity: Entity) -> str:
    """Return the address of an entity."""
    identity = quote(entity.id.replace("'", "''"), safe=":,'")
    return f"{reply.base}/{entity.set}('{identity}')"


def render(reply: Reply, entity: Entity, options: Options) -> Document:
    """Return an entity as a document."""
    _check_select(entity.set, options)
    reply.spend(1)
    link = self_link(reply, entity)
    chosen = set(options.select)
    document: Document = {}
    if not chosen or chosen & set(IDENTITY):
        document["@iot.id"] = entity.id
    if not chosen or "@iot.selfLink" in chosen or chosen & set(IDENTITY):
        document["@iot.selfLink"] = link
    document.update({n: v for n, v in entity.values.items() if not chosen or n in chosen})
    expanded = {one.relation: one for one in options.expand}
    for relation in RELATIONS[entity.set]:
        if relation in expanded:
            document.update(_expanded(reply, entity, expanded[relation], f"{link}/{relation}"))
        elif not chosen or relation in chosen:
            document[f"{relation}@iot.navigationLink"] = f"{link}/{relation}"
    return document


def _expanded(reply: Reply, entity: Entity, expand: Expand, address: str) -> Document:
    relation, options = expand.relation, expand.options
    target, many = RELATIONS[entity.set][relation]
    if not many:
        found = reply.catalogue.related(entity, relation)
        return {relation: render(reply, found[0], options) if found else None}
    scope = observations.scope_of(entity)
    listed = None if target == "Observations" else reply.catalogue.related(entity, relation)
    page = collection(reply, Place(target, None, listed, scope), options, address, options.text)
    found_page: Document = {relation: page["value"]}
    for name in ("@iot.count", "@iot.nextLink"):
        if name in page:
            found_page[f"{relation}{name}"] = page[name]
    return found_page


def _check_select(name: str, options: Options) -> None:
    known = (*IDENTITY, "@iot.selfLink", *PROPERTIES[name], *RELATIONS[name])
    for chosen in options.select:
        if chosen not in known:
            raise InputError("sensorthings.no_property", value=chosen, expected=", ".join(known))
    for expand in options.expand:
        if expand.relation not in RELATIONS[name]:
            raise InputError(
                "sensorthings.no_property", value=expand.relation, expected=", ".join(RELATIONS[name])
            )
