"""Jobs: asked for by people or by the clock, taken by one worker at a time.

A worker holds a job by a lease that it renews. Whoever dies leaves the lease to run out, and the job is
begun again, so what a kind does must bear being begun twice.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Q

from huanzhi.library.work.models import CANCELLED, DONE, ENDED, FAILED, QUEUED, RUNNING, Job

LEASE = timedelta(seconds=30)
"""How long a job is a worker's without a sign of life. DEFAULT, NOT FROM THE DOCUMENTS."""

MOST_TRIES = 3
"""How often a job is begun that its workers do not survive. DEFAULT, NOT FROM THE DOCUMENTS."""


def ask_for(
    kind: str, arguments: Mapping[str, Any] | None = None, who: str = "system", slot: str | None = None
) -> Job:
    """Put a job into the queue; one with a `slot` that is there already is returned as it is."""
    made = Job(kind=kind, arguments=dict(arguments or {}), who=who, slot=slot, made=_now())
    try:
        with transaction.atomic():
            made.save(force_insert=True)
    except IntegrityError:
        return Job.objects.get(slot=slot)
    return made


def claim(worker: str) -> Job | None:
    """Take the oldest job that is free; None where none is.

    The change is made only where nobody else made it in between, so two workers never hold one job.
    """
    now = _now()
    _give_up_lost(now)
    free = Q(state=QUEUED) | Q(state=RUNNING, lease__lt=now)
    for job in Job.objects.filter(free).order_by("pk")[:20]:
        mine = Job.objects.filter(pk=job.pk, state=job.state, tries=job.tries, lease=job.lease)
        taken = mine.update(
            state=RUNNING,
            worker=worker,
            lease=now + LEASE,
            tries=job.tries + 1,
            begun=job.begun or now,
            progress=0.0,
        )
        if taken:
            return Job.objects.get(pk=job.pk)
    return None


def _give_up_lost(now: datetime) -> None:
    """End jobs that no worker survived."""
    lost = Job.objects.filter(state=RUNNING, lease__lt=now, tries__gte=MOST_TRIES)
    error = {"error": "work.lost", "message": "", "expected": None}
    lost.update(state=FAILED, ended=now, lease=None, error=error)


def renew(job: Job) -> bool:
    """Prolong the lease; False where the job is not the worker's any more."""
    return bool(_held(job).update(lease=_now() + LEASE))


def tell(job: Job, progress: float, words: str, values: Mapping[str, Any]) -> bool:
    """Note how far it is; False where it is to be given up: cancelled, or another worker's by now."""
    share = min(max(progress, 0.0), 1.0)
    held = _held(job)
    noted = held.update(progress=share, words=words, values=dict(values), lease=_now() + LEASE)
    return bool(noted) and not held.filter(cancelling=True).exists()


def finish(job: Job, state: str, *, result: Any = None, error: Mapping[str, Any] | None = None) -> bool:
    """End a job, if it still is the worker's."""
    changes: dict[str, Any] = {"state": state, "ended": _now(), "lease": None}
    if state == DONE:
        changes["progress"] = 1.0
    given = dict(error) if error else None
    return bool(_held(job).update(result=result, error=given, **changes))


def cancel(number: int) -> Job | None:
    """Cancel a job: at once where it waits, as soon as its worker looks where it runs; None if unknown."""
    Job.objects.filter(pk=number, state=QUEUED).update(state=CANCELLED, ended=_now())
    Job.objects.filter(pk=number, state=RUNNING).update(cancelling=True)
    return Job.objects.filter(pk=number).first()


def forget(before: datetime) -> int:
    """Delete jobs that ended before a moment, but for the last of each slot's kind; return how many."""
    return int(Job.objects.filter(state__in=ENDED, ended__lt=before, slot=None).delete()[0])


def _held(job: Job) -> Any:
    return Job.objects.filter(pk=job.pk, state=RUNNING, worker=job.worker, tries=job.tries)


def _now() -> datetime:
    return datetime.now(UTC)


def release(job: Job) -> None:
    """Put a job back into the queue, as one that was not begun."""
    _held(job).update(state=QUEUED, lease=None, tries=max(job.tries - 1, 0), worker="")
