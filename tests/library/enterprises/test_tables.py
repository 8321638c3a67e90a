"""Enterprises, permits and limits: what is refused, and what is taken from above."""

from datetime import date

import pytest

from huanzhi.errors import InputError
from huanzhi.library.enterprises.models import Enterprise, Outlet, Permit, PermitLimit
from huanzhi.library.places.models import Region
from huanzhi.library.records.bulk import save_all
from huanzhi.library.records.changing import save
from huanzhi.library.rights import SYSTEM
from huanzhi.library.trail.models import Entry

pytestmark = pytest.mark.django_db


@pytest.fixture
def region():
    return save(SYSTEM, Region(code="330200", name="宁波市", level="city"))


@pytest.fixture
def enterprise(region):
    return save(SYSTEM, Enterprise(code="91350100M000100Y43", name="某厂", region=region))


def permit(enterprise, code="P1", begin=None, end=None, **more):
    return Permit(code=code, enterprise=enterprise, valid_from=begin, valid_to=end, **more)


def test_a_real_enterprise_needs_a_code_that_holds(region):
    with pytest.raises(InputError) as error:
        save(SYSTEM, Enterprise(code="91350100M000100Y44", name="某厂", region=region))
    assert error.value.as_dict()["column"] == "code"


def test_a_simulated_one_has_a_code_of_its_own(region):
    save(SYSTEM, Enterprise(code="91990001SIM0000000", name="模拟厂", region=region, simulated=True))


def test_what_belongs_to_an_enterprise_lies_where_it_lies(enterprise, region):
    outlet = save(SYSTEM, Outlet(code="DW001", name="总排口", medium="water", enterprise=enterprise))
    assert outlet.region == region


def test_permits_of_one_enterprise_do_not_overlap(enterprise):
    save(SYSTEM, permit(enterprise, "P1", date(2020, 1, 1), date(2025, 1, 1)))
    save(SYSTEM, permit(enterprise, "P2", date(2025, 1, 1), None))
    for begin, end in ((date(2024, 12, 31), None), (None, date(2020, 1, 2)), (None, None)):
        with pytest.raises(InputError) as error:
            save(SYSTEM, permit(enterprise, "P3", begin, end))
        assert error.value.as_dict()["column"] == "valid_from"
    save(SYSTEM, permit(enterprise, "P0", None, date(2020, 1, 1)))


def test_an_ended_permit_is_in_nobodys_way(enterprise):
    save(SYSTEM, permit(enterprise, "P1"))
    save(SYSTEM, permit(enterprise, "P2", status="revoked"))


def test_limits_hold_one_at_a_time_and_name_themselves(enterprise):
    held = save(SYSTEM, permit(enterprise))
    outlet = save(SYSTEM, Outlet(code="DW001", name="总排口", medium="water", enterprise=enterprise))
    limit = {"permit": held, "outlet": outlet, "parameter": "w01018", "averaging": "day", "value": "50"}
    first = save(SYSTEM, PermitLimit(**limit))
    assert (first.code, first.enterprise) == ("P1/DW001/w01018/c/day", enterprise)
    with pytest.raises(InputError):
        save(SYSTEM, PermitLimit(**limit, valid_from=date(2026, 1, 1)))
    save(SYSTEM, PermitLimit(**limit | {"averaging": "hour"}))


@pytest.mark.parametrize("value", ["fifty", "1,5", "NaN", "Infinity", ""])
def test_a_limit_is_a_decimal(enterprise, value):
    held = save(SYSTEM, permit(enterprise))
    with pytest.raises(InputError):
        save(SYSTEM, PermitLimit(permit=held, parameter="w01018", value=value))


def test_a_limit_is_for_an_outlet_of_the_same_enterprise(enterprise, region):
    other = save(SYSTEM, Enterprise(code="SIM2", name="乙厂", region=region, simulated=True))
    outlet = save(SYSTEM, Outlet(code="DW2", name="口", medium="water", enterprise=other))
    with pytest.raises(InputError) as error:
        save(
            SYSTEM,
            PermitLimit(permit=save(SYSTEM, permit(enterprise)), outlet=outlet, parameter="w", value="1"),
        )
    assert error.value.as_dict()["column"] == "outlet"


def test_many_are_saved_with_an_entry_each_or_none(enterprise, region):
    begun = Entry.objects.count()
    outlets = [
        Outlet(code=f"D{i}", name="口", medium="water", enterprise=enterprise, region=region)
        for i in range(1200)
    ]
    assert save_all(SYSTEM, outlets) == 1200
    assert (Outlet.objects.count(), Entry.objects.count() - begun) == (1200, 1200)
    again = [*Outlet.objects.all()[:3], Outlet(code="D5", name="又", medium="water", enterprise=enterprise)]
    for outlet in again:
        outlet.name = "改"
    with pytest.raises(InputError) as error:
        save_all(SYSTEM, again, at_fault=lambda position: position + 2)
    assert error.value.as_dict()["row"] == 5 and error.value.key == "tables.exists"
    assert not Outlet.objects.filter(name="改").exists() and Entry.objects.count() - begun == 1200


def test_many_saved_at_once_keep_rules_between_rows(enterprise):
    with pytest.raises(InputError) as error:
        save_all(SYSTEM, [permit(enterprise, "P1"), permit(enterprise, "P2")], at_fault=lambda i: i)
    assert (error.value.as_dict()["row"], Permit.objects.count()) == (1, 0)


def test_many_saved_at_once_are_like_each_saved_alone(enterprise):
    one = save(SYSTEM, Outlet(code="A", name="口", medium="water", enterprise=enterprise))
    save_all(SYSTEM, [Outlet(code="B", name="口", medium="water", enterprise=enterprise)])
    first, second = (entry.details["after"] for entry in Entry.objects.order_by("-seq")[:2])
    assert {**first, "code": "A"} == second and one.revision == 1
