"""Talks 约谈: triggers propose them, people summon, record and follow up; referrals for accountability."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime
from typing import Any

from django.db import transaction

from huanzhi.center.issues.machine import Asked, Standing, Taken, advance, possible
from huanzhi.center.issues.table import Transition
from huanzhi.center.rectification import clocks, ladder, returns
from huanzhi.center.rectification.models import Referral, Step, Talk, TalkStep, Task
from huanzhi.center.rectification.settings import checked, settings, talk_table, word
from huanzhi.center.rectification.writing import next_number
from huanzhi.errors import InputError
from huanzhi.library.people.models import Person
from huanzhi.library.records.changing import save
from huanzhi.library.records.checking import check_fields
from huanzhi.library.records.stepping import save_checked
from huanzhi.library.rights import SYSTEM, Actor, Thing, may, require, thing_of
from huanzhi.library.trail.chain import append


def triggers(task: Task, now: datetime) -> dict[str, dict[str, Any]]:
    """Return what calls for a talk about a task, with the figures behind it."""
    known = settings()["talk_trigger"]
    found: dict[str, dict[str, Any]] = {}
    if known["overdue"]["letter"] in ladder.open_letters(task, now):
        days = task.late_days(clocks.today(now))
        found["overdue"] = {"days": days, "confidence": settings()["letter"]["talk"]["confidence"]}
    late = returns.late_of(task, now)
    if late >= known["returns"]["late"] and task.is_open:
        found["returns"] = {"late": late, "needed": known["returns"]["late"], "confidence": "PROPOSAL"}
    relapse = _relapse(task)
    if relapse:
        found[relapse] = {"reopened": task.reopened, "confidence": "PROPOSAL"}
    return found


def propose_talks(task: Task, now: datetime) -> list[Talk]:
    """Propose the talks that are called for and that no talk of this round stands for yet."""
    had = set(Talk.objects.filter(task=task).values_list("trigger", "why__round"))
    made = []
    for trigger, why in triggers(task, now).items():
        if (trigger, task.round) not in had:
            level = settings()["talk_trigger"][trigger]["level"]
            matter = f"{task.number} {task.title}：{word('talk_trigger', trigger)}"
            made.append(_open(SYSTEM, task, trigger, level, matter, {**why, "round": task.round}, now))
    return made


def open_talk(actor: Actor, task: Task, trigger: str, level: str, matter: str, *, now: datetime) -> Talk:
    """Propose a talk by hand.

    Raises
    ------
    InputError
        What rights refuse, or a word that is not in its table.
    """
    checked("talk_trigger", trigger, "trigger")
    checked("talk_level", level, "level")
    if not matter.strip():
        raise InputError("rectification.no_words")
    owner = task.organisation.code if task.organisation else ""
    require(actor, "create", Thing(Talk.KIND, task.region.path, owner))
    return _open(actor, task, trigger, level, matter.strip(), {}, now)


def move_talk(
    actor: Actor,
    talk: Talk,
    step: str,
    outputs: Mapping[str, Any],
    reason: str = "",
    *,
    now: datetime | None = None,
) -> Talk:
    """Take a step of a talk; holding it issues the letter of the ladder where that is open."""
    now, wanted = now or datetime.now(UTC), talk_table().transition(step)
    require(actor, wanted.right, thing_of(talk))
    with transaction.atomic():
        held = Talk.objects.select_for_update(of=("self",)).select_related("region", "task").get(pk=talk.pk)
        if held.revision != talk.revision:
            raise InputError("records.stale", value=talk.number)
        before = held.as_row()
        given = {name: value for name, value in outputs.items() if value not in (None, "")}
        held.state = advance(_standing(held), Asked(step, actor.code, given), talk_table()).state
        _effects(held, wanted, given, now)
        _write(actor, held, before, step, given, reason, now)
        if step == "hold" and held.task is not None and "talk" in ladder.open_letters(held.task, now):
            _letter(actor, held, now)
    return held


def allowed(actor: Actor, talk: Talk) -> list[Transition]:
    """Return the steps that somebody may take now."""
    thing = thing_of(talk)
    moves = possible(_standing(talk), actor.code, talk_table())
    return [one for one in moves if may(actor, one.right, thing).allowed]


def refer(
    actor: Actor,
    talk: Talk,
    receiver: str,
    persons: str,
    facts: str,
    handlers: Sequence[str],
    *,
    now: datetime,
) -> Referral:
    """Refer a matter for accountability; who refers it and the named handlers see it, nobody else.

    Raises
    ------
    InputError
        ``issues.no_person``, ``rectification.no_words``, or what rights refuse.
    """
    require(actor, "command", thing_of(talk))
    require(
        actor,
        "create",
        Thing(Referral.KIND, talk.region.path, sensitivity="restricted", handlers=(actor.code,)),
    )
    if not (receiver.strip() and persons.strip() and facts.strip()):
        raise InputError("rectification.no_words")
    named = [_person(code) for code in dict.fromkeys([actor.code, *handlers])]
    with transaction.atomic():
        made = Referral(
            code=next_number("R", "WZ"),
            talk=talk,
            region=talk.region,
            receiver=receiver.strip()[:200],
            persons=persons.strip()[:1000],
            facts=facts.strip()[:8000],
            referred=now,
            revision=1,
            simulated=talk.simulated,
        )
        check_fields(made)
        made.save()
        made.handlers.set(named)
        append(actor, "create", Referral.KIND, made.code, after=made.as_row(), restricted=True)
    return made


def answer_referral(actor: Actor, referral: Referral, result: str, *, closed: bool) -> Referral:
    """Note what came of a referral."""
    referral.result = result.strip()[:4000]
    referral.state = "closed" if closed else "open"
    save(actor, referral)
    return referral


def _open(
    actor: Actor, task: Task, trigger: str, level: str, matter: str, why: dict[str, Any], now: datetime
) -> Talk:
    with transaction.atomic():
        year = f"{clocks.today(now):%Y}"
        talk = Talk(
            number=next_number(f"Y{year}", f"YT-{year}"),
            task=task,
            organisation=task.organisation,
            organisation_name=task.lead_name,
            region=task.region,
            trigger=trigger,
            level=level,
            matter=matter[:2000],
            why={**why, "round": task.round},
            opened=now,
            simulated=task.simulated,
        )
        _write(actor, talk, None, "open", {"matter": talk.matter}, "", now)
    return talk


def _effects(talk: Talk, step: Transition, given: Mapping[str, Any], now: datetime) -> None:
    for name in ("level", "attendees", "record", "commitments"):
        if name in given:
            setattr(talk, name, str(given[name]))
    for name in ("day", "held_on"):
        if name in given:
            talk.day = date.fromisoformat(str(given[name]))
    clocks.run(talk, talk_table().states[talk.state].clock, now)


def _write(
    actor: Actor,
    talk: Talk,
    before: Mapping[str, Any] | None,
    step: str,
    outputs: Mapping[str, Any],
    reason: str,
    now: datetime,
) -> None:
    save_checked(talk)
    number = TalkStep.objects.filter(talk=talk).count() + 1
    TalkStep.objects.create(
        talk=talk,
        number=number,
        at=now,
        actor=actor.code,
        actor_name=actor.name,
        transition=step,
        after=talk.state,
        outputs=dict(outputs),
        reason=reason,
    )
    append(actor, step, Talk.KIND, talk.number, before=before, after=talk.as_row(), reason=reason)


def _standing(talk: Talk) -> Standing:
    steps = TalkStep.objects.filter(talk=talk).order_by("number").values_list("transition", "actor")
    return Standing(talk.state, tuple(Taken(*one) for one in steps), fresh=talk_table().fresh)


def _letter(actor: Actor, talk: Talk, now: datetime) -> None:
    task = Task.objects.select_related("region", "organisation", "batch").get(pk=talk.task_id)
    if may(actor, "command", thing_of(task)).allowed:
        ladder.issue_letter(actor, task, "talk", f"{talk.number} {talk.matter}", now=now)


def _relapse(task: Task) -> str:
    """Return ``relapse`` or ``falsified`` where the task was opened again in this round."""
    if not task.reopened or not task.is_open:
        return ""
    last = Step.objects.filter(task=task, transition="reopen").order_by("-number").first()
    return "falsified" if last is not None and last.outputs.get("relapse") == "falsified" else "relapse"


def _person(code: str) -> Person:
    found = Person.objects.filter(code=code).first()
    if found is None:
        raise InputError("issues.no_person", value=code)
    return found
