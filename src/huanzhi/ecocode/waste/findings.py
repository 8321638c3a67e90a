"""Findings 异常: what does not fit, kept while it stands; occurrences and issues are made of them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time
from typing import Any

from django.db import transaction
from django.db.models import Q

from huanzhi.ecocode.waste.models import Finding, Manifest
from huanzhi.ecocode.waste.settings import checked, manifests, settings
from huanzhi.ecocode.waste.writing import LONGEST, require_party, step
from huanzhi.errors import InputError
from huanzhi.library.enterprises.models import Enterprise
from huanzhi.library.records.changing import save
from huanzhi.library.rights import SYSTEM, Actor, require, thing_of
from huanzhi.messages import text
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
    """Keep a finding; what is known is left as it is, but for its figures.

    What the office settled stays settled unless the gap has grown by more than the tolerance since.
    """
    held = Finding.objects.filter(code=found.code).first()
    if held is not None and (
        _settled(held, found) or (held.until is None and held.facts == dict(found.facts))
    ):
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
    if made.until is not None:
        at = datetime.combine(found.day, time(), CHINA)
        made.state, made.steps = "open", [*made.steps, step(SYSTEM, "again", max(at, _last(made)))]
    made.facts, made.until = dict(found.facts), None
    made.confidence = found.confidence[:200]
    save(SYSTEM, made, found.sort)
    return made


def _last(finding: Finding) -> datetime:
    """Return when something was last done about a finding."""
    told = [datetime.fromisoformat(one["at"]) for one in finding.steps]
    return max(told, default=datetime.combine(finding.day, time(), CHINA))


def _settled(held: Finding, found: Found) -> bool:
    """Return whether a finding is settled and its gap has not grown beyond the tolerance."""
    if held.state != "settled":
        return False
    before, now = held.facts.get("gap_kg"), found.facts.get("gap_kg")
    if before is None or now is None:
        return True
    return bool(abs(now) - abs(before) <= found.facts.get("tolerance_kg", 0))


def renew(sorts: Iterable[str], found: Iterable[Found], day: date) -> dict[str, int]:
    """Keep what is found of some sorts, and end what is not found any more.

    It may be done again at any time. What was settled and fits again may be found anew.
    """
    wanted, seen, new = list(sorts), set[str](), 0
    rows = Finding.objects.filter(sort__in=wanted)
    known = set(rows.filter(until__isnull=True).values_list("code", flat=True))
    with transaction.atomic():
        for one in found:
            if one.code not in seen:
                seen.add(one.code)
                new += note(one).until is None and one.code not in known
        ended = 0
        for row in rows.filter(Q(until__isnull=True) | Q(state="settled")).order_by("pk"):
            if row.code not in seen:
                ended += row.until is None
                row.until, row.state = row.until or max(day, row.day), "over"
                save(SYSTEM, row, "over")
    standing = rows.filter(until__isnull=True).count()
    return {"standing": standing, "new": new, "ended": ended}


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


def explain(actor: Actor, finding: Finding, words: str, now: datetime) -> Finding:
    """Say why, as the enterprise of a finding; it may be said again until it is settled.

    Raises
    ------
    InputError
        ``waste.missing`` without words; ``waste.not_now`` once it is over; ``waste.not_your_step`` for
        others.
    """
    require_party(actor, finding.enterprise, text("waste.its_enterprise"))
    with transaction.atomic():
        held = _standing(finding, words)
        held.state, held.explanation, held.explained = "explained", words.strip()[:LONGEST], now
        held.steps = [*held.steps, step(actor, "explain", now, words.strip())]
        save(actor, held, words.strip())
    return held


def settle(actor: Actor, finding: Finding, basis: str, words: str, now: datetime) -> Finding:
    """Settle a finding, by the office, on a basis and with words that say why; it stays in the history.

    Raises
    ------
    InputError
        ``waste.choice`` for a basis that is none; ``waste.unexplained`` where the basis is an explanation and
        there is none; ``waste.missing`` without words; ``waste.not_now`` once it is over.
    """
    checked("settlement", basis, "basis")
    with transaction.atomic():
        held = _standing(finding, words)
        require(actor, "approve", thing_of(held))
        if basis == "explained" and not held.explanation:
            raise InputError("waste.unexplained", column="basis", value=held.code)
        held.until = max(now.astimezone(CHINA).date(), held.day)
        held.state, held.basis, held.settled = "settled", basis, now
        held.settlement, held.settled_by = words.strip()[:LONGEST], actor.name or actor.code
        held.steps = [*held.steps, step(actor, "settle", now, words.strip(), basis=basis)]
        save(actor, held, words.strip())
    return held


def _standing(finding: Finding, words: str) -> Finding:
    """Return a finding that stands, to change it; in a transaction."""
    held = Finding.objects.select_for_update(of=("self",)).get(pk=finding.pk)
    if held.revision != finding.revision:
        raise InputError("records.stale", value=held.code)
    if held.until is not None:
        raise InputError("waste.not_now", value=held.code)
    if not words.strip():
        raise InputError("waste.missing", column="words")
    return held
