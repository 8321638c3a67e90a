"""Opening 交办: a problem of the feedback becomes a task with a number, and an issue that follows it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import UTC, date, datetime
from typing import Any

from django.db import transaction

from huanzhi.center.rectification import clocks, driving
from huanzhi.center.rectification.models import Batch, Measure, Task
from huanzhi.center.rectification.settings import checked, settings
from huanzhi.center.rectification.writing import next_number, write
from huanzhi.errors import InputError
from huanzhi.library.enterprises.models import Enterprise
from huanzhi.library.people.models import Organisation
from huanzhi.library.places.models import Region
from huanzhi.library.records.stepping import Move
from huanzhi.library.rights import Actor, require, thing_of


@dataclass(frozen=True, slots=True)
class Draft:
    """What is known of a problem when it is handed over; what the source does not say stays empty.

    Attributes
    ----------
    region, lead, supervisor, enterprise : str
        Codes.
    measures : sequence of str
        One by one.
    missing : sequence of str
        What the source leaves out.
    level : str
        Who accepts; that of the batch's origin where it is empty.
    """

    title: str
    problem: str = ""
    target: str = ""
    measures: Sequence[str] = ()
    serial: str = ""
    nature: str = "task"
    category: str = "other"
    region: str = ""
    enterprise: str = ""
    lead: str = ""
    lead_name: str = ""
    cooperating: str = ""
    in_charge: str = ""
    supervisor: str = ""
    supervisor_name: str = ""
    term_class: str = ""
    term: date | None = None
    term_words: str = ""
    standing: bool = False
    missing: Sequence[str] = ()
    source: str = ""
    quote: str = ""
    offset: int | None = None
    level: str = ""
    mechanism: str = ""
    simulated: bool = False
    facts: Mapping[str, Any] = field(default_factory=dict)


def open_task(
    actor: Actor,
    batch: Batch,
    draft: Draft,
    requirement: str = "",
    *,
    parent: Task | None = None,
    now: datetime | None = None,
    permitted: bool = False,
) -> Task:
    """Open a task and the issue that follows it; `permitted` where the right was asked of something else.

    Raises
    ------
    InputError
        ``rectification.no_title``, ``issues.no_region``, ``issues.no_organisation``, or what rights refuse.
    """
    now = now or datetime.now(UTC)
    if not draft.title.strip():
        raise InputError("rectification.no_title")
    with transaction.atomic():
        task = _task(batch, draft, parent, now)
        if not permitted:
            require(actor, "create", thing_of(task))
        year = f"{now.astimezone(clocks.CHINA):%Y}"
        task.number = next_number(f"T{year}", f"ZG-{year}")
        clocks.start(task, now)
        task.issue = driving.open_issue_of(actor, task, now).number
        words = requirement.strip() or draft.problem or draft.title
        told = {"requirement": words, "source": draft.source, "offset": draft.offset}
        write(actor, task, Move("open", None, told, "", now))
        for number, measure in enumerate(_lines(draft.measures), 1):
            Measure.objects.create(task=task, number=number, words=measure)
        driving.hand_over(actor, task, words, now)
    return task


def told_of(draft: Draft) -> dict[str, Any]:
    """Return a draft as plain values."""
    return asdict(draft)


def organisation_of(code: str) -> Organisation | None:
    """Return an organisation; InputError ``issues.no_organisation`` where a code names none."""
    if not code:
        return None
    found = Organisation.objects.filter(code=code).first()
    if found is None:
        raise InputError("issues.no_organisation", value=code)
    return found


def _lines(measures: Sequence[str]) -> list[str]:
    return [one.strip()[:2000] for one in measures if one.strip()]


def _task(batch: Batch, draft: Draft, parent: Task | None, now: datetime) -> Task:
    checked("nature", draft.nature, "nature")
    owner = Enterprise.objects.filter(code=draft.enterprise).first() if draft.enterprise else None
    if draft.enterprise and owner is None:
        raise InputError("issues.no_enterprise", value=draft.enterprise)
    lead = organisation_of(draft.lead)
    supervisor = organisation_of(draft.supervisor)
    level = draft.level or settings()["origin"][batch.origin]["level"]
    return Task(
        batch=batch,
        parent=parent,
        serial=draft.serial,
        nature=draft.nature,
        title=draft.title.strip()[:200],
        problem=draft.problem,
        source=draft.source or batch.source,
        quote=draft.quote,
        offset=draft.offset,
        target=draft.target,
        category=draft.category,
        level=checked("level", level, "level"),
        region=_region(draft.region) or (owner.region if owner else batch.region),
        enterprise=owner.code if owner else "",
        enterprise_name=owner.name if owner else "",
        lon=owner.lon if owner else None,
        lat=owner.lat if owner else None,
        organisation=lead,
        lead_name=draft.lead_name or (lead.name if lead else ""),
        cooperating=draft.cooperating,
        in_charge=draft.in_charge,
        supervisor=supervisor,
        supervisor_name=draft.supervisor_name or (supervisor.name if supervisor else ""),
        term_class=draft.term_class,
        term=draft.term,
        term_words=draft.term_words,
        missing=list(draft.missing),
        standing=draft.standing,
        mechanism=draft.mechanism,
        opened=now,
        entered=now,
        simulated=draft.simulated or batch.simulated,
    )


def _region(code: str) -> Region | None:
    if not code:
        return None
    found = Region.objects.filter(pk=code).first()
    if found is None:
        raise InputError("issues.no_region", value=code)
    return found
