"""News of issues: each step once, and only to those who may read issues there."""

import pytest

from huanzhi.center.issues.news import last_step, steps_after
from huanzhi.center.issues.opening import Draft, open_issue
from huanzhi.library.places.models import Region
from huanzhi.library.rights import SYSTEM, Actor, Held
from huanzhi.programmes.live.audience import audience
from huanzhi.web.api.events import may_hear

pytestmark = pytest.mark.django_db


def test_each_step_is_told_once_and_to_whom_it_concerns():
    Region.objects.create(code="330200", name="宁波市", level="city", path="330000/330200/")
    assert last_step() == 0
    made = open_issue(SYSTEM, Draft("异味", "odour", "handed", "330200"))
    last, events = steps_after(0)
    assert [(one["number"], one["state"]) for one in events] == [(made.number, "clue")]
    assert steps_after(last) == (last, [])
    for path, heard in [("330000/", True), ("330000/330200/", True), ("330000/330300/", False), ("", True)]:
        seeing = audience(Actor("a", held=(Held("duty", path),)), {})
        assert may_hear(seeing, "issues", events[0], frozenset()) is heard
    enterprise = audience(Actor("e", held=(Held("enterprise", "330000/"),)), {})
    assert not may_hear(enterprise, "issues", events[0], frozenset())
