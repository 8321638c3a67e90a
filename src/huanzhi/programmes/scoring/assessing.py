"""Assessing 考核评分: facts go into the rulebook in force, and the draft keeps every reason."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from django.db import transaction

from huanzhi import rules
from huanzhi.errors import InputError
from huanzhi.library.indicators.models import Score
from huanzhi.library.indicators.writing import number
from huanzhi.library.people.models import Organisation
from huanzhi.library.places.models import Region
from huanzhi.library.records.acting import act
from huanzhi.library.rights import Actor, Thing, require
from huanzhi.library.rulebooks.holding import in_force
from huanzhi.messages import Language, using
from huanzhi.programmes.scoring.facts import Facts, of_body, of_region
from huanzhi.rules import Result, Rulebook
from huanzhi.rules.model import plain

REGION, BODY = "region_assessment", "department_assessment"


def draft(actor: Actor, subject: str, year: int, day: date, now: datetime) -> Score:
    """Reckon an assessment and keep it as a draft; one that is a draft is reckoned anew.

    Parameters
    ----------
    subject : str
        ``region:CODE`` or ``body:CODE``.

    Raises
    ------
    InputError
        If there is no such subject, it waits for a decision or is published, or the actor may not.
    """
    region, body = _subject(subject)
    require(actor, "create", Thing(Score.KIND, region.path, body.code if body else ""))
    facts = of_body(body, year, day) if body else of_region(region, year, day)
    book = in_force(BODY if body else REGION, day, region.pk)
    result = rules.evaluate(book, facts.inputs)
    with transaction.atomic():
        kept = Score.objects.filter(year=year, subject=subject, rulebook=book.id).first()
        if kept is not None and kept.state != "draft":
            raise InputError("indicators.score_state", value=kept.number)
        made = kept or Score(
            number=number(Score, "KH", now), year=year, subject=subject, region=region, organisation=body
        )
        made.day, made.name = day, body.name if body else region.name
        made.simulated = region.simulated or bool(body and body.simulated)
        _fill(made, book, facts, result)
        act(actor, made, "reckon", day.isoformat(), right="change" if kept else "create")
    return made


def _subject(subject: str) -> tuple[Region, Organisation | None]:
    sort, _, code = subject.partition(":")
    if sort == "body":
        body = Organisation.objects.select_related("region").filter(code=code).first()
        if body is None:
            raise InputError("indicators.no_body", value=code)
        return body.region, body
    region = Region.objects.filter(pk=code).first() if sort == "region" else None
    if region is None:
        raise InputError("indicators.no_region", value=subject[:40])
    return region, None


def _fill(made: Score, book: Rulebook, facts: Facts, result: Result) -> None:
    made.facts = {name: _plain(value) for name, value in result.inputs.items()}
    made.items = [_item(book, facts, result, place) for place in range(len(result.hits))]
    made.items += [_unknown(book, name) for name, value in result.inputs.items() if value is None]
    made.total, made.grade = _plain(result.outputs["total"]), str(result.outputs.get("grade", ""))
    made.rulebook, made.version = book.id, book.version
    told = {"facts": made.facts, "items": made.items, "total": made.total, "rulebook": result.digest}
    written = json.dumps(told, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    made.sha256 = hashlib.sha256(written.encode()).hexdigest()


def _item(book: Rulebook, facts: Facts, result: Result, place: int) -> dict[str, Any]:
    hit = result.hits[place]
    names = [name for name in facts.evidence if any(reason.input.name == name for reason in hit.reasons)]
    proof = [row for name in names for row in facts.evidence[name]]
    return {
        "row": hit.number,
        "group": hit.group,
        "points": _plain(hit.points),
        "reasons": _both(lambda: "；".join(reason.text() for reason in hit.reasons)),
        "note": {"zh": hit.note.zh, "en": hit.note.en},
        "confidence": hit.confidence.value,
        "evidence": proof,
    }


def _unknown(book: Rulebook, name: str) -> dict[str, Any]:
    title = next(one.title for one in book.inputs if one.name == name)
    told = {
        "zh": f"{title.zh}：缺少数据，不计分也不扣分。",
        "en": f"{title.en}: unknown, scores nothing either way.",
    }
    return {"row": 0, "group": "", "points": "0", "reasons": told, "unknown": True, "evidence": []}


def _both(words: Any) -> dict[str, str]:
    languages: tuple[Language, ...] = ("zh", "en")
    found: dict[str, str] = {}
    for language in languages:
        with using(language):
            found[str(language)] = words()
    return found


def _plain(value: Any) -> Any:
    return plain(value) if value is not None and not isinstance(value, bool | int) else value


def grades(book: Rulebook) -> Mapping[str, Mapping[str, str]]:
    """Return the grades of a rulebook in both languages."""
    choices = next(one.choices for one in book.outputs if one.name == "grade")
    return {code: {"zh": words.zh, "en": words.en} for code, words in choices.items()}
