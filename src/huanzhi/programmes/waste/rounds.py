"""The daily round 每日巡检: findings, imbalance, issues; it may be done again at any time."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from typing import Any

from django.db import transaction

from huanzhi.center.issues.evidence import attached
from huanzhi.center.issues.models import Issue
from huanzhi.center.issues.opening import Draft, open_issue
from huanzhi.center.issues.table import table
from huanzhi.center.watching.facts import facts_of
from huanzhi.ecocode.waste.findings import settle as settled
from huanzhi.ecocode.waste.models import Finding
from huanzhi.ecocode.waste.refreshing import refresh
from huanzhi.ecocode.waste.settings import settings
from huanzhi.ecocode.waste.writing import step
from huanzhi.errors import InputError, StoreError
from huanzhi.library.devices import open_register
from huanzhi.library.records.changing import save
from huanzhi.library.rights import SYSTEM, Actor, require, thing_of
from huanzhi.library.series import open_store
from huanzhi.library.work.worker import Run
from huanzhi.messages import text, using
from huanzhi.programmes.live.waste_ledgers import keep_up, living
from huanzhi.programmes.waste.electricity import by_day
from huanzhi.programmes.waste.imbalance import DAYS, Power, hold
from huanzhi.standards.periods import CHINA, stamp

CHANNEL, CATEGORY = "ledger", "solid_waste"


def daily(run: Run) -> dict[str, Any]:
    """Take in the ledgers of the test city, where one lives here, and do the round of now."""
    now = datetime.now(UTC)
    return {"city": keep_up(now, living()), **go_round(now)}


def go_round(now: datetime) -> dict[str, Any]:
    """Renew what does not fit, hold ledgers against electricity, and open the issues of what stands."""
    return {**refresh(now), "imbalance": hold(_power(now), now), "issues": open_issues(now)}


def _power(now: datetime) -> Power:
    """Return the electricity of the last days; none where there is no store yet."""
    last = now.astimezone(CHINA).date() - timedelta(days=1)
    with open_register() as register:
        facts = facts_of(register.outlets().values())
    try:
        with open_store("read") as store:
            return by_day(store, facts, last - timedelta(days=DAYS - 1), last)
    except StoreError as error:
        if error.key != "series.none_here":
            raise
        return {}


def open_issues(now: datetime) -> int:
    """Open an issue for each finding that stands and asks for one; the same finding has one issue."""
    sorts = [name for name, row in settings()["finding"].items() if row["issue"] and name != "imbalance"]
    rows = Finding.objects.filter(sort__in=sorts, until__isnull=True, issue="").select_related("enterprise")
    opened = 0
    for row in rows.order_by("pk"):
        row.issue = open_issue(SYSTEM, _draft(row), now=now).number
        save(SYSTEM, row, "issue")
        opened += 1
    return opened


def to_issue(actor: Actor, finding: Finding, words: str, now: datetime) -> Finding:
    """Open an issue of a finding that stands, by the office, without waiting for the round.

    Raises
    ------
    InputError
        ``waste.has_issue`` or ``waste.not_now``; if the actor may open no issue.
    """
    with transaction.atomic():
        held: Finding = Finding.objects.select_for_update(of=("self",)).get(pk=finding.pk)
        if held.revision != finding.revision:
            raise InputError("records.stale", value=held.code)
        require(actor, "approve", thing_of(held))
        if held.issue:
            raise InputError("waste.has_issue", value=held.code, issue=held.issue)
        if held.until is not None:
            raise InputError("waste.not_now", value=held.code)
        held.issue = open_issue(actor, _draft(held), words.strip(), now=now).number
        held.steps = [*held.steps, step(actor, "issue", now, words.strip(), issue=held.issue)]
        save(actor, held, "issue")
    return held


def settle(actor: Actor, finding: Finding, basis: str, words: str, now: datetime) -> Finding:
    """Settle a finding; the settlement enters its issue as a record, and the issue goes on as it stands.

    Nothing closes by it: the issue is verified and written off by its own steps and its two people.
    """
    with transaction.atomic():
        held = settled(actor, finding, basis, words, now)
        issue = Issue.objects.filter(number=held.issue).first() if held.issue else None
        if issue is None or not table().states[issue.state].open:
            return held
        piece = attached(actor, issue, _record(held), f"{held.issue}-settlement.json", "record", now, now=now)
        held.steps = [*held.steps, step(SYSTEM, "record", now, issue=issue.number, sha256=piece.sha256)]
        save(SYSTEM, held, "record")
    return held


def _record(row: Finding) -> bytes:
    """Return what was settled, on what basis and why, as it is kept with the issue."""
    names = ("code", "sort", "waste", "facts", "explanation", "basis", "settlement", "settled_by")
    told: dict[str, Any] = {name: getattr(row, name) for name in names}
    told |= {"day": row.day.isoformat(), "settled": stamp(row.settled)}
    return json.dumps(told, ensure_ascii=False, indent=1, sort_keys=True).encode()


def _draft(row: Finding) -> Draft:
    words = settings()["finding"][row.sort]
    with using("zh"):
        title = text("waste.issue_title", finding=f"{words['zh']} {row.waste}".strip())
    return Draft(
        title=title,
        category=CATEGORY,
        channel=CHANNEL,
        enterprise=row.enterprise.code,
        source_ref=row.code,
        since=datetime.combine(row.day, datetime.min.time(), CHINA),
        facts={"sort": row.sort, "waste": row.waste, "confidence": row.confidence, **row.facts},
        simulated=row.simulated,
    )
