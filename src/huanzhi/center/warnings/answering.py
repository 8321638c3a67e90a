"""Answering 回复: who owes a reply to a warning until when, its judgement, and what rises unanswered.

Terms and ladder are rulebooks (``warning_reply``, ``warning_escalation``, ``section_warning``): a city may
change them. A term that needs a year whose holidays are not known has no end, and the warning says so.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import transaction

from huanzhi.center.warnings.models import Change, Reply, Warning
from huanzhi.center.warnings.responsible import responsible
from huanzhi.center.warnings.settings import levels, replies, rule_table
from huanzhi.errors import InputError, StandardError
from huanzhi.library.calendar import Duration, known_end, working_days_between
from huanzhi.library.records.changing import save
from huanzhi.library.rights import SYSTEM, Actor, require, thing_of
from huanzhi.library.rulebooks.holding import in_force
from huanzhi.rules import evaluate
from huanzhi.standards.periods import CHINA, stamp

HOUR = 3600


@dataclass(frozen=True, slots=True)
class Given:
    """What somebody replies.

    Attributes
    ----------
    cause : str
        Word of ``data/replies.toml``.
    """

    cause: str
    words: str
    measures: str = ""
    expected: date | None = None


def owe(row: Warning, now: datetime) -> None:
    """Let those who are responsible owe a reply, where the rule asks for one."""
    part = str(rule_table(row.rule).get("reply", ""))
    if not part or (part == "enterprise" and not row.enterprise):
        return
    clock = _term(row, part, now)
    if not clock:
        return
    row.responsible = responsible(row, part)
    if part != "enterprise":
        row.organisation = next((one["organisation"] for one in row.responsible), row.organisation)
    row.reply_state, row.reply_clock, row.ladder = "owed", clock, ""
    row.reply_due = _end(clock, now)
    save(SYSTEM, row)
    _note(row, "owed", SYSTEM, now, {"due": stamp(row.reply_due), "responsible": row.responsible})


def _term(row: Warning, part: str, now: datetime) -> dict[str, Any]:
    """Return the term of a reply: of the rulebook that judged, else by the table of terms."""
    told = row.judged.get("outputs", {})
    if told.get("reply_working_days") is not None:
        number, unit, basis = int(told["reply_working_days"]), "working", row.judged
    else:
        place = row.region_id or ""
        book = in_force("warning_reply", now.astimezone(CHINA).date(), place)
        found = evaluate(book, {"part": part, "level": row.level})
        if not found.outputs:
            return {}
        number, unit = int(str(found.outputs["number"])), str(found.outputs["unit"])
        basis = {"rulebook": book.id, "version": book.version, "digest": found.digest}
        basis["confidence"] = book.provenance.confidence.value
    held = {name: basis.get(name, "") for name in ("rulebook", "version", "digest", "confidence")}
    return {"number": number, "unit": unit, "part": part, "started": stamp(now), **held}


def _end(clock: dict[str, Any], now: datetime) -> datetime | None:
    end, gap = known_end(now, Duration(clock["number"], clock["unit"]))
    if gap:
        clock["note"] = f"issues.due_{gap}"
    return end


def reply(actor: Actor, row: Warning, given: Given, now: datetime) -> Reply:
    """Answer a warning.

    Raises
    ------
    InputError
        ``warnings.no_reply_owed``, ``warnings.needs_words``, an unknown cause, or what rights refuse.
    """
    if row.reply_state not in ("owed", "refused"):
        raise InputError("warnings.no_reply_owed", value=row.code)
    if given.cause not in replies()["cause"]:
        raise InputError("warnings.cause", column="cause", value=given.cause)
    if not given.words.strip():
        raise InputError("warnings.needs_words", column="words")
    with transaction.atomic():
        held = Warning.objects.select_for_update(of=("self",)).get(pk=row.pk)
        if held.revision != row.revision:
            raise InputError("records.stale", value=row.code)
        number = row.replies.count() + 1
        made = Reply(
            code=f"{row.code}/{number}",
            warning=row,
            number=number,
            at=now,
            by=actor.code,
            by_name=actor.name,
            cause=given.cause,
            words=given.words.strip(),
            measures=given.measures.strip(),
            expected=given.expected,
            simulated=row.simulated,
        )
        save(actor, made)
        row.reply_state, row.replied = "given", now
        save(SYSTEM, row, f"reply by {actor.code}")
        late = row.reply_due is not None and now > row.reply_due
        _note(row, "replied", actor, now, {"cause": given.cause, "late": late}, given.words)
    return made


def judge(actor: Actor, row: Warning, accepted: bool, reason: str, now: datetime) -> Warning:
    """Accept the last reply as an explanation, or refuse it: then a reply is owed anew.

    Raises
    ------
    InputError
        ``warnings.no_reply``, ``warnings.needs_reason``, ``warnings.own_reply`` for who replied himself.
    """
    require(actor, "change", thing_of(row))
    last = row.replies.order_by("-number").first()
    if last is None or row.reply_state != "given":
        raise InputError("warnings.no_reply", value=row.code)
    if last.by == actor.code:
        raise InputError("warnings.own_reply", value=row.code)
    if not reason.strip() and not accepted:
        raise InputError("warnings.needs_reason", column="reason")
    with transaction.atomic():
        last.state, last.decided, last.decided_by = ("accepted" if accepted else "refused"), now, actor.code
        last.decision = reason.strip()
        save(SYSTEM, last, f"judged by {actor.code}: {reason}"[:500])
        row.reply_state = "accepted" if accepted else "refused"
        if accepted:
            settle(row, "reply", now)
        else:
            row.reply_due, row.ladder = _end(row.reply_clock, now), ""
        save(actor, row, reason)
        _note(row, row.reply_state, actor, now, {"reply": last.number}, reason)
    return row


def settle(row: Warning, by: str, now: datetime) -> None:
    """Note that a person has disposed of a warning; the first time counts."""
    if row.handled is None:
        row.handled, row.handled_by = now, by


def lateness(row: Warning, now: datetime) -> dict[str, int]:
    """Return how late a reply is: in hours, or in working days as its term is; empty if it is not."""
    if row.reply_due is None or now <= row.reply_due or row.reply_state not in ("owed", "refused"):
        return {}
    if row.reply_clock.get("unit") != "working":
        return {"hours_late": int((now - row.reply_due).total_seconds() // HOUR)}
    first, last = (one.astimezone(CHINA).date() for one in (row.reply_due, now))
    try:
        return {"days_late": max(working_days_between(first, last), 0)}
    except StandardError:
        return {"days_late": 0}


def next_step(row: Warning, now: datetime) -> Mapping[str, Any]:
    """Return the step of the ladder that is due and not taken yet, with whom it tells; empty if none."""
    late = lateness(row, now)
    if not late:
        return {}
    book = in_force("warning_escalation", now.astimezone(CHINA).date(), row.region_id or "")
    found = evaluate(book, late)
    order = list(replies()["ladder"]["order"])
    step = str(found.outputs.get("step", ""))
    if not step or (row.ladder and order.index(step) <= order.index(row.ladder)):
        return {}
    judged = {"rulebook": book.id, "version": book.version, "row": found.hits[0].number, **late}
    return {"step": step, "told": str(found.outputs["told"]), "judged": judged}


def escalate(now: datetime) -> int:
    """Take every step of the ladder that is due; return how many were taken.

    A level rises; at the last step the warning becomes an issue. Where nothing looked for a while,
    the highest step that is due is taken alone.
    """
    from huanzhi.center.warnings.entering import open_for, rise

    taken = 0
    owed = Warning.objects.filter(reply_state__in=("owed", "refused"), reply_due__lt=now, muted=False)
    for row in owed.select_related("region"):
        step = next_step(row, now)
        if not step:
            continue
        with transaction.atomic():
            row.ladder = step["step"]
            row.told = [*row.told, {"at": stamp(now), "step": step["step"], "told": step["told"]}]
            save(SYSTEM, row, "escalation")
            _note(row, step["step"], SYSTEM, now, {"told": step["told"], **step["judged"]})
            if step["step"] in ("raise", "issue"):
                rise(row, now, _above(row.level))
            if step["step"] == "issue" and not row.issue:
                open_for(SYSTEM, row, now)
        taken += 1
    return taken


def _above(level: str) -> str:
    known = levels()
    return known[min(known.index(level) + 1, len(known) - 1)]


def _note(
    row: Warning, kind: str, actor: Actor, now: datetime, facts: Mapping[str, Any], words: str = ""
) -> None:
    Change.objects.create(
        warning=row, kind=kind, actor=actor.code, at=now, facts=dict(facts), words=words[:2000]
    )
