"""Declaring 申报: a quarter's draft, confirmed or amended by the enterprise, reviewed by the bureau, sent."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db import transaction

from huanzhi.assess.explanation import cautions
from huanzhi.assess.tax import Computation, Rates, compute
from huanzhi.assess.tax.quarters import due_day, last_day, months_of, quarter_of
from huanzhi.assess.tax.reading import HEADINGS, month_of, read
from huanzhi.ecocode.tax.differences import differences
from huanzhi.ecocode.tax.models import TaxDeclaration
from huanzhi.ecocode.tax.rates import province_of, rates_for
from huanzhi.ecocode.tax.settings import settings
from huanzhi.errors import InputError
from huanzhi.library.enterprises.models import Enterprise
from huanzhi.library.records.acting import act
from huanzhi.library.rights import Actor, may, thing_of
from huanzhi.messages import using
from huanzhi.standards.periods import CHINA

Row = dict[str, Any]
MOST_ROWS = 2000
"""Most rows of one declaration. Ours."""
FIELDS = (*HEADINGS, "source", "note")


def computed(rows: Sequence[Mapping[str, Any]], quarter: str, rates: Rates) -> Computation:
    """Return the tax of the rows of a quarter.

    Raises
    ------
    InputError
        The fault of the first row that cannot be read, with its number.
    """
    given, day = [], last_day(quarter)
    for place, row in enumerate(rows, 1):
        try:
            if month_of(row) not in months_of(quarter):
                raise InputError("tax.month", column="month", value=str(row["month"]), expected=quarter)
            given.append(read(row))
        except InputError as error:
            error.place["row"] = place
            raise
    return compute(given, rates, day)


def shown(found: Computation, rates: Rates) -> dict[str, Any]:
    """Return a computation as it is kept and shown, its steps in both languages."""
    told = {}
    for language in ("zh", "en"):
        with using(language):  # type: ignore[arg-type]
            lines = [line.as_dict() for line in found.lines]
            told[language] = [line["steps"] for line in lines], list(cautions(found.tables))
    for place, line in enumerate(lines):
        line["steps"] = [
            {"zh": zh["text"], "en": en["text"], "clause": zh["clause"]}
            for zh, en in zip(told["zh"][0][place], told["en"][0][place], strict=True)
        ]
    return {
        "lines": lines,
        "months": {month: str(tax) for month, tax in found.months.items()},
        "total": str(found.total),
        "rates": {
            "place": rates.place,
            "number": rates.number,
            "confidence": rates.confidence.value,
            "rows": [{"medium": r.medium, "yuan": str(r.yuan), "items": list(r.items)} for r in rates.rows],
        },
        "editions": [edition.number for edition in found.editions],
        "cautions": {"zh": told["zh"][1], "en": told["en"][1]},
    }


def draft(
    actor: Actor,
    enterprise: Enterprise,
    quarter: str,
    rows: Sequence[Mapping[str, Any]],
    now: datetime,
    *,
    online: Sequence[Mapping[str, Any]] = (),
    reductions: Sequence[Mapping[str, Any]] = (),
) -> TaxDeclaration:
    """Compute a draft of a quarter; one that nobody has confirmed yet is made anew.

    Parameters
    ----------
    reductions : sequence of mappings
        What article 13 may take off by the means of the months; nothing is taken off before somebody accepts.

    Raises
    ------
    InputError
        ``tax.exists`` if the declaration is past its draft, ``tax.not_over`` if the quarter is not over; or
        what is wrong with a row.
    """
    quarter = quarter_of(quarter)
    if last_day(quarter) >= now.astimezone(CHINA).date():
        raise InputError("tax.not_over", column="quarter", value=quarter)
    made = TaxDeclaration.objects.filter(enterprise=enterprise, quarter=quarter).first()
    if made is not None and made.state != "drafted":
        raise InputError("tax.exists", value=made.number)
    right = "change" if made else "create"
    made = made or TaxDeclaration(
        number=f"SB-{quarter}-{enterprise.code}",
        enterprise=enterprise,
        region=enterprise.region,
        quarter=quarter,
        province=province_of(enterprise.region),
        due=due_day(quarter),
        made=now,
        made_by=actor.code,
        simulated=enterprise.simulated,
    )
    made.rows, made.online = clean_rows(rows), clean_rows(online)
    made.result = {"reductions": [dict(one) for one in reductions]}
    _reckon(made)
    _step(made, actor, "draft", "", now)
    done: TaxDeclaration = act(actor, made, "draft", right=right)
    return done


def clean_rows(rows: Sequence[Mapping[str, Any]]) -> list[Row]:
    """Return rows with the known fields only, as they are kept."""
    if len(rows) > MOST_ROWS:
        raise InputError("tax.too_many", value=len(rows), expected=str(MOST_ROWS))
    return [
        {name: row[name] for name in FIELDS if row.get(name) not in (None, "")} for row in map(_texts, rows)
    ]


def _texts(row: Mapping[str, Any]) -> Row:
    return {
        name: value if isinstance(value, bool | type(None)) else str(value) for name, value in row.items()
    }


def amend(
    actor: Actor, held: TaxDeclaration, row: int, values: Mapping[str, Any] | None, reason: str, now: datetime
) -> TaxDeclaration:
    """Change, add (`row` is the number of rows) or remove (`values` is None) a row, with a reason.

    Raises
    ------
    InputError
        ``tax.no_reason``, ``tax.no_row``, what is wrong with the row, or that the actor may not.
    """
    _able(actor, held, "amend")
    if not reason.strip():
        raise InputError("tax.no_reason", column="reason")
    if not 0 <= row <= len(held.rows) or (values is None and row == len(held.rows)):
        raise InputError("tax.no_row", column="row", value=row)
    before = held.rows[row] if row < len(held.rows) else {}
    after = {} if values is None else {**before, **values, "source": "manual", "note": reason[:200]}
    held.rows = clean_rows([*held.rows[:row], *([after] if after else []), *held.rows[row + 1 :]])
    _reckon(held)
    held.confirmed = None
    told = {"row": row, "before": before, "after": held.rows[row] if after else {}}
    return _taken(actor, held, "amend", reason, now, told)


def take(actor: Actor, held: TaxDeclaration, step: str, words: str, now: datetime) -> TaxDeclaration:
    """Confirm, agree to, or doubt a declaration; the review makes the list of differences.

    Raises
    ------
    InputError
        ``tax.choice``, ``tax.not_now``, ``tax.not_yours``, ``tax.no_reason``.
    """
    if step not in ("confirm", "agree", "doubt"):
        raise InputError("tax.choice", column="step", value=step, expected="confirm, agree, doubt")
    _able(actor, held, step)
    if step == "doubt" and not words.strip():
        raise InputError("tax.no_reason", column="words")
    if step == "confirm":
        held.confirmed = now
    else:
        held.reviewed, held.differences = now, differences(held.rows, held.online)
    return _taken(actor, held, step, words, now)


def settle_reduction(
    actor: Actor, held: TaxDeclaration, key: tuple[str, str, str], step: str, words: str, now: datetime
) -> TaxDeclaration:
    """Accept or decline a reduction that was proposed; one that is accepted enters its row and the tax.

    Parameters
    ----------
    key : tuple of str
        Outlet, month, item.
    step : str
        ``accept`` or ``decline``; who declines says why.

    Raises
    ------
    InputError
        ``tax.choice``, ``tax.not_now``, ``tax.no_reason``; ``tax.no_proposal`` if none is open.
    """
    if step not in ("accept", "decline"):
        raise InputError("tax.choice", column="step", value=step, expected="accept, decline")
    _able(actor, held, step)
    if step == "decline" and not words.strip():
        raise InputError("tax.no_reason", column="words")
    found = next((one for one in held.result.get("reductions", []) if _open_for(one, key)), None)
    places = [place for place, row in enumerate(held.rows) if _key(row) == key]
    if found is None or not places:
        raise InputError("tax.no_proposal", value=" ".join(key))
    if step == "accept":
        told = {name: found[name] for name in ("limit", "within")} | {"concentration": found["mean"]}
        held.rows = [row | told if place in places else row for place, row in enumerate(held.rows)]
    found["state"], found["by"] = ("accepted" if step == "accept" else "declined"), actor.name or actor.code
    found["words"] = words[:500]
    _reckon(held)
    return _taken(actor, held, step, words, now, {"row": places[0], "reduction": list(key)})


def _open_for(one: Mapping[str, Any], key: tuple[str, str, str]) -> bool:
    return one["state"] == "proposed" and _key(one) == key


def _key(row: Mapping[str, Any]) -> tuple[str, str, str]:
    return str(row.get("place")), str(row.get("month")), str(row.get("item"))


def send(actor: Actor, held: TaxDeclaration, digest: str, now: datetime) -> TaxDeclaration:
    """Mark a declaration as sent to the tax office in the file of a digest."""
    _able(actor, held, "send")
    held.sent, held.sent_digest = now, digest
    return _taken(actor, held, "send", digest, now)


def allowed(actor: Actor, held: TaxDeclaration) -> list[str]:
    """Return the steps that somebody may take now."""
    thing = thing_of(held)
    return [
        name
        for name, row in settings()["steps"].items()
        if held.state in row["from"]
        and may(actor, row["right"], thing).allowed
        and (name not in OWN_STEPS or _own(actor, held))
    ]


OWN_STEPS = ("confirm", "amend")
"""Steps that the taxpayer takes himself."""


def _own(actor: Actor, held: TaxDeclaration) -> bool:
    body = held.enterprise.organisation
    return body is not None and body.code == actor.organisation


def _able(actor: Actor, held: TaxDeclaration, step: str) -> None:
    if held.state not in settings()["steps"][step]["from"]:
        raise InputError("tax.not_now", value=held.number)
    if step in OWN_STEPS and not _own(actor, held):
        raise InputError("tax.not_yours", value=held.number)


def _reckon(held: TaxDeclaration) -> None:
    rates = rates_for(held.province, last_day(held.quarter))
    found = computed(held.rows, held.quarter, rates)
    held.result = {**shown(found, rates), "reductions": held.result.get("reductions", [])}
    held.total = str(found.total)
    held.confidence = rates.confidence.value
    held.differences = differences(held.rows, held.online)


def _taken(
    actor: Actor,
    held: TaxDeclaration,
    step: str,
    words: str,
    now: datetime,
    told: Mapping[str, Any] | None = None,
) -> TaxDeclaration:
    row = settings()["steps"][step]
    held.state = row["to"] or held.state
    _step(held, actor, step, words, now, told)
    with transaction.atomic():
        done: TaxDeclaration = act(actor, held, step, words[:500], right=row["right"])
    return done


def _step(
    held: TaxDeclaration,
    actor: Actor,
    name: str,
    words: str,
    now: datetime,
    told: Mapping[str, Any] | None = None,
) -> None:
    at = now.astimezone(CHINA).isoformat(timespec="seconds")
    row = {"at": at, "actor": actor.code, "name": actor.name, "step": name, "words": words[:2000]}
    held.steps = [*held.steps, {**row, "total": held.total, **(told or {})}]
