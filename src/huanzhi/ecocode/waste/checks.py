"""Check lists 规范化环境管理评估: items of 0, 1 or 2, score and grade, rectification, closing."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction

from huanzhi.ecocode.waste.models import Check
from huanzhi.ecocode.waste.settings import checked, checklists, settings
from huanzhi.ecocode.waste.writing import LONGEST, enterprise_of, number, require_party, step, term
from huanzhi.errors import InputError
from huanzhi.library.records.changing import save
from huanzhi.library.rights import Actor, require, thing_of

Given = Mapping[str, Any]
Answers = Mapping[str, Mapping[str, Any]]


def items(object_: str) -> list[Mapping[str, Any]]:
    """Return the items of a check list."""
    checked("object", object_, "object")
    found: list[Mapping[str, Any]] = checklists()[object_]["item"]
    return found


def result(object_: str, answers: Answers) -> tuple[float, str]:
    """Return score and grade.

    The score is the share of the points of the items that apply, weighted, in percent with one decimal. With
    0 for an item that must hold the grade is the lowest.

    Raises
    ------
    InputError
        ``waste.unanswered`` if an item has no answer; ``waste.nothing_applies`` if none applies.
    """
    top, most, reached, failed = max(settings()["assessment"]["scale"]), 0, 0, False
    for item in items(object_):
        answer = answers.get(item["code"])
        if answer is None:
            raise InputError("waste.unanswered", column=item["code"], value=item["zh"])
        if answer["score"] is None:
            continue
        most += top * item["weight"]
        reached += answer["score"] * item["weight"]
        failed |= bool(item.get("must")) and answer["score"] == 0
    if not most:
        raise InputError("waste.nothing_applies")
    score = round(100 * reached / most, 1)
    grades = settings()["grade"]
    if failed:
        return score, list(grades)[-1]
    return score, next(name for name, row in grades.items() if score >= row["least"])


def begin(actor: Actor, given: Given, now: datetime) -> Check:
    """Begin an assessment."""
    enterprise = enterprise_of(actor, given["enterprise"])
    with transaction.atomic():
        made = Check(
            number=number("PG", now),
            enterprise=enterprise,
            object=checked("object", given["object"], "object"),
            version=checklists()["version"],
            day=given["day"],
            made_by=actor.code,
            steps=[step(actor, "begin", now)],
            simulated=enterprise.simulated,
        )
        require(actor, "approve", thing_of(made))
        save(actor, made, "begin")
    return made


def answer(actor: Actor, check: Check, given: Answers, now: datetime) -> Check:
    """Note answers: item → ``score`` (0, 1, 2, None where it does not apply) and ``words``."""
    codes = {item["code"] for item in items(check.object)}
    told = {}
    for code, row in given.items():
        score = row.get("score")
        if code not in codes:
            raise InputError("waste.choice", column="answers", value=code)
        if score is not None and score not in settings()["assessment"]["scale"]:
            raise InputError("waste.scale", column=code, value=score)
        told[code] = {"score": score, "words": str(row.get("words") or "").strip()[:LONGEST]}
    with transaction.atomic():
        held = _held(actor, check, ("draft",), "approve")
        held.answers = {**held.answers, **told}
        save(actor, held, "answer")
    return held


def score(actor: Actor, check: Check, now: datetime) -> Check:
    """Score an assessment; what is below full marks is to be rectified, with words that say what."""
    with transaction.atomic():
        held = _held(actor, check, ("draft",), "approve")
        held.score, held.grade = result(held.object, held.answers)
        short = shortcomings(held)
        for code in short:
            if not held.answers[code]["words"]:
                raise InputError("waste.missing", column=code)
        held.scored = now
        held.mending = {code: {"words": "", "at": None, "accepted": False} for code in short}
        held.state = "scored" if short else "closed"
        table = settings()["assessment"]
        if short:
            held.due, _ = term({"number": table["rectify_days"], "unit": table["rectify_unit"]}, now)
        else:
            held.closed = now
        held.steps = [*held.steps, step(actor, "score", now, f"{held.score}")]
        save(actor, held, "score")
    return held


def shortcomings(check: Check) -> list[str]:
    """Return the items below full marks, in the order of the list."""
    top = max(settings()["assessment"]["scale"])
    marks = {code: row["score"] for code, row in check.answers.items()}
    codes = [item["code"] for item in items(check.object)]
    return [code for code in codes if marks.get(code) is not None and marks[code] < top]


def mend(actor: Actor, check: Check, item: str, words: str, now: datetime) -> Check:
    """Tell what was rectified; by the enterprise itself."""
    require_party(actor, check.enterprise, settings()["object"][check.object]["zh"])
    if not words.strip():
        raise InputError("waste.missing", column="words")
    with transaction.atomic():
        held = _held(actor, check, ("scored",), "change")
        row = _item(held, item)
        told = {**row, "words": words.strip()[:LONGEST], "at": now.isoformat(timespec="seconds")}
        held.mending = {**held.mending, item: told}
        held.steps = [*held.steps, step(actor, "mend", now, words, item=item)]
        save(actor, held, "mend")
    return held


def accept(actor: Actor, check: Check, item: str, accepted: bool, words: str, now: datetime) -> Check:
    """Accept or return what was rectified; with the last item accepted the assessment is closed."""
    with transaction.atomic():
        held = _held(actor, check, ("scored",), "approve")
        row = _item(held, item)
        if not row["words"]:
            raise InputError("waste.not_mended", column=item)
        if not accepted and not words.strip():
            raise InputError("waste.missing", column="words")
        told = {**row, "accepted": accepted} if accepted else {**row, "words": "", "at": None}
        held.mending = {**held.mending, item: told}
        held.steps = [*held.steps, step(actor, "accept" if accepted else "return", now, words, item=item)]
        if all(one["accepted"] for one in held.mending.values()):
            held.state, held.closed = "closed", now
        save(actor, held, "accept" if accepted else "return")
    return held


def _item(check: Check, item: str) -> dict[str, Any]:
    if item not in check.mending or check.mending[item]["accepted"]:
        raise InputError("waste.not_now", column="item", value=item)
    found: dict[str, Any] = check.mending[item]
    return found


def _held(actor: Actor, check: Check, states: tuple[str, ...], right: str) -> Check:
    held = Check.objects.select_for_update(of=("self",)).get(pk=check.pk)
    if held.revision != check.revision:
        raise InputError("records.stale", value=held.number)
    require(actor, right, thing_of(held))
    if held.state not in states:
        raise InputError("waste.not_now", value=held.number)
    return held
