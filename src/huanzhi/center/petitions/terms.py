"""Terms 期限.

What the rulebooks ask for at each step, begun, met, voided; the first that ends is on the petition.
"""

from __future__ import annotations

from datetime import datetime

from huanzhi import rules
from huanzhi.center.petitions.models import Petition, Term
from huanzhi.center.petitions.settings import settings
from huanzhi.errors import StandardError
from huanzhi.library.calendar import Duration, known_end
from huanzhi.library.rulebooks.holding import in_force
from huanzhi.standards.periods import CHINA

CLOCKS = "petition_clocks"
LOCAL = "petition_local_finish"
BEGIN = {
    "receive": ("accept", "dispatch", "forward"),
    "accept": ("handle", "assign"),
    "dispatch": ("objection",),
    "reply": ("review_apply",),
    "review": ("review_decide",),
    "review_decide": ("recheck_apply",),
    "recheck": ("recheck_decide",),
}
"""Which terms begin with a step."""

MEET = {
    "accept": ("accept",),
    "reject": ("accept",),
    "join": ("accept", "dispatch", "forward"),
    "dispatch": ("dispatch", "forward", "assign"),
    "reply": ("handle",),
    "review_decide": ("review_decide",),
    "recheck_decide": ("recheck_decide",),
    "review": ("review_apply",),
    "recheck": ("recheck_apply",),
}
"""Which terms are met by a step."""

VOID = {
    "reject": ("dispatch", "forward"),
    "withdraw": ("accept", "dispatch", "forward", "assign", "handle", "objection"),
    "handle": ("dispatch", "forward", "assign", "objection"),
    "return": ("objection",),
    "transfer": ("objection",),
}
"""Which terms fall away with a step."""

CITIZENS = ("review_apply", "recheck_apply", "objection")
"""Terms that give somebody a right; nobody is late when they end."""


def stepped(petition: Petition, transition: str, now: datetime) -> None:
    """Begin, meet and void the terms of a step, and put the first that ends on the petition."""
    running = Term.objects.filter(petition=petition, met=None, void=False)
    running.filter(step__in=MEET.get(transition, ())).update(met=now)
    running.filter(step__in=VOID.get(transition, ())).update(void=True)
    for step in BEGIN.get(transition, ()):
        begin(petition, step, now)
    if transition == "transfer":
        begin(petition, "objection", now)
    if transition in ("reopen", "separate"):
        begin(petition, "handle", now)
    first(petition)


def begin(petition: Petition, step: str, now: datetime) -> Term | None:
    """Begin a term, if a rulebook gives one for this channel and step."""
    found = asked(petition, step, now)
    if found is None:
        return None
    hit, book = found
    days, kind = int(hit.outputs["days"]), str(hit.outputs["day_type"])  # type: ignore[arg-type]
    started = petition.received if hit.outputs.get("from") == "received" else now
    made = Term(petition=petition, step=step, started=started, days=days, day_type=kind)
    made.basis = f"{book.basis.zh} {hit.clause.zh}".strip()[:300]
    made.confidence, made.note = str(hit.confidence.value), hit.note.zh[:300]
    made.due = end(started, days, kind)
    made.save()
    return made


def asked(petition: Petition, step: str, now: datetime) -> tuple[rules.Hit, rules.Rulebook] | None:
    """Return the row that gives a term, and its rulebook; for finishing, a shorter local one goes first."""
    day, place = now.astimezone(CHINA).date(), petition.region_id
    channel = settings()["channel"][petition.channel]["rule"]
    book = in_force(CLOCKS, day, place)
    result = rules.evaluate(book, {"channel": channel, "step": step})
    local = _local(day, place, petition.level != "general") if step == "handle" else None
    return local or ((result.hits[0], book) if result.hits else None)


def _local(day: object, place: str, complex_: bool) -> tuple[rules.Hit, rules.Rulebook] | None:
    try:
        book = in_force(LOCAL, day, place)  # type: ignore[arg-type]
    except StandardError:
        return None
    result = rules.evaluate(book, {"complex": complex_})
    finish = result.hits and result.hits[0].outputs.get("what", "finish") == "finish"
    return (result.hits[0], book) if finish else None


def end(started: datetime, days: int, kind: str) -> datetime | None:
    """Return the end of a term.

    Where the holidays of a year that it needs are not known yet, a term in calendar days ends on its own
    last day,
    which is never later than the right one; one in working days has no end yet.
    """
    duration = Duration(days, kind)  # type: ignore[arg-type]
    return known_end(started, duration)[0]


def extend(petition: Petition, days: int) -> None:
    """Lengthen the term of finishing by calendar days."""
    term = Term.objects.filter(petition=petition, step="handle", met=None, void=False).last()
    if term is not None and term.due is not None:
        term.due = end(term.due, days, "calendar")
        term.days += days
        term.save()
    first(petition)


def most_days(petition: Petition, now: datetime) -> int:
    """Return by how many days finishing may be extended at most; 0 where no rulebook allows it."""
    found = asked(petition, "extend", now)
    return int(found[0].outputs["days"]) if found else 0  # type: ignore[arg-type]


def within(petition: Petition, step: str, now: datetime) -> bool:
    """Return whether a term of somebody's right still runs."""
    term = Term.objects.filter(petition=petition, step=step, met=None, void=False).last()
    return term is not None and (term.due is None or now <= term.due)


def first(petition: Petition) -> None:
    """Put the running term that ends first on the petition."""
    running = Term.objects.filter(petition=petition, met=None, void=False).exclude(step__in=CITIZENS)
    dated = running.filter(due__isnull=False).order_by("due", "pk").first()
    term = dated or running.first()
    petition.due = term.due if term else None
    petition.due_step = term.step if term else ""
    petition.due_note = "petitions.due_unknown" if term and term.due is None else ""
