"""The machine: every transition of the table, and that no path closes without verification."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from huanzhi.center.issues.machine import Asked, Standing, Taken, advance, possible
from huanzhi.center.issues.table import table
from huanzhi.errors import InputError

PEOPLE = ["ann", "bob", "system", ""]
FULL = {
    "choice": lambda one: next(iter(one.choices)),
    "text": lambda one: "words",
    "code": lambda one: "code",
    "integer": lambda one: 5,
    "date": lambda one: "2026-11-22",
}


def asked(name, person="ann", **more):
    move = table().transition(name)
    outputs = {one.name: FULL[one.kind](one) for one in move.outputs}
    told = {"evidence": move.evidence, "proved": True, "approved": True, "met": move.conditions} | more
    return Asked(name, person, outputs, **told)


def opened(state="clue", **more):
    return Standing(state, (Taken("open", "system"),), **more)


def refused(standing, wanted, key):
    with pytest.raises(InputError) as caught:
        advance(standing, wanted)
    assert caught.value.key == key


@pytest.mark.parametrize("name", list(table().transitions))
def test_every_transition_from_every_state(name):
    move = table().transition(name)
    for state in table().states:
        past = (Taken("open", "system"), Taken("rectify", "worker"), Taken("verify", "checker"))
        standing = Standing(state, past, suspended=move.suspended)
        if state in move.origins:
            after = advance(standing, asked(name))
            assert after.state == (move.to or state)
            assert after.past[-1] == Taken(name, "ann")
            for one in move.outputs:
                lacking = asked(name)
                outputs = {key: value for key, value in lacking.outputs.items() if key != one.name}
                refused(standing, Asked(name, "ann", outputs, move.evidence, True, True), "issues.output")
            if move.evidence:
                refused(standing, asked(name, evidence=()), "issues.evidence")
            for condition in move.conditions:
                refused(standing, asked(name, met=set(move.conditions) - {condition}), condition)
        else:
            refused(standing, asked(name), "issues.not_now")


def test_the_whole_way_and_back():
    standing = opened()
    for name, person in [
        ("accept", "ann"),
        ("dispatch", "ann"),
        ("investigate", "bob"),
        ("decide", "ann"),
        ("rectify", "bob"),
        ("verify", "ann"),
        ("write_off", "cai"),
        ("look_back", "ann"),
    ]:
        standing = advance(standing, asked(name, person))
    assert standing.state == "looked_back"
    standing = advance(standing, asked("reopen"))
    for name in ("dispatch", "investigate", "decide", "rectify"):
        standing = advance(standing, asked(name))
    refused(standing, asked("verify"), "issues.same_person")
    refused(standing, asked("write_off"), "issues.not_now")


def test_the_sensor_has_to_prove_the_cure():
    standing = Standing("rectified", (Taken("open", "system"), Taken("rectify", "bob")), sensor=True)
    refused(standing, asked("verify", proved=False), "issues.no_proof")
    assert advance(standing, asked("verify")).state == "verified"
    by_hand = Standing("rectified", (Taken("open", "ann"), Taken("rectify", "bob")))
    assert advance(by_hand, asked("verify", proved=False)).state == "verified"


def test_nothing_goes_on_while_the_clock_stands():
    standing = advance(opened("decided"), asked("suspend"))
    refused(standing, asked("rectify"), "issues.stopped")
    refused(standing, asked("suspend"), "issues.stopped")
    assert advance(standing, asked("supervise")).suspended
    assert not advance(standing, asked("resume")).suspended
    refused(opened("decided"), asked("resume"), "issues.not_stopped")


def test_who_opened_it_may_not_reject_it():
    refused(Standing("clue", (Taken("open", "ann"),)), asked("reject"), "issues.same_person")
    assert advance(opened(), asked("reject")).state == "rejected"


def test_outputs_of_the_wrong_kind():
    for outputs, key in [
        ({"category": "nothing", "level": "general"}, "issues.choice"),
        ({"category": "other", "level": "general", "more": 1}, "issues.unknown_output"),
        ({"category": "  ", "level": "general"}, "issues.output"),
    ]:
        refused(opened(), Asked("accept", "ann", outputs), key)
    for days in ("many", 0, 366, True):
        given = {"days": days, "stop_ground": "season"}
        refused(opened("decided"), Asked("extend", "ann", given), "issues.number")


@settings(max_examples=400)
@given(st.lists(st.tuples(st.sampled_from(list(table().transitions)), st.sampled_from(PEOPLE)), max_size=40))
def test_no_path_closes_without_verification(path):
    standing = opened()
    for name, person in path:
        try:
            standing = advance(standing, asked(name, person))
        except InputError:
            continue
        check_closed(standing)


@settings(max_examples=200)
@given(st.data())
def test_no_path_of_possible_steps_closes_without_verification(data):
    standing = opened(sensor=data.draw(st.booleans()))
    for _ in range(data.draw(st.integers(0, 30))):
        person = data.draw(st.sampled_from(PEOPLE))
        steps = possible(standing, person)
        if not steps:
            continue
        wanted = data.draw(st.sampled_from([one.name for one in steps]))
        proved = data.draw(st.booleans())
        try:
            standing = advance(standing, asked(wanted, person, proved=proved))
        except InputError as error:
            assert error.key == "issues.no_proof"
        check_closed(standing)


def check_closed(standing):
    if standing.state not in ("written_off", "looked_back"):
        return
    recent = standing.recent()
    workers = {one.person for one in recent if one.transition == "rectify"}
    checkers = {one.person for one in recent if one.transition == "verify"}
    assert workers
    assert checkers - workers - {"", "system"}
    last = max(place for place, one in enumerate(recent) if one.transition == "rectify")
    assert any(one.transition == "verify" for one in recent[last:])
