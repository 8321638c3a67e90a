"""The worker 后台进程: takes jobs one by one; its heartbeat keeps them while it lives."""

from __future__ import annotations

import os
import secrets
import socket
import threading
import time
import traceback
from collections.abc import Callable, Mapping
from typing import Any

from django.db import DatabaseError, connection

from huanzhi.errors import HuanzhiError
from huanzhi.library.work import jobs
from huanzhi.library.work.models import CANCELLED, DONE, FAILED, Job

TOLD_EVERY = 0.3
"""Least seconds between two notes of progress. DEFAULT, NOT FROM THE DOCUMENTS."""

BETWEEN = 0.5
"""Seconds between two looks into the queue. DEFAULT, NOT FROM THE DOCUMENTS."""


class Cancelled(Exception):  # noqa: N818 (not an error: somebody wanted it)
    """The job was cancelled, or is another worker's by now."""


class Run:
    """One run of a job, for the function that does it.

    Attributes
    ----------
    job : Job
    arguments : mapping
    """

    def __init__(self, job: Job) -> None:
        self.job, self.arguments = job, dict(job.arguments)
        self._told = 0.0

    def tell(self, progress: float, words: str = "", **values: Any) -> None:
        """Say how far it is, from 0 to 1, and what is being done: a message key and its values.

        Raises
        ------
        Cancelled
            If the work is to be given up.
        """
        now = time.monotonic()
        if now - self._told < TOLD_EVERY:
            return
        self._told = now
        if not jobs.tell(self.job, progress, words, values):
            raise Cancelled


Work = Callable[[Run], Any]
"""Does the job; what it returns is kept as the result and must be JSON. It must bear being begun twice."""

Say = Callable[..., None]


class Worker:
    """Does jobs on a thread of its own.

    Parameters
    ----------
    kinds : mapping
        Kind of job → function that does it.
    say : callable
        Takes an event and its facts, for the log.
    before : callable, optional
        Called between jobs, such as a scheduler that looks at the clock.
    """

    def __init__(
        self, kinds: Mapping[str, Work], say: Say, before: Callable[[], object] = lambda: None
    ) -> None:
        self.kinds, self.say, self.before = kinds, say, before
        self.name = f"{socket.gethostname()}:{os.getpid()}:{secrets.token_hex(3)}"[-100:]
        self._ended = threading.Event()

    def run(self) -> None:
        """Work until told to end; a database that is away is waited for."""
        while not self._ended.is_set():
            try:
                self.before()
                busy = self.once()
            except DatabaseError as error:
                self.say("work_waits", reason=type(error).__name__, words=str(error))
                connection.close()
                busy = False
            if not busy:
                self._ended.wait(BETWEEN)
        connection.close()

    def end(self) -> None:
        """Take no more jobs; the one in hand is given up at its next word and begun again later."""
        self._ended.set()

    def once(self) -> bool:
        """Do one job; False where there is none."""
        job = jobs.claim(self.name)
        if job is None:
            return False
        self._do(job)
        return True

    def _do(self, job: Job) -> None:
        stopped = threading.Event()
        pulse = threading.Thread(target=self._beat, args=(job, stopped), name="heartbeat", daemon=True)
        pulse.start()
        try:
            self._end_with(job, *self._outcome(job))
        finally:
            stopped.set()
            pulse.join()

    def _outcome(self, job: Job) -> tuple[str, Any, Mapping[str, Any] | None]:
        """Do it; return the state it ends in, its result and its error."""
        work = self.kinds.get(job.kind)
        if work is None:
            return FAILED, None, {"error": "work.unknown_kind", "message": job.kind, "expected": None}
        try:
            return DONE, work(_Ending(job, self._ended)), None
        except Cancelled:
            return CANCELLED, None, None
        except HuanzhiError as error:
            return FAILED, None, error.as_dict()
        except Exception as error:  # noqa: BLE001 (kept with the job, and said in the log)
            trace = traceback.format_exc(limit=-3)
            self.say("job_failed", job=job.pk, kind=job.kind, reason=type(error).__name__, trace=trace)
            return FAILED, None, {"error": "work.failed", "message": str(error)[:500], "expected": None}

    def _end_with(self, job: Job, state: str, result: Any, error: Mapping[str, Any] | None) -> None:
        if state == CANCELLED and self._ended.is_set() and not Job.objects.get(pk=job.pk).cancelling:
            jobs.release(job)
            return
        jobs.finish(job, state, result=result, error=error)
        self.say("job_ended", job=job.pk, kind=job.kind, state=state)

    def _beat(self, job: Job, stopped: threading.Event) -> None:
        try:
            while not stopped.wait(jobs.LEASE.total_seconds() / 3):
                jobs.renew(job)
        except DatabaseError as error:
            self.say("work_waits", reason=type(error).__name__, words=str(error))
        finally:
            connection.close()


class _Ending(Run):
    """A run that is given up as well when its worker ends."""

    def __init__(self, job: Job, ended: threading.Event) -> None:
        super().__init__(job)
        self._ended = ended

    def tell(self, progress: float, words: str = "", **values: Any) -> None:
        """Say how far it is; see `Run.tell`."""
        if self._ended.is_set():
            raise Cancelled
        super().tell(progress, words, **values)
