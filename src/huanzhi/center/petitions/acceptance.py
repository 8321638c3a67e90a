"""Acceptance 受理.

What the rulebook says of a report; the officer states the facts, and cannot decide against it.
"""

from __future__ import annotations

from datetime import datetime

from huanzhi import rules
from huanzhi.center.petitions.models import Petition
from huanzhi.errors import InputError
from huanzhi.library.rulebooks.holding import in_force
from huanzhi.standards.periods import CHINA

BOOK = "petition_acceptance"
GROUNDS = {
    "not_ours": {"competent": False},
    "other_way": {"other_way": True},
    "repeated": {"repeated": True},
    "answered": {"answered": True},
}
"""What a ground says, in the words of the rulebook."""


def judged(petition: Petition, ground: str, now: datetime, urgent: str = "") -> rules.Result:
    """Return what the rulebook says."""
    facts = {"incident": False, "crowd": False, "competent": True}
    facts |= {"other_way": False, "repeated": False, "answered": False}
    facts |= {name: True for name in (urgent or petition.urgent,) if name in facts}
    facts |= GROUNDS.get(ground, {})
    book = in_force(BOOK, now.astimezone(CHINA).date(), petition.region_id)
    return rules.evaluate(book, facts)


def check(petition: Petition, transition: str, ground: str, now: datetime, urgent: str = "") -> rules.Result:
    """Refuse to decide against the rulebook.

    Raises
    ------
    InputError
        ``petitions.acceptance``: what has to be accepted at once cannot be refused.
    """
    found = judged(petition, ground, now, urgent)
    answer = str(found.outputs.get("answer", ""))
    wanted = ("reject",) if transition == "reject" else ("accept", "at_once")
    if answer not in wanted:
        raise InputError("petitions.acceptance", value=answer)
    return found
