"""The row filter gives the answer of `may`, row by row; fields are masked, restricted reading is noted."""

import itertools
from datetime import UTC, datetime
from typing import ClassVar

import pytest
from django.apps import apps
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from huanzhi.library.enterprises.models import Enterprise
from huanzhi.library.people.keys import make_key
from huanzhi.library.people.models import Grant, Organisation, Person
from huanzhi.library.places.models import Region, Station
from huanzhi.library.proposals.deciding import proposals_for
from huanzhi.library.proposals.models import Proposal
from huanzhi.library.records.model import Record
from huanzhi.library.rights import SYSTEM, Actor, Held, Thing, mask, masking, may, thing_of, visible
from huanzhi.library.rights.matrix import ACTIONS, roles
from huanzhi.library.rights.scopes import scopes
from huanzhi.library.trail.models import Entry

pytestmark = pytest.mark.django_db
AT = datetime(2026, 5, 1, tzinfo=UTC)
PATHS = ("330200/", "330200/330203/", "330200/330205/", "")
LEVELS = ("public", "internal", "restricted", "own", "odd")


@pytest.fixture
def rows():
    regions = {}
    for path in PATHS[:3]:
        code = path.split("/")[-2]
        region = Region(code=code, name=code, level="county", path=path, parent=regions.get("330200"))
        regions[code] = region
    Region.objects.bulk_create(regions.values())
    bodies = [
        Organisation(code=code, name=code, kind="x", region=regions[region])
        for code, region in (("mine", "330203"), ("other", "330205"))
    ]
    Organisation.objects.bulk_create(bodies)
    owners = (*Organisation.objects.all(), None)
    for number, (region, owner, level) in enumerate(itertools.product(regions.values(), owners, LEVELS)):
        told = {"region": region, "organisation": owner, "sensitivity": level, "name": "n"}
        Station.objects.create(code=f"S{number}", kind="air_station", **told)
        Enterprise.objects.create(code=f"E{number}", contact="李", phone="1", **told)
    for number, owner in enumerate(owners):
        Person.objects.create(code=f"p{number}", name="n", organisation=owner)
    for region in (*regions.values(), None):
        made = {"subject_kind": "x", "subject": "x", "reason": "x", "proposer": "p0", "region": region}
        for sort in ("write_off", "publish_ranking"):
            Proposal.objects.create(sort=sort, proposed=AT, expires=AT, **made)
        if region:
            Grant.objects.create(person=Person.objects.get(code="p0"), role="duty", region=region)
            make_key(SYSTEM, region.code, ["places:read"], now=AT, region=region)
    make_key(SYSTEM, "everywhere", ["places:read"], now=AT)


def models():
    return [
        one for one in apps.get_models() if issubclass(one, Record) and isinstance(one.KIND, str) and one.KIND
    ]


held = st.builds(
    Held, st.sampled_from([*roles(), "key"]), st.sampled_from(PATHS), st.sampled_from(["", "mine", "other"])
)
actors = st.builds(
    Actor,
    st.sampled_from(["zhang", "p0", ""]),
    st.just(""),
    st.lists(held, max_size=3).map(tuple),
    st.sampled_from(["", "mine", "other"]),
    st.lists(st.sampled_from(scopes()), max_size=4).map(tuple),
)


def test_the_filter_of_every_table_agrees_with_the_decision_on_each_row(rows):
    """Every role in every region, over every typed table."""
    for role, path in itertools.product(roles(), PATHS):
        agree(Actor("zhang", held=(Held(role, path),), organisation="mine"), "read")


@given(actors, st.sampled_from(ACTIONS))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=40)
def test_the_filter_agrees_for_any_actor_and_action(rows, actor, action):
    agree(actor, action)


_rows = {}


def agree(actor, action):
    for model in models():
        if model not in _rows or not _rows[model]:
            _rows[model] = list(model._default_manager.all())
        everything = _rows[model]
        if not everything or model is Proposal:
            continue
        wanted = {row.pk for row in everything if may(actor, action, thing_of(row)).allowed}
        found = set(
            visible(actor, model.KIND, model._default_manager.all(), action).values_list("pk", flat=True)
        )
        shown = wanted ^ found
        assert not shown, (model.__name__, actor, action, len(shown))


@pytest.fixture(autouse=True)
def fresh():
    _rows.clear()


def test_the_platform_sees_every_row(rows):
    assert visible(SYSTEM, "station", Station.objects.all()).count() == Station.objects.count()


def test_proposals_are_seen_by_kind_and_by_who_made_them(rows):
    duty = Actor("zhang", held=(Held("duty", "330200/330203/"),))
    wanted = {one.pk for one in Proposal.objects.all() if may(duty, "read", one.thing()).allowed}
    assert {one.pk for one in proposals_for(duty)} == wanted and wanted
    assert proposals_for(Actor("p0")).count() == Proposal.objects.count()
    assert proposals_for(Actor("nobody")).count() == 0


def one(level="internal"):
    owner = Organisation.objects.get(code="other")
    return Enterprise.objects.get(region_id="330203", organisation=owner, sensitivity=level)


@pytest.mark.parametrize(
    "role, organisation, seen",
    [
        ("inspector", "bureau", True),
        ("enterprise", "other", True),
        ("township", "x", False),
        ("reader", "x", False),
    ],
)
def test_an_enterprises_own_fields_are_masked_for_others(rows, role, organisation, seen):
    actor = Actor("zhang", held=(Held(role, "330200/"),), organisation=organisation)
    row = mask(actor, one(), {"name": "n", "phone": "1"})
    assert row == {"name": "n", "phone": "1" if seen else None}


class Complaint:
    """A record with an informant, for named handlers only."""

    KIND, key = "petition", "7"
    SENSITIVE: ClassVar = {"contact": "restricted"}


def test_reading_a_restricted_field_is_noted_and_a_masked_one_is_not(rows, monkeypatch):
    record, handled = Complaint(), Thing("complaint", "330200/330203/", handlers=("zhang",))
    monkeypatch.setattr(masking, "thing_of", lambda _: handled)
    before = Entry.objects.count()
    inspector = Actor("zhang", held=(Held("inspector", "330200/"),))
    assert mask(inspector, record, {"contact": "李"}) == {"contact": "李"}
    entry = Entry.objects.order_by("-seq").first()
    assert (Entry.objects.count(), entry.action, entry.actor) == (before + 1, "read", "zhang")
    assert entry.details["after"] == {"fields": ["contact"]} and "李" not in entry.body
    other = Actor("li", held=(Held("inspector", "330200/"),))
    assert mask(other, record, {"contact": "李"}) == {"contact": None}
    assert Entry.objects.count() == before + 1
