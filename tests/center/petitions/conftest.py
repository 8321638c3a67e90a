"""A city with its network of nodes, people of each role, and a way to tell something."""

from datetime import UTC, datetime

import pytest

BODIES = (
    ("BUR", "市生态环境局", "bureau", "990001"),
    ("BR", "甲区分局", "branch", "990011"),
    ("TOWN", "子镇人民政府", "township", "990011001"),
    ("MED", "甲区矛调中心", "mediation", "990011"),
)
PEOPLE = {
    "petitions": ("wang", "990001", "BUR"),
    "leader": ("head", "990001", "BUR"),
    "duty": ("duty", "990001", "BUR"),
    "legal": ("legal", "990001", "BUR"),
    "branch": ("fen", "990011", "BR"),
    "township": ("town", "990011001", "TOWN"),
    "inspector": ("insp", "990001", "BUR"),
    "publicity": ("pub", "990001", "BUR"),
    "supervisor": ("super", "990001", "BUR"),
}


@pytest.fixture
def city(db):
    from huanzhi.library.people.models import Organisation
    from huanzhi.library.places.models import Region
    from huanzhi.library.records.changing import save
    from huanzhi.library.rights import SYSTEM

    city = save(SYSTEM, Region(code="990001", name="模拟市", level="city"))
    county = save(SYSTEM, Region(code="990011", name="甲区", level="county", parent=city))
    save(SYSTEM, Region(code="990012", name="乙区", level="county", parent=city))
    save(SYSTEM, Region(code="990011001", name="子镇", level="township", parent=county))
    for code, name, kind, region in BODIES:
        save(SYSTEM, Organisation(code=code, name=name, kind=kind, region=Region.objects.get(pk=region)))
    return city


@pytest.fixture
def person(city):
    """Return what makes an actor with a role."""
    from huanzhi.library.people.actors import actor_of
    from huanzhi.library.people.models import Grant, Organisation, Person

    def made(code, role, region="990001", organisation="BUR"):
        one = Person(code=code, name=code, organisation=Organisation.objects.get(code=organisation))
        one.set_unusable_password()
        one.save()
        Grant.objects.create(person=one, role=role, region_id=region)
        return actor_of(one)

    return made


@pytest.fixture
def people(person):
    """Return an actor by role, and another petitions officer."""
    made = {role: person(code, role, *where) for role, (code, *where) in PEOPLE.items()}
    return {**made, "other": person("other", "petitions")}


@pytest.fixture
def tell(people):
    """Return what takes something in, told by telephone unless said otherwise."""
    from huanzhi.center.petitions.intake import Told, receive

    def told(words="工厂夜间排放刺鼻气味", actor=None, now=datetime(2026, 9, 14, 2, tzinfo=UTC), **more):
        given = {"channel": "phone", "category": "odour", "region": "990011", **more}
        return receive(actor or people["petitions"], Told(words=words, **given), now=now)

    return told
