"""The ladder 督办阶梯 and the five-step method 五步法: which letter is due for a task, proposed, then issued.

A letter opens only when its day has come and the letters before it were issued in this round. Reminders are
issued by the platform itself and say so; all others are proposed to a person.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import transaction

from huanzhi.center.rectification import clocks, driving
from huanzhi.center.rectification.models import Letter, Task
from huanzhi.center.rectification.moving import held_of
from huanzhi.center.rectification.settings import checked, settings, word
from huanzhi.center.rectification.writing import note, write
from huanzhi.errors import InputError
from huanzhi.library.records.stepping import Move
from huanzhi.library.rights import SYSTEM, Actor, require, thing_of
from huanzhi.messages import text, using


def rung(task: Task) -> str:
    """Return the step of the five on which a task stands, by its state and the letters issued."""
    five = settings()["five"]
    reached = [five["reached"].get(task.state, five["steps"][0])]
    reached += [settings()["letter"][one.kind]["five"] for one in _issued(task)]
    return max(reached, key=five["steps"].index)


def open_letters(task: Task, now: datetime) -> list[str]:
    """Return the letters whose day has come and whose steps before were taken, lowest first."""
    if task.term is None or task.state not in settings()["late"]["states"]:
        return []
    day = (clocks.today(now) - task.term).days
    issued = [one.kind for one in _issued(task)]
    found = []
    for kind, row in settings()["letter"].items():
        if kind in issued and not (kind == "press" and _press_again(task, now)):
            continue
        early = "presses" in row and issued.count("press") >= row["presses"]
        if (day >= row["days"] or early) and set(row.get("after", ())) <= set(issued):
            found.append(kind)
    return _highest_before_term(found)


def propose_letters(task: Task, now: datetime) -> list[Letter]:
    """Propose what is due and is not there yet; issue what the platform issues by itself."""
    made = []
    waiting = set(
        Letter.objects.filter(task=task, round=task.round, state="proposed").values_list("kind", flat=True)
    )
    for kind in open_letters(task, now):
        if kind not in waiting:
            made.append(_propose(task, kind, now))
    return made


def issue_letter(actor: Actor, task: Task, kind: str, words: str = "", *, now: datetime) -> Letter:
    """Issue a letter of the ladder.

    Raises
    ------
    InputError
        ``rectification.letter_closed`` if its day has not come or the step before is missing.
    """
    require(actor, "command", thing_of(task))
    checked("letter", kind, "kind")
    if kind not in open_letters(task, now):
        raise InputError("rectification.letter_closed", value=word("letter", kind))
    with transaction.atomic():
        rows = Letter.objects.filter(task=task, kind=kind, round=task.round, state="proposed")
        letter = rows.first() or _propose(task, kind, now)
        return _issue(actor, task, letter, words, now)


def drop_letter(actor: Actor, task: Task, number: int, reason: str) -> Letter:
    """Say that a proposed letter is not issued."""
    require(actor, "command", thing_of(task))
    letter = Letter.objects.filter(task=task, pk=number, state="proposed").first()
    if letter is None or not reason.strip():
        raise InputError(
            "rectification.no_letter" if letter is None else "rectification.no_words", value=number
        )
    letter.state, letter.reply = "dropped", reason.strip()[:4000]
    letter.save()
    note(actor, task, "drop_letter", {"kind": letter.kind}, reason)
    return letter


def reply(actor: Actor, task: Task, number: int, words: str) -> Letter:
    """Answer a letter for the unit that does the work."""
    require(actor, "change", thing_of(task))
    letter = Letter.objects.filter(task=task, pk=number, state="issued").first()
    if letter is None:
        raise InputError("rectification.no_letter", value=number)
    if not words.strip():
        raise InputError("rectification.no_words")
    letter.reply = words.strip()[:4000]
    letter.save()
    note(actor, task, "reply_letter", {"kind": letter.kind, "reply": letter.reply})
    return letter


def _propose(task: Task, kind: str, now: datetime) -> Letter:
    row = settings()["letter"][kind]
    days = (clocks.today(now) - task.term).days if task.term else 0
    why = {"days": days, "from": row["days"], "confidence": row["confidence"], "term": str(task.term)}
    auto = bool(row.get("auto"))
    letter = Letter(task=task, kind=kind, round=task.round, proposed=now, auto=auto, why=why)
    letter.words = _words(task, kind, days)
    letter.save()
    if auto:
        with transaction.atomic():
            _issue(SYSTEM, task, letter, "", now)
    return letter


def _issue(actor: Actor, task: Task, letter: Letter, words: str, now: datetime) -> Letter:
    letter.state, letter.issued = "issued", now
    letter.actor, letter.actor_name = actor.code, actor.name
    letter.words = words.strip()[:4000] or letter.words
    letter.save()
    held = held_of(Task.objects.get(pk=task.pk))
    before = held.as_row()
    held.ladder = letter.kind
    told: dict[str, Any] = {"letter": letter.kind, "why": letter.why, "finding": letter.words}
    write(actor, held, Move("letter", before, told, "", now))
    driving.follow(actor, held, "letter", {"finding": letter.words}, (), now)
    task.revision, task.ladder = held.revision, held.ladder
    return letter


def _words(task: Task, kind: str, days: int) -> str:
    with using("zh"):
        key = "letter_late" if days > 0 else "letter_before"
        values = {"number": task.number, "title": task.title, "term": str(task.term), "days": abs(days)}
        return text(f"rectification.{key}", **values, letter=word("letter", kind))


def _issued(task: Task) -> list[Letter]:
    return list(Letter.objects.filter(task=task, round=task.round, state="issued").order_by("pk"))


def _press_again(task: Task, now: datetime) -> bool:
    """Return whether a pressing letter may follow another: as many days after it as a bulletin waits."""
    last = [one for one in _issued(task) if one.kind == "press"][-1]
    again = settings()["letter"]["bulletin"]["days"]
    return last.issued is not None and (now - last.issued).days >= again


def _highest_before_term(found: list[str]) -> list[str]:
    """Leave out a reminder once the warning letter or the term itself has come."""
    before = [one for one in found if settings()["letter"][one]["days"] < 0]
    after = [one for one in found if one not in before]
    return after or before[-1:]
