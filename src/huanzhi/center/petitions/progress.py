"""Progress 进度: what the informant sees and does by number and code, without an account."""

from __future__ import annotations

import hmac
from datetime import UTC, datetime
from typing import Any

from huanzhi.center.petitions import terms
from huanzhi.center.petitions.intake import digest_of
from huanzhi.center.petitions.models import Petition, Step, Term
from huanzhi.center.petitions.moving import move
from huanzhi.center.petitions.settings import table
from huanzhi.center.petitions.writing import CITIZEN
from huanzhi.errors import InputError
from huanzhi.library.rights import SYSTEM
from huanzhi.standards.periods import stamp

TOLD: dict[str, tuple[str, ...]] = {
    "receive": (),
    "accept": ("notice",),
    "reject": ("ground", "notice"),
    "dispatch": (),
    "transfer": (),
    "return": (),
    "handle": (),
    "extend": ("days", "finding"),
    "reply": ("reply",),
    "rate": ("score", "solved"),
    "join": (),
    "reopen": (),
    "supervise": (),
    "close": (),
    "withdraw": (),
    "review": (),
    "review_decide": ("opinion", "reply"),
    "recheck": (),
    "recheck_decide": ("opinion", "reply"),
}
"""Steps that the informant is told of, and what of each."""


def follow(number: str, code: str) -> Petition:
    """Return the petition to which number and code belong.

    Raises
    ------
    InputError
        ``petitions.no_code``, the same for a wrong number and for a wrong code.
    """
    plain = number.replace("\x00", "").strip().upper()
    found: Petition | None = (
        Petition.objects.filter(number=plain).select_related("region", "organisation").first()
    )
    kept = found.query if found is not None else ""
    right = hmac.compare_digest(digest_of(code, plain), kept or "-")
    if found is None or not right:
        raise InputError("petitions.no_code")
    return found


def told(petition: Petition, now: datetime) -> dict[str, Any]:
    """Return what the informant may know: state, steps, who has it in hand, until when, and the answer."""
    state = table().states[petition.state]
    term = Term.objects.filter(petition=petition, step="handle", void=False).order_by("pk").last()
    steps = [one for one in map(_step, Step.objects.filter(petition=petition).order_by("number")) if one]
    answered = petition.state in ("replied", "closed", "reviewed")
    return {
        "number": petition.number,
        "state": petition.state,
        "state_zh": state.zh,
        "state_en": state.en,
        "title": petition.title,
        "category": petition.category,
        "received": stamp(petition.received),
        "unit": petition.organisation.name if petition.organisation and petition.accepted else "",
        "due": stamp(term.due) if term and term.met is None else None,
        "basis": term.basis if term else "",
        "confidence": term.confidence if term else "",
        "steps": steps,
        "reply": petition.reply if answered else "",
        "score": petition.score,
        "may_rate": answered and bool(petition.replied) and petition.score is None,
        "may_review": petition.state in ("replied", "closed") and terms.within(petition, "review_apply", now),
        "may_recheck": petition.state == "reviewed" and terms.within(petition, "recheck_apply", now),
        "may_withdraw": petition.state in ("received", "accepted", "dispatched", "joined"),
        "simulated": petition.simulated,
    }


def _step(step: Step) -> dict[str, Any] | None:
    shown = step.transition == "note" and step.outputs.get("shown") == "yes"
    names = ("finding",) if shown else TOLD.get(step.transition)
    if names is None:
        return None
    move_ = table().transitions.get(step.transition)
    words = {name: step.outputs[name] for name in names if step.outputs.get(name) not in (None, "")}
    titles = {"zh": move_.zh, "en": move_.en} if move_ else {"zh": "已收到", "en": "received"}
    return {"transition": step.transition, "at": stamp(step.at), **titles, "outputs": words}


def rate(petition: Petition, score: int, solved: str, words: str, *, now: datetime | None = None) -> Petition:
    """Keep how satisfied the informant is, once.

    Raises
    ------
    InputError
        ``petitions.rated``, or what the step refuses.
    """
    if petition.score is not None:
        raise InputError("petitions.rated", value=petition.number)
    outputs = {"score": score, "solved": solved, "finding": words}
    return move(SYSTEM, petition, "rate", outputs, now=now or datetime.now(UTC), by=CITIZEN)


def ask(petition: Petition, transition: str, words: str, *, now: datetime | None = None) -> Petition:
    """Ask for review or recheck, or withdraw, as the informant."""
    if transition not in ("review", "recheck", "withdraw"):
        raise InputError(
            "petitions.choice", column="what", value=transition, expected="review, recheck, withdraw"
        )
    return move(SYSTEM, petition, transition, {"finding": words}, now=now or datetime.now(UTC), by=CITIZEN)
