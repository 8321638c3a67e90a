"""Background work: done once, by one worker, kept; a killed worker's job is taken up again."""

import os
import signal
import subprocess
import sys
import threading
import time
from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection, connections

from huanzhi.errors import InputError
from huanzhi.library.work import jobs
from huanzhi.library.work.models import CANCELLED, DONE, FAILED, QUEUED, Job
from huanzhi.library.work.schedule import Regular, Scheduler, regular_work
from huanzhi.library.work.worker import Worker
from huanzhi.messages import catalogue
from huanzhi.standards.periods import CHINA

pytestmark = pytest.mark.django_db


def quiet(*_, **__):
    pass


def worker(**kinds):
    return Worker(kinds, quiet)


def test_a_job_is_done_and_its_result_kept():
    job = jobs.ask_for("add", {"a": 2, "b": 3}, who="zhang")
    assert worker(add=lambda run: {"sum": run.arguments["a"] + run.arguments["b"]}).once()
    job.refresh_from_db()
    assert (job.state, job.result, job.progress, job.who) == (DONE, {"sum": 5}, 1.0, "zhang")
    assert job.begun and job.ended and job.lease is None


def test_jobs_are_done_in_their_order_and_none_twice():
    first, second = jobs.ask_for("note", {"n": 1}), jobs.ask_for("note", {"n": 2})
    done = []
    one = worker(note=lambda run: done.append(run.arguments["n"]))
    assert one.once() and one.once() and not one.once()
    assert done == [1, 2] and {first.pk, second.pk} == set(
        Job.objects.filter(state=DONE).values_list("pk", flat=True)
    )


def test_an_error_is_kept_in_words():
    def wrong(run):
        raise InputError("work.unknown_kind", kind="x", row=3)

    job = jobs.ask_for("wrong")
    worker(wrong=wrong).once()
    job.refresh_from_db()
    assert job.state == FAILED and job.error["error"] == "work.unknown_kind" and job.error["row"] == 3


def test_what_nobody_foresaw_is_kept_and_logged():
    told = []
    job = jobs.ask_for("broken")
    Worker({"broken": lambda run: 1 / 0}, lambda event, **facts: told.append((event, facts))).once()
    job.refresh_from_db()
    assert job.state == FAILED and job.error["error"] == "work.failed"
    assert told[0][0] == "job_failed" and "ZeroDivisionError" in told[0][1]["trace"]


def test_an_unknown_kind_fails_with_its_name():
    job = jobs.ask_for("nobody knows")
    worker().once()
    job.refresh_from_db()
    assert (job.state, job.error["message"]) == (FAILED, "nobody knows")


def test_a_waiting_job_is_cancelled_at_once_and_a_running_one_at_its_next_word():
    waiting = jobs.ask_for("never")
    assert jobs.cancel(waiting.pk).state == CANCELLED

    def long(run):
        jobs.cancel(run.job.pk)
        time.sleep(0.01)
        run.tell(0.5, "work.history_days")

    running = jobs.ask_for("long")
    worker(long=long).once()
    running.refresh_from_db()
    assert running.state == CANCELLED


def test_a_slot_is_asked_for_once():
    assert jobs.ask_for("anchor", slot="anchor@1").pk == jobs.ask_for("anchor", slot="anchor@1").pk


def test_a_lease_that_ran_out_sets_a_job_free_and_its_old_worker_changes_nothing():
    jobs.ask_for("work")
    lost = jobs.claim("first")
    assert jobs.claim("second") is None
    Job.objects.update(lease=datetime.now(UTC) - timedelta(seconds=1))
    again = jobs.claim("second")
    assert (again.pk, again.tries, again.worker) == (lost.pk, 2, "second")
    assert not jobs.renew(lost) and not jobs.finish(lost, DONE) and not jobs.tell(lost, 0.5, "", {})
    assert jobs.finish(again, DONE, result=1)


def test_a_job_that_no_worker_survives_is_given_up():
    job = jobs.ask_for("deadly")
    for _ in range(jobs.MOST_TRIES):
        assert jobs.claim("one") is not None
        Job.objects.update(lease=datetime.now(UTC) - timedelta(seconds=1))
    assert jobs.claim("one") is None
    job.refresh_from_db()
    assert job.state == FAILED and job.error["error"] == "work.lost"


def test_a_worker_that_ends_puts_its_job_back():
    one = worker(long=lambda run: (one.end(), run.tell(0.5)))
    job = jobs.ask_for("long")
    one.once()
    job.refresh_from_db()
    assert (job.state, job.tries) == (QUEUED, 0)


def test_missed_runs_are_caught_up_once():
    daily = Scheduler([Regular("anchor", timedelta(days=1), timedelta(minutes=10))])
    monday = datetime(2026, 3, 2, 0, 11, tzinfo=CHINA)
    assert [job.slot for job in daily.look(monday)] == ["anchor@2026-03-02T00:00"]
    assert daily.look(monday + timedelta(hours=20)) == []
    assert [job.slot for job in daily.look(monday + timedelta(days=6))] == ["anchor@2026-03-08T00:00"]
    assert Scheduler(daily.work).look(monday + timedelta(days=6, hours=1)) == []
    assert Job.objects.count() == 2


def test_work_is_not_due_before_its_minute():
    each = Regular("anchor", timedelta(days=1), timedelta(minutes=10))
    assert each.slot(datetime(2026, 3, 2, 0, 9, tzinfo=CHINA)) == "anchor@2026-03-01T00:00"
    hourly = Regular("check", timedelta(hours=1), timedelta(minutes=20))
    assert hourly.slot(datetime(2026, 3, 2, 7, 20, tzinfo=CHINA)) == "check@2026-03-02T07:00"
    assert hourly.slot(datetime(2026, 3, 2, 7, 19, tzinfo=CHINA)) == "check@2026-03-02T06:00"


def test_every_regular_work_has_somebody_who_does_it_and_a_name():
    from huanzhi.programmes.regular import KINDS

    for each in regular_work():
        assert each.kind in KINDS and f"work.kind_{each.kind}" in catalogue()
        assert timedelta(days=1) % each.every == timedelta(0)


@pytest.mark.django_db(transaction=True)
def test_two_workers_share_the_queue_without_doing_anything_twice():
    if connection.vendor == "sqlite":
        pytest.skip("threads do not share the SQLite database of the tests, which is in memory")
    for number in range(20):
        jobs.ask_for("note", {"n": number})
    done, workers = [], []

    def work(one):
        while one.once():
            pass
        connections.close_all()

    for _ in range(2):
        one = worker(note=lambda run: done.append(run.arguments["n"]))
        workers.append(threading.Thread(target=work, args=(one,)))
    for thread in workers:
        thread.start()
    for thread in workers:
        thread.join()
    assert sorted(done) == list(range(20))


_SCRIPT = """
import sys, time
from datetime import timedelta
from huanzhi.library.database import migrate
migrate()
from huanzhi.library.work import jobs
from huanzhi.library.work.models import Job
from huanzhi.library.work.worker import Worker
jobs.LEASE = timedelta(seconds=1)
def slow(run):
    print("begun", run.job.tries, flush=True)
    for step in range(run.arguments["steps"]):
        run.tell(step / run.arguments["steps"], "work.history_days")
        time.sleep(0.1)
    return {"steps": run.arguments["steps"]}
one = Worker({"slow": slow}, lambda *a, **k: None)
if sys.argv[1] == "first":
    jobs.ask_for("slow", {"steps": 1000})
    one.run()
before = Job.objects.get()
Job.objects.update(arguments={"steps": 2})
while not one.once():
    time.sleep(0.1)
job = Job.objects.get()
print(before.state, job.state, job.tries, job.result, flush=True)
"""


def test_the_job_of_a_killed_worker_is_taken_up_again(tmp_path):
    environment = {**os.environ, "HUANZHI_HOME": str(tmp_path), "HUANZHI_DATABASE": ""}
    call = [sys.executable, "-c", _SCRIPT]
    with subprocess.Popen([*call, "first"], stdout=subprocess.PIPE, env=environment) as first:
        assert first.stdout.readline().split() == [b"begun", b"1"]
        first.send_signal(signal.SIGKILL)
    second = subprocess.run(
        [*call, "second"], stdout=subprocess.PIPE, env=environment, timeout=60, check=True
    )
    assert second.stdout.decode().splitlines() == ["begun 2", "running done 2 {'steps': 2}"]
