"""Quality 质量检查: a work scored by the check list, and what came of a promise."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from django.db import transaction

from huanzhi import rules
from huanzhi.ecocode.services import register
from huanzhi.ecocode.services.effect import judge
from huanzhi.ecocode.services.models import Check, Work
from huanzhi.ecocode.services.settings import settings
from huanzhi.errors import InputError
from huanzhi.library.records.acting import act
from huanzhi.library.records.changing import save
from huanzhi.library.rights import SYSTEM, Actor, require, thing_of
from huanzhi.library.rulebooks import holding

BOOK = "service_quality"


def check(actor: Actor, work: Work, answers: Mapping[str, Any], words: str, day: date) -> Check:
    """Check a work by the check list; the rulebook gives points and verdict, a poor work is marked."""
    answer = rules.evaluate(holding.in_force(BOOK, day, work.region_id), dict(answers))
    score, verdict = str(answer.outputs["total"]), str(answer.outputs["verdict"])
    with transaction.atomic():
        made = Check(
            number=f"{work.number}-{work.checks.count() + 1}",
            work=work,
            day=day,
            answers=dict(answers),
            score=score,
            verdict=verdict,
            why=answer.as_dict(),
            words=words,
            made_by=actor.code,
            simulated=work.simulated,
        )
        save(actor, made, words[:200])
        work.score, work.verdict = score, verdict
        act(actor, work, "check", made.number, right="command")
        if verdict == "poor":
            told = f"{work.number} {score}"
            register.mark(SYSTEM, work.firm, "poor_work", day, told, source=f"service_check:{made.number}")
    return made


def evaluate(actor: Actor, work: Work, values: Sequence[Decimal | None], day: date) -> Work:
    """Judge what a contract promised by the readings that were due; what was not achieved is marked.

    Raises
    ------
    InputError
        ``services.no_promise`` if nothing was promised, ``services.too_early`` before its last day is over.
    """
    if not work.promised:
        raise InputError("services.no_promise", value=work.number)
    promise = register.promise_of(work.promised)
    if day <= promise.last:
        raise InputError("services.too_early", value=promise.last.isoformat())
    require(actor, "command", thing_of(work))
    found = judge(values, promise, settings()["window"]["least_valid_percent"])
    with transaction.atomic():
        work.effect, work.effect_why = found.outcome, found.as_dict()
        act(actor, work, "evaluate", found.outcome)
        if found.outcome == "failed":
            told = f"{work.number} {found.percent}% < {promise.share}%"
            register.mark(SYSTEM, work.firm, "effect_failed", day, told, source=f"service_work:{work.number}")
    return work
