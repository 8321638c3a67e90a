"""Findings 异常: what does not fit, kept while it stands; occurrences and issues are made of them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.db import transaction

from huanzhi.ecocode.waste.models import Finding, Manifest
from huanzhi.ecocode.waste.settings import manifests, settings
from huanzhi.errors import InputError
from huanzhi.library.enterprises.models import Enterprise
from huanzhi.library.records.changing import save
from huanzhi.library.rights import SYSTEM, Actor, require, thing_of
from huanzhi.standards.periods import CHINA


@dataclass(frozen=True, slots=True)
class Found:
    """Something that does not fit, as of a day.

    Attributes
    ----------
    source : str
        What it is of: a number of a manifest, ``WASTE@DAY``, a plan.
    """

    enterprise: Enterprise
    sort: str
    source: str
    day: date
    waste: str = ""
    facts: Mapping[str, Any] = field(default_factory=dict)
    confidence: str = ""

    @property
    def code(self) -> str:
        """Return what names it."""
        return f"{self.sort}/{self.enterprise.code}/{self.source}"[:120]


def note(found: Found) -> Finding:
    """Keep a finding; what is known is left as it is, but for its figures."""
    held = Finding.objects.filter(code=found.code).first()
    if held is not None and held.until is None and held.facts == dict(found.facts):
        return held
    made = held or Finding(
        code=found.code,
        enterprise=found.enterprise,
        sort=found.sort,
        source=found.source[:100],
        waste=found.waste,
        day=found.day,
        simulated=found.enterprise.simulated,
    )
    made.facts, made.until = dict(found.facts), None
    made.confidence = found.confidence[:200]
    save(SYSTEM, made, found.sort)
    return made


def renew(sorts: Iterable[str], found: Iterable[Found], day: date) -> dict[str, int]:
    """Keep what is found of some sorts, and end what is not found any more.

    It may be done again at any time.
    """
    wanted, seen, new = set(sorts), set[str](), 0
    known = set(Finding.objects.filter(sort__in=wanted, until__isnull=True).values_list("code", flat=True))
    with transaction.atomic():
        for one in found:
            if one.code not in seen:
                seen.add(one.code)
                new += one.code not in known
                note(one)
        ended = 0
        for row in Finding.objects.filter(sort__in=wanted, until__isnull=True).order_by("pk"):
            if row.code not in seen:
                row.until = max(day, row.day)
                save(SYSTEM, row, "over")
                ended += 1
    return {"standing": len(seen), "new": new, "ended": ended}


def of_manifest(manifest: Manifest, sort: str, now: datetime) -> Finding:
    """Keep what does not fit of a manifest."""
    facts: dict[str, Any] = {"manifest": manifest.number, "receiver": manifest.receiver.name}
    if manifest.difference:
        facts["lines"] = manifest.difference
        worst = max(manifest.difference, key=lambda line: abs(line["gap_kg"]))
        facts |= {
            name: worst[name] for name in ("waste", "loaded_kg", "received_kg", "gap_kg", "tolerance_kg")
        }
    waste = facts.get("waste") or manifest.lines[0]["waste"]
    confidence = settings()["difference"]["confidence"] if manifest.difference else _confidence(sort)
    day = now.astimezone(CHINA).date()
    return note(Found(manifest.generator, sort, manifest.number, day, waste, facts, confidence))


def _confidence(sort: str) -> str:
    return str(
        manifests()["terms"]["paper"]["confidence"]
        if sort == "paper_late"
        else manifests()["rule"]["confidence"]
    )


def settle(actor: Actor, finding: Finding, words: str, now: datetime) -> Finding:
    """Say that a finding of a manifest is settled, and how; by the office.

    Raises
    ------
    InputError
        ``waste.ends_itself`` for what follows from ledgers, plans and stores.
    """
    if not finding.sort.startswith(("manifest_", "paper_")) or finding.sort == "manifest_unconfirmed":
        raise InputError("waste.ends_itself", value=finding.code)
    if not words.strip():
        raise InputError("waste.missing", column="words")
    if finding.until is not None:
        raise InputError("waste.not_now", value=finding.code)
    require(actor, "approve", thing_of(finding))
    finding.until = max(now.astimezone(CHINA).date(), finding.day)
    finding.facts = {**finding.facts, "settled": words.strip()[:1000], "settled_by": actor.name or actor.code}
    save(actor, finding, words)
    return finding
