"""A city with two enterprises, their outlets, permits and limits."""

from datetime import date
from types import SimpleNamespace

import pytest

from huanzhi.library.rights import SYSTEM, Actor, Held


def keep_month(outlet, month, tonnes, parameter="w01018", year=2026, missing=0):
    """Keep a month of which every hour but `missing` was measured."""
    from huanzhi.ecocode.permits.models import MonthAmount

    days = [int(tonnes * 10**9) // 30] * 30
    return MonthAmount.objects.create(
        outlet=outlet,
        parameter=parameter,
        year=year,
        month=month,
        measured=int(tonnes * 10**9),
        measured_hours=720 - missing,
        missing_hours=missing,
        days=days,
    )


@pytest.fixture
def city(db):
    from huanzhi.library.enterprises.models import Enterprise, Outlet, Permit, PermitLimit
    from huanzhi.library.people.models import Organisation
    from huanzhi.library.places.models import Region
    from huanzhi.library.records.changing import save

    region = save(SYSTEM, Region(code="990001", name="模拟市", level="city"))
    found = SimpleNamespace(region=region, month=keep_month, enterprises=[], outlets=[], permits=[])
    for number in (1, 2):
        body = save(
            SYSTEM, Organisation(code=f"O{number}", name=f"企业{number}", kind="enterprise", region=region)
        )
        told = {"region": region, "organisation": body, "simulated": True}
        owner = save(SYSTEM, Enterprise(code=f"E{number}", name=f"企业{number}", management="key", **told))
        outlet = save(SYSTEM, Outlet(code=f"DW{number}", name="废水口", medium="water", enterprise=owner))
        permit = save(
            SYSTEM,
            Permit(
                code=f"P{number}", enterprise=owner, valid_from=date(2022, 1, 1), valid_to=date(2027, 1, 1)
            ),
        )
        limit = {"permit": permit, "outlet": outlet, "parameter": "w01018"}
        save(SYSTEM, PermitLimit(**limit, measure="amount", averaging="year", value="12", unit="t"))
        save(
            SYSTEM,
            PermitLimit(**limit, measure="concentration", value="50", unit="mg/L", standard="GB 18918"),
        )
        found.enterprises.append(owner)
        found.outlets.append(outlet)
        found.permits.append(permit)
    return found


def person(code, role, path, organisation=""):
    return Actor(code, code, (Held(role, path, organisation),), organisation)


@pytest.fixture
def people(city):
    path = city.region.path
    return SimpleNamespace(
        own=person("zhao", "enterprise", path, "O1"),
        other=person("qian", "enterprise", path, "O2"),
        officer=person("sun", "permits", path, "bureau"),
        second=person("li", "leader", path, "bureau"),
        reader=person("zhou", "reader", path, "bureau"),
    )
