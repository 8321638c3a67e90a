"""Manifests 电子转移联单: numbers, who may be a party, and what has to hold before waste leaves."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db import transaction

from huanzhi.ecocode.waste import approvals, licences
from huanzhi.ecocode.waste.codes import grams_of, parse
from huanzhi.ecocode.waste.models import Manifest
from huanzhi.ecocode.waste.settings import checked, manifests
from huanzhi.ecocode.waste.writing import enterprise_of, own_enterprise, require_party, serial, step, term
from huanzhi.errors import InputError
from huanzhi.library.enterprises.models import Enterprise
from huanzhi.library.records.changing import save
from huanzhi.library.rights import SYSTEM, Actor
from huanzhi.standards.periods import CHINA

Given = Mapping[str, Any]
MOST_LINES = 50


def next_number(generator: Enterprise, now: datetime) -> str:
    """Return the next number: year, province and city of the generator, serial of six digits."""
    place = f"{generator.region_id[:4]:0<4}"
    begun = f"{now.astimezone(CHINA):%Y}{place}"
    return f"{begun}{serial(f'manifest-{begun}'):06d}"


def parts_of(number: str) -> dict[str, str]:
    """Return the parts of a number.

    Raises
    ------
    InputError
        ``waste.manifest_number`` if it has not fourteen digits.
    """
    if len(number) != manifests()["number"]["digits"] or not number.isdecimal() or not number.isascii():
        raise InputError("waste.manifest_number", column="number", value=number)
    return {"year": number[:4], "province": number[4:6], "city": number[6:8], "serial": number[8:]}


def make(actor: Actor, given: Given, now: datetime) -> Manifest:
    """Fill in a manifest, for the actor's own enterprise as the generator.

    Parameters
    ----------
    given : mapping
        ``carrier``, ``receiver``, ``lines`` (``waste``, ``kg``, ``packaging``, ``pieces``), ``vehicle``,
        ``way``, ``continuous``, ``booking``, ``words``.

    Raises
    ------
    InputError
        If the receiver may not take it, the trip has a manifest, or an approval lacks.
    """
    generator = own_enterprise(actor, given.get("generator", ""))
    require_party(actor, generator, manifests()["party"]["generator"]["zh"])
    return _made(actor, generator, given, now)


def _made(actor: Actor, generator: Enterprise, given: Given, now: datetime, **more: Any) -> Manifest:
    carrier = enterprise_of(actor, given["carrier"], "carrier")
    receiver = enterprise_of(actor, given["receiver"], "receiver")
    lines = lines_of(given["lines"])
    day = more.get("happened", now).astimezone(CHINA).date()
    licences.takes(receiver, [line["waste"] for line in lines], day)
    licences.carries(carrier, receiver, day)
    way = checked("way", given.get("way") or "transfer", "way")
    with transaction.atomic():
        vehicle = str(given.get("vehicle") or "").strip()[:20]
        licences.drives(carrier, vehicle, day)
        category = ",".join(sorted({parse(line["waste"]).category for line in lines}))[:40]
        if not more.get("paper"):
            _trip_free(generator, vehicle, category)
        approval = approvals.needed(generator, receiver, lines, way, day)
        fields: dict[str, Any] = {"happened": now, **more}
        made = Manifest(
            number=next_number(generator, now),
            generator=generator,
            carrier=carrier,
            receiver=receiver,
            category=category,
            vehicle=vehicle,
            lines=lines,
            way=way,
            approval=approval,
            continuous=bool(given.get("continuous")),
            booking=given.get("booking", ""),
            words=given.get("words", ""),
            made=now,
            steps=[step(actor, "fill", now, party="generator")],
            simulated=generator.simulated,
            **fields,
        )
        save(actor, made, "fill")
    return made


def by_booking(generator: Enterprise, given: Given, now: datetime) -> Manifest:
    """Fill in and dispatch the manifest of a pick-up that the generator has booked.

    The booking is the generator's own word; the trip of a route has one manifest for each firm and class.
    """
    made = _made(SYSTEM, generator, given, now, dispatched=now)
    made.state = "dispatched"
    made.steps = [*made.steps, step(SYSTEM, "dispatch", now, str(given["booking"]), party="generator")]
    save(SYSTEM, made, "dispatch")
    return made


def lines_of(given: Sequence[Given]) -> list[dict[str, Any]]:
    """Return checked lines, numbered, amounts in grams."""
    if not given or len(given) > MOST_LINES:
        raise InputError("waste.lines", column="lines", value=len(given), most=MOST_LINES)
    made = []
    for number, line in enumerate(given, 1):
        grams = grams_of(line["kg"])
        if grams <= 0:
            raise InputError("waste.amount", column="kg", value=line["kg"])
        made.append(
            {
                "line": number,
                "waste": str(parse(line["waste"])),
                "packaging": checked("packaging", line.get("packaging") or "drum", "packaging"),
                "pieces": int(line.get("pieces") or 1),
                "told": grams,
                "loaded": None,
                "received": None,
            }
        )
    return made


def _trip_free(generator: Enterprise, vehicle: str, category: str) -> None:
    """Refuse a second manifest for the same trip and classes while the first is not over."""
    if not vehicle:
        return
    open_states = [name for name, row in manifests()["state"].items() if row["open"]]
    held = Manifest.objects.filter(
        generator=generator, vehicle=vehicle, category=category, state__in=open_states
    ).first()
    if held is not None:
        raise InputError("waste.trip_taken", column="vehicle", value=vehicle, number=held.number)


def backfill(actor: Actor, given: Given, now: datetime) -> Manifest:
    """Enter a paper manifest afterwards: it is delivered already; late where the term is over.

    Parameters
    ----------
    given : mapping
        As of `make`, with ``happened``, ``paper_number`` and ``paper_reason``, why there was a paper.

    Raises
    ------
    InputError
        As `make`; ``waste.future`` if it happened after now; ``waste.paper_taken`` for a paper that is there.
    """
    generator = own_enterprise(actor, given.get("generator", ""))
    require_party(actor, generator, manifests()["party"]["generator"]["zh"])
    happened: datetime = given["happened"]
    if happened > now:
        raise InputError("waste.future", column="happened", value=happened.isoformat())
    due, _ = term(manifests()["terms"]["paper"], happened)
    confirm_due, note = term(manifests()["terms"]["confirm"], now)
    paper = _paper(generator, given)
    late = due is not None and now > due
    with transaction.atomic():
        more = {"happened": happened, "paper": True, "paper_late": late, "paper_due": due, **paper}
        made = _made(actor, generator, given, now, **more)
        made.lines = [{**line, "loaded": line["told"]} for line in made.lines]
        made.state, made.dispatched, made.delivered = "delivered", happened, happened
        made.confirm_due, made.confirm_note = confirm_due, note
        made.steps = [*made.steps, step(actor, "backfill", now, paper["paper_reason"], party="generator")]
        save(actor, made, "backfill")
        _enter_paper(made, now)
    return made


def _paper(generator: Enterprise, given: Given) -> dict[str, str]:
    """Return number of and reason for a paper; one paper is entered once."""
    found = {}
    for name, most in (("paper_number", 40), ("paper_reason", 500)):
        found[name] = str(given.get(name) or "").strip()[:most]
        if not found[name]:
            raise InputError("waste.missing", column=name)
    papers = Manifest.objects.filter(generator=generator, paper_number=found["paper_number"])
    held = papers.exclude(state="void").first()
    if held is not None:
        raise InputError(
            "waste.paper_taken", column="paper_number", value=held.paper_number, number=held.number
        )
    return found


def _enter_paper(made: Manifest, now: datetime) -> None:
    from huanzhi.ecocode.waste import findings, ledgers

    day = made.happened.astimezone(CHINA).date()
    for line in made.lines:
        ledgers.by_manifest(made, made.generator, "transferred", day, line, line["loaded"], now)
    if made.paper_late:
        findings.of_manifest(made, "paper_late", now)
