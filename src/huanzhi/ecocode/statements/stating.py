"""Stating 说明: file a statement, answer it, withdraw it, give evidence with it."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Any

from django.db import transaction

from huanzhi.ecocode.statements.models import Statement, StatementCounter, StatementPiece
from huanzhi.ecocode.statements.settings import checked, settings
from huanzhi.errors import InputError
from huanzhi.library.calendar import Duration, known_end
from huanzhi.library.enterprises.models import Enterprise, Outlet
from huanzhi.library.kept import clean_name, keep
from huanzhi.library.records.acting import act
from huanzhi.library.rights import Actor, may, require, thing_of
from huanzhi.library.trail.chain import append
from huanzhi.standards.periods import CHINA

Given = Mapping[str, Any]
FIELDS = (
    "parameter",
    "period",
    "value",
    "limit",
    "unit",
    "cause",
    "subject_kind",
    "subject_key",
    "subject_field",
    "should_be",
)
STANDING = ("filed", "accepted")


def state(actor: Actor, enterprise: Enterprise, given: Given, now: datetime) -> Statement:
    """File a statement of an enterprise; its term for the answer begins.

    Parameters
    ----------
    given : mapping
        ``sort`` and the fields that it needs; ``outlet`` by its code.

    Raises
    ------
    InputError
        If the actor may not, something is missing, the day cannot be explained, or it already is.
    """
    sort = checked("sort", str(given.get("sort", "")), "sort")
    for field in settings()["sort"][sort]["needs"]:
        if given.get(field) in (None, ""):
            raise InputError("enterprise_file.missing", column=field)
    made = Statement(
        sort=sort,
        enterprise=enterprise,
        region=enterprise.region,
        organisation=enterprise.organisation,
        outlet=_outlet(enterprise, str(given.get("outlet") or "")),
        day=given.get("day"),
        words=str(given["words"]).strip()[:4000],
        filed=now,
        filed_by=actor.code,
        filed_name=actor.name,
        simulated=enterprise.simulated,
        **{name: str(given.get(name) or "") for name in FIELDS},
    )
    with transaction.atomic():
        require(actor, "create", thing_of(made))
        _explicable(made, now)
        made.number = _number(settings()["sort"][sort]["prefix"], now)
        made.due, made.due_note = _term(now)
        _step(made, actor, "file", made.words, now)
        act(actor, made, "create", made.number, right="create")
    return made


def _outlet(enterprise: Enterprise, code: str) -> Outlet | None:
    found = Outlet.objects.filter(code=code, enterprise=enterprise).first() if code else None
    if code and found is None:
        raise InputError("enterprise_file.not_its_outlet", column="outlet", value=code)
    return found


def _explicable(made: Statement, now: datetime) -> None:
    """Refuse a day that lies ahead or too far back, and a second explanation of the same one."""
    if made.sort != "exceedance" or made.day is None:
        return
    today, most = now.astimezone(CHINA).date(), settings()["limits"]["back_days"]
    if not today - timedelta(days=most) <= made.day <= today:
        raise InputError("enterprise_file.day", column="day", value=made.day.isoformat(), days=most)
    same = explanations([made.enterprise.code], made.day, made.day)
    known = same.get((made.outlet.code if made.outlet else "", made.parameter, made.day))
    if known is not None and known.state in STANDING:
        raise InputError("enterprise_file.explained", value=known.number)


def _term(start: datetime) -> tuple[datetime | None, str]:
    """Return the end of the term for the answer, or none and why: unknown holidays are not guessed."""
    row = settings()["terms"]["answer"]
    end, gap = known_end(start, Duration(row["number"], row["unit"]))
    return end, f"issues.due_{gap}" if gap else ""


def _number(prefix: str, now: datetime) -> str:
    begun = f"{prefix}-{now.astimezone(CHINA):%Y%m%d}"
    StatementCounter.objects.get_or_create(name=begun)
    counter = StatementCounter.objects.select_for_update().get(name=begun)
    counter.last += 1
    counter.save()
    return f"{begun}-{counter.last:04d}"


def move(actor: Actor, statement: Statement, name: str, given: Given, now: datetime) -> Statement:
    """Take a step of the table ``[move]``.

    Raises
    ------
    InputError
        If the actor may not, it is not the time for it, or words are missing.
    """
    row = settings()["move"].get(name)
    if row is None:
        raise InputError("enterprise_file.choice", column="move", value=name)
    with transaction.atomic():
        rows = Statement.objects.select_for_update(of=("self",))
        held = rows.select_related("region", "organisation", "enterprise", "outlet").get(pk=statement.pk)
        if held.revision != statement.revision:
            raise InputError("records.stale", value=held.number)
        require(actor, row["right"], thing_of(held))
        if held.state not in row["from"] or not _for(actor, held, row):
            raise InputError("enterprise_file.not_now", value=held.number)
        words = str(given.get("words") or "").strip()
        if "words" in row["needs"] and not words:
            raise InputError("enterprise_file.missing", column="words")
        held.state = row.get("to", held.state)
        if row["right"] == "approve":
            held.answered, held.answered_by, held.answered_name = now, actor.code, actor.name
            held.answer = words[:4000]
        _step(held, actor, name, words, now)
        act(actor, held, name, words[:500])
    return held


def _for(actor: Actor, statement: Statement, row: Given) -> bool:
    """Return whether a step is for this side: the enterprise's own steps are for nobody else."""
    owner = statement.organisation.code if statement.organisation else ""
    return not row.get("own") or (bool(owner) and actor.organisation == owner) or not owner


def allowed(actor: Actor, statement: Statement) -> list[str]:
    """Return the steps that somebody may take now."""
    thing = thing_of(statement)
    return [
        name
        for name, row in settings()["move"].items()
        if statement.state in row["from"]
        and _for(actor, statement, row)
        and may(actor, row["right"], thing).allowed
    ]


def attach(
    actor: Actor, statement: Statement, content: bytes, name: str, kind: str, now: datetime
) -> StatementPiece:
    """Keep a file given with a statement; durable on return. The same bytes twice are one piece."""
    require(actor, "change", thing_of(statement))
    checked("evidence", kind, "kind")
    limits = settings()["limits"]
    if not content:
        raise InputError("issues.empty_evidence")
    if len(content) > limits["evidence_bytes"]:
        raise InputError("issues.too_large", most=limits["evidence_bytes"])
    if statement.state != "filed":
        raise InputError("enterprise_file.not_now", value=statement.number)
    sha256, sm3 = hashlib.sha256(content).hexdigest(), hashlib.new("sm3", content).hexdigest()
    with transaction.atomic():
        known = StatementPiece.objects.filter(statement=statement, sha256=sha256).first()
        if known is not None:
            return known
        if StatementPiece.objects.filter(statement=statement).count() >= limits["evidence_each"]:
            raise InputError("issues.too_many", most=limits["evidence_each"])
        keep(content, sha256)
        told = {"sha256": sha256, "sm3": sm3, "name": clean_name(name), "kind": kind, "size": len(content)}
        made = StatementPiece.objects.create(
            statement=statement, received_at=now, actor=actor.code, actor_name=actor.name, **told
        )
        append(actor, "attach", Statement.KIND, statement.number, after=told)
    return made


def explanations(
    enterprises: list[str], first: date, last: date, rows: Any = None
) -> dict[tuple[str, str, date], Statement]:
    """Return what enterprises said of days beyond a limit, by outlet, parameter and day; the newest of each.

    Parameters
    ----------
    rows : queryset, optional
        Those that the reader may see; all of them by default.
    """
    found = Statement.objects.all() if rows is None else rows
    found = found.filter(enterprise__code__in=enterprises, sort="exceedance", day__gte=first, day__lte=last)
    chosen = found.exclude(state="withdrawn").select_related("outlet").order_by("pk")
    return {(one.outlet.code if one.outlet else "", one.parameter, one.day): one for one in chosen}


def _step(statement: Statement, actor: Actor, name: str, words: str, now: datetime) -> None:
    at = now.astimezone(CHINA).isoformat(timespec="seconds")
    told = {"at": at, "actor": actor.code, "name": actor.name, "move": name, "words": words}
    statement.steps = [*statement.steps, told]
