"""A city with four organisations, and batches of the centre and of the city."""

import pytest


@pytest.fixture
def city(db):
    from huanzhi.library.people.models import Organisation
    from huanzhi.library.places.models import Region

    made = Region.objects.create(code="330200", name="宁波市", level="city", path="330200/")
    for code in ("bureau", "water", "supervision", "branch"):
        Organisation.objects.create(code=code, name=code, kind="bureau", region=made)
    return made


@pytest.fixture
def batch(city):
    from huanzhi.center.rectification.models import Batch

    return Batch.objects.create(code="B1", name="第二轮", origin="central", region=city, revision=1)


@pytest.fixture
def municipal(city):
    from huanzhi.center.rectification.models import Batch

    return Batch.objects.create(code="B2", name="市级清单", origin="municipal", region=city, revision=1)
