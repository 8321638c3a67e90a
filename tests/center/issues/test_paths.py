"""Random paths through the real door: nothing closes without a verification by another person."""

from datetime import UTC, datetime, timedelta

import pytest
from django.db import transaction
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from huanzhi.center.issues.evidence import attach
from huanzhi.center.issues.machine import NOBODY
from huanzhi.center.issues.models import Evidence, Issue, Step
from huanzhi.center.issues.moving import move
from huanzhi.center.issues.opening import Draft, open_issue
from huanzhi.center.issues.proof import Cure
from huanzhi.center.issues.table import table
from huanzhi.center.issues.writing_off import propose_write_off
from huanzhi.errors import InputError
from huanzhi.library.people.models import Organisation
from huanzhi.library.places.models import Region
from huanzhi.library.proposals.deciding import approve, refuse
from huanzhi.library.proposals.models import Proposal, State
from huanzhi.library.records.stepping import step_digest, told
from huanzhi.library.rights import SYSTEM, Actor, Held
from huanzhi.library.trail.hashing import FIRST

NOW = datetime(2026, 3, 2, 2, tzinfo=UTC)
ROLES = ("duty", "inspector", "leader", "branch", "supervisor", "reader", "enterprise")
PEOPLE = [
    *(Actor(f"{role}{n}", role, (Held(role, "330200/"),), "bureau") for role in ROLES for n in (1, 2)),
    SYSTEM,
]
GIVEN = {
    "choice": lambda one: next(iter(one.choices)),
    "text": lambda one: "words",
    "integer": lambda one: 5,
    "date": lambda one: "2026-03-02",
}
NEXT = {
    "clue": "accept",
    "accepted": "dispatch",
    "dispatched": "investigate",
    "investigated": "decide",
    "decided": "rectify",
    "rectified": "verify",
    "written_off": "look_back",
}
ROUTINE = [name for name in table().transitions if name not in ("write_off",)]
REFUSALS = ("issues.", "rights.", "records.", "proposals.")


def outputs_of(name, others):
    given = {
        one.name: GIVEN.get(one.kind, lambda _: "branch")(one) for one in table().transition(name).outputs
    }
    if "target" in given:
        given["target"] = others or "HZ-0"
    return given


def _waiting():
    return Proposal.objects.filter(state=State.OPEN).exists()


class Paths(RuleBasedStateMachine):
    """One issue, a sensor or not, and whoever tries whatever on it."""

    def __init__(self):
        super().__init__()
        self.apart = transaction.atomic()
        self.apart.__enter__()
        region = Region.objects.create(code="330200", name="宁波市", level="city", path="330200/")
        Organisation.objects.create(code="branch", name="分局", kind="branch", region=region)
        self.now = NOW
        draft = Draft("废水超标", "outlet_water", "handed", "330200", sensor=True)
        self.issue = open_issue(SYSTEM, draft, now=NOW)
        self.other = open_issue(SYSTEM, draft, now=NOW)
        self.stale = self.issue
        self.pieces = 0

    def teardown(self):
        transaction.set_rollback(True)
        self.apart.__exit__(None, None, None)

    def held(self):
        return Issue.objects.select_related("region", "organisation").get(pk=self.issue.pk)

    def tried(self, work):
        """Do it or be refused; a refusal changes nothing."""
        before = self.held().as_row(), Step.objects.filter(issue=self.issue).count()
        try:
            with transaction.atomic():
                work()
        except InputError as error:
            assert error.key.startswith(REFUSALS), error.key
            assert (self.held().as_row(), Step.objects.filter(issue=self.issue).count()) == before

    @rule(actor=st.sampled_from(PEOPLE), name=st.sampled_from(ROUTINE), proved=st.booleans())
    def step(self, actor, name, proved):
        self.now += timedelta(hours=7)
        cure = Cure(proved, "P", "w01018", "hour", "", 30, 0, 30, 1.0, 24, 0.75, "50")
        held = self.held()
        self.tried(
            lambda: move(
                actor, held, name, outputs_of(name, self.other.number), now=self.now, prover=lambda _: cure
            )
        )

    @rule()
    def go_on(self):
        """Let the right people take the next step, so that the ends are reached."""
        self.now += timedelta(hours=5)
        held = self.held()
        if held.state == "verified":
            if not _waiting():
                self.tried(lambda: propose_write_off(PEOPLE[0], held, "完成", now=self.now))
            return
        name = NEXT.get(held.state)
        if name is None or held.suspended:
            return
        if table().transition(name).evidence:
            self.attach()
        who = PEOPLE[2] if name in ("investigate", "rectify") else PEOPLE[0]
        cure = Cure(True, "P", "w01018", "hour", "", 30, 0, 30, 1.0, 24, 0.75, "50")
        outputs = outputs_of(name, "")
        self.tried(lambda: move(who, held, name, outputs, now=self.now, prover=lambda _: cure))

    @rule()
    def attach(self):
        self.pieces += 1
        attach(PEOPLE[2], self.held(), f"piece {self.pieces}".encode(), "a.jpg", "photo", now=self.now)

    @rule(actor=st.sampled_from(PEOPLE), name=st.sampled_from(ROUTINE))
    def step_from_an_old_page(self, actor, name):
        """Somebody who looked before the last step was taken never overwrites it."""
        if self.held().revision == self.stale.revision:
            return
        revision = self.held().revision
        try:
            with transaction.atomic():
                move(actor, self.stale, name, outputs_of(name, self.other.number), now=self.now)
        except InputError as error:
            assert error.key.startswith(("records.stale", "rights.", "issues."))
        assert self.held().revision == revision
        self.stale = self.held()

    @rule(actor=st.sampled_from(PEOPLE))
    def propose(self, actor):
        held = self.held()
        self.tried(lambda: propose_write_off(actor, held, "完成", now=self.now))

    @precondition(lambda self: Proposal.objects.filter(state=State.OPEN).exists())
    @rule(actor=st.sampled_from(PEOPLE), yes=st.booleans())
    def decide(self, actor, yes):
        proposal = Proposal.objects.filter(state=State.OPEN).first()
        decide = approve if yes else refuse
        self.tried(lambda: decide(actor, proposal.pk, reason="看过", now=self.now))

    @invariant()
    def nothing_is_closed_without_another_ones_verification(self):
        held = self.held()
        if held.state not in ("written_off", "looked_back"):
            return
        steps = list(Step.objects.filter(issue=held).order_by("number"))
        fresh = [n for n, one in enumerate(steps) if one.transition in ("open", "reopen", "separate")][-1]
        recent = steps[fresh:]
        workers = {one.actor for one in recent if one.transition == "rectify"}
        verified = [one for one in recent if one.transition == "verify"]
        worked = max(one.number for one in recent if one.transition == "rectify")
        assert any(one.number > worked and one.actor not in (*workers, *NOBODY) for one in verified)
        assert all(one.outputs["proof"]["proved"] for one in verified)
        ended = [one for one in recent if one.transition == "write_off"][-1]
        proposal = Proposal.objects.filter(subject=held.number, state=State.APPROVED).latest("pk")
        assert proposal.proposer != ended.actor

    @invariant()
    def the_history_is_whole(self):
        previous = FIRST
        for number, step in enumerate(Step.objects.filter(issue=self.issue).order_by("number"), 1):
            assert step.number == number
            assert step.digest == step_digest(told(step), previous)
            previous = step.digest
        assert self.held().state == step.after
        assert self.held().revision == step.number

    @invariant()
    def an_open_issue_has_a_term_or_says_why_not(self):
        held = self.held()
        if held.is_open:
            assert held.due is not None or held.due_note
        assert Evidence.objects.filter(issue=held, step__gt=0).count() <= self.pieces


@pytest.mark.django_db
def test_nothing_closes_without_another_ones_verification():
    usual = settings(max_examples=10, stateful_step_count=24, deadline=None)
    run_state_machine_as_test(Paths, settings=settings(usual, suppress_health_check=list(HealthCheck)))
