"""Conditions 办理条件: what has to hold before a step of a case, by keys of messages."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from functools import cached_property
from typing import Any

from huanzhi.center.enforcement import judging, terms
from huanzhi.center.enforcement.matters import matter_of
from huanzhi.center.enforcement.models import (
    Case,
    CaseEvidence,
    CaseStep,
    Officer,
    Paper,
    Payment,
    Referral,
    Reply,
)
from huanzhi.center.enforcement.settings import settings, table
from huanzhi.library.rights import Actor
from huanzhi.standards.periods import CHINA

RECORDS = ("record", "statement")
"""Kinds of evidence of which an investigation needs one: records of the site, of questioning."""

DECISIONS = ("decision", "no_penalty", "order")
"""Documents that hold a decision."""

SENT = ("received", "accepted", "finished")
"""States of a referral that somebody has taken over."""


@dataclass
class Look:
    """A case as the conditions see it."""

    actor: Actor
    case: Case
    outputs: Mapping[str, Any]
    now: datetime

    @cached_property
    def steps(self) -> list[CaseStep]:
        """Steps since the case began, or began anew."""
        every = list(CaseStep.objects.filter(case=self.case).order_by("number"))
        for place in range(len(every) - 1, -1, -1):
            if every[place].transition in table().fresh:
                return every[place:]
        return every

    @property
    def since(self) -> datetime:
        """When it began, or began anew."""
        return self.steps[0].at if self.steps else self.case.opened

    @cached_property
    def replies(self) -> list[Reply]:
        """What the party answered since then."""
        return list(Reply.objects.filter(case=self.case, filed__gte=self.since).order_by("pk"))

    def taken(self, name: str) -> CaseStep | None:
        """Return the last step of a name since then."""
        return next((one for one in reversed(self.steps) if one.transition == name), None)

    def replied(self, sort: str) -> list[Reply]:
        """Return the replies of a sort."""
        return [one for one in self.replies if one.sort == sort]

    def served(self, templates: Iterable[str]) -> Paper | None:
        """Return the last document of these templates that was served since then."""
        rows = Paper.objects.filter(case=self.case, template__in=list(templates), state="served")
        return rows.filter(made__gte=self.since).order_by("-pk").first()

    @property
    def fine(self) -> Decimal | None:
        """The fine that the step brings."""
        return money(self.outputs.get("fine"))


def met(
    actor: Actor, case: Case, wanted: Iterable[str], outputs: Mapping[str, Any], now: datetime
) -> frozenset[str]:
    """Return which of the wanted conditions hold."""
    look = Look(actor, case, outputs, now)
    return frozenset(key for key in wanted if CONDITIONS[key](look))


def money(value: Any) -> Decimal | None:
    """Return an amount; None where none is given, NaN where it is none."""
    if value in (None, ""):
        return None
    try:
        found = Decimal(str(value).replace(",", "").strip())
    except InvalidOperation:
        return Decimal("NaN")
    return found if found.is_finite() else Decimal("NaN")


def active(case: Case) -> list[Officer]:
    """Return the officers who handle a case now."""
    return list(Officer.objects.filter(case=case, until=None).select_related("person").order_by("pk"))


def _two_officers(look: Look) -> bool:
    own = active(look.case)
    people = {one.person_id for one in own if one.certificate.strip()}
    numbers = {one.certificate.strip() for one in own if one.certificate.strip()}
    least = int(settings()["officers"]["least"])
    return len(people) >= least and len(numbers) >= least


def _own_case(look: Look) -> bool:
    return look.actor.code in {one.person.code for one in active(look.case)}


def _not_officer(look: Look) -> bool:
    return not Officer.objects.filter(case=look.case, person__code=look.actor.code).exists()


def _has_record(look: Look) -> bool:
    return CaseEvidence.objects.filter(case=look.case, kind__in=RECORDS).exists()


def _notice_served(look: Look) -> bool:
    return look.served(("notice",)) is not None


def _hearing_notice(look: Look) -> bool:
    end, held = terms.end_of(look.case, "hearing_notice"), day_of(look.outputs.get("held_on"))
    served = look.served(("hearing_notice",)) is not None
    return served and end is not None and held is not None and held > end.astimezone(CHINA).date()


def _statement_over(look: Look) -> bool:
    return bool(look.replied("waive")) or terms.over(look.case, ("statement", "hearing_request"), look.now)


def _defence_weighed(look: Look) -> bool:
    told = look.replied("statement")
    if not told:
        return True
    weighed = [one for one in look.steps if one.transition in ("rehear", "hear")]
    return bool(weighed) and weighed[-1].at >= told[-1].filed


def _hearing_done(look: Look) -> bool:
    asked = [one for one in look.replied("hearing") if one.in_time is not False]
    step = look.taken("hear")
    return not asked or (step is not None and step.at >= asked[0].filed)


def _discussed(look: Look) -> bool:
    if look.taken("deliberate") is not None:
        return True
    fine = look.fine
    if fine is not None and fine.is_nan():
        return True  # the amount is refused by its own condition
    return judging.discussion_needed(look.case, fine).outputs["result"] == "no"


def _fine_fits(look: Look) -> bool:
    fine, matter = look.fine, matter_of(look.case.matter)
    if look.outputs.get("decision") != "penalty":
        return fine is None
    if fine is None or fine.is_nan() or fine <= 0 or matter is None:
        return False
    low, high = matter.bounds()
    if high is not None and fine > high:
        return False
    return low is None or fine >= low or bool(look.outputs.get("light_ground"))


def _exemption_tested(look: Look) -> bool:
    found = judging.last(look.case, ("exemption", "exemption_list"), look.since)
    return found is not None and found.result in judging.EXEMPT


def _all_paid(look: Look) -> bool:
    if look.case.decision != "penalty" or look.taken("apply_court") is not None:
        return True
    owed = Payment.objects.filter(case=look.case)
    return owed.exists() and not owed.filter(paid=None).exists()


def _papers_served(look: Look) -> bool:
    from huanzhi.center.enforcement.papers import templates

    told = {code for code, one in templates().items() if one.served}
    return not Paper.objects.filter(case=look.case, state="issued", template__in=told).exists()


def _remedies_over(look: Look) -> bool:
    pending = look.replied("reconsideration") or look.replied("lawsuit")
    return not pending and terms.over(look.case, ("reconsideration", "lawsuit"), look.now)


def _transfer_received(look: Look) -> bool:
    rows = Referral.objects.filter(case=look.case, sort__in=("criminal", "department"))
    return rows.filter(state__in=SENT).exists()


def _extension_left(look: Look) -> bool:
    left = terms.extendable(look.case)
    second = any(one.clock.get("extensions") for one in left)
    return bool(left) and (not second or bool(look.outputs.get("members")))


def _has_matter(look: Look) -> bool:
    return matter_of(look.case.matter) is not None


def day_of(value: Any) -> date | None:
    """Return a day that is written as ``2026-11-22``; None where it is none."""
    try:
        return date.fromisoformat(str(value))
    except ValueError:
        return None


CONDITIONS: Mapping[str, Callable[[Look], bool]] = {
    "cases.two_officers": _two_officers,
    "cases.own_case": _own_case,
    "cases.law_decided": lambda look: bool(look.case.law),
    "cases.has_party": lambda look: bool(look.case.party_name.strip()),
    "cases.has_matter": _has_matter,
    "cases.has_record": _has_record,
    "cases.not_officer": _not_officer,
    "cases.notice_served": _notice_served,
    "cases.hearing_asked": lambda look: bool(look.replied("hearing")),
    "cases.hearing_notice": _hearing_notice,
    "cases.reply_given": lambda look: bool(look.replied("statement")),
    "cases.statement_over": _statement_over,
    "cases.defence_weighed": _defence_weighed,
    "cases.hearing_done": _hearing_done,
    "cases.discussed": _discussed,
    "cases.fine_fits": _fine_fits,
    "cases.exemption_tested": _exemption_tested,
    "cases.decision_served": lambda look: look.served(DECISIONS) is not None,
    "cases.demand_served": lambda look: look.served(("demand",)) is not None,
    "cases.demand_over": lambda look: terms.over(look.case, ("demand_before_court",), look.now),
    "cases.remedies_over": _remedies_over,
    "cases.all_paid": _all_paid,
    "cases.papers_served": _papers_served,
    "cases.transfer_received": _transfer_received,
    "cases.extension_left": _extension_left,
}
