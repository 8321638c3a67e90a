"""Random paths of several issues together: joined, taken apart, split, rejected, many moved at once.

What joined another ends with it: so the other is open, or was verified by another person and written off, or
was rejected as a clue that only clues had joined.
"""

from datetime import timedelta

import pytest
from django.db import transaction
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test
from tests.center.issues.test_paths import GIVEN, NEXT, NOW, PEOPLE, REFUSALS

from huanzhi.center.issues.bulk import move_many
from huanzhi.center.issues.evidence import attach
from huanzhi.center.issues.machine import FRESH, NOBODY
from huanzhi.center.issues.models import Issue, Step
from huanzhi.center.issues.moving import move
from huanzhi.center.issues.opening import Draft, open_issue
from huanzhi.center.issues.proof import Cure
from huanzhi.center.issues.table import table
from huanzhi.center.issues.writing_off import propose_write_off
from huanzhi.errors import InputError
from huanzhi.library.people.models import Organisation
from huanzhi.library.places.models import Region
from huanzhi.library.proposals.deciding import approve
from huanzhi.library.proposals.models import Proposal, State
from huanzhi.library.rights import SYSTEM

DUTY, WORKER, LEADER = PEOPLE[0], PEOPLE[2], PEOPLE[4]
CURED = Cure(True, "P", "w01018", "hour", "", 30, 0, 30, 1.0, 24, 0.75, "50")
NUMBER = st.integers(0, 5)
NAMES = list(table().transitions)


def issues():
    return list(Issue.objects.select_related("region", "organisation").order_by("pk"))


def outputs_of(name, target):
    given = {
        one.name: GIVEN.get(one.kind, lambda _: "branch")(one) for one in table().transition(name).outputs
    }
    return given | ({"target": target} if "target" in given else {})


class Crowd(RuleBasedStateMachine):
    """Three issues, and whoever tries whatever on one, two or all of them."""

    def __init__(self):
        super().__init__()
        self.apart = transaction.atomic()
        self.apart.__enter__()
        region = Region.objects.create(code="330200", name="宁波市", level="city", path="330200/")
        Organisation.objects.create(code="branch", name="分局", kind="branch", region=region)
        self.now, self.pieces = NOW, 0
        for sensor in (True, False, True):
            open_issue(SYSTEM, Draft("废水超标", "outlet_water", "handed", "330200", sensor=sensor), now=NOW)

    def teardown(self):
        transaction.set_rollback(True)
        self.apart.__exit__(None, None, None)

    def chosen(self, number):
        rows = issues()
        return rows[number % len(rows)]

    def tried(self, work):
        self.now += timedelta(hours=3)
        try:
            with transaction.atomic():
                work()
        except InputError as error:
            assert error.key.startswith(REFUSALS), error.key

    @rule(actor=st.sampled_from(PEOPLE), name=st.sampled_from(NAMES), one=NUMBER, other=NUMBER)
    def step(self, actor, name, one, other):
        issue, given = self.chosen(one), outputs_of(name, self.chosen(other).number)
        self.tried(lambda: move(actor, issue, name, given, now=self.now, prover=lambda _: CURED))

    @rule(one=NUMBER, other=NUMBER)
    def join(self, one, other):
        issue, target = self.chosen(one), self.chosen(other).number
        self.tried(lambda: move(DUTY, issue, "join", {"target": target}, now=self.now))

    @rule(one=NUMBER)
    def reject(self, one):
        issue, given = self.chosen(one), outputs_of("reject", "")
        self.tried(lambda: move(DUTY, issue, "reject", given, now=self.now))

    @rule(one=NUMBER, other=NUMBER)
    def accept_join_and_reject(self, one, other):
        """Try to let what was accepted end with a clue that is rejected."""
        for name, which in (("accept", one), ("join", one), ("reject", other)):
            issue, given = self.chosen(which), outputs_of(name, self.chosen(other).number)
            self.tried(lambda held=issue, what=name, told=given: move(DUTY, held, what, told, now=self.now))

    @rule(one=NUMBER, far=st.integers(1, 8))
    def go_on(self, one, far):
        """Let the right people take the next steps, so that the ends are reached."""
        for _ in range(far):
            issue = self.chosen(one)
            name = NEXT.get(issue.state)
            if name is None or issue.suspended:
                break
            if table().transition(name).evidence:
                self.pieces += 1
                attach(WORKER, issue, f"piece {self.pieces}".encode(), "a.jpg", "photo", now=self.now)
            who = WORKER if name in ("investigate", "rectify") else DUTY
            given = outputs_of(name, "")
            self.tried(
                lambda held=issue, by=who, what=name, told=given: move(
                    by, held, what, told, now=self.now, prover=lambda _: CURED
                )
            )

    @rule(one=NUMBER)
    def write_off(self, one):
        issue = self.chosen(one)
        self.tried(lambda: propose_write_off(DUTY, issue, "完成", now=self.now))
        for proposal in Proposal.objects.filter(state=State.OPEN):
            self.tried(lambda found=proposal: approve(LEADER, found.pk, reason="看过", now=self.now))

    @rule(actor=st.sampled_from(PEOPLE), name=st.sampled_from(NAMES))
    def all_at_once(self, actor, name):
        before = {one.number: one.state for one in issues()}
        wanted = [(one.number, one.revision) for one in issues()]
        find = {one.number: one for one in issues()}.__getitem__
        given = outputs_of(name, wanted[0][0])
        self.tried(lambda: move_many(actor, wanted, find, name, given, "同一区域"))
        ends = [one for one in issues() if not one.is_open and before.get(one.number) != one.state]
        assert not ends, "nothing ends by a step for many"

    @invariant()
    def what_is_closed_was_verified_by_another_or_never_accepted(self):
        for issue in issues():
            end = head_of(issue)
            if end.is_open:
                continue
            if end.state == "rejected":
                assert all(was_clue(one) for one in chain(issue)), (issue.number, end.number)
            else:
                assert verified(end), (issue.number, end.number, end.state)


def chain(issue):
    """Return an issue and what it joined, one after the other; fails where they go in a ring."""
    found = [issue]
    while found[-1].state == "joined":
        found.append(Issue.objects.get(pk=found[-1].joined_to_id))
        assert len(found) <= Issue.objects.count(), "they join each other"
    return found


def head_of(issue):
    return chain(issue)[-1]


def was_clue(issue):
    """Return whether an issue was still a clue when it last ended."""
    last = Step.objects.filter(issue=issue, transition__in=("join", "reject")).order_by("-number").first()
    return last.before == "clue"


def verified(issue):
    """Return whether somebody else than who did the work verified it since it began, after the work."""
    steps = list(Step.objects.filter(issue=issue).order_by("number"))
    begun = max(place for place, one in enumerate(steps) if one.transition in FRESH)
    recent = steps[begun:]
    workers = {one.actor for one in recent if one.transition == "rectify"}
    worked = max((one.number for one in recent if one.transition == "rectify"), default=None)
    if worked is None:
        return False
    checks = [one for one in recent if one.transition == "verify" and one.number > worked]
    proved = [one for one in checks if not issue.sensor or one.outputs["proof"]["proved"]]
    return any(one.actor not in (*workers, *NOBODY) for one in proved)


@pytest.mark.django_db
def test_nothing_ends_unverified_by_way_of_another():
    usual = settings(max_examples=12, stateful_step_count=20, deadline=None)
    run_state_machine_as_test(Crowd, settings=settings(usual, suppress_health_check=list(HealthCheck)))


@pytest.mark.django_db
def test_what_was_accepted_joins_no_clue():
    region = Region.objects.create(code="330200", name="宁波市", level="city", path="330200/")
    Organisation.objects.create(code="branch", name="分局", kind="branch", region=region)
    draft = Draft("废水超标", "outlet_water", "handed", "330200")
    one, other = open_issue(SYSTEM, draft, now=NOW), open_issue(SYSTEM, draft, now=NOW)
    one = move(DUTY, one, "accept", {"category": "other", "level": "general"}, now=NOW)
    with pytest.raises(InputError) as caught:
        move(DUTY, one, "join", {"target": other.number}, now=NOW)
    assert caught.value.key == "issues.join_clue" and caught.value.as_dict()["value"] == other.number
    joined = move(DUTY, other, "join", {"target": one.number}, now=NOW)
    assert joined.state == "joined" and joined.joined_to == one
