"""News of cases: each step once, to those who may read cases there, and nothing of the party."""

import json

import pytest
from tests.center.enforcement.ways import city, opened

from huanzhi.center.enforcement.news import last_step, steps_after
from huanzhi.library.rights import Actor, Held
from huanzhi.programmes.live.audience import audience
from huanzhi.web.api.events import may_hear

pytestmark = pytest.mark.django_db


def test_a_step_is_told_once_and_to_whom_it_concerns():
    city()
    assert last_step() == 0
    case = opened(party_name="王小明")
    last, events = steps_after(0)
    assert {one["number"] for one in events} == {case.number} and events[-1]["state"] == case.state
    assert steps_after(last) == (last, [])
    spoken = json.dumps(events, ensure_ascii=False)
    assert "王小明" not in spoken and "超标排放" not in spoken
    for path, heard in [("", True), ("330200/", True), ("330300/", False)]:
        seeing = audience(Actor("a", held=(Held("inspector", path),)), {})
        assert may_hear(seeing, "cases", events[0], frozenset()) is heard
    enterprise = audience(Actor("e", held=(Held("enterprise", "330200/"),)), {})
    assert not may_hear(enterprise, "cases", events[0], frozenset())
