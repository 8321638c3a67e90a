"""What other ledgers know becomes rows, once."""

import pytest

from huanzhi.library.devices import Device, Outlet, open_register
from huanzhi.library.enterprises import models
from huanzhi.library.enterprises.adopting import adopt, plain
from huanzhi.library.places.loading import load_regions
from huanzhi.library.places.models import Point, Region, Section, Station, Well
from huanzhi.library.series import Feature

LIST = {
    "enterprises": [
        {
            "code": "91990001SIM0000000",
            "name": "模拟厂",
            "industry": "印染",
            "permit": "91990001SIM0000000001P",
            "simulated": True,
            "outlets": [
                {
                    "code": "SIM0DW001",
                    "name": "废水排放口",
                    "medium": "water",
                    "limits": [
                        {
                            "parameter": "w01018",
                            "value": 50.0,
                            "unit": "mg/L",
                            "standard": "GB 4287-2012",
                            "yearly_tonnes": 1.5,
                        }
                    ],
                }
            ],
        }
    ]
}


class Store:
    def features(self):
        place = {"region": "模拟区", "province": "模拟省", "region_code": "990001", "simulated": True}
        return [
            Feature("A1", "城东站", "air_station", lon=121.0, lat=30.0, **place),
            Feature("R1", "断面1", "section", attributes={"river": "R1", "chainage_km": 1.5}, **place),
            Feature("W1", "井1", "well", **place),
            Feature("M1", "检查井", "other", **place),
            Feature("C1", "宁波", "city", region="宁波市"),
            Feature("S9", "宁波站", "air_station", region="宁波市"),
        ]


@pytest.fixture
def register(tmp_path, db):
    load_regions()
    with open_register(tmp_path) as found:
        place = {"region": "模拟区", "province": "模拟省", "region_code": "990001"}
        outlets = [
            Outlet(
                "SIM0DW001",
                "废水排放口",
                enterprise="91990001SIM0000000",
                simulated=True,
                permits={"w01018": {"value": "50.0"}},
                **place,
            ),
            Outlet("REALDW1", "总排口", enterprise="unknown", **place),
        ]
        found.save([Device("MN1", outlet="SIM0DW001")], outlets, who="t")
        yield found


def test_places_enterprises_permits_and_the_tree_are_made(register):
    done = adopt(Store(), register, LIST)
    assert [Region.objects.get(pk=code).path for code in ("990000", "990001")] == [
        "990000/",
        "990000/990001/",
    ]
    assert (Station.objects.count(), Well.objects.count(), Point.objects.count()) == (2, 1, 1)
    section = Section.objects.get()
    assert (section.water_body, section.chainage_km, section.simulated) == ("R1", 1.5, True)
    assert Station.objects.get(code="S9").region_id == "330200"
    enterprise = models.Enterprise.objects.get()
    assert (enterprise.name, enterprise.region_id, enterprise.organisation.code) == (
        "模拟厂",
        "990001",
        enterprise.code,
    )
    limit, amount = models.PermitLimit.objects.order_by("-measure")
    assert (limit.value, limit.averaging, amount.value, amount.unit) == ("50.0", "", "1.5", "t")
    assert done.waiting == ["REALDW1"]


class Towns:
    def features(self):
        place = {"region": "模拟区", "province": "模拟省", "region_code": "990001100"}
        told = {"township": "模拟江口镇", "control_level": "national", "sensitivity": "public"}
        return [
            Feature("A1", "江口站", "air_station", simulated=True, attributes=told, **place),
            Feature("A2", "他站", "air_station", attributes=told, **place),
        ]


def test_places_lie_in_townships_and_only_simulated_ones_are_public_by_their_own_word(register):
    adopt(Towns(), None)
    town = Region.objects.get(pk="990001100")
    assert (town.name, town.level, town.path) == ("模拟江口镇", "township", "990000/990001/990001100/")
    assert Region.objects.get(pk="990001").name == "模拟区"
    stations = Station.objects.order_by("code")
    assert [(one.region_id, one.control_level) for one in stations] == [("990001100", "national")] * 2
    assert [one.sensitivity for one in stations] == ["public", "internal"]


def test_adopting_again_makes_nothing_and_leaves_what_people_wrote(register):
    adopt(Store(), register, LIST)
    models.Enterprise.objects.update(name="改名")
    assert adopt(Store(), register, LIST).made == {}
    assert models.Enterprise.objects.get().name == "改名"


def test_a_list_that_comes_later_names_what_had_only_a_code(register):
    adopt(None, register)
    assert models.Outlet.objects.get().medium == "water"
    assert models.Enterprise.objects.get().name == "91990001SIM0000000"
    adopt(None, register, LIST)
    assert models.Enterprise.objects.get().name == "模拟厂"
    assert models.PermitLimit.objects.count() == 2


@pytest.mark.parametrize(
    ("number", "written"), [(50.0, "50"), (0.05, "0.05"), ("50.0", "50.0"), (1e-7, "0.0000001")]
)
def test_numbers_of_a_list_become_decimals(number, written):
    assert plain(number) == written
