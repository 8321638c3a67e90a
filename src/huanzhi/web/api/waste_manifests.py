"""Manifests 转移联单: each party takes its own steps; a paper one is entered afterwards, with its proofs."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from ninja import File, Query, Router
from ninja.files import UploadedFile
from pydantic import Field

from huanzhi.ecocode.waste import manifests, moving, proofs
from huanzhi.ecocode.waste.codes import described, kilograms
from huanzhi.ecocode.waste.listing import MANIFESTS
from huanzhi.ecocode.waste.models import Entry, Manifest
from huanzhi.ecocode.waste.settings import manifests as table
from huanzhi.ecocode.waste.settings import settings
from huanzhi.library.kept import read
from huanzhi.library.rights import Actor, mask
from huanzhi.web.api.actors import actor
from huanzhi.web.api.lists import Page, Paging, answer, begun_from, document, filters
from huanzhi.web.api.papers import fingerprinted
from huanzhi.web.api.waste_reading import found, now, rows_of
from huanzhi.web.api.waste_shapes import (
    WasteDayIn,
    WasteManifestIn,
    WasteManifestMoveIn,
    WasteOut,
    WastePaperIn,
    WasteToldOut,
    in_china,
)

router = Router(tags=["waste"])
ManifestFilters = filters(
    "WasteManifestFilters",
    MANIFESTS.columns,
    enterprise=(str | None, Field(None, max_length=18, description="code of any of the three parties")),
    open=(bool | None, Field(None, description="not over yet")),
    late=(bool | None, Field(None, description="delivered and not confirmed in time")),
)


@router.get("waste/manifests", response=Page[dict[str, Any]], operation_id="list_waste_manifests")
def list_manifests(
    request: HttpRequest,
    paging: Query[Paging],
    wanted: Query[ManifestFilters],  # type: ignore[valid-type]
) -> HttpResponse:
    """List the manifests in which the reader is a party, or of its region; the newest first."""
    asked = wanted.model_dump(exclude_none=True)  # type: ignore[attr-defined]
    rows = rows_of(request, MANIFESTS)
    if code := asked.pop("enterprise", None):
        clean = code.replace("\x00", "")
        rows = (
            rows.filter(generator__code=clean)
            | rows.filter(carrier__code=clean)
            | rows.filter(receiver__code=clean)
        )
    if (is_open := asked.pop("open", None)) is not None:
        rows = rows.filter(
            state__in=[name for name, row in table()["state"].items() if row["open"] == is_open]
        )
    if asked.pop("late", False):
        rows = rows.filter(state="delivered", confirm_due__lt=now())
    paging.sort = paging.sort or "-number"
    return answer(request, MANIFESTS, rows, paging, asked, _row)


def _row(record: Any) -> dict[str, Any]:
    row = MANIFESTS.row(record)
    for name in ("told", "loaded", "received"):
        amounts = [line[name] for line in record.lines if line[name] is not None]
        row[f"{name}_kg"] = kilograms(sum(amounts)) if amounts else None
    row["differs"] = bool(record.difference)
    return row


@router.post("waste/manifests", response={201: WasteOut}, operation_id="fill_waste_manifest")
def fill(request: HttpRequest, given: WasteManifestIn) -> HttpResponse:
    """Fill in a manifest; one's own enterprise is the generator."""
    made = manifests.make(actor(request), given.model_dump(), now())
    return document(request, shown(actor(request), made), 201)


@router.post("waste/manifests/paper", response={201: WasteOut}, operation_id="backfill_waste_manifest")
def backfill(request: HttpRequest, given: WastePaperIn) -> HttpResponse:
    """Enter a paper manifest afterwards; late where ten working days are over."""
    told = given.model_dump() | {"happened": in_china(given.happened)}
    made = manifests.backfill(actor(request), told, now())
    return document(request, shown(actor(request), made), 201)


@router.post(
    "waste/manifests/{number}/proofs", response={201: WasteToldOut}, operation_id="attach_waste_proof"
)
def attach(request: HttpRequest, number: str, file: File[UploadedFile]) -> HttpResponse:
    """Attach a file that proves a paper manifest; it is hashed on arrival and never changed."""
    manifest = _found(request, number)
    made = proofs.attach(actor(request), manifest, file.read(), file.name or "", now())
    return document(request, proofs.told(made), 201)


@router.get("waste/manifests/{number}/proofs/{proof}", operation_id="get_waste_proof")
def get_proof(request: HttpRequest, number: str, proof: int) -> HttpResponse:
    """Return the bytes of a proof, checked against its digest."""
    held = proofs.one(_found(request, number), proof)
    return fingerprinted(read(held), "", held.name, held.sm3)


@router.get("waste/manifests/{number}", response=WasteOut, operation_id="get_waste_manifest")
def get_manifest(request: HttpRequest, number: str) -> HttpResponse:
    """Return a manifest with its parties, lines, terms, difference, timeline and the steps I may take."""
    return document(request, shown(actor(request), _found(request, number)))


@router.post("waste/manifests/{number}/moves", response=WasteOut, operation_id="move_waste_manifest")
def take_step(request: HttpRequest, number: str, given: WasteManifestMoveIn) -> HttpResponse:
    """Take a step as the party whose step it is."""
    manifest = _found(request, number)
    begun_from(request, manifest)
    moving.move(actor(request), manifest, given.move, given.model_dump(exclude={"move"}), now())
    return document(request, shown(actor(request), _found(request, number)))


@router.post("waste/manifests/{number}/days", response=WasteOut, operation_id="enter_waste_manifest_day")
def enter_day(request: HttpRequest, number: str, given: WasteDayIn) -> HttpResponse:
    """Enter the amount of a day of a continuous transfer, on one's own side."""
    manifest = _found(request, number)
    begun_from(request, manifest)
    moving.continuous_day(actor(request), manifest, given.model_dump(), now())
    return document(request, shown(actor(request), _found(request, number)))


def _found(request: HttpRequest, number: str) -> Manifest:
    row: Manifest = found(request, MANIFESTS, number)
    return row


def shown(who: Actor, manifest: Manifest) -> dict[str, Any]:
    """Return a manifest as it is shown."""
    names = ("told", "loaded", "received")
    lines = [
        {
            **line,
            **{f"{name}_kg": kilograms(line[name]) for name in names},
            "name": described(line["waste"])["name"],
            "properties": described(line["waste"])["properties"],
        }
        for line in manifest.lines
    ]
    rule = table()["rule"]
    late = manifest.state == "delivered" and manifest.confirm_due is not None and manifest.confirm_due < now()
    return {
        **mask(who, manifest, MANIFESTS.row(manifest)),
        "lines": lines,
        "parts": manifests.parts_of(manifest.number),
        "part_names": table()["number"]["parts"],
        "difference": manifest.difference,
        "tolerance": dict(settings()["difference"]),
        "mismatch": rule["mismatch"],
        "rule": {
            name: rule[name] for name in ("title", "number", "confidence", "states_confidence", "basis_note")
        },
        "terms": dict(table()["terms"]),
        "confirm_note": manifest.confirm_note,
        "late": late,
        "way": manifest.way,
        "words": manifest.words,
        "approval": manifest.approval.number if manifest.approval else None,
        "steps": manifest.steps,
        "proofs": [proofs.told(one) for one in manifest.proofs.all()],
        "may_attach": proofs.may_attach(who, manifest),
        "days": _days(manifest) if manifest.continuous else [],
        "moves": [
            {
                "name": name,
                **{word: table()["move"][name].get(word) for word in ("zh", "en", "needs", "amount", "by")},
            }
            for name in moving.allowed(who, manifest)
        ],
    }


def _days(manifest: Manifest) -> list[dict[str, Any]]:
    """Return the days of a continuous transfer, both sides beside each other."""
    days: dict[str, dict[str, Any]] = {}
    rows = Entry.objects.filter(manifest=manifest.number).order_by("day", "pk")
    for row in rows.values("day", "kind", "grams"):
        side = days.setdefault(
            row["day"].isoformat(), {"day": row["day"].isoformat(), "transferred": 0, "received": 0}
        )
        side[row["kind"]] += row["grams"]
    return [
        {
            "day": one["day"],
            "sent_kg": kilograms(one["transferred"]),
            "received_kg": kilograms(one["received"]),
        }
        for one in days.values()
    ]
