"""The waste of the test city: made once, by the steps that people take, quickly."""

from datetime import datetime

import pytest

from huanzhi.ecocode.waste.models import Approval, Booking, Check, Entry, Finding, Manifest, Plan, Route
from huanzhi.library.enterprises.models import Enterprise
from huanzhi.library.people.models import Grant, Organisation, Person
from huanzhi.library.places.models import Region
from huanzhi.library.records.changing import save
from huanzhi.library.rights import SYSTEM
from huanzhi.programmes.live.waste import furnish
from huanzhi.standards.periods import CHINA

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 22, 18, tzinfo=CHINA)


@pytest.fixture
def city(db):
    place = save(SYSTEM, Region(code="990001", name="模拟市", level="city", simulated=True))
    for number in range(12):
        body = Organisation(code=f"E{number:02}", name=f"企业{number}", kind="enterprise", region=place)
        told = {"region": place, "organisation": save(SYSTEM, body), "simulated": True}
        spot = {"lon": 121 + number * 0.01, "lat": 28.5 + number % 3 * 0.01}
        save(SYSTEM, Enterprise(code=f"E{number:02}", name=f"企业{number}", **told, **spot))
    bureau = save(SYSTEM, Organisation(code="B", name="局", kind="bureau", region=place))
    for code, body in (("inspector", bureau), ("enterprise", Organisation.objects.get(code="E00"))):
        person = Person.objects.create(code=code, name=code, organisation=body)
        Grant.objects.create(person=person, role=code, region=place)
    return place


def test_the_city_has_waste_of_every_kind(city):
    furnish(NOW, "huanzhi-demo")
    assert Plan.objects.filter(state="filed").count() == 10
    assert sorted(Manifest.objects.values_list("state", flat=True)).count("accepted") == 2
    assert Route.objects.get().state == "done" and Booking.objects.filter(state="booked").exists()
    assert Check.objects.get().state == "scored"
    sorts = set(Finding.objects.values_list("sort", flat=True))
    assert {"manifest_difference", "storage_long", "storage_note", "plan_unfiled"} <= sorts
    assert "balance_negative" not in sorts
    assert sorted(Approval.objects.values_list("state", flat=True)) == ["asked", "granted"]
    assert all(Entry.objects.values_list("simulated", flat=True))
    assert Person.objects.get(code="collector").organisation.code == "99990001WASTECOLL"
    before = Entry.objects.count()
    furnish(NOW)
    assert Entry.objects.count() == before


def test_without_enterprises_nothing_is_made(db):
    furnish(NOW)
    assert not Entry.objects.exists()
