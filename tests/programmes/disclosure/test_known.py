"""What the bureau knows: whole years of emission only, permits, and decisions that were served."""

from datetime import date
from decimal import Decimal

import pytest

from huanzhi.ecocode.permits.models import MonthAmount
from huanzhi.library.enterprises.models import Enterprise, Outlet, Permit
from huanzhi.library.places.models import Region
from huanzhi.library.records.changing import save
from huanzhi.library.rights import SYSTEM
from huanzhi.programmes.disclosure.known import known

pytestmark = pytest.mark.django_db


@pytest.fixture
def outlets():
    city = save(SYSTEM, Region(code="990001", name="模拟市", level="city"))
    one = save(SYSTEM, Enterprise(code="E1", name="企业1", region=city, simulated=True))
    save(SYSTEM, Permit(code="P1", enterprise=one, simulated=True))
    told = {"name": "排口", "medium": "water", "enterprise": one, "simulated": True}
    return [save(SYSTEM, Outlet(code=f"E1-W{number}", **told)) for number in (1, 2)]


def months(outlet, count, tonnes=1, year=2025):
    for month in range(1, count + 1):
        amounts = {"measured": tonnes * 10**9, "substituted": 5 * 10**8}
        MonthAmount.objects.create(outlet=outlet, parameter="w01018", year=year, month=month, **amounts)


def test_a_whole_year_of_every_outlet_is_known(outlets):
    for outlet in outlets:
        months(outlet, 12)
    found = known(date(2026, 3, 1))
    assert found.emissions[("E1", 2025, "w01018")].amount == Decimal(36)
    assert found.permits == {"E1": frozenset({"P1"})}


def test_part_of_a_year_or_the_running_year_is_not_known(outlets):
    months(outlets[0], 12)
    months(outlets[1], 11)
    months(outlets[0], 12, year=2026)
    assert known(date(2026, 12, 31)).emissions == {}
