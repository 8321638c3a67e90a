"""Regular work 定时任务: what the kinds of background work do; each bears being begun twice."""

from __future__ import annotations

import time
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from django.contrib.sessions.models import Session
from django.utils import timezone

from huanzhi.center.bulletin.making import make_missing
from huanzhi.center.hazards.keeping import escalate as escalate_hazards
from huanzhi.center.inspections.pools import refresh as refresh_pool
from huanzhi.center.petitions.escalating import escalate
from huanzhi.center.rectification.regular import daily
from huanzhi.center.rewards.awarding import lapse, settle
from huanzhi.ecocode.disclosure.patrolling import patrol
from huanzhi.ecocode.quotas.expiring import lapse as lapse_quotas
from huanzhi.ecocode.services.grading import grade_all
from huanzhi.errors import StoreError
from huanzhi.library.devices import open_register
from huanzhi.library.enterprises.adopting import adopt
from huanzhi.library.home import home_folder
from huanzhi.library.receipts.keeping import forget_old
from huanzhi.library.reviews import open_ledger
from huanzhi.library.rights import SYSTEM
from huanzhi.library.series import open_store
from huanzhi.library.trail.anchors import anchor_days
from huanzhi.library.trail.gathering import gather as gather_ledgers
from huanzhi.library.work.jobs import forget
from huanzhi.library.work.upkeep import look_after_database
from huanzhi.library.work.worker import Run, Work
from huanzhi.network.quality.running import Plan, run_checks
from huanzhi.programmes.audits.working import follow as follow_audits
from huanzhi.programmes.conduct.regular import KINDS as CONDUCT
from huanzhi.programmes.disclosure.known import known
from huanzhi.programmes.emission.regular import KINDS as PERMITS
from huanzhi.programmes.enterprise_file.reckoning import keep_up
from huanzhi.programmes.exchange.doing import resume
from huanzhi.programmes.indicators.keeping import nightly
from huanzhi.programmes.status_report.reminding import remind_all
from huanzhi.programmes.warning_rounds.rounds import KINDS as WARNINGS
from huanzhi.programmes.waste.rounds import daily as waste_daily
from huanzhi.standards.periods import CHINA, CHINA_OFFSET, DAY, HOUR

PATIENCE = 60.0
"""Seconds that work waits for another writer of the store to let go. Ours."""

KEPT = timedelta(days=90)
"""How long jobs are kept after their end. DEFAULT, NOT FROM THE DOCUMENTS."""

CHECKED = 2 * DAY
"""How far back the checks look each time, so that late data are seen. DEFAULT, NOT FROM THE DOCUMENTS."""


def anchor(run: Run) -> dict[str, Any]:
    """Anchor the days of the trail that are over."""
    return {"days": [str(one.day) for one in anchor_days(datetime.now(UTC), home_folder())]}


def adopt_new(run: Run) -> dict[str, Any]:
    """Make typed rows of places and outlets that store and device register know."""
    with open_register() as register:
        try:
            with open_store("read") as store:
                return adopt(store, register).as_dict()
        except StoreError:
            return adopt(None, register).as_dict()


def gather(run: Run) -> dict[str, Any]:
    """Take what the other ledgers hold into the audit trail, each row once and in its order."""
    return dict(gather_ledgers(home_folder()))


def check(run: Run) -> dict[str, Any]:
    """Run the quality checks over the last days."""
    end = int(time.time()) // HOUR * HOUR
    start = (end - CHECKED + CHINA_OFFSET) // DAY * DAY - CHINA_OFFSET
    with open_register() as register:
        permits: Mapping[str, Any] = {code: one.permits for code, one in register.outlets().items()}
    try:
        with open_store("read") as store, open_ledger("write", store.home) as ledger:
            outcome = run_checks(store, ledger, Plan(start, end, permits=permits), datetime.now(UTC))
    except StoreError as error:
        if error.key == "series.none_here":
            return {"series": 0}
        raise
    renewal = outcome.renewal
    return {"series": outcome.series, "found": renewal.found, "new": renewal.new, "ended": renewal.ended}


def compact(run: Run) -> dict[str, Any]:
    """Join the small parts of the store."""
    with open_store("write", wait=PATIENCE) as store:
        before = len(store.manifest.live_parts())
        store.compact()
        return {"parts_before": before, "parts_after": len(store.manifest.live_parts())}


def tidy(run: Run) -> dict[str, Any]:
    """Delete sessions that are over, jobs that ended long ago, receipts that nobody asks for any more."""
    sessions = Session.objects.filter(expire_date__lt=timezone.now()).delete()[0]
    now = datetime.now(UTC)
    return {"sessions": sessions, "jobs": forget(now - KEPT), "receipts": forget_old(now)}


def bulletins(run: Run) -> dict[str, Any]:
    """Make the bulletins of the week and month that are over, where they are missing."""
    return {"made": make_missing(SYSTEM, datetime.now(UTC))}


def report_reminders(run: Run) -> dict[str, Any]:
    """Remind regions of status reports that are nearly due or late."""
    return dict(remind_all(datetime.now(UTC)))


def upkeep(run: Run) -> dict[str, Any]:
    """Let the business database measure its tables, so that its plans stay good as it grows."""
    return {"done": look_after_database()}


def inspection_pool(run: Run) -> dict[str, Any]:
    """Bring the pool of objects of inspection up to date."""
    return {"changed": refresh_pool(datetime.now(UTC))}


def hazards(run: Run) -> dict[str, Any]:
    """Open issues for major hidden dangers past their term, and tell them again."""
    return dict(escalate_hazards(datetime.now(UTC)))


def petitions(run: Run) -> dict[str, Any]:
    """Remind, urge and supervise what is late of petitions; close rewards that nobody fetched."""
    settle()
    now = datetime.now(UTC)
    return {"escalated": escalate(now), "lapsed": lapse(now)}


def rectification(run: Run) -> dict[str, Any]:
    """Ask for monthly returns and remind of them, propose letters and talks."""
    return daily(datetime.now(UTC))


def disclosure(run: Run) -> dict[str, Any]:
    """Let the patrol look through the disclosures of enterprises."""
    now = datetime.now(UTC)
    return dict(patrol(known(now.astimezone(CHINA).date()), now))


def quarters(run: Run) -> dict[str, Any]:
    """Reckon anew the verdicts of quarters whose limits or data changed."""
    try:
        with open_store("read") as store:
            return keep_up(store, datetime.now(UTC))
    except StoreError as error:
        if error.key == "series.none_here":
            return {"outlets": 0, "reckoned": 0}
        raise


def services(run: Run) -> dict[str, Any]:
    """Grade the service firms."""
    return dict(grade_all(datetime.now(CHINA).date()))


def exchange(run: Run) -> dict[str, Any]:
    """Deliver what did not leave yet to outside systems."""
    return dict(resume())


def indicators(run: Run) -> dict[str, Any]:
    """Judge the targets up to yesterday, and reckon the indicators of their regions."""
    return dict(nightly(SYSTEM, datetime.now(UTC)))


def quotas(run: Run) -> dict[str, Any]:
    """Take away emission quotas that are past their term."""
    return dict(lapse_quotas(datetime.now(UTC)))


def audits(run: Run) -> dict[str, Any]:
    """Let what audits demand follow the issues under which it is put right."""
    return dict(follow_audits(datetime.now(UTC)))


KINDS: Mapping[str, Work] = {
    "audits": audits,
    "quotas": quotas,
    "indicators": indicators,
    "exchange": exchange,
    "services": services,
    "disclosure": disclosure,
    "anchor": anchor,
    "adopt": adopt_new,
    "gather": gather,
    "check": check,
    "compact": compact,
    "quarters": quarters,
    "tidy": tidy,
    "petitions": petitions,
    "rectification": rectification,
    "hazards": hazards,
    "inspection_pool": inspection_pool,
    "upkeep": upkeep,
    "bulletins": bulletins,
    "report_reminders": report_reminders,
    "waste": waste_daily,
    **PERMITS,
    **WARNINGS,
    **CONDUCT,
}
"""Every kind of background work, and what does it."""
