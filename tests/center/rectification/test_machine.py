"""The table of states: no path writes off without acceptance, publication and a second person."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from huanzhi.center.issues.machine import Asked, Standing, Taken, advance
from huanzhi.center.issues.table import read
from huanzhi.errors import InputError

PEOPLE = ["ann", "bob", "cid", "system", ""]
FULL = {"choice": lambda one: next(iter(one.choices)), "date": lambda one: "2026-11-22"}


@pytest.fixture(scope="module", params=["states", "talks"])
def table(request):
    return tables(request.param)


def tables(name):
    import tomllib
    from importlib import resources

    file = resources.files("huanzhi.center.rectification") / "data" / f"{name}.toml"
    return read(tomllib.loads(file.read_text(encoding="utf-8")))


STATES = tables("states")
CONDITIONS = sorted({each for one in STATES.transitions.values() for each in one.conditions})


def asked(table, name, person="ann", **more):
    move = table.transition(name)
    outputs = {one.name: FULL.get(one.kind, lambda one: "words")(one) for one in move.outputs}
    told = {"evidence": move.evidence, "approved": True, "met": move.conditions} | more
    return Asked(name, person, outputs, **told)


def test_every_step_from_every_state(table):
    for name, move in table.transitions.items():
        for state in table.states:
            past = tuple(Taken(one, f"by {one}") for one in ("open", "rectify", "accept", "publish", "file"))
            standing = Standing(state, past, suspended=move.suspended, fresh=table.fresh)
            if state not in move.origins:
                with pytest.raises(InputError) as caught:
                    advance(standing, asked(table, name), table)
                assert caught.value.key == "issues.not_now"
                continue
            assert advance(standing, asked(table, name), table).state == (move.to or state)
            for condition in move.conditions:
                with pytest.raises(InputError) as caught:
                    met = set(move.conditions) - {condition}
                    advance(standing, asked(table, name, met=met), table)
                assert caught.value.key == condition
            if move.evidence:
                with pytest.raises(InputError) as caught:
                    advance(standing, asked(table, name, evidence=()), table)
                assert caught.value.key == "issues.evidence"


@settings(max_examples=300)
@given(st.data())
def test_no_path_writes_off_without_acceptance_publication_and_a_second_person(data):
    standing = Standing("assigned", (Taken("open", "ann"),), fresh=STATES.fresh)
    approved = set()
    for _ in range(data.draw(st.integers(0, 40))):
        possible = [one.name for one in STATES.transitions.values() if standing.state in one.origins]
        name = data.draw(st.sampled_from(possible))
        person = data.draw(st.sampled_from(PEOPLE))
        holds = data.draw(st.sets(st.sampled_from(CONDITIONS)) | st.just(set(CONDITIONS)))
        second = data.draw(st.booleans())
        try:
            standing = advance(standing, asked(STATES, name, person, met=holds, approved=second), STATES)
        except InputError:
            continue
        if name == "write_off":
            approved.add(len(standing.past))
            assert second and {"rectification.other_organisation", "rectification.rulebook_met"} <= holds
            check_written_off(standing)
    if standing.state in ("written_off", "looked_back"):
        assert approved


def check_written_off(standing):
    steps = [one.transition for one in standing.recent()]
    back = max((at for at, one in enumerate(steps) if one in ("send_back", "refuse_write_off")), default=-1)
    tail = steps[back + 1 :]
    for wanted in ("rectify", "accept", "file"):
        assert wanted in tail, (wanted, tail)
    assert "publish" in steps
    workers = {one.person for one in standing.recent() if one.transition == "rectify"}
    accepted = {one.person for one in standing.recent() if one.transition == "accept"}
    assert accepted - workers and standing.past[-1].person not in workers


@given(st.sampled_from(["written_off", "looked_back"]), st.sampled_from(["ann", "bob"]))
def test_relapse_opens_again_and_what_was_before_counts_no_more(state, person):
    past = tuple(
        Taken(one, f"by {one}") for one in ("open", "rectify", "accept", "publish", "file", "write_off")
    )
    standing = advance(Standing(state, past, fresh=STATES.fresh), asked(STATES, "reopen", person), STATES)
    assert standing.state == "relapsed"
    assert standing.persons(("accept", "publish", "file")) == set()
    jumped = Standing("filing", standing.past, fresh=STATES.fresh)
    with pytest.raises(InputError) as caught:
        advance(jumped, asked(STATES, "write_off", "cid"), STATES)
    assert caught.value.key == "rectification.not_verified"
