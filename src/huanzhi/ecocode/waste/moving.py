"""Moves of manifests 联单流转: each party takes its own steps; a difference becomes a finding."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction

from huanzhi.ecocode.waste import approvals, findings, ledgers, licences
from huanzhi.ecocode.waste.codes import grams_of, kilograms
from huanzhi.ecocode.waste.models import Manifest
from huanzhi.ecocode.waste.settings import manifests, settings
from huanzhi.ecocode.waste.writing import acts_for, require_party, step, term
from huanzhi.errors import InputError
from huanzhi.library.enterprises.models import Enterprise
from huanzhi.library.records.changing import save
from huanzhi.library.rights import SYSTEM, Actor, may, thing_of
from huanzhi.messages import Language, language
from huanzhi.standards.periods import CHINA

Given = Mapping[str, Any]
Lines = list[dict[str, Any]]


def party_of(manifest: Manifest, name: str) -> Enterprise:
    """Return generator, carrier or receiver."""
    found: Enterprise = getattr(manifest, name)
    return found


def party_word(name: str, told: Language | None = None) -> str:
    """Return what a party is called."""
    return str(manifests()["party"][name][told or language()])


def move(actor: Actor, manifest: Manifest, name: str, given: Given, now: datetime) -> Manifest:
    """Take a step of the table ``[move]``.

    Parameters
    ----------
    given : mapping
        ``words``, ``vehicle``, and ``amounts``: line → kilograms, where the step tells amounts.

    Raises
    ------
    InputError
        If it is another party's step, not the time for it, or something is missing.
    """
    row = manifests()["move"].get(name)
    if row is None:
        raise InputError("waste.choice", column="move", value=name)
    with transaction.atomic():
        held = Manifest.objects.select_for_update(of=("self",)).get(pk=manifest.pk)
        if held.revision != manifest.revision:
            raise InputError("records.stale", value=held.number)
        require_party(actor, party_of(held, row["by"]), party_word(row["by"]))
        if held.state not in row["from"]:
            raise InputError("waste.not_now", value=held.number)
        for field in row["needs"]:
            if not str(given.get(field) or getattr(held, field, "") or "").strip():
                raise InputError("waste.missing", column=field)
        if row.get("amount"):
            held.lines = weighed(held.lines, row["amount"], given.get("amounts") or {})
        _EFFECTS.get(name, _nothing)(actor, held, given, now)
        held.state = row["to"]
        held.steps = [*held.steps, step(actor, name, now, str(given.get("words", "")), party=row["by"])]
        save(actor, held, name)
        _AFTER.get(name, _nothing)(actor, held, given, now)
    return held


def weighed(lines: Lines, name: str, amounts: Mapping[str, float]) -> Lines:
    """Return the lines with the amounts that were weighed; what was not weighed is as it was told before."""
    before = {"loaded": "told", "received": "loaded"}[name]
    made = []
    for line in lines:
        given = amounts.get(str(line["line"]))
        grams = line[before] if given is None else grams_of(given)
        if grams < 0:
            raise InputError("waste.amount", column="kg", value=given)
        made.append({**line, name: grams})
    return made


def _nothing(actor: Actor, manifest: Manifest, given: Given, now: datetime) -> None:
    """Change nothing but the state."""


def _dispatched(actor: Actor, manifest: Manifest, given: Given, now: datetime) -> None:
    manifest.dispatched = now


def _taken(actor: Actor, manifest: Manifest, given: Given, now: datetime) -> None:
    day = now.astimezone(CHINA).date()
    manifest.vehicle = str(given.get("vehicle") or manifest.vehicle).strip()[:20]
    licences.takes(manifest.receiver, [line["waste"] for line in manifest.lines], day)
    licences.carries(manifest.carrier, manifest.receiver, day)
    licences.drives(manifest.carrier, manifest.vehicle, day)


def _booked_out(actor: Actor, manifest: Manifest, given: Given, now: datetime) -> None:
    """Enter what was loaded as transferred; an approval must leave as much."""
    approvals.require_left(manifest)
    if manifest.continuous:
        return
    day = now.astimezone(CHINA).date()
    for line in manifest.lines:
        ledgers.by_manifest(manifest, manifest.generator, "transferred", day, line, line["loaded"], now)


def _delivered(actor: Actor, manifest: Manifest, given: Given, now: datetime) -> None:
    manifest.delivered = now
    manifest.confirm_due, manifest.confirm_note = term(manifests()["terms"]["confirm"], now)


def _accepted(actor: Actor, manifest: Manifest, given: Given, now: datetime) -> None:
    manifest.confirmed = now
    manifest.difference = differences(manifest.lines)


def _accepted_part(actor: Actor, manifest: Manifest, given: Given, now: datetime) -> None:
    if all(line["received"] >= line["loaded"] for line in manifest.lines):
        raise InputError("waste.whole", column="amounts")
    manifest.confirmed = now


def _refused(actor: Actor, manifest: Manifest, given: Given, now: datetime) -> None:
    manifest.confirmed = now
    manifest.lines = [{**line, "received": 0} for line in manifest.lines]


def differences(lines: Lines) -> Lines:
    """Return the lines whose amounts differ beyond the tolerance between loading and receipt."""
    table = settings()["difference"]
    found = []
    for line in lines:
        gap = line["received"] - line["loaded"]
        tolerance = max(float(table["share"]) * line["loaded"], table["least_kg"] * 1000)
        if abs(gap) > tolerance:
            told = {name: kilograms(line[name]) for name in ("told", "loaded", "received")}
            found.append(
                {
                    "line": line["line"],
                    "waste": line["waste"],
                    **{f"{name}_kg": value for name, value in told.items()},
                    "gap_kg": kilograms(gap),
                    "tolerance_kg": round(tolerance / 1000, 3),
                }
            )
    return found


def _booked_in(actor: Actor, manifest: Manifest, given: Given, now: datetime) -> None:
    """Enter what was received, return what was not taken, and say what does not fit."""
    day = now.astimezone(CHINA).date()
    for line in manifest.lines:
        if not manifest.continuous and line["received"]:
            ledgers.by_manifest(manifest, manifest.receiver, "received", day, line, line["received"], now)
        back = line["loaded"] - line["received"]
        if manifest.state in ("accepted_part", "refused") and back > 0:
            ledgers.take_back(manifest, line, back, now)
    if manifest.difference:
        findings.of_manifest(manifest, "manifest_difference", now)
        _notice(manifest, now)
    elif manifest.state == "refused":
        findings.of_manifest(manifest, "manifest_refused", now)
        _notice(manifest, now)


def _notice(manifest: Manifest, now: datetime) -> None:
    """Tell the generator and the department of the receiver's place, as the rule asks, in the timeline."""
    words = "；".join(manifests()["rule"]["mismatch"])
    manifest.steps = [*manifest.steps, step(SYSTEM, "notice", now, words)]
    save(SYSTEM, manifest, "notice")


_EFFECTS = {
    "dispatch": _dispatched,
    "take": _taken,
    "deliver": _delivered,
    "accept": _accepted,
    "accept_part": _accepted_part,
    "refuse": _refused,
}
_AFTER = {"take": _booked_out, "accept": _booked_in, "accept_part": _booked_in, "refuse": _booked_in}


def allowed(actor: Actor, manifest: Manifest) -> list[str]:
    """Return the steps that somebody may take now."""
    if not may(actor, "change", thing_of(manifest)).allowed:
        return []
    return [
        name
        for name, row in manifests()["move"].items()
        if manifest.state in row["from"] and acts_for(actor, party_of(manifest, row["by"]))
    ]


def continuous_day(actor: Actor, manifest: Manifest, given: Given, now: datetime) -> Manifest:
    """Enter the amount of a day of a continuous transfer: what left, or what came, by whose people tell it.

    Raises
    ------
    InputError
        If the manifest is no continuous one or not under way, or the actor is of neither side.
    """
    with transaction.atomic():
        held = Manifest.objects.select_for_update(of=("self",)).get(pk=manifest.pk)
        if not held.continuous or held.state not in ("dispatched", "moving", "delivered"):
            raise InputError("waste.not_now", value=held.number)
        sides = (("generator", "transferred"), ("receiver", "received"))
        mine = [one for one in sides if acts_for(actor, party_of(held, one[0])) and actor != SYSTEM]
        if not mine:
            raise InputError("waste.not_your_step", owner=held.number, party=party_word("generator"))
        if given["day"] > now.astimezone(CHINA).date():
            raise InputError("waste.future", column="day", value=given["day"].isoformat())
        party, kind = mine[0]
        grams = grams_of(given["kg"])
        ledgers.by_manifest(held, party_of(held, party), kind, given["day"], held.lines[0], grams, now)
        held.steps = [*held.steps, step(actor, "day", now, f"{given['day']} {given['kg']} kg", party=party)]
        save(actor, held, "day")
    return held
