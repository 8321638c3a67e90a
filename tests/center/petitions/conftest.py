"""A city with its network of nodes, people of each role, and a way to tell something."""

from datetime import UTC, datetime

import django
import pytest

django.setup()

from huanzhi.center.petitions.intake import Told, receive
from huanzhi.library.people.actors import actor_of
from huanzhi.library.people.models import Grant, Organisation, Person
from huanzhi.library.places.models import Region
from huanzhi.library.records.changing import save
from huanzhi.library.rights import SYSTEM

NOW = datetime(2026, 9, 14, 2, tzinfo=UTC)
"""A Monday at ten in China."""


@pytest.fixture
def city(db):
    city = save(SYSTEM, Region(code="990001", name="模拟市", level="city"))
    county = save(SYSTEM, Region(code="990011", name="甲区", level="county", parent=city))
    save(SYSTEM, Region(code="990012", name="乙区", level="county", parent=city))
    save(SYSTEM, Region(code="990011001", name="子镇", level="township", parent=county))
    for code, name, kind, region in (
        ("BUR", "市生态环境局", "bureau", "990001"),
        ("BR", "甲区分局", "branch", "990011"),
        ("TOWN", "子镇人民政府", "township", "990011001"),
        ("MED", "甲区矛调中心", "mediation", "990011"),
    ):
        save(SYSTEM, Organisation(code=code, name=name, kind=kind, region=Region.objects.get(pk=region)))
    return city


def person(code, role, region="990001", organisation="BUR"):
    made = Person(code=code, name=code, organisation=Organisation.objects.get(code=organisation))
    made.set_unusable_password()
    made.save()
    Grant.objects.create(person=made, role=role, region_id=region)
    return made


@pytest.fixture
def people(city):
    """Return an actor by role."""
    made = {
        "petitions": person("wang", "petitions"),
        "other": person("other", "petitions"),
        "leader": person("head", "leader"),
        "duty": person("duty", "duty"),
        "legal": person("legal", "legal"),
        "branch": person("fen", "branch", "990011", "BR"),
        "township": person("town", "township", "990011001", "TOWN"),
        "inspector": person("insp", "inspector"),
        "supervisor": person("super", "supervisor"),
    }
    return {name: actor_of(one) for name, one in made.items()}


@pytest.fixture
def tell(people):
    """Return what takes something in, told by telephone unless said otherwise."""

    def told(words="工厂夜间排放刺鼻气味", actor=None, now=NOW, **more):
        given = {"channel": "phone", "category": "odour", "region": "990011", **more}
        return receive(actor or people["petitions"], Told(words=words, **given), now=now)

    return told
