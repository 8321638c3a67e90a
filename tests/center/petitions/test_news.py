"""News of petitions: each step once, to those who may read them there, and no word of who told what."""

import json

import pytest

from huanzhi.center.petitions.intake import Told, receive
from huanzhi.center.petitions.news import last_step, steps_after
from huanzhi.library.places.models import Region
from huanzhi.library.rights import SYSTEM, Actor, Held
from huanzhi.programmes.live.audience import audience
from huanzhi.web.api.events import may_hear

pytestmark = pytest.mark.django_db


def test_a_step_is_told_once_without_words_and_to_whom_it_concerns():
    Region.objects.create(code="330200", name="宁波市", level="city", path="330000/330200/")
    assert last_step() == 0
    told = {"name": "张三丰", "phone": "13800138000", "address": "海曙区一路2号"}
    words = {"words": "夜间有异味，找李大明", "where": "一路", "title": "异味"}
    made = receive(SYSTEM, Told("phone", region="330200", informant=told, **words)).petition
    last, (event,) = steps_after(0)
    assert (event["number"], event["state"]) == (made.number, "received")
    assert steps_after(last) == (last, [])
    spoken = json.dumps(event, ensure_ascii=False)
    assert not [one for one in (*told.values(), *words.values(), "李大明") if one in spoken]
    for path, heard in [("330000/", True), ("330000/330200/", True), ("330000/330300/", False)]:
        seeing = audience(Actor("a", held=(Held("petitions", path),)), {})
        assert may_hear(seeing, "petitions", event, frozenset()) is heard
    enterprise = audience(Actor("e", held=(Held("enterprise", "330000/"),)), {})
    assert not may_hear(enterprise, "petitions", event, frozenset())
