"""Drafting a key-polluter list 名录初稿: screening by quantity, fixed criteria by rulebook, changes by hand.

Quantities are those that the monitors gave in any of the last years; who has none is unknown and counted so.
Everything else is told in ``attributes.key_unit`` of the enterprise, by the names of the rulebooks.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import date, datetime
from fractions import Fraction
from typing import Any

from django.db import transaction

from huanzhi import rules
from huanzhi.assess.emission.amounts import TONNE, tonnes
from huanzhi.assess.emission.screening import leading
from huanzhi.ecocode.permits.models import KeyEntry, KeyList, MonthAmount
from huanzhi.ecocode.permits.settings import checked, settings
from huanzhi.errors import InputError
from huanzhi.library.enterprises.models import Enterprise
from huanzhi.library.places.models import Region
from huanzhi.library.records.bulk import save_all
from huanzhi.library.records.changing import save
from huanzhi.library.rights import Actor
from huanzhi.library.rulebooks import holding

SCREENED = ("water", "air")
Screening = dict[str, Any]


def draft(actor: Actor, region: Region, year: int, now: datetime) -> KeyList:
    """Draft the list of a year by the rulebooks; a draft that is there is drafted anew, entries by hand stay.

    Raises
    ------
    InputError
        If the list is past its draft, or the actor may not.
    """
    rows = KeyList.objects.select_related("region")
    held = rows.filter(region=region, year=year).first() or KeyList(
        code=f"{region.code}-{year}", region=region, year=year, simulated=region.simulated
    )
    if held.state != "draft":
        raise InputError("permits.not_now", value=held.code)
    enterprises = list(_of_region(region))
    screened = {name: screening(region, year, name) for name in SCREENED}
    day = date(year, 1, 1)
    with transaction.atomic():
        held.drafted_by, held.found = actor.code, {"screening": screened, "enterprises": len(enterprises)}
        step(held, actor, "draft", "", now)
        save(actor, held)
        _enter(actor, held, enterprises, screened, day)
    return held


def _of_region(region: Region) -> Any:
    rows = Enterprise.objects.filter(region__path__startswith=region.path).exclude(status="closed")
    return rows.select_related("region", "organisation").order_by("code")


def screening(region: Region, year: int, category: str) -> Screening:
    """Return for each parameter of a class and each of the last years who is within the share.

    The years are those before `year`; of a year that nobody measured nothing is known.
    """
    rule = settings()["key_list"]
    years = range(year - rule["years"], year)
    rows = MonthAmount.objects.filter(
        outlet__region__path__startswith=region.path, year__in=list(years), parameter__in=rule[category]
    )
    masses: dict[tuple[str, int], dict[str, int]] = defaultdict(lambda: defaultdict(int))
    for row in rows.select_related("outlet__enterprise"):
        masses[row.parameter, row.year][row.outlet.enterprise.code] += row.measured + row.substituted
    found = [
        _screened(parameter, one, masses.get((parameter, one), {}))
        for parameter in rule[category]
        for one in years
    ]
    return {"share": rule["share"], "tables": found, "confidence": rule["confidence"]}


def _screened(parameter: str, year: int, masses: Mapping[str, int]) -> dict[str, Any]:
    amounts = {code: Fraction(mass, TONNE) for code, mass in masses.items()}
    places = leading(amounts, Fraction(settings()["key_list"]["share"]))
    return {
        "parameter": parameter,
        "year": year,
        "known": len(places),
        "total": str(tonnes(sum(masses.values()))),
        "leading": [
            {
                "enterprise": one.code,
                "tonnes": str(tonnes(masses[one.code])),
                "rank": one.rank,
                "cumulative": f"{float(one.cumulative) * 100:.2f}",
            }
            for one in places
            if one.leading
        ],
    }


def _enter(
    actor: Actor,
    held: KeyList,
    enterprises: Iterable[Enterprise],
    screened: Mapping[str, Screening],
    day: date,
) -> None:
    inside = {name: reached(table) for name, table in screened.items()}
    known = {(one.enterprise_id, one.category): one for one in KeyEntry.objects.filter(key_list=held)}
    changed: list[KeyEntry] = []
    books = {
        name: holding.in_force(f"key_unit_{name}", day, held.region_id) for name in settings()["category"]
    }
    for enterprise in enterprises:
        for category, book in books.items():
            answer = _asked(book, enterprise, category, inside)
            entry = known.get((enterprise.pk, category))
            listed = answer.outputs["result"] == "yes"
            if (entry is None and not listed) or (entry is not None and entry.by_hand):
                continue
            entry = entry or _entry(held, enterprise, category)
            entry.inside, entry.reasons = listed, [answer.as_dict()]
            changed.append(entry)
    save_all(actor, changed)


def reached(table: Screening) -> dict[str, bool]:
    """Return enterprise → True for everybody who was within the share of anything in any year."""
    return {one["enterprise"]: True for each in table["tables"] for one in each["leading"]}


def _asked(
    book: rules.Rulebook, enterprise: Enterprise, category: str, inside: Mapping[str, Mapping[str, bool]]
) -> rules.Result:
    names = {field.name for field in book.inputs}
    told = enterprise.attributes.get("key_unit", {})
    inputs = {name: value for name, value in told.items() if name in names and name != "screened"}
    if category in inside and enterprise.code in inside[category]:
        inputs["screened"] = True
    return rules.evaluate(book, inputs)


def _entry(held: KeyList, enterprise: Enterprise, category: str) -> KeyEntry:
    return KeyEntry(
        code=f"{held.code}.{enterprise.code}.{category}",
        key_list=held,
        enterprise=enterprise,
        category=category,
        simulated=enterprise.simulated,
    )


def set_by_hand(
    actor: Actor, held: KeyList, enterprise: Enterprise, category: str, inside: bool, words: str
) -> KeyEntry:
    """Put an enterprise into a class, or take it out, with a reason; the rulebook no longer changes it.

    Raises
    ------
    InputError
        If the list is published, or there is no reason.
    """
    if held.state == "published":
        raise InputError("permits.not_now", value=held.code)
    if not words.strip():
        raise InputError("permits.words", column="words")
    checked("category", category, "category")
    rows = KeyEntry.objects.select_related("enterprise__region", "enterprise__organisation")
    found = rows.filter(key_list=held, enterprise=enterprise, category=category).first()
    entry = found or _entry(held, enterprise, category)
    entry.inside, entry.by_hand, entry.words = inside, True, words.strip()[:1000]
    entry.sensitivity = held.sensitivity
    save(actor, entry, entry.words)
    return entry


def step(held: KeyList, actor: Actor, name: str, words: str, now: datetime) -> None:
    """Write a step into the history of a list."""
    held.steps = [*held.steps, {"at": now.isoformat(), "by": actor.code, "step": name, "words": words}]
