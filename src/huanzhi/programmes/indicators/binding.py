"""Binding 目标绑定: an accepted item becomes a target once a person says which indicator it means.

The likely indicators are offered by name; none is taken without a person. The target keeps where it is
written: document, quote, place in the text, digest.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from huanzhi.center.plans.models import Document, Item
from huanzhi.errors import InputError
from huanzhi.library.indicators import names, registry, targets
from huanzhi.library.indicators.models import Target
from huanzhi.library.indicators.registry import Definition
from huanzhi.library.indicators.targets import Wanted
from huanzhi.library.indicators.units import converted
from huanzhi.library.rights import Actor, require, thing_of
from huanzhi.programmes.indicators.citing import Written
from huanzhi.programmes.indicators.matching import Told, obstacle, year_of


def desk(document: Document) -> list[dict[str, Any]]:
    """Return the targets of a document with what each can mean, what hinders, and what it is bound to."""
    rows = Item.objects.filter(document=document, sort="target").order_by("place")
    bound = {row.item: row for row in Target.objects.filter(item__startswith=f"{document.number}-")}
    known = list(registry.definitions().values())
    return [_offer(item, known, bound.get(item.code)) for item in rows]


def offered(item: Item) -> list[dict[str, Any]]:
    """Return the indicators that an item can mean, the likeliest first."""
    return list(_offer(item, list(registry.definitions().values()), None)["candidates"])


def _offer(item: Item, known: list[Definition], bound: Target | None) -> dict[str, Any]:
    offered = [
        {
            "code": one.definition.code,
            "name": one.definition.name.text(),
            "unit": one.definition.unit,
            "likeness": round(one.likeness, 2),
            "same": one.same,
            "unit_fits": _fits(item.told, one.definition),
        }
        for one in names.candidates(item.words, known)
    ]
    return {
        "place": item.place,
        "code": item.code,
        "words": item.words,
        "told": item.told,
        "quote": item.quote,
        "start": item.start,
        "end": item.end,
        "review": item.review,
        "revision": item.revision,
        "obstacle": obstacle(_full(item), item.review),
        "candidates": offered,
        "target": bound.number if bound else None,
        "indicator": bound.indicator if bound else None,
    }


def _full(item: Item) -> Told:
    """Return an item as it stands after the review, with what of it is still damaged."""
    return {**item.told, "damaged": [name for name in item.damaged.split(",") if name]}


def _fits(told: Told, definition: Definition) -> bool:
    try:
        converted(Decimal(1), str(told.get("unit") or definition.unit), definition.unit)
    except InputError:
        return False
    return True


@dataclass(frozen=True, slots=True)
class Choice:
    """What a person says when he binds an item."""

    indicator: str
    region: str = ""
    organisation: str = ""
    data_region: str = ""
    base_year: int | None = None
    base_value: str = ""
    parent: str = ""
    weight: str = ""


def bind(actor: Actor, item: Item, choice: Choice, now: datetime) -> Target:
    """Make a target of an accepted item.

    Raises
    ------
    InputError
        If it cannot be bound, is bound already, its unit does not fit, or the actor may not.
    """
    require(actor, "read", thing_of(item))
    if item.sort != "target":
        raise InputError("indicators.bind_not_target", value=item.code)
    told = _full(item)
    if why := obstacle(told, item.review):
        raise InputError("indicators.bind_no", value=item.code, why=why)
    if Target.objects.filter(item=item.code, state="active").exists():
        raise InputError("indicators.bind_twice", value=item.code)
    document = item.document
    written = Written(
        document.number, document.title, document.sha256, item.quote, item.start, item.end, item.code
    )
    wanted = Wanted(
        choice.indicator,
        choice.region or document.region.pk,
        int(year_of(told) or 0),
        str(told["op"]),
        str(told["value"]),
        str(told.get("unit") or ""),
        upper=_plain(told.get("upper")),
        stretch=_plain(told.get("stretch")),
        organisation=choice.organisation,
        data_region=choice.data_region,
        parent=choice.parent,
        weight=choice.weight,
        base_year=choice.base_year,
        base_value=choice.base_value,
        item=item.code,
        basis={**written.as_dict(), "name": document.name, "confirmed_by": actor.code},
    )
    return targets.make(actor, wanted, now, simulated=document.simulated)


def _plain(value: object) -> str:
    return "" if value is None else str(value)
