"""The table of states of a case: every step, and that no path decides without what the law asks."""

import random
from contextlib import suppress
from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.center.enforcement.ways import NOW, WANG, city, fresh, opened, served, step

from huanzhi.center.enforcement.conditions import CONDITIONS
from huanzhi.center.enforcement.evidence import attach
from huanzhi.center.enforcement.models import CaseStep, Officer, Paper
from huanzhi.center.enforcement.moving import assign
from huanzhi.center.enforcement.moving import standing as standing_of
from huanzhi.center.enforcement.settings import rules, table
from huanzhi.center.enforcement.settings import settings as words
from huanzhi.center.issues.machine import Asked, Standing, Taken, advance, possible
from huanzhi.errors import HuanzhiError, InputError
from huanzhi.library.rights import Actor, Held
from huanzhi.messages import catalogue

PEOPLE = ["ann", "bob", "cai", "system"]
FULL = {
    "choice": lambda one: next(iter(one.choices)),
    "text": lambda one: "words",
    "code": lambda one: "code",
    "date": lambda one: "2026-11-22",
}


def asked(name, person="ann", met=None, **more):
    move = table().transition(name)
    outputs = {one.name: FULL[one.kind](one) for one in move.outputs}
    return Asked(name, person, outputs, approved=True, met=move.conditions if met is None else met, **more)


def started(state="found", *steps):
    past = (Taken("open", "system"), *(Taken(name, "worker") for name in steps))
    return Standing(state, past, fresh=table().fresh)


def test_every_word_of_the_table_is_known():
    for move in table().transitions.values():
        for key in move.conditions:
            assert key in CONDITIONS and key in catalogue()
    assert set(words()["reply"]) and all(rule.basis and rule.confidence for rule in rules().values())
    ends = {name for rule in rules().values() for name in rule.until}
    events = {
        "hand", "waive", "paid", "publish", "sent", "result", "objected", "instalment_answered",
    }  # fmt: skip
    assert ends <= set(table().transitions) | events


@pytest.mark.parametrize("name", list(table().transitions))
def test_every_step_from_every_state(name):
    move = table().transition(name)
    for state in table().states:
        standing = Standing(
            state,
            started(state, "conclude", "review", "notify").past,
            suspended=move.suspended,
            fresh=table().fresh,
        )
        if state not in move.origins:
            with pytest.raises(InputError) as caught:
                advance(standing, asked(name), table())
            assert caught.value.key == "issues.not_now"
            continue
        after = advance(standing, asked(name), table())
        assert after.state == (move.to or state)
        for lacking in move.conditions:
            left = [key for key in move.conditions if key != lacking]
            with pytest.raises(InputError) as caught:
                advance(standing, asked(name, met=left), table())
            assert caught.value.key == lacking


@settings(max_examples=150, deadline=None)
@given(st.data())
def test_no_path_decides_without_notice_review_and_two_officers(data):
    standing, log = started(), []
    for _ in range(data.draw(st.integers(3, 14))):
        person = data.draw(st.sampled_from(PEOPLE))
        moves = possible(standing, person, table())
        if not moves:
            continue
        move = data.draw(st.sampled_from(moves))
        met = [key for key in move.conditions if data.draw(st.booleans())]
        try:
            standing = advance(standing, asked(move.name, person, met), table())
        except InputError:
            continue
        log.append((move.name, person, set(met)))
        if standing.state == "decided" and move.to == "decided":
            begun = max((i for i, one in enumerate(log) if one[0] in table().fresh), default=-1) + 1
            recent = log[begun:]
            names = [one[0] for one in recent]
            assert {"conclude", "review", "notify"} <= set(names)
            assert {"cases.two_officers", "cases.statement_over", "cases.not_officer"} <= log[-1][2]
            notice = next(one for one in reversed(recent) if one[0] == "notify")
            assert {"cases.two_officers", "cases.notice_served"} <= notice[2]
            workers = {one[1] for one in recent if one[0] == "conclude"}
            assert person not in workers and person != "system"


@pytest.mark.django_db
def test_nobody_walks_around_the_law():
    """People with every role try steps at random; what is decided was noticed and reviewed."""
    city()
    reached = [walked(random.Random(seed)) for seed in range(12)]
    assert sum(reached) >= 3, "the walks decide too seldom to prove anything"


def walked(draw):
    """Try steps at random; return whether the case was decided, which is looked into whenever it is."""
    roles = tuple(Held(role, "330200/") for role in ("inspector", "legal", "leader"))
    people = [Actor(code, code, roles, "bureau") for code in ("wang", "zhao", "fa", "li", "qian")]
    case, now, reached = opened(), NOW, False
    for _ in range(90):
        now += timedelta(days=draw.choice((0, 0, 1, 4)), hours=1)
        with suppress(HuanzhiError):
            attempt(draw, draw.choice(people), case, now)
        case = fresh(case)
        decided = CaseStep.objects.filter(case=case, transition__in=("decide", "exempt")).last()
        if case.state == "decided" and decided:
            reached = True
            notice = Paper.objects.filter(case=case, template="notice", state="served")
            assert notice.filter(made__lt=decided.at).exists()
            people_then = Officer.objects.filter(case=case, since__lte=decided.at)
            assert people_then.count() >= 2
            assert decided.actor not in {one.person.code for one in people_then}
    return reached


def attempt(draw, who, case, now):
    kind = draw.random()
    if kind < 0.1:
        attach(WANG, case, b"site", "a.txt", "record", now=now)
    elif kind < 0.3:
        served(case, "notice", now)
    elif kind < 0.33:
        assign(WANG, case, {"wang": "A001"}, now=now)
    elif kind < 0.4:
        assign(WANG, case, {"wang": "A001", "zhao": "A002"}, now=now)
    elif moves := possible(standing_of(case), who.code, table()):
        ahead = [
            one for one in moves if one.to and one.name not in ("send_back", "withdraw", "decline", "reopen")
        ]
        move = draw.choice(ahead if ahead and draw.random() < 0.8 else moves)
        outputs = {one.name: FULL[one.kind](one) for one in move.outputs}
        if "decision" in outputs:
            outputs["decision"] = draw.choice(("penalty", "order"))
            outputs |= {"fine": "150000"} if outputs["decision"] == "penalty" else {}
        step(who, case, move.name, now, **outputs)
